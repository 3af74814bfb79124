"""Triggers in a parsed passage, with the words that fill their roles: Doc in, candidates out.

Nothing is resolved here: a candidate depends on the passage alone. What the words stand for, and whether the
target is a place that can be taken, is decided in ``resolve``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from frontlog.events import factuality
from frontlog.events.lexicon import Lexicon, Trigger, load_lexicon
from frontlog.events.roles import (
    Roles,
    companions,
    light_noun,
    noun_roles,
    particles_match,
    verb_roles,
    with_prep,
)
from frontlog.events.targets import (
    expand,
    generic_after,
    holders,
    place_of,
    span_of,
    target_class,
    target_phrase,
)
from frontlog.language import predicates
from frontlog.language.lemmas import lemma
from frontlog.records import Candidate, Span, Timex

_CLAUSE_DEPS = frozenset({"ccomp", "advcl", "acl:relcl", "relcl", "conj", "parataxis", "acl", "ROOT"})
# A road or supply line that is cut off is not besieged.
_WAYS = frozenset(
    {"road", "route", "highway", "line", "supply", "artery", "motorway", "railway", "recruitment"}
)
_GROUND = frozenset({"settlement", "district", "region", "facility", "name"})
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
                blocked += 1
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
    return tuple(index for rank, index in ranked if rank < 14), tuple(reports)


def _phrases(nouns: Sequence[Token]) -> tuple[Span, ...]:
    """The phrases of actors; coordinated ones that follow each other are one ("its troops and allied fighters")."""
    spans: list[Span] = []
    for noun in sorted(nouns, key=lambda token: token.i):
        own = predicates.phrase(noun, predicates.ACTOR_PREPS)
        start = own.start_char
        if spans and noun.dep_ == "conj":
            between = noun.doc.text[spans[-1].end : start]
            if re.fullmatch(r"\s*(?:,|,?\s*and|,?\s*or|&)?\s*", between):
                start = spans.pop().start
        spans.append(Span(start, own.end_char, noun.doc.text[start : own.end_char]))
    return tuple(spans)


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
    """True for "the besieged town", "captured fighters": a state, not a change."""
    if verb.dep_ != "amod" or verb.i > verb.head.i:
        return False
    before = {child.lower_ for child in verb.children}
    return not before & _STATE_OK


def _matches(token: Token, lexicon: Lexicon) -> Iterable[tuple[Trigger, Roles, Span, str, Token | None]]:
    """All readings of one token as a trigger: (trigger, roles, its words, construction, light noun)."""
    if token.dep_ in {"aux", "aux:pass", "auxpass", "cop"}:
        return
    if predicates.is_verbal(token) and token.lower_ in lexicon.verbs and not _is_state(token):
        arguments = predicates.arguments(token)
        voice = "passive" if arguments.passive else "active"
        for trigger in lexicon.verbs[token.lower_]:
            particles = particles_match(token, trigger.words[1:])
            if particles is None:
                continue
            light = None
            if trigger.kind == "light":
                light = light_noun(token, trigger)
                if light is None:
                    continue
            roles = verb_roles(token, trigger, arguments, light)
            if roles is not None:
                parts = [*particles, *([light] if light is not None else [])]
                yield trigger, roles, _trigger_span(token, *parts), voice, light
    elif token.pos_ in {"NOUN", "PROPN"} and token.lower_ in lexicon.nouns:
        for trigger in lexicon.nouns[token.lower_]:
            nominal = noun_roles(token, trigger)
            if nominal is not None:
                yield trigger, nominal, span_of(token), "nominal", None


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
    found: list[Candidate] = []
    for token in doc:
        if token.lower_ not in lexicon.verbs and token.lower_ not in lexicon.nouns:
            continue
        best: tuple[tuple[float, ...], list[Candidate]] | None = None
        for trigger, roles, words, construction, light in _matches(token, lexicon):
            made = _candidates(token, trigger, roles, words, construction, light, timexes, lexicon)
            if not made:
                continue
            score = (
                float(trigger.kind == "light"),
                float(len(trigger.words)),
                float(bool(roles.targets)),
                float(bool(roles.captors)) + float(bool(roles.losers)),
            )
            if best is None or score > best[0]:
                best = (score, made)
        if best is not None:
            found += [replace(candidate, sentence=sentence_of[token.i]) for candidate in best[1]]
    return tuple(found)


def _candidates(
    token: Token,
    trigger: Trigger,
    roles: Roles,
    words: Span,
    construction: str,
    light: Token | None,
    timexes: Sequence[Timex],
    lexicon: Lexicon,
) -> list[Candidate]:
    fact = factuality.assess(token, lexicon)
    if fact.modality == "appeal":
        return []
    captors = roles.captors
    if (
        not captors
        and construction == "nominal"
        and fact.source is not None
        and trigger.event_type in {"capture", "recapture"}
    ):
        captors = (fact.source,)  # "the army announced the capture of X"; kept only if it is an armed actor
    elif construction == "active" and captors:
        captors = (*captors, *companions(token, captors))
    event_type = trigger.event_type
    modality = fact.modality
    source = fact.source
    if trigger.kind == "light" and trigger.words[0] in _SAYING and source is None and captors:
        source = captors[0]
    if trigger.modality and modality == "actual":
        modality = trigger.modality
    if (
        "control" in trigger.words
        and trigger.kind == "verb"
        and not any(child.lower_ in {"now"} for child in token.children)
    ):
        return []
    targets: list[tuple[Token, str]] = [pair for noun in roles.targets for pair in expand(noun, lexicon)]
    dated, reported = _timexes_for(token, fact.reporter, timexes, token.doc)
    if modality == "ongoing" and _accomplished(token, [timexes[i] for i in dated if i not in reported]):
        modality = "actual"
    common = {
        "rule": f"{trigger.name}/{construction}",
        "trigger": words,
        "sentence": 0,
        "captors": _phrases(captors),
        "modality": modality,
        "tense": fact.tense,
        "attribution": span_of(predicates.phrase(source, predicates.ACTOR_PREPS))
        if source is not None
        else None,
        "timexes": dated,
        "report_timexes": reported,
    }
    losers = _phrases(roles.losers)
    if event_type == "surrender" and roles.targets and roles.targets == roles.losers:
        whole = span_of(predicates.phrase(roles.targets[0]))
        place, relation = place_of(roles.targets[0], token)
        return [
            Candidate(event_type="surrender", losers=losers, target=whole, target_head="person", place=place,
                      place_relation=relation, **common)  # type: ignore[arg-type]
        ]  # fmt: skip
    if event_type == "surrender" and roles.targets:
        event_type = "handover"
    made: list[Candidate] = []
    for noun, extent in targets:
        kind = target_class(generic_after(noun) or noun, lexicon)
        if kind == "person_or_place" and "person" not in trigger.targets:
            kind = "name"
        if kind == "person" and made and made[0].target_head != "person":
            continue  # "captured the city, and residents danced": no coordination
        if event_type == "siege" and kind == "person":
            # "where its troops were besieged", "IS is encircled in the countryside": the place stands elsewhere
            losers = (*losers, span_of(predicates.phrase(noun, predicates.NO_PREPS)))
            ground = [
                part
                for n in with_prep(token, ["in", "at", "around", "near"])
                for part in [n, *[child for child in n.children if child.dep_ == "compound"]]
                if target_class(part, lexicon) in _GROUND
            ]
            if ground:
                noun = ground[0]
                kind = target_class(noun, lexicon)
            place, relation = place_of(noun, token)
        elif not _allowed(trigger, kind) or (event_type == "siege" and lemma(noun) in _WAYS):
            continue
        else:
            place, relation = place_of(noun, light or token) if kind != "pronoun" else (None, None)
        held_by = (
            ()
            if losers
            else tuple(span_of(predicates.phrase(n, predicates.NO_PREPS)) for n in holders(noun, lexicon))
        )
        made.append(
            Candidate(event_type=event_type, losers=losers or held_by, target=span_of(target_phrase(noun)),
                      target_head=kind, place=place, place_relation=relation, extent=extent, **common)  # type: ignore[arg-type]
        )  # fmt: skip
    return made
