"""The command line: exit status, exact words of errors, and what goes to stdout and to stderr."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from frontlog.reading.files import SUPPORTED

Command = Callable[..., Any]

ARTICLE = "GOMA, Nov. 21, 2012 — Rebels captured Goma on Tuesday, residents said.\n"
OPTIONS = "batch_size, clean, fields, fresh, gazetteer, model, published, workers"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with one article, ``a.txt``."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# --- wrong usage: status 2, one line, nothing written ----------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["nowhere", "--out", "o"],
            "input 'nowhere' does not exist; give files or folders of articles",
            id="no-input",
        ),
        pytest.param(
            ["a.txt", "--out", "o", "--model", "en_of_nobody"],
            "--model 'en_of_nobody': no such model. Shipped: en_frontlog_accurate, en_frontlog_small. "
            "A folder of a spaCy model or the name of an installed one (en_core_web_sm) works too.",
            id="unknown-model",
        ),
        pytest.param(
            ["a.txt", "--out", "o", "--model", "folder"],
            "--model 'folder': the folder holds no spaCy model (no meta.json or config.cfg)",
            id="folder-is-no-model",
        ),
        pytest.param(
            ["a.txt", "--out", "o", "--model", "csv"],
            "--model 'csv': the Python package of that name is not a spaCy model",
            id="package-is-no-model",
        ),
        pytest.param(
            ["a.txt", "--out", "a.txt"],
            "--out a.txt: a.txt is not a folder. Name a folder, or a path that does not exist yet.",
            id="out-is-a-file",
        ),
        pytest.param(
            ["a.txt", "--out", "a.txt/sub/dir"],
            "--out a.txt/sub/dir: a.txt is not a folder. Name a folder, or a path that does not exist yet.",
            id="out-below-a-file",
        ),
        pytest.param(
            ["a.txt", "--out", "o", "--published", "2017-13-01"],
            "--published '2017-13-01': not a date; write it as YYYY-MM-DD",
            id="no-such-day",
        ),
        pytest.param(
            ["a.txt", "--out", "o", "--published", "yesterday"],
            "--published 'yesterday': not a date; write it as YYYY-MM-DD",
            id="no-date",
        ),
        pytest.param(
            ["a.txt", "--out", "o", "--field", "text"],
            "--field 'text': write it as NAME=COLUMN, for example text=body",
            id="field-without-column",
        ),
        pytest.param(
            ["a.txt", "--out", "o", "--field", "=body"],
            "--field '=body': write it as NAME=COLUMN, for example text=body",
            id="field-without-name",
        ),
        pytest.param(
            ["a.txt", "--out", "o", "--field", "body=text"],
            "unknown field 'body' in --field; the names are text, id, doc_id, title, published, publisher, "
            "url, language",
            id="unknown-field",
        ),
        pytest.param(
            ["a.txt", "--out", "o", "--gazetteer", "none.sqlite"],
            "gazetteer: there is no file none.sqlite; make one with `frontlog gazetteer build` or leave "
            "--gazetteer out",
            id="no-gazetteer",
        ),
        pytest.param(
            ["a.txt", "--out", "o", "--gazetteer", "a.txt"],
            "gazetteer: a.txt is not a gazetteer file; make one with `frontlog gazetteer build` or leave "
            "--gazetteer out",
            id="gazetteer-is-something-else",
        ),
    ],
)
def test_wrong_usage_of_run(frontlog: Command, work: Path, arguments: list[str], message: str) -> None:
    (work / "folder").mkdir()
    result = frontlog("run", *arguments)
    assert result.status == 2
    assert result.stderr.strip() == f"frontlog: {message}"
    assert result.stdout == ""
    assert not list(work.rglob("*.csv"))
    assert (work / "a.txt").read_text(encoding="utf-8") == ARTICLE


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("workerz = 2\n", f"unknown option 'workerz'; known: {OPTIONS}"),
        ("workers = [\n", "not valid TOML ("),
        ("workers = 'two'\n", "workers = 'two' is not a valid value"),
        ("workers = true\n", "workers = True is not a valid value"),
        ("workers = 0\n", "workers = 0 is not a valid value"),
        ("clean = 'no'\n", "clean = 'no' is not a valid value"),
        ("fields = 'text'\n", "fields = 'text' is not a valid value"),
        ("published = '1 May'\n", "published '1 May': not a date; write it as YYYY-MM-DD"),
        ("gazetteer = 3\n", "gazetteer = 3 is not a valid value"),
    ],
)
def test_wrong_config(frontlog: Command, work: Path, config: str, message: str) -> None:
    (work / "c.toml").write_text(config, encoding="utf-8")
    result = frontlog("run", "a.txt", "--out", "o", "--config", "c.toml")
    assert result.status == 2
    assert result.stderr.strip().startswith(f"frontlog: --config c.toml: {message}")
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (work / "o").exists()


def test_config_that_cannot_be_read(frontlog: Command, work: Path) -> None:
    result = frontlog("run", "a.txt", "--out", "o", "--config", "none.toml")
    assert result.status == 2
    assert result.stderr.startswith("frontlog: --config none.toml: cannot be read (")
    (work / "latin.toml").write_bytes("model = 'é'".encode("latin-1"))
    result = frontlog("run", "a.txt", "--out", "o", "--config", "latin.toml")
    assert result.status == 2
    assert result.stderr.startswith("frontlog: --config latin.toml: cannot be read (")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "a.txt"], "Missing option '--out'"),
        (["run", "--out", "o"], "Missing argument 'INPUT...'"),
        (["run", "a.txt", "--out", "o", "--workers", "0"], "--workers"),
        (["run", "a.txt", "--out", "o", "--workers", "two"], "--workers"),
        (["run", "a.txt", "--out", "o", "--colour"], "--colour"),
        (["conquer"], "No such command 'conquer'"),
    ],
)
def test_what_the_parser_refuses(frontlog: Command, work: Path, arguments: list[str], words: str) -> None:
    result = frontlog(*arguments)
    assert result.status == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_wrong_usage_of_evaluate(frontlog: Command, work: Path) -> None:
    result = frontlog("evaluate", "gold.jsonl", "tables")
    assert (result.status, result.stderr.strip()) == (2, "frontlog: gold.jsonl: no such gold file or folder")
    (work / "gold.jsonl").write_text('{"doc_id": "a", "events": []}\n', encoding="utf-8")
    (work / "empty").mkdir()
    result = frontlog("evaluate", "gold.jsonl", "empty")
    message = "frontlog: empty: holds no articles.parquet; give the --out folder of a finished `frontlog run`"
    assert (result.status, result.stderr.strip()) == (2, message)
    (work / "gold.jsonl").write_text("{\n", encoding="utf-8")
    result = frontlog("evaluate", "gold.jsonl", "empty")
    assert result.status == 2
    assert result.stderr.startswith("frontlog: gold.jsonl, line 1: not valid JSON (")


# --- inputs that cannot be used: status 1 when nothing is left, a row for each ----------------------


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        pytest.param(None, b"", f"no articles found; expected {SUPPORTED} files", id="empty-folder"),
        pytest.param("x.txt", b"", "the file is empty", id="empty-file"),
        pytest.param(
            "x.txt",
            b" \r\n\t\n",
            "the file holds no text, only white space or metadata",
            id="white-space",
        ),
        pytest.param("x.jsonl", b"", "the file is empty", id="empty-jsonl"),
        pytest.param(
            "x.txt",
            bytes(range(256)) * 20,
            "it is a binary file (it holds NUL bytes); save the article as UTF-8 text",
            id="binary",
        ),
        pytest.param(
            "x.txt",
            b"%PDF-1.7 and so on",
            "it is a PDF file, not plain text; save the article as text and try again",
            id="pdf",
        ),
        pytest.param(
            "x.docx",
            b"PK",
            f"files ending in .docx are not supported; expected {SUPPORTED}",
            id="other-ending",
        ),
    ],
)
def test_nothing_to_work_on(
    frontlog: Command, work: Path, name: str | None, content: bytes, reason: str
) -> None:
    folder = work / "in"
    folder.mkdir()
    if name:
        (folder / name).write_bytes(content)
    result = frontlog("run", "in", "--out", "o")
    assert result.status == 1
    assert result.stderr.strip() == (
        f"frontlog: no article could be used; the reasons are in {Path('o/rejects.csv')}"
    )
    rejects = rows(work / "o" / "rejects.csv")
    assert {
        "path": f"in/{name}" if name else "in",
        "record": "",
        "stage": "reading",
        "reason": reason,
    } in rejects
    assert rows(work / "o" / "events.csv") == []
    assert json.loads((work / "o" / "run.json").read_text(encoding="utf-8"))["counts"]["articles"] == 0


def test_bad_lines_among_good_ones(frontlog: Command, work: Path) -> None:
    lines = [
        '{"id": "goma", "published": "2012-11-21", "text": "Rebels captured Goma on Tuesday, a nun said."}',
        '{"id": "broken", "text": ',
        '{"id": "untold"}',
        '{"id": "blank", "text": " "}',
        '{"id": "number", "text": 7}',
        '["a", "list"]',
        "",
        '{"id": "sake", "published": "1 or 2 May", "text": "Rebels seized Sake on Nov. 22, 2012."}',
    ]
    (work / "m.jsonl").write_text("\n".join(lines), encoding="utf-8")
    result = frontlog("run", "m.jsonl", "--out", "o")
    assert result.status == 0
    assert "2 articles" in result.stderr
    assert f"rejected inputs and ignored values are listed in {Path('o/rejects.csv')}" in result.stderr
    assert {row["source_id"] for row in rows(work / "o" / "articles.csv")} == {"goma", "sake"}
    assert {row["place"] for row in rows(work / "o" / "events.csv")} == {"Goma", "Sake"}
    found = {(row["record"], row["stage"]): row["reason"] for row in rows(work / "o" / "rejects.csv")}
    assert found == {
        ("2", "reading"): (
            "the line is not valid JSON (character 27: Expecting value); write one JSON object per line"
        ),
        (
            "3",
            "reading",
        ): "the record has no field 'text'; name the field that holds the text with --field text=NAME",
        ("4", "reading"): "the field 'text' is empty",
        ("5", "reading"): "the field 'text' is not a string",
        ("6", "reading"): "the line is not a JSON object with fields such as text and published",
        ("8", "metadata"): "published value '1 or 2 May' is not one full date and was ignored; "
        "write it as year-month-day, like 2017-11-04",
    }


def test_one_bad_file_does_not_stop_the_others(frontlog: Command, work: Path) -> None:
    (work / "in").mkdir()
    (work / "in" / "good.txt").write_text(ARTICLE, encoding="utf-8")
    (work / "in" / "empty.txt").write_bytes(b"")
    (work / "in" / "binary.txt").write_bytes(b"\x00\x01\xff" * 99)
    (work / "in" / "gone.txt").symlink_to("nowhere")
    result = frontlog("run", "in", "--out", "o")
    assert result.status == 0
    assert [row["source_id"] for row in rows(work / "o" / "articles.csv")] == ["good"]
    rejects = {row["path"]: row["reason"] for row in rows(work / "o" / "rejects.csv")}
    assert set(rejects) == {"in/binary.txt", "in/empty.txt", "in/gone.txt"}
    assert rejects["in/gone.txt"].startswith("the file cannot be read: ")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(
            "Rebels captured Bétou on May 3, 2001.".encode("latin-1"), "captured Bétou", id="latin-1"
        ),
        pytest.param("Rebels captured Bétou on May 3, 2001.".encode("utf-16"), "captured Bétou", id="utf-16"),
        pytest.param(b"\xef\xbb\xbfRebels captured Goma.", "Rebels captured Goma", id="byte-order-mark"),
        pytest.param(
            "In Bétou – and Impfondo – ".encode() + b"\x93rebels\x94 captured Goma.",
            "– “rebels” captured",
            id="two-encodings-in-one-file",
        ),
    ],
)
def test_encodings(frontlog: Command, work: Path, data: bytes, words: str) -> None:
    from frontlog.output import read_table

    (work / "x.txt").write_bytes(data)
    assert frontlog("run", "x.txt", "--out", "o").status == 0
    text = read_table(work / "o", "articles")["text"][0]
    assert words in text
    assert not text.startswith("\ufeff")


# --- options that work ------------------------------------------------------------------------------


def test_field_finds_the_text(frontlog: Command, work: Path) -> None:
    record = {"key": "k1", "body": "Rebels captured Goma on Tuesday.", "day": "2012-11-21"}
    (work / "r.jsonl").write_text(json.dumps(record), encoding="utf-8")
    fields = ["--field", "text=body", "--field", "id=key", "--field", "published=day"]
    assert frontlog("run", "r.jsonl", "--out", "o", *fields).status == 0
    article = rows(work / "o" / "articles.csv")[0]
    assert (article["source_id"], article["published"]) == ("k1", "2012-11-21")


def test_fields_of_tables_in_an_archive(frontlog: Command, work: Path) -> None:
    import zipfile

    import pyarrow as pa
    import pyarrow.parquet as pq

    german = "Die Rebellen haben die Stadt am Montag verlassen, und die Armee rückte ein, sagten Bewohner."
    pq.write_table(
        pa.table({"key": [1, 2], "body": ["Rebels captured Goma.", german], "day": [date(2012, 11, 21)] * 2}),
        work / "p.parquet",
    )
    with zipfile.ZipFile(work / "z.zip", "w") as archive:
        archive.write(work / "p.parquet", "in/p.parquet")
        archive.writestr("in/c.csv", 'key,day,body\n3,2012-11-23,"Rebels seized Sake, a nun said."\n')
        archive.writestr("../out.txt", "Rebels captured Goma.")
    fields = ["--field", "text=body", "--field", "id=key", "--field", "published=day"]
    assert frontlog("run", "z.zip", "--out", "o", *fields).status == 0
    found = {
        row["source_id"]: (row["path"], row["record"], row["published"])
        for row in rows(work / "o" / "articles.csv")
    }
    assert found == {
        "1": ("z.zip/in/p.parquet", "1", "2012-11-21"),
        "3": ("z.zip/in/c.csv", "1", "2012-11-23"),
    }
    rejects = {
        (row["path"], row["record"], row["stage"]): row["reason"] for row in rows(work / "o" / "rejects.csv")
    }
    assert rejects == {
        ("z.zip/../out.txt", "", "reading"): "refused: its name leads out of the archive (..)",
        ("z.zip/in/p.parquet", "2", "language"): (
            "the text is in German (de); only English is understood. Leave it out, or give a translation"
        ),
    }


def test_config_and_its_override(frontlog: Command, work: Path) -> None:
    (work / "a.txt").write_text("Rebels captured Goma on Tuesday, residents said.\n", encoding="utf-8")
    (work / "c.toml").write_text("published = 2012-11-21\nworkers = 1\n", encoding="utf-8")
    assert frontlog("run", "a.txt", "--out", "o", "--config", "c.toml").status == 0
    assert rows(work / "o" / "events.csv")[0]["date"] == "2012-11-20"
    later = ["--published", "2012-11-28", "--fresh"]
    assert frontlog("run", "a.txt", "--out", "o", "--config", "c.toml", *later).status == 0
    assert rows(work / "o" / "events.csv")[0]["date"] == "2012-11-27"


def test_version_and_help(frontlog: Command) -> None:
    from frontlog import __version__

    assert frontlog("--version").stdout.strip() == f"frontlog {__version__}"
    shown = frontlog("run", "--help")
    assert shown.status == 0
    for option in (
        *("--out", "--model", "--workers", "--gazetteer", "--published", "--field", "--no-clean", "--config"),
        "--fresh",
    ):
        assert option in shown.stdout


def test_model_info(frontlog: Command) -> None:
    result = frontlog("model", "info", "--json")
    info = json.loads(result.stdout)
    assert {"name", "version", "path", "components"} <= set(info)
    assert {"parser", "ner"} <= set(info["components"])
    assert Path(info["path"]).is_dir()
    assert "components: " in frontlog("model", "info").stdout
    assert frontlog("model", "info", "--model", "en_of_nobody").status == 2


def test_gazetteer_commands(frontlog: Command) -> None:
    info = json.loads(frontlog("gazetteer", "info", "--json").stdout)
    assert info["places"] > 100_000
    assert all(source["licence"] for source in info["sources"])
    found = json.loads(frontlog("gazetteer", "lookup", "Goma", "--json").stdout)
    assert (found[0]["country"], found[0]["geonameid"]) == ("CD", 216281)
    missed = frontlog("gazetteer", "lookup", "Xyzzyqq")
    assert (missed.status, missed.stderr.strip()) == (
        1,
        "frontlog: no place is called 'Xyzzyqq' in this gazetteer",
    )


def test_evaluate(frontlog: Command, work: Path) -> None:
    assert frontlog("run", "a.txt", "--out", "o").status == 0
    quote = ARTICLE.strip()
    event = {
        "event_type": "capture",
        "trigger": "captured",
        "quote": quote,
        "modality": "actual",
        "place": "Goma",
        "country": "CD",
        "date": "2012-11-20",
    }
    (work / "gold.jsonl").write_text(json.dumps({"doc_id": "a", "events": [event]}), encoding="utf-8")
    result = frontlog("evaluate", "gold.jsonl", "o", "--json", "scores.json", "--errors", "errors.csv")
    assert result.status == 0
    assert "precision" in result.stdout
    assert json.loads((work / "scores.json").read_text(encoding="utf-8"))
    assert (work / "errors.csv").is_file()
    assert "errors listed in errors.csv" in result.stderr
    blocked = frontlog("evaluate", "gold.jsonl", "o", "--json", "a.txt/scores.json")
    assert blocked.status == 2
    assert "a.txt/scores.json: cannot be written (" in blocked.stderr


# --- the installed command --------------------------------------------------------------------------


def test_tables_to_files_messages_to_stderr(command: str, work: Path) -> None:
    done = subprocess.run(
        [command, "run", "a.txt", "--out", "o"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert (
        f"1 articles in 1 stories, 1 events (1 mentions), 0 rejects; tables in o{os.linesep}" in done.stderr
    )
    assert "Traceback" not in done.stderr


def test_status_of_the_installed_command(command: str, work: Path) -> None:
    wrong = subprocess.run(
        [command, "run", "none", "--out", "o"], capture_output=True, text=True, check=False
    )
    assert (wrong.returncode, wrong.stdout) == (2, "")
    (work / "e.txt").write_bytes(b"")
    empty = subprocess.run(
        [command, "run", "e.txt", "--out", "o"], capture_output=True, text=True, check=False
    )
    assert (empty.returncode, empty.stdout) == (1, "")
    assert "Traceback" not in wrong.stderr + empty.stderr
