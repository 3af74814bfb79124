from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontlog.actors import (
    abbreviations,
    find_actors,
    is_anaphor,
    is_source,
    joined_name,
    resolve_anaphor,
    same_side,
    source_kind,
)
from frontlog.records import Actor

SYRIA = Actor("Syrian government", "state", "SY")
IRAQ = Actor("Iraqi government", "state", "IQ")
IS = Actor("Islamic State", "rebel")
SDF = Actor("Syrian Democratic Forces", "rebel")
YPG = Actor("YPG", "rebel")
REBELS = Actor("Syrian rebels", "rebel")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("it", "pronoun"),
        ("They", "pronoun"),
        ("the group", "group"),
        ("the militants", "group"),
        ("the extremist group", "group"),
        ("its fighters", "group"),
        ("its troops", "group"),
        ("their forces", "group"),
        ("the rebels", "group"),
        ("anti-government fighters", None),
        ("government forces", "government"),
        ("the army", "government"),
        ("the regime", "government"),
        ("troops", "government"),
        ("militants", None),
        ("IS militants", None),
        ("Kurdish forces", None),
        ("the Syrian army", None),
        ("the town", None),
        ("activists", None),
        ("", None),
    ],
)
def test_is_anaphor(words: str, expected: str | None) -> None:
    assert is_anaphor(words) == expected


@pytest.mark.parametrize(
    ("words", "before", "country", "expected"),
    [
        ("the militants", [IS, SYRIA], "SY", [IS]),
        ("the extremist group", [IS, SYRIA], "SY", [IS]),
        ("the group", [REBELS, SDF, SYRIA], "SY", [SDF]),
        ("the rebels", [REBELS, IS], "SY", [REBELS]),
        ("the rebels", [IS], "SY", [REBELS]),
        ("the jihadists", [IS, REBELS], "SY", [IS]),
        ("the militants", [IS, SDF], "SY", [IS]),
        ("government forces", [IRAQ, IS], "SY", [SYRIA]),
        ("government forces", [IRAQ, IS], None, [IRAQ]),
        ("its troops and allied fighters", [SYRIA, IS], "SY", [SYRIA]),
        ("its fighters", [IS, SYRIA], "SY", [IS]),
        ("they", [SYRIA, IS], "SY", [IS]),
        ("Kurdish forces", [YPG, IS], "SY", [YPG]),
        ("Iraqi forces", [SYRIA], "IQ", [IRAQ]),
        ("they", [], "SY", []),
    ],
)
def test_resolve(words: str, before: list[Actor], country: str | None, expected: list[Actor]) -> None:
    assert [a.name for a in resolve_anaphor(words, before, country=country)] == [a.name for a in expected]


def found(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], actor.name) for start, end, actor in find_actors(text)]


def test_find_actors_in_running_text() -> None:
    text = "Houthi fighters drove Saudi troops off the hill as rebels and the army watched from Taiz, Yemen."
    assert found(text) == [
        ("Houthi fighters", "Houthis"),
        ("Saudi troops", "Saudi government"),
        ("rebels", "rebels"),
        ("army", "government"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "He is in Jordan.",
        "WHAT IS KNOWN ABOUT THE STORM",
        "The Syrian city was quiet.",
        "President Joe Biden spoke in Washington.",
        "The team captured the cup in Chad.",
        "Both sides like us.",
        "the rebel-held town",
    ],
)
def test_find_actors_leaves_look_alikes(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "piece", ["US-backed Syrian Kurdish-led ", "Syrian ", "(IS", "the al-", "rebel ", "- "]
)
def test_time_grows_with_the_text(piece: str) -> None:
    def seconds(times: int) -> float:
        text = piece * times
        start = time.perf_counter()
        find_actors(text, country="SY")
        abbreviations(text)
        return time.perf_counter() - start

    seconds(10)
    assert seconds(8000) < 40 * (seconds(800) + 0.01)


@given(st.text(max_size=200))
def test_offsets_lie_in_the_text_and_do_not_overlap(text: str) -> None:
    last = 0
    for start, end, _ in find_actors(text):
        assert last <= start < end <= len(text)
        last = end


def test_abbreviations() -> None:
    text = "Fighters of the Sons of the River Army (SRA) and the Hill Watch Front (HWF) met (AFP)."
    assert abbreviations(text) == {"SRA": "Sons of the River Army", "HWF": "Hill Watch Front"}


def test_abbreviations_of_a_name_in_another_language() -> None:
    assert abbreviations("The Free Aceh Movement (GAM) agreed.") == {"GAM": "Free Aceh Movement"}
    assert abbreviations("The talks failed (AFP). A deal (DEAL)") == {}


@pytest.mark.parametrize(
    ("words", "source", "kind"),
    [
        ("the Syrian Observatory for Human Rights", True, "monitor"),
        ("activists", True, "monitor"),
        ("residents", True, "witness"),
        ("witnesses in the town", True, "witness"),
        ("the state news agency", True, "media"),
        ("a Houthi spokesman", True, "party"),
        ("the SDF", False, "party"),
        ("the Russian defence ministry", False, "state"),
        ("Mayor Smith", False, "other"),
        ("", False, "other"),
    ],
)
def test_sources(words: str, source: bool, kind: str) -> None:
    assert is_source(words) is source
    assert source_kind(words) == kind


def test_a_government_that_takes_part_is_a_party() -> None:
    assert source_kind("Iraq", [IRAQ, IS]) == "party"
    assert source_kind("the Russian defence ministry", [SYRIA, IS]) == "state"
    assert source_kind("A military source", [SYRIA], country="SY") == "party"


def test_sides() -> None:
    assert same_side(Actor("Hezbollah", "militia"), SYRIA)
    assert same_side(Actor("Jaish al-Islam", "rebel"), REBELS)
    assert same_side(YPG, SDF)
    assert not same_side(IS, SYRIA)
    assert not same_side(IS, REBELS)
    assert not same_side(Actor("unheard of", "unknown"), SYRIA)


def test_joined_name() -> None:
    assert joined_name([IRAQ, SDF, IRAQ]) == "Iraqi government; Syrian Democratic Forces"
    assert joined_name([]) is None
