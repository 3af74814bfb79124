"""Text that remembers where each of its characters stood in the raw text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from frontlog.records import Cut, Piece

Edit = tuple[int, int, str]
"""A change to a text: replace the characters from ``start`` to ``end`` by a string (empty: delete)."""

_NOT_SPACE = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A text and the runs of it that stand in the raw text unchanged, in order of both."""

    text: str
    pieces: tuple[Piece, ...]

    def edited(self, edits: Iterable[Edit]) -> Mapped:
        """The text after some edits, with its pieces carried along.

        Edits are sorted, do not overlap, and count in the text before any of them. What an edit puts in
        belongs to no piece. Linear in the length of the text plus the number of edits.
        """
        parts: list[str] = []
        kept: list[tuple[int, int, int]] = []
        position = length = 0
        for start, end, replacement in edits:
            if start > position:
                kept.append((position, start, length))
                parts.append(self.text[position:start])
                length += start - position
            parts.append(replacement)
            length += len(replacement)
            position = end
        if position == 0:
            return self if not parts else Mapped("".join(parts) + self.text, _moved(self.pieces, length))
        if position < len(self.text):
            kept.append((position, len(self.text), length))
            parts.append(self.text[position:])
        return Mapped("".join(parts), tuple(_merged(_cropped(self.pieces, kept))))


def raw_span(pieces: Sequence[Piece], start: int, end: int) -> tuple[int, int]:
    """The raw span behind a cleaned span: from its first kept character to its last.

    Characters that cleaning put in have no place of their own in the raw text; a span that holds nothing
    else gives the empty span at the end of the piece before it (0 where there is none).

    >>> raw_span((Piece(0, 7, 0), Piece(7, 11, 8)), 5, 11)
    (5, 12)
    """
    index = max(bisect_right(pieces, start, key=lambda piece: piece.start) - 1, 0)
    before = 0
    first: int | None = None
    last = 0
    for piece in pieces[index:]:
        if piece.start >= end:
            break
        if piece.end <= start:
            before = piece.raw_start + piece.end - piece.start
            continue
        if first is None:
            first = piece.raw_start + max(start - piece.start, 0)
        last = piece.raw_start + min(end, piece.end) - piece.start
    return (before, before) if first is None else (first, last)


def all_cuts(raw: str, text: str, pieces: Sequence[Piece], named: Iterable[Cut]) -> tuple[Cut, ...]:
    """The named cuts and every other loss as a ``mend``, in raw order.

    A mend is a run of characters (not white space) that is in no piece and in no named cut, or the white
    space taken out of a broken hyphen. Pieces, cuts and white space then cover the raw text without overlap.
    """
    named = sorted(named, key=lambda cut: cut.raw_start)
    taken = [(cut.raw_start, cut.raw_end) for cut in named]
    taken += [(piece.raw_start, piece.raw_start + piece.end - piece.start) for piece in pieces]
    taken.sort()
    mends: list[Cut] = []
    position = 0
    for start, end in [*taken, (len(raw), len(raw))]:
        for run in _NOT_SPACE.finditer(raw, position, start):
            mends.append(Cut("mend", run.start(), run.end(), run.group()))
        position = max(position, end)
    for left, right in pairwise(pieces):
        start, end = left.raw_start + left.end - left.start, right.raw_start
        joined = left.end == right.start and not text[left.end - 1 : right.start + 1].count(" ")
        if joined and "\n" not in text[left.end - 1 : right.start + 1] and raw[start:end].isspace():
            mends.append(Cut("mend", start, end, raw[start:end]))
    return tuple(sorted([*named, *mends], key=lambda cut: (cut.raw_start, cut.raw_end)))


def _moved(pieces: Sequence[Piece], by: int) -> tuple[Piece, ...]:
    return tuple(Piece(piece.start + by, piece.end + by, piece.raw_start) for piece in pieces)


def _cropped(pieces: Sequence[Piece], kept: Sequence[tuple[int, int, int]]) -> Iterable[Piece]:
    """What the kept ranges (start, end, new start) leave of the pieces; both are sorted."""
    index = 0
    for start, end, new_start in kept:
        while index < len(pieces) and pieces[index].start < end:
            piece = pieces[index]
            left, right = max(start, piece.start), min(end, piece.end)
            if left < right:
                shift = new_start - start
                yield Piece(left + shift, right + shift, piece.raw_start + left - piece.start)
            if piece.end > end:
                break
            index += 1


def _merged(pieces: Iterable[Piece]) -> Iterable[Piece]:
    last: Piece | None = None
    for piece in pieces:
        if (
            last is not None
            and last.end == piece.start
            and last.raw_start + last.end - last.start == piece.raw_start
        ):
            last = Piece(last.start, piece.end, last.raw_start)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
