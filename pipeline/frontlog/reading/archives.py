"""Archives: the files in a zip or tar, one after another and never on the disk under a name of theirs."""

from __future__ import annotations

import gzip
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from frontlog.reading.limits import MAX_DEPTH, Damaged, Source, seekable, unpacked
from frontlog.reading.zips import entries, open_member
from frontlog.records import Reject

# Names of files are at most 4,096 bytes long (PATH_MAX); other tar headers are not longer than some of these.
_LONGEST_TAR_HEADER = 1_000_000
_HEADER_TYPES = frozenset(
    {
        tarfile.GNUTYPE_LONGNAME,
        tarfile.GNUTYPE_LONGLINK,
        tarfile.XHDTYPE,
        tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
    }
)
_Result = TypeVar("_Result")
_DRIVE = re.compile(r"[A-Za-z]:")


def ungzipped(source: Source) -> Source:
    """The same source with its gzip layer taken off; the name stays that of the file."""
    inner = gzip.GzipFile(fileobj=source.stream, mode="rb")
    return Source(source.name, unpacked(inner, source.budget), source.budget, source.depth)


def too_deep(source: Source) -> Reject | None:
    """The row for an archive that lies in too many others."""
    if source.depth < MAX_DEPTH:
        return None
    reason = f"an archive in {MAX_DEPTH} others is not opened; unpack the outer ones"
    return Reject(source.name, None, "reading", reason)


def zip_members(source: Source) -> Iterator[Source | Reject]:
    """The files of a zip in the order of its directory, each to be read before the next is asked for.

    Refused, with a row that names it: what is encrypted, is a link or a device, or has a name that leads out of
    the archive.
    """
    file = source.stream if source.stream.seekable() else seekable(source.stream)
    try:
        for member in entries(file):
            if member.filename.endswith("/") or _hidden(member.filename):
                continue
            name = f"{source.name}/{_shown(member.filename)}"
            mode = stat.S_IFMT(member.external_attr >> 16) if member.create_system == 3 else 0
            if reason := _refused(member.filename, is_file=mode in (0, stat.S_IFREG)):
                yield Reject(name, None, "reading", reason)
            elif member.flag_bits & 1:
                reason = "it is encrypted; unpack the archive with its password first"
                yield Reject(name, None, "reading", reason)
            else:
                try:
                    stream = unpacked(open_member(file, member), source.budget)
                except (zipfile.BadZipFile, NotImplementedError) as error:
                    yield Reject(name, None, "reading", f"it cannot be unpacked ({error})")
                    continue
                with stream:
                    yield Source(name, stream, source.budget, source.depth + 1)
    finally:
        if file is not source.stream:
            file.close()


def tar_members(source: Source) -> Iterator[Source | Reject]:
    """The files of a tar in its order, read from front to back; likewise."""
    last_header = b""

    class Header(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, buf: Any, encoding: str, errors: str) -> Any:
            nonlocal last_header
            last_header = bytes(buf)
            found = super().frombuf(buf, encoding, errors)
            if found.type in _HEADER_TYPES and found.size > _LONGEST_TAR_HEADER:
                raise tarfile.ReadError(f"a header of {found.size:,} bytes")
            return found

    with _sensible(lambda: tarfile.open(fileobj=source.stream, mode="r|", tarinfo=Header)) as archive:
        while (member := _sensible(archive.next)) is not None:
            # It keeps all that it has read, for access by name.
            archive.members.clear()  # type: ignore[attr-defined]
            if member.isdir() or _hidden(member.name):
                continue
            name = f"{source.name}/{_shown(member.name)}"
            if reason := _refused(member.name, is_file=member.isreg()):
                yield Reject(name, None, "reading", reason)
            elif member.issparse():
                yield Reject(name, None, "reading", "a file with holes (sparse) is not unpacked")
            elif (inner := archive.extractfile(member)) is not None:
                with unpacked(inner, source.budget) as stream:
                    yield Source(name, stream, source.budget, source.depth + 1)
    if any(last_header) or len(last_header) != tarfile.BLOCKSIZE:
        # tarfile takes an archive that breaks off between two files for one that is complete.
        raise Damaged("the end mark of the archive is missing")


def _sensible(step: Callable[[], _Result]) -> _Result:
    """What a step of tarfile gives; numbers and maps in headers that are none become ``Damaged``."""
    try:
        return step()
    except (ValueError, LookupError, OverflowError, TypeError) as error:
        raise Damaged(f"a header makes no sense: {error}") from error


def _refused(name: str, *, is_file: bool) -> str | None:
    """Why a file of an archive is not looked at. Nothing is written, but such an archive is not to be trusted."""
    parts = re.split(r"[/\\]", name)
    if ".." in parts:
        return "refused: its name leads out of the archive (..)"
    if not name:
        return "refused: it has no name"
    if not parts[0] or _DRIVE.match(name):
        return "refused: its name is an absolute path"
    return None if is_file else "refused: it is a link or a device, not a file"


def _hidden(name: str) -> bool:
    """Files that are passed over in folders too, and those that a Mac adds."""
    parts = re.split(r"[/\\]", name)
    return any((part.startswith(".") and part not in {".", ".."}) or part == "__MACOSX" for part in parts)


def _shown(name: str) -> str:
    """The name as the tables show it: valid Unicode."""
    return name.removeprefix("./").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
