"""The training scripts in models/ are no package: their folder goes on the path, as Python puts it for a script."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))
