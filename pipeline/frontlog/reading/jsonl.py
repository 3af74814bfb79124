"""JSON Lines, one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from frontlog.reading.decoding import NotText
from frontlog.reading.limits import Source
from frontlog.reading.lines import numbered_lines
from frontlog.reading.raw import MAX_BYTES, RawRecord, megabytes, record_of
from frontlog.records import Reject


def read_jsonl(source: Source, columns: Mapping[str, str]) -> Iterator[RawRecord | Reject]:
    """The records of a JSON Lines file, one line at a time; a bad line gives a row and the rest goes on.

    ``columns`` maps our field names to the file's. Blank lines are passed over.
    """
    empty = True
    try:
        for number, line in numbered_lines(source.stream):
            empty = False
            if line is None:
                reason = f"the line is longer than {megabytes(MAX_BYTES)} and was passed over"
                yield Reject(source.name, number, "reading", reason)
            elif line.strip():
                found = _record(source.name, number, line, columns)
                yield Reject(source.name, number, "reading", found) if isinstance(found, str) else found
    except NotText as error:
        yield Reject(source.name, None, "reading", str(error))
        return
    if empty:
        yield Reject(source.name, None, "reading", "the file is empty")


def _record(path: str, number: int, line: str, columns: Mapping[str, str]) -> RawRecord | str:
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
    return record_of(path, number, data, columns)
