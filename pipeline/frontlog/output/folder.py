"""The output folder: checked before the work starts, and changed all at once.

New files are written into ``WRITING`` inside the folder and brought to disk. Renaming that to ``READY`` is
the moment at which the new set counts; then its files take their places one by one. A run killed before that
moment leaves the old set, and one killed after it is finished by the next (``recover``).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from frontlog.errors import RunError, UsageError
from frontlog.output.schema import TABLES

WRITING = ".frontlog-writing"
READY = ".frontlog-ready"
# All that a run writes.
FILES = (*(f"{name}.{ending}" for name in TABLES for ending in ("csv", "parquet")), "run.json")


def check_writable(out: Path) -> None:
    """Make the output folder if need be and try whether files can be written there.

    Also finishes or removes what a killed run left behind. Raises ``UsageError`` if the path is not a
    folder, ``RunError`` if it cannot be made or written. Called at the start, so that nobody waits an hour to
    learn that the result cannot be stored.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        blocking = next((path for path in (out, *out.parents) if path.exists() or path.is_symlink()), out)
        raise UsageError(
            f"--out {out}: {blocking} is not a folder. Name a folder, or a path that does not exist yet."
        ) from None
    except OSError as error:
        raise RunError(
            f"--out {out}: the folder cannot be made ({error.strerror}). Name a folder that you may write to."
        ) from None
    for name in FILES:
        if (out / name).is_dir():
            raise UsageError(f"--out {out}: {out / name} is a folder. Remove it, or name another folder.")
    try:
        descriptor, probe = tempfile.mkstemp(prefix=".frontlog-probe-", dir=out)
        os.close(descriptor)
        Path(probe).unlink()
        recover(out)
    except OSError as error:
        raise RunError(
            f"--out {out}: the folder cannot be written to ({error.strerror}). "
            "Name another folder, or change its permissions."
        ) from None


@contextmanager
def replacing_files(out: Path) -> Iterator[Path]:
    """A new folder to write into; when the block ends without an error, its files replace those of ``out``.

    On an error nothing in ``out`` changes. ``OSError`` (disk full, permissions) becomes ``RunError``.
    """
    writing = out / WRITING
    try:
        out.mkdir(parents=True, exist_ok=True)
        recover(out)
        writing.mkdir()
        yield writing
        for path in sorted(writing.iterdir()):
            _sync(path)
        _sync(writing)
        writing.replace(out / READY)
        _sync(out)
        recover(out)
    except OSError as error:
        _remove(writing)
        raise RunError(
            f"--out {out}: the tables could not be written ({error.strerror or error}). "
            "Make room there, or name another folder, and run again."
        ) from error
    except BaseException:
        _remove(writing)
        raise


def recover(out: Path) -> None:
    """Bring a folder to a whole state: finish a change that had begun to count, remove one that had not."""
    _remove(out / WRITING)
    ready = out / READY
    if ready.is_dir() and not ready.is_symlink():
        for path in sorted(ready.iterdir()):
            path.replace(out / path.name)
        _sync(out)
        ready.rmdir()
    for probe in out.glob(".frontlog-probe-*"):
        _remove(probe)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Bring a file or a folder's entries to disk; systems that cannot open folders do that by themselves."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
