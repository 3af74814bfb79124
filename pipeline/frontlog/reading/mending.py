"""Mends inside the kept text: stray characters, white space, wrapped lines, broken hyphens.

Every mend keeps the offset map (``Mapped``) and changes nothing when it is done a second time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from frontlog.reading.lexicon import word_list
from frontlog.reading.offsets import Edit, Mapped

# Format characters that no reader sees (soft hyphen, zero width, joiners, direction marks, byte order mark)
# and control characters other than white space. C1 controls are handled apart: see _stray_edits.
_STRAY = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_SOFT_BREAK = re.compile("\u00ad[^\\S\r\n\u2028\u2029]*(?:\r\n?|\n|\u2028)[^\\S\r\n\u2028\u2029]*(?=\\w)")
_COMBINING = re.compile("[^\\W\\d_][\u0300-\u036f]+")
_SPACE = re.compile(r"\s+")
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\u2028\u2029]")

# Hard-wrapped text comes at 60 to 80 columns; e-mail wraps at 72 to 78, some old systems at 40 or 100.
_NARROWEST, _WIDEST = 40, 100
# A wrapped line falls short of the column by less than the word that did not fit; some characters of play.
_PLAY = 8
_SENTENCE_END = re.compile(r"[.!?:][\"'”’)\]]*$")

_WORD = r"[^\W\d_]+(?:['’][^\W\d_]+)?"
_HYPHEN_RIGHT = re.compile(rf"(?<![^\W_])({_WORD}|\d+)- (?=({_WORD}))")
_HYPHEN_LEFT = re.compile(rf"(?<![^\W_])({_WORD}|\d+) -(?=({_WORD}))")
_HYPHENED = re.compile(rf"(?<![^\W_])(?=({_WORD}|\d+)-({_WORD}))")


def mend(mapped: Mapped) -> Mapped:
    """The text with stray characters, white space, wrapped lines and broken hyphens mended.

    Paragraphs are then separated by exactly two newlines; no other white space than single spaces is left.
    Typographic quotes and dashes stay as they are.

    >>> from frontlog.records import Piece
    >>> mend(Mapped("Deir el- Zour\\r\\n\\r\\n\\r\\nfell", (Piece(0, 22, 0),))).text
    'Deir el-Zour\\n\\nfell'
    """
    mapped = mapped.edited((match.start(), match.end(), "") for match in _SOFT_BREAK.finditer(mapped.text))
    mapped = mapped.edited(_stray_edits(mapped.text))
    mapped = mapped.edited(_composing_edits(mapped.text))
    mapped = mapped.edited(_space_edits(mapped.text))
    mapped = mapped.edited(_line_edits(mapped.text))
    return mapped.edited(_hyphen_edits(mapped.text))


def _stray_edits(text: str) -> Iterator[Edit]:
    for match in _STRAY.finditer(text):
        replacement = ""
        if "\x80" <= match.group() <= "\x9f":
            # Nobody types C1 controls: they are Windows-1252 punctuation that was read as Latin-1.
            replacement = match.group().encode("latin-1").decode("cp1252", "ignore")
        yield match.start(), match.end(), replacement


def _composing_edits(text: str) -> Iterator[Edit]:
    for match in _COMBINING.finditer(text):
        composed = unicodedata.normalize("NFC", match.group())
        if composed != match.group():
            yield match.start(), match.end(), composed


def _space_edits(text: str) -> Iterator[Edit]:
    """One space within a line, one newline between lines, two between paragraphs, nothing at the ends."""
    for match in _SPACE.finditer(text):
        run = match.group()
        breaks = len(_LINE_BREAK.findall(run))
        wanted = " " if not breaks else "\n" if breaks == 1 else "\n\n"
        if match.start() == 0 or match.end() == len(text):
            wanted = ""
        if run == wanted:
            continue
        at = run.find(wanted) if wanted else -1
        if at < 0:
            yield match.start(), match.end(), wanted
            continue
        # What is wanted stands in the run already: keep it, so that it stays part of a piece.
        if at:
            yield match.start(), match.start() + at, ""
        if at + len(wanted) < len(run):
            yield match.start() + at + len(wanted), match.end(), ""


def _line_edits(text: str) -> Iterator[Edit]:
    """Single newlines: to a space in hard-wrapped text, otherwise to a paragraph break."""
    lines = text.split("\n")
    width = max(map(len, lines))
    pairs = [(left, right) for left, right in pairwise(lines) if left and right]
    if not pairs:
        return
    full = [pair for pair in pairs if _is_full(*pair, width)]
    ends = sum(1 for left, _ in pairs if _SENTENCE_END.search(left))
    wrapped = (
        _NARROWEST <= width <= _WIDEST
        and len(full) >= 2
        and len(full) >= 0.6 * len(pairs)
        and ends <= 0.5 * len(pairs)
    )
    position = 0
    for left, right in pairwise(lines):
        position += len(left)
        if left and right:
            joined = wrapped and _is_full(left, right, width)
            yield position, position + 1, _joint(left, right) if joined else "\n\n"
        position += 1


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the first word of the following line would not have fitted on the line."""
    return len(line) + 1 + len(following.split(" ", 1)[0]) > width - _PLAY


def _joint(left: str, right: str) -> str:
    if not re.search(r"[^\W_]-$", left[-2:]):
        return " "
    first = re.match(_WORD, right)
    return "" if first and first.group().lower() not in word_list("hyphens", "not_joined") else " "


def _hyphen_edits(text: str) -> list[Edit]:
    """Takes the space out of "Deir el- Zour" and "Kurdish -led", not out of "pro- and anti-government".

    What the rules do not decide ("Iraq- Syria border") is joined if the text has the pair joined elsewhere.
    """
    if "- " not in text and " -" not in text:
        return []
    not_joined = frozenset(word_list("hyphens", "not_joined"))
    name_starts = frozenset(word_list("hyphens", "name_starts"))
    compound_ends = frozenset(word_list("hyphens", "compound_ends"))
    edits: list[Edit] = []
    undecided: list[tuple[tuple[str, str], int]] = []
    known = {(match.group(1), match.group(2)) for match in _HYPHENED.finditer(text)}
    for pattern, shift in ((_HYPHEN_RIGHT, -1), (_HYPHEN_LEFT, -2)):
        for match in pattern.finditer(text):
            left, right = match.group(1), match.group(2)
            space = match.end() + shift
            if right.lower() in not_joined:
                continue
            starts_name = left.lower() in name_starts and right[0].isupper()
            if pattern is _HYPHEN_RIGHT:
                joined = starts_name or right[0].islower()
            else:
                joined = starts_name or right in compound_ends
            if joined:
                edits.append((space, space + 1, ""))
                known.add((left, right))
            else:
                undecided.append(((left, right), space))
    edits += [(space, space + 1, "") for pair, space in undecided if pair in known]
    return sorted(edits)
