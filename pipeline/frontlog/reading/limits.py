"""Streams of unknown size: how much may be unpacked, and the exceptions that damaged data raise."""

from __future__ import annotations

import io
import lzma
import struct
import tarfile
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO

from frontlog.errors import FrontlogError

# How much one input file may unpack to, for each byte that it has on the disk. News text packs 3 to 20 times; Apache
# POI takes 100 times for a bomb (ZipSecureFile). The same article written over and over under new ids packs 150
# times, and deflate at most 1,032 times (zlib's technical details), which is what bombs come near to, or go beyond by
# nesting and overlapping. All levels of nesting count against the one file.
MAX_RATIO = 300
# Below that much, the ratio is not looked at: it is unpacked in a second.
FREE_BYTES = 100_000_000
# Hours of unpacking: more than the text of all news agencies in a decade.
MAX_UNPACKED = 1_000_000_000_000
# Archives in archives: a zip of zips is met with, a third level is not.
MAX_DEPTH = 2
# Beyond that much, data that must be read in any order is kept on the disk.
_IN_MEMORY = 8_000_000
_BLOCK = 1 << 16


class OverLimit(FrontlogError):
    """An input file unpacks to more than is allowed; nothing more is read from it."""


class Damaged(FrontlogError):
    """Data break off or make no sense; the message says how."""


# What the standard library raises for damaged data; a RecursionError comes from thousands of chained tar headers.
DAMAGED: tuple[type[Exception], ...] = (
    Damaged,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    RecursionError,
)
_BROKEN: tuple[type[Exception], ...] = (*DAMAGED, OSError, ValueError)


class Budget:
    """How many bytes may still be unpacked from one input file, over all archives in it."""

    def __init__(self, packed: int) -> None:
        self.left = min(MAX_UNPACKED, max(FREE_BYTES, MAX_RATIO * packed))

    def spend(self, number: int) -> None:
        """Count bytes that were unpacked; raises ``OverLimit`` when there are too many."""
        self.left -= number
        if self.left < 0:
            raise OverLimit(
                f"it unpacks to more than {MAX_RATIO} times its size, like a zip bomb; nothing more was read "
                "from it. If the articles are real, unpack it first"
            )


@dataclass(frozen=True, slots=True)
class Source:
    """Something to read records from: its name in the tables, and a stream that is read once, in order.

    ``depth`` is the number of archives around it. Streams can ``peek``; only those of plain files on the disk
    can be sought in.
    """

    name: str
    stream: io.BufferedReader
    budget: Budget
    depth: int = 0


class _Unpacked(io.RawIOBase):
    """What an unpacker gives, counted."""

    def __init__(self, inner: Any, budget: Budget) -> None:
        self._inner, self._budget = inner, budget
        self._error: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        filled = 0
        # Always as much as was asked for: peek relies on it. What was read before an error is given first.
        while filled < len(buffer) and self._error is None:
            try:
                data = self._inner.read1(len(buffer) - filled)
            except _BROKEN as error:
                self._error = error
                break
            if not data:
                break
            self._budget.spend(len(data))
            buffer[filled : filled + len(data)] = data
            filled += len(data)
        if self._error is not None and not filled:
            # Of another class, since readers of lines and records take an EOFError for a proper end.
            raise Damaged(str(self._error) or type(self._error).__name__)
        return filled


def unpacked(inner: Any, budget: Budget) -> io.BufferedReader:
    """The stream of an unpacker (with ``read1``), buffered; each byte read from it counts against the budget."""
    return io.BufferedReader(_Unpacked(inner, budget), _BLOCK)


def seekable(stream: io.BufferedReader) -> BinaryIO:
    """The same bytes in a file that can be read in any order; beyond some megabytes it lies on the disk.

    The caller closes it. Raises what reading the stream raises.
    """
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    try:
        while data := stream.read(_BLOCK):
            file.write(data)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file  # type: ignore[return-value]


def unreadable(error: OSError) -> str:
    """The reason for a file that the system does not let us read."""
    return f"the file cannot be read: {error.strerror or error}"


def damaged(error: Exception) -> str:
    """The reason for data that break off or make no sense; what was read before them is kept."""
    what = " ".join(str(error).split())[:200] or type(error).__name__
    return f"it is cut off or damaged ({what}); what stands before that was read. Get the file anew"
