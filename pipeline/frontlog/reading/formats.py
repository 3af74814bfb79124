"""One file to its records: plain text with optional front matter, and JSON Lines."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from frontlog.reading.decoding import NotText, decode, encoding_by_mark, whole
from frontlog.reading.files import InputFile
from frontlog.records import Reject

# The longest newspaper special has some 200,000 characters; what is a hundred times longer is no article.
MAX_BYTES = 20_000_000
FIELDS = ("text", "id", "doc_id", "title", "published", "publisher", "url", "language")
_FRONT_KEYS = {"date": "published", "source": "publisher", "lang": "language"}
_FRONT_LINE = re.compile(r"([A-Za-z_][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*)|)$")
_FRONT_LONGEST = 60  # lines
_READ_SIZE = 1 << 20


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as decoded: the raw text, where the text proper begins in it, and the metadata as strings.

    ``ignored`` says in sentences which metadata could not be used.
    """

    text: str
    start: int
    sha256: str
    record: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


def read_text_file(file: InputFile) -> RawRecord | Reject:
    """The one record of a ``.txt`` or ``.md`` file, or the row that says why there is none."""
    try:
        with file.path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
    except OSError as error:
        return Reject(file.name, None, "reading", unreadable(error))
    if len(data) > MAX_BYTES:
        return Reject(
            file.name,
            None,
            "reading",
            f"larger than {MAX_BYTES // 1_000_000} MB; split it into one file per article",
        )
    try:
        text = decode(data)
    except NotText as error:
        return Reject(file.name, None, "reading", str(error))
    metadata, start = _front_matter(text)
    if not text[start:].strip():
        what = "the file is empty" if not data else "the file holds no text, only white space or metadata"
        return Reject(file.name, None, "reading", what)
    return RawRecord(text, start, sha256(data).hexdigest(), metadata=metadata)


def read_jsonl_file(file: InputFile, columns: Mapping[str, str]) -> Iterator[RawRecord | Reject]:
    """The records of a JSON Lines file, one line at a time; a bad line gives a row and the rest goes on.

    ``columns`` maps our field names to the file's. Blank lines are passed over.
    """
    empty = True
    try:
        for number, line in _lines(file.path):
            empty = False
            if isinstance(line, str):
                result = _record(line, number, columns) if line.strip() else None
                reason = result if isinstance(result, str) else None
            else:
                result, reason = (
                    None,
                    f"the line is longer than {MAX_BYTES // 1_000_000} MB and was passed over",
                )
            if isinstance(result, RawRecord):
                yield result
            elif reason:
                yield Reject(file.name, number, "reading", reason)
    except NotText as error:
        yield Reject(file.name, None, "reading", str(error))
    except OSError as error:
        yield Reject(file.name, None, "reading", unreadable(error))
    if empty:
        yield Reject(file.name, None, "reading", "the file is empty")


def unreadable(error: OSError) -> str:
    """The reason for a file that the system does not let us read."""
    return f"the file cannot be read: {error.strerror or error}"


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """The fields of a leading ``---`` block and where the text after it begins; ({}, 0) without one."""
    lines = text[:20_000].splitlines(keepends=True)
    if not lines or lines[0].rstrip() != "---":
        return {}, 0
    metadata: dict[str, str] = {}
    position = len(lines[0])
    for line in lines[1:_FRONT_LONGEST]:
        position += len(line)
        content = line.strip()
        if content in {"---", "..."}:
            return (metadata, position) if metadata else ({}, 0)
        match = _FRONT_LINE.match(line.rstrip())
        if match:
            key = match[1].strip().lower()
            value = (match[2] or "").strip()
            if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1].strip()
            metadata.setdefault(_FRONT_KEYS.get(key, key), value)
        elif content and not content.startswith(("#", "-")) and not line[0].isspace():
            return {}, 0
    return {}, 0


def _lines(path: Path) -> Iterator[tuple[int, str | None]]:
    """Numbered lines (from 1), decoded each for itself; None for one that is too long to be a record."""
    with path.open("rb") as handle:
        marked = encoding_by_mark(handle.read(4))
        handle.seek(marked[1] if marked else 0)
        if marked and marked[0] != "utf-8":
            # Line ends are more than one byte wide here.
            reader = codecs.getreader(marked[0])(handle, "replace")
            for number, line in enumerate(reader, start=1):
                yield number, whole(line) if len(line) <= MAX_BYTES else None
            return
        number = 0
        while chunk := handle.readline(MAX_BYTES + 1):
            number += 1
            if len(chunk) <= MAX_BYTES:
                if number == 1 and b"\x00" in chunk:
                    raise NotText("it is a binary file (it holds NUL bytes); save it as UTF-8 JSON Lines")
                yield number, _decoded(chunk)
                continue
            while chunk and not chunk.endswith(b"\n"):
                chunk = handle.readline(_READ_SIZE)
            yield number, None


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return decode(line)
    except NotText:
        return line.decode("utf-8", "replace")


def _record(line: str, number: int, columns: Mapping[str, str]) -> RawRecord | str:
    """The record of one line, or the reason why there is none."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        detail = (
            f" (character {error.pos + 1}: {error.msg.removesuffix(' at')})"
            if isinstance(error, json.JSONDecodeError)
            else ""
        )
        return f"the line is not valid JSON{detail}; write one JSON object per line"
    if not isinstance(data, dict):
        return "the line is not a JSON object with fields such as text and published"
    column = columns.get("text", "text")
    if column not in data or data[column] is None:
        return (
            f"the record has no field {column!r}; name the field that holds the text with --field text=NAME"
        )
    text = data[column]
    if not isinstance(text, str):
        return f"the field {column!r} is not a string"
    text = whole(text)
    if not text.strip():
        return f"the field {column!r} is empty"
    metadata, ignored = _metadata(data, columns)
    return RawRecord(text, 0, sha256(text.encode("utf-8")).hexdigest(), number, metadata, ignored)


def _metadata(data: dict[str, Any], columns: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    metadata: dict[str, str] = {}
    ignored = []
    for name in FIELDS[1:]:
        value = data.get(columns.get(name, name))
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            continue
        if isinstance(value, int) and not isinstance(value, bool) and name in {"id", "doc_id"}:
            value = str(value)
        if not isinstance(value, str):
            ignored.append(f"the field {columns.get(name, name)!r} is not a string; its value was ignored")
        elif value.strip():
            metadata[name] = " ".join(whole(value).split())
    return metadata, tuple(ignored)
