"""Tables: CSV of any length row by row, Parquet by batches of rows and only the columns that are needed."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from frontlog.reading.decoding import NotText
from frontlog.reading.limits import Source, seekable
from frontlog.reading.lines import numbered_lines
from frontlog.reading.raw import FIELDS, MAX_BYTES, RawRecord, megabytes, record_of
from frontlog.records import Reject

# Excel writes semicolons where the comma is the decimal sign.
_DELIMITERS = (",", ";", "\t", "|")
# Lines that are read a second time because a quote before them was never closed, in all: 5 times the longest row.
_MOST_REREAD = 5 * MAX_BYTES
# Rows of a Parquet file that are held at a time: with the longest articles some megabytes.
_BATCH = 64
_SHOWN_COLUMNS = 12


def read_csv(source: Source, columns: Mapping[str, str]) -> Iterator[RawRecord | Reject]:
    """The records of a CSV file with a header; ``record`` counts its rows from 1, without the header.

    The delimiter is the one of ``, ; TAB |`` that finds the text column in the header. Cells hold line breaks
    within quotes. A row with an open or stray quote, or with more cells than the header, gives a row of
    rejects that names the line, and reading goes on with the next line.
    """
    # The standard library's limit of 131,072 characters a cell is less than a long article.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES + 1))
    lines = numbered_lines(source.stream)
    try:
        first = next(((number, line) for number, line in lines if line is None or line.strip()), None)
        if first is None or first[1] is None:
            what = f"its header is longer than {megabytes(MAX_BYTES)}" if first else "the file is empty"
            yield Reject(source.name, None, "reading", what)
            return
        header, delimiter = _header(first[1], columns.get("text", "text"))
        if columns.get("text", "text") not in header:
            yield Reject(source.name, None, "reading", _no_text_column(header, columns))
            return
        for number, (line, cells) in enumerate(_rows(lines, delimiter), start=1):
            found = _row(source.name, number, line, cells, header, columns)
            yield Reject(source.name, number, "reading", found) if isinstance(found, str) else found
    except NotText as error:
        yield Reject(source.name, None, "reading", str(error))
    except csv.Error as error:
        # Those of rows are caught where they are met.
        yield Reject(source.name, None, "reading", f"its first line is no header: {_explained(error)}")


def _header(line: str, wanted: str) -> tuple[list[str], str]:
    """The names of the columns and the delimiter that makes the wanted one appear (else the comma)."""
    found = []
    for delimiter in _DELIMITERS:
        names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
        if wanted in names:
            return names, delimiter
        found.append((names, delimiter))
    return max(found, key=lambda pair: len(pair[0]))


def _no_text_column(header: Sequence[str], columns: Mapping[str, str]) -> str:
    shown = ", ".join(name[:40] for name in header[:_SHOWN_COLUMNS])
    more = ", ..." if len(header) > _SHOWN_COLUMNS else ""
    return (
        f"it has no column {columns.get('text', 'text')!r} (its columns are: {shown}{more}); name the column that "
        "holds the text with --field text=NAME"
    )


def _row(
    path: str, number: int, line: int, cells: list[str] | str, header: list[str], columns: Mapping[str, str]
) -> RawRecord | str:
    if isinstance(cells, str):
        return f"line {line}: {cells}"
    if len(cells) > len(header):
        return (
            f"line {line}: the row has {len(cells)} cells and the header {len(header)}; put cells that hold "
            "the delimiter in quotes"
        )
    # The first of two columns of one name.
    data = dict(zip(reversed(header[: len(cells)]), reversed(cells), strict=True))
    found = record_of(path, number, data, columns, "column")
    return f"line {line}: {found}" if isinstance(found, str) else found


def _rows(lines: Iterator[tuple[int, str | None]], delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """The number of the line where each row begins, and its cells or what is wrong with it; no blank rows."""
    again: deque[tuple[int, str | None]] = deque()
    taken: list[tuple[int, str | None]] = []
    length = 0

    def feed() -> Iterator[str]:
        nonlocal length
        while (item := again.popleft() if again else next(lines, None)) is not None:
            taken.append(item)
            if item[1] is None:
                raise csv.Error(f"the line is longer than {megabytes(MAX_BYTES)}")
            length += len(item[1])
            if length > MAX_BYTES:
                raise csv.Error(f"a quote is opened and not closed within {megabytes(MAX_BYTES)}")
            if "\x00" in item[1]:
                raise csv.Error("NUL bytes")
            yield item[1]

    reader, reread = csv.reader(feed(), delimiter=delimiter, strict=True), 0
    while True:
        taken.clear()
        length = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number = taken[0][0]
            yield number, f"{_explained(error)}; the line was passed over"
            reread += length
            if reread > _MOST_REREAD:
                yield number + 1, "too many quotes are open before it; the rest of the file was not read"
                return
            again.extendleft(reversed(taken[1:]))
            reader = csv.reader(feed(), delimiter=delimiter, strict=True)
            continue
        if cells:
            yield taken[0][0], cells


def _explained(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "a quote is opened and never closed"
    if "new-line character" in text:
        return "a carriage return outside quotes; save the file with line ends of today"
    if "expected after" in text:
        return "a quote inside a cell is not doubled, or a cell that was opened before has no closing quote"
    return text


def read_parquet(source: Source, columns: Mapping[str, str]) -> Iterator[RawRecord | Reject]:
    """The records of a Parquet file; ``record`` counts its rows from 1.

    Dates and timestamps are taken as ISO 8601 (a timestamp at midnight is a day), integers as ids. Other
    columns than those of the record are not read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = {columns.get(name, name) for name in FIELDS}
    text = columns.get("text", "text")
    file = source.stream if source.stream.seekable() else seekable(source.stream)
    number = 0
    try:
        if not file.read(1):
            yield Reject(source.name, None, "reading", "the file is empty")
            return
        table = pq.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
        names = table.schema_arrow.names
        if text not in names:
            yield Reject(source.name, None, "reading", _no_text_column(names, columns))
            return
        used = sorted(wanted.intersection(names))
        for batch in table.iter_batches(_BATCH, columns=used, use_threads=False):
            source.budget.spend(batch.nbytes)
            cells = {name: _values(batch.column(name)) for name in used}
            for row in range(batch.num_rows):
                number += 1
                data = {name: values[row] for name, values in cells.items()}
                found = record_of(source.name, number, data, columns, "column")
                yield Reject(source.name, number, "reading", found) if isinstance(found, str) else found
        if not number:
            yield Reject(source.name, None, "reading", "the table has no rows")
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        what = " ".join(str(error).split())[:200]
        reason = f"it is cut off, damaged or no Parquet file ({what}); {number} rows were read before"
        yield Reject(source.name, None, "reading", reason)
    finally:
        if file is not source.stream:
            file.close()


def _values(column: Any) -> list[Any]:
    """The cells of a column as the record takes them: strings, integers, or what it will refuse by name."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
    elif pa.types.is_timestamp(kind):
        # Local time of the zone that the column names, as pandas shows it; nanoseconds have no Python value.
        import pyarrow.compute as pc

        column = pc.local_timestamp(column) if kind.tz else column
        column = column.cast(pa.timestamp("us"), safe=False)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        # Decoded by us: one bad byte must not cost the file.
        column = column.cast(pa.binary() if pa.types.is_string(column.type) else pa.large_binary())
    return [_plain(value) for value in column.to_pylist()]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    # pandas makes integers with gaps floats.
    return int(value) if isinstance(value, float) and value.is_integer() else value
