"""Expressions as plain data: a kind, then ``key=value`` strings."""

from __future__ import annotations

from frontlog.records import Timex

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER_WORDS = {word: i for i, word in enumerate(_NUMBERS, start=1)}


def fields_of(expression: tuple[str, ...]) -> dict[str, str]:
    """The keys and values of an expression."""
    return dict(field.partition("=")[::2] for field in expression[1:])


def clock_value(expression: tuple[str, ...]) -> str:
    """The TIMEX3 time of a ``clock`` expression: ``x=5 a=p.m.`` is ``17:00``."""
    fields = fields_of(expression)
    raw, half = fields.get("x", "").replace(".", ":"), fields.get("a", fields.get("t", ""))
    if len(raw) == 4 and raw.isdigit():
        raw = f"{raw[:2]}:{raw[2:]}"
    hour, _, rest = raw.partition(":")
    number = int(hour) if hour.isdigit() else _NUMBER_WORDS.get(hour, 0)
    if (half[:1] == "p" or half in ("AF", "EV")) and number < 12:
        number += 12
    elif half[:1] == "a" and number == 12:
        number = 0
    return f"{number:02d}:{rest or '00'}"


def hangs_on_context(timex: Timex) -> bool:
    """Whether the expression is counted from another one ("the previous day", "four months after").

    Such an expression should be normalised with the date of what it hangs on as anchor; with the article's
    date the result is only a guess.
    """
    return any(
        field == "ctx=1" or field.startswith("crel=") or (field.startswith("yrel=") and field.endswith("c"))
        for field in timex.expression
    )


def split_range(timex: Timex) -> tuple[Timex, ...]:
    """The two ends of a range on their own ("Oct. 14-17": "Oct. 14" and "17"); else the timex alone.

    TimeML marks both ends of a range; we keep them in one expression, since only together they date an event.
    """
    if timex.expression[0] != "range":
        return (timex,)
    left, right, (first, second) = range_parts(timex.expression)
    return (
        Timex(timex.start, timex.start + first, timex.text[:first], "DATE", left),
        Timex(timex.start + second, timex.end, timex.text[second:], "DATE", right),
    )


def make_range(left: tuple[str, ...], right: tuple[str, ...], cut: tuple[int, int]) -> tuple[str, ...]:
    """A range expression; ``cut`` is where the left end stops and the right one starts in the text."""
    return ("range", f"cut={cut[0]},{cut[1]}", *left, "|", *right)


def range_parts(expression: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, int]]:
    """Both ends of a ``range`` expression, each completed by the other, and the cut offsets.

    In "May to July 2015" the year stands at the second end and holds for both.
    """
    bar = expression.index("|")
    left, right = expression[2:bar], expression[bar + 1 :]
    first, _, second = expression[1].removeprefix("cut=").partition(",")
    left_keys, right_keys = fields_of(left), fields_of(right)
    if "y" in right_keys and "y" not in left_keys and "w" not in left_keys:
        left = (*left, f"y={right_keys['y']}")
    if "yy" in right_keys and "y" in left_keys:
        # 1939-45, 1899-02: the first such year that is not before the left one
        year = int(left_keys["y"]) - int(left_keys["y"]) % 100 + int(right_keys["yy"])
        right = ("date", f"y={year if year >= int(left_keys['y']) else year + 100}")
    if "y" in left_keys and "m" in left_keys and "m" in right_keys and "y" not in right_keys:
        right = (*right, f"y={left_keys['y']}")
    return left, right, (int(first), int(second))
