"""Reading what prepare.py wrote, and cutting and joining passages for training."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import spacy
from corpora import Passage
from spacy.tokens import Doc, DocBin

SYNTAX = ("ewt", "gum")
# How often each corpus is read in one pass over the entities: the small ones more often than GMB.
ENTITIES = {"gmb": 1, "gum": 1, "wikigold": 2, "wnut17": 1, "re3d": 4}


def read(path: Path, *, entities: bool = False, syntax: bool = False) -> list[Passage]:
    """Passages of a ``.spacy`` file."""
    docs = DocBin().from_disk(path).get_docs(spacy.blank("en").vocab)
    return [from_doc(doc, entities=entities, syntax=syntax) for doc in docs]


def from_doc(doc: Doc, *, entities: bool = False, syntax: bool = False) -> Passage:
    """The passage of a Doc, with what of its annotation is wanted."""
    passage = Passage([t.text for t in doc], [bool(t.whitespace_) for t in doc])
    if syntax:
        passage.tags = [t.tag_ for t in doc]
        passage.pos = [t.pos_ for t in doc]
        passage.morphs = [str(t.morph) for t in doc]
        passage.lemmas = [t.lemma_ for t in doc]
        passage.heads = [t.head.i for t in doc]
        passage.deps = [t.dep_ for t in doc]
        passage.starts = [bool(t.is_sent_start) for t in doc]
    if entities:
        passage.entities = [(e.start, e.end, e.label_) for e in doc.ents]
        passage.unknown = {t.i for t in doc if t.ent_iob == 0}
    return passage


def sentences(passage: Passage) -> list[Passage]:
    """The sentences of a treebank's paragraph."""
    bounds = [i for i, start in enumerate(passage.starts) if start] + [len(passage.words)]
    return [cut(passage, first, last) for first, last in pairwise(bounds)]


def cut(passage: Passage, first: int, last: int) -> Passage:
    """Words ``first`` to ``last`` of a passage."""

    def part(values: list[Any]) -> list[Any]:
        return values[first:last]

    return Passage(
        part(passage.words), part(passage.spaces), part(passage.tags), part(passage.pos), part(passage.morphs),
        part(passage.lemmas), [head - first for head in part(passage.heads)], part(passage.deps),
        part(passage.starts),
        None if passage.entities is None
        else [(s - first, e - first, label) for s, e, label in passage.entities if first <= s and e <= last],
        {i - first for i in passage.unknown if first <= i < last},
    )  # fmt: skip


def join(parts: list[Passage]) -> Passage:
    """One passage of several."""
    joined = Passage([], [], entities=None if parts[0].entities is None else [])
    for part in parts:
        offset = len(joined.words)
        for name in ("words", "spaces", "tags", "pos", "morphs", "lemmas", "deps", "starts"):
            getattr(joined, name).extend(getattr(part, name))
        joined.heads += [head + offset for head in part.heads]
        joined.unknown |= {i + offset for i in part.unknown}
        if joined.entities is not None:
            joined.entities += [(s + offset, e + offset, label) for s, e, label in part.entities or ()]
        joined.spaces[-1] = True
    return joined


def paragraphs(sentences: list[Passage], rng: random.Random) -> Iterator[Passage]:
    """Runs of one to four of the sentences, in their order: the text of a run is a paragraph."""
    start = 0
    while start < len(sentences):
        end = start + rng.choice((1, 1, 2, 3, 4))
        yield join(sentences[start:end])
        start = end


def spans_of(tags: list[str]) -> set[tuple[int, int, str]]:
    """Spans of BILUO tags that need not be well formed."""
    spans = set()
    start: int | None = None
    for i, tag in enumerate(tags):
        action, _, label = tag.partition("-")
        if action == "U":
            spans.add((i, i + 1, label))
            start = None
        elif action == "B":
            start = i
        elif action == "L" and start is not None:
            spans.add((start, i + 1, label))
            start = None
        elif action == "O":
            start = None
    return spans
