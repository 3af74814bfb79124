"""Who held what when: spells of control, derived from the events of each place in order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from frontlog.actors import joined_name
from frontlog.events.merge import MergedEvent
from frontlog.records import Actor, Place


@dataclass(frozen=True, slots=True)
class Spell:
    """One holder of one place from a date to a date, each as vague as the text ("2015-05"); None where open or unknown.

    ``holder`` is None for an unknown holder, ``status`` ``held``, ``claimed``, ``contested`` or ``unknown``.
    """

    place_name: str
    place: Place
    holder: str | None
    holder_kind: str | None
    start: str | None
    end: str | None
    status: str
    event_ids: tuple[str, ...]


_GAIN = frozenset({"capture", "recapture", "handover"})


def _is_whole_settlement(event: MergedEvent) -> bool:
    best = event.best
    return (
        best.place is not None
        and best.place_relation == "at"
        and best.target_type in {"settlement", "region"}
        and best.extent == "full"
    )


def control_spells(events: Sequence[MergedEvent]) -> list[Spell]:
    """Spells of all places that changed hands as a whole on a known date, in order of place and time.

    A capture ends the spell before it and opens the captor's; a withdrawal without a taker opens one of an
    unknown holder; a siege makes a spell contested. Disputed and denied events change nothing but the status.
    """
    by_place: dict[tuple[str, str], list[MergedEvent]] = defaultdict(list)
    for event in events:
        happened = event.modality == "actual" or (event.event_type == "siege" and event.modality == "ongoing")
        if happened and _is_whole_settlement(event) and event.best.date_start and event.best.date_value:
            place = event.best.place
            assert place is not None
            by_place[str(place.geonameid or place.name), place.country or ""].append(event)
    spells: list[Spell] = []
    for key in sorted(by_place):
        ordered = sorted(
            by_place[key],
            key=lambda e: (e.best.date_end or date.max, e.best.date_start or date.min, e.event_id),
        )
        spells += _spells_of(ordered)
    return sorted(spells, key=lambda s: (s.place_name, str(s.place.geonameid), s.start or "", s.event_ids))


def _spells_of(events: Sequence[MergedEvent]) -> list[Spell]:
    """The spells of one place from its events in order of time."""
    spells: list[Spell] = []
    for event in events:
        best, last = event.best, spells[-1] if spells else None
        assert best.place is not None
        when = best.date_value or ""
        if event.event_type == "siege":
            if last is None and best.losers:
                since = when.split("/")[0]
                spells.append(_spell(event, best.losers, since, "contested"))
            continue
        if event.event_type not in _GAIN | {"withdrawal"}:
            continue
        taker = joined_name(best.captors)
        held = last is not None and last.end is None and last.status != "contested"
        if last is not None and held and taker is not None and last.holder == taker:
            continue  # the same holder again: a further statement of what is known
        if last is None:
            if best.losers:
                spells.append(replace(_spell(event, best.losers, None, "held"), end=when))
        elif last.end is None:
            spells[-1] = replace(last, end=when, event_ids=(*last.event_ids, event.event_id))
        if event.event_type == "withdrawal" or taker is None:
            spells.append(_spell(event, (), when, "unknown"))
        else:
            status = {"disputed": "contested", "claimed": "claimed"}.get(event.status or "", "held")
            spells.append(_spell(event, best.captors, when, status))
    return spells


def _spell(event: MergedEvent, holders: Sequence[Actor], start: str | None, status: str) -> Spell:
    place = event.best.place
    assert place is not None
    kinds = "; ".join(dict.fromkeys(actor.kind for actor in holders)) or None
    return Spell(place.name, place, joined_name(holders), kinds, start, None, status, (event.event_id,))
