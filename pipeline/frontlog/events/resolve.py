"""From candidates to event mentions: which place, who, when, and whether it is an event at all.

All of it depends on the article: its date, its other places and actors, and the sentences before and after.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from frontlog.actors import identify, is_anaphor, is_source, resolve_anaphor, same_side, source_kind
from frontlog.dates import date_cell, hangs_on_context, normalise, precision
from frontlog.events.lexicon import load_lexicon
from frontlog.events.scene import NamedPlace, Scene, is_country, is_settlement
from frontlog.places import geo_precision
from frontlog.records import Actor, Candidate, EventMention, Place, Span, Timex, TimexValue

_TOWN_WORDS = {
    "town",
    "city",
    "village",
    "hamlet",
    "township",
    "capital",
    "settlement",
    "municipality",
    "port",
}
_REGION_WORDS = {
    "province",
    "region",
    "governorate",
    "state",
    "oblast",
    "county",
    "territory",
    "area",
    "enclave",
}
_VAGUE_REGION = re.compile(
    r"^(?:the |its |their |more |new |some |large |huge |vast |lost |any |all |further |much |this |that )*"
    r"(?:territor(?:y|ies)|ground|lands?|areas?|swathe?s?|positions?|parts?|miles?|kilomet(?:er|re)s?)(?: of (?:territory|land|ground))?$",
    re.IGNORECASE,
)
_CIVIL_EQUIPMENT = re.compile(
    r"\b(?:drugs?|cocaine|heroin|cannabis|cash|money|cigarettes|alcohol)\b", re.IGNORECASE
)
_POLICE = re.compile(
    r"\b(?:police|customs|officers?|detectives|coast ?guard|authorities|agents)\b", re.IGNORECASE
)
# Phrases that a speaker uses of himself and his own.
_OWN = re.compile(r"(?:it|they|we|he|its|their|our|his)\b", re.IGNORECASE)
# Plain plurals name nothing in particular: "lost supply routes".
_BARE_PLURAL = re.compile(r"(?:[a-z]+ )?[a-z]+s")
_MEASURE = re.compile(
    r"\b(?:square )?(?:miles|kilomet(?:er|re)s|km|hectares|acres|metres|meters)\b", re.IGNORECASE
)
# Names that a sentence holds against its own subject: "Unlike the battle for X, ..."
_CONTRAST = re.compile(
    r"\b(?:unlike|like|compared (?:with|to)|as in|similar to|in contrast to)\b[^,.;]*$", re.IGNORECASE
)
_TOWN_AT_MOST = {"town": 400_000, "village": 60_000, "hamlet": 20_000, "township": 300_000}


@dataclass(slots=True)
class _State:
    """What the sentences before have set up: the last dated event, who last spoke, how places were called."""

    dated: EventMention | None = None
    dated_at: tuple[int, int] = (-9, -9)
    source: Span | None = None
    events: list[EventMention] = field(default_factory=list)
    called: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # What "the town" was found to mean, by passage.
    focus: dict[int, NamedPlace] = field(default_factory=dict)


def resolve_events(scene: Scene) -> list[EventMention]:
    """All event mentions of one article, in order of the text; candidates that are no capture events are left out."""
    state = _State()
    for name in scene.named:
        if name.descriptor:
            state.called[name.text.lower()].add(name.descriptor)
    for number, ((offset, _), analysis) in enumerate(zip(scene.spans, scene.analyses, strict=True)):
        for candidate in analysis.candidates:
            mention = _resolve(scene, state, number, offset, candidate)
            if mention is not None:
                state.events.append(mention)
                if mention.date_value and mention.date_basis != "published" and mention.modality == "actual":
                    state.dated, state.dated_at = mention, (number, candidate.sentence)
    return state.events


def _shift(span: Span | None, offset: int) -> Span | None:
    return Span(span.start + offset, span.end + offset, span.text) if span is not None else None


def _resolve(
    scene: Scene, state: _State, number: int, offset: int, candidate: Candidate
) -> EventMention | None:
    target, trigger = _shift(candidate.target, offset), _shift(candidate.trigger, offset)
    if target is None or trigger is None:
        return None
    sentence = scene.analyses[number].sentences[candidate.sentence]
    quote = Span(
        offset + sentence[0],
        offset + sentence[1],
        scene.article.text[offset + sentence[0] : offset + sentence[1]],
    )
    name, relation = _place(scene, state, number, offset, candidate, quote)
    if name is not None and relation == "at" and is_settlement(name.place):
        state.focus[number] = name
    place = name.place if name else None
    if candidate.event_type == "siege" and candidate.target_head == "person":
        if name is None:
            return None
        target = Span(name.start, name.end, name.text)
        candidate = replace(candidate, target_head="name")
    if not _is_particular(candidate, target, name, relation):
        return None
    country = _country(scene, place, quote, name)
    when = _date(scene, state, number, offset, candidate)
    day = when.value.start if when and when.value else scene.article.published
    captors = _actors(scene, candidate.captors, offset, country, day, candidate.attribution)
    losers = _actors(scene, candidate.losers, offset, country, day, candidate.attribution)
    target_type = _target_type(candidate, target, place, name)
    if target_type == "person" and candidate.event_type == "surrender":
        target_type = "person"
    if not _is_event(scene, number, offset, candidate, captors, losers, target, target_type, name):
        return None
    if not captors and not candidate.captors and candidate.event_type in {"capture", "recapture"}:
        pass
    event_type = candidate.event_type
    if event_type == "expel":
        event_type = "recapture" if any(actor.kind == "state" for actor in captors) else "capture"
    losers = tuple(actor for actor in losers if actor not in captors)
    if not losers and event_type not in {"withdrawal", "surrender"}:
        losers = _opponent(scene, captors, quote, number, country)
    source = _source(scene, state, candidate, offset)
    mention = EventMention(
        article_id=scene.article.article_id,
        story_id=scene.story_id,
        event_type=event_type,
        rule=candidate.rule,
        trigger=trigger,
        quote=quote,
        captor=_shift(_whole(candidate.captors), offset) if captors else None,
        captors=captors,
        loser=_shift(_whole(candidate.losers), offset) if losers and candidate.losers else None,
        losers=losers,
        target=target,
        target_type=target_type,
        extent=candidate.extent,
        place_name=name.text if name else None,
        place_relation=relation if name else None,
        place=place,
        geo_precision=geo_precision(place, relation or "at") if place is not None else None,
        modality=candidate.modality,
        country=country,
        attribution=source,
        attribution_kind=source_kind(source.text) if source else None,
    )
    mention = _with_date(mention, when, scene)
    return replace(mention, confidence=_confidence(mention, candidate))


def _whole(spans: Sequence[Span]) -> Span | None:
    """The first of several coordinated phrases: offsets must slice back to their words."""
    return spans[0] if spans else None


# --- places ---------------------------------------------------------------------------------------


def _place(
    scene: Scene, state: _State, number: int, offset: int, candidate: Candidate, quote: Span
) -> tuple[NamedPlace | None, str | None]:
    span = _shift(candidate.place, offset)
    head = _head_word(candidate)
    if span is not None and not re.search(r"\w", span.text):
        span = None
    if span is not None:
        found = next((n for n in scene.named if n.start == span.start and n.end == span.end), None)
        name = found or NamedPlace(span.start, span.end, span.text, None, None)
        if candidate.target_head == "facility" and is_country(name.place):
            back = _antecedent(scene, state, number, offset, candidate, quote)
            return (back, "near") if back is not None else (name, candidate.place_relation)
        in_larger = head in _TOWN_WORDS and candidate.place_relation == "at" and not _is_name_of(candidate)
        if in_larger and name.place is not None and not is_settlement(name.place):
            # "the city in X province": the city is named elsewhere
            back = _antecedent(scene, state, number, offset, candidate, quote)
            if back is not None:
                return back, "at"
        return name, candidate.place_relation
    back = _antecedent(scene, state, number, offset, candidate, quote)
    if back is None:
        return None, None
    inside = candidate.target_head in {"facility"} or (
        candidate.target_head == "region" and head not in _REGION_WORDS
    )
    named_unit = candidate.target is not None and re.match(
        r"(?:a|an|two|three|several|some|\d+)\b", candidate.target.text, re.I
    )
    return back, "near" if inside or named_unit else "at"


def _is_name_of(candidate: Candidate) -> bool:
    """True for "the city of X" and "X city", where the name is the target's own."""
    if candidate.place is None or candidate.target is None:
        return False
    words = candidate.target.text
    name = re.escape(candidate.place.text)
    return bool(re.search(rf"\bof\s+(?:\w+\s+)?{name}|^{name}|{name}\s+\w+$", words)) and not re.search(
        rf"\bin\b.*{name}", words
    )


def _head_word(candidate: Candidate) -> str:
    if candidate.target is None:
        return ""
    words = re.findall(r"[a-z]+", candidate.target.text.split(" of ")[0].split(" in ")[0].lower())
    for word in reversed(words):
        single = word[:-1] if word.endswith("s") and word[:-1] in _TOWN_WORDS | _REGION_WORDS else word
        if single in _TOWN_WORDS | _REGION_WORDS:
            return single
    return words[-1] if words else ""


def _antecedent(
    scene: Scene, state: _State, number: int, offset: int, candidate: Candidate, quote: Span
) -> NamedPlace | None:
    """The place that "the town", "the city", "it" or "the crossing" means: before, or in a new section after it."""
    target = candidate.target
    if target is None or (candidate.target_head == "person" and candidate.event_type != "surrender"):
        at = offset + (target.start if target else 0)
        return _last_named(scene, number, at, lambda n: is_settlement(n.place), reach=1) if target else None
    at = offset + target.start
    head = _head_word(candidate)
    region = head in _REGION_WORDS and head not in {"area", "territory", "enclave"}

    def fits(name: NamedPlace) -> bool:
        if is_country(name.place):
            return False
        if region:
            return name.place is None or not is_settlement(name.place)
        if head in _TOWN_WORDS or candidate.target_head in {"settlement", "district", "person"}:
            small = name.place is None or name.place.population <= _TOWN_AT_MOST.get(head, 10**9)
            return is_settlement(name.place) and small
        return True

    here = [n for n in scene.named if quote.start <= n.start < at and fits(n)]
    if here:
        return here[-1]
    definite = (
        target.text.lower().startswith(("the ", "this ", "that ")) or candidate.target_head == "pronoun"
    )
    first_sentence = candidate.sentence == 0
    before = _last_named(scene, number, at, fits, reach=2)
    if definite and first_sentence and head in _TOWN_WORDS:
        called = state.called[before.text.lower()] if before else set()
        opens = number in scene.sections
        clash = before is not None and bool(called & _TOWN_WORDS) and head not in called
        if opens or before is None or clash:
            ahead = _next_named(scene, number, at, fits, before)
            if ahead is not None:
                return ahead
    if before is not None and definite and head in _TOWN_WORDS:
        state.called[before.text.lower()].add(head)
    if before is None and not definite and candidate.target_head not in {"pronoun"}:
        return _last_named(scene, number, at, lambda n: not is_country(n.place), reach=1)
    return before


def _last_named(scene: Scene, number: int, at: int, fits: object, reach: int) -> NamedPlace | None:
    """The last name before ``at`` that fits, at most ``reach`` passages back; a new section ends the search."""
    low = number
    while low > 0 and number - low < reach and low not in scene.sections:
        low -= 1
    start = scene.spans[low][0]
    found = [n for n in scene.named if start <= n.start < at and fits(n)]  # type: ignore[operator]
    return found[-1] if found else None


def _next_named(
    scene: Scene, number: int, at: int, fits: object, not_this: NamedPlace | None
) -> NamedPlace | None:
    """The first fitting name after ``at``, up to the end of the next passage, that was not named before."""
    end = scene.spans[min(number + 1, len(scene.spans) - 1)][1]
    earlier = {n.text.lower() for n in scene.named if n.start < at}
    for name in scene.named:
        if not (at <= name.start < end and fits(name)) or name.text.lower() in earlier:  # type: ignore[operator]
            continue
        if not _CONTRAST.search(scene.article.text[max(0, name.start - 80) : name.start]):
            return name
    return None


def _country(scene: Scene, place: Place | None, quote: Span, name: NamedPlace | None) -> str | None:
    if place is not None:
        return place.country
    here = {
        n.place.country
        for n in scene.named
        if n.place and quote.start <= n.start < quote.end and not is_country(n.place)
    }
    if len(here) == 1:
        return here.pop()
    return scene.country


# --- is it an event? ------------------------------------------------------------------------------


def _is_particular(candidate: Candidate, target: Span, name: NamedPlace | None, relation: str | None) -> bool:
    """The target is one particular thing, no larger than a province."""
    if candidate.target_head in {"person", "equipment"}:
        return True
    if (
        candidate.place is None
        and candidate.target_head not in {"pronoun", "name"}
        and _BARE_PLURAL.fullmatch(target.text)
    ):
        return False
    if name is None:
        if candidate.target_head in {"pronoun", "name", "person_or_place"}:
            return False
        return candidate.target_head in {"facility", "settlement", "district"} and not _VAGUE_REGION.match(
            target.text
        )
    if _MEASURE.search(target.text) and candidate.place is None:
        return False
    if _VAGUE_REGION.match(target.text) and candidate.place is None:
        return not re.search(r"territor|ground|land|swath", target.text, re.IGNORECASE)
    if is_country(name.place) and relation == "at":
        return (
            candidate.target_head in {"facility", "settlement", "district"}
            and candidate.target_head is not None
        )
    return True


def _target_type(candidate: Candidate, target: Span, place: Place | None, name: NamedPlace | None) -> str:
    head = candidate.target_head or "name"
    if head in {"district", "facility", "person", "equipment"}:
        return head
    lowered = target.text.lower()
    if head == "settlement":
        return (
            "region"
            if re.search(
                r"\b(?:several|some|many|dozens|number|string|\w+ty|\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|other|more|the) (?:\w+ ){0,2}(?:villages|towns|settlements|areas)\b",
                lowered,
            )
            and not (name and re.search(rf"\b{re.escape(name.text.lower())}\b", lowered))
            else "settlement"
        )
    if head == "region":
        return "region"
    if re.search(
        r"\b(?:airport|air ?base|base|crossing|bridge|dam|road|highway|oil ?field|barracks|port|hill|checkpoint)\b",
        lowered,
    ):
        return "facility"
    if re.search(r"\b(?:neighbou?rhood|district|quarter|suburb|old city)\b", lowered):
        return "district"
    if place is None:
        return "settlement"
    if place.feature_code.startswith("PPLX"):
        return "district"
    if place.feature_code.startswith("PPL"):
        return "settlement"
    if place.feature_code.startswith("S") or place.feature_code in {"AIRB", "AIRP", "DAM", "BDG"}:
        return "facility"
    return "region"


def _is_event(
    scene: Scene,
    number: int,
    offset: int,
    candidate: Candidate,
    captors: tuple[Actor, ...],
    losers: tuple[Actor, ...],
    target: Span,
    target_type: str,
    name: NamedPlace | None,
) -> bool:
    """Armed actors change who holds a target: what else the trigger words can mean is left out here."""
    strict = _is_strict(candidate)
    if (
        candidate.captors
        and not captors
        and candidate.event_type not in {"withdrawal", "surrender", "handover"}
    ):
        if not (is_anaphor(candidate.captors[0].text) and _armed_near(scene, number)):
            announced = candidate.rule.endswith("nominal")
            if not (announced and name is not None and _armed_near(scene, number)):
                return False
    if candidate.event_type in {"withdrawal", "surrender", "handover"} and candidate.losers and not losers:
        return False
    if candidate.event_type in {"withdrawal", "surrender"} and not losers and not _armed_near(scene, number):
        return False
    if target_type in {"person", "equipment"} and candidate.event_type != "surrender":
        if not captors or all(actor.kind == "civilian" for actor in captors):
            return False
        words = candidate.captors[0].text if candidate.captors else ""
        if _POLICE.search(words) or _CIVIL_EQUIPMENT.search(target.text):
            return False
    if strict and not captors and not losers:
        return False
    return bool(captors or losers) or _armed_near(scene, number)


def _is_strict(candidate: Candidate) -> bool:
    word = candidate.rule.split("/")[0].rsplit(".", 1)[0]
    lexicon = load_lexicon()
    first = word.split("_")[0].split("+")[0]
    return any("_".join(t.words) == word and t.strict for t in lexicon.verbs.get(first, ()))


def _armed_near(scene: Scene, number: int) -> bool:
    """Whether an armed actor is named in the passage or the one before it."""
    start, end = scene.spans[max(0, number - 1)][0], scene.spans[number][1]
    return any(start <= a < end and actor.kind != "civilian" for a, _, actor in scene.actors)


# --- actors ---------------------------------------------------------------------------------------


def _actors(
    scene: Scene,
    spans: Sequence[Span],
    offset: int,
    country: str | None,
    day: date | None,
    source: Span | None,
) -> tuple[Actor, ...]:
    """The actors that phrases name; "Iraq said *it* controls ..." and "said *its* troops ..." mean the speaker."""
    found: dict[Actor, None] = {}
    speaker = identify(source.text, country=country, day=day, aliases=scene.aliases) if source else ()
    for span in spans:
        start = offset + span.start
        named: tuple[Actor, ...]
        if is_anaphor(span.text):
            before = [actor for a, b, actor in scene.actors if b <= start]
            if _OWN.match(span.text) and source is not None and source.text != span.text:
                before += speaker
            named = resolve_anaphor(span.text, before, country=country, day=day)
        else:
            named = identify(span.text, country=country, day=day, aliases=scene.aliases)
        for actor in named:
            found.setdefault(actor)
    return tuple(found)


def _opponent(
    scene: Scene, captors: tuple[Actor, ...], quote: Span, number: int, country: str | None
) -> tuple[Actor, ...]:
    """The party that the article sets against the captors, where one stands out; none otherwise."""
    if not captors:
        return ()
    weights: dict[str, float] = defaultdict(float)
    actors: dict[str, Actor] = {}
    start, end = scene.spans[number]
    for a, _, actor in scene.actors:
        if actor.kind in {"civilian", "external"} or any(
            actor.name == captor.name or same_side(actor, captor) for captor in captors
        ):
            continue
        if actor.kind == "state" and actor.country not in (None, country):
            continue
        weight = 4.0 if quote.start <= a < quote.end else 2.0 if start <= a < end else 1.0
        weights[actor.name] += weight
        actors[actor.name] = actor
    if not weights:
        return ()
    ranked = sorted(weights, key=lambda key: (-weights[key], key))
    share = weights[ranked[0]] / sum(weights.values())
    return (actors[ranked[0]],) if share >= 0.5 and weights[ranked[0]] >= 2 else ()


# --- dates ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _When:
    """The words that date an event and what they resolve to."""

    timex: Span
    value: TimexValue
    cell: str
    basis: str


def _date(scene: Scene, state: _State, number: int, offset: int, candidate: Candidate) -> _When | None:
    timexes = scene.analyses[number].timexes
    direction = "future" if candidate.tense == "future" else "past"
    anchor = scene.article.published
    for index in candidate.timexes:
        timex: Timex = timexes[index]
        if timex.timex_type == "SET" or (timex.timex_type == "DURATION" and candidate.event_type != "siege"):
            continue
        reported = index in candidate.report_timexes
        base = anchor
        if (
            hangs_on_context(timex)
            and state.dated is not None
            and state.dated_at[0] == number
            and state.dated.date_start
        ):
            base = state.dated.date_start
        value = normalise(timex, base, direction="past" if reported else direction)
        cell = date_cell(value, base)
        if cell is None:
            continue
        if reported and candidate.modality in {"planned", "hypothetical", "ongoing"}:
            continue
        span = Span(offset + timex.start, offset + timex.end, timex.text)
        return _When(span, value, cell, "report" if reported else "event")
    return None


def _with_date(mention: EventMention, when: _When | None, scene: Scene) -> EventMention:
    published = scene.article.published
    if when is not None:
        return replace(
            mention,
            date_text=when.timex,
            date_value=when.cell,
            date_start=when.value.start,
            date_end=when.value.end,
            time_precision=precision(when.value),
            date_basis=when.basis,
        )
    if mention.modality in {"actual", "denied", "failed"}:
        return replace(mention, date_end=published)
    return replace(
        mention,
        date_start=published if mention.modality == "planned" else None,
        date_end=None if mention.modality == "planned" else published,
    )


# --- sources and confidence -----------------------------------------------------------------------


def _source(scene: Scene, state: _State, candidate: Candidate, offset: int) -> Span | None:
    span = _shift(candidate.attribution, offset)
    if span is None:
        return None
    if is_anaphor(span.text) == "pronoun" and not is_source(span.text):
        return state.source or span
    state.source = span
    return span


def _confidence(mention: EventMention, candidate: Candidate) -> float:
    """A first, uncalibrated confidence (0 to 1): how much of the statement was found where it was expected."""
    score = 0.45
    score += 0.15 * (mention.place is not None)
    score += 0.1 * bool(mention.captors) + 0.05 * bool(mention.loser)
    score += 0.1 * (mention.date_text is not None)
    score += 0.1 * (not _is_strict(candidate))
    score -= 0.1 * candidate.rule.endswith("nominal")
    return round(min(score, 0.99), 3)
