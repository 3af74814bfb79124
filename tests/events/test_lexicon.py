"""Trigger data: inflection, validation that names file and entry, and what the shipped data must hold."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from frontlog.events import lexicon
from frontlog.events.lexicon import Trigger, inflect, load_lexicon
from frontlog.records import EVENT_TYPES


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("seize", "seize seizes seized seizing"),
        ("capture", "capture captures captured capturing"),
        ("free", "free frees freed freeing"),
        ("retreat", "retreat retreats retreated retreating"),
        ("storm", "storm storms stormed storming"),
        ("enter", "enter enters entered entering"),
        ("surrender", "surrender surrenders surrendered surrendering"),
        ("occupy", "occupy occupies occupied occupying"),
        ("push", "push pushes pushed pushing"),
        ("encircle", "encircle encircles encircled encircling"),
        ("besiege", "besiege besieges besieged besieging"),
        ("purge", "purge purges purged purging"),
        ("grab", "grab grabs grabbed grabbing"),
        ("abandon", "abandon abandons abandoned abandoning"),
        ("evict", "evict evicts evicted evicting"),
        ("wrest", "wrest wrests wrested wresting"),
        ("cede", "cede cedes ceded ceding"),
    ],
)
def test_regular_forms(lemma: str, forms: str) -> None:
    assert inflect(lemma, {}) == set(forms.split())


@pytest.mark.parametrize(
    ("lemma", "irregular", "forms"),
    [
        ("take", ["took", "taken", "taking"], "take takes took taken taking"),
        ("overrun", ["overran", "overrunning"], "overrun overruns overran overrunning"),
        ("fall", ["fell", "fallen"], "fall falls fell fallen falling"),
        ("lay", ["laid"], "lay lays laid laying"),
    ],
)
def test_irregular_forms_replace_the_rule_s(lemma: str, irregular: list[str], forms: str) -> None:
    assert inflect(lemma, {lemma: irregular}) == set(forms.split())


# --- the shipped data -----------------------------------------------------------------------------


def triggers() -> list[Trigger]:
    found = load_lexicon()
    return [t for group in (*found.verbs.values(), *found.nouns.values()) for t in group]


def test_every_event_type_has_a_trigger() -> None:
    assert {t.event_type for t in triggers()} - {"expel"} == set(EVENT_TYPES)


def test_no_form_of_a_trigger_is_missed_by_the_scan() -> None:
    found = load_lexicon()
    for form in (*found.verbs, *found.nouns):
        assert found.scan.search(f"They {form} it."), form
        assert found.scan.search(form.upper()), form
        assert found.scan.fullmatch(form), form


@pytest.mark.parametrize("text", ["", "Nothing of note was said.", "The mistake stood.", "A retailer."])
def test_the_scan_leaves_other_words_alone(text: str) -> None:
    assert not load_lexicon().scan.search(text)


@pytest.mark.parametrize(
    ("form", "event_type"),
    [
        ("seized", "capture"),
        ("overran", "capture"),
        ("retaken", "recapture"),
        ("liberating", "recapture"),
        ("withdrew", "withdrawal"),
        ("fled", "withdrawal"),
        ("surrendered", "surrender"),
        ("ceded", "handover"),
        ("encircled", "siege"),
        ("stormed", "advance"),
        ("repelled", "repelled"),
    ],
)
def test_word_forms_lead_to_their_type(form: str, event_type: str) -> None:
    assert event_type in {t.event_type for t in load_lexicon().verbs[form]}


def test_names_of_rules_are_made_of_the_words() -> None:
    names = {t.name for t in triggers()}
    assert {"win_back.v", "seize.v", "fall.n"} <= names
    assert any(name.startswith("take+") and name.endswith(".v") for name in names)
    assert all(name == name.lower() and " " not in name for name in names)


# --- bad entries ----------------------------------------------------------------------------------

GOOD: dict[str, Any] = {
    "frame": {"take": {"captor": ["subject"], "target": ["object"], "loser": ["from"]}},
    "verb": [{"lemmas": ["seize"], "type": "capture", "frame": "take"}],
    "light": [
        {"verbs": ["take"], "nouns": ["control"], "preps": ["of"], "type": "capture", "captor": ["subject"]}
    ],
    "noun": [{"lemmas": ["capture"], "type": "capture", "target": ["of"], "captor": ["by"]}],
    "irregular": {"take": ["took", "taken", "taking"]},
}


@pytest.fixture
def load_with(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, Any]], lexicon.Lexicon]]:
    """Load the lexicon with other trigger data."""
    read = lexicon._read
    load_lexicon.cache_clear()

    def load(data: dict[str, Any]) -> lexicon.Lexicon:
        monkeypatch.setattr(lexicon, "_read", lambda name: data if name == "triggers.toml" else read(name))
        return load_lexicon()

    yield load
    load_lexicon.cache_clear()


def test_good_data_load(load_with: Callable[[dict[str, Any]], lexicon.Lexicon]) -> None:
    found = load_with(copy.deepcopy(GOOD))
    assert set(found.verbs) == {
        "seize",
        "seizes",
        "seized",
        "seizing",
        "take",
        "takes",
        "took",
        "taken",
        "taking",
    }
    assert set(found.nouns) == {"capture", "captures"}
    assert [t.name for t in found.verbs["took"]] == ["take+control.v"]


@pytest.mark.parametrize(
    ("kind", "number", "change", "message"),
    [
        ("verb", 0, {"type": "conquest"}, r"\[\[verb\]\] number 1: unknown type 'conquest'"),
        ("verb", 0, {"type": None}, r"\[\[verb\]\] number 1: unknown type None"),
        ("verb", 0, {"frame": "grab"}, r"\[\[verb\]\] number 1: unknown frame 'grab'"),
        ("verb", 0, {"frame": None}, r"\[\[verb\]\] number 1: unknown frame None"),
        ("verb", 0, {"targets": ["place", "market"]}, r"\[\[verb\]\] number 1: unknown targets \['market'\]"),
        ("light", 0, {"type": "Capture"}, r"\[\[light\]\] number 1: unknown type 'Capture'"),
        ("noun", 0, {"type": "fall"}, r"\[\[noun\]\] number 1: unknown type 'fall'"),
        ("noun", 0, {"targets": ["town"]}, r"\[\[noun\]\] number 1: unknown targets \['town'\]"),
    ],
)
def test_a_wrong_entry_is_named(
    load_with: Callable[[dict[str, Any]], lexicon.Lexicon],
    kind: str,
    number: int,
    change: dict[str, Any],
    message: str,
) -> None:
    data = copy.deepcopy(GOOD)
    data[kind][number] |= change
    with pytest.raises(ValueError, match=message) as error:
        load_with(data)
    assert "triggers.toml" in str(error.value)


def test_the_second_of_two_entries_is_named_by_its_number(
    load_with: Callable[[dict[str, Any]], lexicon.Lexicon],
) -> None:
    data = copy.deepcopy(GOOD)
    data["verb"].append({"lemmas": ["take"], "type": "nothing", "frame": "take"})
    with pytest.raises(ValueError, match="number 2"):
        load_with(data)
