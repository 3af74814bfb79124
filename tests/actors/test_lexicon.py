from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from frontlog.actors.lexicon import build_lexicon, keys_of, load_lexicon
from frontlog.errors import RunError

STATES: dict[str, Any] = {"SY": {"name": "Syria", "adjective": "Syrian"}}
NOUNS: dict[str, Any] = {"force": ["forces"]}


def test_the_shipped_lexicon_is_whole() -> None:
    lexicon = load_lexicon()
    today = [code for code, state in lexicon.states.items() if len(code) == 2]
    assert len(today) >= 190
    assert len(lexicon.groups) >= 400
    for code in ("SUHH", "YUCS", "VDVN", "DDDE"):
        assert lexicon.states[code].parts


def test_canonical_names_fold_to_themselves() -> None:
    lexicon = load_lexicon()
    for name in lexicon.groups:
        if "(" not in name:
            entries = lexicon.index[keys_of(name)[0]]
            assert any(e.keys == keys_of(name)[1:] and e.ref.target == name for e in entries), name


@pytest.mark.parametrize(
    ("spelling", "same"),
    [
        ("Jabhat al-Nusra", "Jabhat an-Nusra"),
        ("al-Shabab", "Al Shabab"),
        ("Séléka", "Seleka"),
        ("People's Protection Units", "Peoples Protection Units"),
        ("Lashkar-e-Taiba", "Lashkar-i-Taiba"),
        ("U.S.", "US"),
    ],
)
def test_spellings_fold(spelling: str, same: str) -> None:
    assert keys_of(spelling) == keys_of(same)


def test_look_alikes_stay_apart() -> None:
    assert keys_of("Hamas") != keys_of("Hama")
    assert keys_of("Laos") != keys_of("Lao")


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ({"in": ["QQ"]}, "groups.toml, entry 'X': country 'QQ' is not in states.toml"),
        ({"in": ["SY"], "kind": "army"}, "groups.toml, entry 'X': kind is 'army'. Use one of"),
        ({"in": ["SY"], "years": "once"}, "groups.toml, entry 'X': years are 'once'. Write them as"),
        ({"in": ["SY"], "parent": "Y"}, "groups.toml, entry 'X': 'Y' is neither"),
        ({"in": ["SY"], "colour": "red"}, "groups.toml, entry 'X': unknown key 'colour'"),
        ({}, "groups.toml, entry 'X': 'in' is missing"),
    ],
)
def test_faulty_entries_are_named(group: dict[str, Any], message: str) -> None:
    with pytest.raises(RunError) as caught:
        build_lexicon(STATES, {"X": group}, {}, NOUNS)
    assert str(caught.value).startswith(message)


def test_faulty_local_phrases_are_named() -> None:
    phrase = {"words": ["Kurds"], "country": "SY", "name": "YPG"}
    with pytest.raises(RunError, match=r"local.toml, phrase 1 \(Kurds\): 'YPG' is neither"):
        build_lexicon(STATES, {}, {"phrase": [phrase]}, NOUNS)


def test_former_states_hold_their_land_in_their_years() -> None:
    lexicon = load_lexicon()
    assert [s.name for s in (lexicon.state_of("RU", date(1980, 1, 1)), lexicon.state_of("RU")) if s] == [
        "Soviet Union",
        "Russia",
    ]
    assert lexicon.state_of("XX") is None
