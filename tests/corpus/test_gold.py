"""The shipped corpus agrees with itself: gold with articles, dates with weekdays, stories with texts."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from frontlog.evaluation import GoldDocument, GoldEvent, load_gold
from frontlog.evaluation.gold import interval
from frontlog.evaluation.matching import fold

CORPUS = Path(__file__).parents[2] / "corpus"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

DOCUMENTS = load_gold(CORPUS / "gold" / "events.jsonl")
STORIES: dict[str, list[str]] = {
    story["story_id"]: story["doc_ids"]
    for story in map(json.loads, (CORPUS / "gold" / "stories.jsonl").read_text("utf-8").splitlines())
}
STORY_OF = {doc_id: story_id for story_id, doc_ids in STORIES.items() for doc_id in doc_ids}
EVENTS = [
    pytest.param(document, event, id=f"{document.doc_id}-{number}")
    for document in DOCUMENTS
    for number, event in enumerate(document.events, start=1)
]


def published(document: GoldDocument) -> date:
    """The document's own day, or for a copy without a date the first day of its story."""
    if document.published:
        return document.published
    copies = STORIES[STORY_OF[document.doc_id]]
    return min(other.published for other in DOCUMENTS if other.doc_id in copies and other.published)


def test_size_and_composition() -> None:
    variants = [doc_ids for doc_ids in STORIES.values() if len(doc_ids) > 1]
    assert [len(doc_ids) for doc_ids in variants] == [3, 3]
    with_events = {STORY_OF[document.doc_id] for document in DOCUMENTS if document.events}
    without = {STORY_OF[document.doc_id] for document in DOCUMENTS if not document.events}
    assert len(with_events) >= 16
    assert len(without) >= 3
    assert len({published(document).year // 10 for document in DOCUMENTS}) >= 6
    assert len({event.country for document in DOCUMENTS for event in document.events}) >= 12
    types = Counter(event.event_type for document in DOCUMENTS for event in document.events)
    assert len(types) == 9, f"every event type occurs: {types}"
    assert len({event.modality for document in DOCUMENTS for event in document.events}) >= 5
    assert any(document.published is None for document in DOCUMENTS)


def test_gold_and_articles_cover_each_other() -> None:
    ids = set()
    for path in sorted((CORPUS / "articles").iterdir()):
        if path.suffix == ".jsonl":
            records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            assert len(records) >= 4
            ids |= {record["id"] for record in records}
        else:
            ids.add(path.stem)
    assert {document.doc_id for document in DOCUMENTS} == ids
    assert set(STORY_OF) == ids
    assert sum(map(len, STORIES.values())) == len(ids)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.doc_id)
def test_document(document: GoldDocument) -> None:
    assert document.file is not None
    assert (CORPUS / "gold" / document.file).is_file()
    assert document.title is not None
    assert document.publisher is not None
    assert document.text is not None
    assert 110 <= len(document.text.split()) <= 450
    if document.file.endswith(".txt"):
        assert document.title in document.text


@pytest.mark.parametrize(("document", "event"), EVENTS)
def test_words_stand_in_the_text(document: GoldDocument, event: GoldEvent) -> None:
    assert document.text is not None
    assert event.trigger in event.quote
    lines = document.text.splitlines()
    assert any(event.quote in line for line in lines), "a quote stands within one paragraph"
    assert not re.search(r"\w- \w", event.quote), "a quote is free of broken hyphens"
    for words in (event.captor, event.loser, event.target, event.place, event.date_text, event.attribution):
        assert words is None or words in document.text
    assert (event.captor is None) == (event.captor_name is None)
    assert (event.loser is None) == (event.loser_name is None)
    assert event.target
    assert event.target_type
    assert event.place
    assert event.place_relation
    assert event.country


@pytest.mark.parametrize(("document", "event"), EVENTS)
def test_dates_agree_with_their_words(document: GoldDocument, event: GoldEvent) -> None:
    assert (event.date is None) == (event.date_text is None)
    if event.date is None or event.date_text is None:
        return
    days = interval(event.date)
    assert days is not None
    first, last = days
    anchor = published(document)
    assert first <= anchor
    assert last <= anchor or first.month == anchor.month
    for weekday in WEEKDAYS:
        if weekday in event.date_text:
            assert first == last
            assert first.strftime("%A") == weekday
            assert (anchor - first).days <= 7
    named = re.search(rf"\b({'|'.join(MONTHS)})\w*\.? (\d{{1,2}})\b", event.date_text)
    if named:
        assert (MONTHS[first.month - 1], first.day) == (named[1], int(named[2]))
    for year in re.findall(r"\b(?:19|20)\d\d\b", event.date_text):
        assert first.year == int(year)


def runs(text: str, length: int = 12) -> set[tuple[str, ...]]:
    words = fold(text).split()
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def test_only_copies_share_sentences() -> None:
    texts = {document.doc_id: runs(document.text or "") for document in DOCUMENTS}
    for left, right in combinations(sorted(texts), 2):
        shared = texts[left] & texts[right]
        if STORY_OF[left] == STORY_OF[right]:
            assert len(shared) >= 20, (left, right)
        else:
            assert not shared, (left, right, sorted(shared)[0])


def test_copies_of_one_event_agree() -> None:
    """The same sentence in two copies tells the same event, whatever the copy's own date says."""
    told: dict[tuple[str, str, str | None, str | None, str], set[tuple[str | None, ...]]] = {}
    for document in DOCUMENTS:
        for event in document.events:
            key = (STORY_OF[document.doc_id], event.event_type, event.place, event.target, event.quote)
            told.setdefault(key, set()).add((event.date, event.captor_name, event.loser_name, event.modality))
    assert all(len(versions) == 1 for versions in told.values())


def test_the_data_sheet_states_the_size() -> None:
    events = [(STORY_OF[document.doc_id], event) for document in DOCUMENTS for event in document.events]
    distinct = {(story, event.event_type, event.place, event.target, event.date) for story, event in events}
    sheet = (CORPUS / "README.md").read_text("utf-8")
    assert f"{len(DOCUMENTS)} articles in {len(STORIES)} stories, {len(events)} events" in sheet
    assert f"({len(distinct)} if copies are counted once)" in sheet
    assert all(f"`{document.doc_id}`" in sheet for document in DOCUMENTS)
