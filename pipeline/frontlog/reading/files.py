"""Which files a run reads: the inputs of the command line, folders recursively, in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from frontlog.errors import UsageError
from frontlog.reading.tally import Tally
from frontlog.records import Reject

_KINDS = {
    ".txt": "text",
    ".md": "text",
    ".html": "page",
    ".htm": "page",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".warc": "warc",
    ".zip": "zip",
    ".tar": "tar",
}
# Formats that are unpacked from .gz; a zip or Parquet file is compressed within.
_GZIPPED = ("text", "page", "jsonl", "csv", "warc", "tar")
SUPPORTED = (
    ".txt, .md, .html, .htm, .jsonl, .ndjson, .csv, .tsv, .parquet, .warc, .gz of one of these (.jsonl.gz), "
    ".zip, .tar, .tar.gz or .tgz"
)


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read and the path under which the tables name it (as given, posix style)."""

    path: Path
    name: str


def kind_of(name: str) -> tuple[str | None, bool]:
    """The format that a file's name tells (None for another), and whether gzip lies around it.

    >>> kind_of("a.JSONL.gz"), kind_of("b.tgz"), kind_of("c.docx")
    (('jsonl', True), ('tar', True), (None, False))
    """
    lower = name.lower()
    gzipped = lower.endswith((".gz", ".tgz"))
    lower = lower[:-3] if lower.endswith(".gz") else lower.removesuffix(".tgz") + ".tar" if gzipped else lower
    kind = _KINDS.get(PurePosixPath(lower).suffix)
    return (None if gzipped and kind not in _GZIPPED else kind), gzipped


def unsupported(name: str) -> str:
    """The reason for a file that ``kind_of`` does not know."""
    ending = PurePosixPath(name).suffix
    what = f"files ending in {ending}" if ending else "files without an ending"
    return f"{what} are not supported; expected {SUPPORTED}"


def stem(name: str) -> str:
    """A file's name without folders and without its ending: ``b`` for ``in/a.zip/b.txt.gz``."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    if last.lower().endswith(".gz"):
        last = last[:-3]
    return PurePosixPath(last).stem or name


def check_inputs(inputs: Sequence[Path]) -> None:
    """Raises ``UsageError`` for an input that does not exist, before anything is read."""
    if not inputs:
        raise UsageError("no input given; name at least one file or folder of articles")
    for path in inputs:
        if not os.path.lexists(path):
            raise UsageError(f"input {shown(path)!r} does not exist; give files or folders of articles")


def shown(path: Path) -> str:
    """A path as the tables show it: posix style, and valid Unicode whatever the file system holds."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def find_files(inputs: Sequence[Path]) -> Iterator[InputFile | Reject]:
    """All supported files of the inputs, and rows for what cannot be read, whatever the order of the inputs.

    Hidden files and folders inside a folder are passed over; a file that is reached twice is given once.
    Links to folders are not followed. No more than the names of one folder are held at a time.
    """
    seen = Tally()
    for path in sorted(inputs, key=lambda path: (shown(path), str(path))):
        for item in _of_input(path):
            key = (
                os.path.realpath(item.path) if isinstance(item, InputFile) else f"{item.path}\n{item.reason}"
            )
            if seen.add(key) == 1:
                yield item


def _of_input(path: Path) -> Iterator[InputFile | Reject]:
    if not path.is_dir():
        yield _file(path)
        return
    empty = True
    for item in _walk(path):
        found = _file(item) if isinstance(item, Path) else item
        empty = empty and isinstance(found, Reject)
        yield found
    if empty:
        yield _reject(path, f"no articles found; expected {SUPPORTED} files")


def _walk(folder: Path) -> Iterator[Path | Reject]:
    rejects: list[Reject] = []

    def unreadable(error: OSError) -> None:
        reason = f"folder cannot be read: {error.strerror or error}"
        rejects.append(_reject(Path(error.filename or folder), reason))

    for current, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(current, name)
    yield from rejects


def _file(path: Path) -> InputFile | Reject:
    if kind_of(path.name)[0] is None:
        return _reject(path, unsupported(path.name))
    if path.exists() and not path.is_file():
        return _reject(path, "not a regular file; save its content to a file first")
    return InputFile(path, shown(path))


def _reject(path: Path, reason: str) -> Reject:
    return Reject(shown(path), None, "reading", reason)
