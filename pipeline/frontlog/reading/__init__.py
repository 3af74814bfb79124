"""Reading: files and folders to cleaned articles; what cannot be read becomes a row of rejects."""

from __future__ import annotations

from frontlog.reading.articles import iter_records, read_inputs
from frontlog.reading.cleaning import Cleaned, clean
from frontlog.reading.offsets import raw_span

__all__ = ["Cleaned", "clean", "iter_records", "raw_span", "read_inputs"]
