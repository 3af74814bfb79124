"""What all formats have in common: a record as it was read, before it is cleaned."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from frontlog.reading.decoding import whole

# The longest newspaper special has some 200,000 characters; what is a hundred times longer is no article.
MAX_BYTES = 20_000_000
FIELDS = ("text", "id", "doc_id", "title", "published", "publisher", "url", "language")


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as decoded: the raw text, where the text proper begins in it, and the metadata as strings.

    ``path`` is the name in the tables (``outer.zip/inner/file.txt`` for a file in an archive), ``record`` the
    number of the line, row or WARC record in it, None where the file is the record. ``metadata`` has the
    names of ``FIELDS``, and for web pages also ``author``. ``ignored`` says in sentences which metadata
    could not be used.
    """

    path: str
    text: str
    start: int
    sha256: str
    record: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


def megabytes(size: int) -> str:
    """A number of bytes as messages give it: ``20 MB``."""
    return f"{max(1, size // 1_000_000):,} MB"


def record_of(
    path: str, number: int, data: Mapping[str, Any], columns: Mapping[str, str], what: str = "field"
) -> RawRecord | str:
    """The record that a line of JSON or a row of a table holds, or the reason why there is none.

    ``columns`` maps our field names to the file's; ``what`` is how the file's are called (field, column).

    >>> record_of("a.csv", 1, {"body": ""}, {"text": "body"}, "column")
    "the column 'body' is empty"
    """
    column = columns.get("text", "text")
    text = data.get(column)
    if text is None:
        return (
            f"the record has no {what} {column!r}; name the {what} that holds the text with --field text=NAME"
        )
    if not isinstance(text, str):
        return f"the {what} {column!r} is not a string"
    if len(text) > MAX_BYTES:
        return f"the {what} {column!r} is longer than {megabytes(MAX_BYTES)}; one record holds one article"
    text = whole(text)
    if not text.strip():
        return f"the {what} {column!r} is empty"
    metadata, ignored = _metadata(data, columns, what)
    digest = sha256(text.encode("utf-8")).hexdigest()
    return RawRecord(path, text, 0, digest, number, metadata, ignored)


def _metadata(
    data: Mapping[str, Any], columns: Mapping[str, str], what: str
) -> tuple[dict[str, str], tuple[str, ...]]:
    metadata: dict[str, str] = {}
    ignored = []
    for name in FIELDS[1:]:
        value = data.get(columns.get(name, name))
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            continue
        if isinstance(value, int) and not isinstance(value, bool) and name in {"id", "doc_id"}:
            value = str(value)
        if not isinstance(value, str):
            ignored.append(f"the {what} {columns.get(name, name)!r} is not a string; its value was ignored")
        elif value.strip():
            metadata[name] = " ".join(whole(value).split())
    return metadata, tuple(ignored)
