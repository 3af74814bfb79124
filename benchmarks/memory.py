"""Peak memory of a benchmark's own process."""

from __future__ import annotations

import resource
from pathlib import Path


def peak_memory() -> float:
    """Peak of this process's resident memory in MiB."""
    status = Path("/proc/self/status")
    if status.is_file():  # getrusage would count the parent's, which this process was before exec
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
