"""Which days a TIMEX3 value covers, and days as TIMEX3 values."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

Interval = tuple[date, date]

# First month and number of months. Seasons are the meteorological ones of the northern hemisphere;
# winter runs into the next year.
_NAMED_PARTS = {
    **{"SP": (3, 3), "SU": (6, 3), "FA": (9, 3), "WI": (12, 3)},
    **{"Q1": (1, 3), "Q2": (4, 3), "Q3": (7, 3), "Q4": (10, 3), "H1": (1, 6), "H2": (7, 6)},
}
# A story may be dated a day before the event that it tells of, by its time zone or its deadline.
_TOLERANCE = timedelta(days=1)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?")
_WEEK = re.compile(r"(\d{4})-W(\d{2})(-WE|-\d)?(?:T.*)?")
_MONTH = re.compile(r"(\d{4})-(\d{2})(?:T.*)?")
_NAMED = re.compile(r"(\d{4})-(SP|SU|FA|WI|Q[1-4]|H[12])")


def month_interval(year: int, first: int, months: int = 1) -> Interval | None:
    """The days of ``months`` months from month ``first`` of ``year`` on; None outside of the calendar."""
    year_2, month_2 = divmod(year * 12 + first - 1 + months, 12)
    if not (1 <= year <= 9998 and 1 <= year_2 <= 9999):
        return None
    return date(year, first, 1), date(year_2, month_2 + 1, 1) - timedelta(days=1)


def interval_of(value: str) -> Interval | None:
    """First and last day that a TIMEX3 date covers; None for partial values, durations and references.

    ``2017-10`` -> 1 to 31 October 2017, ``2017-W43`` -> Monday to Sunday, ``2015-WI`` -> December 2015 to
    February 2016 (seasons are the meteorological ones of the north), ``199`` -> the 1990s.
    """
    try:
        return _interval_of(value)
    except (ValueError, OverflowError):
        return None


def _interval_of(value: str) -> Interval | None:
    if match := _DAY.fullmatch(value):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return day, day
    if match := _WEEK.fullmatch(value):
        first = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        if match[3] == "-WE":
            return first + timedelta(days=5), first + timedelta(days=6)
        if match[3]:
            day = first + timedelta(days=int(match[3][1:]) - 1)
            return day, day
        return first, first + timedelta(days=6)
    if match := _MONTH.fullmatch(value):
        return month_interval(int(match[1]), int(match[2]))
    if match := _NAMED.fullmatch(value):
        return month_interval(int(match[1]), *_NAMED_PARTS[match[2]])
    if re.fullmatch(r"\d{1,4}", value):
        missing = 4 - len(value)
        first_year, last_year = int(value) * 10**missing, (int(value) + 1) * 10**missing - 1
        if missing > 2 or last_year < 1:
            return None
        return date(max(1, first_year), 1, 1), date(last_year, 12, 31)
    return None


def part_of(interval: Interval, mod: str | None) -> Interval:
    """The early, middle or late third of a period longer than a week: ``START``, ``MID``, ``END``.

    Thirds are our reading of words that name no bounds; of a year they are January to April, May to August
    and September to December.
    """
    first, last = interval
    days = (last - first).days + 1
    if mod not in ("START", "MID", "END") or days <= 7:
        return interval
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        cuts = date(first.year, 5, 1), date(first.year, 9, 1)
    else:
        cuts = first + timedelta(days=days // 3), first + timedelta(days=2 * (days // 3))
    if mod == "START":
        return first, cuts[0] - timedelta(days=1)
    if mod == "MID":
        return cuts[0], cuts[1] - timedelta(days=1)
    return cuts[1], last


def week_value(day: date) -> str:
    """The ISO week of a day: ``2017-W43``."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def add_months(day: date, months: int) -> date | None:
    """``day`` moved by whole months, cut to the month's last day; None outside of the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date | None:
    """``day`` moved by days; None outside of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def pick(
    candidates: list[tuple[int, Interval]], anchor: date, direction: str, step: str | None
) -> int | None:
    """The key of the candidate that lies where ``direction`` or ``step`` ("last" -1, "next" 1) say; None if none does.

    Candidates are in order of time. A single day may lie a day beyond the anchor.
    """
    slack = _TOLERANCE if candidates and candidates[0][1][0] == candidates[0][1][1] else timedelta(0)
    before = [
        year
        for year, (first, last) in candidates
        if (last < anchor if step == "-1" else first - anchor <= slack)
    ]
    after = [
        year
        for year, (first, last) in candidates
        if (first > anchor if step == "1" else anchor - last <= slack)
    ]
    if step == "-1" or (step is None and direction == "past"):
        return before[-1] if before else None
    if step == "1" or direction == "future":
        return after[0] if after else None
    near = sorted(candidates, key=lambda c: (_distance(c[1], anchor), -c[0]))
    return near[0][0] if near else None


def _distance(interval: Interval, anchor: date) -> int:
    first, last = interval
    if first <= anchor <= last:
        return 0
    return min(abs((first - anchor).days), abs((last - anchor).days))
