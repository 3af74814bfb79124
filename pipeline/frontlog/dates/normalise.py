"""Resolves parsed expressions against an anchor date to TIMEX3 values and the days they cover."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from frontlog.records import Timex, TimexValue

from .calendars import feast, islamic_date
from .explicit import explicit_value
from .expressions import clock_value, fields_of, range_parts
from .intervals import Interval, add_days, add_months, interval_of, pick
from .relative import (
    COMPARED,
    Fields,
    dated,
    duration,
    offset,
    period,
    recurring,
    recurring_adverb,
    reference,
)

DIRECTIONS = ("past", "present", "future")


def normalise(timex: Timex, anchor: date | None, *, direction: str = "past") -> TimexValue:
    """The TIMEX3 value of ``timex``, and the first and last day that it covers.

    ``direction`` says where to look for "Friday", "October 17" or "in May": ``past`` (the last one up to the
    anchor, that very day included), ``future`` (the next from the anchor on) or ``present`` (the nearest).
    Words such as "last" and "next" decide for themselves. Without an anchor the value stays partial
    (``XXXX-10-17``) and its days are None.

    >>> [t] = find_timexes("on Friday")  # doctest: +SKIP
    >>> normalise(t, date(2017, 11, 4)).value  # doctest: +SKIP
    '2017-11-03'
    """
    if direction not in DIRECTIONS:
        raise ValueError(f"direction must be one of {', '.join(DIRECTIONS)}, not {direction!r}")
    return _normalise(timex.expression, timex.timex_type, anchor, direction)


@lru_cache(maxsize=65536)
def _normalise(expression: tuple[str, ...], kind: str, anchor: date | None, direction: str) -> TimexValue:
    if expression[0] == "range":
        return _range(expression, anchor, direction)
    fields = fields_of(expression)
    value = _KINDS[expression[0]](fields, anchor, direction)
    if value.timex_type != "DURATION":
        value = replace(value, timex_type=kind)
    if "since" in fields and value.start is not None and anchor is not None:
        return replace(value, end=max(anchor, value.end or anchor))
    if "until" in fields:
        return replace(value, start=None)
    return value


def _range(expression: tuple[str, ...], anchor: date | None, direction: str) -> TimexValue:
    """Both ends; the nearer one is resolved first and is the other's anchor ("from Sunday to Tuesday")."""
    left, right, _ = range_parts(expression)
    if direction == "future":
        first = _normalise(left, "DATE", anchor, direction)
        last = _normalise(right, "DATE", first.start or anchor, direction)
    else:
        last = _normalise(right, "DATE", anchor, direction)
        first = _normalise(left, "DATE", last.start or anchor, "past" if last.start else direction)
    value = f"{first.value}/{last.value}"
    if first.start is None or last.end is None or first.start > last.end:
        return TimexValue("DATE", value)
    return TimexValue("DATE", value, first.start, last.end)


# --- dates ----------------------------------------------------------------------------------------


def _date(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    mod = fields.get("p")
    value = _date_value(fields, anchor, direction)
    if "bc" in fields:
        return TimexValue("DATE", _before_christ(fields, value), mod=COMPARED.get(mod or "", mod))
    if "t" in fields:
        value += f"T{fields['t']}"
    elif "at" in fields:
        value += f"T{fields['at']}"
    return dated(value, mod, anchor)


def _before_christ(fields: Fields, value: str) -> str:
    year = f"BC{int(fields['y']):04d}" if "y" in fields else "BC"
    if "cent" in fields:
        return f"BC{int(fields['cent']) - 1:02d}"
    if "s" in fields:
        return f"{year}-{fields['s']}"
    day = f"-{int(fields['d']):02d}" if "d" in fields else ""
    return year + (f"-{int(fields['m']):02d}{day}" if "m" in fields else "")


def _date_value(fields: Fields, anchor: date | None, direction: str) -> str:
    year = _year(fields, anchor)
    if "cent" in fields:
        return f"{max(0, int(fields['cent']) - 1):02d}"
    if "c" in fields:
        return _decade(fields["c"], anchor)
    if fields.keys() & {"m", "s", "q", "h"}:
        return _within_year(fields, year, anchor, direction)
    if "w" in fields:
        return _weekday(fields, anchor, direction)
    if "d" in fields:
        return _day_of_month(int(fields["d"]), anchor, direction)
    return year or "XXXX"


def _year(fields: Fields, anchor: date | None) -> str | None:
    if "ys" in fields:
        return f"{int(fields['y']) * 100 + int(fields['ys']):04d}"
    if "y" in fields:
        return f"{int(fields['y']):04d}"
    if "yy" in fields:
        return _full_year(int(fields["yy"]), anchor)
    if "yrel" in fields and anchor is not None:
        return f"{anchor.year + int(fields['yrel'].removesuffix('c')):04d}"
    return None


def _full_year(two_digits: int, anchor: date | None) -> str:
    """The year that ends so and lies nearest to the anchor; without one, 1930 to 2029."""
    if anchor is None:
        return f"{1900 + two_digits if two_digits >= 30 else 2000 + two_digits:04d}"
    century = anchor.year - anchor.year % 100
    return (
        f"{min((century + d + two_digits for d in (0, -100, 100)), key=lambda y: abs(y - anchor.year)):04d}"
    )


def _decade(decade: str, anchor: date | None) -> str:
    if not decade.startswith("XX"):
        return decade
    if anchor is None:
        return f"19{decade[2:]}"
    digit = int(decade[2:])
    century = anchor.year // 100
    return str(
        century * 10 + digit if century * 100 + digit * 10 <= anchor.year else (century - 1) * 10 + digit
    )


def _within_year(fields: Fields, year: str | None, anchor: date | None, direction: str) -> str:
    """A month, a day of a month, a season or a quarter: the year as given, or chosen by direction."""
    if "s" in fields:
        tail = fields["s"]
    elif "h" in fields:
        tail = f"H{fields['h']}"
    elif "q" in fields:
        tail = f"Q{fields['q']}" if fields["q"] in ("1", "2", "3", "4") else "QX"
    else:
        tail = f"{int(fields['m']):02d}" + (f"-{int(fields['d']):02d}" if "d" in fields else "")
    if year is not None:
        return f"{year}-{tail}"
    weekday = int(fields["w"]) if "w" in fields else None
    step = fields.get("r", fields.get("crel"))
    chosen = _choose_year(tail, anchor, direction, step.removesuffix("c") if step else None, weekday)
    return f"{chosen:04d}-{tail}" if chosen is not None else f"XXXX-{tail}"


def _choose_year(
    tail: str, anchor: date | None, direction: str, step: str | None, weekday: int | None
) -> int | None:
    """The year in which ``tail`` (``10-17``, ``10``, ``SU``) lies where the words say.

    A weekday beside the day ("Saturday, March 28") decides among the nearest years where it fits one of them.
    """
    if anchor is None:
        return None
    if step == "0":
        return anchor.year
    years = range(max(1, anchor.year - 9), min(9998, anchor.year + 9) + 1)
    candidates = [(year, found) for year in years if (found := interval_of(f"{year:04d}-{tail}"))]
    if weekday is not None:
        fitting = [c for c in candidates if c[1][0].isoweekday() == weekday and abs(c[0] - anchor.year) <= 3]
        candidates = fitting or candidates
    return pick(candidates, anchor, direction, step)


def _weekday(fields: Fields, anchor: date | None, direction: str) -> str:
    weekday = int(fields["w"])
    if anchor is None:
        return f"XXXX-WXX-{weekday}"
    back = (anchor.isoweekday() - weekday) % 7
    step = fields.get("r", fields.get("crel"))
    if "wrel" in fields:
        days: int = weekday - anchor.isoweekday() + 7 * int(fields["wrel"].removesuffix("c"))
    elif step == "-1":
        days = -(back or 7)
    elif step in ("1", "1c"):
        days = 7 - back
    elif step == "0":
        days = -back if direction == "past" and "crel" not in fields and back == 0 else (7 - back) % 7
    elif direction == "past":
        days = -back
    elif direction == "future":
        days = (7 - back) % 7
    else:
        days = -back if back <= 3 else 7 - back
    day = add_days(anchor, days)
    return day.isoformat() if day else f"XXXX-WXX-{weekday}"


def _day_of_month(number: int, anchor: date | None, direction: str) -> str:
    if anchor is None:
        return f"XXXX-XX-{number:02d}"
    candidates = []
    for step in range(-2, 3):
        month = add_months(anchor.replace(day=1), step)
        if month and (found := interval_of(f"{month:%Y-%m}-{number:02d}")):
            candidates.append((step, found))
    chosen = pick(candidates, anchor, direction, None)
    found = dict(candidates).get(chosen) if chosen is not None else None
    return found[0].isoformat() if found else f"XXXX-XX-{number:02d}"


def _week_or_half(
    fields: Fields, anchor: date | None, direction: str, make: Callable[[date, date, int], Interval]
) -> TimexValue:
    """ "The last week of October", "the first half of 2015": a stretch of days within a period."""
    period = dated(_date_value({k: v for k, v in fields.items() if k != "k"}, anchor, direction))
    order = int(fields.get("k") or "1")
    if period.start is None or period.end is None:
        return TimexValue("DATE", period.value)
    first, last = make(period.start, period.end, order)
    return TimexValue("DATE", f"{first}/{last}", first, last)


def _week_of(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    def week(first: date, last: date, order: int) -> Interval:
        if order == -1:
            return last - timedelta(days=6), last
        start = min(first + timedelta(days=7 * (order - 1)), last)
        return start, min(start + timedelta(days=6), last)

    return _week_or_half(fields, anchor, direction, week)


def _half_of(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    if "y" in fields and "m" not in fields:
        return dated(f"{fields['y']}-H{2 if fields.get('k') in ('-1', '2') else 1}")

    def half(first: date, last: date, order: int) -> Interval:
        middle = first + timedelta(days=((last - first).days + 1) // 2)
        return (first, middle - timedelta(days=1)) if order == 1 else (middle, last)

    return _week_or_half(fields, anchor, direction, half)


# --- clock times and stamps ---------------------------------------------------------------------------


def _clock(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    time = clock_value(("clock", *(f"{k}={v}" for k, v in fields.items())))
    return dated(f"{anchor.isoformat() if anchor else 'XXXX-XX-XX'}T{time}")


def _stamp(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    return dated(fields["x"].upper().replace(" ", "T"))


def _slash(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    """``10/17/2017``: month first, unless only day first makes a date or ``order`` says so (another date of the
    text does); with full stops the day first."""
    one, two, last = re.split(r"\D", fields["x"])
    year = last if len(last) == 4 else _full_year(int(last), anchor)
    day_first = "order" in fields or "." in fields["x"]
    for month, day in ((two, one), (one, two)) if day_first else ((one, two), (two, one)):
        value = f"{year}-{int(month):02d}-{int(day):02d}"
        if interval_of(value):
            return dated(value)
    return TimexValue("DATE", year)


_KINDS: dict[str, Callable[[Fields, date | None, str], TimexValue]] = {
    "date": _date,
    "weekof": _week_of,
    "halfof": _half_of,
    "offset": offset,
    "duration": duration,
    "set": recurring,
    "setadv": recurring_adverb,
    "ref": reference,
    "clock": _clock,
    "stamp": _stamp,
    "slash": _slash,
    "feast": feast,
    "islamic": islamic_date,
    "explicit": explicit_value,
    "period": period,
}
