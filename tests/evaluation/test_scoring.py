"""Scores of hand-made runs, counted by hand."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

from frontlog.errors import UsageError
from frontlog.evaluation import Counts, Ratio, errors, evaluate, render, write_errors

GOMA = (
    "M23 fighters entered Goma on Tuesday. They seized the airport and then the whole of Goma. "
    "Sake fell to the rebels on Wednesday. The army said it would retake Goma."
)
EMPTY = "Goma won the cup after a siege of the home side's goal."


def gold_event(event_type: str, trigger: str, quote: str, place: str | None, **cells: Any) -> dict[str, Any]:
    return {
        "event_type": event_type,
        "trigger": trigger,
        "quote": quote,
        "place": place,
        "captor_name": "M23",
        "loser_name": None,
        "target": place,
        "target_type": "settlement",
        "country": "CD",
        "extent": "full",
        "date": "2012-11-20",
        "modality": "actual",
        "attribution": None,
        **cells,
    }


SENTENCES = [sentence.strip(" .") + "." for sentence in GOMA.split(". ")]
EVENTS = [
    gold_event("advance", "entered", SENTENCES[0], "Goma"),
    gold_event("capture", "seized", SENTENCES[1], "Goma", target_type="facility", target="the airport"),
    gold_event("capture", "seized", SENTENCES[1], "Goma", target="the whole of Goma"),
    gold_event("capture", "fell to", SENTENCES[2], "Sake", date="2012-11-21"),
    gold_event(
        *("recapture", "retake", SENTENCES[3], "Goma"),
        captor_name="Congolese government",
        date=None,
        modality="planned",
        attribution="The army",
    ),
]


def gold_file(folder: Path, *extra: dict[str, Any]) -> Path:
    documents = [
        {"doc_id": "goma", "text": GOMA, "events": EVENTS},
        {"doc_id": "cup", "text": EMPTY, "events": []},
        *extra,
    ]
    path = folder / "gold.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    return path


def mention(article_id: str, gold: dict[str, Any] | None = None, **cells: Any) -> dict[str, Any]:
    base = dict.fromkeys(["rule", "mention_id", *EVENTS[0]])
    known = {key: value for key, value in (gold or {}).items() if key in base}
    return {
        **base,
        **known,
        "rule": "seize.v/active",
        "quote_start": 0,
        "trigger_start": 0,
        "other_quotes": [],
        "article_id": article_id,
        **cells,
    }


def run_folder(folder: Path, mentions: list[dict[str, Any]], sources: dict[str, str] | None = None) -> Path:
    run = folder / "run"
    run.mkdir()
    sources = sources or {"a1": "goma", "a2": "cup", "a3": "unannotated"}
    articles = pd.DataFrame(
        {
            "article_id": list(sources),
            "source_id": list(sources.values()),
            "path": [f"{s}.txt" for s in sources],
        }
    )
    articles.to_parquet(run / "articles.parquet")
    columns = list(mention("a1"))
    pd.DataFrame(mentions, columns=columns).to_parquet(run / "mentions.parquet")
    return run


def test_a_perfect_run_scores_one(tmp_path: Path) -> None:
    run = run_folder(tmp_path, [mention("a1", event) for event in reversed(EVENTS)])
    scores = evaluate(gold_file(tmp_path), run)
    assert scores.events == Counts(5, 5, 5)
    assert scores.full_events == Counts(5, 5, 5)
    assert all(ratio == Ratio(5, 5) for ratio in scores.slots.values())
    assert scores.warnings == ()
    assert errors(gold_file(tmp_path), run) == []


def test_scores_counted_by_hand(tmp_path: Path) -> None:
    run = run_folder(
        tmp_path,
        [
            # The advance, with a wrong captor.
            mention("a1", EVENTS[0], captor_name="Congolese government"),
            # Goma's capture, its place spelt otherwise, the month for the day; the airport is missed.
            mention("a1", EVENTS[2], place="GOMA", date="2012-11"),
            # Sake under the wrong type: a miss and a false alarm, but not when the types count as one.
            mention("a1", EVENTS[3], event_type="recapture"),
            # The plan, taken for a fact, and without its source.
            mention("a1", EVENTS[4], modality="actual", attribution=None),
            # A siege in a football match.
            mention("a2", event_type="siege", trigger="siege", quote=EMPTY, modality="actual", extent="full"),
            # Not in the gold file, so no false alarm.
            mention("a3", event_type="siege", trigger="siege", quote="A siege.", modality="actual"),
        ],
    )
    scores = evaluate(gold_file(tmp_path), run)
    assert scores.events == Counts(gold=5, found=5, matched=3)
    assert scores.events.precision == scores.events.recall == scores.events.f1 == pytest.approx(0.6)
    assert scores.untyped_retaking == Counts(5, 5, 4)
    assert scores.full_events == Counts(5, 5, 0)
    assert scores.by_type == {
        "capture": Counts(3, 1, 1),
        "recapture": Counts(1, 2, 1),
        "siege": Counts(0, 1, 0),
        "advance": Counts(1, 1, 1),
    }
    assert {name: ratio.right for name, ratio in scores.slots.items()} == {
        "captor_name": 2,
        "loser_name": 3,
        "target_type": 3,
        "place": 3,
        "country": 3,
        "extent": 3,
        "date": 2,
        "modality": 2,
        "attribution": 2,
    }
    listed = errors(gold_file(tmp_path), run)
    assert [(row["kind"], row["slot"], row["trigger"]) for row in listed] == [
        ("false alarm", "", "siege"),
        ("false alarm", "", "fell to"),
        ("missed", "", "seized"),
        ("missed", "", "fell to"),
        ("slot", "attribution", "retake"),
        ("slot", "captor_name", "entered"),
        ("slot", "date", "seized"),
        ("slot", "modality", "retake"),
    ]
    assert (listed[6]["gold"], listed[6]["found"]) == ("2012-11-20", "2012-11")


def test_a_document_that_the_run_lacks_is_all_missed_and_named(tmp_path: Path) -> None:
    run = run_folder(tmp_path, [], {"a2": "cup"})
    scores = evaluate(gold_file(tmp_path), run)
    assert scores.events == Counts(5, 0, 0)
    assert scores.events.precision is None
    assert scores.events.recall == scores.events.f1 == 0
    assert scores.documents_missing == ("goma",)
    assert "'goma'" in scores.warnings[0]
    assert "5 events count as missed" in scores.warnings[0]


def test_a_document_is_found_by_its_file_name(tmp_path: Path) -> None:
    extra = {"doc_id": "cup-2", "file": "raw/cup-final.txt", "events": []}
    run = run_folder(tmp_path, [], {"a1": "goma", "a2": "cup", "a4": "cup-final"})
    assert evaluate(gold_file(tmp_path, extra), run).documents_missing == ()


def test_an_id_given_twice_in_the_run_is_named(tmp_path: Path) -> None:
    run = run_folder(tmp_path, [mention("a1", EVENTS[0])], {"a9": "goma", "a1": "goma", "a2": "cup"})
    scores = evaluate(gold_file(tmp_path), run)
    assert any("2 articles of the run have this id" in warning for warning in scores.warnings)


def test_nothing_out_of_nothing_is_na(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"doc_id": "cup", "events": []}), encoding="utf-8")
    scores = evaluate(gold, run_folder(tmp_path, []))
    assert scores.events.f1 is None
    assert scores.slots["date"].value is None
    assert json.loads(json.dumps(scores.to_dict()))["events"]["f1"] is None
    assert "n/a" in shown(scores)


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    mentions = [mention("a1", event, mention_id=str(i)) for i, event in enumerate(EVENTS[:4])]
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir(), second.mkdir()
    gold = gold_file(tmp_path)
    assert evaluate(gold, run_folder(first, mentions)) == evaluate(gold, run_folder(second, mentions[::-1]))


def test_the_places_table_gives_the_spelling_of_the_article(tmp_path: Path) -> None:
    run = run_folder(tmp_path, [mention("a1", EVENTS[3], place="Masisi Bweremana", quote="Elsewhere.")])
    assert evaluate(gold_file(tmp_path), run).events.matched == 0
    spelt = {"article_id": ["a1", "a1"], "text": ["Sake", "Nowhere"], "name": ["Masisi Bweremana", None]}
    pd.DataFrame(spelt).to_parquet(run / "places.parquet")
    assert evaluate(gold_file(tmp_path), run).events.matched == 1


def test_rendering_shows_the_counts(tmp_path: Path) -> None:
    run = run_folder(tmp_path, [mention("a1", event) for event in EVENTS[:4]], {"a1": "goma"})
    text = shown(evaluate(gold_file(tmp_path), run))
    assert "2 documents, 1 of them not in the run" in text
    assert "0.889" in text  # F1 of 4 matched out of 5 gold and 4 found
    assert "captor_name" in text


def test_errors_are_written_as_csv(tmp_path: Path) -> None:
    run = run_folder(
        tmp_path, [mention("a2", event_type="siege", trigger="siege", quote="=1+1", modality="actual")]
    )
    path = tmp_path / "errors.csv"
    assert write_errors(gold_file(tmp_path), run, path) == 6
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    assert rows[0]["kind"] == "false alarm"
    assert rows[0]["sentence"] == "'=1+1"
    assert [row["kind"] for row in rows[1:]] == ["missed"] * 5
    with pytest.raises(UsageError, match="cannot be written"):
        write_errors(gold_file(tmp_path), run, tmp_path / "none" / "errors.csv")


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no articles\.parquet"):
        evaluate(gold_file(tmp_path), tmp_path)
    pd.DataFrame({"source_id": ["goma"]}).to_parquet(tmp_path / "articles.parquet")
    with pytest.raises(UsageError, match="no column 'article_id'"):
        evaluate(gold_file(tmp_path), tmp_path)
    (tmp_path / "articles.parquet").write_bytes(b"no parquet")
    with pytest.raises(UsageError, match="cannot be read as Parquet"):
        evaluate(gold_file(tmp_path), tmp_path)


def shown(scores: Any) -> str:
    stream = StringIO()
    Console(file=stream, width=120, color_system=None).print(render(scores))
    return stream.getvalue()
