"""A BERT encoder inside spaCy, run by onnxruntime: the word vectors that tagger, parser and entities stand on.

The graph takes ``ids`` and ``shapes`` (int64, [B, T]) and ``mask`` (float32, [B, T]; 1 for a piece, 0 for padding) and
gives ``hidden`` (float32, [B, T, width]). Its weights are frozen: heads learn on top of it, it learns nothing here.
models/ has the script that makes it.

What a text gets depends on the text alone, to the bit: only windows of equal length share a batch, so nothing is ever
padded, and no operator of the graph may look across the rows of a batch (dynamically quantised ones do).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model
from thinc.shims import Shim
from thinc.types import Floats2d

from frontlog.language.norms import READ_AS
from frontlog.language.wordpieces import Shape, WordPieces

Vectors = NDArray[np.float32]

INPUTS = {"ids": "tensor(int64)", "shapes": "tensor(int64)", "mask": "tensor(float)"}
OUTPUT = "hidden"
MARK = b"frontlog encoder 1\n"  # what the bytes of an encoder begin with
# Pieces in one call of the graph, about. A call has its price: sentences one at a time take half as long again as eight
# at a time; from some 150 pieces on more of them in one call gain nothing.
BATCH = 256


@dataclass(frozen=True, slots=True)
class Window:
    """Words ``first`` to ``last`` (exclusive) of a text are read together; it gives the vectors of ``own`` words."""

    first: int
    last: int
    own: tuple[int, int]


def windows(lengths: Sequence[int], window: int, overlap: int) -> list[Window]:
    """Cut a text of words of so many pieces into windows; the first word of one is at most ``overlap`` pieces back.

    A word belongs to the window where it stands furthest from a cut, the earlier one of two that are equal. No word
    may have more pieces than ``window``. An empty text has no windows.

    >>> windows([1] * 10, window=6, overlap=4)
    [Window(first=0, last=6, own=(0, 4)), Window(first=2, last=8, own=(4, 6)), Window(first=4, last=10, own=(6, 10))]
    """
    ends = np.cumsum(lengths, dtype=np.int64)
    starts = ends - np.asarray(lengths, dtype=np.int64)
    spans: list[tuple[int, int]] = []
    last = 0
    while last < len(lengths):
        first = 0
        if spans:
            back = np.searchsorted(starts, ends[last - 1] - overlap)
            room = np.searchsorted(starts, ends[last] - window)  # so that the next word fits in
            first = int(max(back, room))
        last = int(np.searchsorted(ends, starts[first] + window, side="right"))
        spans.append((first, last))
    # Where the text itself begins or ends, nothing was cut off.
    far = np.iinfo(np.int64).max
    furthest = np.full(len(lengths), -1, dtype=np.int64)
    owners = np.zeros(len(lengths), dtype=np.int64)
    for number, (first, last) in enumerate(spans):
        left = starts[first:last] - starts[first] if first else np.full(last, far)
        right = ends[last - 1] - ends[first:last] if last < len(lengths) else far
        distance = np.minimum(left, right)
        owners[first:last][distance > furthest[first:last]] = number
        furthest[first:last] = np.maximum(distance, furthest[first:last])
    bounds = np.searchsorted(owners, np.arange(len(spans) + 1)).tolist()  # what a window owns is in one piece
    return [
        Window(first, last, own)
        for (first, last), own in zip(spans, pairwise(bounds), strict=True)
        if own[0] < own[1]
    ]


class OnnxShim(Shim):
    """Holds a graph and its vocabulary, and runs them.

    The session belongs to one process: it is opened at the first call, again after a fork, and never copied or
    pickled. ``from_bytes`` finds out whether bytes are as they were written; whether they are a graph of the right
    kind shows when the session is opened.
    """

    def __init__(self, width: int, window: int, overlap: int) -> None:
        super().__init__(None, {"width": width, "window": window, "overlap": overlap})
        self.onnx = b""
        self.words: WordPieces | None = None
        self._session: tuple[int, Any] | None = None

    def set(self, onnx: bytes, vocabulary: Sequence[str]) -> None:
        """Take another graph and vocabulary; ``ValueError`` in one line for what will not run."""
        try:
            words = WordPieces(vocabulary)
        except KeyError as error:
            raise ValueError(f"encoder: the vocabulary has no piece {error}") from error
        before = self.onnx, self.words, self._session
        self.onnx, self.words, self._session = onnx, words, None
        try:
            self.session()
        except ValueError:
            self.onnx, self.words, self._session = before
            raise

    @property
    def pieces(self) -> WordPieces:
        """The vocabulary; ``ValueError`` where none was loaded."""
        if self.words is None:
            raise ValueError(
                "encoder: no graph is loaded; train with frontlog.LoadEncoder.v1 in [initialize.before_init], "
                "or load a trained model"
            )
        return self.words

    def run(self, ids: NDArray[np.int64], shapes: NDArray[np.int64]) -> Vectors:
        """Last hidden layer (B, T, width) of windows of one length, ``[CLS]`` and ``[SEP]`` among their T pieces."""
        mask = np.ones(ids.shape, dtype=np.float32)
        hidden: Vectors = self.session().run([OUTPUT], {"ids": ids, "shapes": shapes, "mask": mask})[0]
        return hidden

    def session(self) -> Any:
        """The onnxruntime session of this process; ``ValueError`` in one line for a graph that will not do."""
        if self._session is None or self._session[0] != os.getpid():
            self._session = os.getpid(), self._open()
        return self._session[1]

    def _open(self) -> Any:
        import onnxruntime

        words = self.pieces
        options = onnxruntime.SessionOptions()
        # More threads help little with texts this short, and runs use processes.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors
        # Would remember a plan for every length and number of windows ever seen.
        options.enable_mem_pattern = False
        try:
            session = onnxruntime.InferenceSession(self.onnx, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has a dozen kinds, all directly under Exception
            raise ValueError(
                f"encoder: not a graph that onnxruntime can read ({_first_line(error)})"
            ) from error
        inputs = {value.name: value.type for value in session.get_inputs()}
        outputs = [value.name for value in session.get_outputs()]
        if inputs != INPUTS or OUTPUT not in outputs:
            raise ValueError(
                f"encoder: the graph goes from {_listed(inputs)} to {', '.join(outputs)}, "
                f"not from {_listed(INPUTS)} to {OUTPUT}"
            )
        # The longest window of the last piece: the graph must know all positions and pieces, and the width be right.
        size = self.cfg["window"] + 2
        ids = np.full((1, size), len(words.vocabulary) - 1, dtype=np.int64)
        probe = {"ids": ids, "shapes": np.full_like(ids, max(Shape)), "mask": np.ones(ids.shape, np.float32)}
        try:
            hidden = session.run([OUTPUT], probe)[0]
        except Exception as error:  # as above
            raise ValueError(
                f"encoder: the graph cannot read {size} pieces of a vocabulary of {len(words.vocabulary)} "
                f"({_first_line(error)})"
            ) from error
        wanted = (1, size, self.cfg["width"])
        if hidden.shape != wanted or hidden.dtype != np.float32:
            raise ValueError(
                f"encoder: the graph gives {hidden.dtype} of {hidden.shape} for a window of {size} pieces, "
                f"not float32 of {wanted}"
            )
        return session

    # What thinc asks of a shim: it has no parameters, and lives on the CPU.

    def __call__(self, inputs: Any, is_train: bool) -> tuple[Any, Callable[..., Any]]:
        """Hidden layer of ``(ids, shapes)``; nothing flows back."""
        return self.run(*inputs), _no_gradient

    def finish_update(self, optimizer: Any) -> None:
        """Nothing: the weights are frozen."""

    def to_device(self, device_type: str, device_id: int) -> None:
        """Nothing: the graph runs on the CPU."""

    def to_bytes(self) -> bytes:
        """A mark, a checksum of the rest, the length of the vocabulary in 8 bytes, the vocabulary, the graph."""
        vocabulary = "\n".join(self.words.vocabulary).encode() if self.words else b""
        content = len(vocabulary).to_bytes(8, "little") + vocabulary + self.onnx
        return MARK + hashlib.sha256(content).digest() + content

    def from_bytes(self, data: bytes) -> OnnxShim:
        """Take what ``to_bytes`` gave; ``ValueError`` in one line for bytes that are damaged."""
        start = len(MARK) + hashlib.sha256().digest_size
        content = data[start:]
        if not data.startswith(MARK) or data[len(MARK) : start] != hashlib.sha256(content).digest():
            raise ValueError(f"encoder: its {len(data)} bytes are damaged (their checksum is another)")
        end = 8 + int.from_bytes(content[:8], "little")
        vocabulary = content[8:end].decode()
        self.onnx, self._session = content[end:], None
        self.words = WordPieces(vocabulary.split("\n")) if vocabulary else None
        return self

    def __getstate__(self) -> dict[str, Any]:
        vocabulary = self.words.vocabulary if self.words else None
        return {**self.__dict__, "_session": None, "words": vocabulary}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.words = WordPieces(state["words"]) if state["words"] is not None else None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _listed(inputs: dict[str, str]) -> str:
    return ", ".join(f"{name}: {kind}" for name, kind in sorted(inputs.items()))


def _no_gradient(_: Any) -> list[Any]:
    return []


@registry.architectures("frontlog.OnnxEncoder.v1")  # type: ignore[untyped-decorator]
def onnx_encoder(width: int = 384, window: int = 192, overlap: int = 64) -> Model[list[Doc], list[Floats2d]]:
    """A model for the ``tok2vec`` factory: for each Doc the vectors of its tokens, float32 (tokens, width).

    A vector is the mean of the last hidden layer over the pieces of the word. Texts of more than ``window`` pieces are
    read in windows that share up to ``overlap`` pieces; a word takes its vector from the one where it stands furthest
    from a cut. The graph comes from ``set_encoder``, ``frontlog.LoadEncoder.v1`` or a saved model.
    """
    if not 0 <= overlap < window:
        raise ValueError(
            f"frontlog.OnnxEncoder.v1: overlap {overlap} must be at least 0 and below window {window}"
        )
    return Model(
        "frontlog_onnx_encoder",
        _forward,
        dims={"nO": width},
        shims=[OnnxShim(width, window, overlap)],
    )


@registry.architectures("frontlog.SideBySide.v1")  # type: ignore[untyped-decorator]
def side_by_side(
    first: Model[list[Doc], list[Floats2d]], second: Model[list[Doc], list[Floats2d]]
) -> Model[list[Doc], list[Floats2d]]:
    """Two models of word vectors as one: for each word the vector of the first and then that of the second.

    So a head can have a small network of its own, which learns, beside the encoder, which does not.
    """
    return Model(
        "frontlog_side_by_side", _side_by_side, init=_start_both, layers=[first, second], dims={"nO": None}
    )


def _start_both(
    model: Model[list[Doc], list[Floats2d]], X: list[Doc] | None = None, Y: list[Floats2d] | None = None
) -> None:
    for layer in model.layers:
        layer.initialize(X=X)
    if all(layer.has_dim("nO") for layer in model.layers):
        model.set_dim("nO", sum(layer.get_dim("nO") for layer in model.layers))


def _side_by_side(
    model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Any]]]:
    left, learn_left = model.layers[0](docs, is_train)
    right, learn_right = model.layers[1](docs, is_train)
    width = model.layers[0].get_dim("nO")

    def backprop(gradients: list[Floats2d]) -> list[Any]:
        contiguous = model.ops.as_contig
        learn_left([contiguous(part[:, :width]) for part in gradients])
        learn_right([contiguous(part[:, width:]) for part in gradients])
        return []

    return [model.ops.xp.hstack(both) for both in zip(left, right, strict=True)], backprop


def set_encoder(model: Model[list[Doc], list[Floats2d]], onnx: bytes, vocabulary: Sequence[str]) -> None:
    """Give a model its graph and the word pieces in the order of their ids.

    Raises ``ValueError`` with one clear line for bytes that are no such graph, and leaves the model as it was.
    """
    shim = model.shims[0]
    assert isinstance(shim, OnnxShim)
    shim.set(onnx, vocabulary)


@registry.callbacks("frontlog.LoadEncoder.v1")  # type: ignore[untyped-decorator]
def load_encoder(
    onnx_path: Path, vocabulary_path: Path, component: str = "tok2vec"
) -> Callable[[Language], Language]:
    """A callback for ``[initialize.before_init]``: the component's graph from a file, pieces from a vocab.txt."""

    def load(nlp: Language) -> Language:
        vocabulary = Path(vocabulary_path).read_text(encoding="utf-8").rstrip("\n").split("\n")
        pipe: Any = nlp.get_pipe(component)
        set_encoder(pipe.model, Path(onnx_path).read_bytes(), vocabulary)
        return nlp

    return load


def _forward(
    model: Model[list[Doc], list[Floats2d]], docs: Sequence[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[Any], list[Any]]]:
    shim = model.shims[0]
    assert isinstance(shim, OnnxShim)
    found = encode(shim, [_read_as([token.text for token in doc]) for doc in docs])
    return [model.ops.asarray2f(cast(Floats2d, vectors)) for vectors in found], _no_gradient


def _read_as(words: list[str]) -> list[str]:
    """The words as the encoder is to understand them: rare verbs as common ones, "IS militants" as no verb.

    In a text all in capitals "IS" cannot be told from the verb, and stays.
    """
    if not READ_AS.keys() & set(words):
        return words
    small = any(word.islower() for word in words)
    return [READ_AS.get(word, word) if small or word != "IS" else word for word in words]


def encode(shim: OnnxShim, texts: Sequence[Sequence[str]]) -> list[Vectors]:
    """Vectors of the words of each text, (words, width)."""
    vectors = [np.empty((len(text), shim.cfg["width"]), dtype=np.float32) for text in texts]
    if not any(texts):
        return vectors
    by_length: dict[int, list[_Part]] = {}
    for number, text in enumerate(texts):
        for part in _cut(shim.pieces, number, text, shim.cfg["window"], shim.cfg["overlap"]):
            by_length.setdefault(len(part.ids), []).append(part)
    for length, parts in sorted(by_length.items()):
        size = max(1, BATCH // length)
        for start in range(0, len(parts), size):
            batch = parts[start : start + size]
            hidden = shim.run(
                np.array([part.ids for part in batch], dtype=np.int64),
                np.array([part.shapes for part in batch], dtype=np.int64),
            )
            for part, rows in zip(batch, hidden, strict=True):
                sums = np.add.reduceat(rows[1:-1], part.starts, axis=0)
                first, last = part.window.own
                here = slice(first - part.window.first, last - part.window.first)
                vectors[part.text][first:last] = (sums / part.lengths[:, None])[here]
    return vectors


@dataclass(frozen=True, slots=True)
class _Part:
    """One window of one text as the graph wants it, and the pieces of its words."""

    text: int
    window: Window
    ids: list[int]
    shapes: list[int]
    starts: NDArray[np.int64]
    lengths: NDArray[np.float32]


def _cut(words: WordPieces, text: int, tokens: Sequence[str], window: int, overlap: int) -> Iterator[_Part]:
    ids, shapes, lengths = words.encode(tokens)
    if max(lengths, default=0) > window:  # of such a word, only the beginning
        offsets = np.repeat(np.cumsum([0, *lengths[:-1]]), lengths)
        kept = (np.arange(len(ids)) - offsets < window).tolist()
        ids = [number for number, keep in zip(ids, kept, strict=True) if keep]
        shapes = [shape for shape, keep in zip(shapes, kept, strict=True) if keep]
        lengths = [min(length, window) for length in lengths]
    ends = np.cumsum([0, *lengths], dtype=np.int64)
    for part in windows(lengths, window, overlap):
        start, end = ends[part.first], ends[part.last]
        yield _Part(
            text,
            part,
            [words.start, *ids[start:end], words.end],
            [int(Shape.OTHER), *shapes[start:end], int(Shape.OTHER)],
            ends[part.first : part.last] - start,
            np.diff(ends[part.first : part.last + 1]).astype(np.float32),
        )
