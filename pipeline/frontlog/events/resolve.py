"""From candidates to event mentions: which place, who, when, and whether it is an event at all.

All of it depends on the article: its date, its other places and actors, and the sentences before and after.
"""

from __future__ import annotations

import re
from dataclasses import replace

from frontlog.actors import is_anaphor, source_kind
from frontlog.events.context import Case, Memory
from frontlog.events.participants import find_actors_of, find_source, opponent
from frontlog.events.scene import NamedPlace, Scene, is_country, is_settlement
from frontlog.events.timing import find_date, with_date
from frontlog.events.whereabouts import country_of, find_place
from frontlog.places import geo_precision
from frontlog.records import Actor, Candidate, EventMention, Place, Span

_VAGUE_REGION = re.compile(
    r"^(?:the |its |their |more |new |some |large |huge |vast |lost |any |all |further |much |this |that )*"
    r"(?:territor(?:y|ies)|ground|lands?|areas?|swathe?s?|positions?|parts?|miles?|kilomet(?:er|re)s?)"
    r"(?: of (?:territory|land|ground))?$",
    re.IGNORECASE,
)
_VAGUE_ALWAYS = re.compile(r"territor|ground|land|swath", re.IGNORECASE)
# Plain plurals name nothing in particular: "lost supply routes".
_BARE_PLURAL = re.compile(r"(?:[a-z]+ )?[a-z]+s")
_MEASURE = re.compile(
    r"\b(?:square )?(?:miles|kilomet(?:er|re)s|km|hectares|acres|met(?:er|re)s)\b", re.IGNORECASE
)
# Words for armed people that name no party.
_ARMED = re.compile(
    r"\b(?:commanders?|soldiers|troops|paratroopers?|marines|commandos?|gunmen|fighters|force|forces|column|brigade|battalion"
    r"|division|regiment|infantry|units?|squads?|patrols?|convoy|garrison)\b",
    re.IGNORECASE,
)
_CIVIL_EQUIPMENT = re.compile(
    r"\b(?:drugs?|cocaine|heroin|cannabis|cash|money|cigarettes|alcohol)\b", re.IGNORECASE
)
_POLICE = re.compile(
    r"\b(?:police|customs|officers?|detectives|coast ?guard|authorities|agents)\b", re.IGNORECASE
)
_SEVERAL_TOWNS = re.compile(
    r"\b(?:several|some|many|dozens|number|string|\w+ty|\d+|two|three|four|five|six|seven|eight|nine|ten|twelve"
    r"|other|more|the) (?:\w+ ){0,2}(?:villages|towns|settlements|areas)\b",
    re.IGNORECASE,
)
_FACILITY_NAME = re.compile(
    r"\b(?:airport|air ?base|base|crossing|bridge|dam|road|highway|oil ?field|barracks|port|hill|checkpoint)\b",
    re.IGNORECASE,
)
_DISTRICT_NAME = re.compile(r"\b(?:neighbou?rhood|district|quarter|suburb|old city)\b", re.IGNORECASE)


def resolve_events(scene: Scene) -> list[EventMention]:
    """All event mentions of one article, in order of the text; candidates that are no capture events are left out."""
    memory = Memory()
    for name in scene.named:
        if name.descriptor:
            memory.called[name.text.lower()].add(name.descriptor)
    mentions: list[EventMention] = []
    for number, ((offset, _), analysis) in enumerate(zip(scene.spans, scene.analyses, strict=True)):
        for candidate in analysis.candidates:
            start, end = (offset + edge for edge in analysis.sentences[candidate.sentence])
            quote = Span(start, end, scene.article.text[start:end])
            mention = resolve_candidate(Case(scene, memory, number, offset, candidate, quote))
            if mention is None:
                continue
            mentions.append(mention)
            memory.last = mention
            if mention.date_value and mention.date_text and mention.modality == "actual":
                memory.dated, memory.dated_at = mention, (number, candidate.sentence)
    return mentions


def resolve_candidate(case: Case) -> EventMention | None:
    """One candidate as an event mention; None if it is no capture event."""
    candidate = case.candidate
    target, trigger = case.shift(candidate.target), case.shift(candidate.trigger)
    if target is None or trigger is None:
        return None
    name, relation = find_place(case)
    if candidate.event_type == "siege" and candidate.target_head == "person":
        if name is None:
            return None
        target = Span(name.start, name.end, name.text)  # "where its troops were besieged"
        candidate = replace(candidate, target_head="name")
    if not _is_particular(candidate, target, name, relation):
        return None
    place = name.place if name else None
    country = country_of(case, place)
    when = find_date(case)
    day = when.value.start if when else case.scene.article.published
    captors = find_actors_of(case, candidate.captors, country, day)
    losers = find_actors_of(case, candidate.losers, country, day)
    target_type = _target_type(candidate, target, place, name, relation)
    last = case.memory.last
    if (
        candidate.target_head == "pronoun"
        and last is not None
        and name is not None
        and last.place_name == name.text
    ):
        target_type = last.target_type or target_type  # "recaptured the airport ... had taken it before"
    if not _is_event(case, captors, losers, target, target_type, name):
        return None
    if name is not None and relation == "at" and is_settlement(place):
        case.memory.focus[case.number] = name
    event_type = candidate.event_type
    if event_type == "expel":
        event_type = "recapture" if any(actor.kind == "state" for actor in captors) else "capture"
    taking = {actor.name for actor in captors}
    losers = tuple(actor for actor in losers if actor.name not in taking)
    if not losers and event_type not in {"withdrawal", "surrender"}:
        losers = opponent(case, captors, country, when)
    source = find_source(case)
    mention = EventMention(
        article_id=case.scene.article.article_id,
        story_id=case.scene.story_id,
        event_type=event_type,
        rule=candidate.rule,
        trigger=trigger,
        quote=case.quote,
        captor=case.shift(candidate.captors[0]) if captors and candidate.captors else None,
        captors=captors,
        loser=case.shift(candidate.losers[0]) if losers and candidate.losers else None,
        losers=losers,
        target=target,
        target_type=target_type,
        extent=candidate.extent,
        place_name=name.text if name else None,
        place_relation=relation if name else None,
        place=place,
        geo_precision=_precision(place, relation, target_type),
        modality=candidate.modality,
        country=country,
        attribution=source,
        attribution_kind=source_kind(source.text) if source else None,
        inferred_type=candidate.event_type == "expel",
    )
    mention = with_date(mention, when, case.scene.article.published)
    return replace(mention, confidence=_confidence(mention, case))


def _is_particular(candidate: Candidate, target: Span, name: NamedPlace | None, relation: str | None) -> bool:
    """The target is one particular thing, no larger than a province."""
    head, unnamed = candidate.target_head, candidate.place is None
    if head in {"person", "equipment"}:
        return True
    if unnamed and head not in {"pronoun", "name"} and _BARE_PLURAL.fullmatch(target.text):
        return False
    if name is None:
        return head in {"facility", "settlement", "district"} and not _VAGUE_REGION.match(target.text)
    if unnamed and _MEASURE.search(target.text):
        return False
    if unnamed and _VAGUE_REGION.match(target.text):
        return not _VAGUE_ALWAYS.search(target.text)
    if is_country(name.place) and relation == "at":
        return head in {"facility", "settlement", "district"}
    return True


def _target_type(
    candidate: Candidate, target: Span, place: Place | None, name: NamedPlace | None, relation: str | None
) -> str:
    """``target_type`` from the target's noun, else from what its name resolved to; an unknown name is a settlement."""
    head = candidate.target_head or "name"
    if head == "person_or_place" and place is None:
        return "person"
    if head in {"district", "facility", "person", "equipment", "region"}:
        return head
    if head == "settlement":
        own_name = name is not None and relation != "near" and name.text.lower() in target.text.lower()
        return "region" if _SEVERAL_TOWNS.search(target.text) and not own_name else "settlement"
    if _FACILITY_NAME.search(target.text):
        return "facility"
    if _DISTRICT_NAME.search(target.text) or (place is not None and place.feature_code.startswith("PPLX")):
        return "district"
    if place is None or place.feature_code.startswith("PPL"):
        return "settlement"
    return (
        "facility"
        if place.feature_code.startswith("S") or place.feature_code in {"AIRB", "AIRP", "DAM"}
        else "region"
    )


def _is_event(
    case: Case,
    captors: tuple[Actor, ...],
    losers: tuple[Actor, ...],
    target: Span,
    target_type: str,
    name: NamedPlace | None,
) -> bool:
    """Armed actors change who holds a target: what else the trigger words can mean is left out here."""
    candidate = case.candidate
    kind = candidate.event_type
    if kind in {"withdrawal", "surrender", "handover"}:
        if (
            candidate.losers
            and not losers
            and not (kind == "surrender" and _ARMED.search(candidate.losers[0].text))
        ):
            return False
        armed = case.armed_near() or any(_ARMED.search(span.text) for span in candidate.losers)
        if kind == "handover" and not armed:
            return False
        if not losers and kind != "handover":
            return (case.nominal or bool(candidate.losers)) and case.armed_near()
    elif candidate.captors and not captors and not _unknown_captor(case, name):
        return False
    parties = captors or losers
    if parties and all(actor.kind == "civilian" for actor in parties):
        return False
    if target_type in {"person", "equipment"} and kind != "surrender":
        return _is_taken_in_war(candidate, captors, target)
    if case.strict and candidate.captors and _POLICE.search(candidate.captors[0].text):
        return False  # "police recovered the car", "officers entered the house"
    if case.strict and not captors and not losers:
        stated = candidate.rule.endswith("passive") and name is not None and is_settlement(name.place)
        return stated and not candidate.captors and case.armed_near()
    if captors or losers or case.armed_near():
        return True
    stated = candidate.rule.endswith("passive") and name is not None and name.place is not None
    return stated and any(actor.kind != "civilian" for _, _, actor in case.scene.actors)


def _precision(place: Place | None, relation: str | None, target_type: str) -> int | None:
    """ACLED's geo-precision; a facility or a district that is placed at its town is part of an area."""
    if place is None:
        return None
    found = geo_precision(place, relation or "at")
    part = target_type in {"facility", "district"} and place.feature_code in {"PPL", "PPLC", "PPLA"}
    return max(found, 2) if part else found


def _unknown_captor(case: Case, name: NamedPlace | None) -> bool:
    """A captor that could not be told, where the rest says that it is an armed one: "they", an announced capture."""
    if not case.armed_near():
        return False
    words = case.candidate.captors[0].text
    return bool(is_anaphor(words) or _ARMED.search(words)) or (case.nominal and name is not None)


def _is_taken_in_war(candidate: Candidate, captors: tuple[Actor, ...], target: Span) -> bool:
    """Persons and equipment are taken by armed forces, not by the police."""
    if not captors or all(actor.kind == "civilian" for actor in captors):
        return False
    words = candidate.captors[0].text if candidate.captors else ""
    return not _POLICE.search(words) and not _CIVIL_EQUIPMENT.search(target.text)


def _confidence(mention: EventMention, case: Case) -> float:
    """A first, uncalibrated confidence (0 to 1): how much of the statement was found where it was expected."""
    score = 0.45
    score += 0.15 * (mention.place is not None)
    score += 0.1 * bool(mention.captors) + 0.05 * bool(mention.loser)
    score += 0.1 * (mention.date_text is not None)
    score += 0.1 * (not case.strict)
    score -= 0.1 * case.nominal
    return round(min(score, 0.99), 3)
