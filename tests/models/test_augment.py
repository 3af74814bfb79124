"""Noise that keeps gold and text together: every change leaves a tree, and entities on their words."""

from __future__ import annotations

import random

import pytest
from augment import Augmenter, without
from corpora import Passage
from hypothesis import given, settings
from hypothesis import strategies as st


def passage() -> Passage:
    """One annotated sentence: The army, Assad's best, didn't take Tal Rifaat."""
    words = ["The", "army", ",", "Assad", "'s", "best", ",", "did", "n't", "surround", "Tal", "Rifaat", "."]
    return Passage(
        words=words,
        spaces=[True, False, True, False, True, False, True, False, True, True, True, False, True],
        tags=["DT", "NN", ",", "NNP", "POS", "JJS", ",", "VBD", "RB", "VB", "NNP", "NNP", "."],
        pos=[
            "DET",
            "NOUN",
            "PUNCT",
            "PROPN",
            "PART",
            "ADJ",
            "PUNCT",
            "AUX",
            "PART",
            "VERB",
            "PROPN",
            "PROPN",
            "PUNCT",
        ],
        morphs=[""] * 13,
        lemmas=[
            "the",
            "army",
            ",",
            "Assad",
            "'s",
            "good",
            ",",
            "do",
            "not",
            "surround",
            "Tal",
            "Rifaat",
            ".",
        ],
        heads=[1, 9, 5, 5, 3, 1, 5, 9, 9, 9, 9, 10, 9],
        deps="det nsubj punct nmod:poss case appos punct aux advmod ROOT obj flat punct".split(),
        starts=[True] + [False] * 12,
        entities=[(3, 4, "PERSON"), (10, 12, "GPE")],
    )


def text(changed: Passage) -> str:
    return "".join(w + " " * s for w, s in zip(changed.words, changed.spaces, strict=True)).strip()


def entities(changed: Passage) -> list[tuple[str, str]]:
    return [(" ".join(changed.words[a:b]), label) for a, b, label in changed.entities or ()]


def test_lost_commas() -> None:
    changed = Augmenter(0).drop_commas(passage())
    assert text(changed) == "The army Assad's best didn't surround Tal Rifaat."
    assert entities(changed) == [("Assad", "PERSON"), ("Tal Rifaat", "GPE")]
    assert changed.words[changed.heads[changed.words.index("Assad")]] == "best"


def test_lost_apostrophes_make_one_word() -> None:
    changed = Augmenter(0).drop_apostrophes(passage())
    assert text(changed) == "The army, Assads best, didnt surround Tal Rifaat."
    assert changed.tags[changed.words.index("Assads")] == "NNP"
    assert entities(changed)[0] == ("Assads", "PERSON")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("upper", "THE ARMY, ASSAD'S BEST, DIDN'T SURROUND TAL RIFAAT."),
        ("lower", "the army, assad's best, didn't surround tal rifaat."),
        ("headline", "The Army, Assad's Best, Didn't Surround Tal Rifaat."),
        ("drop_end", "The army, Assad's best, didn't surround Tal Rifaat"),
        ("curly_quotes", "The army, Assad’s best, didn’t surround Tal Rifaat."),
        ("drop_all_marks", "The army Assads best didnt surround Tal Rifaat."),
    ],
)
def test_letters_and_marks(change: str, expected: str) -> None:
    assert text(getattr(Augmenter(0), change)(passage())) == expected


def test_a_broken_word_keeps_its_parts_together() -> None:
    changed = Augmenter(0).break_word(passage())
    place = changed.words.index("-")
    assert "".join((changed.words[place - 1], changed.words[place + 1])) == "surround"
    assert changed.heads[place + 1] == place - 1
    assert changed.deps[place + 1] == "goeswith"
    assert entities(changed) == entities(passage())


def test_two_apostrophes_in_a_row_leave_no_empty_word() -> None:
    original = Passage(["the", "rebels", "'", "'", "base"], [True, False, False, True, True])
    assert Augmenter(0).drop_apostrophes(original).words == ["the", "rebels", "base"]


def test_other_towns_and_the_same_countries() -> None:
    original = Passage(
        ["Syria", "'s", "army", "left", "Tal", "Rifaat", "today"], [True] * 7,
        entities=[(0, 1, "GPE"), (4, 6, "GPE"), (6, 7, "DATE")], unknown={2},
    )  # fmt: skip
    changed = Augmenter(4).rename_towns(original)
    found = entities(changed)
    assert found[0] == ("Syria", "GPE")
    assert found[1][0] != "Tal Rifaat"
    assert found[2] == ("today", "DATE")
    assert {changed.words[i] for i in changed.unknown} == {"army"}


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10_000), st.sets(st.integers(0, 12), max_size=6))
def test_every_change_leaves_a_tree_and_whole_lists(seed: int, dropped: set[int]) -> None:
    augment = Augmenter(seed, case=0.7, marks=0.9)
    for changed in (augment(passage()), without(passage(), dropped)):
        n = len(changed.words)
        for name in ("spaces", "tags", "pos", "morphs", "lemmas", "heads", "deps", "starts"):
            assert len(getattr(changed, name)) == n, name
        assert all(changed.words)
        assert all(0 <= a < b <= n for a, b, _ in changed.entities or ())
        assert sum(changed.starts) == 1
        for start in range(n):  # every word leads to a root
            seen, word = set(), start
            while changed.heads[word] != word:
                assert word not in seen
                seen.add(word)
                word = changed.heads[word]


def test_a_seed_fixes_what_happens() -> None:
    def run() -> list[list[str]]:
        augment = Augmenter(7)
        return [augment(passage()).words for _ in range(50)]

    random.seed(1)
    first = run()
    random.seed(2)
    assert run() == first
    assert len({tuple(words) for words in first}) > 5
