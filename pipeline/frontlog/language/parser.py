"""A biaffine dependency parser over the word vectors of a pipeline's ``tok2vec``.

Every word scores every other word of its sentence as its head, and the label of that arc (Dozat and Manning 2017,
"Deep biaffine attention for neural dependency parsing"); where the best heads make no tree, or one whose arcs cross,
Eisner's algorithm (1996) finds the best one. All of it is a few matrix products a sentence, and a far head costs no
more than a near one. Weights come from ``models/train_encoder.py``, which trains them together with the encoder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import DEP, HEAD
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.pipeline.dep_parser import make_parser_scorer
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry
from spacy.vocab import Vocab
from thinc.api import Config, Model
from thinc.types import Floats2d

Vectors = NDArray[np.float32]

_DEFAULT = """
[model]
@architectures = "frontlog.Biaffine.v1"
arc_width = 256
relation_width = 128

[model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 384
upstream = "*"
"""

# Names and shapes of the weights; w is the width of a word vector, a and r the widths below, n the number of labels.
WEIGHTS = (
    "arc_dependent_W", "arc_dependent_b", "arc_head_W", "arc_head_b", "relation_dependent_W", "relation_dependent_b",
    "relation_head_W", "relation_head_b", "root", "start_W", "start_b", "arc", "relation",
)  # fmt: skip


_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass"})
# What a move of a subject may cost in likelihood, as a power of e.
_LEAST = -8.0


@registry.architectures("frontlog.Biaffine.v1")  # type: ignore[untyped-decorator]
def biaffine(
    tok2vec: Model[list[Doc], list[Floats2d]], arc_width: int, relation_width: int
) -> Model[list[Doc], list[Floats2d]]:
    """Holder of the parser's weights above a ``tok2vec``; its output is that of the ``tok2vec``.

    The weights (``WEIGHTS``) are set by ``set_weights``: ``arc_dependent_W`` (a, w), ``arc_head_W`` (a, w) and their
    biases, the same for ``relation_*`` (r, w), ``root`` (w), ``start_W`` (2, w), ``arc`` (a + 1, a), ``relation``
    (n, r + 1, r + 1).
    """
    return Model(
        "frontlog_biaffine",
        _forward,
        layers=[tok2vec],
        refs={"tok2vec": tok2vec},
        dims={"nO": None},
        params=dict.fromkeys(WEIGHTS),
        attrs={"arc_width": arc_width, "relation_width": relation_width},
    )


def _forward(
    model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[Any], Any]]:
    found: tuple[list[Floats2d], Callable[[Any], Any]] = model.get_ref("tok2vec")(docs, is_train)
    return found


def _gelu(values: Vectors) -> Vectors:
    """x * Phi(x), with erf after Abramowitz and Stegun 7.1.26 (error below 1.5e-7), since numpy has none."""
    scaled = np.abs(values) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * scaled)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(values) * (1 - series * np.exp(-scaled * scaled))
    result: Vectors = (0.5 * values * (1 + erf)).astype(np.float32)
    return result


def _with_one(values: Vectors) -> Vectors:
    return np.concatenate([values, np.ones((len(values), 1), dtype=np.float32)], axis=1)


class Weights:
    """The weights of a biaffine parser as plain arrays, and the scores they give."""

    def __init__(self, model: Model[Any, Any]) -> None:
        self._of = {name: np.asarray(model.get_param(name)) for name in WEIGHTS}
        relation = self._of["relation"]
        self._n_labels, self._width, _ = relation.shape
        # (width, labels * width): one product gives the left half of every label.
        self._relation = relation.transpose(1, 0, 2).reshape(self._width, -1)

    def _hidden(self, name: str, vectors: Vectors) -> Vectors:
        return _gelu(vectors @ self._of[f"{name}_W"].T + self._of[f"{name}_b"])

    def starts(self, vectors: Vectors) -> NDArray[np.bool_]:
        """For each word, whether it starts a sentence."""
        scores = vectors @ self._of["start_W"].T + self._of["start_b"]
        found: NDArray[np.bool_] = scores[:, 1] > scores[:, 0]
        return found

    def arcs(self, vectors: Vectors) -> Vectors:
        """Log probabilities (L, L + 1) of the head of each word of one sentence; column 0 is the root."""
        heads = self._hidden("arc_head", np.concatenate([self._of["root"][None], vectors]))
        dependents = _with_one(self._hidden("arc_dependent", vectors))
        scale = np.float32(4 / np.sqrt(heads.shape[1]))
        scores = dependents @ self._of["arc"] @ heads.T * scale
        scores -= scores.max(axis=1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        result: Vectors = scores.astype(np.float32)
        return result

    def relations(self, vectors: Vectors, heads: NDArray[np.int64]) -> NDArray[np.int64]:
        """Number of the label of each word's arc; ``heads`` count from 1, 0 being the root."""
        with_root = np.concatenate([self._of["root"][None], vectors])
        head = _with_one(self._hidden("relation_head", with_root)[heads])
        dependent = _with_one(self._hidden("relation_dependent", vectors))
        left = (dependent @ self._relation).reshape(-1, self._n_labels, self._width)
        scores = np.einsum("nrb,nb->nr", left, head)
        best: NDArray[np.int64] = scores.argmax(axis=1)
        return best


# --- the best tree --------------------------------------------------------------------------------


def best_tree(scores: Vectors) -> NDArray[np.int64]:
    """Heads of the best tree with exactly one root word, from log probabilities (L, L + 1) as `Weights.arcs` gives.

    Heads count from 1, 0 being the root. Nearly always each word's best head makes a tree already. Where it does not,
    or where arcs cross, which English hardly ever does, the best tree without crossing arcs is taken: that leaves the
    scores on the dev splits of EWT and GUM as they are and mends what goes wrong around unknown names.

    >>> best_tree(np.log(np.array([[0.1, 0.0001, 0.9], [0.2, 0.8, 0.0001]], dtype=np.float32))).tolist()
    [2, 0]
    """
    heads: NDArray[np.int64] = scores.argmax(axis=1)
    return heads if _is_tree(heads) and not _crosses(heads) else _projective_tree(scores)


def _square(scores: Vectors) -> NDArray[np.float64]:
    """Scores (L + 1, L + 1) with the root itself as row and column 0; a word is never its own head."""
    square = np.full((len(scores) + 1, len(scores) + 1), -1e9, dtype=np.float64)
    square[1:] = scores
    np.fill_diagonal(square, -1e9)
    return square


def _crosses(heads: NDArray[np.int64]) -> bool:
    """Whether two arcs cross, the one from the root included."""
    words = np.arange(1, len(heads) + 1)
    left, right = np.minimum(words, heads), np.maximum(words, heads)
    starts_within = (left[:, None] < left[None]) & (left[None] < right[:, None])
    return bool((starts_within & (right[:, None] < right[None])).any())


def _projective_tree(scores: Vectors) -> NDArray[np.int64]:
    """Eisner's algorithm (1996): the best tree without crossing arcs and with one root word."""
    size = len(scores) + 1
    score = _square(scores).T  # score[head, dependent]
    score[0] -= 1e5  # dear enough that there is one root word and no more
    # Best halves of trees from i to j: the head on the left or right, with and without room for more dependents.
    full_left, full_right, open_left, open_right = (np.zeros((size, size)) for _ in range(4))
    split, split_left, split_right = (np.zeros((size, size), dtype=np.int64) for _ in range(3))
    for width in range(1, size):
        i = np.arange(size - width)
        j = i + width
        middle = i[:, None] + np.arange(width)
        row, column = i[:, None], j[:, None]
        joined = full_right[row, middle] + full_left[middle + 1, column]
        split[i, j] = middle[i, joined.argmax(axis=1)]
        best = joined.max(axis=1)
        open_left[i, j] = best + score[j, i]
        open_right[i, j] = best + score[i, j]
        joined = full_left[row, middle] + open_left[middle, column]
        split_left[i, j] = middle[i, joined.argmax(axis=1)]
        full_left[i, j] = joined.max(axis=1)
        joined = open_right[row, middle + 1] + full_right[middle + 1, column]
        split_right[i, j] = middle[i, joined.argmax(axis=1)] + 1
        full_right[i, j] = joined.max(axis=1)
    heads = np.zeros(size, dtype=np.int64)
    rest: list[tuple[int, int, str, bool]] = [(0, size - 1, "right", True)]
    while rest:
        first, last, side, complete = rest.pop()
        if first == last:
            continue
        if complete and side == "right":
            cut = int(split_right[first, last])
            rest += [(first, cut, "right", False), (cut, last, "right", True)]
        elif complete:
            cut = int(split_left[first, last])
            rest += [(first, cut, "left", True), (cut, last, "left", False)]
        else:
            heads[last if side == "right" else first] = first if side == "right" else last
            cut = int(split[first, last])
            rest += [(first, cut, "right", True), (cut + 1, last, "left", True)]
    return heads[1:]


def _is_tree(heads: NDArray[np.int64]) -> bool:
    """Whether there is one root word and every word leads to it."""
    if np.count_nonzero(heads == 0) != 1:
        return False
    above = heads
    for _ in range(len(heads).bit_length()):  # each round doubles the steps that have been taken
        above = np.where(above == 0, 0, above[above - 1])
    return not above.any()


def _is_below(word: int, top: int, heads: NDArray[np.int64]) -> bool:
    """Whether ``top`` is above ``word`` or is it; both count from 1."""
    while word and word != top:
        word = int(heads[word - 1])
    return word == top


# --- the component --------------------------------------------------------------------------------


def set_weights(model: Model[Any, Any], weights: dict[str, NDArray[np.float32]]) -> None:
    """Put trained arrays into a model of `biaffine`; ``ValueError`` names what is missing."""
    missing = [name for name in WEIGHTS if name not in weights]
    if missing:
        raise ValueError(f"biaffine parser: no weights for {', '.join(missing)}")
    for name in WEIGHTS:
        array: Any = np.ascontiguousarray(weights[name], dtype=np.float32)
        model.set_param(name, array)


class BiaffineParser(TrainablePipe):  # type: ignore[misc]
    """spaCy component: heads, labels and sentence starts. Keeps to sentence starts that are set already."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model[list[Doc], list[Floats2d]],
        name: str = "parser",
        *,
        scorer: Callable[..., dict[str, Any]] | None = None,
    ) -> None:
        self.vocab = vocab
        self.model = model
        self.name = name
        self.scorer = scorer
        self.cfg: dict[str, Any] = {"labels": []}

    @property
    def labels(self) -> tuple[str, ...]:
        """Dependency labels, in the order of their numbers."""
        return tuple(self.cfg["labels"])

    def add_label(self, label: str) -> int:
        """Append a label; 0 if it was there, 1 if it is new."""
        if label in self.cfg["labels"]:
            return 0
        self.cfg["labels"].append(label)
        self.vocab.strings.add(label)
        return 1

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: list[str] | None = None,  # spaCy resolves it without our imports
    ) -> None:
        """Take labels; weights are set by `set_weights`."""
        for label in labels or ():
            self.add_label(label)

    def update(self, *args: Any, **kwargs: Any) -> dict[str, float]:
        """Refuse: the parser is trained together with the encoder; name it among ``frozen_components``."""
        raise NotImplementedError(
            "the biaffine parser is trained by models/train_encoder.py; list it under training.frozen_components"
        )

    def predict(self, docs: Iterable[Doc]) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """For each Doc, heads (absolute, roots their own) and label numbers (-1 for white space)."""
        docs = list(docs)
        vectors = self.model.predict(docs)
        weights = Weights(self.model)
        return [self._parse(doc, np.asarray(part), weights) for doc, part in zip(docs, vectors, strict=True)]

    def _parse(
        self, doc: Doc, vectors: Vectors, weights: Weights
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        heads = np.arange(len(doc), dtype=np.int64)
        labels = np.full(len(doc), -1, dtype=np.int64)
        for words in self._sentences(doc, vectors, weights):
            of_sentence = vectors[words]
            scores = weights.arcs(of_sentence)
            local = best_tree(scores)
            relations = weights.relations(of_sentence, local)
            if self._give_back_subjects(scores, local, relations):
                relations = weights.relations(of_sentence, local)
            heads[words] = np.where(local == 0, words, words[local - 1])
            labels[words] = relations
        last = None
        for token in doc:  # white space hangs on the word before it
            if token.is_space:
                if last is not None:
                    heads[token.i] = last
            else:
                last = token.i
        return heads, labels

    def _give_back_subjects(
        self, scores: Vectors, heads: NDArray[np.int64], relations: NDArray[np.int64]
    ) -> bool:
        """Where a word has two subjects, hang one on its next best head that has none; say whether any moved.

        Heads are chosen word by word, so nothing else keeps "said" in "the army said its troops seized the town" from
        taking "troops" besides "army". ``heads`` (from 1, 0 being the root) are changed in place.
        """
        subjects = [number for number, label in enumerate(self.labels) if label in _SUBJECTS]
        is_subject = np.isin(relations, subjects)
        moved = False
        for head in np.unique(heads[is_subject]):
            rivals = np.flatnonzero(is_subject & (heads == head))
            if len(rivals) < 2 or head == 0:
                continue
            taken = set(heads[is_subject].tolist())
            choices: list[tuple[float, int, NDArray[np.int64]]] = []
            for word in rivals:
                for other in np.argsort(-scores[word])[1:7]:
                    if not other or other in taken or other == head:
                        continue
                    loss = float(scores[word, other] - scores[word, head])
                    changed = heads.copy()
                    changed[word] = other
                    if _is_below(int(other), int(word) + 1, heads):
                        # "Rebels captured X, said Y": the verb that hung on the subject takes its place
                        if heads[other - 1] != word + 1:
                            continue
                        changed[other - 1] = head
                        later = (heads == word + 1) & (np.arange(1, len(heads) + 1) > other)
                        changed[later] = other  # its comma goes with it
                        loss += float(scores[other - 1, head] - scores[other - 1, word + 1])
                    if loss > _LEAST and not _crosses(changed):
                        choices.append((loss, len(choices), changed))
            if choices:
                heads[:] = max(choices)[2]
                moved = True
        return moved

    def _sentences(self, doc: Doc, vectors: Vectors, weights: Weights) -> list[NDArray[np.int64]]:
        """Indices of the words of each sentence, without white space."""
        if not len(doc):
            return []
        given = doc.has_annotation("SENT_START")
        own = None if given else weights.starts(vectors)
        sentences: list[list[int]] = []
        fresh = True
        for token in doc:
            fresh = fresh or bool(token.is_sent_start if own is None else own[token.i])
            if token.is_space:
                continue
            if fresh:
                sentences.append([])
            sentences[-1].append(token.i)
            fresh = False
        return [np.array(words, dtype=np.int64) for words in sentences]

    def set_annotations(
        self, docs: Iterable[Doc], predictions: list[tuple[NDArray[np.int64], NDArray[np.int64]]]
    ) -> None:
        """Write heads and labels; sentence starts follow from them."""
        names = [*(self.vocab.strings.add(label) for label in self.labels), self.vocab.strings.add("dep")]
        hashes = np.array(names, dtype=np.uint64)
        root = np.uint64(self.vocab.strings.add("ROOT"))
        for doc, (heads, labels) in zip(docs, predictions, strict=True):
            if not len(doc):
                continue
            own = heads == np.arange(len(doc))
            array: Any = np.empty((len(doc), 2), dtype=np.uint64)
            array[:, 0] = (heads - np.arange(len(doc))).astype(np.int64).view(np.uint64)
            array[:, 1] = np.where(own, root, hashes[labels])
            doc.from_array([HEAD, DEP], array)


@Language.factory(
    "frontlog_parser",
    assigns=["token.dep", "token.head", "token.is_sent_start", "doc.sents"],
    default_config={
        "model": Config().from_str(_DEFAULT)["model"],
        "scorer": {"@scorers": "spacy.parser_scorer.v1"},
    },
    default_score_weights={"dep_uas": 0.5, "dep_las": 0.5, "dep_las_per_type": None, "sents_f": 0.0},
)
def make_biaffine_parser(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    scorer: Callable[..., dict[str, Any]] | None,
) -> BiaffineParser:
    """Factory of the component ``frontlog_parser``."""
    return BiaffineParser(nlp.vocab, model, name, scorer=scorer or make_parser_scorer())
