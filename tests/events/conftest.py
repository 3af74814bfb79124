"""The shipped model and the gazetteer, loaded once, and marked sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from spacy.language import Language

from frontlog.events.analysis import analyse as analyse_texts
from frontlog.events.resolve import resolve_events
from frontlog.events.scene import build_scene, passages
from frontlog.language import load_model
from frontlog.places import Gazetteer, open_gazetteer
from frontlog.records import EVENT_TYPES, Article, Candidate, EventMention, PassageAnalysis, Span

_TAG = re.compile(r"<(/?)(\w+)(?: modality=(\w+))?>")


@dataclass(frozen=True)
class Mark:
    """A marked stretch of a sentence: the tag's name, its modality, and offsets in the text without tags."""

    name: str
    modality: str
    start: int
    end: int
    text: str

    @property
    def is_event(self) -> bool:
        return self.name in EVENT_TYPES

    def overlaps(self, span: Span) -> bool:
        return span.start < self.end and self.start < span.end


def read_marks(marked: str) -> tuple[str, list[Mark]]:
    """A marked sentence as (text, marks): ``Rebels <capture>took</capture> <place>Goma</place>.``"""
    text, position = "", 0
    opened: list[tuple[str, str, int]] = []
    marks: list[Mark] = []
    for tag in _TAG.finditer(marked):
        text += marked[position : tag.start()]
        position = tag.end()
        if tag[1]:
            name, modality, start = opened.pop()
            assert name == tag[2], f"tags are not nested in {marked!r}"
            marks.append(Mark(name, modality, start, len(text), text[start:]))
        else:
            opened.append((tag[2], tag[3] or "actual", len(text)))
    assert not opened, f"a tag is not closed in {marked!r}"
    return text + marked[position:], marks


@pytest.fixture(scope="session")
def unmark() -> Callable[[str], tuple[str, list[Mark]]]:
    return read_marks


@pytest.fixture(scope="session")
def nlp() -> Language:
    return load_model()


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return open_gazetteer()


@pytest.fixture(scope="session")
def analyse(nlp: Language) -> Callable[[Sequence[str]], list[PassageAnalysis]]:
    return lambda texts: analyse_texts(texts, nlp)


@pytest.fixture(scope="session")
def understand(
    nlp: Language, gazetteer: Gazetteer
) -> Callable[[str, date | None], tuple[list[EventMention], list[Candidate]]]:
    """Text and day of publication to the event mentions and the candidates that they came from."""

    def run(text: str, published: date | None) -> tuple[list[EventMention], list[Candidate]]:
        spans = passages(text)
        analyses = analyse_texts([text[start:end] for start, end in spans], nlp)
        article = Article("a1", "a1", "a1.txt", None, text, "a1", published=published)
        scene = build_scene(article, "s1", spans, analyses, gazetteer)
        return resolve_events(scene), [c for analysis in analyses for c in analysis.candidates]

    return run
