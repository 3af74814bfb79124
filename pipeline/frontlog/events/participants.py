"""Who takes, who loses, and who says so."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from frontlog.actors import identify, is_anaphor, is_source, resolve_anaphor, same_side
from frontlog.events.context import Case
from frontlog.events.timing import When
from frontlog.records import Actor, Span

# Phrases that a speaker uses of himself and his own.
_OWN = re.compile(r"(?:it|they|we|he|its|their|our|his)\b", re.IGNORECASE)
_DEFINITE = re.compile(r"(?:the|these|those) (\w+)", re.IGNORECASE)
# Words for the one armed group that an article is about; "the soldiers" may be anyone's.
_FIGHTERS = re.compile(
    r"(?:the|these|those) (?:rebels?|insurgents?|militants?|fighters|gunmen|jihadists?|extremists?|guerrillas?|group"
    r"|movement)",
    re.IGNORECASE,
)
# Names that are words for fighters ("militants", "Congolese rebels"), or begin with one, not names of a group.
_GENERAL = re.compile(r"^[a-z]|\b(?:rebels|militants|insurgents|fighters)$")
# "More than 2,300 soldiers" are soldiers.
_COUNT = re.compile(
    r"^(?:a further |another )?(?:(?:more|fewer|less) than |at least |about |around |nearly |almost |over |up to "
    r"|some )?(?:\d[\d,.]* )",
    re.IGNORECASE,
)
# Before a name, these words say that its bearer is on the captor's side: "rebels led by X".
_FRIEND = re.compile(
    r"\b(?:led|backed|supported|joined|accompanied|helped|aided|commanded|alongside|allied|loyal)\s+"
    r"(?:by |with |to )?(?:[\w’'.-]+\s+){0,3}$",
    re.IGNORECASE,
)
_PERSONS = frozenset({"he", "she", "him", "her", "i", "you", "we", "us", "me"})
# What is left of "its forces" once the owner is unknown: no party.
_NOBODY = frozenset({"force", "forces", "troops", "soldiers", "men", "fighters", "units", "commanders"})
# An event told this many days after its end is background: its parties need not be those of the story.
_RECAP_DAYS = 120


def find_actors_of(
    case: Case, spans: Sequence[Span], country: str | None, day: date | None
) -> tuple[Actor, ...]:
    """The actors that phrases name; "Iraq said *it* controls ..." and "said *its* troops ..." mean the speaker."""
    found: dict[Actor, None] = {}
    source = case.candidate.attribution
    speaker = identify(source.text, country=country, day=day, aliases=case.scene.aliases) if source else ()
    for span in spans:
        if span.text.lower() in _PERSONS:
            continue  # one man enters a church, a government does not
        at = case.offset + span.start
        if (same := _called_alike(case, span.text, at)) is not None:
            named: tuple[Actor, ...] = same
        elif is_anaphor(span.text):
            before = [actor for _, b, actor in case.scene.actors if b <= at]
            if source is not None and source.text != span.text and _OWN.match(span.text):
                before += speaker
            named = _only_group(span.text, before) or resolve_anaphor(
                span.text, before, country=country, day=day
            )
        else:
            words = _COUNT.sub("", span.text)
            named = identify(words, country=country, day=day, aliases=case.scene.aliases)
        for actor in named:
            if actor.name.lower() not in _NOBODY:
                found.setdefault(actor)
    return tuple(found)


def _only_group(words: str, before: Sequence[Actor]) -> tuple[Actor, ...]:
    """ "the insurgents" in an article that has named one armed group so far; empty for other words and articles."""
    if not _FIGHTERS.fullmatch(words):
        return ()
    named = {
        actor.name: actor
        for actor in before
        if actor.kind in {"rebel", "militia"} and not _GENERAL.search(actor.name)
    }
    return tuple(named.values()) if len(named) == 1 else ()


def _called_alike(case: Case, words: str, at: int) -> tuple[Actor, ...] | None:
    """ "the marines" after "U.S. Marines", "the rebels" after "M23 rebels": the last party called by the same noun."""
    match = _DEFINITE.fullmatch(words)
    if match is None:
        return None
    text = case.scene.article.text
    found: list[tuple[int, int, Actor]] = []
    for start, end, actor in case.scene.actors:
        own = text[start:end].split()
        if (
            end <= at
            and len(own) > 1
            and own[-1].lower() == match[1].lower()
            and not is_anaphor(text[start:end])
        ):
            found.append((start, end, actor))
    return tuple(actor for start, end, actor in found if (start, end) == found[-1][:2]) if found else None


def opponent(
    case: Case, captors: tuple[Actor, ...], country: str | None, when: When | None
) -> tuple[Actor, ...]:
    """The party that the article sets against the captors, where one stands out; none otherwise.

    An event of long ago had its own parties: for it, only its own sentence counts.
    """
    if not captors:
        return ()
    published = case.scene.article.published
    recap = bool(when and when.value.end and published and (published - when.value.end).days > _RECAP_DAYS)
    start, end = case.scene.spans[case.number]
    weights: dict[str, float] = defaultdict(float)
    actors: dict[str, Actor] = {}
    for at, _, actor in case.scene.actors:
        inside = case.quote.start <= at < case.quote.end
        if (recap and not inside) or not _may_oppose(actor, captors, country):
            continue
        if _FRIEND.search(case.scene.article.text[max(0, at - 48) : at]):
            continue  # "rebels led by X", "backed by Y" name the captor's own side
        weights[actor.name] += 4.0 if inside else 2.0 if start <= at < end else 1.0
        actors[actor.name] = actor
    if not weights:
        return ()
    first = min(weights, key=lambda name: (-weights[name], name))
    share = weights[first] / sum(weights.values())
    return (actors[first],) if share >= 0.5 and weights[first] >= 2 else ()


def _may_oppose(actor: Actor, captors: tuple[Actor, ...], country: str | None) -> bool:
    """Whether an actor may have held what the captors took.

    A general word ("rebels") is set against a state only: beside a named group it may mean that very group.
    """
    if actor.kind not in {"state", "rebel", "militia"}:
        return False
    if actor.kind == "state" and actor.country not in (None, country):
        return False
    if any(actor.name == captor.name or same_side(actor, captor) for captor in captors):
        return False
    by_group = any(captor.kind in {"rebel", "militia", "unknown"} for captor in captors)
    return not (by_group and _GENERAL.search(actor.name))


def find_source(case: Case) -> Span | None:
    """Who vouches for the statement, as worded; "it said" means who spoke before."""
    span = case.shift(case.candidate.attribution)
    if span is None:
        return None
    if is_anaphor(span.text) == "pronoun" and not is_source(span.text):
        return case.memory.source or span
    case.memory.source = span
    return span
