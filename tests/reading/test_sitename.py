"""Site names and navigation at the head of a page. All names and texts are ours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontlog.reading import read_inputs
from frontlog.reading.cleaning import clean
from frontlog.reading.sitename import is_menu, site_line
from frontlog.settings import Settings

HEADLINE = "Northern town empties as columns draw near"
BODY = (
    "Troops crossed the border at dawn and entered Oranje, and the fall of the last post was announced.\n\n"
    "The bridge was open again, the radio said, and the town changed hands without a shot.\n\n"
    "Nobody was told why the record of the talks was burnt that evening."
)

NAMES = [
    ("VALLEY TRIBUNE", "VALLEY TRIBUNE"),
    ("VALLEY TRIBUNE | AFRICA", "VALLEY TRIBUNE"),
    ("The Upland Gazette", "The Upland Gazette"),
    ("=== The Oranje Lantern ===", "The Oranje Lantern"),
    ("*** THE UPLAND GAZETTE ***", "THE UPLAND GAZETTE"),
    ("~ Brug Courier ~", "Brug Courier"),
    ("Oranje Wire - Middle East desk", "Oranje Wire"),
    ("Brug Daily Star > World", "Brug Daily Star"),
    ("Brug Herald | Valley crisis", "Brug Herald"),
    ("The Brug Observer: World", "The Brug Observer"),
    ("THE BRUG GLOBE — FOREIGN NEWS", "THE BRUG GLOBE"),
    ("Brug Evening News · POLITICS", "Brug Evening News"),
    ("The Brug Mirror - Sunday edition", "The Brug Mirror"),
    ("Radio Oranje", "Radio Oranje"),
    ("The Times of Brug", "The Times of Brug"),
    ("Brug Free Press", "Brug Free Press"),
    ("Upland Media", "Upland Media"),
    ("valleynews.co.uk", "valleynews.co.uk"),
    ("Новости Brug News", "Новости Brug News"),
]
SECTIONS = [
    "Home » News » Africa",
    "Home / World",
    "Home | World | Sport | Weather",
    "WORLD | AFRICA",
    "News > World > Asia > Central Asia",
    "World > Uplands",
    "U.S. | World | Politics",
    "Home > World > Northern town empties",
    "Menu | Search | Log in",
    "FROM OUR ARCHIVES",
    "FRONT PAGE",
    "Foreign desk",
]
HEADLINES = [
    "Army Takes State Radio",
    "REBELS SEIZE BORDER POST",
    "Fall of the Border Post",
    "The Last Post",
    "Militia storms daily paper",
    "War in Our Times",
    "Hard Times",
    "Siege of Oranje: the world today",
    "Chase at the Brug Herald",
    "Ten Days That Shook Oranje Daily",
    "Bridge Town Changes Hands Daily",
    "Hills Above Oranje Quiet Today",
    "Families Wait for News",
    "Oranje falls",
    "ORANJE FALLS",
    "*** ORANJE FALLS ***",
    "World reacts to fall of Oranje",
    "Africa: army enters Oranje",
    "World | Rebels Win",
    "Oranje retaken | World",
    "Peace at last - UN",
    "Oranje and Brug: two towns, one war",
    "Second City Lost, Says Radio",
    "Talks in Brug > Day 3",
]


@pytest.mark.parametrize(("line", "name"), NAMES)
def test_a_site_name_is_cut_and_becomes_the_publisher(line: str, name: str) -> None:
    cleaned = clean(f"{line}\n\n{HEADLINE}\n\n{BODY}")
    assert [(cut.kind, cut.text) for cut in cleaned.cuts] == [("site_name", line)]
    assert (cleaned.publisher, cleaned.title) == (name, HEADLINE)
    assert cleaned.text == f"{HEADLINE}\n\n{BODY}"


@pytest.mark.parametrize("line", SECTIONS)
def test_sections_are_cut_and_name_no_publisher(line: str) -> None:
    cleaned = clean(f"{line}\n\n{HEADLINE}\n\n{BODY}")
    assert [(cut.kind, cut.text) for cut in cleaned.cuts] == [("navigation", line)]
    assert (cleaned.publisher, cleaned.title) == (None, HEADLINE)


@pytest.mark.parametrize("line", HEADLINES)
def test_a_headline_stays_with_and_without_a_subtitle(line: str) -> None:
    for raw in (f"{line}\n\n{HEADLINE}\n\n{BODY}", f"{line}\n\n{BODY}"):
        cleaned = clean(raw)
        assert (cleaned.text, cleaned.title, cleaned.publisher) == (raw, line, None)


@pytest.mark.parametrize("line", [line for line, _ in NAMES[:12]])
def test_the_only_head_line_stays(line: str) -> None:
    for below in (BODY, f"By Jane Doe\n\n{BODY}"):
        cleaned = clean(f"{line}\n\n{below}")
        assert cleaned.text.startswith(line)
        assert cleaned.publisher is None


def test_several_lines_of_a_page_head() -> None:
    head = "Home | World\n*** Brug Courier ***\nFROM THE ARCHIVE"
    raw = f"{head}\n\n{HEADLINE}\n\nAfrica | Latest news\n\n{BODY}"
    cleaned = clean(raw)
    assert cleaned.text == f"{HEADLINE}\n\n{BODY}"
    assert cleaned.publisher == "Brug Courier"


def test_a_masthead_may_name_the_newspaper() -> None:
    cleaned = clean(f"{HEADLINE}\n\nBrug Courier | Oranje | 9 August 1993\n\n{BODY}")
    assert (cleaned.publisher, cleaned.dateline) == ("Brug Courier", "Oranje")


def test_the_title_of_the_record_shows_what_is_none() -> None:
    cleaned = clean(f"BRUG COURIER\n\n{BODY}", title=HEADLINE)
    assert (cleaned.text, cleaned.publisher) == (BODY, "BRUG COURIER")
    same = clean(f"Brug Courier\n\n{HEADLINE}\n\n{BODY}", title="Brug Courier")
    assert same.text.startswith("Brug Courier\n\n")


def test_the_publisher_of_the_record_goes_first(tmp_path: Path) -> None:
    text = f"Brug Courier | World\n\n{HEADLINE}\n\n{BODY}"
    records = [{"id": "a", "text": text, "publisher": "Upland Press"}, {"id": "b", "text": text}]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    articles, _ = read_inputs([path], settings=Settings())
    assert {a.source_id: a.publisher for a in articles} == {"a": "Upland Press", "b": "Brug Courier"}


@pytest.mark.parametrize(
    ("line", "menu"),
    [
        ("Results | Fixtures | Tables", True),
        ("World | Sport", True),
        ("Letters • Puzzles • Recipes", True),
        ("Oranje | Brug", False),
        ("Oranje | 12 dead | 3 missing", False),
        ("The army left. | The rebels came.", False),
        ("Troops left Oranje at dawn on Monday | Rebels came | Then rain", False),
    ],
)
def test_menus(line: str, menu: bool) -> None:
    assert is_menu(line) is menu


@given(st.text(alphabet="AaBb |>-*:/.éН1 \t", max_size=80))
def test_no_line_is_an_error(line: str) -> None:
    site = site_line(line)
    assert site is None or site.kind in {"site_name", "navigation"}
    is_menu(line)
