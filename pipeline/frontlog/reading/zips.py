"""The directory of a zip, a block of entries at a time.

The standard library's ``ZipFile`` holds all entries at once, 580 bytes each (measured), so that an archive of a
million articles would take more memory than all else. Its ``ZipExtFile``, which unpacks a member and checks it, is
used as it is. Layout of the records: APPNOTE.TXT 6.3.10 by PKWARE, sections 4.3.7 to 4.3.16.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipExtFile, ZipInfo

_ENTRY = struct.Struct("<4s4B4HL2L5H2L")  # 46 bytes, then name, extra fields and comment
_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_LONGEST_COMMENT = 1 << 16
_IN_ZIP64 = 0xFFFFFFFF
_UTF8 = 0x800
_BLOCK = 256  # entries


class _Entry(NamedTuple):
    signature: bytes
    made_version: int
    made_system: int
    needed_version: int
    needed_system: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    name_length: int
    extra_length: int
    comment_length: int
    disk: int
    internal: int
    external: int
    offset: int


def entries(file: BinaryIO) -> Iterator[ZipInfo]:
    """The entries of a zip in the order of its directory; the file may be read elsewhere in between.

    Raises ``BadZipFile`` for what is none, and for one whose end is missing.
    """
    position, end, shift = _directory(file)
    while position < end:
        file.seek(position)
        block: list[ZipInfo] = []
        while position < end and len(block) < _BLOCK:
            entry, length = _entry(file, shift)
            position += length
            block.append(entry)
        yield from block


def open_member(file: BinaryIO, entry: ZipInfo) -> ZipExtFile:
    """The unpacked stream of an entry, valid until the file is read elsewhere.

    Raises ``BadZipFile`` where there is no such member and ``NotImplementedError`` for a compression that Python
    has not; reading raises ``BadZipFile`` if its checksum is wrong.
    """
    file.seek(min(entry.header_offset, file.seek(0, 2)))
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise BadZipFile("no file where the directory says that it begins")
    *_, name_length, extra_length = _LOCAL.unpack(header)
    file.seek(entry.header_offset + _LOCAL.size + name_length + extra_length)
    return ZipExtFile(file, "r", entry)


def _directory(file: BinaryIO) -> tuple[int, int, int]:
    """Where the directory begins and ends, and how far all offsets are off (for a zip behind something else)."""
    size = file.seek(0, 2)
    tail_start = max(0, size - _END.size - _LONGEST_COMMENT)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + _END.size:
        raise BadZipFile("no directory at its end, as a zip has it")
    *_, length, offset, _comment = _END.unpack_from(tail, at)
    end = tail_start + at
    locator = at - _LOCATOR64.size
    if locator >= 0 and tail.startswith(b"PK\x06\x07", locator):
        file.seek(max(0, end - _LOCATOR64.size - _END64.size))
        record = file.read(_END64.size)
        if len(record) == _END64.size and record.startswith(b"PK\x06\x06"):
            *_, length, offset = _END64.unpack(record)
            end -= _LOCATOR64.size + _END64.size
    start = end - length
    if start < 0 or offset > start:
        raise BadZipFile("its directory lies outside the file")
    return start, end, start - offset


def _entry(file: BinaryIO, shift: int) -> tuple[ZipInfo, int]:
    """The entry at which the file stands, and its length in the directory."""
    head = file.read(_ENTRY.size)
    if len(head) < _ENTRY.size or not head.startswith(b"PK\x01\x02"):
        raise BadZipFile("its directory is damaged")
    raw = _Entry(*_ENTRY.unpack(head))
    length = raw.name_length + raw.extra_length + raw.comment_length
    rest = file.read(length)
    if len(rest) < length:
        raise BadZipFile("its directory is damaged")
    name = rest[: raw.name_length].decode("utf-8" if raw.flags & _UTF8 else "cp437", "replace")
    entry = ZipInfo(name)
    entry.compress_type, entry.flag_bits, entry.CRC = raw.method, raw.flags, raw.crc
    entry.create_system, entry.external_attr = raw.made_system, raw.external
    values = [raw.size, raw.packed, raw.offset]
    extra = rest[raw.name_length : raw.name_length + raw.extra_length]
    entry.file_size, entry.compress_size, offset = _from_zip64(values, extra)
    entry.header_offset = offset + shift
    return entry, _ENTRY.size + length


def _from_zip64(values: list[int], extra: bytes) -> list[int]:
    """Size, packed size and offset, where they do not fit into 32 bits from the extra field that has them."""
    while _IN_ZIP64 in values and len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == 1 and len(extra) >= 4 + length:
            wide = iter(struct.unpack_from(f"<{length // 8}Q", extra, 4))
            return [next(wide, value) if value == _IN_ZIP64 else value for value in values]
        extra = extra[4 + length :]
    return values
