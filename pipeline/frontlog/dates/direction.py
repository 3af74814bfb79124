"""Where to look for "Friday", "October 17" or "in May": before the anchor, after it, or at the nearest."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from .lexicon import read_table

# How far a cue may stand from the expression, in characters; a clause is rarely longer.
_BEFORE, _AFTER = 160, 120
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z])|\n\s*\n|;\s")
_ABBREVIATED = re.compile(r"\b(?:[A-Z]|[A-Z][a-z]{0,3})\.$")


@cache
def _cues() -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern for all cue words, and the direction of each; regular past forms are in neither list."""
    table = read_table("cues.toml")["direction"]
    directions: dict[str, str] = {}
    for name, words in table.items():
        if not isinstance(words, list):
            raise TypeError(f"cues.toml: [direction] {name} must be a list of words")
        directions.update((str(word), name) for word in words)
    past = "|".join(_spaced(word) for word, name in directions.items() if name == "past")
    # "will be attacked" is one cue; "attacked" alone would look back
    passive = rf"(?:\s+(?:be|not|have|been|also)){{1,3}}(?:\s+(?:{past}|[a-z]{{2,20}}ed))?|\s+[a-z]{{2,20}}ed"
    longest_first = sorted(directions, key=lambda word: (-len(word), word))
    words = "|".join(
        _spaced(word) + (f"(?:{passive})?" if directions[word] == "future" else "") for word in longest_first
    )
    return re.compile(rf"(?<![\w-])(?:{words}|[a-z]{{2,20}}ed)(?![\w-])"), directions


def _spaced(word: str) -> str:
    return r"\s+".join(map(re.escape, word.split()))


@lru_cache(maxsize=4096)
def _direction_of_cue(cue: str) -> str:
    """The direction of a matched cue: of its own words, or of the longest that it begins with; else past."""
    directions, words = _cues()[1], cue.split()
    for n in range(len(words), 0, -1):
        if found := directions.get(" ".join(words[:n])):
            return found
    return "past"


def direction_of(text: str, start: int, end: int, before: int = _BEFORE, after: int = _AFTER) -> str | None:
    """``past``, ``present`` or ``future`` by the verbs around ``text[start:end]``; None where there is none.

    The nearest verb before the expression in its sentence decides, else the first one behind it: "will
    attack on Friday" looks forward, "seized on Friday" back, "On Friday they will" forward again. ``present``
    is for verbs that look nowhere ("is", "says"). ``before`` and ``after`` are how many characters are read.

    >>> direction_of("Talks will resume on Friday.", 21, 27)
    'future'
    """
    offset = max(0, start - before)
    around = text[offset : end + after].replace("’", "'")
    first, last = start - offset, end - offset
    ends = [m.end() for m in _SENTENCE_END.finditer(around, 0, first) if not _abbreviated(around, m.start())]
    stop = _SENTENCE_END.search(around, last)
    nearest = None
    for match in _cues()[0].finditer(
        around.lower(), ends[-1] if ends else 0, stop.start() if stop else len(around)
    ):
        direction = _direction_of_cue(match[0])
        if direction == "not_past":
            continue
        if match.start() >= last:
            # "On Friday the army planned": a participle behind the date is a verb of that day
            return nearest or ("past" if match[0].endswith("ed") and " " not in match[0] else direction)
        if match.end() <= first:
            nearest = direction
    return nearest


def _abbreviated(text: str, stop: int) -> bool:
    return text[stop] == "." and _ABBREVIATED.search(text, max(0, stop - 5), stop + 1) is not None
