"""Archives: what is read from them and under which name, and what is refused."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import stat
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontlog.reading import archives, limits, read_inputs, zips
from frontlog.records import Article, Reject
from frontlog.settings import Settings

STORY = (
    "Rebels left the river town on Monday and the army moved in, residents said. It was quiet in the evening."
)


def read(*paths: Path) -> tuple[list[Article], list[Reject]]:
    return read_inputs(list(paths), settings=Settings())


def zipped(members: Iterable[tuple[str | zipfile.ZipInfo, bytes | str]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(members: Iterable[tuple[str | tarfile.TarInfo, bytes | str]], mode: str = "w") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members:
            data = content.encode() if isinstance(content, str) else content
            member = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if member.isreg():
                member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


FILES = [
    ("in/a.txt", f"{STORY} A."),
    ("in/deep/b.jsonl.gz", gzip.compress(b'{"text": "%s B."}\n' % STORY.encode())),
]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.zip", zipped(FILES)),
        ("x.tar", tarred(FILES)),
        ("x.tar.gz", tarred(FILES, "w:gz")),
        ("x.TGZ", tarred(FILES, "w:gz")),
    ],
)
def test_members_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(data)
    articles, rejects = read(Path(name))
    assert rejects == []
    assert sorted((a.path, a.source_id, a.record, a.text[-2:]) for a in articles) == [
        (f"{name}/in/a.txt", "a", None, "A."),
        (f"{name}/in/deep/b.jsonl.gz", "b", 1, "B."),
    ]


def test_what_folders_pass_over_is_passed_over_and_what_they_list_is_listed(tmp_path: Path) -> None:
    members = [
        ("a/", b""),
        ("a/.hidden.txt", STORY),
        ("__MACOSX/a/x.txt", STORY),
        ("a/n.docx", b"PK"),
        ("./a.txt", STORY),
    ]
    (tmp_path / "x.zip").write_bytes(zipped(members))
    (tmp_path / "x.tar").write_bytes(tarred(members[1:]))
    articles, rejects = read(tmp_path)
    assert {a.path.rsplit("/x.")[-1] for a in articles} == {"zip/a.txt", "tar/a.txt"}
    assert [row.reason[:41] for row in rejects] == ["files ending in .docx are not supported; "] * 2


def test_archives_in_archives(tmp_path: Path) -> None:
    one = zipped([("one.txt", f"{STORY} 1.")])
    two = tarred([("one.zip", one), ("two.txt", f"{STORY} 2.")], "w:gz")
    three = zipped([("two.tar.gz", two), ("three.txt", f"{STORY} 3.")])
    (tmp_path / "x.zip").write_bytes(three)
    articles, rejects = read(tmp_path)
    assert {a.path.removeprefix(tmp_path.as_posix()) for a in articles} == {
        "/x.zip/three.txt",
        "/x.zip/two.tar.gz/two.txt",
    }
    (reject,) = rejects
    assert reject.path.endswith("/x.zip/two.tar.gz/one.zip")
    assert reject.reason == "an archive in 2 others is not opened; unpack the outer ones"


def test_order_of_inputs_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped([("same.txt", STORY), ("same2.txt", STORY)]))
    (tmp_path / "b.tar").write_bytes(tarred([("same.txt", STORY)]))
    (tmp_path / "same.txt").write_text(STORY, encoding="utf-8")
    paths = [tmp_path / "a.zip", tmp_path / "b.tar", tmp_path / "same.txt", tmp_path]
    forward = read(*paths)
    assert forward == read(*reversed(paths))
    assert len({a.article_id for a in forward[0]}) == 4


def link(name: str, kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    return member


def zip_link(name: str, mode: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.create_system, member.external_attr = 3, (mode | 0o644) << 16
    return member


OUT = "refused: its name leads out of the archive (..)"
ABSOLUTE = "refused: its name is an absolute path"
LINK = "refused: it is a link or a device, not a file"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("zip/../../etc/a.txt", zipped([("../../etc/a.txt", STORY)]), OUT),
        ("zip/b/..\\..\\a.txt", zipped([("b/..\\..\\a.txt", STORY)]), OUT),
        ("zip//etc/a.txt", zipped([("/etc/a.txt", STORY)]), ABSOLUTE),
        ("zip/C:\\a.txt", zipped([("C:\\a.txt", STORY)]), ABSOLUTE),
        ("zip/a.txt", zipped([(zip_link("a.txt", stat.S_IFLNK), "/etc/passwd")]), LINK),
        ("zip/a.txt", zipped([(zip_link("a.txt", stat.S_IFCHR), "")]), LINK),
        ("zip/", zipped([("~.txt", STORY)]).replace(b"~.txt", bytes(5)), "refused: it has no name"),
        ("tar/../a.txt", tarred([("../a.txt", STORY)]), OUT),
        ("tar//a.txt", tarred([("/a.txt", STORY)]), ABSOLUTE),
        ("tar/a.txt", tarred([(link("a.txt", tarfile.SYMTYPE), b"")]), LINK),
        ("tar/a.txt", tarred([(link("a.txt", tarfile.LNKTYPE), b"")]), LINK),
        ("tar/a.txt", tarred([(link("a.txt", tarfile.FIFOTYPE), b"")]), LINK),
        ("tar/a.txt", tarred([(link("a.txt", tarfile.CHRTYPE), b"")]), LINK),
    ],
)
def test_what_is_not_to_be_trusted_is_refused_by_name(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    kind = name.split("/", maxsplit=1)[0]
    (tmp_path / f"x.{kind}").write_bytes(data)
    (tmp_path / "good.txt").write_text(STORY, encoding="utf-8")
    articles, rejects = read(tmp_path)
    assert len(articles) == 1
    assert Reject(f"{tmp_path.as_posix()}/x.{name}", None, "reading", reason) in rejects
    assert not (tmp_path.parent / "a.txt").exists()


def test_encrypted_member(tmp_path: Path) -> None:
    data = bytearray(zipped([("a.txt", STORY), ("b.txt", STORY)]))
    # The flag of the first member, in its own header and in the directory.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "x.zip").write_bytes(data)
    articles, (reject,) = read(tmp_path)
    assert len(articles) == 1
    assert reject.path.endswith("x.zip/a.txt")
    assert reject.reason == "it is encrypted; unpack the archive with its password first"


def test_unknown_compression(tmp_path: Path) -> None:
    data = bytearray(zipped([("a.txt", STORY)]))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 99
    (tmp_path / "x.zip").write_bytes(data)
    (reject,) = read(tmp_path / "x.zip")[1]
    assert reject.path.endswith("x.zip/a.txt") and "cannot be unpacked" in reject.reason


# --- bombs ------------------------------------------------------------------------------------------


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FREE_BYTES", 1_000_000)


ZEROS = bytes(3_000_000)
BOMB = "it unpacks to more than 300 times its size, like a zip bomb; nothing more was read from it"


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.jsonl.gz", gzip.compress(ZEROS + b"\n")),
        ("x.warc.gz", gzip.compress(b"WARC/1.0\r\nContent-Length: 3000000\r\n\r\n" + ZEROS)),
        ("x.zip", zipped([("a.jsonl", ZEROS)])),
        ("x.zip", zipped([(f"{i}.csv", b"text\n" + b"x" * 500_000) for i in range(9)])),
        ("x.tar.gz", tarred([("a.txt", ZEROS)], "w:gz")),
        ("x.zip", zipped([("a.zip", zipped([("b.jsonl", ZEROS)]))])),
        ("x.zip", zipped([("a.tar.gz", tarred([("b.txt", b"x" * 2_000_000)], "w:gz"))])),
        ("x.tar.gz", tarred([("a.parquet", ZEROS)], "w:gz")),
    ],
)
def test_bombs(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "y.txt").write_text(STORY, encoding="utf-8")
    articles, rejects = read(tmp_path)
    assert [article.source_id for article in articles if article.path.endswith("y.txt")] == ["y"]
    (row,) = [row for row in rejects if row.path == f"{tmp_path.as_posix()}/{name}"]
    assert row.reason.startswith(BOMB)


def test_members_that_share_their_bytes_count_each(tmp_path: Path, small_limits: None) -> None:
    """A bomb of one block of zeros under many names in the directory."""
    data = zipped([("a.csv", b"text\n" + b"x" * 900_000)])
    start = data.index(b"PK\x01\x02")
    entry, end = data[start : data.index(b"PK\x05\x06")], bytearray(data[data.index(b"PK\x05\x06") :])
    end[8:10] = end[10:12] = (100).to_bytes(2, "little")
    end[12:16] = (100 * len(entry)).to_bytes(4, "little")
    (tmp_path / "x.zip").write_bytes(data[:start] + 100 * entry + bytes(end))
    rejects = read(tmp_path)[1]
    assert any("zip bomb" in row.reason or "cannot be unpacked (Overlapped" in row.reason for row in rejects)
    assert len(rejects) < 102


def test_the_limit_is_above_what_news_packs_to() -> None:
    assert limits.Budget(10).left == limits.FREE_BYTES
    assert limits.Budget(10_000_000).left == limits.MAX_RATIO * 10_000_000
    assert limits.Budget(10**12).left == limits.MAX_UNPACKED


def test_tar_with_an_endless_header(tmp_path: Path) -> None:
    long = tarfile.TarInfo("a.txt")
    long.type, long.size = tarfile.XHDTYPE, archives._LONGEST_TAR_HEADER + 1
    (tmp_path / "x.tar").write_bytes(long.tobuf() + bytes(2_000_000))
    (reject,) = read(tmp_path / "x.tar")[1]
    assert "a header of 1,000,001 bytes" in reject.reason


def test_tar_with_a_chain_of_headers(tmp_path: Path) -> None:
    header = tarfile.TarInfo("a.txt")
    header.type, header.size = tarfile.XHDTYPE, 512
    block = header.tobuf() + b"9 path=x\n".ljust(512, b"\0")
    (tmp_path / "x.tar").write_bytes(block * 3000)
    (reject,) = read(tmp_path / "x.tar")[1]
    assert "cut off or damaged" in reject.reason


def test_sparse_file(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("a.jsonl")
        member.pax_headers = {
            "GNU.sparse.major": "0",
            "GNU.sparse.minor": "1",
            "GNU.sparse.name": "a.jsonl",
            "GNU.sparse.size": str(10**15),
            "GNU.sparse.numblocks": "0",
            "GNU.sparse.map": "",
        }
        archive.addfile(member)
    rejects = read(tmp_path / "x.tar")[1]
    assert rejects and all(row.stage == "reading" for row in rejects)


# --- damage -----------------------------------------------------------------------------------------

MANY = [(f"{i}.txt", os.urandom(300).hex() + f" {STORY} {i}") for i in range(60)]


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "tgz"])
def test_truncated(tmp_path: Path, kind: str, share: float) -> None:
    data = zipped(MANY) if kind == "zip" else tarred(MANY, "w" if kind == "tar" else "w:gz")
    if kind == "tar":
        data = data[: -tarfile.RECORDSIZE]
    (tmp_path / f"x.{kind}").write_bytes(data[: int(share * len(data))])
    articles, rejects = read(tmp_path)
    assert any("cut off or damaged" in row.reason for row in rejects)
    if kind != "zip" and share > 0.2:
        assert articles, "what stands before the damage is kept"


def test_damage_inside_one_member(tmp_path: Path) -> None:
    data = bytearray(zipped(MANY))
    at = data.index(b"3.txt") + 100
    data[at : at + 50] = bytes(50)
    (tmp_path / "x.zip").write_bytes(data)
    articles, rejects = read(tmp_path)
    assert len(articles) == 59
    assert [row.path.rsplit("/")[-1] for row in rejects] == ["3.txt"]


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tgz", "x.txt.gz", "x.warc.gz"])
@pytest.mark.parametrize(
    "data", [b"", b"no archive at all " * 100, bytes(20_000), b"\x1f\x8b\x08\x00", b"PK\x05\x06"]
)
def test_no_archive(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    articles, rejects = read(tmp_path / name)
    assert articles == []
    assert rejects and all(row.stage == "reading" for row in rejects)


def test_archive_without_articles(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped([]))
    assert read(tmp_path / "x.zip")[1][0].reason.startswith("no articles found; expected .txt")


# --- the directory of a zip -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
@pytest.mark.parametrize("before", [b"", b"#!/bin/sh\n"])
@pytest.mark.parametrize("number", [1, 600])
def test_directory_is_what_the_standard_library_reads(compression: int, before: bytes, number: int) -> None:
    buffer = io.BytesIO()
    buffer.write(before)
    with zipfile.ZipFile(buffer, "a", compression) as archive:
        archive.comment = b"PK of ours"
        for i in range(number):
            # Sizes in 64 bits, as tools write them that do not know the size beforehand.
            with archive.open(f"dé/{i}.txt", "w", force_zip64=True) as stream:
                stream.write(STORY.encode() * (i % 3))
    file = io.BytesIO(buffer.getvalue())
    found = [(entry.filename, zips.open_member(file, entry).read()) for entry in zips.entries(file)]
    with zipfile.ZipFile(file) as archive:
        assert found == [(name, archive.read(name)) for name in archive.namelist()]


def test_zip64_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 50)
    data = zipped([(f"{i}.txt", f"{STORY} {i}") for i in range(9)])
    assert b"PK\x06\x07" in data
    file = io.BytesIO(data)
    found = [zips.open_member(file, entry).read().decode() for entry in zips.entries(file)]
    assert found == [f"{STORY} {i}" for i in range(9)]


def test_memory_does_not_grow_with_the_members(tmp_path: Path) -> None:
    peaks = []
    for number in (300, 6000):
        file = io.BytesIO(zipped([(f"{i}.txt", b"") for i in range(number)]))
        tracemalloc.start()
        assert sum(1 for _ in zips.entries(file)) == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 50_000


@given(st.integers(0, 400), st.binary(min_size=1, max_size=8))
@settings(deadline=None)
def test_damaged_directory_is_a_bad_zip(at: int, noise: bytes) -> None:
    data = zipped([("a.txt", STORY), ("b.txt", STORY)])
    file = io.BytesIO(data[:at] + noise + data[at + len(noise) :])
    with contextlib.suppress(zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        for entry in zips.entries(file):
            if not entry.flag_bits & 1:
                zips.open_member(file, entry).read()
