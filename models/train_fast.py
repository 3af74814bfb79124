"""Train the fast model: spaCy's CNN over vectors distilled from the encoder, on gold and on the accurate model's parse.

    python models/train_fast.py --data BUILD/data --teacher models/en_frontlog_accurate --build BUILD \\
        --out models/en_frontlog_fast

The treebanks have their gold parse, GMB its gold entities and the accurate model's tags, lemmas and parse: so one small
network learns everything at once, and a parse of 840,000 words of newswire. A word's static vector is the mean of the
encoder's vectors over all its occurrences in that text, cut to fewer dimensions by principal components; words that
occur less than ``--rare`` times have none. About an hour and a half on one core.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import spacy
import typer
from augment import Augmenter
from corpora import Passage
from numpy.typing import NDArray
from passages import SYNTAX, from_doc, paragraphs, read
from prepare import write
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vectors import Vectors
from train_heads import forget_words

from frontlog.language.model import load_pipeline

HERE = Path(__file__).resolve().parent
DIMENSIONS = 64


def label(nlp: Language, passages: Sequence[Passage]) -> Iterable[Doc]:
    """Docs of the passages' own words, with the teacher's parse; their vectors are in ``tensor``."""
    docs = (Doc(nlp.vocab, words=passage.words, spaces=passage.spaces) for passage in passages)
    return nlp.pipe(docs, batch_size=64, disable=["ner"])


def parsed(gold: Passage, silver: Passage) -> Passage:
    """A passage of an entity corpus with the teacher's analysis."""
    for name in ("tags", "pos", "morphs", "lemmas", "heads", "deps", "starts"):
        setattr(gold, name, getattr(silver, name))
    return gold


class Means:
    """Running means of vectors by lower-cased word."""

    def __init__(self) -> None:
        self.sums: dict[str, NDArray[np.float32]] = {}
        self.counts: Counter[str] = Counter()

    def add(self, doc: Doc) -> None:
        """Count the words of one Doc."""
        for token, vector in zip(doc, doc.tensor, strict=True):
            word = token.lower_
            self.counts[word] += 1
            if word in self.sums:
                self.sums[word] += vector
            else:
                self.sums[word] = vector.astype(np.float32).copy()

    def table(self, rare: int, dimensions: int) -> tuple[list[str], NDArray[np.float32]]:
        """Words in the order of their frequency, and their vectors of unit length in fewer dimensions."""
        words = [word for word, count in self.counts.most_common() if count >= rare]
        rows = np.stack([self.sums[word] / self.counts[word] for word in words])
        rows -= rows.mean(axis=0)
        _, _, axes = np.linalg.svd(rows, full_matrices=False)
        cut = rows @ axes[:dimensions].T
        return words, (cut / np.maximum(np.linalg.norm(cut, axis=1, keepdims=True), 1e-6)).astype(np.float32)


def vector_table(words: Sequence[str], rows: NDArray[np.float32]) -> Language:
    """An empty pipeline with the vectors, each under the word in small letters, in capitals, and with one capital.

    spaCy looks words up as they are written: it saves no other attribute with its vectors.
    """
    blank = spacy.blank("en")
    row_of = {
        form: i for i, word in reversed(list(enumerate(words))) for form in (word.upper(), word.capitalize())
    }
    row_of |= {word: i for i, word in enumerate(words)}
    vectors: Any = Vectors(strings=blank.vocab.strings, data=rows, name="frontlog")
    for form, row in row_of.items():
        vectors.add(form, row=row)
    blank.vocab.vectors = vectors
    return blank


def main(
    data: Annotated[Path, typer.Option(help="Folder of the files that prepare.py wrote.")],
    teacher: Annotated[Path, typer.Option(help="The accurate model.")],
    build: Annotated[Path, typer.Option(help="Folder for what is in between.")],
    out: Annotated[Path, typer.Option(help="Folder of the finished model.")],
    rare: Annotated[int, typer.Option(help="Least occurrences of a word with a vector.")] = 3,
    version: Annotated[str, typer.Option(help="Version in the model's meta.json.")] = "0.2.0",
    seed: Annotated[int, typer.Option(help="Fixes all that is random.")] = 20171103,
) -> None:
    """Label, distil, train, write."""
    rng = random.Random(seed)
    nlp = load_pipeline(teacher)
    folder = build / "fast"
    means, towns = Means(), Augmenter(seed)
    if not (folder / "train.spacy").is_file():
        for split in ("dev", "train"):
            treebanks = [p for name in SYNTAX for p in read(data / f"{name}-{split}.spacy", syntax=True)]
            sentences = read(data / f"gmb-{split}.spacy", entities=True)
            rng.shuffle(sentences)
            joined = []
            for passage in paragraphs(sentences, rng):
                other_towns = split == "train" and rng.random() < towns.rename
                joined.append(towns.rename_towns(passage) if other_towns else passage)
            done = []
            augment = Augmenter(seed) if split == "train" else None  # the dev split is scored as it is
            for gold, doc in zip(treebanks + joined, label(nlp, treebanks + joined), strict=True):
                passage = gold
                if split == "train":
                    means.add(doc)
                    if not gold.tags:
                        passage = parsed(gold, from_doc(doc, syntax=True))
                done.append(augment(passage) if augment else passage)
            write(done, folder / f"{split}.spacy")
        words, rows = means.table(rare, DIMENSIONS)
        vector_table(words, rows).to_disk(folder / "vectors")
        typer.echo(f"vectors: {len(words)} words, {rows.shape[1]} dimensions", err=True)
    command = [
        sys.executable, "-m", "spacy", "train", HERE / "configs" / "fast.cfg", "--output", folder / "trained",
        "--paths.train", folder / "train.spacy", "--paths.dev", folder / "dev.spacy",
        "--paths.vectors", folder / "vectors",
    ]  # fmt: skip
    subprocess.run(list(map(str, command)), check=True)
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(folder / "trained" / "model-best", out)
    meta = json.loads((out / "meta.json").read_text(encoding="utf-8"))
    meta |= {
        "name": "frontlog_fast",
        "version": version,
        "description": "English news on armed conflict: spaCy's small CNN over distilled vectors.",
        "author": "The frontlog authors",
        "license": "CC BY-SA 4.0",
    }
    (out / "meta.json").write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")
    forget_words(spacy.load(out), out)


if __name__ == "__main__":
    typer.run(main)
