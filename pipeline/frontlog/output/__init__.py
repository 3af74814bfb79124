"""The tables of a run: their columns, and writing them so that a reader never meets half a file."""

from __future__ import annotations

from frontlog.output.cells import neutralise, restore
from frontlog.output.folder import check_writable
from frontlog.output.schema import TABLES, Column, Table
from frontlog.output.writers import read_table, write_tables

__all__ = [
    "TABLES",
    "Column",
    "Table",
    "check_writable",
    "neutralise",
    "read_table",
    "restore",
    "write_tables",
]
