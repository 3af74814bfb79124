"""Spells of control and crosswalk codes of hand-built events, without a model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontlog.events.codes import Codes, crosswalk
from frontlog.events.control import control_spells
from frontlog.events.merge import MergedEvent
from frontlog.records import Actor, EventMention, Place, Span

GOMA = Place(216281, "Goma", "PPLA", "Nord Kivu", "CD", -1.67, 29.22, 144_000)
SAKE = Place(206598, "Sake", "PPL", "Nord Kivu", "CD", -1.57, 29.04, 17_000)
REBELS = Actor("M23", "rebel")
MILITIA = Actor("Mai-Mai", "militia")
ARMY = Actor("Congolese government", "state", "CD")


def day(month: int, number: int) -> date:
    return date(2012, month, number)


def event(
    kind: str,
    when: date | None,
    captors: tuple[Actor, ...] = (),
    losers: tuple[Actor, ...] = (),
    *,
    status: str | None = "reported",
    modality: str = "actual",
    place: Place | None = GOMA,
    **more: object,
) -> MergedEvent:
    best = EventMention(
        article_id="a1",
        story_id="s1",
        event_type=kind,
        rule="rule",
        trigger=Span(0, 1, "x"),
        quote=Span(0, 1, "x"),
        captors=captors,
        losers=losers,
        target=Span(2, 6, "Goma"),
        target_type="settlement",
        place_name=place.name if place else None,
        place_relation="at",
        place=place,
        date_value=when.isoformat() if when else None,
        date_start=when,
        date_end=when,
        modality=modality,
        confidence=0.5,
    )
    best = replace(best, **more)  # type: ignore[arg-type]
    name = f"e_{kind}_{when}_{place.name if place else ''}"
    return MergedEvent(name, kind, best, (best,), status, modality, 1, 1, 1, None, None, ("s1",), 0.5)


Row = tuple[str | None, date | None, date | None, str]


def spells(*events: MergedEvent) -> list[Row]:
    """Spells with exact days as dates; vaguer ones are compared as they are written."""

    def exact(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    return [(s.holder, exact(s.start), exact(s.end), s.status) for s in control_spells(events)]


M23, DRC = REBELS.name, ARMY.name
TAKEN = event("capture", day(11, 20), (REBELS,), (ARMY,))
LEFT = event("withdrawal", day(12, 1), (), (REBELS,))
RETAKEN = event("recapture", day(12, 3), (ARMY,), (REBELS,))

STORIES: dict[str, tuple[list[MergedEvent], list[Row]]] = {
    "no event": ([], []),
    "a capture opens a spell and tells who held it before": (
        [TAKEN],
        [(DRC, None, day(11, 20), "held"), (M23, day(11, 20), None, "held")],
    ),
    "a capture from an unknown holder": (
        [event("capture", day(11, 20), (REBELS,))],
        [(M23, day(11, 20), None, "held")],
    ),
    "taken and retaken": (
        [TAKEN, RETAKEN],
        [
            (DRC, None, day(11, 20), "held"),
            (M23, day(11, 20), day(12, 3), "held"),
            (DRC, day(12, 3), None, "held"),
        ],
    ),
    "left to nobody, then entered": (
        [TAKEN, LEFT, RETAKEN],
        [
            (DRC, None, day(11, 20), "held"),
            (M23, day(11, 20), day(12, 1), "held"),
            (None, day(12, 1), day(12, 3), "unknown"),
            (DRC, day(12, 3), None, "held"),
        ],
    ),
    "a withdrawal alone": (
        [LEFT],
        [(M23, None, day(12, 1), "held"), (None, day(12, 1), None, "unknown")],
    ),
    "a handover": (
        [event("handover", day(12, 1), (ARMY,), (REBELS,))],
        [(M23, None, day(12, 1), "held"), (DRC, day(12, 1), None, "held")],
    ),
    "a claim": (
        [event("capture", day(11, 20), (REBELS,), status="claimed")],
        [(M23, day(11, 20), None, "claimed")],
    ),
    "a disputed capture": (
        [event("capture", day(11, 20), (REBELS,), status="disputed")],
        [(M23, day(11, 20), None, "contested")],
    ),
    "the same taker again": (
        [TAKEN, event("capture", day(11, 25), (REBELS,))],
        [(DRC, None, day(11, 20), "held"), (M23, day(11, 20), None, "held")],
    ),
    "a siege of the holder": (
        [event("siege", day(11, 10), (REBELS,), (ARMY,)), event("capture", day(11, 20), (REBELS,))],
        [(DRC, day(11, 10), day(11, 20), "contested"), (M23, day(11, 20), None, "held")],
    ),
    "a siege under way": (
        [event("siege", day(11, 10), (REBELS,), (ARMY,), modality="ongoing")],
        [(DRC, day(11, 10), None, "contested")],
    ),
    "a siege that its holder ends": (
        [event("siege", day(11, 10), (REBELS,), (ARMY,)), event("recapture", day(11, 20), (ARMY,), (REBELS,))],
        [(DRC, day(11, 10), day(11, 20), "contested"), (DRC, day(11, 20), None, "held")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_spells(name: str) -> None:
    events, expected = STORIES[name]
    assert spells(*events) == expected


def test_a_month_stays_a_month() -> None:
    vague = event("capture", day(11, 1), (REBELS,), date_value="2012-11", date_end=day(11, 30))
    assert [(s.start, s.end) for s in control_spells([vague])] == [("2012-11", None)]


CHANGES_NOTHING = {
    "undated": event("capture", None, (REBELS,)),
    "planned": event("capture", day(11, 20), (REBELS,), modality="planned"),
    "failed": event("capture", day(11, 20), (REBELS,), modality="failed"),
    "denied": event("capture", day(11, 20), (REBELS,), modality="denied", status="denied"),
    "hypothetical": event("capture", day(11, 20), (REBELS,), modality="hypothetical"),
    "under way": event("capture", day(11, 20), (REBELS,), modality="ongoing"),
    "half of it": event("capture", day(11, 20), (REBELS,), extent="partial"),
    "near it": event("capture", day(11, 20), (REBELS,), place_relation="near"),
    "its airport": event("capture", day(11, 20), (REBELS,), target_type="facility"),
    "people there": event("capture", day(11, 20), (REBELS,), target_type="person"),
    "an advance": event("advance", day(11, 20), (REBELS,)),
    "an attack beaten back": event("repelled", day(11, 20), (REBELS,), (ARMY,)),
    "no resolved place": event("capture", day(11, 20), (REBELS,), place=None),
}


@pytest.mark.parametrize("name", CHANGES_NOTHING)
def test_what_opens_no_spell(name: str) -> None:
    assert spells(CHANGES_NOTHING[name]) == []
    assert spells(TAKEN, CHANGES_NOTHING[name]) == spells(TAKEN)


def test_places_do_not_mix() -> None:
    found = control_spells([TAKEN, event("capture", day(11, 22), (MILITIA,), place=SAKE)])
    assert [(s.place_name, s.holder) for s in found] == [("Goma", DRC), ("Goma", M23), ("Sake", MILITIA.name)]


def test_a_spell_names_the_events_that_opened_and_ended_it() -> None:
    found = control_spells([TAKEN, RETAKEN])
    assert [s.event_ids for s in found] == [
        (TAKEN.event_id,),
        (TAKEN.event_id, RETAKEN.event_id),
        (RETAKEN.event_id,),
    ]
    assert [s.holder_kind for s in found] == ["state", "rebel", "state"]


@given(st.permutations([TAKEN, LEFT, RETAKEN, event("capture", day(11, 22), (MILITIA,), place=SAKE)]))
def test_the_order_of_the_events_changes_nothing(shuffled: list[MergedEvent]) -> None:
    assert control_spells(shuffled) == control_spells(sorted(shuffled, key=lambda e: e.event_id))


@given(
    st.lists(
        st.builds(
            event,
            kind=st.sampled_from(["capture", "recapture", "withdrawal", "handover", "siege", "advance"]),
            when=st.sampled_from([day(11, 20), day(11, 21), day(12, 1)]),
            captors=st.sampled_from([(), (REBELS,), (ARMY,)]),
            losers=st.sampled_from([(), (MILITIA,)]),
        ),
        max_size=7,
        unique_by=lambda e: e.event_id,
    )
)
def test_spells_of_one_place_follow_each_other(events: list[MergedEvent]) -> None:
    found = control_spells(events)
    for before, after in pairwise(found):
        assert before.end is not None
        assert before.end == after.start
    assert all(s.start is None or s.end is None or s.start <= s.end for s in found)
    assert sum(s.end is None for s in found) <= 1


# --- codes ----------------------------------------------------------------------------------------

BATTLE, STRATEGIC = "Battles", "Strategic developments"


@pytest.mark.parametrize(
    ("kind", "captors", "acled", "sub", "cameo"),
    [
        ("capture", (REBELS,), BATTLE, "Non-state actor overtakes territory", "192"),
        ("capture", (ARMY,), BATTLE, "Government regains territory", "192"),
        ("recapture", (ARMY,), BATTLE, "Government regains territory", "192"),
        ("recapture", (REBELS,), BATTLE, "Non-state actor overtakes territory", "192"),
        ("withdrawal", (), STRATEGIC, "Non-violent transfer of territory", "0874"),
        ("handover", (ARMY,), STRATEGIC, "Agreement", "0874"),
        ("surrender", (), STRATEGIC, "Change to group/activity", "0874"),
        ("siege", (REBELS,), BATTLE, "Armed clash", "191"),
        ("siege_lifted", (ARMY,), BATTLE, "Armed clash", "0872"),
        ("advance", (ARMY,), BATTLE, "Armed clash", "190"),
        ("repelled", (REBELS,), BATTLE, "Armed clash", "190"),
    ],
)
def test_codes_of_what_happened(
    kind: str, captors: tuple[Actor, ...], acled: str, sub: str, cameo: str
) -> None:
    found = crosswalk(event(kind, day(11, 20), captors))
    assert (found.acled_event_type, found.acled_sub_event_type, found.cameo) == (acled, sub, cameo)
    assert found.plover


def test_seizing_a_place_stands_under_both_plover_classes() -> None:
    assert crosswalk(TAKEN).plover == ("COERCE/seize", "ASSAULT")


@pytest.mark.parametrize("modality", ["planned", "failed", "denied", "hypothetical"])
def test_what_did_not_happen_has_no_codes(modality: str) -> None:
    assert crosswalk(event("capture", day(11, 20), (REBELS,), modality=modality)) == Codes(
        None, None, None, ()
    )


def test_an_attempt_under_way_is_a_clash() -> None:
    found = crosswalk(event("capture", day(11, 20), (REBELS,), modality="ongoing"))
    assert (found.acled_sub_event_type, found.cameo, found.plover) == ("Armed clash", "190", ("ASSAULT",))


@pytest.mark.parametrize(
    ("target_type", "sub"),
    [("person", "Abduction/forced disappearance"), ("equipment", "Looting/property destruction")],
)
def test_persons_and_equipment_are_no_territory(target_type: str, sub: str) -> None:
    found = crosswalk(event("capture", day(11, 20), (REBELS,), target_type=target_type))
    assert (found.acled_event_type, found.acled_sub_event_type, found.cameo) == (STRATEGIC, sub, None)
