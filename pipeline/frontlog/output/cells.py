"""Values as they stand in a table: checked against their column, and as CSV cells."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from numbers import Integral, Real

from frontlog.output.schema import DECIMALS, Column, Table

LIST_SEPARATOR = "; "

# What makes a spreadsheet run a cell as a formula, after OWASP's page on CSV injection (with the full-width
# signs it names). Apostrophes before it count too, so that ``restore`` is exact.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def neutralise(text: str) -> str:
    """The text as a CSV cell that no spreadsheet runs: an apostrophe before ``= + - @``, tab or line end.

    Offsets and lengths in the tables refer to the text without it; ``restore`` takes it off again. Other
    text comes back as it is.

    >>> neutralise("-REUTERS")
    "'-REUTERS"
    """
    return f"'{text}" if _FORMULA.match(text) else text


def restore(cell: str) -> str:
    """The text that ``neutralise`` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def checked_row(table: Table, number: int, row: Mapping[str, object]) -> dict[str, object]:
    """The row with the values as they are stored (floats rounded), in the order of the columns.

    ``ValueError`` names table, row and column when a column is missing, unknown or of the wrong kind.
    """
    if len(row) != len(table.columns) or any(column.name not in row for column in table.columns):
        names = [column.name for column in table.columns]
        missing = [name for name in names if name not in row]
        unknown = sorted(set(row) - set(names))
        problems = [f"no column {name}" for name in missing] + [f"unknown column {name}" for name in unknown]
        raise ValueError(f"table {table.name}, row {number}: {', '.join(problems)}")
    values = {}
    for column in table.columns:
        try:
            values[column.name] = _stored(column, row[column.name])
        except ValueError as error:
            where = f"table {table.name}, row {number}, column {column.name}"
            raise ValueError(f"{where}: {error}, not {row[column.name]!r:.80}") from None
    return values


def csv_cell(column: Column, value: object) -> str:
    """A stored value as it stands in the CSV: empty for None, ``true``/``false``, ISO 8601, lists joined."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.{DECIMALS[column.kind]}f}"
    if isinstance(value, list):
        return neutralise(LIST_SEPARATOR.join(value))
    return neutralise(value) if isinstance(value, str) else str(value)


def _stored(column: Column, value: object) -> object:
    """The value as the Parquet stores it; ``ValueError`` says what the column holds instead."""
    if value is None:
        return None
    match column.kind:
        case "text" if isinstance(value, str):
            return _encodable(value)
        case "int" if isinstance(value, Integral) and not isinstance(value, bool):
            return int(value)
        case "bool" if isinstance(value, bool):
            return value
        case "score" | "degrees" if isinstance(value, Real) and not isinstance(value, bool):
            if not math.isfinite(value):
                raise ValueError("a finite number is needed (None where unknown)")
            # Adding 0.0 turns a rounded -0.0 into 0.0.
            return round(float(value), DECIMALS[column.kind]) + 0.0
        case "day" if isinstance(value, date) and not isinstance(value, datetime):
            return value
        case "clock" if isinstance(value, time):
            return value.replace(microsecond=0, tzinfo=None)
        case "texts" if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return [_encodable(item) for item in value]
        case "pieces" | "cuts" if isinstance(value, list | tuple):
            return [_struct(item) for item in value]
    raise ValueError(f"a value of kind {column.kind} is needed")


def _struct(item: object) -> dict[str, object]:
    if is_dataclass(item):
        item = {field.name: getattr(item, field.name) for field in fields(item)}
    if not isinstance(item, Mapping):
        raise ValueError("a list of records is needed")
    return {key: _encodable(part) if isinstance(part, str) else part for key, part in item.items()}


def _encodable(text: str) -> str:
    """The text with halves of characters, which no UTF-8 can hold, replaced one for one (offsets stay)."""
    return _LONE_SURROGATE.sub("�", text)
