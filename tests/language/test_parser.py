"""The biaffine parser: the best tree, sentence boundaries, white space, saving and loading."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

import frontlog.language.parser as biaffine
from frontlog.language import load_model
from frontlog.language.parser import WEIGHTS, Weights, best_tree, set_weights

WIDTH, ARC, RELATION = 8, 5, 4
LABELS = ["nsubj", "obj", "punct"]


def is_tree(heads: tuple[int, ...] | NDArray[np.int64]) -> bool:
    """Exactly one root word, and every word leads to it."""
    if sum(int(head) == 0 for head in heads) != 1:
        return False
    for start in range(1, len(heads) + 1):
        word, steps = start, 0
        while word and steps <= len(heads):
            word, steps = int(heads[word - 1]), steps + 1
        if word:
            return False
    return True


def crosses(heads: tuple[int, ...] | NDArray[np.int64]) -> bool:
    """Whether two arcs cross, that of the root word among them."""
    arcs = [sorted((word, int(head))) for word, head in enumerate(heads, start=1)]
    return any(a < c < b < d for a, b in arcs for c, d in arcs)


def total(scores: NDArray[np.float32], heads: tuple[int, ...] | NDArray[np.int64]) -> float:
    return float(sum(scores[word, int(head)] for word, head in enumerate(heads)))


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_the_best_of_all_trees_is_found(length: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(length, length + 1)).astype(np.float32) * 3
    scores[np.arange(length), np.arange(1, length + 1)] = -60  # no word heads itself
    every = [heads for heads in itertools.product(range(length + 1), repeat=length) if is_tree(heads)]
    best = max(every, key=lambda heads: total(scores, heads))
    if crosses(best):  # then the best one that does not
        best = max((heads for heads in every if not crosses(heads)), key=lambda heads: total(scores, heads))
    found = best_tree(scores)
    assert is_tree(found)
    assert not crosses(found)
    assert total(scores, found) == pytest.approx(total(scores, best), abs=1e-4)


def test_a_long_sentence_of_cycles_makes_a_tree() -> None:
    scores = np.random.default_rng(3).normal(size=(80, 81)).astype(np.float32)
    for word in range(0, 80, 2):  # pairs that head each other
        scores[word, word + 2] = scores[word + 1, word + 1] = 9
    assert is_tree(best_tree(scores))


def test_gelu_is_the_exact_one() -> None:
    values = np.array([-3.0, -1.0, -0.1, 0.0, 0.5, 2.0], dtype=np.float32)
    # x * Phi(x), from a table of the normal distribution.
    exact = [-0.00404951, -0.15865525, -0.04601722, 0.0, 0.34573123, 1.95449974]
    assert biaffine._gelu(values) == pytest.approx(exact, abs=1e-6)


def random_weights(seed: int = 0) -> dict[str, NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "arc_dependent_W": (ARC, WIDTH),
        "arc_dependent_b": (ARC,),
        "arc_head_W": (ARC, WIDTH),
        "arc_head_b": (ARC,),
        "relation_dependent_W": (RELATION, WIDTH),
        "relation_dependent_b": (RELATION,),
        "relation_head_W": (RELATION, WIDTH),
        "relation_head_b": (RELATION,),
        "root": (WIDTH,),
        "start_W": (2, WIDTH),
        "start_b": (2,),
        "arc": (ARC + 1, ARC),
        "relation": (len(LABELS), RELATION + 1, RELATION + 1),
    }
    return {name: rng.normal(size=shapes[name]).astype(np.float32) for name in WEIGHTS}


@pytest.fixture
def nlp() -> Language:
    nlp = spacy.blank("en")
    embed = {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "width": WIDTH,
        "depth": 1,
        "embed_size": 50,
        "window_size": 1,
        "maxout_pieces": 2,
        "subword_features": True,
        "pretrained_vectors": None,
    }
    model = {
        "@architectures": "frontlog.Biaffine.v1",
        "arc_width": ARC,
        "relation_width": RELATION,
        "tok2vec": embed,
    }
    parser: Any = nlp.add_pipe("frontlog_parser", name="parser", config={"model": model})
    nlp.initialize()
    parser.initialize(lambda: [], nlp=nlp, labels=LABELS)
    parser.model.get_ref("tok2vec").initialize(X=[nlp.make_doc("The army took the town")])
    set_weights(parser.model, random_weights())
    return nlp


def test_each_sentence_is_one_tree_of_known_labels(nlp: Language) -> None:
    doc = nlp("Rebels took the town. The army fled north, and nobody saw it.")
    assert doc.has_annotation("DEP")
    for sentence in doc.sents:
        roots = [token for token in sentence if token.head == token]
        assert len(roots) == 1
        assert roots[0].dep_ == "ROOT"
        assert all(token.head.sent == sentence for token in sentence)
        assert {token.dep_ for token in sentence if token != roots[0]} <= set(LABELS)


def test_sentence_starts_that_are_set_are_kept(nlp: Language) -> None:
    doc = nlp.make_doc("Rebels took the town The army fled")
    for token in doc:
        token.is_sent_start = token.i in {0, 4}
    doc = nlp.get_pipe("parser")(doc)
    assert [sentence.text for sentence in doc.sents] == ["Rebels took the town", "The army fled"]


def test_the_root_label_is_not_given_to_a_word_with_a_head(nlp: Language) -> None:
    parser: Any = nlp.get_pipe("parser")
    weights = Weights(parser.model)
    vectors = np.random.default_rng(1).normal(size=(6, WIDTH)).astype(np.float32)
    heads = best_tree(weights.arcs(vectors))
    labels = weights.relations(vectors, heads)
    assert labels.shape == (6,)
    assert set(labels) <= {0, 1, 2}


def test_arc_scores_are_log_probabilities(nlp: Language) -> None:
    parser: Any = nlp.get_pipe("parser")
    vectors = np.random.default_rng(1).normal(size=(6, WIDTH)).astype(np.float32)
    assert np.exp(Weights(parser.model).arcs(vectors)).sum(axis=1) == pytest.approx(np.ones(6), abs=1e-5)


def test_white_space_hangs_on_the_word_before_it(nlp: Language) -> None:
    doc = nlp("Rebels  took\n\nthe town")
    for token in doc:
        if token.is_space:
            assert token.head.i == token.i - 1
            assert token.dep_ == "dep"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Qaim"])
def test_texts_of_hardly_anything(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


def test_a_model_that_was_saved_parses_alike(nlp: Language, tmp_path: Any) -> None:
    nlp.to_disk(tmp_path / "model")
    text = "Rebels took the town. The army fled."
    again = spacy.load(tmp_path / "model")(text)
    assert [(t.head.i, t.dep_) for t in again] == [(t.head.i, t.dep_) for t in nlp(text)]


def test_a_batch_parses_like_single_texts(nlp: Language) -> None:
    texts = ["Rebels took the town.", "The army fled.", "", "It fell"]
    alone = [[(t.head.i, t.dep_) for t in nlp(text)] for text in texts]
    assert [[(t.head.i, t.dep_) for t in doc] for doc in nlp.pipe(texts)] == alone


@pytest.mark.parametrize(
    ("text", "subject", "verb"),
    [
        ("The government said its troops seized the town.", "troops", "seized"),
        ("The rebels captured Goma on Tuesday, said a U.N. official.", "rebels", "captured"),
    ],
)
def test_a_clause_has_one_subject(text: str, subject: str, verb: str) -> None:
    doc = load_model("accurate")(text)
    token = next(token for token in doc if token.text == subject)
    assert (token.dep_, token.head.text) == ("nsubj", verb)
    for word in doc:
        assert sum(child.dep_ in {"nsubj", "nsubj:pass"} for child in word.children) <= 1


def test_missing_weights_are_named() -> None:
    weights = random_weights()
    del weights["arc"], weights["root"]
    with pytest.raises(ValueError, match="no weights for root, arc"):
        set_weights(Doc, weights)  # type: ignore[arg-type]


def test_training_in_spacy_is_refused(nlp: Language) -> None:
    parser: Any = nlp.get_pipe("parser")
    with pytest.raises(NotImplementedError, match="frozen_components"):
        parser.update([])
