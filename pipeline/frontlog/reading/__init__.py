"""Reading: files and folders to cleaned articles; what cannot be read becomes a row of rejects."""

from __future__ import annotations

from frontlog.reading.articles import check_usage, iter_records, read_inputs
from frontlog.reading.cleaning import Cleaned, clean
from frontlog.reading.language import language_name
from frontlog.reading.offsets import raw_span

__all__ = ["Cleaned", "check_usage", "clean", "iter_records", "language_name", "raw_span", "read_inputs"]
