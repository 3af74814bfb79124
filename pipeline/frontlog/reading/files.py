"""Which files a run reads: the inputs of the command line, folders recursively, in a fixed order."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from frontlog.errors import UsageError
from frontlog.records import Reject

TEXT_ENDINGS = (".txt", ".md")
JSONL_ENDINGS = (".jsonl",)
_SUPPORTED = ".txt, .md or .jsonl"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read and the path under which the tables name it (as given, posix style)."""

    path: Path
    name: str

    @property
    def ending(self) -> str:
        """The file name's last ending in lower case, with its dot."""
        return self.path.suffix.lower()


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


def find_files(inputs: Sequence[Path]) -> tuple[list[InputFile], list[Reject]]:
    """All supported files of the inputs in the order of their names, and rows for what cannot be read.

    Hidden files and folders inside a folder are passed over; a file that is reached twice is read once.
    Links to folders are not followed.
    """
    files: list[InputFile] = []
    rejects: list[Reject] = []
    for path in inputs:
        if path.is_dir():
            before = len(files)
            for entry in _walk(path, rejects):
                _sort_in(entry, files, rejects)
            if len(files) == before:
                rejects.append(_reject(path, f"no articles found; expected {_SUPPORTED} files"))
        else:
            _sort_in(path, files, rejects)
    return list(_distinct(files)), sorted(set(rejects), key=lambda row: (row.path, row.reason))


def _walk(folder: Path, rejects: list[Reject]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        rejects.append(
            _reject(Path(error.filename or folder), f"folder cannot be read: {error.strerror or error}")
        )

    for current, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(current, name)


def _sort_in(path: Path, files: list[InputFile], rejects: list[Reject]) -> None:
    if path.suffix.lower() not in TEXT_ENDINGS + JSONL_ENDINGS:
        what = f"files ending in {path.suffix}" if path.suffix else "files without an ending"
        rejects.append(_reject(path, f"{what} are not supported; expected {_SUPPORTED}"))
    elif path.exists() and not path.is_file():
        rejects.append(_reject(path, "not a regular file; save its content to a file first"))
    else:
        files.append(InputFile(path, shown(path)))


def _distinct(files: Iterable[InputFile]) -> Iterator[InputFile]:
    seen: set[str] = set()
    for file in sorted(files, key=lambda file: (file.name, str(file.path))):
        real = os.path.realpath(file.path)
        if real not in seen:
            seen.add(real)
            yield file


def _reject(path: Path, reason: str) -> Reject:
    return Reject(shown(path), None, "reading", reason)
