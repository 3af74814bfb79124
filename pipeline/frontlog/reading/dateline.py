"""The dateline of a story, "BEIRUT, Nov. 4 (AP) -", and the agency that signs at its end."""

from __future__ import annotations

import re
from datetime import date, time
from functools import cache

from frontlog.reading.dates import date_at
from frontlog.reading.lexicon import agencies, agency_in, agency_pattern
from frontlog.reading.masthead import LABEL, PLACES, Masthead, bracketed_agency, tells

_DATE_START = r"\d|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# How far into the running text a date may stand after an agency: the length of a headline and its subtitle.
_LEAD = 260


def leading_dateline(text: str, title: str | None = None, near: date | None = None) -> Masthead:
    """What the story's first words say of place, agency and day: ``BEIRUT (AP) - ``, ``Wed 02 Dec 2015 ``.

    A repetition of the title before it is passed over. Nothing found gives an empty ``Masthead``.

    >>> leading_dateline("MOSUL, Iraq (AFP) — Troops entered ...").place
    'MOSUL, Iraq'
    """
    position = _after_title(text, title)
    found = _dateline_at(text, position, near)
    if not tells(found) and position:
        found = _dateline_at(text, 0, near)
    if found.day is None:
        # A headline run together with its masthead: "... in the north AFP Thursday 16 Jul 2015 At least".
        for match in _agency_and_weekday().finditer(text, 0, _LEAD):
            day = date_at(text, match.end(), near)
            if day is not None and day.end < _LEAD:
                return Masthead(found.place, None, found.agency or agencies()[match[1]], day.day, day.clock)
    return found


def signing_agency(text: str) -> str | None:
    """The agency that signs at the very end of the text: "-REUTERS", "(AFP)"; None if none does."""
    match = re.search(rf"(?:[-–—]\s?|\(|Source:\s?|[.\"”]\s)({agency_pattern()})[).]{{0,2}}\s*$", text[-60:])
    if match:
        return agencies()[match.group(1)]
    unlisted = re.search(r"\(([^()\n]{4,50})\)\.?\s*$", text[-60:])
    return unlisted[1] if unlisted and agency_in(unlisted[1]) == unlisted[1] else None


def _after_title(text: str, title: str | None) -> int:
    """Where the text goes on after (at least half of) the title; 0 if it does not begin with it."""
    if not title:
        return 0
    wanted = [word.casefold() for word in re.findall(r"\w+", title)]
    end = count = 0
    for match in re.finditer(r"\w+", text[: 3 * len(title) + 50]):
        if count == len(wanted) or match.group().casefold() != wanted[count]:
            break
        count, end = count + 1, match.end()
    if count < 3 or 2 * count < len(wanted):
        return 0
    while end < len(text) and text[end] in " .,:;\n-–—":
        end += 1
    return end


def _dateline_at(text: str, position: int, near: date | None) -> Masthead:
    """Elements in any usual order: label and date, agency, place with its dash."""
    place: str | None = None
    agency: str | None = None
    day: date | None = None
    clock: time | None = None
    for _ in range(3):
        if day is None and (dated := _leading_date(text, position, near)):
            day, clock, signed, position = dated
            agency = agency or signed
            continue
        match = _dateline_pattern().match(text, position)
        if match is None or place:
            break
        place, named = _place_and_agency(match, text)
        if place is None and named is None:
            break
        agency = agency or named
        inner = date_at((match["date"] or match["bracket"] or "").strip(), 0, near)
        if inner is not None and day is None:
            day, clock = inner.day, inner.clock
        position = match.end()
    return Masthead(place, None, agency, day, clock)


def _leading_date(
    text: str, position: int, near: date | None
) -> tuple[date, time | None, str | None, int] | None:
    """Day, time, the agency before them, and where the text goes on."""
    label = LABEL.match(text, position)
    start = label.end() if label else position
    while start < len(text) and text[start] in " :":
        start += 1
    named = _leading_agency().match(text, start)
    start = named.end() if named else start
    found = date_at(text, start, near)
    if found is None or not (label or _story_follows(text, found.end)):
        return None
    end = found.end
    while end < len(text) and text[end] in " )],.:;|-–—\n":
        end += 1
    return found.day, found.clock, agencies()[named[1]] if named else None, end


def _story_follows(text: str, position: int) -> bool:
    """Whether the words after a date begin anew: "2 May 2015 Rebels ..." and not "2 May 2015 was the day"."""
    rest = text[position : position + 12].lstrip(" )],.:;|-–—\n")
    return not rest or not rest[0].islower() or rest.startswith("at ")


def _place_and_agency(match: re.Match[str], text: str) -> tuple[str | None, str | None]:
    place = match["place"]
    enclosed = match["bracket"] or match["slashed"]
    agency = (
        bracketed_agency(enclosed, place or "", dated=match["date"] is not None)
        if enclosed and match["dash"].strip()
        else agency_in(enclosed or match["after"] or "")
    )
    if place and place in agencies():
        return None, agencies()[place]
    if place and agency is None and " " in place and place.rsplit(" ", 1)[1] in agencies():
        place, _, signed = place.rpartition(" ")
        agency = agencies()[signed]
    if place and agency is None and ", " in place and place.rsplit(", ", 1)[1] in agencies():
        place, _, signed = place.rpartition(", ")
        agency = agencies()[signed]
    if match["bracket"] and agency is None:
        dated = date_at(match["bracket"].strip()) is not None and place is not None and match["dash"].strip()
        return (place, None) if dated else (None, None)
    follows = text[match.end() : match.end() + 1]
    dash = match["dash"]
    if agency is None and place and match["date"] and date_at(match["date"].lstrip()):
        return place, None
    if agency is None and (not place or not follows or follows.islower()):
        return None, None
    if agency is None and (":" in dash or not (dash[0].isspace() or dash.rstrip() in {"–", "—", "--"})):
        return None, None
    if not dash.strip() and not (agency and place):
        return None, None
    return place, agency


@cache
def _dateline_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"""(?:(?P<place>{PLACES}?)(?=[\s,(/:–—-])(?:,\s(?P<date>(?={_DATE_START})(?:[^()\n–—]{{0,26}}?\d[^()\n–—]{{0,12}}?|\w{{3,6}}day)(?=\.?\s?[(:–—/-])))?)?
        (?:,?\s?\((?P<bracket>[^()\n]{{2,50}})\)|\.?\s/(?P<slashed>[^/()\n]{{2,40}})/|(?:,\s|\s?/\s?|\s)(?P<after>{agency_pattern()})(?:\s?/)?)?
        ,?(?P<dash>\s?[-–—]{{1,2}}\s|\s[-–—]{{1,2}}|[–—]|:\s
        |(?(bracket)\s(?=[^\Wa-z_])|(?(slashed)\.?\s(?=[^\Wa-z_])|(?!))))\s*""",
        re.VERBOSE,
    )


@cache
def _leading_agency() -> re.Pattern[str]:
    return re.compile(rf"({agency_pattern()})\s?,?\s")


@cache
def _agency_and_weekday() -> re.Pattern[str]:
    return re.compile(rf"(?<=\s)({agency_pattern()})\s?,?\s(?=(?-i:Mon|Tue|Wed|Thu|Fri|Sat|Sun))")
