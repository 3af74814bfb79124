"""Mentions to events: which statements, in one article or in many, tell of the same change of control.

Two mentions are one event when they speak of the same place (and part of it), of the same direction of
change by the same side, and their dates are compatible. Mentions are blocked by place first, so that the
cost grows with the mentions of one place and not with all pairs.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from frontlog.actors import same_side
from frontlog.records import Actor, Article, EventMention, Span, Story
from frontlog.stories import count_publishers

# "captured" in one article is "retook" in another; the rest stay apart.
_DIRECTION = {"capture": "gain", "recapture": "gain", "handover": "handover"}
_HAPPENED = frozenset({"actual", "denied"})
# An undated statement belongs to a dated event that its article may still be reporting on.
_STILL_NEWS = timedelta(days=21)
# Two undated statements of different stories are one event when published this close together.
_SAME_NEWS = timedelta(days=5)
# Statements of one day that differ by a time zone or a night.
_SLACK = timedelta(days=1)
_FAR = (date.min, date.max)


@dataclass(frozen=True, slots=True)
class MergedEvent:
    """One event with the mentions that tell of it, best first, at most one per article (others in its quotes)."""

    event_id: str
    event_type: str
    best: EventMention
    mentions: tuple[EventMention, ...]
    status: str | None
    modality: str
    n_articles: int
    n_publishers: int
    n_origins: int
    first_published: date | None
    last_published: date | None
    story_ids: tuple[str, ...]
    confidence: float


def _fold(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def place_key(mention: EventMention) -> str:
    """What a mention is blocked by: the place and whether it is the place itself or something near or in it."""
    if mention.place is not None:
        place = mention.place
        base = (
            f"g{place.geonameid}" if place.geonameid is not None else f"p{_fold(place.name)}|{place.country}"
        )
    elif mention.place_name:
        base = f"n{_fold(mention.place_name)}|{mention.country}"
    else:
        base = f"s{mention.story_id}"
    if (
        mention.target_type == "region"
        and mention.place is not None
        and mention.place.feature_code.startswith("PPL")
    ):
        return f"{base}|region"  # "X province" is not the town of X
    own_part = mention.place_relation == "near" or (mention.place is None and not mention.place_name)
    if own_part or mention.target_type in {"facility", "person", "equipment", "district"}:
        return f"{base}|{_part(mention)}"
    return f"{base}|"


def _part(mention: EventMention) -> str:
    """The head word of a target that is not the whole place: "the airport" of X is not X."""
    text = mention.target.text if mention.target else ""
    if mention.target_type in {"person", "equipment"}:
        return mention.target_type
    words = [
        w
        for w in _fold(re.split(r"\b(?:of|in|near|around|outside|on)\b", text)[0]).split()
        if w not in {"the", "a", "an"}
    ]
    return words[-1] if words else mention.target_type or ""


def _days(mention: EventMention) -> tuple[date, date] | None:
    if mention.date_value is None or mention.date_start is None or mention.date_end is None:
        return None
    return mention.date_start, mention.date_end


def _actors(mention: EventMention) -> tuple[Actor, ...]:
    """The side that makes the event: who takes, or who leaves."""
    return mention.losers if mention.event_type in {"withdrawal", "surrender"} else mention.captors


def _side(mention: EventMention) -> frozenset[str]:
    return frozenset(actor.name for actor in _actors(mention))


class _Cluster:
    """Mentions taken for one event so far."""

    def __init__(self, mention: EventMention) -> None:
        self.members = [mention]

    def days(self) -> tuple[date, date] | None:
        """The most precise date of the members."""
        known = [days for days in map(_days, self.members) if days]
        return min(known, key=lambda days: (days[1] - days[0], days)) if known else None

    def sides(self) -> set[str]:
        return {name for member in self.members for name in _side(member)}

    def stories(self) -> set[str]:
        return {member.story_id for member in self.members}


def _published(mention: EventMention, articles: Mapping[str, Article]) -> date | None:
    return articles[mention.article_id].published


def _accepts(cluster: _Cluster, mention: EventMention, articles: Mapping[str, Article]) -> bool:
    if not _same_sides(cluster, mention):
        return False
    same_story = mention.story_id in cluster.stories()
    first, second = cluster.days(), _days(mention)
    if first and second:
        return (
            first[0] - _SLACK <= second[1]
            and second[0] <= first[1] + _SLACK
            and _not_both_sharp(first, second)
        )
    if same_story:
        return True
    told = _published(mention, articles)
    if first or second:
        days = first or second or _FAR
        others = (
            told
            if first
            else max((p for m in cluster.members if (p := _published(m, articles))), default=None)
        )
        return others is not None and days[0] <= others + _SLACK and others - days[1] <= _STILL_NEWS
    known = [p for m in cluster.members if (p := _published(m, articles))]
    return told is not None and any(abs(told - p) <= _SAME_NEWS for p in known)


def _same_sides(cluster: _Cluster, mention: EventMention) -> bool:
    """One actor in common, allies, or a general word ("rebels") for a group that is not the state's."""
    own = [actor for member in cluster.members for actor in _actors(member)]
    new = _actors(mention)
    return not own or not new or any(_compatible(a, b) for a in own for b in new)


def _compatible(a: Actor, b: Actor) -> bool:
    if a.name == b.name or same_side(a, b):
        return True
    general = _is_general(a) or _is_general(b)
    return general and "state" not in {a.kind, b.kind} and "external" not in {a.kind, b.kind}


def _is_general(actor: Actor) -> bool:
    """ "militants", "Congolese rebels": a word for fighters, not the name of a group."""
    return actor.name.islower() or actor.name.split(" ")[-1] in {
        "rebels",
        "militants",
        "insurgents",
        "fighters",
    }


def _not_both_sharp(first: tuple[date, date], second: tuple[date, date]) -> bool:
    """Two exact days must be the same or neighbours; a vaguer date only has to contain the other."""
    if first[0] == first[1] and second[0] == second[1]:
        return abs(first[0] - second[0]) <= _SLACK
    return True


def _order(mention: EventMention) -> tuple[object, ...]:
    days = _days(mention)
    return (
        days is None,
        (days[1] - days[0]) if days else timedelta(0),
        days or _FAR,
        mention.article_id,
        mention.trigger.start,
        mention.target.start if mention.target else 0,
    )


def cluster_mentions(
    mentions: Iterable[EventMention], articles: Mapping[str, Article]
) -> list[list[EventMention]]:
    """Group mentions that tell of one event; independent of the order of the mentions."""
    blocks: dict[tuple[str, str], list[EventMention]] = defaultdict(list)
    for mention in mentions:
        blocks[place_key(mention), _DIRECTION.get(mention.event_type, mention.event_type)].append(mention)
    groups: list[list[EventMention]] = []
    for key in sorted(blocks):
        clusters: list[_Cluster] = []
        for mention in sorted(blocks[key], key=_order):
            fitting = [c for c in clusters if _accepts(c, mention, articles)]
            if fitting:
                max(fitting, key=lambda c: _affinity(c, mention)).members.append(mention)
            else:
                clusters.append(_Cluster(mention))
        for cluster in clusters:
            groups += _by_modality(cluster.members)
    return _absorb_withdrawals(groups)


def _absorb_withdrawals(groups: list[list[EventMention]]) -> list[list[EventMention]]:
    """A holder's leaving is part of the event when another moved in: the leaver is the loser, not a second event."""
    gains: dict[tuple[str, str], list[list[EventMention]]] = defaultdict(list)
    for group in groups:
        if _DIRECTION.get(group[0].event_type) == "gain" and group[0].modality == "actual":
            for story in {m.story_id for m in group}:
                gains[place_key(group[0]), story].append(group)
    kept: list[list[EventMention]] = []
    for group in groups:
        first = group[0]
        taken = None
        if first.event_type == "withdrawal" and first.modality == "actual" and first.place is not None:
            for story in sorted({m.story_id for m in group}):
                for gain in gains[place_key(first), story]:
                    if _fits_withdrawal(gain, first):
                        taken = taken or gain
        if taken is None:
            kept.append(group)
        else:
            taken += [
                replace(m, event_type=taken[0].event_type, captors=(), captor=None, inferred_type=True)
                for m in group
            ]
    return kept


def _fits_withdrawal(gain: Sequence[EventMention], withdrawal: EventMention) -> bool:
    """The side that left is not the side that took, and it left at about that time."""
    left = {actor.name for actor in withdrawal.losers}
    if not left or any(left & _side(m) for m in gain):
        return False
    days, gone = next((d for m in gain if (d := _days(m))), None), _days(withdrawal)
    return (
        days is None or gone is None or (gone[0] - _SAME_NEWS <= days[1] and days[0] <= gone[1] + _SAME_NEWS)
    )


def _affinity(cluster: _Cluster, mention: EventMention) -> tuple[bool, bool, bool, int]:
    """Which of several fitting clusters a mention joins: same side, happened alike, same story, latest date."""
    days = cluster.days()
    return (
        bool(cluster.sides() & _side(mention)),
        any((m.modality in _HAPPENED) == (mention.modality in _HAPPENED) for m in cluster.members),
        mention.story_id in cluster.stories(),
        days[1].toordinal() if days else 0,
    )


def _by_modality(members: list[EventMention]) -> list[list[EventMention]]:
    """Attempts and plans of an event that did happen join it within their story; elsewhere they stay apart."""
    happened = [m for m in members if m.modality in _HAPPENED]
    others = [m for m in members if m.modality not in _HAPPENED]
    if not happened:
        return [others]
    joining = [m for m in others if _attempt_at(m, happened)]
    apart = [m for m in others if not _attempt_at(m, happened)]
    return [happened + joining] + ([apart] if apart else [])


def _attempt_at(mention: EventMention, happened: Sequence[EventMention]) -> bool:
    """An attempt ("operations to liberate X") at what the same story says has happened, by the same side."""
    if mention.story_id not in {m.story_id for m in happened}:
        return False
    same = bool(_side(mention) & {name for m in happened for name in _side(m)})
    return (
        same
        if mention.modality == "planned"
        else mention.modality == "ongoing" and (same or not _side(mention))
    )


# --- from a group of mentions to an event ---------------------------------------------------------


def _rank(mention: EventMention) -> tuple[object, ...]:
    """The best statement of an event: it happened, says that it is a return, is dated, names its captor, is sure."""
    return (
        mention.modality not in _HAPPENED,
        mention.inferred_type,
        mention.event_type != "recapture",
        mention.date_value is None,
        mention.time_precision or 9,
        not mention.captors,
        mention.place is None,
        -mention.confidence,
        mention.article_id,
        mention.trigger.start,
    )


def _status(mentions: Sequence[EventMention], modality: str, n_origins: int) -> str | None:
    """The claim ladder: claimed, reported, confirmed, disputed, denied."""
    if modality not in _HAPPENED:
        return None
    denied = [m for m in mentions if m.modality == "denied"]
    told = [m for m in mentions if m.modality == "actual"]
    if denied:
        return "disputed" if told else "denied"
    neutral = any(m.attribution is None or m.attribution_kind not in {"state", "party"} for m in told)
    if (n_origins >= 2 and neutral) or any(_conceded(m) for m in told):
        return "confirmed"  # ten outlets that quote one party are still its claim
    if neutral:
        return "reported"
    return "claimed"


def _conceded(mention: EventMention) -> bool:
    """The losing side says so itself."""
    if mention.attribution is None or mention.attribution_kind not in {"state", "party"}:
        return False
    words = _fold(mention.attribution.text)
    losers = {_fold(actor.name).split(" ")[0] for actor in mention.losers}
    winners = {_fold(actor.name).split(" ")[0] for actor in mention.captors}
    return (
        bool(losers) and any(name in words for name in losers) and not any(name in words for name in winners)
    )


def _origins(
    mentions: Sequence[EventMention], articles: Mapping[str, Article], stories: Mapping[str, Story]
) -> int:
    """Independent origins: stories, those of one agency counted once."""
    return len({stories[m.story_id].agency or articles[m.article_id].agency or m.story_id for m in mentions})


def _per_article(mentions: Sequence[EventMention]) -> list[EventMention]:
    """One mention per article, its best statement; the others become its ``other_quotes``."""
    best: dict[str, list[EventMention]] = defaultdict(list)
    for mention in sorted(mentions, key=_rank):
        best[mention.article_id].append(mention)
    found: list[EventMention] = []
    for first, *others in best.values():
        quotes: dict[Span, None] = {m.quote: None for m in others if m.quote != first.quote}
        filled = first
        for other in others:
            filled = _fill(filled, other)
        found.append(replace(filled, other_quotes=tuple(sorted(quotes, key=lambda span: span.start))))
    return found


def _fill(mention: EventMention, other: EventMention) -> EventMention:
    """Slots that the best statement leaves open, from a further statement of the same event."""
    changes: dict[str, object] = {}
    if (mention.modality in _HAPPENED) != (other.modality in _HAPPENED):
        return mention
    taking, losing = ({actor.name for actor in side} for side in (mention.captors, other.losers))
    if taking & losing:
        return mention
    if not mention.captors and other.captors:
        changes |= {"captors": other.captors, "captor": other.captor}
    if other.losers and other.loser is not None and (not mention.losers or mention.loser is None):
        changes |= {"losers": other.losers, "loser": other.loser}
    if mention.date_value is None and other.date_value is not None and other.modality in _HAPPENED:
        changes |= {
            name: getattr(other, name)
            for name in ("date_text", "date_value", "date_start", "date_end", "time_precision", "date_basis")
        }
    return replace(mention, **changes) if changes else mention  # type: ignore[arg-type]


def _event_id(best: EventMention, key: str, group: Sequence[EventMention]) -> str:
    """Hash of what makes the event the one it is: place, direction, side and date."""
    when = best.date_value or f"undated {min(m.story_id for m in group)}"
    side = "; ".join(sorted(_side(best)))
    parts = (key, _DIRECTION.get(best.event_type, best.event_type), side, when, best.modality)
    return "e_" + hashlib.blake2b("\x1f".join(parts).encode(), digest_size=6).hexdigest()


def merge(
    mentions: Iterable[EventMention], articles: Mapping[str, Article], stories: Mapping[str, Story]
) -> list[MergedEvent]:
    """Events with their mentions, sorted by date, place and id."""
    events: list[MergedEvent] = []
    taken: set[str] = set()
    groups = cluster_mentions(mentions, articles)
    for group in sorted(groups, key=lambda g: min(_rank(m) for m in g)):
        own = sorted(_per_article(group), key=_rank)
        best = own[0]
        event_id = _event_id(best, place_key(best), group)
        number = 1
        while event_id in taken:  # two events alike in all that the id is made of
            number += 1
            event_id = f"{event_id.split('-')[0]}-{number}"
        taken.add(event_id)
        days = [p for m in own if (p := _published(m, articles))]
        n_origins = _origins(own, articles, stories)
        spread = 1.0
        for mention in {m.story_id: m for m in reversed(own)}.values():
            spread *= 1 - mention.confidence
        events.append(
            MergedEvent(
                event_id=event_id,
                event_type=best.event_type,
                best=best,
                mentions=tuple(own),
                status=_status(own, best.modality, n_origins),
                modality=best.modality,
                n_articles=len(own),
                n_publishers=count_publishers(articles[m.article_id] for m in own),
                n_origins=n_origins,
                first_published=min(days, default=None),
                last_published=max(days, default=None),
                story_ids=tuple(sorted({m.story_id for m in own})),
                confidence=round(min(1 - spread, 0.99), 3),
            )
        )
    return sorted(
        events,
        key=lambda e: (e.best.date_start or e.best.date_end or date.max, e.best.place_name or "", e.event_id),
    )
