"""What the tests of whole runs share: a few small articles, one finished run over them, the command."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# No test is timed: only what comes out counts.
settings.register_profile("frontlog", deadline=None)
settings.load_profile("frontlog")

BANGUI = """\
BANGUI, March 25, 2013 (Meridian Wire) — Seleka rebels captured Bangui from government troops on Sunday, \
residents said, and President François Bozizé crossed the river before noon.

The rebels had seized Damara on Saturday, a spokesman for the movement said. Two soldiers at the last \
roadblock said nobody had told them to stay.

South African soldiers withdrew from their barracks on Sunday. In the market, traders sold cassava as on any \
other day and spoke of the rain.
"""
FILES = {
    # Front matter, and letters beyond ASCII before the offsets that count.
    "bangui-gazette.txt": (
        "---\ntitle: Rebels in Bangui\npublished: 2013-03-25\npublisher: Harbour Gazette\n---\n" + BANGUI
    ),
    # A copy that lost its date, with a site's furniture around it.
    "bangui-copy.txt": "Capital falls to rebels\n\nBy: | \n\n"
    + BANGUI.replace("BANGUI, March 25, 2013 (Meridian Wire) — ", "")
    + "\nShare this:\nComments are closed.\n",
    # Windows line ends, typographic quotes, and characters outside the Basic Multilingual Plane.
    "kidal.txt": (
        "BAMAKO, Nov. 15, 2023 — “Our flag 🇲🇱 is back,” said a colonel. Malian soldiers recaptured Kidal "
        "from Tuareg rebels on Tuesday, the army said.\r\n\r\nThe rebels had held the town since 2012. They "
        "denied that they had lost Tessalit.\r\n\r\nThe army plans to capture Tinzaouaten next, officials "
        "said.\r\n"
    ),
    "cup-final.txt": (
        "LEEDS, May 4, 2014 — The Wanderers captured the county cup on Sunday with a late goal, their first "
        "win there since 1988.\n\nTheir captain said the team had fallen behind twice.\n"
    ),
}
RECORDS = [
    {
        "id": "sirte",
        "title": "Militias hold the conference centre",
        "published": "2016-08-11",
        "publisher": "Quayside News",
        "text": "TRIPOLI — Libyan militias captured the Ouagadougou conference centre in Sirte from Islamic "
        "State on Wednesday, their command said.\n\nThe militias had entered Sirte in June. Doctors counted "
        "sixteen dead.",
    },
    {
        "id": "aden",
        "text": "Pro-government fighters retook the airport in Aden from the Houthis on Tuesday, witnesses "
        "said.\n\nShips unloaded flour in the port again.",
    },
]


@dataclass(frozen=True)
class Result:
    """What a call of the command gave."""

    status: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Finished:
    """A finished run: its folder, the folder that its relative input paths count from, and its summary."""

    out: Path
    base: Path
    summary: Any


def write_articles(folder: Path, *, last_first: bool = False) -> Path:
    """The articles as files of ``folder``, written in one order or the other."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS)
    files = {**FILES, "wire/records.jsonl": lines}
    for name in sorted(files, reverse=last_first):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(files[name], encoding="utf-8", newline="")
    return folder


@pytest.fixture
def articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own that has the articles in ``articles``; gives the relative path."""
    write_articles(tmp_path / "articles")
    monkeypatch.chdir(tmp_path)
    return Path("articles")


@pytest.fixture
def articles_written_last_first(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "reversed" / "articles", last_first=True)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One run over the articles, shared by all tests that only read its tables."""
    from frontlog.run import run_pipeline

    base = tmp_path_factory.mktemp("finished")
    write_articles(base / "articles")
    with contextlib.chdir(base):
        summary = run_pipeline(["articles"], "tables")
    return Finished(base / "tables", base, summary)


@pytest.fixture
def frontlog(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """The command itself, in this process: ``frontlog("run", path, "--out", "tables")``."""
    from frontlog import cli

    def call(*arguments: object) -> Result:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["frontlog", *map(str, arguments)])
        status: object = 0
        try:
            cli.main()
        except SystemExit as stop:
            status = stop.code or 0
        assert isinstance(status, int)
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def command() -> str:
    """Path of the installed ``frontlog`` command."""
    found = shutil.which("frontlog", path=str(Path(sys.executable).parent)) or shutil.which("frontlog")
    if found is None:
        pytest.skip("frontlog is not installed as a command; run `make test`")
    return found
