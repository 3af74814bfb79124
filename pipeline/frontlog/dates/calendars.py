"""Feasts and the calendars that they follow: fixed days, Easter, the Islamic months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from frontlog.records import TimexValue

from .intervals import Interval, pick

# Days before or after Easter Sunday.
_BY_EASTER = {"easter": 0, "easter-mo": 1, "good-friday": -2, "palm-sunday": -7, "pentecost": 49}
_FIXED = {"christmas": (12, 25), "christmas-eve": (12, 24), "new-year-day": (1, 1), "new-year-eve": (12, 31),
          "nowruz": (3, 21), "halloween": (10, 31), "epiphany": (1, 6)}  # fmt: skip
# Islamic month and day, and how many days the feast takes.
_ISLAMIC = {"fitr": (10, 1, 1), "adha": (12, 10, 1), "ashura": (1, 10, 1), "ramadan": (9, 1, 30)}
_EITHER_EID = ("fitr", "adha")


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by the anonymous Gregorian algorithm (Meeus 1991, chapter 8).

    >>> easter(2017)
    datetime.date(2017, 4, 16)
    """
    golden, (century, rest) = year % 19, divmod(year, 100)
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def from_islamic(year: int, month: int, day: int) -> date | None:
    """A day of the Islamic calendar by its arithmetic (tabular) form; None outside of our calendar.

    Months begin with a sighted moon, so that the true day may be one off (Reingold and Dershowitz, Calendrical
    Calculations, chapter 7).

    >>> from_islamic(1439, 1, 10)
    datetime.date(2017, 10, 1)
    """
    ordinal = (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day + 1948055 - 1721425
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


def _islamic_years(anchor_year: int) -> range:
    near = round((anchor_year - 622) * 365.2425 / 354.367)
    return range(max(1, near - 2), near + 4)


def _days(feast: str, anchor_year: int, year: int | None) -> list[Interval]:
    """When a feast falls in ``year``, or in the years around the anchor's; in order."""
    wanted = (
        [year] if year is not None else [y for y in range(anchor_year - 2, anchor_year + 3) if 1 <= y <= 9998]
    )
    if feast in _FIXED:
        days = [date(y, *_FIXED[feast]) for y in wanted]
        return [(day, day) for day in days]
    if feast in _BY_EASTER:
        days = [easter(y) + timedelta(days=_BY_EASTER[feast]) for y in wanted if y > 1582]
        return [(day, day) for day in days]
    spans = []
    for name in _EITHER_EID if feast == "eid" else (feast,):
        month, day, length = _ISLAMIC[name]
        for islamic_year in _islamic_years(year or anchor_year):
            first = from_islamic(islamic_year, month, day)
            if first is not None and (year is None or first.year == year) and first.year < 9999:
                spans.append((first, first + timedelta(days=length - 1)))
    return sorted(spans)


def feast(fields: Mapping[str, str], anchor: date | None, direction: str) -> TimexValue:
    """A feast of the year named, or the last or next one. Days of the Islamic year are within a day (APPROX)."""
    name = fields["f"]
    year = int(fields["y"]) if "y" in fields else None
    if anchor is None and year is None:
        month_day = _FIXED.get(name)
        return TimexValue(
            "DATE", f"XXXX-{month_day[0]:02d}-{month_day[1]:02d}" if month_day else "XXXX-XX-XX"
        )
    spans = _days(name, anchor.year if anchor else 0, year)
    place = 0 if year is not None else pick(list(enumerate(spans)), anchor or date.min, direction, None)
    if place is None or not spans:
        return TimexValue("DATE", f"{year:04d}" if year is not None else "XXXX-XX-XX")
    first, last = spans[place]
    mod = "APPROX" if name in _ISLAMIC or name == "eid" else None
    return TimexValue("DATE", first.isoformat() if first == last else f"{first}/{last}", first, last, mod)


def islamic_date(fields: Mapping[str, str], anchor: date | None, direction: str) -> TimexValue:
    """ "10 Muharram 1439"; without a year the value stays open."""
    month, day = int(fields["hm"]), int(fields.get("d", "0"))
    first = from_islamic(int(fields["y"]), month, day or 1) if "y" in fields else None
    if first is None:
        return TimexValue("DATE", "XXXX-XX-XX")
    if day:
        return TimexValue("DATE", first.isoformat(), first, first, "APPROX")
    last = first + timedelta(days=28)
    return TimexValue("DATE", f"{first}/{last}", first, last, "APPROX")
