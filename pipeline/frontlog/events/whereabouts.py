"""Which place a candidate's target means: its own name, or what "the town", "it", "the crossing" stands for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from frontlog.events.context import REGION_WORDS, TOWN_WORDS, Case
from frontlog.events.scene import NamedPlace, is_country, is_settlement, without_owner
from frontlog.places import context_countries
from frontlog.records import Candidate, Place

_Fits = Callable[[NamedPlace], bool]

# Names that a sentence holds against its own subject: "Unlike the battle for X, ..."
_CONTRAST = re.compile(
    r"\b(?:unlike|like|compared (?:with|to)|as in|similar to|in contrast to)\b[^,.;]*$", re.IGNORECASE
)
# More people than any place that newspapers call so.
_AT_MOST = {"town": 400_000, "village": 60_000, "hamlet": 20_000, "township": 300_000}
# Kinds of targets that are a populated place or lie in one.
_WITHIN_A_TOWN = frozenset({"settlement", "district", "person", "facility"})
_LANDSCAPE = re.compile(
    r"^(?:bank|river|valley|coast|shore|desert|lake|mountain|ridge|delta|basin|sea|bay)s?$"
)
_ONE_OF_SEVERAL = re.compile(r"(?:a|an|two|three|four|five|several|some|\d+)\b", re.IGNORECASE)
_SUBURB = re.compile(r"the [\w’' -]+ (?:suburb|district|neighbou?rhood|quarter)", re.IGNORECASE)
_RANKED = re.compile(r"the (?:first|last|latest|next|only|second|third) ", re.IGNORECASE)
_DEFINITE = re.compile(r"(?:the|this|that|its|their) ", re.IGNORECASE)


def find_place(case: Case) -> tuple[NamedPlace | None, str | None]:
    """The place of a candidate's target, and whether the target is ``at`` or ``near`` it; (None, None) if none is."""
    candidate = case.candidate
    name = _own_name(case)
    if name is None and candidate.target_head in {"name", "person_or_place"} and candidate.place is not None:
        return None, None  # the words name something else: nothing else is meant by them
    if name is not None:
        if name.place is not None and is_settlement(name.place) and _LANDSCAPE.search(head_word(candidate)):
            name = replace(name, place=None)  # "the west bank of the Dnipro" is not the town of Dnipro
        if candidate.target_head == "facility" and is_country(name.place):
            back = antecedent(case)  # "the border crossing with Syria": at the town named before
            return (back, "near") if back is not None else (name, candidate.place_relation)
        if _lies_in(case, name) and (back := antecedent(case)) is not None:
            return back, "at"  # "the city in X province": the city is named elsewhere
        return name, candidate.place_relation
    back = antecedent(case)
    if back is None:
        return None, None
    head = head_word(candidate)
    part = candidate.target_head == "facility" or (
        candidate.target_head == "region" and head not in REGION_WORDS
    )
    unnamed = candidate.target is not None and bool(_ONE_OF_SEVERAL.match(candidate.target.text))
    return back, "near" if part or unnamed else "at"


def _own_name(case: Case) -> NamedPlace | None:
    """The place name within the target's own words; None where those words name an actor or a source."""
    span = case.shift(case.candidate.place)
    if span is None:
        return None
    start, text = without_owner(span.start, span.text)
    for name in case.scene.named:
        if name.end == span.end and name.start == start:
            # A lone namesake in a country that the article does not speak of: the name stays, the place does not.
            return name if name.firm or name.place is None else replace(name, place=None)
    overlapping = [
        n for n in case.scene.named if n.start < span.end and start < n.end and n.place is not None
    ]
    return overlapping[0] if overlapping and text in overlapping[0].text else None


def _lies_in(case: Case, name: NamedPlace) -> bool:
    """ "the city in oil-rich X province", "the X suburb": the name is not the target's own."""
    candidate = case.candidate
    if candidate.place_relation != "at" or candidate.target is None:
        return False
    if _SUBURB.fullmatch(candidate.target.text) and is_settlement(name.place):
        here = [
            n for n in case.scene.named if case.quote.start <= n.start < name.start and is_settlement(n.place)
        ]
        return bool(here)  # "left Daraya ... handed the Damascus suburb over"
    larger = name.descriptor in REGION_WORDS or (name.place is not None and not is_settlement(name.place))
    if not larger or head_word(candidate) not in TOWN_WORDS or not _DEFINITE.match(candidate.target.text):
        return False
    own = re.search(rf"\bof\s+{re.escape(name.text)}", candidate.target.text)
    return own is None  # "the city in X province", not "the city of X"


def head_word(candidate: Candidate) -> str:
    """The noun that says what the target is ("town", "province"); its last word where it is no such noun."""
    if candidate.target is None:
        return ""
    words: list[str] = re.findall(
        r"[a-z]+", re.split(r" (?:of|in|near|on|at) ", candidate.target.text)[0].lower()
    )
    for word in reversed(words):
        single = word[:-1] if word.endswith("s") else word
        if single in TOWN_WORDS | REGION_WORDS:
            return single
    return words[-1] if words else ""


# The target is a part of a place or lies by it: "the city's hospital", "the countryside east of the city".
_PART_OF = re.compile(r"\bthe (town|city|village|capital)['’]s\b", re.IGNORECASE)
_BESIDE = re.compile(
    r"\b(?:of|outside|around|near|from) (?:the|this|that) (town|city|village|capital)\b", re.IGNORECASE
)


def _owner(candidate: Candidate) -> str | None:
    """The settlement noun that a part belongs to ("the *city*'s hospital"); None where the target is no such part."""
    if candidate.target is None or candidate.target_head not in {"facility", "region", "district"}:
        return None
    match = _PART_OF.search(candidate.target.text) or _BESIDE.search(candidate.target.text)
    return str(match[1]).lower() if match else None


def _fitting(candidate: Candidate) -> _Fits:
    """What a place must be to be meant by the target's noun."""
    owner = _owner(candidate)
    head = owner or head_word(candidate)
    region = owner is None and head in REGION_WORDS and head not in {"area", "territory", "enclave"}
    populated = owner is not None or head in TOWN_WORDS or candidate.target_head in _WITHIN_A_TOWN
    seat = head == "capital" and _is_seat(candidate)

    def fits(name: NamedPlace) -> bool:
        if is_country(name.place) or not name.firm:
            return False
        if seat:
            return name.place is not None and name.place.feature_code == "PPLC"
        if region:
            return name.place is None or not is_settlement(name.place)
        if populated:
            small = name.place is None or name.place.population <= _AT_MOST.get(head, 10**9)
            return is_settlement(name.place) and small
        return True

    return fits


def antecedent(case: Case) -> NamedPlace | None:
    """The place that an unnamed target means: one named before, or after it where a new section opens."""
    candidate, scene, memory = case.candidate, case.scene, case.memory
    if candidate.target is None:
        return None
    at = case.offset + candidate.target.start
    fits, head = _fitting(candidate), _owner(candidate) or head_word(candidate)
    if head == "border":
        return None  # "toward the Iraqi border": no place named before is meant
    here = [n for n in scene.named if case.quote.start <= n.start < at and fits(n)]
    if candidate.event_type == "siege" and candidate.target_head == "person":
        return here[-1] if here else None
    if candidate.target_head in {"person", "equipment"}:
        return memory.focus.get(case.number) or _last_named(case, at, fits, reach=1)
    if here:
        return here[-1]
    if _RANKED.match(candidate.target.text):  # "The first city to fall, fighters flocked to X"
        later = [n for n in scene.named if at < n.start < case.quote.end and fits(n)]
        if later:
            return later[0]
    definite = (
        candidate.target_head == "pronoun"
        or _owner(candidate) is not None
        or bool(_DEFINITE.match(candidate.target.text))
    )
    focus = memory.focus.get(case.number)
    if definite and focus is not None and fits(focus):
        return focus
    if head == "capital" and _is_seat(candidate) and (seat := _capital(case)) is not None:
        return seat
    before = (
        _last_called(case, at, fits, head) or _in_focus(case, fits) or _last_named(case, at, fits, reach=2)
    )
    if definite and candidate.sentence == 0 and head in TOWN_WORDS:
        called = memory.called[before.text.lower()] & TOWN_WORDS if before else set()
        if case.number in scene.sections or before is None or (called and head not in called):
            ahead = _next_named(case, at, fits)
            if ahead is not None:
                return ahead
    if before is not None and definite and head in TOWN_WORDS:
        memory.called[before.text.lower()].add(head)
    return before if definite else None  # "a village", "several areas": which one is not said


def _in_focus(case: Case, fits: _Fits) -> NamedPlace | None:
    """What the passage before was about: the place of its last event."""
    if case.number in case.scene.sections:
        return None
    focus = case.memory.focus.get(case.number - 1)
    return focus if focus is not None and fits(focus) else None


def _is_seat(candidate: Candidate) -> bool:
    """ "the capital", not "the provincial capital"."""
    words = candidate.target.text if candidate.target else ""
    return (
        re.search(r"\b(?:provincial|regional|state|district|former|old|de[- ]facto)\b", words, re.IGNORECASE)
        is None
    )


def _capital(case: Case) -> NamedPlace | None:
    """The capital of the country that the target names ("the Chadian capital"), else of the article's country."""
    target = case.shift(case.candidate.target)
    if target is None:
        return None
    named = context_countries(target.text)
    place = case.scene.capitals.get(next(iter(named)) if len(named) == 1 else case.scene.country or "")
    return NamedPlace(target.start, target.end, place.name, place, "capital") if place else None


def _section_start(case: Case, reach: int) -> int:
    """Where the section of the case's passage begins, at most ``reach`` passages back."""
    low = case.number
    while low > 0 and case.number - low < reach and low not in case.scene.sections:
        low -= 1
    return case.scene.spans[low][0]


def _last_called(case: Case, at: int, fits: _Fits, head: str) -> NamedPlace | None:
    """The last place of the section that the article calls by the same noun ("the city of X", then "the city")."""
    start = _section_start(case, reach=case.number)
    called = case.memory.called
    found = [
        n for n in case.scene.named if start <= n.start < at and fits(n) and head in called[n.text.lower()]
    ]
    return found[-1] if found else None


def _last_named(case: Case, at: int, fits: _Fits, reach: int) -> NamedPlace | None:
    """The last name before ``at`` that fits, at most ``reach`` passages back; a new section ends the search."""
    start = _section_start(case, reach)
    found = [n for n in case.scene.named if start <= n.start < at and fits(n)]
    return found[-1] if found else None


def _next_named(case: Case, at: int, fits: _Fits) -> NamedPlace | None:
    """The first fitting name after ``at``, up to the end of the next passage, that was not named before."""
    scene = case.scene
    end = scene.spans[min(case.number + 1, len(scene.spans) - 1)][1]
    earlier = {n.text.lower() for n in scene.named if n.start < at}
    for name in scene.named:
        if not (at <= name.start < end and fits(name)) or name.text.lower() in earlier:
            continue
        if not _CONTRAST.search(scene.article.text[max(0, name.start - 80) : name.start]):
            return name
    return None


def country_of(case: Case, place: Place | None) -> str | None:
    """The country of the place; of the sentence's other places or the article's, where the place did not resolve."""
    if place is not None:
        return place.country
    here = {
        n.place.country
        for n in case.scene.named
        if n.place and n.firm and case.quote.start <= n.start < case.quote.end and not is_country(n.place)
    }
    return here.pop() if len(here) == 1 else case.scene.country
