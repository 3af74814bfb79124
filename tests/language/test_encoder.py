"""The encoder on small graphs: a word's vector, windows, nothing from the rest of the batch, saving, training."""

from __future__ import annotations

import copy
import pickle
import random
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.vocab import Vocab

from frontlog.language.encoder import OnnxShim, Window, onnx_encoder, set_encoder, windows
from frontlog.language.wordpieces import Shape, WordPieces

WIDTH, WINDOW, OVERLAP, POSITIONS = 16, 12, 4, 40
WORDS = (
    "rebels army troops took left held the a in on of and city town bridge Mosul Kidal fell , . said".split()
)
LETTERS = "a b c d e f g h i j k l m n o p q r s t u v w x y z".split()
MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
FURTHER = [f"##{letter}" for letter in "abcdefghij"]
VOCABULARY = list(dict.fromkeys([*MARKS, *map(str.lower, WORDS), *LETTERS, *FURTHER]))
PIECES = WordPieces(VOCABULARY)
VOCAB = Vocab()


def graph(
    *, attention: bool = True, width: int = WIDTH, inputs: Sequence[str] = ("ids", "shapes", "mask")
) -> bytes:
    """Embeddings of piece and shape; with ``attention`` also positions, one layer of attention and a norm."""
    random_numbers = np.random.default_rng(7)
    constants: dict[str, Any] = {
        "pieces": random_numbers.normal(size=(len(VOCABULARY), width)).astype(np.float32),
        "kinds": random_numbers.normal(size=(len(Shape), width)).astype(np.float32),
        "positions": random_numbers.normal(size=(POSITIONS, width)).astype(np.float32),
        "weight": random_numbers.normal(size=(width, width), scale=0.05).astype(np.float32),
        "scale": np.ones(width, np.float32),
        "one": np.array(1, np.float32),
        "low": np.array(1e4, np.float32),
        "zero": np.array([0], np.int64),
    }
    steps = [
        ("Gather", "pieces ids", "piece", {}),
        ("Gather", "kinds shapes", "kind", {}),
        ("Add", "piece kind", "sum" if attention else "plain", {}),
    ]
    if attention:
        steps += [
            ("Shape", "ids", "length", {"start": 1, "end": 2}),
            ("Slice", "positions zero length zero", "place", {}),
            ("Add", "sum place", "x", {}),
            ("MatMul", "x weight", "query", {}),
            ("Transpose", "x", "key", {"perm": [0, 2, 1]}),
            ("MatMul", "query key", "score", {}),
            ("Sub", "mask one", "gap", {}),
            ("Mul", "gap low", "bias", {}),
            ("Unsqueeze", "bias one_axis", "bias_row", {}),
            ("Add", "score bias_row", "masked", {}),
            ("Softmax", "masked", "share", {"axis": -1}),
            ("MatMul", "share x", "context", {}),
            ("Add", "context x", "residual", {}),
            ("LayerNormalization", "residual scale", "hidden", {"axis": -1}),
        ]
        constants["one_axis"] = np.array([1], np.int64)
    else:  # the mask is used, so that it counts as an input
        constants["two_axis"] = np.array([2], np.int64)
        steps += [
            ("Unsqueeze", "mask two_axis", "mask_column", {}),
            ("Mul", "plain mask_column", "hidden", {}),
        ]
    nodes = [helper.make_node(kind, names.split(), [out], **more) for kind, names, out, more in steps]
    kinds = {"ids": TensorProto.INT64, "shapes": TensorProto.INT64, "mask": TensorProto.FLOAT}
    for name in set(kinds) - set(inputs):  # a constant instead
        constants[name] = np.ones((1, WINDOW + 2), helper.tensor_dtype_to_np_dtype(kinds[name]))
    model = helper.make_model(
        helper.make_graph(
            nodes,
            "small",
            [helper.make_tensor_value_info(name, kinds[name], ["B", "T"]) for name in inputs],
            [helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["B", "T", width])],
            [numpy_helper.from_array(value, name) for name, value in constants.items()],
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=9,
    )
    onnx.checker.check_model(model)
    data: bytes = model.SerializeToString()
    return data


def encoder(*, attention: bool = True, window: int = WINDOW, overlap: int = OVERLAP) -> Any:
    model = onnx_encoder(WIDTH, window, overlap)
    set_encoder(model, graph(attention=attention), VOCABULARY)
    return model


@pytest.fixture(scope="module")
def plain() -> Any:
    """Without attention: a piece's vector does not depend on its neighbours."""
    return encoder(attention=False)


@pytest.fixture(scope="module")
def attentive() -> Any:
    return encoder()


def doc(text: str) -> Doc:
    return Doc(VOCAB, text.split(" ") if text else [])


def vectors(model: Any, text: str) -> Any:
    return model.predict([doc(text)])[0]


def some_texts(count: int, seed: int = 3) -> list[str]:
    chance = random.Random(seed)
    words = [*WORDS, "jbad", "zagcaj", "n't", "42", "☃"]
    return [" ".join(chance.choices(words, k=chance.randint(1, 40))) for _ in range(count)]


def alone(word: str) -> Any:
    """What the graph without attention should give a word, by hand: the mean over its pieces."""
    constants = onnx.load_from_string(graph(attention=False)).graph.initializer
    tables = {tensor.name: numpy_helper.to_array(tensor) for tensor in constants}
    ids, shapes = PIECES.pieces(word)
    return (tables["pieces"][list(ids)] + tables["kinds"][list(shapes)]).mean(axis=0)


# --- words and their pieces -------------------------------------------------------------------------


def test_a_vector_is_the_mean_over_the_pieces(plain: Any) -> None:
    text = "Mosul jbad ☃ zagcaj Mosul ."
    assert [len(PIECES.pieces(word)[0]) for word in text.split()] == [1, 4, 1, 6, 1, 1]
    found = vectors(plain, text)
    assert found.shape == (6, WIDTH)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [alone(word) for word in text.split()], rtol=1e-5, atol=1e-6)


def test_case_is_seen_through_the_shape(plain: Any) -> None:
    assert not np.array_equal(vectors(plain, "mosul"), vectors(plain, "Mosul"))


def test_neighbours_are_seen(attentive: Any) -> None:
    assert not np.allclose(vectors(attentive, "rebels left")[0], vectors(attentive, "rebels held")[0])


def test_spaces_and_line_breaks_have_vectors(attentive: Any) -> None:
    spaced = Doc(VOCAB, ["The", "\n\n", "town", "  ", "fell"], spaces=[False] * 5)
    assert attentive.predict([spaced])[0].shape == (5, WIDTH)


def test_empty_texts(attentive: Any) -> None:
    found = attentive.predict([doc(""), doc("Mosul fell"), doc("")])
    assert [vectors.shape for vectors in found] == [(0, WIDTH), (2, WIDTH), (0, WIDTH)]
    assert attentive.predict([]) == []
    assert [vectors.shape for vectors in attentive.predict([doc("")])] == [(0, WIDTH)]


def test_empty_texts_need_no_graph() -> None:
    assert onnx_encoder(WIDTH).predict([doc("")])[0].shape == (0, WIDTH)


# --- windows ----------------------------------------------------------------------------------------


def test_short_text_is_one_window() -> None:
    assert windows([], 12, 4) == []
    assert windows([3, 4, 5], 12, 4) == [Window(0, 3, (0, 3))]
    assert windows([3, 4, 6], 12, 4) == [Window(0, 2, (0, 2)), Window(1, 3, (2, 3))]


def test_words_stay_far_from_the_cuts() -> None:
    assert windows([1] * 20, 12, 4) == [Window(0, 12, (0, 10)), Window(8, 20, (10, 20))]
    assert windows([1] * 20, 12, 0) == [Window(0, 12, (0, 12)), Window(12, 20, (12, 20))]


@given(st.lists(st.integers(1, 12), max_size=80), st.integers(12, 30), st.data())
def test_windows(lengths: list[int], window: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(0, window - 1))
    found = windows(lengths, window, overlap)
    # Every word has its vector from one window, in order.
    assert [word for part in found for word in range(*part.own)] == list(range(len(lengths)))
    for part in found:
        assert part.first <= part.own[0] < part.own[1] <= part.last
        assert sum(lengths[part.first : part.last]) <= window
    for before, part in pairwise(found):
        assert before.first < part.first <= before.last < part.last
        assert sum(lengths[part.first : before.last]) <= overlap

    def distance(part: Window, word: int) -> float:
        left = sum(lengths[part.first : word]) if part.first else float("inf")
        right = sum(lengths[word + 1 : part.last]) if part.last < len(lengths) else float("inf")
        return min(left, right)

    for part in found:
        for word in range(*part.own):
            others = [distance(other, word) for other in found if other.first <= word < other.last]
            assert distance(part, word) == max(others)


def test_a_long_text_takes_little_memory() -> None:
    found = windows([1] * 200_000, 192, 64)  # windows by words as a table would be 2 GB
    assert len(found) == 1562


@pytest.mark.parametrize("overlap", [0, 4, 11])
def test_a_long_text_has_the_vectors_of_its_words(overlap: int) -> None:
    """Without attention it makes no difference which window a word is read in."""
    model = encoder(attention=False, overlap=overlap)
    text = " ".join(some_texts(5))
    found = vectors(model, text)
    expected = np.concatenate([vectors(model, word) for word in text.split(" ")])
    np.testing.assert_array_equal(found, expected)


def test_a_word_is_read_in_its_window(attentive: Any) -> None:
    words = [random.Random(5).choice(WORDS) for _ in range(20)]
    found = vectors(attentive, " ".join(words))
    np.testing.assert_array_equal(found[:10], vectors(attentive, " ".join(words[:12]))[:10])
    np.testing.assert_array_equal(found[10:], vectors(attentive, " ".join(words[8:]))[2:])


def test_a_word_longer_than_a_window_is_cut(plain: Any) -> None:
    word = "abcdefghij" * 3
    found = vectors(plain, f"Mosul {word} fell")
    np.testing.assert_array_equal(found[[0, 2]], vectors(plain, "Mosul fell"))
    np.testing.assert_array_equal(found[1], vectors(plain, word[:WINDOW])[0])


@pytest.mark.parametrize(("window", "overlap"), [(0, 0), (12, 12), (12, -1)])
def test_windows_that_cannot_be(window: int, overlap: int) -> None:
    with pytest.raises(ValueError, match=r"overlap -?\d+ must be at least 0 and below window \d+$"):
        onnx_encoder(WIDTH, window, overlap)


# --- a text's vectors are its own -------------------------------------------------------------------


def test_the_rest_of_the_batch_changes_nothing(attentive: Any) -> None:
    texts = some_texts(60) * 2
    expected = {text: vectors(attentive, text) for text in texts}
    for seed in range(3):
        order = random.Random(seed).sample(texts, len(texts))
        for text, found in zip(order, attentive.predict([doc(text) for text in order]), strict=True):
            assert np.array_equal(found, expected[text]), text  # to the bit


def test_training_and_prediction_agree(attentive: Any) -> None:
    docs = [doc(text) for text in some_texts(5)]
    found, backprop = attentive.begin_update(docs)
    for first, second in zip(found, attentive.predict(docs), strict=True):
        assert np.array_equal(first, second)
    assert backprop(found) == []
    attentive.finish_update(None)


# --- in spaCy ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("encoder")
    (folder / "small.onnx").write_bytes(graph())
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    return folder / "small.onnx", folder / "vocab.txt"


TAGGED = [
    ("the rebels took the town .", "DT NN VB DT NN PU"),
    ("the army left the city .", "DT NN VB DT NN PU"),
    ("troops held a bridge in Kidal .", "NN VB DT NN IN NP PU"),
    ("Mosul fell , the army said .", "NP VB PU DT NN VB PU"),
]


def trained(files: tuple[Path, Path]) -> tuple[Language, list[float]]:
    """A tagger on the encoder, and its loss in each step."""
    config = {
        "nlp": {"lang": "en", "pipeline": ["tok2vec", "tagger"]},
        "components": {
            "tok2vec": {
                "factory": "tok2vec",
                "model": {
                    "@architectures": "frontlog.OnnxEncoder.v1",
                    "width": WIDTH,
                    "window": WINDOW,
                    "overlap": OVERLAP,
                },
            },
            "tagger": {
                "factory": "tagger",
                "model": {
                    "@architectures": "spacy.Tagger.v2",
                    "tok2vec": {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH},
                },
            },
        },
        "initialize": {
            "before_init": {
                "@callbacks": "frontlog.LoadEncoder.v1",
                "onnx_path": str(files[0]),
                "vocabulary_path": str(files[1]),
            }
        },
    }
    nlp = spacy.util.load_model_from_config(config, auto_fill=True)
    examples = [
        Example.from_dict(
            Doc(nlp.vocab, text.split(" ")), {"words": text.split(" "), "tags": tags.split(" ")}
        )
        for text, tags in TAGGED
    ]
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.05
    losses = []
    for _ in range(60):
        step: dict[str, float] = {}
        nlp.update(examples, sgd=optimizer, losses=step)
        losses.append(step["tagger"])
    return nlp, losses


@pytest.fixture(scope="module")
def tagger(files: tuple[Path, Path]) -> tuple[Language, list[float]]:
    spacy.util.fix_random_seed(0)
    return trained(files)


def shim_of(nlp: Language) -> OnnxShim:
    pipe: Any = nlp.get_pipe("tok2vec")
    shim = pipe.model.shims[0]
    assert isinstance(shim, OnnxShim)
    return shim


def test_a_tagger_learns_and_the_encoder_does_not(tagger: tuple[Language, list[float]]) -> None:
    nlp, losses = tagger
    assert losses[-1] < losses[0] / 4
    for text, tags in TAGGED:
        assert " ".join(token.tag_ for token in nlp(text)) == tags
    assert shim_of(nlp).onnx == graph()


def test_saved_and_loaded(tagger: tuple[Language, list[float]], tmp_path: Path) -> None:
    nlp, _ = tagger
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert shim_of(again).onnx == graph()
    for text in some_texts(5):
        assert np.array_equal(again(text).tensor, nlp(text).tensor)
        assert [token.tag_ for token in again(text)] == [token.tag_ for token in nlp(text)]


def test_plain_spacy_finds_the_architecture(tagger: tuple[Language, list[float]], tmp_path: Path) -> None:
    """Without an import of frontlog: through the package's entry points."""
    tagger[0].to_disk(tmp_path / "model")
    code = "import sys, spacy; print(spacy.load(sys.argv[1])('Mosul fell .')[0].tag_)"
    command = [sys.executable, "-c", code, str(tmp_path / "model")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "NP\n"


def test_two_processes(tagger: tuple[Language, list[float]]) -> None:
    nlp, _ = tagger
    texts = some_texts(6)
    one = [document.tensor for document in nlp.pipe(texts)]
    two = [document.tensor for document in nlp.pipe(texts, n_process=2, batch_size=3)]
    assert all(np.array_equal(first, second) for first, second in zip(one, two, strict=True))


@pytest.mark.parametrize(
    "copied",
    [
        copy.deepcopy,
        lambda shim: shim.copy(),
        lambda shim: pickle.loads(pickle.dumps(shim)),
        lambda shim: OnnxShim(WIDTH, WINDOW, OVERLAP).from_bytes(shim.to_bytes()),
    ],
    ids=["deepcopy", "copy", "pickle", "bytes"],
)
def test_copies(attentive: Any, copied: Any) -> None:
    expected = vectors(attentive, "the town fell")  # so that a session is open
    shim = attentive.shims[0]
    other = onnx_encoder(WIDTH, WINDOW, OVERLAP)
    other.shims[0] = copied(shim)
    assert other.shims[0]._session is None
    assert np.array_equal(vectors(other, "the town fell"), expected)
    assert other.to_bytes() == attentive.to_bytes()


def test_a_model_without_a_graph() -> None:
    empty = onnx_encoder(WIDTH, WINDOW, OVERLAP)
    with pytest.raises(ValueError, match=r"^encoder: no graph is loaded; .*LoadEncoder"):
        vectors(empty, "Mosul fell")
    again = onnx_encoder(WIDTH, WINDOW, OVERLAP).from_bytes(empty.to_bytes())
    with pytest.raises(ValueError, match=r"^encoder: no graph is loaded"):
        vectors(again, "Mosul fell")


# --- what cannot be used ----------------------------------------------------------------------------

UNUSABLE = {
    "nothing": (b"", VOCABULARY, "not a graph that onnxruntime can read"),
    "no graph": (b"Mosul fell", VOCABULARY, "not a graph that onnxruntime can read"),
    "a part": (graph()[:2000], VOCABULARY, "not a graph that onnxruntime can read"),
    "no mask": (graph(inputs=("ids", "shapes")), VOCABULARY, "goes from ids: .* to hidden, not from ids.* mask"),
    "another width": (graph(width=8), VOCABULARY, r"gives float32 of \(1, 14, 8\) .* not float32 of \(1, 14, 16\)"),
    "more pieces": (graph(), [*VOCABULARY, "zz"], "cannot read 14 pieces of a vocabulary of"),
    "no marks": (graph(), ["[UNK]", "a"], r"the vocabulary has no piece '\[CLS\]'"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "vocabulary", "reason"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_graphs(data: bytes, vocabulary: list[str], reason: str) -> None:
    model = encoder()
    before = vectors(model, "Mosul fell")
    with pytest.raises(ValueError, match=f"^encoder: .*{reason}") as raised:
        set_encoder(model, data, vocabulary)
    assert "\n" not in str(raised.value)
    assert np.array_equal(vectors(model, "Mosul fell"), before)  # as it was


def test_windows_beyond_the_positions_of_the_graph() -> None:
    with pytest.raises(ValueError, match=r"^encoder: the graph cannot read 42 pieces"):
        encoder(window=POSITIONS)
    assert vectors(encoder(window=POSITIONS - 2), "Mosul fell").shape == (2, WIDTH)


DAMAGE = {
    "cut off": lambda data: data[:-1],
    "one byte": lambda data: data[:2000] + b"x" + data[2001:],
    "nothing": lambda _: b"",
    "something else": lambda _: b"version https://git-lfs.github.com/spec/v1" * 3,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_bytes(attentive: Any, damage: Any) -> None:
    data = damage(attentive.shims[0].to_bytes())
    with pytest.raises(ValueError, match=r"^encoder: its \d+ bytes are damaged .*$") as raised:
        OnnxShim(WIDTH, WINDOW, OVERLAP).from_bytes(data)
    assert "\n" not in str(raised.value)


def test_a_damaged_model_folder(tagger: tuple[Language, list[float]], tmp_path: Path) -> None:
    tagger[0].to_disk(tmp_path / "model")
    path = tmp_path / "model" / "tok2vec" / "model"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"LayerNormalization", b"LayerNormalizatiox"))
    with pytest.raises(ValueError, match=r"^encoder: its .* damaged"):
        spacy.load(tmp_path / "model")
