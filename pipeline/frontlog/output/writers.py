"""Tables to CSV and Parquet, and back.

CSV follows RFC 4180: UTF-8, a header, CRLF at line ends, quotes where needed. Parquet has real types.
The same rows give the same bytes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from frontlog.errors import UsageError
from frontlog.output.cells import checked_row, csv_cell
from frontlog.output.folder import READY, replacing_files
from frontlog.output.schema import TABLES, Table

if TYPE_CHECKING:
    import pandas as pd

# Rows per Parquet row group, and rows held in memory a second time while writing.
ROW_GROUP = 10_000

Rows = Sequence[Mapping[str, object]]


def write_tables(out: Path, tables: Mapping[str, Rows], run_info: Mapping[str, object]) -> None:
    """Write all tables as ``<name>.csv`` and ``<name>.parquet``, and ``run.json``, into the folder ``out``.

    ``tables`` has the rows of every table of ``TABLES`` in the order in which they shall stand; a table
    without rows is written with its header. Rows hold all columns, None for unknown; ``pieces`` and ``cuts``
    may be the records themselves. Files appear together once all are complete; until then the old ones stay.
    Values of ``run_info`` that JSON lacks (paths, dates) are written as text.

    Raises ``ValueError`` (naming table, row and column) for rows that do not fit their table, ``RunError``
    if the folder cannot be written.
    """
    if set(tables) != set(TABLES):
        missing, unknown = sorted(set(TABLES) - set(tables)), sorted(set(tables) - set(TABLES))
        raise ValueError(f"tables missing: {missing}; tables unknown: {unknown}")
    with replacing_files(out) as folder:
        for name, table in TABLES.items():
            _write_table(folder, table, tables[name])
        _write_json(folder / "run.json", run_info)


def read_table(out: Path, name: str) -> pd.DataFrame:
    """A table of a finished run, from its Parquet: whole numbers and booleans nullable, days as ``date``.

    Lists come as arrays. Raises ``UsageError`` if there is no such table or ``out`` has no run.

    Example: ``read_table(Path("out/demo"), "events").query("country == 'SY'")``
    """
    import pandas as pd

    if name not in TABLES:
        raise UsageError(f"There is no table {name}. The tables are: {', '.join(TABLES)}.")
    path = out / f"{name}.parquet"
    if (out / READY / path.name).is_file():
        # A run was killed while its files were taking their places; this one counts already.
        path = out / READY / path.name
    if not path.is_file():
        raise UsageError(f"{path} does not exist. Make it with: frontlog run INPUT --out {out}")
    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowInvalid, OSError) as error:
        raise UsageError(f"{path} cannot be read ({error}). Make it anew with: frontlog run") from error
    nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=nullable.get)
    return frame


def _write_table(folder: Path, table: Table, rows: Rows) -> None:
    columns, schema = table.csv_columns, table.arrow_schema
    with (
        (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as csv_file,
        pq.ParquetWriter(folder / f"{table.name}.parquet", schema, compression="zstd") as parquet,
    ):
        writer = csv.writer(csv_file, lineterminator="\r\n")
        writer.writerow([column.name for column in columns])
        for start in range(0, len(rows), ROW_GROUP):
            part = [
                checked_row(table, start + i, row) for i, row in enumerate(rows[start : start + ROW_GROUP])
            ]
            writer.writerows([[csv_cell(column, row[column.name]) for column in columns] for row in part])
            parquet.write_table(pa.Table.from_pylist(part, schema=schema))


def _write_json(path: Path, content: Mapping[str, object]) -> None:
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False, default=_plain)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _plain(value: Any) -> str:
    if isinstance(value, date | Path):
        return str(value)
    raise TypeError(f"run_info holds a {type(value).__name__}, which JSON cannot: {value!r:.80}")
