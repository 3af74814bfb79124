"""Turn the public corpora into spaCy training files.

Each command reads a folder of corpora (``--corpora``, laid out as models/README.md says) and writes ``.spacy`` files
into ``--out``::

    python models/prepare.py syntax   --corpora DIR --out BUILD   # EWT and GUM: tags, morphology, lemmas, parse
    python models/prepare.py entities --corpora DIR --out BUILD   # GMB, GUM, Wikigold, WNUT-17, re3d: named entities
    python models/prepare.py all      --corpora DIR --out BUILD   # both

Files are named ``CORPUS-SPLIT.spacy`` (``ewt-train``, ``gmb-test``). Splits are the corpora's own where they have any
(EWT, GUM, WNUT-17); GMB and Wikigold are split by a hash of the sentence, re3d by a hash of the document's id, so that
a text that occurs twice never stands on both sides. Nothing is ever trained on a test split.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import spacy
import typer
from corpora import (
    Passage,
    read_gmb,
    read_re3d,
    read_treebank,
    read_wikigold,
    read_wnut,
    split_of,
)
from spacy.tokens import DocBin

SPLITS = ("train", "dev", "test")
ATTRIBUTES = [
    "ORTH",
    "SPACY",
    "TAG",
    "POS",
    "MORPH",
    "LEMMA",
    "HEAD",
    "DEP",
    "SENT_START",
    "ENT_IOB",
    "ENT_TYPE",
]

app = typer.Typer(add_completion=False, help=__doc__)
Corpora = Annotated[Path, typer.Option(help="Folder that holds ud-ewt/, ud-gum/, gmb/ and the others.")]
Out = Annotated[Path, typer.Option(help="Folder for the .spacy files.")]


def write(passages: Iterable[Passage], path: Path) -> None:
    """Write passages as one ``.spacy`` file and say what is in it."""
    vocab = spacy.blank("en").vocab
    docs = DocBin(attrs=ATTRIBUTES)
    words = 0
    labels: Counter[str] = Counter()
    for passage in passages:
        docs.add(passage.to_doc(vocab))
        words += len(passage.words)
        labels.update(label for _, _, label in passage.entities or ())
    path.parent.mkdir(parents=True, exist_ok=True)
    docs.to_disk(path)
    entities = f", entities: {dict(labels.most_common())}" if labels else ""
    typer.echo(f"{path.stem}: {len(docs)} passages, {words} words{entities}", err=True)


@app.command()
def syntax(corpora: Corpora, out: Out) -> None:
    """Write ewt-{train,dev,test}.spacy and gum-{train,dev,test}.spacy (GUM with its entities)."""
    for split in SPLITS:
        write(read_treebank(corpora / "ud-ewt" / f"{split}.conllu"), out / f"ewt-{split}.spacy")
        write(
            read_treebank(corpora / "ud-gum" / f"{split}.conllu", entities=True), out / f"gum-{split}.spacy"
        )


@app.command()
def entities(corpora: Corpora, out: Out) -> None:
    """Write {gmb,wikigold,wnut17,re3d}-{train,dev,test}.spacy."""
    found: dict[tuple[str, str], list[Passage]] = defaultdict(list)
    for passage in read_gmb(corpora / "gmb" / "ner_dataset.csv.gz"):
        found["gmb", split_of(" ".join(passage.words))].append(passage)
    for passage in read_wikigold(corpora / "wikigold" / "wikigold.conll.txt"):
        found["wikigold", split_of(" ".join(passage.words))].append(passage)
    for document, passage in read_re3d(corpora / "re3d"):
        found["re3d", split_of(document, dev=0, test=3)].append(passage)
    for split in SPLITS:
        for path in sorted((corpora / "wnut17" / split).iterdir()):
            found["wnut17", split] += read_wnut(path)
    for (corpus, split), passages in sorted(found.items()):
        write(passages, out / f"{corpus}-{split}.spacy")


@app.command(name="all")
def everything(corpora: Corpora, out: Out) -> None:
    """Write the files of both."""
    syntax(corpora, out)
    entities(corpora, out)


if __name__ == "__main__":
    app()
