"""What a user meets before any code runs: make targets, pins, names that must agree, shipped data."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from frontlog import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.M))
PINS = {
    canonicalize_name(name): version
    for name, version in re.findall(
        r"^([A-Za-z0-9._-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M
    )
}
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


# --- make -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".ci/run"])
def test_targets_that_documents_name_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    # In code only: `make demo`, an indented line, or a step of the script; prose may make what it likes.
    code = re.findall(r"`make ([a-z]+)|^(?: {4}|\$ |)(?:step \"[^\"]+\" )?make ([a-z]+)\b", text, re.M)
    assert {first or second for first, second in code} <= TARGETS
    assert code or document == "README.md"


def test_every_target_is_phony_and_explained() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.M)
    assert phony and set(phony[1].split()) == TARGETS >= {"demo", "test", "lint", "wheel", "clean", "help"}
    assert set(re.findall(r"^([a-z]+):.*## \S", MAKEFILE, re.M)) == TARGETS


@needs_make
def test_help_is_the_default() -> None:
    done = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True)
    assert all(f"make {target}" in done.stdout for target in TARGETS)


@needs_make
@pytest.mark.parametrize(
    ("python", "version"),
    [("#!/bin/sh\n[ $1 = --version ] && echo Python 3.9.1\n", "Python 3.9.1"), ("", "")],
)
def test_old_python_gets_a_clear_message(tmp_path: Path, python: str, version: str) -> None:
    fake = tmp_path / "python3.9"
    if python:
        fake.write_text(python + "[ $1 = --version ]\n")
        fake.chmod(0o755)
    done = subprocess.run(
        ["make", "-C", str(ROOT), "test", f"PYTHON={fake}", f"VENV={tmp_path / 'venv'}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert (
        f"frontlog needs Python 3.11 or later; '{fake}' is {version or 'not a Python'}.\n"
        "Name another one: make test PYTHON=python3.12\n" in done.stderr
    )
    assert not (tmp_path / "venv").exists()


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_ci_script() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0


# --- pins -------------------------------------------------------------------------------------------


def test_constraints_are_names_and_versions_only() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line), line
    assert not {"pip", "setuptools", "wheel", "frontlog"} & set(PINS)
    assert list(PINS) == sorted(PINS)


def test_direct_requirements_are_pinned_within_their_bounds() -> None:
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, [*wanted, *PROJECT["build-system"]["requires"]]):
        assert PINS[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_indirect_requirements_are_pinned() -> None:
    """All that an installed distribution asks for, from our own requirements downwards."""
    todo = [Requirement("frontlog[dev]")]
    seen = set()
    while todo:
        requirement = todo.pop()
        key = (canonicalize_name(requirement.name), tuple(sorted(requirement.extras)))
        if key in seen or key[0] == "setuptools":
            continue
        seen.add(key)
        assert key[0] == "frontlog" or key[0] in PINS, f"{requirement} is not in constraints.txt"
        for text in distribution(requirement.name).requires or []:
            other = Requirement(text)
            if other.marker is None or any(
                other.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)
            ):
                todo.append(other)


def test_no_index_is_named() -> None:
    for name in ("Makefile", "constraints.txt", "pyproject.toml", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"index[-_]url|find[-_]links|trusted[-_]host|https?://", text), name


# --- names and versions -----------------------------------------------------------------------------


def test_version_is_the_same_everywhere() -> None:
    assert PROJECT["project"]["version"] == __version__
    newest = re.search(r"^## \[([^\]]+)\] - (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert newest and newest[1] == __version__
    assert newest[2] == "unreleased" or re.fullmatch(r"\d{4}-\d\d-\d\d", newest[2])


def test_command_is_called_frontlog() -> None:
    assert PROJECT["project"]["scripts"] == {"frontlog": "frontlog.cli:main"}


def test_files_that_the_build_names_exist() -> None:
    build = PROJECT["tool"]["hatch"]["build"]["targets"]
    named = [*build["wheel"]["packages"], *build["wheel"]["force-include"], *build["sdist"]["include"]]
    assert [name for name in named if not (ROOT / name).exists()] == []
    for target in build["wheel"]["force-include"].values():
        assert target.startswith("frontlog/models/")


def test_data_files_of_the_package_are_not_ignored() -> None:
    """What git ignores is left out of the wheel too."""
    data = [path for path in (ROOT / "pipeline" / "frontlog").rglob("data/*") if path.is_file()]
    assert len(data) > 10
    ignored = [
        line.strip().rstrip("/")
        for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    for path in data:
        parts = path.relative_to(ROOT).parts
        assert not any(name in ignored for name in parts), path
        assert not any(path.match(pattern) for pattern in ignored if "*" in pattern), path


def test_shown_events_fit_the_terminal(tmp_path: Path) -> None:
    """The table that `make demo` ends with."""
    import sys

    columns = "date,event_type,captor_name,loser_name,place,country,status,n_origins"
    row = "2017-10-24/2017-10-31,siege_lifted," + "Long Name of an Armed Group," * 3 + "SY,confirmed,12\r\n"
    (tmp_path / "events.csv").write_text(f"{columns}\r\n{row * 40}", encoding="utf-8", newline="")
    shown = subprocess.run(
        [sys.executable, str(ROOT / "corpus" / "show_events.py"), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
    )
    assert "of 40 events" in shown.stdout
    assert "siege_lifted" in shown.stdout
    assert all(len(line) <= 110 for line in shown.stdout.splitlines() if str(tmp_path) not in line)
    missing = subprocess.run(
        [sys.executable, str(ROOT / "corpus" / "show_events.py"), str(tmp_path / "none")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert missing.returncode == 1
    assert "does not exist; make it with: frontlog run" in missing.stderr
