"""Train the shipped model from a folder of corpora, in one command.

    python models/train.py --corpora DIR --build BUILD

prepares the data, trains syntax and entities (about half an hour each on one core), and writes
``models/en_frontlog_small``. ``--build`` keeps what is in between: a run that was stopped can go on with
``--skip-prepare``. Scores on the test splits are printed at the end.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

HERE = Path(__file__).resolve().parent
TESTS = {"UD EWT": "ud-ewt-test", "UD GUM": "ud-gum-test", "GMB": "entities-test"}


def _python(*arguments: str | Path) -> None:
    subprocess.run([sys.executable, *map(str, arguments)], check=True)


def main(
    corpora: Annotated[Path, typer.Option(help="Folder that holds ud-ewt/, ud-gum/ and gmb/.")],
    build: Annotated[Path, typer.Option(help="Folder for prepared data and trained parts.")],
    out: Annotated[Path, typer.Option(help="Folder of the finished model.")] = HERE / "en_frontlog_small",
    skip_prepare: Annotated[bool, typer.Option(help="The data in BUILD is ready.")] = False,
) -> None:
    """Prepare, train, assemble, score."""
    if not skip_prepare:
        for part in ("syntax", "entities"):
            _python(HERE / "prepare.py", part, "--corpora", corpora, "--out", build)
    for part in ("syntax", "entities"):
        _python(
            "-m", "spacy", "train", HERE / "configs" / f"{part}.cfg", "--output", build / part,
            "--paths.train", build / f"{part}-train.spacy", "--paths.dev", build / f"{part}-dev.spacy",
        )  # fmt: skip
    best = {part: build / part / "model-best" for part in ("syntax", "entities")}
    _python(HERE / "assemble.py", "--syntax", best["syntax"], "--entities", best["entities"], "--out", out)
    for name, split in TESTS.items():
        scores = build / f"{split}.json"
        _python("-m", "spacy", "benchmark", "accuracy", out, build / f"{split}.spacy", "--output", scores)
        found = json.loads(scores.read_text(encoding="utf-8"))
        shown = {key: found[key] for key in ("tag_acc", "lemma_acc", "dep_las", "ents_f") if found.get(key)}
        typer.echo(f"{name}: {shown}")


if __name__ == "__main__":
    typer.run(main)
