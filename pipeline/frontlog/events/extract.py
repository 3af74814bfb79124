"""Triggers in a parsed passage, with the words that fill their roles: Doc in, candidates out.

Nothing is resolved here: a candidate depends on the passage alone. What the words stand for, and whether the
target is a place that can be taken, is decided in ``resolve``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from frontlog.events import factuality
from frontlog.events.lexicon import Lexicon, Trigger, load_lexicon
from frontlog.events.roles import (
    Roles,
    companions,
    light_noun,
    noun_roles,
    particles_match,
    under_deal,
    verb_roles,
    with_prep,
)
from frontlog.events.targets import (
    GROUND,
    expand,
    generic_after,
    holders,
    place_around,
    place_of,
    span_of,
    target_class,
    target_phrase,
    whole_names,
)
from frontlog.language import predicates
from frontlog.language.lemmas import lemma
from frontlog.records import Candidate, Span, Timex

_CLAUSE_DEPS = frozenset({"ccomp", "advcl", "acl:relcl", "conj", "parataxis", "acl", "ROOT"})
# A road or supply line that is cut off is not besieged.
_WAYS = frozenset(
    {"road", "route", "highway", "line", "supply", "artery", "motorway", "railway", "recruitment"}
)
# Light verbs with which a party speaks for itself: "declared victory in X".
_SAYING = frozenset({"declare", "proclaim", "claim", "announce", "celebrate"})
_STATE_OK = frozenset({"newly", "recently", "just", "freshly"})


def _timexes_for(
    trigger: Token, reporter: Token | None, timexes: Sequence[Timex], doc: Doc
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Indices of the time expressions that date a trigger, best first, and those that date the report of it."""
    reports: list[int] = []
    ranked: list[tuple[float, int]] = []
    above = {head.i: step for step, (_, _, head) in enumerate(predicates.climb(trigger), 1)}
    above[trigger.i] = 0
    for index, timex in enumerate(timexes):
        span = doc.char_span(timex.start, timex.end, alignment_mode="expand")
        if span is None or span.root.sent != trigger.sent:
            continue
        node, steps, blocked = span.root, 0, 0
        while node.i not in above and node.head.i != node.i:
            if node.dep_ in _CLAUSE_DEPS and predicates.is_verbal(node):
                # A relative clause dates its own event.
                blocked += 2 if node.dep_ == "acl:relcl" else 1
            node = node.head
            steps += 1
        if node.i not in above:
            continue
        rank = above[node.i] * 2.0 + steps * 0.5 + blocked * 4 + abs(span.root.i - trigger.i) / 100
        if reporter is not None and node.i == reporter.i:
            rank += 3
            reports.append(index)
        ranked.append((rank, index))
    ranked.sort()
    return tuple(index for rank, index in ranked if rank < 18), tuple(reports)


def _phrases(nouns: Sequence[Token], preps: frozenset[str] = predicates.ACTOR_PREPS) -> tuple[Span, ...]:
    """The phrases of actors; coordinated ones that follow each other are one ("its troops and allied fighters")."""
    spans: list[Span] = []
    for noun in sorted(nouns, key=lambda token: token.i):
        own = whole_names(predicates.phrase(noun, preps))
        start = own.start_char
        if spans and noun.dep_ == "conj":
            between = noun.doc.text[spans[-1].end : start]
            if re.fullmatch(r"\s*(?:,|,?\s*and|,?\s*or|&)?\s*", between):
                start = spans.pop().start
        spans.append(Span(start, own.end_char, noun.doc.text[start : own.end_char]))
    return tuple(spans)


def _goes_on(trigger: Token) -> bool:
    """A siege that lasts as the story is told: "has been under siege", "have besieged the city since May"."""
    present = {"is", "are", "has", "have", "remains", "remain"}
    if predicates.is_verbal(trigger):
        perfect = not predicates.is_passive(trigger) and bool(
            predicates.auxiliaries(trigger) & {"has", "have"}
        )
        return perfect and any(token.lower_ == "since" for token in trigger.subtree)
    if predicates.prepositions(trigger) != "under":
        return False
    verb = trigger if any(child.dep_ == "cop" for child in trigger.children) else trigger.head
    words = predicates.auxiliaries(verb) | {verb.lower_}
    return bool(words & present) and not words & {"was", "were", "had"}


def _accomplished(verb: Token, dated: Sequence[Timex]) -> bool:
    """ "fought alongside X to retake the city on Oct. 10": a purpose with a day of its own has been reached."""
    head = verb.head
    return (
        verb.dep_ in {"advcl", "xcomp"}
        and lemma(head) in {"fight", "battle", "join", "team", "unite", "combine"}
        and head.tag_ == "VBD"
        and not predicates.auxiliaries(head)
        and any(timex.timex_type == "DATE" and re.search(r"\d", timex.text) for timex in dated)
    )


def _trigger_span(head: Token, *others: Token) -> Span:
    """Span of the trigger words: the verb and what belongs to it, when they stand close together."""
    last = max([head.i, *[token.i for token in others]])
    first = min([head.i, *[token.i for token in others]])
    return span_of(head.doc[first : last + 1]) if last - first < 8 else span_of(head)


def _is_state(verb: Token) -> bool:
    """True for "the besieged town", "besieged Sarajevo", "captured fighters": a state, not a change."""
    following = verb.nbor(1) if verb.i + 1 < verb.sent.end else None
    bare = verb.tag_ in {"VBN", "JJ"} and not any(
        c.dep_.startswith(("nsubj", "aux", "obl")) for c in verb.children
    )
    if (
        bare
        and following is not None
        and following.pos_ == "PROPN"
        and verb.dep_ not in {"ROOT", "conj", "ccomp"}
    ):
        return verb.dep_ not in {"acl", "acl:relcl"}
    if verb.dep_ != "amod" or verb.i > verb.head.i:
        return False
    before = {child.lower_ for child in verb.children}
    return not before & _STATE_OK


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of a token as a trigger; ``construction`` is ``active``, ``passive`` or ``nominal``."""

    token: Token
    trigger: Trigger
    roles: Roles
    words: Span
    construction: str
    light: Token | None = None

    @property
    def rank(self) -> tuple[int, int, bool, int]:
        """Which of several readings is taken: light verbs and longer triggers first, then the most filled roles."""
        roles = self.roles
        return (
            self.trigger.kind == "light",
            len(self.trigger.words),
            bool(roles.targets),
            bool(roles.captors) + bool(roles.losers),
        )


def _readings(token: Token, lexicon: Lexicon) -> Iterable[_Reading]:
    """All readings of one token as a trigger."""
    if token.dep_ in {"aux", "aux:pass", "cop"}:
        return
    if predicates.is_verbal(token) and token.lower_ in lexicon.verbs and not _is_state(token):
        arguments = predicates.arguments(token)
        voice = "passive" if arguments.passive else "active"
        for trigger in lexicon.verbs[token.lower_]:
            particles = particles_match(token, trigger.words[1:])
            if particles is None:
                continue
            light = light_noun(token, trigger) if trigger.kind == "light" else None
            if trigger.kind == "light" and light is None:
                continue
            roles = verb_roles(token, trigger, arguments, particles, light)
            if roles is not None:
                parts = [*particles, *([light] if light is not None else [])]
                yield _Reading(token, trigger, roles, _trigger_span(token, *parts), voice, light)
    elif token.pos_ in {"NOUN", "PROPN"} and token.lower_ in lexicon.nouns:
        for trigger in lexicon.nouns[token.lower_]:
            nominal = noun_roles(token, trigger)
            if nominal is not None:
                yield _Reading(token, trigger, nominal, span_of(token), "nominal")


def _allowed(trigger: Trigger, kind: str | None) -> bool:
    if kind is None:
        return False
    if kind == "person":
        return "person" in trigger.targets or "force" in trigger.targets
    if kind == "person_or_place":
        return True
    if kind == "equipment":
        return "equipment" in trigger.targets
    return "place" in trigger.targets


def extract(doc: Doc, timexes: Sequence[Timex] = ()) -> tuple[Candidate, ...]:
    """Candidates of all triggers in a parsed passage, in order of the text.

    Each target of a trigger gives a candidate of its own ("took A, B and C" gives three). Of several readings
    of one trigger the one with the most filled roles is kept.
    """
    lexicon = load_lexicon()
    sentence_of = {token.i: number for number, sentence in enumerate(doc.sents) for token in sentence}
    best: dict[int, tuple[_Reading, list[Candidate]]] = {}
    for token in doc:
        if token.lower_ not in lexicon.verbs and token.lower_ not in lexicon.nouns:
            continue
        for reading in _readings(token, lexicon):
            made = _candidates(reading, timexes, lexicon)
            if made and (token.i not in best or reading.rank > best[token.i][0].rank):
                best[token.i] = (reading, made)
    used = {reading.light.i for reading, _ in best.values() if reading.light is not None}
    return tuple(
        replace(candidate, sentence=sentence_of[i])
        for i, (_, made) in sorted(best.items())
        if i not in used  # "broke the *siege*": the verb has said it
        for candidate in made
    )


def _candidates(reading: _Reading, timexes: Sequence[Timex], lexicon: Lexicon) -> list[Candidate]:
    """The candidates of one reading: one for each thing that changes hands; none where it states no event."""
    base = _without_target(reading, timexes, lexicon)
    if base is None:
        return []
    roles, token = reading.roles, reading.token
    if base.event_type == "surrender" and roles.targets:
        if roles.targets != roles.losers:  # "surrendered the town": the place changes hands
            base = replace(base, event_type="handover")
        else:
            force = roles.targets[0]
            place, relation = place_around(token, force)
            words = span_of(predicates.phrase(force))
            return [replace(base, target=words, target_head="person", place=place, place_relation=relation)]
    made: list[Candidate] = []
    for noun, extent in [pair for target in roles.targets for pair in expand(target, lexicon)]:
        candidate = _with_target(base, reading, noun, lexicon)
        if candidate is None:
            continue
        if candidate.target_head == "person" and made and made[0].target_head != "person":
            continue  # "captured the city, and residents danced": no coordination
        if candidate.place is not None and any(other.place == candidate.place for other in made):
            continue  # one name, cut in two by the parser
        made.append(replace(candidate, extent=extent))
    return made


def _without_target(reading: _Reading, timexes: Sequence[Timex], lexicon: Lexicon) -> Candidate | None:
    """Who, when, whether and who says so; None for what is no event of its own, and for "controls" without "now"."""
    token, trigger = reading.token, reading.trigger
    fact = factuality.assess(token, lexicon)
    if fact.modality == factuality.LEFT_OUT:
        return None
    if (
        trigger.words == ("control",)
        and trigger.kind == "verb"
        and not any(c.lower_ == "now" for c in token.children)
    ):
        return None  # a state, not a change
    captors, source = reading.roles.captors, fact.source
    if reading.construction == "active" and captors:
        captors = (*captors, *companions(token, captors))
    announced = (
        reading.construction == "nominal"
        and trigger.event_type in {"capture", "recapture"}
        and fact.reporter is not None
        and lemma(fact.reporter) in factuality.ANNOUNCE
    )
    if announced and not captors and source is not None:
        captors = (source,)  # "the army announced the capture of X"; kept only if it is an armed actor
    if trigger.kind == "light" and trigger.words[0] in _SAYING and source is None and captors:
        source = captors[0]
    modality = trigger.modality if trigger.modality and fact.modality == "actual" else fact.modality
    if trigger.event_type == "siege" and modality == "actual" and _goes_on(token):
        modality = "ongoing"
    dated, reported = _timexes_for(token, fact.reporter, timexes, token.doc)
    if modality == "ongoing" and _accomplished(token, [timexes[i] for i in dated if i not in reported]):
        modality = "actual"
    event_type = trigger.event_type
    if event_type == "withdrawal" and under_deal(token, lexicon):
        event_type = "handover"
    return Candidate(
        event_type=event_type,
        rule=f"{trigger.name}/{reading.construction}",
        trigger=reading.words,
        sentence=0,
        captors=_phrases(captors, predicates.ACTOR_PREPS | {"from"}),
        losers=_phrases(
            [noun for noun in reading.roles.losers if lemma(noun) not in lexicon.targets["deal"]]
        ),
        modality=modality,
        tense=fact.tense,
        attribution=_phrases([source])[0] if source is not None else None,
        timexes=dated,
        report_timexes=reported,
    )


def _with_target(base: Candidate, reading: _Reading, noun: Token, lexicon: Lexicon) -> Candidate | None:
    """The candidate with one target and its place; None if the target is nothing that this trigger takes."""
    token, trigger, losers = reading.token, reading.trigger, base.losers
    kind = target_class(generic_after(noun) or noun, lexicon)
    if kind == "person_or_place" and "person" not in trigger.targets:
        kind = "name"
    if base.event_type == "siege" and kind == "person":
        # "where its troops were besieged", "IS is encircled in the countryside": the place stands elsewhere
        losers = (*losers, span_of(predicates.phrase(noun, predicates.NO_PREPS)))
        ground = _ground(token, lexicon)
        if ground is not None:
            noun, kind = ground, target_class(ground, lexicon)
    elif not _allowed(trigger, kind) or (base.event_type == "siege" and lemma(noun) in _WAYS):
        return None
    place, relation = (None, None) if kind == "pronoun" else place_of(noun, reading.light or token)
    if not losers:
        losers = tuple(span_of(predicates.phrase(n, predicates.NO_PREPS)) for n in holders(noun, lexicon))
    words = span_of(target_phrase(noun))
    return replace(base, losers=losers, target=words, target_head=kind, place=place, place_relation=relation)


def _ground(verb: Token, lexicon: Lexicon) -> Token | None:
    """The place where a force is encircled: "in the countryside east of the city"."""
    for noun in with_prep(verb, ["in", "at", "around", "near"]):
        for part in [noun, *[child for child in noun.children if child.dep_ == "compound"]]:
            if target_class(part, lexicon) in GROUND:
                return part
    return None
