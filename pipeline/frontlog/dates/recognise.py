"""Finds time expressions in a passage and parses them, without resolving them against any date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from frontlog.records import Timex

from .cue_words import OVER_CUES
from .evaluate import evaluate
from .explicit import find_explicit
from .expressions import clock_value, make_range, split_range
from .grammar import Grammar, Rule, grammar
from .guards import GUARDS
from .lexicon import WORDS
from .tokens import Tokens, tokenise

# Between the two ends of a range, and between a day and its time of day.
_RANGE_LINK = re.compile(r"\s*(?:-|–|—|to|until|till|through|and)\s*(?:the\s+)?", re.IGNORECASE)
_TIME_LINK = re.compile(r",?\s+(?:(?:on|at)\s+)?|,\s*", re.IGNORECASE)
_DATED = frozenset({"date", "stamp", "slash", "explicit"})


@dataclass(frozen=True, slots=True)
class _Match:
    first: int
    last: int
    rule: Rule
    groups: tuple[tuple[str, int, int], ...]


_Candidate = tuple[Rule, int, tuple[tuple[str, int, int], ...]]
# More words than any rule can read: rules repeat nothing.
_LONGEST_RUN = 32


@lru_cache(maxsize=4096)
def find_timexes(text: str) -> tuple[Timex, ...]:
    """All time expressions of ``text``, in order and without overlap; empty when there are none.

    Offsets count in ``text``. Extents follow TIMEX3 practice: no preposition ("October 17", "nearly three
    years"). The parsed form in ``expression`` depends on the text alone; ``normalise`` resolves it.

    >>> [t.text for t in find_timexes("Troops seized the town on Oct. 17, two days after the raid.")]
    ['Oct. 17', 'two days after']
    """
    rules = grammar()
    if rules.lexicon.triggers.isdisjoint(words := WORDS.findall(text.lower())) and not _has_digit(words):
        return ()
    explicit = find_explicit(text)
    rest = text
    for timex in explicit:
        rest = rest[: timex.start] + " " * len(timex.text) + rest[timex.end :]
    tokens = tokenise(rest, rules.lexicon)
    found = [timex for match in _matches(tokens, rules) for timex in _timexes(match, tokens, rules)]
    found = sorted([*found, *explicit], key=lambda timex: timex.start)
    return tuple(_wrap(text, _join(text, found)))


def _has_digit(words: list[str]) -> bool:
    return any(word.isdigit() for word in words)


def _matches(tokens: Tokens, rules: Grammar) -> Iterator[_Match]:
    """Leftmost longest matches that pass their rule's guard, then the earlier rule; no overlaps."""
    position, starting = 0, rules.starting
    for start, letter in enumerate(tokens.letters):
        if start < position or letter not in starting:
            continue
        if tokens.lows[start] == "over" and tokens.low(start - 1) not in OVER_CUES:
            continue  # "raised over three years"
        best = _best_at(start, tokens)
        if best is not None:
            yield best
            position = best.last


def _best_at(start: int, tokens: Tokens) -> _Match | None:
    """The longest match from token ``start`` that passes its guard.

    No rule reads over a word that the lexicon does not know, so that what can match depends on the letters up
    to the next such word alone: short runs, which the texts of the world repeat.
    """
    letters = tokens.letters
    stop = letters.find(grammar().other, start, start + _LONGEST_RUN) + 1 or start + _LONGEST_RUN
    for rule, length, groups in _candidates(letters[max(0, start - 1) : start], letters[start:stop]):
        if rule.guard is None or GUARDS[rule.guard](tokens, start, start + length):
            spans = tuple((name, start + first, start + last) for name, first, last in groups)
            return _Match(start, start + length, rule, spans)
    return None


@lru_cache(maxsize=65536)
def _candidates(before: str, run: str) -> tuple[_Candidate, ...]:
    """The rules that match at the head of ``run``, longest match first, then in the order of the grammar."""
    text, skip = before + run, len(before)
    found = []
    for rule in grammar().starting[run[0]]:
        match = rule.pattern.match(text, skip)
        if match is not None and match.end() > skip:
            groups = tuple(
                (name.partition("__")[0], match.start(name) - skip, match.end(name) - skip)
                for name in rule.pattern.groupindex
                if match.start(name) >= 0
            )
            found.append((rule, match.end() - skip, groups))
    found.sort(key=lambda candidate: -candidate[1])  # stable: the earlier rule stays first
    return tuple(found)


def _timexes(match: _Match, tokens: Tokens, rules: Grammar) -> list[Timex]:
    """The expression of a match; two of a list of days ("April 24 and 25")."""
    values = rules.lexicon.values
    spans = {name: (first, last) for name, first, last in match.groups}
    expressions = []
    for part in match.rule.parts:
        fields = dict(part.fixed)
        for key, group in part.from_groups:
            if group in spans and (value := evaluate(key, tokens, *spans[group], values)):
                fields[key] = value
        expressions.append((part.kind, *(f"{k}={v}" for k, v in fields.items())))
    start, end = tokens.starts[match.first], tokens.ends[match.last - 1]
    text = tokens.text[start:end]
    if len(expressions) == 2:
        second = next(first for name, first, _ in match.groups if name in ("d2", "m2", "y2", "y3"))
        cut = tokens.ends[second - 2] - start, tokens.starts[second] - start
        whole = Timex(start, end, text, "DATE", make_range(expressions[0], expressions[1], cut))
        return list(split_range(whole)) if match.rule.is_list else [whole]
    return [Timex(start, end, text, _type_of(expressions[0]), expressions[0])]


def _type_of(expression: tuple[str, ...]) -> str:
    kind, *fields = expression
    if kind == "duration":
        return "DURATION"
    if kind in ("set", "setadv"):
        return "SET"
    timed = any(f.startswith(("t=", "at=")) or f in ("u=TH", "u=TM", "u=TS") for f in fields)
    return "TIME" if timed or kind == "clock" or (kind == "stamp" and ":" in fields[0]) else "DATE"


def _join(text: str, found: list[Timex]) -> list[Timex]:
    """Joins a day with its time ("5 p.m. Friday") and the ends of a range ("from Sunday to Tuesday")."""
    joined: list[Timex] = []
    for timex in found:
        if joined:
            link = text[joined[-1].end : timex.start]
            merged = _merge_clock(text, joined[-1], timex, link) or _merge_range(
                text, joined[-1], timex, link
            )
            if merged is not None:
                joined[-1] = merged
                continue
        joined.append(timex)
    return joined


def _merge_clock(text: str, left: Timex, right: Timex, link: str) -> Timex | None:
    kinds = left.expression[0], right.expression[0]
    if not _TIME_LINK.fullmatch(link) or "\n" in link or "clock" not in kinds:
        return None
    day, clock = (right, left) if kinds[0] == "clock" else (left, right)
    fields = day.expression[1:]
    if day.expression[0] not in ("date", "offset") or any(
        f.startswith(("t=", "at=", "c=", "s=")) for f in fields
    ):
        return None
    time = "at=" + clock_value(clock.expression)
    return Timex(left.start, right.end, text[left.start : right.end], "TIME", (*day.expression, time))


def _merge_range(text: str, left: Timex, right: Timex, link: str) -> Timex | None:
    if not _RANGE_LINK.fullmatch(link) or left.expression[0] == "range" or right.expression[0] == "range":
        return None
    if left.expression[0] not in _DATED or right.expression[0] not in _DATED:
        return None
    opener = _word_before(text, left.start)
    word = link.strip().lower().removesuffix("the").strip()
    if word == "and" and opener != "between":
        return None
    if word in ("to", "until", "till", "through") and opener != "from" and not _same_shape(left, right):
        return None
    cut = left.end - left.start, right.start - left.start
    expression = make_range(left.expression, right.expression, cut)
    return Timex(left.start, right.end, text[left.start : right.end], "DATE", expression)


def _word_before(text: str, start: int) -> str:
    """The word before an expression in lower case, past an article or "about"; empty where there is none."""
    window = text[max(0, start - 40) : start]
    words = window.lower().split()
    if not window[-1:].isspace():
        return ""
    if words[-2:] == ["at", "least"]:
        words = words[:-2]
    elif words and words[-1] in ("the", "about", "around"):
        words.pop()
    word = words[-1].lstrip('("“') if words else ""
    return word if word.isalpha() else ""


def _same_shape(left: Timex, right: Timex) -> bool:
    keys = [{f.partition("=")[0] for f in t.expression[1:]} - {"y"} for t in (left, right)]
    return keys[0] == keys[1]


def _wrap(text: str, found: list[Timex]) -> list[Timex]:
    """Adds what the preposition before an expression says: ``since=1``, ``until=1``, ``for=1``."""
    wrapped = []
    for timex in found:
        word = _word_before(text, timex.start)
        kind = timex.expression[0]
        key = ""
        if word in ("since", "until", "till") and kind in (
            "date",
            "offset",
            "stamp",
            "slash",
            "feast",
            "explicit",
        ):
            key = "since=1" if word == "since" else "until=1"
        elif word == "for" and kind == "duration" and not any(f.startswith("e=") for f in timex.expression):
            key = "for=1"
        wrapped.append(replace(timex, expression=(*timex.expression, key)) if key else timex)
    return wrapped
