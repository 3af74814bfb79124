"""Who held what when: spells of control, derived from the events of each place in order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from frontlog.actors import joined_name
from frontlog.events.merge import MergedEvent
from frontlog.records import Place


@dataclass(frozen=True, slots=True)
class Spell:
    """One holder of one place from a day to a day; None where the end is open or unknown.

    ``holder`` is None for an unknown holder, ``status`` ``held``, ``claimed``, ``contested`` or ``unknown``.
    """

    place_name: str
    place: Place
    holder: str | None
    holder_kind: str | None
    start: date | None
    end: date | None
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
    return sorted(
        spells, key=lambda s: (s.place_name, str(s.place.geonameid), s.start or date.min, s.event_ids)
    )


def _spells_of(events: Sequence[MergedEvent]) -> list[Spell]:
    spells: list[Spell] = []
    first = events[0].best
    assert first.place is not None
    name, place = first.place.name, first.place

    def close(day: date | None, event_id: str) -> None:
        if spells and spells[-1].end is None:
            last = spells[-1]
            spells[-1] = Spell(
                last.place_name,
                last.place,
                last.holder,
                last.holder_kind,
                last.start,
                day,
                last.status,
                (*last.event_ids, event_id),
            )

    def open_spell(
        holder: str | None, kind: str | None, day: date | None, status: str, event_id: str
    ) -> None:
        spells.append(Spell(name, place, holder, kind, day, None, status, (event_id,)))

    for event in events:
        best = event.best
        day = best.date_end if best.date_start != best.date_end else best.date_start
        loser = joined_name(best.losers)
        loser_kind = best.losers[0].kind if best.losers else None
        if event.event_type == "siege":
            if not spells and loser:
                spells.append(
                    Spell(name, place, loser, loser_kind, None, None, "contested", (event.event_id,))
                )
            continue
        if event.event_type not in _GAIN | {"withdrawal"}:
            continue
        taker = joined_name(best.captors)
        if spells and spells[-1].holder == taker and taker is not None and spells[-1].end is None:
            continue  # the same holder again: a further statement of what is known
        if not spells and loser:
            spells.append(Spell(name, place, loser, loser_kind, None, day, "held", (event.event_id,)))
        else:
            close(day, event.event_id)
        if event.event_type == "withdrawal" or taker is None:
            open_spell(None, None, day, "unknown", event.event_id)
        else:
            status = {"disputed": "contested", "claimed": "claimed"}.get(event.status or "", "held")
            open_spell(taker, best.captors[0].kind, day, status, event.event_id)
    return spells
