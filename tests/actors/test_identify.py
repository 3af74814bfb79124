from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontlog.actors import identify
from frontlog.actors.identify import split_conjuncts
from frontlog.actors.lexicon import load_lexicon


def names(words: str, country: str | None = None, day: date | None = None, **aliases: str) -> list[str]:
    return [actor.name for actor in identify(words, country=country, day=day, aliases=aliases)]


D = date
CASES = [
    # states: forces, metonyms, rulers, titles
    ("Syrian President Bashar Assad's military", "SY", None, ["Syrian government"]),
    ("Iraqi Prime Minister Haider al-Abadi", "IQ", None, ["Iraqi government"]),
    ("Gaddafi's troops", "LY", D(2011, 3, 1), ["Libyan government"]),
    ("Damascus", "SY", None, ["Syrian government"]),
    ("the Kremlin", "UA", D(2022, 3, 1), ["Russian government"]),
    ("hundreds of police", "IN", None, ["Indian government"]),
    ("units of the army", "SY", None, ["Syrian government"]),
    ("the Democratic Republic of Congo's army", "CD", None, ["Congolese government"]),
    ("troops from Chad", "ML", None, ["Chadian government"]),
    ("pro-regime gunmen and security guards", "SY", None, ["Syrian government"]),
    ("pro-Assad militias", "SY", D(2016, 1, 1), ["Syrian government"]),
    ("government troops", "VN", D(1968, 2, 1), ["South Vietnamese government"]),
    ("Soviet paratroopers", "AF", D(1980, 1, 1), ["Soviet government"]),
    ("the military", "MM", None, ["Myanmar government"]),
    ("the Israelis", "LB", None, ["Israeli government"]),
    # groups and their spellings
    ("IS", "SY", None, ["Islamic State"]),
    ("DAESH", "SY", None, ["Islamic State"]),
    ("the Islamic State of Iraq and the Levant", "IQ", None, ["Islamic State"]),
    ("Al Nusra", "SY", None, ["Nusra Front"]),
    ("Jabhat an-Nusra", "SY", None, ["Nusra Front"]),
    ("the al-Qaeda-linked Nusra Front", "SY", None, ["Nusra Front"]),
    ("the YPG-dominated Syrian Democratic Forces (SDF)", "SY", None, ["Syrian Democratic Forces"]),
    ("The Peoples Protection Units- (YPG) dominated SDF", "SY", None, ["Syrian Democratic Forces"]),
    ("fighters from the Kurdish People's Protection Units", "SY", None, ["YPG"]),
    ("Houthi rebels", "YE", None, ["Houthis"]),
    ("al-Shabaab fighters", "SO", None, ["al-Shabab"]),
    ("the Tigers", "LK", None, ["LTTE"]),
    ("Tamil Tiger rebels", "LK", None, ["LTTE"]),
    ("Unita", "AO", None, ["UNITA"]),
    ("Vietcong guerrillas", "VN", None, ["Viet Cong"]),
    ("forces loyal to Khalifa Haftar", "LY", None, ["Libyan National Army"]),
    ("Rwandan-backed M23 rebels", "CD", None, ["M23"]),
    ("Lashkar-i-Taiba militants", "IN", None, ["Lashkar-e-Taiba"]),
    ("Bosnian Serb forces", "BA", D(1995, 7, 1), ["Bosnian Serb forces"]),
    # what depends on the country and the day
    ("rebels", "SY", None, ["Syrian rebels"]),
    ("Turkish-backed Syrian rebels", "SY", None, ["Syrian rebels"]),
    ("opposition fighters in the city", "SY", None, ["Syrian rebels"]),
    ("Kurdish forces", "SY", D(2014, 1, 1), ["YPG"]),
    ("Kurdish- led forces backed by the U.S.", "SY", D(2017, 1, 1), ["Syrian Democratic Forces"]),
    ("US-backed Syrian fighters", "SY", D(2017, 1, 1), ["Syrian Democratic Forces"]),
    ("US-backed rebels", "SY", D(2017, 1, 1), ["Syrian rebels"]),
    ("Kurdish forces", "IQ", None, ["Kurdish peshmerga"]),
    ("Iraqi Kurdish forces", "SY", None, ["Kurdish peshmerga"]),
    ("separatists", "UA", D(2015, 1, 1), ["pro-Russian separatists"]),
    ("anti-government fighters", "LY", D(2014, 1, 1), ["Libyan rebels"]),
    ("UN forces", "KR", D(1950, 9, 20), ["UN Command"]),
    ("RSF", "SD", None, ["Rapid Support Forces"]),
    # two actors, shared heads, companions
    ("opposition fighters and ISIS militants", "SY", None, ["Syrian rebels", "Islamic State"]),
    ("Iraqi and Kurdish forces", "IQ", None, ["Iraqi government", "Kurdish peshmerga"]),
    ("Eritrean and Ethiopian troops", "ET", None, ["Eritrean government", "Ethiopian government"]),
    ("its troops and allied fighters", "SY", None, ["Syrian government"]),
    ("Hundreds of IS fighters and their families", "IQ", None, ["Islamic State"]),
    ("the Western and Arab-backed Free Syrian Army", "SY", None, ["Free Syrian Army"]),
    ("the Nusra Front and its allies", "SY", None, ["Nusra Front"]),
    # whom a hyphenated link makes the party
    ("NATO-led and Afghan troops", "AF", None, ["NATO", "Afghan government"]),
    ("French-led troops", "ML", None, ["French government"]),
    ("Hayat Tahrir al-Sham-led rebels", "SY", None, ["Hayat Tahrir al-Sham"]),
    ("Islamic State-linked fighters", "MZ", None, ["Ahlu Sunna wal-Jamaa (Mozambique)"]),
    ("al-Qaeda-linked fighters", "FR", None, ["militants"]),
    ("Emirati-backed forces", "YE", None, ["Emirati-backed forces"]),
    ("South African forces", "AO", None, ["South African government"]),
    ("Nationalist troops", "CN", D(1949, 4, 23), ["Chinese Nationalists"]),
    ("Misrata fighters", None, None, ["Misrata militias"]),
    ("Dunhill fighters", None, None, ["Dunhill fighters"]),
    # without context the nouns keep themselves
    ("rebels", None, None, ["rebels"]),
    ("insurgents", None, None, ["insurgents"]),
    ("the militants", "SY", None, ["militants"]),
    # names that the lexicon lacks
    ("the Brotherhood of the North fighters", None, None, ["Brotherhood of the North"]),
    ("the Lions of the Plain Brigade", "SY", None, ["Lions of the Plain Brigade"]),
    ("the Shaitat tribesmen", "SY", None, ["Shaitat tribe"]),
]


@pytest.mark.parametrize(("words", "country", "day", "expected"), CASES)
def test_names(words: str, country: str | None, day: date | None, expected: list[str]) -> None:
    assert names(words, country, day) == expected


@pytest.mark.parametrize(
    "words",
    [
        "the Syrian Observatory for Human Rights",
        "activists",
        "residents",
        "Iraqi officials",
        "an IS spokesman",
        "Hezbollah officials",
        "sources",
        "civilians",
        "the town",
        "the Syrian city",
        "a monitor",
        "is",
        "us",
        "Syrians",
        "Syrian state TV",
        "",
        "(",
    ],
)
def test_names_no_party(words: str) -> None:
    assert names(words, "SY") == []


def test_kinds_are_relative_to_the_country_of_the_event() -> None:
    assert identify("Russian troops", country="UA")[0].kind == "external"
    assert identify("Russian troops", country="RU")[0].kind == "state"
    assert identify("Taliban fighters", country="AF", day=date(2015, 1, 1))[0].kind == "rebel"
    assert identify("Taliban fighters", country="AF", day=date(2022, 1, 1))[0].kind == "state"
    assert identify("Wagner mercenaries", country="ML")[0].kind == "external"
    assert identify("armed villagers", country="ML")[0].kind == "civilian"
    assert identify("the Brotherhood of the North fighters")[0].kind == "unknown"


def test_the_articles_own_abbreviation_beats_a_local_meaning() -> None:
    assert names("RSF", "SD", RSF="Reporters Without Borders") == []
    assert names("the SRA", "SD", SRA="Sons of the River Army") == ["Sons of the River Army"]
    assert names("the AA", "MM", AA="Arakan Army") == ["Arakan Army"]


def test_ambiguous_abbreviations_need_their_country() -> None:
    assert names("the UPC", "CF") == ["UPC (Central African Republic)"]
    assert names("the UPC", "CD", date(2003, 1, 1)) == ["UPC (Ituri)"]
    assert "Rapid Support Forces" not in names("RSF", "FR")


def test_conjunctions_inside_names_stay_whole() -> None:
    words = "the Islamic State of Iraq and Syria, JEM and Justice and Equality Movement rebels"
    parts = split_conjuncts(words, load_lexicon())
    assert parts == ["the Islamic State of Iraq and Syria", "JEM", "Justice and Equality Movement rebels"]


WORDS = [
    "the",
    "and",
    "of",
    "US-backed",
    "Syrian",
    "rebels",
    "(SDF)",
    "al-",
    "-led",
    "forces",
    "'s",
    ",",
    "IS",
    "Kurdish",
]


@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from([None, "SY", "IQ", "XX"]))
def test_any_words_give_a_tuple_of_named_actors(words: list[str], country: str | None) -> None:
    for actor in identify(" ".join(words), country=country):
        assert actor.name.strip() == actor.name != ""


@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    identify(text, country="SY")
