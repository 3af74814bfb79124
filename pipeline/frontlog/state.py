"""What a run that was stopped has already understood: batches of passage analyses, kept until the run is done.

Each finished batch is a JSON file under ``DIR/.frontlog-state``, named by a hash of the program, the
model and the batch's texts; an equal run picks it up, any other finds nothing under its names. The folder
is removed when the tables are written, and by ``--fresh``.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from frontlog import __version__
from frontlog.records import Candidate, Entity, PassageAnalysis, Span, Timex

FOLDER = ".frontlog-state"


def _program() -> str:
    """Version of the program with a hash of its code and data: an edited trigger list makes old batches void."""
    digest = hashlib.blake2b(digest_size=8)
    package = Path(__file__).parent
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.toml")]):
        digest.update(path.read_bytes())
    return f"{__version__}-{digest.hexdigest()}"


class State:
    """Finished batches of one run in its output folder."""

    def __init__(self, out: Path, model: str, *, fresh: bool = False) -> None:
        self._folder = out / FOLDER
        self._key = f"{_program()}\x1f{model}\x1f"
        if fresh:
            self.clear()

    def load(self, texts: Sequence[str]) -> list[PassageAnalysis] | None:
        """The analyses of a batch, if it was finished before; a file that cannot be read counts as not there."""
        path = self._path(texts)
        try:
            items = json.loads(path.read_text(encoding="utf-8"))
            return [_analysis(item) for item in items]
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def save(self, texts: Sequence[str], analyses: Sequence[PassageAnalysis]) -> None:
        """Keep a finished batch; the file appears whole or not at all."""
        path = self._path(texts)
        partial = path.with_suffix(".part")
        with suppress(OSError):  # a full disk costs the resuming, not the run; writing the tables will say so
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text(json.dumps([asdict(analysis) for analysis in analyses]), encoding="utf-8")
            partial.replace(path)

    def clear(self) -> None:
        """Remove all that is kept."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, texts: Sequence[str]) -> Path:
        digest = hashlib.blake2b(self._key.encode(), digest_size=16)
        for text in texts:
            digest.update(hashlib.blake2b(text.encode("utf-8", "surrogatepass")).digest())
        name = digest.hexdigest()
        return self._folder / name[:2] / f"{name}.json"


def _span(item: dict[str, Any] | None) -> Span | None:
    return Span(**item) if item is not None else None


def _candidate(item: dict[str, Any]) -> Candidate:
    return Candidate(
        **{
            **item,
            "trigger": Span(**item["trigger"]),
            "captors": tuple(Span(**span) for span in item["captors"]),
            "losers": tuple(Span(**span) for span in item["losers"]),
            "target": _span(item["target"]),
            "place": _span(item["place"]),
            "attribution": _span(item["attribution"]),
            "timexes": tuple(item["timexes"]),
            "report_timexes": tuple(item["report_timexes"]),
        }
    )


def _analysis(item: dict[str, Any]) -> PassageAnalysis:
    return PassageAnalysis(
        sentences=tuple((start, end) for start, end in item["sentences"]),
        entities=tuple(Entity(**entity) for entity in item["entities"]),
        timexes=tuple(
            Timex(**{**timex, "expression": tuple(timex["expression"])}) for timex in item["timexes"]
        ),
        candidates=tuple(_candidate(candidate) for candidate in item["candidates"]),
    )
