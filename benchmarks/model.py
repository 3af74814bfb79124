"""The shipped language models beside each other: accuracy on test splits, words per second, memory.

    python benchmarks/model.py --data BUILD/data [--models accurate fast] [--part accuracy|speed] [--json FILE]

BUILD/data are the files that ``models/prepare.py all`` writes. Treebanks are scored with gold tokens and gold
sentences, as published parsers are, and entities with gold tokens. A label that a corpus does not annotate is
left out, and so is what lies on words of which the corpus leaves open what they are (models/corpora.py says which).
A partial match is an entity of the right label that shares a word with a gold one, each used once.

Speed is that of the whole pipeline on raw text, in processes of their own bound to one core and to two (one
process each), against spaCy's CNN pipeline of default size (``spacy init config --optimize efficiency`` with the same
components, trained for a moment on the dev split so that its parser does what a parser does) in the same run. The
ratio to it is what to look at; memory is the resident size of the process at its peak.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc, DocBin
from spacy.training import Corpus, Example

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "models"))
from corpora import UNANNOTATED
from memory import peak_memory

from frontlog.language import find_model
from frontlog.language.encoder import set_encoder
from frontlog.language.model import load_pipeline

TREEBANKS = {"UD EWT": "ewt", "UD GUM": "gum"}
ENTITY_SETS = {"GMB": "gmb", "re3d": "re3d", "Wikigold": "wikigold", "WNUT-17": "wnut17", "GUM": "gum"}
# re3d tells neither GPE from LOC nor DATE from TIME; its documents say "location" and "temporal".
RE3D_GROUPS = {
    "PERSON": "PERSON",
    "ORG": "ORG",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "PLACE",
    "DATE": "TIME",
    "TIME": "TIME",
}
COMPONENTS = ["tagger", "morphologizer", "trainable_lemmatizer", "parser", "ner"]
BASELINE = "spaCy CNN"


# --- accuracy -------------------------------------------------------------------------------------


def treebank_scores(nlp: Language, path: Path) -> dict[str, float]:
    """Tags, parts of speech, features, lemmas, UAS and LAS in per cent, with gold tokens and sentences."""
    examples = list(Corpus(path, gold_preproc=True)(nlp))
    for example, doc in zip(examples, nlp.pipe([example.predicted for example in examples]), strict=True):
        example.predicted = doc
    scores = Scorer(nlp=nlp).score(examples)
    names = {"tags": "tag_acc", "pos": "pos_acc", "morph": "morph_acc", "lemmas": "lemma_acc"}
    names |= {"uas": "dep_uas", "las": "dep_las"}
    if not any("=" in str(token.morph) for example in examples[:50] for token in example.predicted):
        del names["morph"]  # the model gives parts of speech alone
    found = {name: 100 * scores[key] for name, key in names.items() if scores.get(key) is not None}
    right = words = 0
    for example in examples:  # spaCy leaves punctuation out of the attachment scores, UD does not
        for gold, guess in zip(example.reference, example.predicted, strict=True):
            words += 1
            right += gold.head.i == guess.head.i and gold.dep_.lower() == guess.dep_.lower()
    own = nlp.evaluate(list(Corpus(path)(nlp)))
    found["las_ud"] = 100 * right / words
    return found | {"las_raw": 100 * own["dep_las"], "sents_raw": 100 * own["sents_f"]}


def entity_scores(nlp: Language, path: Path, corpus: str) -> dict[str, Any]:
    """Strict F1 (and for re3d partial) over all labels that the corpus annotates, and F1 of each label."""
    docs = list(DocBin().from_disk(path).get_docs(nlp.vocab))
    groups = RE3D_GROUPS if corpus == "re3d" else None
    counts: dict[str, list[int]] = {}
    partial = [0, 0, 0]
    plain = (Doc(nlp.vocab, words=[t.text for t in d], spaces=[bool(t.whitespace_) for t in d]) for d in docs)
    for gold, guess in zip(docs, nlp.pipe(plain), strict=True):
        known = {(e.start, e.end, label) for e in gold.ents if (label := _group(e.label_, groups))}
        found = {
            (e.start, e.end, label)
            for e in guess.ents
            if (label := _group(e.label_, groups))
            and e.label_ not in UNANNOTATED[corpus]
            and not any(gold[i].ent_iob == 0 for i in range(e.start, e.end))
        }
        for label in {s[2] for s in known | found}:
            right = sum(s[2] == label for s in known & found)
            row = counts.setdefault(label, [0, 0, 0])
            row[0] += right
            row[1] += sum(s[2] == label for s in found)
            row[2] += sum(s[2] == label for s in known)
        partial[0] += _overlaps(known, found)
        partial[1] += len(found)
        partial[2] += len(known)
    total = [sum(row[i] for row in counts.values()) for i in range(3)]
    result: dict[str, Any] = {
        "p": 100 * total[0] / max(1, total[1]),
        "r": 100 * total[0] / max(1, total[2]),
        "f": _f1(total),
        "labels": {label: _f1(row) for label, row in sorted(counts.items())},
        "gold": total[2],
    }
    return result | {"partial_f": _f1(partial)}


def _group(label: str, groups: dict[str, str] | None) -> str | None:
    return label if groups is None else groups.get(label)


def _overlaps(known: Iterable[tuple[int, int, str]], found: Iterable[tuple[int, int, str]]) -> int:
    free = sorted(found)
    matched = 0
    for start, end, label in sorted(known):
        for span in free:
            if span[2] == label and span[0] < end and start < span[1]:
                free.remove(span)
                matched += 1
                break
    return matched


def _f1(counts: Sequence[int]) -> float:
    right, guessed, gold = counts
    return 200 * right / (guessed + gold) if guessed + gold else float("nan")


# --- speed ----------------------------------------------------------------------------------------


def baseline(data: Path, folder: Path) -> Path:
    """spaCy's CNN pipeline of default size with our components, hardly trained: its speed is what is wanted."""
    from spacy.cli.init_config import init_config

    config = init_config(lang="en", pipeline=COMPONENTS, optimize="efficiency", gpu=False)
    nlp = spacy.util.load_model_from_config(config, auto_fill=True)
    docs = list(DocBin().from_disk(data / "gum-dev.spacy").get_docs(nlp.vocab))
    examples = [Example(nlp.make_doc(doc.text), doc) for doc in docs]
    optimizer = nlp.initialize(lambda: examples)
    for _ in range(3):
        for start in range(0, len(examples), 32):
            nlp.update(examples[start : start + 32], sgd=optimizer)
    nlp.to_disk(folder)
    return folder


def worker(model: Path, texts: Path, core: int) -> None:
    """Child process: words per second of a model on texts, and the peak of its memory in MiB, as JSON."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    begun = time.perf_counter()
    nlp = load_pipeline(model)
    loaded = time.perf_counter() - begun
    lines = json.loads(texts.read_text(encoding="utf-8"))
    for _ in nlp.pipe(lines[:20]):
        pass
    begun = time.perf_counter()
    words = sum(len(doc) for doc in nlp.pipe(lines, batch_size=16))
    seconds = time.perf_counter() - begun
    print(json.dumps({"words": words, "seconds": seconds, "load": loaded, "memory": peak_memory()}))


def speed(model: Path, texts: Path, cores: Sequence[int]) -> dict[str, float]:
    """Words per second of one process on each of the cores, summed; each reads all the texts."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

    def child(core: int) -> dict[str, float]:
        command = [sys.executable, __file__, "--worker", str(model), str(texts), str(core)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found

    with ThreadPoolExecutor(len(cores)) as pool:
        found = list(pool.map(child, cores))
    return {
        "words_s": sum(f["words"] / f["seconds"] for f in found),
        "load": max(f["load"] for f in found),
        "memory": sum(f["memory"] for f in found),
    }


def run_speed(model: Path, articles: Path, out: Path, core: int) -> float:
    """Words per second of a whole `frontlog run` on one core: from raw records to all tables, start included."""
    code = (
        "import os, sys; os.sched_setaffinity(0, {int(sys.argv.pop(1))}); from frontlog.cli import main; main()"
        if hasattr(os, "sched_setaffinity")
        else "import sys; sys.argv.pop(1); from frontlog.cli import main; main()"
    )
    words = sum(
        len(json.loads(line)["text"].split()) for line in articles.read_text(encoding="utf-8").splitlines()
    )
    command = [sys.executable, "-c", code, str(core), "run", str(articles), "--out", str(out), "--fresh"]
    command += ["--workers", "1", "--model", str(model)]
    begun = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    return words / (time.perf_counter() - begun)


def speeds(models: dict[str, Path], data: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Medians over rounds in which the models take turns."""
    found: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        every = {BASELINE: baseline(data, Path(folder) / "cnn")} | models
        vocab = spacy.blank("en").vocab
        sentences = [doc.text for doc in DocBin().from_disk(data / "gmb-test.spacy").get_docs(vocab)]
        # News paragraphs: three sentences of GMB each.
        lines = [" ".join(sentences[i : i + 3]) for i in range(0, 2400, 3)]
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps(lines), encoding="utf-8")
        articles = Path(folder) / "articles.jsonl"
        with articles.open("w", encoding="utf-8") as file:
            for i in range(0, len(lines), 5):
                record = {"id": str(i), "published": "2006-05-04", "text": "\n\n".join(lines[i : i + 5])}
                file.write(json.dumps(record) + "\n")
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
        for _ in range(rounds):
            for name, path in every.items():
                one = speed(path, texts, cores[:1])
                two = speed(path, texts, cores[:2])
                run = (
                    run_speed(path, articles, Path(folder) / "out", cores[0]) if name in models else math.nan
                )
                found.setdefault(name, []).append(one | {"words_s_2": two["words_s"], "run_words_s": run})
    return {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for name, runs in found.items()
    }


# --- the tables -----------------------------------------------------------------------------------


def main() -> None:
    """Parse the command line, measure, print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of the files that models/prepare.py writes")
    parser.add_argument(
        "--models", nargs="+", default=["accurate", "fast"], help="names or folders of models"
    )
    parser.add_argument("--part", choices=("accuracy", "speed"), help="one part alone")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the speed test")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument(
        "--float", type=Path, help="encoder.float.onnx: also score the accurate model with it"
    )
    parser.add_argument("--worker", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker(Path(options.worker[0]), Path(options.worker[1]), int(options.worker[2]))
        return
    if options.data is None or not (options.data / "ewt-test.spacy").is_file():
        parser.error(
            "--data: no ewt-test.spacy there; make it with python models/prepare.py all --corpora DIR --out DIR"
        )
    figures: dict[str, Any] = {}
    if options.part != "speed":
        figures["accuracy"] = {
            name: accuracy(load_pipeline(find_model(name)), options.data) for name in options.models
        }
        if options.float:
            nlp = load_pipeline(find_model("accurate"))
            model: Any = nlp.get_pipe("tok2vec")
            set_encoder(model.model, options.float.read_bytes(), model.model.shims[0].pieces.vocabulary)
            figures["accuracy"]["accurate, float32"] = accuracy(nlp, options.data)
        print_accuracy(figures["accuracy"])
    if options.part != "accuracy":
        figures["speed"] = speeds({n: find_model(n) for n in options.models}, options.data, options.rounds)
        print_speed(figures["speed"])
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def accuracy(nlp: Language, data: Path) -> dict[str, Any]:
    """All scores of one model on the test splits."""
    return {
        "treebanks": {n: treebank_scores(nlp, data / f"{c}-test.spacy") for n, c in TREEBANKS.items()},
        "entities": {n: entity_scores(nlp, data / f"{c}-test.spacy", c) for n, c in ENTITY_SETS.items()},
    }


def print_accuracy(found: dict[str, Any]) -> None:
    """Tables of treebanks, entity sets and labels."""
    columns = ("tags", "pos", "morph", "lemmas", "uas", "las", "las_ud", "las_raw", "sents_raw")
    names = "tags | POS | features | lemmas | UAS | LAS | LAS with punctuation | LAS, raw text | sentences F1"
    print(f"| test split | model | {names} |")
    print("|---|---|" + "---|" * len(columns))
    for name in TREEBANKS:
        for model, scores in found.items():
            row = scores["treebanks"][name]
            cells = " | ".join(f"{row[column]:.1f}" if column in row else "" for column in columns)
            print(f"| {name} | {model} | {cells} |")
    print(
        "\n| held out | model | entities | precision | recall | F1 | F1, partial |\n|---|---|---|---|---|---|---|"
    )
    for name in ENTITY_SETS:
        for model, scores in found.items():
            row = scores["entities"][name]
            print(
                f"| {name} | {model} | {row['gold']} | {row['p']:.1f} | {row['r']:.1f} | {row['f']:.1f} "
                f"| {row['partial_f']:.1f} |"
            )
    for name in ("GMB", "re3d"):
        labels = sorted({label for scores in found.values() for label in scores["entities"][name]["labels"]})
        print(f"\n| {name}, F1 | " + " | ".join(labels) + " |\n|---|" + "---|" * len(labels))
        for model, scores in found.items():
            row = scores["entities"][name]["labels"]
            print(f"| {model} | " + " | ".join(f"{row[x]:.1f}" if x in row else "" for x in labels) + " |")


def print_speed(found: dict[str, dict[str, float]]) -> None:
    """Table of speed, with the ratio to the baseline of the same run."""
    base = found[BASELINE]
    names = "one core, words/s | ratio | two cores, words/s | ratio | `frontlog run`, words/s | loaded in | memory"
    print(f"\n| model | {names} |\n|---|---|---|---|---|---|---|---|")
    for name, row in found.items():
        cells = (
            f"{row['words_s']:,.0f}",
            f"{row['words_s'] / base['words_s']:.2f}",
            f"{row['words_s_2']:,.0f}",
            f"{row['words_s_2'] / base['words_s_2']:.2f}",
            "" if math.isnan(row["run_words_s"]) else f"{row['run_words_s']:,.0f}",
            f"{row['load']:.1f} s",
            f"{row['memory']:.0f} MiB",
        )
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
