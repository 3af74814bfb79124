"""Mentions of one article gathered into groups that get one sense, with what the words around them say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from frontlog.places.folding import strict
from frontlog.places.gazetteer import Gazetteer, Match
from frontlog.places.surface import CountrySpan, Reading, cues, readings
from frontlog.places.tables import abbreviations, countries, demonym_keys
from frontlog.records import PlaceMention

PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})

# Ways of matching that need no leave from the context.
EXACT = frozenset({"name", "alternate", "compact"})


@dataclass(slots=True)
class Group:
    """All mentions of one name with one kind: they get one sense."""

    reading: Reading
    kind: str | None
    mentions: list[int] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)
    countries: Counter[str] = field(default_factory=Counter)
    containers: set[tuple[str, str | None]] = field(default_factory=set)
    base: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)


def group_mentions(
    mentions: Sequence[PlaceMention],
    text: str,
    spans: Sequence[CountrySpan],
    gazetteer: Gazetteer,
    demonyms: bool,
) -> tuple[list[Group], dict[int, str]]:
    """Groups in the order of their first mentions, and the mentions that are no places: index -> reason."""
    groups: dict[tuple[str, str | None], Group] = {}
    refused: dict[int, str] = {}
    order = sorted(range(len(mentions)), key=lambda i: (mentions[i].start, mentions[i].end, i))
    for position, index in enumerate(order):
        mention = mentions[index]
        if mention.label not in PLACE_LABELS:
            refused[index] = f"label {mention.label} is not a place"
            continue
        name = mention.text
        if people := demonym_keys().get(strict(name)):
            if not demonyms:
                refused[index] = "a people, not a place"
                continue
            name = countries()[people].names[0]
        reading, matches = read_name(name, gazetteer)
        around = cues(text, mention.start, mention.end)
        kind = reading.kind or around.kind
        group = groups.setdefault((strict(reading.name), kind), Group(reading, kind, matches=list(matches)))
        group.mentions.append(index)
        for country in (reading.country, around.country):
            if country:
                group.countries[country] += 1
        following = mentions[order[position + 1]] if position + 1 < len(order) else None
        group.containers |= _containers(mention, following, text, spans, gazetteer)
    return list(groups.values()), refused


def read_name(text: str, gazetteer: Gazetteer) -> tuple[Reading, tuple[Match, ...]]:
    """The least changed reading that the gazetteer knows exactly, else the last one with loose candidates."""
    found = readings(text)
    loosely: tuple[Reading, tuple[Match, ...]] | None = None
    for reading in found:
        matches = gazetteer.matches(reading.name)
        if any(match.exactness in EXACT for match in matches):
            return reading, matches
        if matches:
            loosely = reading, matches
    return loosely or (found[-1], ())


# What may stand between a place and the one that contains it: "Souran, northern Hama", "Qaim in Iraq".
_GAP = re.compile(
    r"(?:\s+(?:town|city|village|district|province|governorate|region|county))?"
    r"(?:,?\s+in|,|\s+\(|,?\s+of)\s*(?:in\s+)?(?:the\s+)?"
    r"(?:(?:north|south|east|west|central)\w*\s+)?"
    r"(?:(?:province|countryside|governorate|state|suburbs)\s+of\s+)?(?:[A-Z][a-z]+['’]s\s+)?",
)
_NEXT_WORDS = re.compile(r",\s+((?:[A-Z][\w]*\.?\s?){1,3})")


def _containers(
    mention: PlaceMention,
    following: PlaceMention | None,
    text: str,
    spans: Sequence[CountrySpan],
    gazetteer: Gazetteer,
) -> set[tuple[str, str | None]]:
    """Regions (country, admin1 code) or countries (country, None) that a mention is said to lie in."""
    found: set[tuple[str, str | None]] = set()
    span = _first_span_after(spans, mention.end)
    if (
        span
        and span.kind == "name"
        and span.start - mention.end <= 45
        and _GAP.fullmatch(text, mention.end, span.start)
    ):
        found.add((span.country, None))
    if match := _NEXT_WORDS.match(text, mention.end, mention.end + 40):
        words = match[1].split()
        for size in range(len(words), 0, -1):
            short = " ".join(words[:size])
            if region := abbreviations().get(short) or abbreviations().get(short.rstrip(".,")):
                found |= _regions_named(region, gazetteer)
                break
    if (
        following is not None
        and following.label in PLACE_LABELS
        and following.start - mention.end <= 45
        and _GAP.fullmatch(text, mention.end, following.start)
    ):
        found |= _regions_named(read_name(following.text, gazetteer)[0].name, gazetteer)
    return found


def _first_span_after(spans: Sequence[CountrySpan], end: int) -> CountrySpan | None:
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        if spans[middle].start < end:
            low = middle + 1
        else:
            high = middle
    return spans[low] if low < len(spans) else None


def _regions_named(name: str, gazetteer: Gazetteer) -> set[tuple[str, str | None]]:
    found: set[tuple[str, str | None]] = set()
    for match in gazetteer.matches(name)[:20]:
        if match.exactness in EXACT and match.place.country:
            if match.place.feature_code == "PCLI":
                found.add((match.place.country, None))
            elif match.place.feature_code == "ADM1":
                found.add((match.place.country, match.admin1_code))
    return found
