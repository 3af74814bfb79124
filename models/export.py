"""From the trained torch encoder to what ships: an int8 ONNX graph, the heads' weights, and what int8 costs.

    python models/export.py --encoder BUILD/encoder --data BUILD/data --out BUILD/onnx

``--encoder`` is the folder of ``train_encoder.py``. Ranges of activations come from ``--data``'s training text. Writes
``encoder.onnx`` (int8), ``encoder.float.onnx``, ``heads.npz``, ``vocab.txt``, ``labels.json``. Needs torch and onnx.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from minilm import LAYER_NAMES, LAYERS, WIDTH, Encoder
from numpy.typing import NDArray
from onnx_graph import encoder_graph, open_session, quantise_encoder
from passages import read

from frontlog.language.wordpieces import Shape, WordPieces

HEADS = (
    "tag", "morph", "start", "entity", "arc_dependent", "arc_head", "relation_dependent", "relation_head",
)  # fmt: skip


def bert_names(state: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    """Our encoder's weights under the names of Hugging Face's BertModel, with the shape embeddings beside them."""
    ours = {name: value.numpy() for name, value in state.items()}
    theirs = {
        "embeddings.word_embeddings.weight": ours["words.weight"],
        "embeddings.position_embeddings.weight": ours["positions.weight"],
        "embeddings.token_type_embeddings.weight": np.zeros((1, WIDTH), np.float32),
        "embeddings.shape_embeddings.weight": ours["shapes.weight"],
        "embeddings.LayerNorm.weight": ours["norm.weight"],
        "embeddings.LayerNorm.bias": ours["norm.bias"],
    }
    for i in range(LAYERS):
        for kind in ("weight", "bias"):
            parts = np.split(ours[f"layers.{i}.qkv.{kind}"], 3)
            for part, value in zip(("query", "key", "value"), parts, strict=True):
                theirs[f"encoder.layer.{i}.attention.self.{part}.{kind}"] = value
            for our_name, their_name in LAYER_NAMES.items():
                theirs[f"encoder.layer.{i}.{their_name}.{kind}"] = ours[f"layers.{i}.{our_name}.{kind}"]
    return theirs


def head_weights(state: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    """Weights of the heads as `frontlog.language.parser` and the taggers want them."""
    found = {}
    for name in HEADS:
        found[f"{name}_W"] = state[f"{name}.weight"].numpy()
        found[f"{name}_b"] = state[f"{name}.bias"].numpy()
    return found | {name: state[name].numpy() for name in ("root", "arc", "relation")}


def inputs(data: Path, pieces: WordPieces, count: int, seed: int = 0) -> Iterator[dict[str, NDArray[Any]]]:
    """Single passages of the training text, as the graph takes them."""
    rng = random.Random(seed)
    texts = [
        p.words
        for name in ("gmb", "ewt", "gum")
        for p in rng.sample(read(data / f"{name}-train.spacy"), count)
    ]
    rng.shuffle(texts)
    for words in texts:
        ids, shapes, _ = pieces.encode(words)
        ids, shapes = ids[:190], shapes[:190]
        yield {
            "ids": np.array([[pieces.start, *ids, pieces.end]], np.int64),
            "shapes": np.array([[Shape.OTHER, *shapes, Shape.OTHER]], np.int64),
            "mask": np.ones((1, len(ids) + 2), np.float32),
        }


def main(
    encoder: Annotated[Path, typer.Option(help="Folder of train_encoder.py.")],
    data: Annotated[Path, typer.Option(help="Folder of prepare.py, for the ranges of activations.")],
    out: Annotated[Path, typer.Option(help="Folder for the graph and the weights.")],
    passages: Annotated[
        int, typer.Option(help="Training passages of each corpus that set the ranges.")
    ] = 150,
) -> None:
    """Export, quantise, compare."""
    torch.set_num_threads(1)
    finished = encoder / "encoder.pt"
    state = torch.load(finished if finished.is_file() else encoder / "state.pt", weights_only=True)
    out.mkdir(parents=True, exist_ok=True)
    pieces = WordPieces((encoder / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n"))
    weights = bert_names(state["encoder"])
    whole = encoder_graph(weights, int8_embeddings=False)
    batches = list(inputs(data, pieces, passages))
    small = quantise_encoder(weights, batches)
    (out / "encoder.float.onnx").write_bytes(whole.SerializeToString())
    (out / "encoder.onnx").write_bytes(small.SerializeToString())
    np.savez(out / "heads.npz", **head_weights(state["heads"]))  # type: ignore[arg-type]
    for name in ("vocab.txt", "labels.json"):
        shutil.copy(encoder / name, out / name)
    compare(out, Encoder(len(pieces.vocabulary)), state["encoder"], list(inputs(data, pieces, 30, seed=1)))


def compare(
    out: Path, network: Encoder, state: dict[str, Any], batches: list[dict[str, NDArray[Any]]]
) -> None:
    """Print how far the float and the int8 graph are from torch: mean and lowest cosine, largest difference."""
    network.load_state_dict(state)
    network.eval()
    for name in ("encoder.float.onnx", "encoder.onnx"):
        session = open_session((out / name).read_bytes())
        cosines, largest = [], 0.0
        for batch in batches:
            with torch.no_grad():
                exact = network(*(torch.from_numpy(batch[key]) for key in ("ids", "shapes", "mask"))).numpy()[
                    0
                ]
            found = session.run(["hidden"], batch)[0][0]
            largest = max(largest, float(np.abs(exact - found).max()))
            norms = np.linalg.norm(exact, axis=1) * np.linalg.norm(found, axis=1)
            cosines.append((exact * found).sum(axis=1) / norms)
        every = np.concatenate(cosines)
        size = (out / name).stat().st_size / 1e6
        close = (
            f"cosine to torch {every.mean():.5f}, lowest {every.min():.4f}; largest difference {largest:.3f}"
        )
        typer.echo(f"{name}: {size:.1f} MB, {close}")


if __name__ == "__main__":
    typer.run(main)
