"""One file to its records: by its ending, and through gzip, zip and tar."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

from frontlog.reading.archives import tar_members, too_deep, ungzipped, zip_members
from frontlog.reading.files import SUPPORTED, InputFile, kind_of, unsupported
from frontlog.reading.jsonl import read_jsonl
from frontlog.reading.limits import DAMAGED, Budget, OverLimit, Source, damaged, unreadable
from frontlog.reading.pages import read_page
from frontlog.reading.plain import read_text
from frontlog.reading.raw import RawRecord
from frontlog.reading.tables import read_csv, read_parquet
from frontlog.reading.warc import read_warc
from frontlog.records import Reject

Columns = Mapping[str, str]


def read_file(file: InputFile, columns: Columns) -> Iterator[RawRecord | Reject]:
    """The records of an input file, one by one in its order; what cannot be read becomes a row of rejects.

    ``columns`` maps our field names to those of JSON Lines, CSV and Parquet. No more than a record (at most
    ``MAX_BYTES``) and a buffer is held at a time.
    """
    try:
        with file.path.open("rb") as handle:
            before = os.fstat(handle.fileno())
            try:
                yield from _read(Source(file.name, handle, Budget(before.st_size)), columns)
            except OverLimit as error:
                yield Reject(file.name, None, "reading", str(error))
            after = os.fstat(handle.fileno())
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                reason = "the file changed while it was read; what was read may be of both states. Run again"
                yield Reject(file.name, None, "reading", reason)
    except OSError as error:
        yield Reject(file.name, None, "reading", unreadable(error))


def _read(source: Source, columns: Columns) -> Iterator[RawRecord | Reject]:
    kind, gzipped = kind_of(source.name)
    if kind is None:
        yield Reject(source.name, None, "reading", unsupported(source.name))
        return
    try:
        yield from _READERS[kind](ungzipped(source) if gzipped else source, columns)
    except DAMAGED as error:
        yield Reject(source.name, None, "reading", damaged(error))
    except OSError as error:
        if not source.depth and not gzipped:
            raise
        yield Reject(source.name, None, "reading", damaged(error))


def _archive(
    members: Callable[[Source], Iterator[Source | Reject]], source: Source, columns: Columns
) -> Iterator[RawRecord | Reject]:
    if row := too_deep(source):
        yield row
        return
    empty = True
    for member in members(source):
        empty = False
        if isinstance(member, Source):
            yield from _read(member, columns)
        else:
            yield member
    if empty:
        yield Reject(source.name, None, "reading", f"no articles found; expected {SUPPORTED} files")


_READERS: Mapping[str, Callable[[Source, Columns], Iterator[RawRecord | Reject]]] = {
    "text": lambda source, columns: iter((read_text(source),)),
    "page": lambda source, columns: iter((read_page(source),)),
    "jsonl": read_jsonl,
    "csv": read_csv,
    "parquet": read_parquet,
    "warc": lambda source, columns: read_warc(source),
    "zip": lambda source, columns: _archive(zip_members, source, columns),
    "tar": lambda source, columns: _archive(tar_members, source, columns),
}
