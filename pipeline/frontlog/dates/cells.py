"""How a normalised date stands in the event table, and how precise it is."""

from __future__ import annotations

import re
from datetime import date

from frontlog.records import TimexValue

from .intervals import interval_of

_PLAIN = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def date_cell(value: TimexValue, anchor: date | None = None) -> str | None:
    """The date as the event table writes it: ``2017-10-17``, ``2017-10``, ``2017`` or a span of two of these.

    A span keeps its start as vague as the text: "for nearly three years", told on 3 November 2017, is
    ``2014/2017-11-03``, "since March" is ``2015-03/2015-08``. A part of a month or year ("mid-July") is
    written as that month or year. "Now" is the anchor's day. None for durations without a place in time,
    sets, references to the past or future, partial dates and ends without a beginning ("until March").
    """
    if value.value == "PRESENT_REF":
        return (value.start or anchor or date.min).isoformat() if value.start or anchor else None
    if value.timex_type == "SET" or value.start is None or value.end is None:
        return None
    if value.timex_type == "DURATION":
        return _duration_cell(value, anchor)
    if "/" in value.value:
        left, _, right = value.value.partition("/")
        ends = _first(left, value.start), _last(right, value.end)
        return ends[0] if ends[0] == ends[1] else "/".join(ends)
    whole = interval_of(value.value)
    plain = value.value.partition("T")[0]
    if _PLAIN.fullmatch(plain):
        if whole is not None and value.end > whole[1]:
            return f"{plain}/{_as_vague_as(plain, value.end)}"
        return plain
    if value.start == value.end:
        return value.start.isoformat()
    if whole is not None and value.end > whole[1]:
        return f"{_first(plain, value.start)}/{value.end}"
    return f"{_first(plain, value.start)}/{_last(plain, value.end)}"


def _duration_cell(value: TimexValue, anchor: date | None) -> str | None:
    if value.start is None or value.end is None:
        return None
    unit = value.value[-1]
    past = anchor is None or value.start < anchor
    vague, exact = (value.start, value.end) if past else (value.end, value.start)
    length = {"Y": 4, "E": 4, "M": 7, "Q": 7}.get(unit, 10)
    cells = vague.isoformat()[:length], exact.isoformat()
    return "/".join(cells if past else cells[::-1])


def _granularity(plain: str) -> int:
    """How many characters of an ISO date a value is worth: a year 4, a month or season 7, else 10."""
    if re.fullmatch(r"\d{2,4}", plain):
        return 4
    return 7 if re.fullmatch(r"\d{4}-(?:\d{2}|SP|SU|FA|WI|Q\d|H\d)", plain) else 10


def _as_vague_as(plain: str, day: date) -> str:
    """The end of "since ...": the month for a month ("since March"), else the day."""
    return day.isoformat()[:7] if _granularity(plain) == 7 else day.isoformat()


def _first(plain: str, day: date) -> str:
    return day.isoformat()[: _granularity(plain)]


def _last(plain: str, day: date) -> str:
    return day.isoformat()[: _granularity(plain)]


def precision(value: TimexValue) -> int | None:
    """ACLED's time precision, from the days covered: 1 the day, 2 within a week, 3 within a month, 4 vaguer.

    None where the days are unknown. Levels 1 to 3 are ACLED's (ACLED Codebook, "Time Precision"); 4 is ours.
    """
    if value.start is None or value.end is None:
        return None
    days = (value.end - value.start).days
    return 1 if days == 0 else 2 if days <= 7 else 3 if days <= 31 else 4
