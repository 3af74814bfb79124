"""What a site prints under all its stories, and what only looks like it. All texts are ours."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from frontlog.reading.recurring import without_recurring
from frontlog.records import Article, Piece

# Bodies of four stories with nothing in common.
STORIES = (
    "Rebels took the market town of Kirumba at dawn, witnesses told Radio Okapi.\n\nColonel Ngoma said his men left.",
    "Troops retook Derna from the Shura Council, General Haftar said.\n\nThe port of Derna had been shut since Easter.",
    "Kachin fighters gave up the jade mines near Hpakant, villagers in Myitkyina said.\n\nMonks came with General Zau.",
    "Separatists handed Debaltseve to Ukraine, monitors of Geneva said.\n\nTrains to Luhansk will run from Monday.",
)


def article(number: int, text: str, **fields: str) -> Article:
    fields = {"publisher": "Plains Herald"} | fields
    return Article(
        f"a_{number:03d}", f"{number}", f"{number}.txt", None, text, "", (Piece(0, len(text), 40),), **fields
    )


def bodies(line: str, *, above: bool = False, n: int = 4) -> list[Article]:
    return [
        article(i, f"{line}\n\n{body}" if above else f"{body}\n\n{line}")
        for i, body in enumerate(STORIES[:n])
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Our reporters are on the ground day and night.",
        "If you have seen the fighting, write to the desk.",
        "The Plains Herald was founded in 1921 and belongs to its readers.",
        "This article is part of a series on forgotten wars.",
        "Conflict Watch",
        "Maps, pictures, accounts",
    ],
)
@pytest.mark.parametrize("above", [False, True])
def test_what_stands_under_all_stories_of_a_site_goes(line: str, above: bool) -> None:
    cleared = without_recurring(bodies(line, above=above, n=3))
    assert [a.text for a in cleared] == list(STORIES[:3])
    for before, after in zip(bodies(line, above=above, n=3), cleared, strict=True):
        assert [cut.text for cut in after.cuts if cut.kind == "recurring"] == [line]
        # Offsets still lead to the raw text, of which 40 characters stood before.
        raw = "." * 40 + before.text
        assert all(
            after.text[p.start : p.end] == raw[p.raw_start : p.raw_start + p.end - p.start]
            for p in after.pieces
        )
        assert all(raw[cut.raw_start : cut.raw_end] == cut.text for cut in after.cuts)


def test_sentences_of_the_page_need_four_stories_and_the_edge() -> None:
    line = "The bureau covers nine countries from a house by the river."
    assert all(line in a.text for a in without_recurring(bodies(line, n=3)))
    assert not any(line in a.text for a in without_recurring(bodies(line)))
    inside = [article(i, body.replace("\n\n", f"\n\n{line}\n\n")) for i, body in enumerate(STORIES)]
    assert all(line in a.text for a in without_recurring(inside))


def test_background_of_one_war_stays() -> None:
    background = (
        "More than 9,000 people have died since Bosco Ntaganda and the rebels of Rutshuru rose in April."
    )
    updates = [
        f"{what} in Rutshuru, Governor Paluku of Goma said on Monday.\n\n{background}"
        for what in (
            "Shells fell",
            "Talks began",
            "Aid came",
            "Rain stopped the fighting",
            "Shops opened again",
        )
    ]
    articles = [article(i, text) for i, text in enumerate(updates)]
    assert without_recurring(articles) == articles


def test_copies_of_one_story_are_no_evidence() -> None:
    copies = [article(i, f"{STORIES[0]}\n\nOur reporter counted twelve lorries.") for i in range(6)]
    assert without_recurring(copies) == copies


def test_quotes_do_not_speak_to_the_reader() -> None:
    line = "“We will not give you our town,” a fighter called."
    articles = bodies(line, n=3)
    assert without_recurring(articles) == articles


def test_headlines_and_articles_of_nothing_else_stay() -> None:
    brief = [article(i, f"News in brief\n\n{body}", title="News in brief") for i, body in enumerate(STORIES)]
    assert without_recurring(brief) == brief
    empty = [article(i, "Pictures of the day") for i in range(5)]
    assert without_recurring(empty) == empty


def test_each_site_counts_for_itself() -> None:
    line = "Our reporters are on the ground day and night."
    articles = [replace(a, publisher=f"Paper {i}") for i, a in enumerate(bodies(line))]
    assert without_recurring(articles) == articles
    hosted = [
        replace(a, publisher=None, url=f"https://www.plains.example/{i}") for i, a in enumerate(bodies(line))
    ]
    assert not any(line in a.text for a in without_recurring(hosted))
    unnamed = [replace(a, publisher=None) for a in bodies(line)]
    assert not any(line in a.text for a in without_recurring(unnamed))


def test_the_order_changes_nothing() -> None:
    articles = [
        *bodies("Conflict Watch"),
        article(9, "Conflict Watch\n\nNothing else was known."),
        article(10, "Peace."),
    ]
    expected = {a.article_id: a for a in without_recurring(articles)}
    for seed in range(5):
        mixed = random.Random(seed).sample(articles, len(articles))
        assert {a.article_id: a for a in without_recurring(mixed)} == expected
