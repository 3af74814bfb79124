"""What stands around a headline: byline, place, agency, day of publication."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, time

from frontlog.reading.dates import date_at
from frontlog.reading.lexicon import agencies, agency_in, agency_pattern
from frontlog.reading.sitename import is_site_name

LABEL = re.compile(
    r"(?P<update>(?:last\s|date\s)?(?:updated?|modified|revised|edited)(?:\son|\sat)?)"
    r"|(?:first\s|date\s|originally\s)?(?:published|posted|issued|created|released|uploaded|filed|added)(?:\s(?:date|on|at|online))?"
    r"|date\sof\spublication|publication\sdate|publish\sdate|pub\sdate|date",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[|•·]\s*|\s+[-–—]{1,2}\s+|\s/\s")
_SMALL = re.compile(
    r"(?:\d{1,3}\s(?:min(?:ute)?s?|sec(?:ond)?s?)\s?(?:of\s)?(?:read|reading)?|(?:no|\d{1,5})\s(?:comments?|views|shares|likes|reads)"
    r"|comments?|print|e-?mail|share|tweet|world|news|middle\seast|africa|asia|europe|americas|home|politics|international|region"
    r"|world\snews|top\snews|breaking\snews|staff|agencies|updated|published|[\w.+-]{1,40}@[\w.-]{1,60}|@\w{1,30})",
    re.IGNORECASE,
)
_NAME = r"(?:(?:a[dlnrstz]|e[lnrstz]|ash|d)[-'’])?[^\W\da-z_][\w'’.\-]*"
# Something always stands between two names: else a word in capitals could be divided in countless ways.
_NAMES = re.compile(
    rf"{_NAME}(?:(?:,?\s(?:and|&|y|de|da|van|von|der|den|bin|ben|ibn|al|el|ul|la|le|of|for|in|the|at|with)\s|,\s?|/\s?|\s)"
    rf"{_NAME}){{0,14}}"
)
_BY = re.compile(
    r"(?:(?:written|reported|posted|published|story|report|text|words|submitted)\s)?by(?=[\s:|]|$)[\s:|]{0,4}"
    r"|(?:author|reporter|correspondent|writer)s?\s?:\s*",
    re.IGNORECASE,
)
# "our own correspondents in Zagreb and Sarajevo", "a staff reporter", "Northern Post staff".
_ROLE = (
    r"(?:staff(?:\s(?:writers?|reporters?|correspondents?))?|agencies|agency|(?:news\s?|foreign\s|world\s)?desk"
    r"|(?:staff\s|special\s|own\s|foreign\s|war\s|diplomatic\s|defen[cs]e\s|political\s)?"
    r"(?:correspondents?|reporters?|writers?|editors?|staff|bureau)|news\sservices|wire\s(?:services|reports))"
)
_ROLES = re.compile(
    rf"(?:(?:an?|our|the|from)\s){{0,2}}(?:(?-i:{_NAMES.pattern}),?\s)?{_ROLE}(?:,?\s(?:and|&)\s(?:our\s)?{_ROLE})?"
    rf"(?:,?\s(?:in|of|for|at)\s(?:the\s)?(?-i:{_NAMES.pattern}))?",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    rf"(?:from\s)?(?:(?:an?|our|the)\s)?(?P<who>{_ROLE})(?:\sin\s(?-i:{_NAMES.pattern}))?", re.IGNORECASE
)
_ROLE_WORD = re.compile(rf"\b{_ROLE}\b", re.IGNORECASE)
_CALENDAR = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|June|July|August|September|October|November|December)\b"
)
_PLACE_WORD = r"(?:[^\W\da-z_][\w'’]*\.?(?:-[\w'’]+)*|(?:a[dlnrstz]|e[lnrstz]|ash|esh)-[\w'’]+)"
_PLACE = rf"{_PLACE_WORD}(?:\s(?:of\s|the\s|al\s|el\s|de\s)?{_PLACE_WORD}){{0,3}}"
PLACES = rf"{_PLACE}(?:(?:,\s?|/){_PLACE}){{0,2}}"
_PLACE_ONLY = re.compile(PLACES)
_WRITER_IN = re.compile(rf"(?P<writer>{_NAME}(?:\s{_NAME}){{1,3}}),?\sin\s(?P<place>{PLACES})")
_SIGNED = re.compile(r"(?:(?P<said>[^()\n]+?),?\s?)?\((?P<agency>[^()\n]{2,50})\)")
_SOURCE = re.compile(r"(?:source|agency)\s?:\s?(?P<name>.{2,50})", re.IGNORECASE)
_AGENCY_NAME = re.compile(
    r"(?!The\s[A-Z]+\b$)[^\W\da-z_][\w'’&.-]*(?:[\s/](?:(?:of|the|de|and|&)\s)?[^\W\da-z_][\w'’&.-]*){0,4}"
)


@dataclass(frozen=True, slots=True)
class Masthead:
    """What a masthead line or a leading dateline says; None for what it does not say.

    ``updated`` is set where the date is labelled as one of a change, not of publication; ``publisher`` is a
    newspaper or site that the line names.
    """

    place: str | None = None
    byline: str | None = None
    agency: str | None = None
    day: date | None = None
    clock: time | None = None
    updated: bool = False
    publisher: str | None = None


def parse_masthead(line: str, near: date | None = None) -> Masthead | None:
    """Reads a line that holds nothing but masthead fields; None if anything else stands in it.

    >>> parse_masthead("Beirut | Published: November 4, 2017 12:20:55 PM").day
    datetime.date(2017, 11, 4)
    """
    if len(line) > 250:
        return None
    whole = _field(line.strip(), near)
    if whole is not None:
        return whole if tells(whole) else None
    found: list[Masthead] = []
    # A date can hold the separator ("4 November 2017 - 12:20"): what makes no field is tried with the next.
    pending = ""
    for part in _parts(line.strip()):
        joined = f"{pending} - {part}" if pending else part
        read = _field(joined, near) or (_field(part, near) if not pending else None)
        if read is None:
            pending = joined
            continue
        found.append(read)
        pending = ""
    if pending and not _SMALL.fullmatch(pending):
        return None
    merged = _merge(found)
    # A bare place or name is no masthead: it may be a headline ("Mosul | Raqqa").
    return merged if tells(merged) else None


def parse_byline(line: str) -> Masthead | None:
    """Reads a line that only says who wrote ("By: |", "By Jane Doe, Associated Press"); None if it says more.

    >>> parse_byline("By Jane Doe and Omar Haddad").byline
    'Jane Doe and Omar Haddad'
    """
    line = line.strip()
    match = _BY.match(line)
    if match is None:
        return Masthead(byline=line.removeprefix("From ")) if is_office(line) else _signed(line)
    rest = line[match.end() :].strip(" |:,")
    if not rest:
        return Masthead()
    if len(rest) > 150 or rest.endswith(".") or _CALENDAR.search(rest):
        return None
    parts = [part for part in _SEPARATOR.split(rest) if part]
    if not all(_NAMES.fullmatch(part) or _SMALL.fullmatch(part) or _is_role(part) for part in parts):
        return None
    named = [part for part in parts if not _SMALL.fullmatch(part)]
    if not named:
        return Masthead()
    agency = agency_in(rest)
    if named[0] in agencies() or named[0].removeprefix("The ") == agency:
        return Masthead(agency=agency)
    placed = _WRITER_IN.fullmatch(named[0])
    if placed and len(named) == 1 and " and " not in placed["writer"] and not _is_role(placed["writer"]):
        return Masthead(byline=placed["writer"], place=placed["place"], agency=agency)
    signed = f"{agency_pattern()}|{re.escape(agency)}" if agency else agency_pattern()
    first = re.sub(rf",?\s(?:for\s|of\s)?(?:the\s)?(?:{signed})$", "", named[0])
    return Masthead(
        byline=first or None,
        agency=agency,
        place=named[1] if len(named) > 1 and not agency_in(named[1]) else None,
    )


def _is_role(text: str) -> bool:
    """Whether a byline names offices: "a Staff Correspondent", "our foreign staff and agencies"."""
    return len(text) <= 100 and bool(_ROLE_WORD.search(text) and _ROLES.fullmatch(text))


def is_office(line: str) -> bool:
    """Whether a line names nobody but an office: "Staff Reporter", "From our own correspondent".

    The one-line byline of older newspapers; as a first line it may be the headline of a story about a reporter.
    """
    return len(line) <= 100 and _OFFICE.fullmatch(line.strip()) is not None


def is_small_print(line: str) -> bool:
    """Whether a line is one of the small entries around a headline: "3 min read", "12 comments", "World"."""
    return bool(_SMALL.fullmatch(line.strip()))


def _signed(line: str) -> Masthead | None:
    """A line that holds an agency alone or with a place: "AFP", "Reuters, Beirut"."""
    name, _, place = (part.strip() for part in line.partition(","))
    if name not in agencies() or (place and not _PLACE_ONLY.fullmatch(place)):
        return None
    return Masthead(place=place or None, agency=agencies()[name])


def _parts(line: str) -> list[str]:
    return [part for part in _SEPARATOR.split(line) if part]


def _field(part: str, near: date | None) -> Masthead | None:
    """One field of a masthead: labelled or bare dates, byline, agency, place, or small print."""
    part = part.strip(" ,;|")
    if LABEL.fullmatch(part):
        # "Updated - November 4, 2017": a label goes with what follows.
        return None
    if not part or _SMALL.fullmatch(part):
        return Masthead()
    dated = _dated(part, near)
    if dated is not None:
        return dated
    byline = parse_byline(part)
    if byline is not None:
        return byline
    if is_site_name(part, only_sure=True):
        return Masthead(publisher=part)
    if _PLACE_ONLY.fullmatch(part) and len(part.split()) <= 5:
        return Masthead(place=part)
    signed = _SIGNED.fullmatch(part)
    if signed:
        said = _field(signed["said"], near) if signed["said"] else Masthead()
        agency = bracketed_agency(
            signed["agency"], (said and said.place) or "", dated=bool(said and said.day)
        )
        return replace(said, agency=agency) if said and agency else None
    source = _SOURCE.fullmatch(part)
    if source:
        agency = agency_in(source["name"])
        return Masthead(agency=agency) if agency and source["name"].endswith(agency) else None
    # "Beirut, November 4, 2017": a place before a date.
    head, comma, rest = part.partition(",")
    dated = _dated(rest.strip(), near) if comma and _is_place(head) else None
    if dated is None:
        # "November 4, 2017, Beirut": and after one.
        rest, comma, head = (piece.strip() for piece in part.rpartition(","))
        dated = _dated(rest, near) if comma and _is_place(head) else None
    if dated is None:
        return None
    named = Masthead(publisher=head) if is_site_name(head, only_sure=True) else Masthead(place=head)
    return _merge([named, dated])


def _is_place(text: str) -> bool:
    return _PLACE_ONLY.fullmatch(text) is not None and len(text.split()) <= 4


def _dated(part: str, near: date | None) -> Masthead | None:
    """Dates, each with or without a label, and nothing else."""
    found: list[Masthead] = []
    position = 0
    while position < len(part):
        label = LABEL.match(part, position)
        start = label.end() if label else position
        while start < len(part) and part[start] in " :|,-–—":
            start += 1
        day = date_at(part, start, near)
        if day is None:
            written = parse_byline(part[position:]) if found else None
            return _merge([*found, written]) if written else None
        found.append(Masthead(day=day.day, clock=day.clock, updated=bool(label and label["update"])))
        position = day.end
        while position < len(part) and part[position] in " ,;|()[]-–—/.":
            position += 1
    return _merge(found) if found else None


def _merge(found: list[Masthead]) -> Masthead:
    """The first of each; a date of publication goes before one of a change."""
    dates = sorted((item for item in found if item.day), key=lambda item: item.updated)
    return Masthead(
        place=next((item.place for item in found if item.place), None),
        byline=next((item.byline for item in found if item.byline), None),
        agency=next((item.agency for item in found if item.agency), None),
        day=dates[0].day if dates else None,
        clock=dates[0].clock if dates else None,
        updated=dates[0].updated if dates else False,
        publisher=next((item.publisher for item in found if item.publisher), None),
    )


def tells(masthead: Masthead) -> bool:
    """Whether a masthead says more than a bare place: a day, a writer or an agency."""
    return masthead.day is not None or masthead.byline is not None or masthead.agency is not None


def bracketed_agency(text: str, place: str, *, dated: bool = False) -> str | None:
    """The agency in the brackets of a dateline, a name that no list has included; None if it is none.

    Such a name must end like an agency's, or follow a place in capitals or a date, as in a dateline.
    """
    agency = agency_in(text)
    if agency or not (dated or (place.isupper() and len(place) > 2) or re.match(r"[A-ZÀ-Þ]{3}", place)):
        return agency
    plain = text.strip()
    named = _AGENCY_NAME.fullmatch(plain) is not None and len(plain) >= 2
    return plain if named and not _CALENDAR.search(plain) else None
