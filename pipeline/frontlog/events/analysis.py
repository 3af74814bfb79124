"""One passage's analysis, from its text alone: sentences, entities, time expressions, candidates."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language
from spacy.tokens import Doc

from frontlog.dates import find_timexes
from frontlog.events.extract import extract
from frontlog.events.lexicon import load_lexicon
from frontlog.language import load_model
from frontlog.records import Entity, PassageAnalysis

# What the entity recogniser does not need; left out for passages without a trigger.
_FOR_PARSE_ONLY = (
    "tagger",
    "morphologizer",
    "trainable_lemmatizer",
    "lemmatizer",
    "attribute_ruler",
    "parser",
)


def analyse(texts: Sequence[str], nlp: Language) -> list[PassageAnalysis]:
    """Analyse distinct passages; only those in which a trigger word occurs are parsed.

    Each result depends on its own text alone: not on the other passages, nor on the article's date.
    """
    scan = load_lexicon().scan
    told = [number for number, text in enumerate(texts) if scan.search(text)]
    others = [number for number in range(len(texts)) if number not in set(told)]
    found: dict[int, PassageAnalysis] = {}
    for number, doc in zip(told, nlp.pipe([texts[n] for n in told], batch_size=16), strict=True):
        found[number] = _analysis(doc, parsed=True)
    spared = [name for name in _FOR_PARSE_ONLY if name in nlp.pipe_names]
    with nlp.select_pipes(disable=spared):
        for number, doc in zip(others, nlp.pipe([texts[n] for n in others], batch_size=16), strict=True):
            found[number] = _analysis(doc, parsed=False)
    return [found[number] for number in range(len(texts))]


def _analysis(doc: Doc, *, parsed: bool) -> PassageAnalysis:
    timexes = find_timexes(doc.text)
    return PassageAnalysis(
        sentences=tuple(_sentence(doc, sent.start_char, sent.end_char) for sent in doc.sents),
        entities=tuple(Entity(ent.start_char, ent.end_char, ent.text, ent.label_) for ent in doc.ents),
        timexes=timexes,
        candidates=extract(doc, timexes) if parsed else (),
    )


def _sentence(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Offsets of a sentence without white space at its ends."""
    text = doc.text[start:end]
    return start + len(text) - len(text.lstrip()), end - (len(text) - len(text.rstrip()))


def analyse_with_model(texts: Sequence[str], model: str | None) -> list[PassageAnalysis]:
    """``analyse`` for a worker process: the model is loaded once per process."""
    return analyse(texts, load_model(model))
