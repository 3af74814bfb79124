"""Plain text files: one article each, with optional front matter."""

from __future__ import annotations

import re
from hashlib import sha256

from frontlog.reading.decoding import NotText, decode
from frontlog.reading.limits import Source
from frontlog.reading.raw import MAX_BYTES, RawRecord, megabytes
from frontlog.records import Reject

_FRONT_KEYS = {"date": "published", "source": "publisher", "lang": "language"}
_FRONT_LINE = re.compile(r"([A-Za-z_][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*)|)$")
_FRONT_LONGEST = 60  # lines


def read_text(source: Source) -> RawRecord | Reject:
    """The one record of a ``.txt`` or ``.md`` file, or the row that says why there is none."""
    data = source.stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        reason = f"larger than {megabytes(MAX_BYTES)}; split it into one file per article"
        return Reject(source.name, None, "reading", reason)
    return text_record(source.name, data)


def text_record(
    name: str, data: bytes, charset: str | None = None, record: int | None = None
) -> RawRecord | Reject:
    """The record of the bytes of a plain text; ``charset`` is what a web server declared."""
    try:
        text = decode(data, charset)
    except NotText as error:
        return Reject(name, record, "reading", str(error))
    metadata, start = _front_matter(text)
    if not text[start:].strip():
        what = "the file is empty" if not data else "the file holds no text, only white space or metadata"
        return Reject(name, record, "reading", what)
    return RawRecord(name, text, start, sha256(data).hexdigest(), record, metadata)


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
