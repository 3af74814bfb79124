from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from frontlog.errors import UsageError
from frontlog.evaluation import load_gold
from frontlog.evaluation.gold import interval

TEXT = "Rebels seized Kamina on Sunday. The army denied it."
EVENT = {
    "event_type": "capture",
    "trigger": "seized",
    "quote": "Rebels seized Kamina on Sunday.",
    "captor": "Rebels",
    "place": "Kamina",
    "place_relation": "at",
    "country": "CD",
    "date": "1998-08-23",
    "modality": "actual",
}


def write(folder: Path, *documents: dict[str, Any], name: str = "gold.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    return path


def document(**changes: Any) -> dict[str, Any]:
    return {"doc_id": "kamina", "published": "1998-08-24", "text": TEXT, "events": [EVENT], **changes}


def test_reads_all_fields(tmp_path: Path) -> None:
    (loaded,) = load_gold(write(tmp_path, document(title="Kamina", publisher="Wire")))
    assert loaded.doc_id == "kamina"
    assert loaded.published == date(1998, 8, 24)
    assert loaded.publisher == "Wire"
    (event,) = loaded.events
    assert (event.event_type, event.place, event.extent, event.loser) == ("capture", "Kamina", "full", None)


def test_text_is_found_beside_the_gold_file(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "kamina.txt").write_text(TEXT, encoding="utf-8")
    row = document(file="articles/kamina.txt")
    del row["text"]
    (loaded,) = load_gold(write(tmp_path, row))
    assert loaded.text == TEXT


def test_text_is_found_in_a_record(tmp_path: Path) -> None:
    write(tmp_path, {"id": "other", "text": "x"}, {"id": "kamina", "text": TEXT}, name="records.jsonl")
    row = document(path="records.jsonl")
    del row["text"]
    (loaded,) = load_gold(write(tmp_path, row))
    assert loaded.text == TEXT


def test_without_a_text_quotes_are_not_checked(tmp_path: Path) -> None:
    row = document(file="gone.txt", events=[{**EVENT, "quote": "Not there."}])
    del row["text"]
    (loaded,) = load_gold(write(tmp_path, row))
    assert loaded.text is None


def test_a_folder_is_read_whole_and_other_jsonl_passed_over(tmp_path: Path) -> None:
    write(tmp_path, document(), name="b.jsonl")
    write(tmp_path, document(doc_id="other"), name="a.jsonl")
    write(tmp_path, {"story_id": "s1", "doc_ids": ["kamina"]}, name="stories.jsonl")
    assert [loaded.doc_id for loaded in load_gold(tmp_path)] == ["other", "kamina"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_type", "conquest"),
        ("event_type", None),
        ("modality", "certain"),
        ("modality", None),
        ("extent", "half"),
        ("target_type", "town"),
        ("place_relation", "in"),
        ("country", "Congo"),
        ("date", "1998-13"),
        ("date", "1998-02-30"),
        ("date", "23 August 1998"),
        ("date", "1998-09/1998-08"),
        ("trigger", "captured"),
        ("trigger", ""),
        ("quote", "Rebels seized Kamina on Sunday"[::-1]),
        ("captor", 3),
    ],
)
def test_a_faulty_event_is_named(tmp_path: Path, field: str, value: object) -> None:
    path = write(tmp_path, document(events=[EVENT, {**EVENT, field: value}]))
    with pytest.raises(UsageError) as caught:
        load_gold(path)
    message = str(caught.value)
    assert "'kamina'" in message
    assert "event 2" in message
    assert f"field '{field}'" in message


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"doc_id": None}, "line 1: field 'doc_id'"),
        ({"published": "24 August"}, "document 'kamina', field 'published'"),
        ({"events": None}, "document 'kamina', field 'events'"),
        ({"events": ["seized"]}, "document 'kamina', event 1"),
        ({"text": 7}, "document 'kamina', field 'text'"),
    ],
)
def test_a_faulty_document_is_named(tmp_path: Path, change: dict[str, object], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        load_gold(write(tmp_path, document(**change)))


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("{", "line 1: not valid JSON"),
        ("[]", "line 1: expected a JSON object"),
        ("", "holds no gold documents"),
        (2 * (json.dumps(document()) + "\n"), "line 2: document 'kamina' was already given"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, content: str, named: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=named):
        load_gold(path)


def test_a_missing_or_binary_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such gold file"):
        load_gold(tmp_path / "none.jsonl")
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read as UTF-8"):
        load_gold(binary)


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("2017-10-17", ("2017-10-17", "2017-10-17")),
        ("2016-02", ("2016-02-01", "2016-02-29")),
        ("1994", ("1994-01-01", "1994-12-31")),
        ("2017-10-24/2017-10-31", ("2017-10-24", "2017-10-31")),
        ("2014/2017-11-03", ("2014-01-01", "2017-11-03")),
        ("2017-W43", ("2017-10-23", "2017-10-29")),
        ("2017-W60", None),
        ("2017-04-31", None),
        ("17-10-2017", None),
        ("2017/2016", None),
        ("2017/", None),
        ("", None),
    ],
)
def test_interval(value: str, days: tuple[str, str] | None) -> None:
    expected = None if days is None else (date.fromisoformat(days[0]), date.fromisoformat(days[1]))
    assert interval(value) == expected
