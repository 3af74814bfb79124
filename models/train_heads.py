"""Put the encoder under spaCy's components and train what still has to learn: the lemmatizer and the entities.

    python models/train_heads.py --data BUILD/data --encoder BUILD/onnx --out models/en_frontlog_accurate

``--encoder`` is the folder that ``export.py`` wrote. Tagger, morphologizer and parser take the weights that were
trained with the encoder. The lemmatizer looks at the word and its tag only, the entity recogniser is spaCy's
transition-based one on the encoder's vectors, which are worked out once and kept in memory. No torch is needed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import spacy
import srsly
import typer
from augment import Augmenter
from corpora import UNANNOTATED, Passage
from numpy.typing import NDArray
from passages import ENTITIES, SYNTAX, paragraphs, read, spans_of
from spacy.language import Language
from spacy.pipeline.tok2vec import Tok2VecListener
from spacy.strings import StringStore
from spacy.training import Example
from thinc.api import Adam, Model, fix_random_seed

from frontlog.language.encoder import set_encoder
from frontlog.language.parser import WEIGHTS, set_weights

WIDTH = 384
LISTENER = {"@architectures": "spacy.Tok2VecListener.v1", "width": WIDTH, "upstream": "*"}
TAGGER = {"model": {"@architectures": "spacy.Tagger.v2", "nO": None, "normalize": False, "tok2vec": LISTENER}}


def cnn(attributes: list[str], rows: list[int], depth: int) -> dict[str, Any]:
    """A small network of spaCy's over features of the words themselves."""
    return {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": 96,
            "attrs": attributes,
            "rows": rows,
            "include_static_vectors": False,
        },
        "encode": {
            "@architectures": "spacy.MaxoutWindowEncoder.v2",
            "width": 96,
            "depth": depth,
            "window_size": 1,
            "maxout_pieces": 3,
        },
    }


# A lemma is a matter of the word and its tag.
LEMMATIZER = {
    "min_tree_freq": 2,
    "model": {
        "@architectures": "spacy.Tagger.v2",
        "nO": None,
        "normalize": False,
        "tok2vec": cnn(["NORM", "SUFFIX", "SHAPE", "TAG"], [5000, 2500, 500, 100], depth=1),
    },
}
# Names are also a matter of having seen them: the encoder tells the context, a small network the spelling.
NER = {
    "model": {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 128,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        "tok2vec": {
            "@architectures": "frontlog.SideBySide.v1",
            "first": LISTENER,
            "second": cnn(["NORM", "PREFIX", "SUFFIX", "SHAPE"], [5000, 1000, 2500, 2500], depth=2),
        },
    }
}


def build(encoder: Path) -> Language:
    """The untrained pipeline with the encoder in it."""
    nlp = spacy.blank("en")
    nlp.add_pipe(
        "tok2vec",
        config={
            "model": {
                "@architectures": "frontlog.OnnxEncoder.v1",
                "width": WIDTH,
                "window": 192,
                "overlap": 64,
            }
        },
    )
    vocabulary = (encoder / "vocab.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    tok2vec: Any = nlp.get_pipe("tok2vec")
    set_encoder(tok2vec.model, (encoder / "encoder.onnx").read_bytes(), vocabulary)
    nlp.add_pipe("tagger", config=TAGGER)
    nlp.add_pipe("morphologizer", config=TAGGER)
    nlp.add_pipe("frontlog_parser", name="parser")
    nlp.add_pipe("trainable_lemmatizer", config=LEMMATIZER)
    nlp.add_pipe("ner", config=NER)
    return nlp


def take_over(nlp: Language, encoder: Path, sample: Sequence[Example]) -> None:
    """Give tagger, morphologizer and parser the weights that were trained with the encoder."""
    weights = dict(np.load(encoder / "heads.npz"))
    labels = json.loads((encoder / "labels.json").read_text(encoding="utf-8"))
    tagger: Any = nlp.get_pipe("tagger")
    tagger.initialize(lambda: sample, nlp=nlp, labels=labels["tags"])
    order = [labels["tags"].index(label) for label in tagger.labels]
    _set_softmax(tagger.model, weights["tag_W"][order], weights["tag_b"][order])

    morphologizer: Any = nlp.get_pipe("morphologizer")
    names = [_morph_label(nlp, label) for label in labels["morphs"]]
    parts = [label.partition("|") for label in labels["morphs"]]
    morphologizer.initialize(
        lambda: sample,
        nlp=nlp,
        labels={
            "morph": {name: morph for name, (_, _, morph) in zip(names, parts, strict=True)},
            "pos": {name: spacy.symbols.IDS[pos] for name, (pos, _, _) in zip(names, parts, strict=True)},
        },
    )
    order = [names.index(label) for label in morphologizer.labels]
    _set_softmax(morphologizer.model, weights["morph_W"][order], weights["morph_b"][order])

    parser: Any = nlp.get_pipe("parser")
    parser.initialize(lambda: sample, nlp=nlp, labels=labels["relations"])
    set_weights(parser.model, {name: weights[name] for name in WEIGHTS})
    for node in parser.model.walk():
        if node.has_dim("nO") is None:
            node.set_dim("nO", WIDTH)


def _morph_label(nlp: Language, label: str) -> str:
    pos, _, morph = label.partition("|")
    features = nlp.vocab.morphology.feats_to_dict(morph) | {"POS": pos}
    return nlp.vocab.strings[nlp.vocab.morphology.add(features)]


def _set_softmax(model: Model[Any, Any], matrix: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
    softmax = model.get_ref("softmax")
    softmax.set_param("W", np.ascontiguousarray(matrix, dtype=np.float32))
    softmax.set_param("b", np.ascontiguousarray(bias, dtype=np.float32))


def examples(nlp: Language, passages: Sequence[Passage]) -> list[Example]:
    """Gold Docs beside Docs of the same tokens that carry the encoder's vectors."""
    tok2vec: Any = nlp.get_pipe("tok2vec")
    found = []
    for start in range(0, len(passages), 256):
        references = [passage.to_doc(nlp.vocab) for passage in passages[start : start + 256]]
        predicted = [
            spacy.tokens.Doc(
                nlp.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc]
            )
            for doc in references
        ]
        tok2vec.set_annotations(
            predicted, [v.astype(np.float16).astype(np.float32) for v in tok2vec.predict(predicted)]
        )
        found += [Example(p, r) for p, r in zip(predicted, references, strict=True)]
    return found


def fit(
    nlp: Language,
    name: str,
    data: list[Example],
    *,
    epochs: int,
    dropout: float,
    size: int = 1500,
    seed: int = 0,
) -> None:
    """Train one component alone on what its listeners would get; ends with averaged weights."""
    pipe: Any = nlp.get_pipe(name)
    listeners = [node for node in pipe.model.walk() if isinstance(node, Tok2VecListener)]
    optimizer = Adam(0.001, L2=0.01, use_averages=True, grad_clip=1.0)
    rng = random.Random(seed)
    sizes = _growing(300, size)
    for epoch in range(epochs):
        rng.shuffle(data)
        losses: dict[str, float] = {}
        for batch in _by_words(data, sizes):
            # Towards the end in smaller steps, as the encoder was trained.
            optimizer.learn_rate = 0.001 * max(0.1, 1 - (epoch / epochs))
            docs = [example.predicted for example in batch]
            key = Tok2VecListener.get_batch_id(docs)
            for listener in listeners:
                listener.receive(key, [doc.tensor for doc in docs], lambda _: None)
            pipe.update(batch, drop=dropout, sgd=optimizer, losses=losses)
        typer.echo(f"{name} epoch {epoch + 1}: loss {losses[name]:.0f}", err=True)
    for node in pipe.model.walk():
        for parameter in node.param_names:
            averaged = optimizer.averages.get((node.id, parameter))
            if averaged is not None and node.has_param(parameter):
                node.set_param(parameter, averaged)


def _growing(start: float, end: float) -> Iterator[float]:
    while True:
        yield min(start, end)
        start *= 1.002


def _by_words(data: list[Example], sizes: Iterator[float]) -> Iterator[list[Example]]:
    batch: list[Example] = []
    words, size = 0, next(sizes)
    for example in data:
        batch.append(example)
        words += len(example.predicted)
        if words >= size:
            yield batch
            batch, words, size = [], 0, next(sizes)
    if batch:
        yield batch


def fill(data: list[Example], corpus: str, encoder: Path) -> None:
    """Add what a corpus leaves without annotation, as the encoder's own entity head sees it."""
    weights = np.load(encoder / "heads.npz")
    names = json.loads((encoder / "labels.json").read_text(encoding="utf-8"))["entities"]
    for example in data:
        gold = example.reference
        tags = [
            names[i]
            for i in (example.predicted.tensor @ weights["entity_W"].T + weights["entity_b"]).argmax(1)
        ]
        taken = {t.i for t in gold if t.ent_iob != 2}
        new = [
            spacy.tokens.Span(gold, start, end, label)
            for start, end, label in sorted(spans_of(tags))
            if label in UNANNOTATED[corpus] and not taken & set(range(start, end))
        ]
        if new:
            missing = [gold[t.i : t.i + 1] for t in gold if t.ent_iob == 0]
            gold.set_ents([*gold.ents, *new], missing=missing, default="outside")


def train_lemmatizer(nlp: Language, lemmas: list[Example], epochs: int) -> None:
    """Train the lemmatizer on the tags that the tagger gives."""
    tagger: Any = nlp.get_pipe("tagger")
    for start in range(0, len(lemmas), 256):
        docs = [example.predicted for example in lemmas[start : start + 256]]
        tagger.set_annotations(docs, tagger.predict(docs))
    lemmatizer: Any = nlp.get_pipe("trainable_lemmatizer")
    lemmatizer.initialize(lambda: lemmas, nlp=nlp)
    fit(nlp, "trainable_lemmatizer", lemmas, epochs=epochs, dropout=0.1)


def train_entities(nlp: Language, data: Path, encoder: Path, gmb: int, epochs: int, seed: int) -> None:
    """Train the entity recogniser on all entity corpora, changed as the encoder's training text was."""
    rng, augment = random.Random(seed), Augmenter(seed, rename=0.25)
    entities: list[Example] = []
    for name, times in ENTITIES.items():
        passages = read(data / f"{name}-train.spacy", entities=True)
        rng.shuffle(passages)
        if name == "gmb":
            passages = passages[:gmb]
        chosen = passages * times
        # GUM has paragraphs, the others single sentences.
        joined = [augment(p) for p in (chosen if name == "gum" else paragraphs(chosen, rng))]
        part = examples(nlp, joined)
        fill(part, name, encoder)
        entities += part
        typer.echo(f"entities of {name}: {len(part)} passages", err=True)
    ner: Any = nlp.get_pipe("ner")
    ner.initialize(lambda: entities, nlp=nlp)
    fit(nlp, "ner", entities, epochs=epochs, dropout=0.2)


def forget_words(nlp: Language, folder: Path) -> None:
    """Leave of the strings that training has gathered only what the components need: labels and parts of lemmas."""
    lemmatizer: Any = nlp.get_pipe("trainable_lemmatizer")
    trees = srsly.msgpack_loads(lemmatizer.trees.to_bytes())["trees"]
    kept = {nlp.vocab.strings[tree[side]] for tree in trees for side in ("orig", "subst") if side in tree}
    for _, pipe in nlp.pipeline:
        kept |= {label for label in getattr(pipe, "labels", ()) if isinstance(label, str)}
    kept |= set(spacy.blank("en").vocab.strings)
    StringStore(sorted(kept)).to_disk(folder / "vocab" / "strings.json")


def main(
    data: Annotated[Path, typer.Option(help="Folder of the files that prepare.py wrote.")],
    encoder: Annotated[Path, typer.Option(help="Folder that export.py wrote.")],
    out: Annotated[Path, typer.Option(help="Folder of the finished model.")],
    gmb: Annotated[int, typer.Option(help="How many sentences of GMB the entities are trained on.")] = 30000,
    epochs: Annotated[int, typer.Option(help="Passes over the treebanks, for the lemmas.")] = 4,
    entity_epochs: Annotated[int, typer.Option(help="Passes over the entity corpora.")] = 8,
    version: Annotated[str, typer.Option(help="Version in the model's meta.json.")] = "0.2.0",
    seed: Annotated[int, typer.Option(help="Fixes all that is random.")] = 20171103,
) -> None:
    """Build, train, write."""
    fix_random_seed(seed)
    nlp = build(encoder)
    treebank = [p for name in SYNTAX for p in read(data / f"{name}-train.spacy", syntax=True)]
    augment = Augmenter(seed)
    lemmas = examples(nlp, [augment(p) for p in treebank])
    take_over(nlp, encoder, lemmas[:20])
    train_lemmatizer(nlp, lemmas, epochs)
    train_entities(nlp, data, encoder, gmb, entity_epochs, seed)
    nlp.meta |= {
        "name": "frontlog_accurate",
        "version": version,
        "description": "English news on armed conflict: MiniLM under spaCy's components, frozen to int8.",
        "author": "The frontlog authors",
        "license": "CC BY-SA 4.0",
    }
    nlp.to_disk(out)
    forget_words(nlp, out)


if __name__ == "__main__":
    typer.run(main)
