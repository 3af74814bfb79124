"""Lines of files of any size, each decoded for itself; no line can fill the memory."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator

from frontlog.reading.decoding import NotText, decode, encoding_by_mark, whole
from frontlog.reading.raw import MAX_BYTES

_READ_SIZE = 1 << 20
_PEEKED = 512  # bytes


def numbered_lines(stream: io.BufferedReader) -> Iterator[tuple[int, str | None]]:
    """Numbered lines (from 1) with their line end; None for one that is longer than ``MAX_BYTES``.

    UTF-8 unless a byte order mark, or the zeros of UTF-16, say otherwise; a line that is not valid is decoded
    by the best guess. Raises ``NotText`` if the first line holds NUL bytes.
    """
    head = stream.peek(_PEEKED)[:_PEEKED]
    marked = encoding_by_mark(head)
    if marked:
        stream.read(marked[1])
    wide = marked[0] if marked else _wide_without_mark(head)
    if wide and wide != "utf-8":
        yield from _wide_lines(stream, wide)
        return
    number = 0
    while chunk := stream.readline(MAX_BYTES + 1):
        number += 1
        if len(chunk) <= MAX_BYTES:
            if number == 1 and b"\x00" in chunk:
                raise NotText("it is a binary file (it holds NUL bytes); save it as UTF-8 text")
            yield number, _decoded(chunk)
            continue
        while chunk and not chunk.endswith(b"\n"):
            chunk = stream.readline(_READ_SIZE)
        yield number, None


def _wide_without_mark(head: bytes) -> str | None:
    """UTF-16 by the zeros of its first four characters; tables and JSON begin in ASCII."""
    if len(head) >= 8 and not any(head[1:8:2]) and all(head[0:8:2]):
        return "utf-16-le"
    if len(head) >= 8 and not any(head[0:8:2]) and all(head[1:8:2]):
        return "utf-16-be"
    return None


def _wide_lines(stream: io.BufferedReader, encoding: str) -> Iterator[tuple[int, str | None]]:
    """Lines where a line end is more than one byte wide."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    number, parts, length = 1, [""], 0
    while True:
        data = stream.read(_READ_SIZE)
        *ended, rest = decoder.decode(data, final=not data).split("\n")
        for piece in ended:
            length += len(piece)
            yield number, whole("".join([*parts, piece, "\n"])) if length <= MAX_BYTES else None
            number, parts, length = number + 1, [], 0
        length += len(rest)
        parts = [*parts, rest] if length <= MAX_BYTES else []
        if not data:
            break
    if length:
        yield number, whole("".join(parts)) if length <= MAX_BYTES else None


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return decode(line)
    except NotText:
        return line.decode("utf-8", "replace")
