"""Publication dates: full dates only (day, month and year), with the time of day where one is given.

Forms: ISO 8601, RFC 2822, and those of newspapers (``November 4, 2017 12:20:55 PM``, ``Wed 02 Dec 2015``,
``4th of November 2017``, ``28.04.2017``). Dates inside the story are the business of ``frontlog.dates``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s{0,3})"
_DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th)?"
_ZONE = (
    r"(?:(?:\s?hrs?\b\.?)?\s{0,2}\(?(?:(?-i:GMT|UTC|Z|[A-Z]{1,4}T)\b(?:\s?[+-]\d{1,2}(?::?\d{2})?)?"
    r"|[+-]\d{2}:?\d{2}\b|local\stime\b)\)?|\s?hrs?\b\.?)"
)
_CLOCK = r"[0-2]?\d(?::|\.|h)[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:\s?[ap]\.?m\b\.?)?|[01]?\d\s?[ap]\.?m\b\.?"
_TIME = (
    r"(?:,?\s{0,3}(?:[-–|]\s{0,2}|T)?(?:at\s{1,2})?"
    rf"(?P<time>{_CLOCK}|(?<=at\s)[0-2]\d[0-5]\d\b|[0-2]\d[0-5]\d(?=\s?(?:GMT|UTC|hrs)\b)){_ZONE}?)"
)
_FULL_DATE = re.compile(
    rf"""(?:(?P<early>[0-2]?\d:[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?)?){_ZONE}?,?\s{{1,3}})?{_WEEKDAY}?
    (?:(?P<m1>{_MONTH})\s{{0,2}}(?P<d1>{_DAY}\b|[0-3]\d(?=(?:1[89]|20)\d\d\b)),?\s{{0,2}}(?P<y1>\d{{4}})\b
    |(?P<d2>{_DAY})(?:\s{{1,2}}of)?[\s-]{{0,2}}(?P<m2>{_MONTH}),?[\s-]{{0,2}}(?P<y2>\d{{4}})\b
    |(?P<y3>\d{{4}})(?P<s3>[-/.])(?P<m3>\d{{1,2}})(?P=s3)(?P<d3>\d{{1,2}})(?!\d)
    |(?P<a4>\d{{1,2}})(?P<s4>[-/.])(?P<b4>\d{{1,2}})(?P=s4)(?P<y4>\d{{4}})(?!\d)
    ){_TIME}?""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOCK_PARTS = re.compile(
    r"(\d{1,2}?)(?:[:.h]?(\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s?(?:([ap])\.?m\.?)?$", re.IGNORECASE
)
# Newspapers are older than that, but no wire story is; later years are misprints.
_FIRST_YEAR, _LAST_YEAR = 1800, 2099


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A full date in a text: where it stands, the day, and the time of day as written (no time zone)."""

    start: int
    end: int
    day: date
    clock: time | None = None


def date_at(text: str, position: int = 0, near: date | None = None) -> FoundDate | None:
    """The full date that begins at a position of the text; None where there is none.

    In ``03-11-2014`` and ``03.11.2014`` the day comes first, as nearly everywhere that uses these signs; in
    ``03/11/2014`` it may be either, so that it counts only where one order is impossible or ``near`` (the
    date of the record) is one of the two.

    >>> date_at("Wed 02 Dec 2015 at 0914 Rebels ...").day
    datetime.date(2015, 12, 2)
    """
    match = _FULL_DATE.match(text, position)
    if match is None:
        return None
    day = _day_of(match, near)
    if day is None:
        return None
    return FoundDate(match.start(), match.end(), day, _clock_of(match["time"] or match["early"]))


@lru_cache(maxsize=4096)
def parse_published(value: str) -> tuple[date, time | None] | None:
    """The day and, where given, the time of day of a ``published`` value; None if it is no full date.

    ``2017-11``, ``yesterday`` and ``04/11/2017`` (April or November?) are no full dates. The day and time are
    taken as written, without a change of time zone.

    >>> parse_published("November 4, 2017 12:20:55 PM")
    (datetime.date(2017, 11, 4), datetime.time(12, 20, 55))
    """
    value = " ".join(value.split())
    if not value or len(value) > 80:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        pass
    else:
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            return None
        has_time = len(value) > 10 and ("T" in value or ":" in value)
        return moment.date(), moment.time() if has_time else None
    found = date_at(value)
    if found is not None and not value[found.end :].strip(" .,;)"):
        return found.day, found.clock
    return _by_dateparser(value)


def _by_dateparser(value: str) -> tuple[date, time | None] | None:
    """The rare rest, such as a month after the year; slow, and not for figures whose order is a guess."""
    if not re.search(r"[A-Za-z]{3}", value) or not re.search(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", value):
        return None
    import dateparser

    moment = dateparser.parse(
        value,
        languages=["en"],
        settings={
            "STRICT_PARSING": True,
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time"],
            "RELATIVE_BASE": datetime(2000, 1, 1),
        },
    )
    if moment is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    return moment.date(), moment.time() if ":" in value else None


def _day_of(match: re.Match[str], near: date | None) -> date | None:
    if match["m1"]:
        return _made(match["y1"], _MONTHS.index(match["m1"][:3].lower()) + 1, match["d1"])
    if match["m2"]:
        return _made(match["y2"], _MONTHS.index(match["m2"][:3].lower()) + 1, match["d2"])
    if match["y3"]:
        return _made(match["y3"], int(match["m3"]), match["d3"])
    day_first = _made(match["y4"], int(match["b4"]), match["a4"])
    month_first = _made(match["y4"], int(match["a4"]), match["b4"])
    if month_first is None or day_first is None or day_first == month_first:
        return day_first or month_first
    if near in (day_first, month_first):
        return near
    return None if match["s4"] == "/" else day_first


def _made(year: str, month: int, day: str) -> date | None:
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None
    try:
        return date(int(year), month, int(day.rstrip("stndrhSTNDRH")))
    except ValueError:
        return None


def _clock_of(written: str | None) -> time | None:
    match = _CLOCK_PARTS.match(written) if written else None
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    half = (match[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None
