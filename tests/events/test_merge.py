"""Which statements are one event, and what is said of it; on hand-built mentions, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontlog.events.merge import MergedEvent, cluster_mentions, merge, place_key
from frontlog.records import Actor, Article, EventMention, Place, Span, Story

GOMA = Place(216281, "Goma", "PPLA", "Nord Kivu", "CD", -1.67, 29.22, 144_000)
SAKE = Place(206598, "Sake", "PPL", "Nord Kivu", "CD", -1.57, 29.04, 17_000)
REBELS = Actor("M23", "rebel")
ARMY = Actor("Congolese government", "state", "CD")
DAY = date(2012, 11, 20)


def day(month: int, number: int) -> date:
    return date(2012, month, number)


def mention(
    article: str = "a1",
    when: date | tuple[date, date] | None = DAY,
    *,
    story: str | None = None,
    kind: str = "capture",
    place: Place | None = GOMA,
    captors: tuple[Actor, ...] = (REBELS,),
    losers: tuple[Actor, ...] = (),
    modality: str = "actual",
    at: int = 10,
    source: str | None = None,
    source_kind: str | None = None,
    target: str | None = None,
    **more: object,
) -> EventMention:
    first, last = when if isinstance(when, tuple) else (when, when)
    words = target or (place.name if place else "the town")
    made = EventMention(
        article_id=article,
        story_id=story or f"s_{article}",
        event_type=kind,
        rule="seize.v/active",
        trigger=Span(at, at + 6, "seized"),
        quote=Span(0, 60, f"quote {at}"),
        captors=captors,
        captor=Span(0, 6, captors[0].name) if captors else None,
        losers=losers,
        loser=Span(40, 46, losers[0].name) if losers else None,
        target=Span(at + 7, at + 7 + len(words), words),
        target_type="settlement",
        place_name=place.name if place else None,
        place_relation="at" if place else None,
        place=place,
        geo_precision=1 if place else None,
        date_text=Span(30, 36, "Tuesday") if first else None,
        date_value=(first.isoformat() if first == last else f"{first}/{last}") if first else None,
        date_start=first,
        date_end=last,
        time_precision=1 if first and first == last else None,
        date_basis="event" if first else "published",
        modality=modality,
        country="CD",
        attribution=Span(50, 58, source) if source else None,
        attribution_kind=source_kind,
        confidence=0.5,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def left(who: Actor, when: date | None, article: str = "a1") -> EventMention:
    return mention(article, when, kind="withdrawal", captors=(), losers=(who,), at=80)


def articles_of(
    mentions: Sequence[EventMention], published: dict[str, date] | None = None, **fields: object
) -> dict[str, Article]:
    published = published or {}
    return {
        name: Article(
            name, name, f"{name}.txt", None, "text", name,
            published=published.get(name, day(11, 22)), publisher=f"Paper {name}", **fields,  # type: ignore[arg-type]
        )
        for name in {m.article_id for m in mentions}
    }  # fmt: skip


def stories_of(mentions: Sequence[EventMention], agency: dict[str, str] | None = None) -> dict[str, Story]:
    agency = agency or {}
    found: dict[str, set[str]] = {}
    for item in mentions:
        found.setdefault(item.story_id, set()).add(item.article_id)
    return {
        name: Story(name, tuple(sorted(ids)), min(ids), len(ids), agency=agency.get(name))
        for name, ids in found.items()
    }


def merged(
    mentions: Sequence[EventMention],
    published: dict[str, date] | None = None,
    agency: dict[str, str] | None = None,
) -> list[MergedEvent]:
    return merge(mentions, articles_of(mentions, published), stories_of(mentions, agency))


# --- the same event -------------------------------------------------------------------------------

ONE_EVENT = {
    "told twice in one article": [mention(at=10), mention(at=90)],
    "two stories, the same day": [mention("a1"), mention("a2")],
    "two stories a day apart": [mention("a1"), mention("a2", DAY + timedelta(days=1))],
    "captured here, retook there": [mention("a1"), mention("a2", kind="recapture")],
    "a month contains the day": [mention("a1"), mention("a2", (day(11, 1), day(11, 30)))],
    "a span contains the day": [mention("a1"), mention("a2", (day(11, 18), day(11, 21)))],
    "undated beside dated, same story": [mention("a1"), mention("a1", None, at=80)],
    "undated in another story of the same week": [mention("a1"), mention("a2", None)],
    "no captor named beside a captor": [mention("a1"), mention("a2", captors=())],
    "two undated of the same days": [mention("a1", None), mention("a2", None)],
    "under way and done, same story": [mention("a1"), mention("a1", modality="ongoing", when=None, at=99)],
    "planned and done, same story": [mention("a1"), mention("a1", modality="planned", when=None, at=99)],
    "denied by one, told by another": [mention("a1"), mention("a2", modality="denied")],
}


@pytest.mark.parametrize("mentions", ONE_EVENT.values(), ids=ONE_EVENT)
def test_one_event(mentions: list[EventMention]) -> None:
    assert len(merged(mentions)) == 1


TWO_EVENTS = {
    "two places": [mention("a1"), mention("a1", place=SAKE, at=50)],
    "taken and retaken": [mention("a1"), mention("a2", day(12, 1), kind="recapture", captors=(ARMY,))],
    "the same side takes it twice, far apart": [mention("a1"), mention("a2", day(12, 20))],
    "three days apart": [mention("a1"), mention("a2", DAY + timedelta(days=3))],
    "on one day, by different sides": [mention("a1"), mention("a2", captors=(ARMY,), kind="recapture")],
    "capture and siege": [mention("a1"), mention("a1", kind="siege", at=80)],
    "capture and a later withdrawal": [mention("a1"), left(REBELS, day(12, 3))],
    "capture, and the captor left the same day": [mention("a1"), left(REBELS, DAY)],
    "a withdrawal told by another story": [mention("a1"), left(ARMY, DAY, "a2")],
    "the town and its airport": [
        mention("a1"),
        mention("a1", target="the airport", target_type="facility", at=80),
    ],
    "the town and a village near it": [
        mention("a1"),
        mention("a1", target="a village near Goma", place_relation="near", at=80),
    ],
    "undated, told a year later": [mention("a1"), mention("a2", None)],
    "under way in another story": [mention("a1"), mention("a2", None, modality="ongoing")],
    "failed and done": [mention("a1"), mention("a1", modality="failed", at=80)],
    "unnamed towns of two stories": [
        mention("a1", place=None, target="the town"),
        mention("a2", place=None, target="the town"),
    ],
}  # fmt: skip
LATER = {"a2": day(11, 22) + timedelta(days=365)}


@pytest.mark.parametrize("name", TWO_EVENTS)
def test_two_events(name: str) -> None:
    assert len(merged(TWO_EVENTS[name], LATER if "a year later" in name else None)) == 2


def test_two_captures_with_a_recapture_between_stay_two() -> None:
    found = merged(
        [
            mention("a1", day(5, 1)),
            mention("a2", day(6, 1), kind="recapture", captors=(ARMY,)),
            mention("a3", day(7, 1)),
            mention("a3", (day(7, 1), day(7, 31)), at=90),
        ],
        {"a1": day(5, 2), "a2": day(6, 2), "a3": day(7, 2)},
    )
    assert [(e.event_type, e.best.date_start) for e in found] == [
        ("capture", day(5, 1)),
        ("recapture", day(6, 1)),
        ("capture", day(7, 1)),
    ]


def test_an_undated_statement_joins_the_capture_that_is_news_when_it_is_told() -> None:
    found = merged(
        [mention("a1", day(5, 1)), mention("a3", day(7, 1)), mention("a4", None)],
        {"a1": day(5, 2), "a3": day(7, 2), "a4": day(7, 3)},
    )
    assert [[m.article_id for m in e.mentions] for e in found] == [["a1"], ["a3", "a4"]]


def test_an_event_is_not_told_before_it_happens() -> None:
    found = merged([mention("a1", day(7, 1)), mention("a2", None)], {"a1": day(7, 2), "a2": day(5, 2)})
    assert len(found) == 2


def test_the_holder_s_leaving_is_part_of_the_capture() -> None:
    (event,) = merged([mention("a1"), left(ARMY, DAY)])
    assert (event.event_type, event.best.captors, event.best.losers) == ("capture", (REBELS,), (ARMY,))


# --- what is said of an event ---------------------------------------------------------------------


def test_the_best_statement_is_dated_and_done() -> None:
    (event,) = merged([mention(when=None, at=10, modality="ongoing"), mention(at=90)])
    assert (event.modality, event.best.trigger.start, event.best.date_start) == ("actual", 90, DAY)


def test_open_slots_are_filled_from_other_statements_of_the_article() -> None:
    (event,) = merged([mention(captors=(), at=10), mention(when=None, losers=(ARMY,), at=90)])
    assert event.best.captors == (REBELS,)
    assert event.best.losers == (ARMY,)
    assert event.best.date_start == DAY


def test_one_mention_per_article_and_its_other_quotes() -> None:
    (event,) = merged([mention(at=10), mention(at=50), mention(at=90), mention("a2")])
    assert sorted(m.article_id for m in event.mentions) == ["a1", "a2"]
    own = next(m for m in event.mentions if m.article_id == "a1")
    assert [q.text for q in own.other_quotes] == ["quote 50", "quote 90"]


def test_recapture_names_the_event_where_one_story_says_so() -> None:
    (event,) = merged([mention("a1"), mention("a2", kind="recapture")])
    assert event.event_type == "recapture"


STATUS = {
    "a party alone": ([mention(source="the rebels", source_kind="party")], "claimed"),
    "its state alone": ([mention(source="the army", source_kind="state")], "claimed"),
    "a monitor": ([mention(source="a monitor", source_kind="monitor")], "reported"),
    "the writer": ([mention()], "reported"),
    "residents": ([mention(source="residents", source_kind="witness")], "reported"),
    "a party twice in one article": (
        [
            mention(source="the rebels", source_kind="party"),
            mention(source="M23", source_kind="party", at=90),
        ],
        "claimed",
    ),
    "two origins": ([mention("a1"), mention("a2")], "confirmed"),
    "the losing side concedes": (
        [mention(losers=(ARMY,), source="a Congolese army spokesman", source_kind="state")],
        "confirmed",
    ),
    "told and denied": (
        [mention("a1", source="M23", source_kind="party"), mention("a2", modality="denied")],
        "disputed",
    ),
    "only denied": ([mention(modality="denied")], "denied"),
    "planned": ([mention(modality="planned")], None),
    "under way": ([mention(modality="ongoing")], None),
    "failed": ([mention(modality="failed")], None),
    "hypothetical": ([mention(modality="hypothetical")], None),
}


@pytest.mark.parametrize("name", STATUS)
def test_claim_ladder(name: str) -> None:
    mentions, expected = STATUS[name]
    (event,) = merged(mentions)
    assert event.status == expected


def test_copies_of_one_story_have_one_origin() -> None:
    (event,) = merged([mention("a1", story="s"), mention("a2", story="s"), mention("a3", story="s")])
    assert (event.n_articles, event.n_publishers, event.n_origins) == (3, 3, 1)
    assert event.status == "reported"


def test_two_stories_of_one_agency_have_one_origin() -> None:
    two = [mention("a1"), mention("a2")]
    assert merged(two, agency={"s_a1": "Reuters", "s_a2": "Reuters"})[0].n_origins == 1
    assert merged(two, agency={"s_a1": "Reuters", "s_a2": "AP"})[0].n_origins == 2


def test_first_and_last_publication() -> None:
    (event,) = merged([mention("a1"), mention("a2")], {"a1": day(11, 23), "a2": day(11, 21)})
    assert (event.first_published, event.last_published) == (day(11, 21), day(11, 23))


def test_nothing_gives_nothing() -> None:
    assert merge([], {}, {}) == []
    assert cluster_mentions([], {}) == []


# --- keys and ids ---------------------------------------------------------------------------------


def test_the_place_key_tells_the_place_from_a_part_of_it_and_from_what_is_near() -> None:
    whole = mention()
    airport = mention(target="the airport", target_type="facility")
    bridge = mention(target="the bridge", target_type="facility")
    near = mention(target="two villages near Goma", place_relation="near")
    keys = {place_key(m) for m in (whole, airport, bridge, near)}
    assert len(keys) == 4
    assert place_key(whole) == place_key(mention("a9", target="the eastern city of Goma"))
    assert place_key(airport) == place_key(
        mention("a9", target="Goma's main airport", target_type="facility")
    )


def test_ids_differ_between_events_alike_in_all_that_the_id_is_made_of() -> None:
    found = merged(
        [mention("a1", None, modality="failed"), mention("a1", None, at=80, modality="failed", place=SAKE)]
    )
    assert len({e.event_id for e in found}) == 2


def test_an_unrelated_article_changes_no_id() -> None:
    before = [mention("a1"), mention("a2", day(12, 1), kind="recapture", captors=(ARMY,))]
    after = [*before, mention("a0", day(3, 3), place=SAKE), mention("a9", None, place=SAKE, kind="siege")]
    ids = {e.event_id for e in merged(before)}
    assert ids < {e.event_id for e in merged(after)}


def test_a_duplicate_article_changes_only_counts() -> None:
    one = [mention("a1", story="s"), mention("a1", place=SAKE, story="s", at=70)]
    copy = [replace(m, article_id="a2") for m in one]
    before, after = merged(one), merged([*one, *copy])
    assert [e.event_id for e in after] == [e.event_id for e in before]
    for old, new in zip(before, after, strict=True):
        assert (new.best, new.status, new.modality, new.n_origins, new.confidence) == (
            old.best, old.status, old.modality, old.n_origins, old.confidence,
        )  # fmt: skip
        assert (old.n_articles, new.n_articles) == (1, 2)


# --- order ----------------------------------------------------------------------------------------

MANY = [
    mention("a1"),
    mention("a1", None, at=90, losers=(ARMY,)),
    mention("a2", DAY + timedelta(days=1), captors=()),
    mention("a2", day(12, 1), kind="recapture", captors=(ARMY,), at=60),
    mention("a3", (day(11, 1), day(11, 30))),
    mention("a3", None, modality="ongoing", at=40),
    mention("a4", None, modality="denied"),
    mention("a4", place=SAKE, at=80),
    mention("a5", None, place=SAKE),
    mention("a5", None, place=None, target="the town", at=70),
]


@given(st.permutations(MANY))
def test_the_order_of_the_mentions_changes_nothing(shuffled: list[EventMention]) -> None:
    assert merged(shuffled) == merged(MANY)


@given(
    st.lists(
        st.builds(
            mention,
            article=st.sampled_from(["a1", "a2", "a3"]),
            when=st.sampled_from([None, DAY, day(11, 21), day(12, 5), (day(11, 1), day(11, 30))]),
            kind=st.sampled_from(["capture", "recapture", "siege", "withdrawal"]),
            place=st.sampled_from([GOMA, SAKE, None]),
            captors=st.sampled_from([(), (REBELS,), (ARMY,)]),
            modality=st.sampled_from(["actual", "ongoing", "denied", "failed", "planned"]),
            at=st.integers(0, 400),
        ),
        max_size=8,
        unique_by=lambda m: (m.article_id, m.trigger.start),
    ),
    st.randoms(use_true_random=False),
)
def test_properties_of_any_merge(mentions: list[EventMention], random: object) -> None:
    events = merged(mentions)
    clusters = cluster_mentions(mentions, articles_of(mentions))
    assert sorted(m.trigger.start for group in clusters for m in group) == sorted(
        m.trigger.start for m in mentions
    )
    assert len({e.event_id for e in events}) == len(events)
    for event in events:
        ids = [m.article_id for m in event.mentions]
        assert len(ids) == len(set(ids)) == event.n_articles
        assert event.best == event.mentions[0]
        assert 0 < event.confidence < 1
        assert (event.status is None) == (event.modality not in {"actual", "denied"})
    shuffled = list(mentions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merged(shuffled) == events
