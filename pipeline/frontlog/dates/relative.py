"""Expressions counted from the anchor ("two weeks ago"), lengths, sets and bare references ("now")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from frontlog.records import TimexValue

from .intervals import add_days, add_months, interval_of, part_of, week_value

_MONTHS_IN = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}
_DAYS_IN = {"D": 1, "NI": 1, "W": 7, "FN": 14, "WE": 7}
_TIME_UNITS = frozenset({"TS", "TM", "TH"})
Fields = Mapping[str, str]

COMPARED = {"EARLIER": "START", "LATER": "END"}


def dated(value: str, mod: str | None = None, anchor: date | None = None) -> TimexValue:
    """A value with its days. "Earlier this year" ends at the anchor, "later this year" begins with it."""
    interval = interval_of(value)
    if interval is None:
        return TimexValue("DATE", value, mod=COMPARED.get(mod or "", mod))
    first, last = part_of(interval, mod)
    if mod in COMPARED:
        if anchor is not None and first <= anchor <= last:
            first, last = (first, anchor) if mod == "EARLIER" else (anchor, last)
        mod = COMPARED[mod]
    return TimexValue("DATE", value, first, last, mod)


# --- counted from the anchor ----------------------------------------------------------------------


def offset(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    """Counted in units from the anchor: "two weeks ago", "last month", "the previous day"."""
    unit, raw, mod = fields["u"], fields["n"], fields.get("p") or fields.get("mod")
    sign = int(fields["sign"]) if "sign" in fields else 1
    if raw == "X" and "ctx" in fields:
        return TimexValue("DURATION", _period(unit, raw), mod=mod)  # some days after another day
    if raw == "X":
        return TimexValue("DATE", "PAST_REF" if sign < 0 else "FUTURE_REF")
    if anchor is None and "of" in fields:
        return TimexValue("DURATION", _period(unit, raw), mod=mod)  # three years after what happened when?
    if anchor is None:
        return TimexValue(
            "DATE", _UNANCHORED.get(unit, "XXXX-XX-XX") + _tod(fields), mod=COMPARED.get(mod or "", mod)
        )
    number = float(raw) * sign
    if unit in _TIME_UNITS:
        return dated(f"{anchor.isoformat()}TXX:XX", mod)
    value = _shifted(unit, number, anchor, fields, direction)
    if value is None:
        return TimexValue("DATE", "PAST_REF" if number < 0 else "FUTURE_REF")
    found = dated(value + _tod(fields), mod, anchor)
    # "This week" ends, or begins, with the day on which it is said.
    if unit == "W" and number == 0 and found.start and found.end and "ctx" not in fields:
        if direction == "future":
            return replace(found, start=anchor)
        return replace(found, end=anchor)
    return found


_UNANCHORED = {
    "W": "XXXX-WXX",
    "WE": "XXXX-WXX-WE",
    "M": "XXXX-XX",
    "Q": "XXXX-QX",
    "Y": "XXXX",
    "DE": "XXX",
    "CE": "XX",
}


def _tod(fields: Fields) -> str:
    return f"T{fields['t']}" if "t" in fields else f"T{fields['at']}" if "at" in fields else ""


def _shifted(unit: str, number: float, anchor: date, fields: Fields, direction: str) -> str | None:
    if unit in _DAYS_IN:
        # A week from a known day is a day; several weeks, or weeks from today, are a week.
        exact = unit == "W" and "ctx" in fields and "sign" in fields and abs(number) == 1
        day = add_days(anchor, round(number * _DAYS_IN[unit]))
        if day is None:
            return None
        if unit == "WE":
            return _weekend(number, anchor, direction if "near" in fields else "")
        if unit in ("W", "FN") and not exact:
            return week_value(day)
        return day.isoformat()
    day = add_months(anchor, round(number * _MONTHS_IN[unit]))
    if day is None:
        return None
    if unit == "Y" and number != int(number):
        return f"{day:%Y-%m}"
    return {
        "M": f"{day.year:04d}-{day.month:02d}",
        "Q": f"{day.year:04d}-Q{(day.month + 2) // 3}",
        "Y": f"{day.year:04d}",
        "DE": f"{day.year // 10:03d}",
        "CE": f"{day.year // 100:02d}",
    }[unit]


def _weekend(number: float, anchor: date, direction: str) -> str | None:
    """The weekend ``number`` steps away; the one that is running on a Saturday or Sunday is "this" one."""
    day: date | None = anchor
    if number:
        day = add_days(anchor, 7 * round(number))
    elif direction in ("past", "present") and anchor.isoweekday() < 6:
        day = add_days(anchor, -7)
    return f"{week_value(day)}-WE" if day else None


def period(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    """ "The quarter", "the 1988 period" of business news: by default the last whole quarter before the anchor."""
    if anchor is None:
        return TimexValue("DATE", fields.get("y", "XXXX") + "-QX")
    last = f"{anchor.year if anchor.month > 3 else anchor.year - 1}-Q{(anchor.month - 1) // 3 or 4}"
    return dated(like(last, fields))


def like(value: str, fields: Fields) -> str:
    """The same quarter or month as ``value`` in the year of an expression, or so many years off."""
    year = int(fields["y"]) if "y" in fields else int(value[:4]) + int(fields.get("n", "0"))
    return f"{year:04d}{value[4:]}"


# --- durations, sets, references, clock times -----------------------------------------------------


def duration(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    """A length; with days where the words say that it ends ("the last 11 months") or begins at the anchor."""
    unit, raw, mod = fields.get("u", "D"), fields.get("n", "X"), fields.get("mod")
    if "half" in fields and raw != "X":
        raw = f"{float(raw) + 0.5:g}"
    value = _period(unit, raw)
    end = fields.get("e")
    if end is None and "for" in fields:
        end = "begin" if direction == "future" else "end"
    if anchor is None or raw == "X" or end is None or unit in _TIME_UNITS:
        return TimexValue("DURATION", value, mod=mod)
    sign = -1 if end == "end" else 1
    days = unit in _DAYS_IN
    amount = float(raw) * (_DAYS_IN[unit] if days else _MONTHS_IN[unit]) * sign
    other = add_days(anchor, round(amount)) if days else add_months(anchor, round(amount))
    if other is None:
        return TimexValue("DURATION", value, mod=mod)
    return TimexValue("DURATION", value, min(other, anchor), max(other, anchor), mod)


def _period(unit: str, number: str) -> str:
    if number == "0.5" and unit in ("Y", "D", "TH"):
        return {"Y": "P6M", "D": "PT12H", "TH": "PT30M"}[unit]
    if number.endswith(".5") and unit in ("Y", "TH", "TM"):
        whole, half = number.removesuffix(".5"), {"Y": "6M", "TH": "30M", "TM": "30S"}[unit]
        return f"P{'' if unit == 'Y' else 'T'}{whole}{unit[-1]}{half}"
    if unit in _TIME_UNITS:
        return f"PT{number}{unit[1]}"
    if unit == "FN":
        return f"P{'X' if number == 'X' else f'{2 * float(number):g}'}W"
    return f"P{number}{'D' if unit == 'NI' else unit}"


def recurring(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    """A set: "every Friday", "each year"."""
    if "w" in fields:
        value = f"XXXX-WXX-{fields['w']}"
    elif "s" in fields:
        value = f"XXXX-{fields['s']}"
    elif "m" in fields:
        value = f"XXXX-{int(fields['m']):02d}"
    elif "u" in fields:
        return TimexValue("SET", _period(fields["u"], fields.get("n", "1")))
    else:
        value = "XXXX-XX-XX"
    return TimexValue("SET", value + (f"T{fields['t']}" if "t" in fields else ""))


def recurring_adverb(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    """A set in one word: "daily"."""
    return TimexValue("SET", _SET_ADVERBS.get(fields["x"], "P1D"))


_SET_ADVERBS = {
    "daily": "P1D",
    "nightly": "P1D",
    "weekly": "P1W",
    "monthly": "P1M",
    "quarterly": "P1Q",
    "annually": "P1Y",
    "annual": "P1Y",
    "yearly": "P1Y",
    "hourly": "PT1H",
}


def reference(fields: Fields, anchor: date | None, direction: str) -> TimexValue:
    """PRESENT_REF, which is the anchor's day, or PAST_REF and FUTURE_REF, which are none."""
    day = anchor if fields["x"] == "PRESENT_REF" else None
    return TimexValue("DATE", fields["x"], day, day)
