"""Full dates in forms that the grammar leaves to dateparser: ``2017/10/17``, ``17OCT2017``, e-mail headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from frontlog.records import Timex, TimexValue

from .intervals import interval_of

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
_ZONE = r"(?:Z|[+-]\d{2}:?\d{2}|[A-Z]{2,4}T|UTC|GMT)"
# Every form holds a year of four digits, so that the anchor does not matter. No part can be read in two ways.
_FORMS = re.compile(
    rf"""(?<![\w./:-])(?:
      \d{{4}}/\d{{1,2}}/\d{{1,2}}
    | \d{{4}}\.\d{{2}}\.\d{{2}}
    | \d{{1,2}}(?:[./]{_MONTH}[./]|{_MONTH})\d{{4}}
    | (?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}},?\s(?:
       {_MONTH}\s{{1,2}}\d{{1,2}}\s{_CLOCK}(?:\s(?-i:{_ZONE}))?\s\d{{4}}
      |\d{{1,2}}\s{_MONTH}\s\d{{4}}\s{_CLOCK}\s(?-i:{_ZONE}))
    | \d{{4}}-\d{{2}}-\d{{2}}[T ]{_CLOCK}\s?(?-i:{_ZONE})
    | \d{{8}}T\d{{4}}(?:\d{{2}})?(?-i:Z)?
    )(?![\w/-]|\.\d|:\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_MAY_HOLD = re.compile(r"\d{4}[/.]\d|\d{8}T|(?<=[./])\d{4}|(?<=[A-Za-z]{3})\d{4}|\d:\d")
# A text with more of them is a table or an attack; the rest stays unread.
_MOST = 200


def find_explicit(text: str) -> list[Timex]:
    """Full dates of ``text`` in these forms, in order; those that dateparser cannot read are left out."""
    if _MAY_HOLD.search(text) is None:
        return []
    found: list[Timex] = []
    for match in _FORMS.finditer(text):
        if len(found) == _MOST:
            break
        if value := _parse(match[0]):
            kind = "TIME" if "T" in value else "DATE"
            found.append(Timex(match.start(), match.end(), match[0], kind, ("explicit", f"x={value}")))
    return found


@lru_cache(maxsize=8192)
def _parse(words: str) -> str | None:
    """The TIMEX3 value, as precise as the period that dateparser reports; no change of time zone."""
    clock = re.search(r"(?<=\d[T ])(\d{2}):?(\d{2})(?=:?\d{2}|\D|$)|\s(\d{1,2}):(\d{2})", words)
    found: Any = _parser(words[:4].isdigit()).get_date_data(
        re.sub(r"^(\d{4})(\d\d)(\d\d)T.*", r"\1-\2-\3", words)
    )
    if found is None or found.date_obj is None or not 1000 <= found.date_obj.year <= 2099:
        return None
    day = str(found.date_obj.date().isoformat())
    length = {"year": 4, "month": 7}.get(found.period, 10)
    if clock is None or length < 10:
        return day[:length]
    hour, minute = (int(part) for part in clock.groups() if part is not None)
    return f"{day}T{hour:02d}:{minute:02d}" if hour <= 24 and minute < 60 else day


@lru_cache(maxsize=2)
def _parser(year_first: bool) -> Any:
    from dateparser.date import DateDataParser

    settings = {
        "PREFER_DATES_FROM": "current_period",
        "RETURN_TIME_AS_PERIOD": True,
        "DATE_ORDER": "YMD" if year_first else "DMY",
    }
    return DateDataParser(languages=["en"], settings=settings)


def explicit_value(fields: Mapping[str, str], *_: object) -> TimexValue:
    """The value found when the expression was parsed: it needs no anchor."""
    first, last = interval_of(fields["x"]) or (None, None)
    return TimexValue("DATE", fields["x"], first, last)
