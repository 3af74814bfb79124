"""What is no article: it becomes a row of rejects, in bounded time and memory, and the rest is read."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from frontlog.reading import iter_records, jsonl, lines, pages, plain, raw, read_inputs, tables, warc
from frontlog.reading.decoding import NotText, decode, repaired
from frontlog.reading.files import InputFile
from frontlog.reading.formats import read_file
from frontlog.reading.raw import RawRecord
from frontlog.records import Article, Reject
from frontlog.settings import Settings

STORY = (
    "Rebels left the river town on Monday and the army moved in, residents said. It was quiet in the evening."
)
# Without what a cell of a table needs quotes for.
PLAIN = STORY.replace(",", "")
RECORD = json.dumps({"text": STORY})
LIMIT = 200_000


def read(*paths: Path) -> tuple[list[Article], list[Reject]]:
    return read_inputs(list(paths), settings=Settings())


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of the longest record, so that what is much longer is soon written."""
    for module in (raw, lines, plain, pages, warc, tables, jsonl):
        monkeypatch.setattr(module, "MAX_BYTES", LIMIT)
    monkeypatch.setattr(tables, "_MOST_REREAD", 5 * LIMIT)


# --- too long ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    ("name", "before", "after", "number"),
    [
        ("a.txt", "", "", None),
        ("a.html", "<p>", "</p>", None),
        ("a.jsonl", f'{RECORD}\n{{"text": "', f'"}}\n{RECORD}\n', 2),
        ("a.csv", f'text\n{PLAIN}\n"', f'"\n{PLAIN}\n', 2),
        ("a.csv", f"text\n{PLAIN}\n", f"\n{PLAIN}\n", 2),
    ],
)
def test_line_that_is_far_too_long(
    tmp_path: Path, encoding: str, name: str, before: str, after: str, number: int | None
) -> None:
    (tmp_path / name).write_text(before + "word " * (20 * LIMIT // 5) + after, encoding=encoding)
    tracemalloc.start()
    found = list(read_file(InputFile(tmp_path / name, name), {}))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (reject,) = [item for item in found if isinstance(item, Reject)]
    assert reject.record == number
    assert "larger than" in reject.reason or "longer than" in reject.reason
    assert len([item for item in found if isinstance(item, RawRecord)]) == (2 if number else 0)
    # Blocks of a megabyte, twice decoded; the line alone would be four times that, or eight in memory.
    assert peak < 12_000_000


def test_memory_does_not_grow_with_the_number_of_records(tmp_path: Path) -> None:
    peaks = {}
    for number in (300, 3000):
        path = tmp_path / f"{number}.jsonl"
        path.write_text("".join(f'{{"id": {i}, "text": "{STORY} {i}"}}\n' for i in range(number)), "utf-8")
        for kind in ("jsonl", "csv", "jsonl.gz"):
            other = tmp_path / f"{number}.{kind}"
            if kind == "csv":
                with other.open("w", newline="", encoding="utf-8") as stream:
                    csv.writer(stream).writerows([["text"], *([f"{STORY} {i}"] for i in range(number))])
            elif kind == "jsonl.gz":
                other.write_bytes(gzip.compress(path.read_bytes()))
            tracemalloc.start()
            assert sum(1 for _ in read_file(InputFile(other, other.name), {})) == number
            peaks[kind, number] = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    for kind in ("jsonl", "csv", "jsonl.gz"):
        assert peaks[kind, 3000] < peaks[kind, 300] + 200_000


# --- CSV --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "good", "bad"),
    [
        # A quote that is never closed costs its own line.
        (
            f'id,text\n1,{PLAIN}\n2,"{PLAIN}\n3,{PLAIN}\n',
            ["1", "3"],
            [(2, "line 3: a quote is opened and never")],
        ),
        # The next quoted cell shows that the one before was not closed.
        (f'id,text\n1,"{PLAIN}\n2,"{PLAIN}"\n', ["2"], [(1, "line 2: a quote inside a cell is not doubled")]),
        (f'id,text\n1,"He said "go". {PLAIN}"\n2,{PLAIN}\n', ["2"], [(1, "line 2: a quote inside a cell")]),
        (f"id,text\n1,{PLAIN}\n2,a\n3,\n4\n", ["1", "2"], [(3, "is empty"), (4, "has no column 'text'")]),
        ("id,text\n1,One, two and three.\n", [], [(1, "line 2: the row has 3 cells and the header 2; put")]),
        (f"id,text\n1,{PLAIN}\0\n2,{PLAIN}\n", ["2"], [(1, "line 2: NUL bytes; the line was passed over")]),
        (
            f"text\rid\r{PLAIN}\r1",
            [],
            [(None, "its first line is no header: a carriage return outside quotes")],
        ),
        (f"id,text\n1,{PLAIN}\r2,{PLAIN}\n", [], [(1, "line 2: a carriage return outside quotes; save")]),
        ("", [], [(None, "the file is empty")]),
        ("\n\n", [], [(None, "the file is empty")]),
        ('"id,text\n1,x\n', [], [(None, "it has no column 'text'")]),
    ],
)
def test_bad_csv(tmp_path: Path, content: str, good: list[str], bad: list[tuple[int | None, str]]) -> None:
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    articles, rejects = read(tmp_path / "a.csv")
    assert sorted(article.source_id for article in articles) == good
    assert [row.record for row in rejects] == [number for number, _ in bad]
    assert all(reason in row.reason for row, (_, reason) in zip(rejects, bad, strict=True))


def test_csv_full_of_open_quotes_ends(tmp_path: Path, small_limit: None) -> None:
    # Each line closes a quoted cell and opens another: one row without end, from whichever line on.
    (tmp_path / "a.csv").write_text("text\n" + 'a","\n' * (2 * LIMIT), encoding="utf-8")
    rejects = read(tmp_path / "a.csv")[1]
    assert "a quote is opened and not closed within" in rejects[0].reason
    assert "the rest of the file was not read" in rejects[-1].reason
    assert len(rejects) < 10


# --- truncated --------------------------------------------------------------------------------------


def test_truncated_gzip_keeps_what_stands_before(tmp_path: Path) -> None:
    content = "".join(json.dumps({"text": f"{STORY} {os.urandom(20).hex()}"}) + "\n" for _ in range(50))
    data = gzip.compress(content.encode())
    (tmp_path / "a.jsonl.gz").write_bytes(data[: len(data) // 2])
    articles, rejects = read(tmp_path)
    assert 10 < len(articles) < 50
    assert rejects[-1].reason.startswith("it is cut off or damaged (Compressed file ended before")


def test_truncated_and_damaged_parquet(tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"text": [STORY + os.urandom(20).hex() for _ in range(300)]}), tmp_path / "a.parquet"
    )
    data = bytearray((tmp_path / "a.parquet").read_bytes())
    (tmp_path / "a.parquet").write_bytes(data[: len(data) // 2])
    data[100:160] = bytes(60)
    (tmp_path / "b.parquet").write_bytes(data)
    (tmp_path / "c.parquet").write_bytes(b"")
    (tmp_path / "d.parquet").write_bytes(b"PAR1" + bytes(100) + b"PAR1")
    articles, rejects = read(tmp_path)
    assert articles == []
    reasons = {row.path.rsplit("/")[-1]: row.reason for row in rejects}
    assert reasons["c.parquet"] == "the file is empty"
    assert all("cut off, damaged or no Parquet file" in reasons[f"{x}.parquet"] for x in "abd")


def warc_record(body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + body
    head = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://x.example/\r\nContent-Length: %d\r\n\r\n"
    return head % len(http) + http + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "number", "reason"),
    [
        (b"", 0, "the file is empty"),
        (b"no archive of the web", 0, "it does not begin with WARC/"),
        (warc_record(STORY.encode())[:-60], 0, "cut off or damaged (record 1 ends before its length)"),
        (
            warc_record(STORY.encode()) + warc_record(STORY.encode())[:-60],
            1,
            "record 2 ends before its length",
        ),
        (warc_record(STORY.encode()) + b"garbage\r\n" * 9, 1, "the record is damaged"),
        (warc_record(STORY.encode()) + b"WARC/1.0\r\n" + b"x" * 5_000_000, 1, "its header is too long"),
        (
            warc_record(STORY.encode())[:-4] + b" more\r\n\r\n" + warc_record(STORY.encode()),
            2,
            "the record before it does not end where its header says",
        ),
        (b"WARC/1.0\r\n" + b"a: b\r\n" * 100_000, 0, "its header is too long"),
        (b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -7\r\n\r\nx", 0, ""),
        (b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: many\r\n\r\nx", 0, ""),
        (warc_record(b"\x00\x01\x02" * 500), 0, "NUL bytes"),
    ],
)
@pytest.mark.parametrize("gzipped", [False, True])
def test_bad_warc(tmp_path: Path, data: bytes, number: int, reason: str, gzipped: bool) -> None:
    name = "a.warc.gz" if gzipped else "a.warc"
    (tmp_path / name).write_bytes(gzip.compress(data) if gzipped else data)
    articles, rejects = read(tmp_path)
    assert len(articles) == number
    assert any(reason in row.reason for row in rejects)


# --- web pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<div>" * 1_000_000 + STORY, "its tags are nested more than 250 deep; save the article as text"),
        ("<b><i>" * 200 + STORY, "nested more than 250 deep"),
        (f"<p>{STORY}<br>" * 30_000, "the page has more than 20,000 tags"),
        ("<" * 1_000_000, ""),
        ("<html><body></body></html>", "no article was found in the page"),
        ("", "the file is empty"),
        (" \n", "the page holds only white space"),
        ("<!--" * 100_000, "no article was found"),
        ("&amp;" * 100, ""),
        ("<a href='" * 50_000, ""),
    ],
)
def test_bad_pages(tmp_path: Path, page: str, reason: str) -> None:
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    rejects = read(tmp_path)[1]
    assert any(reason in row.reason for row in rejects) or not reason


def test_paragraphs_and_items_without_end_tags_are_not_nested() -> None:
    assert pages._too_complex("<ul>" + "<li>one<p>two<br><img>" * 1000) is None
    assert pages._too_complex("<div><b>x</div>" * 1000) is None


@pytest.mark.parametrize(
    "name", ["punycode", "utf-7", "zlib", "unicode_escape", "idna", "nonsense", "\0", "utf-16", ""]
)
def test_charsets_that_no_page_has(name: str) -> None:
    assert decode("“Zürich”".encode(), name) == "“Zürich”"


# --- files that are not what they seem ---------------------------------------------------------------


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{RECORD}\n" * 2, encoding="utf-8")
    found = []
    for item in iter_records([path], settings=Settings()):
        found.append(item)
        if len(found) == 1:
            with path.open("a", encoding="utf-8") as stream:
                stream.write(f"{RECORD}\n")
    assert isinstance(found[-1], Reject)
    assert found[-1].reason.startswith("the file changed while it was read")


def test_a_file_that_vanishes(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"{STORY} {name}", encoding="utf-8")
    found = []
    for item in iter_records([tmp_path], settings=Settings()):
        found.append(item)
        (tmp_path / "b.txt").unlink(missing_ok=True)
    assert [type(item).__name__ for item in found] == ["Article", "Reject", "Article"]
    assert isinstance(found[1], Reject) and "cannot be read: No such file" in found[1].reason


def test_json_of_other_types(tmp_path: Path) -> None:
    values: list[object] = [
        1,
        None,
        True,
        [],
        {},
        "text",
        {"text": ["a"]},
        {"text": {"a": 1}},
        {"text": True},
    ]
    deep = '{"text": ' + "[" * 50_000
    long = '{"id": ' + "9" * 5_000 + f', "text": "{STORY}"}}'
    (tmp_path / "a.jsonl").write_text("\n".join([*map(json.dumps, values), deep, long, RECORD]), "utf-8")
    articles, rejects = read(tmp_path)
    assert [article.record for article in articles] == [12]
    assert [row.record for row in rejects] == list(range(1, 12))


def test_nul_in_a_string_becomes_a_character_that_tables_hold(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": f"{STORY}\0 And more."}) + "\n", "utf-8")
    (article,), _ = read(tmp_path)
    assert "\0" not in article.text


# --- any bytes --------------------------------------------------------------------------------------

ENDINGS = (
    "txt",
    "md",
    "html",
    "jsonl",
    "csv",
    "tsv",
    "parquet",
    "warc",
    "txt.gz",
    "zip",
    "tar",
    "tgz",
    "warc.gz",
)
SEEDS = (
    b'{"text": "One two."}\n',
    b'id,text\n1,"a\nb"\n',
    b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\n",
    b"<html><body><p>x</p>",
    b"PK\x03\x04",
    b"PAR1",
    b"\x1f\x8b\x08",
    b"\xff\xfe",
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(ENDINGS),
    st.lists(st.one_of(st.sampled_from(SEEDS), st.binary(max_size=60)), max_size=6),
    st.booleans(),
)
@example("txt", [b"---\na: b\n---\n"], False)
@example("jsonl", [b"\xff\xfe", b"{\x00"], False)
def test_any_bytes_give_records_or_rows(
    tmp_path: Path, ending: str, parts: list[bytes], packed: bool
) -> None:
    data = b"".join(parts)
    path = tmp_path / f"x.{ending}"
    path.write_bytes(gzip.compress(data) if packed and ending.endswith(("gz", "tgz")) else data)
    found = list(iter_records([path], settings=Settings()))
    assert found
    for item in found:
        assert isinstance(item, Article | Reject)
        if isinstance(item, Article):
            item.text.encode("utf-8")


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "cp1251", "utf-16", "gb18030"]))
def test_any_bytes_decode_or_are_no_text(data: bytes, charset: str | None) -> None:
    try:
        text = decode(data, charset)
    except NotText:
        return
    assert "\0" not in text
    repaired(text).encode("utf-8", "surrogatepass")


@settings(deadline=None)
@given(st.text(max_size=200))
def test_repair_is_stable(text: str) -> None:
    once = repaired(text)
    assert repaired(once) == once


@settings(deadline=None)
@given(st.lists(st.text(alphabet='a"\n,;\r é', max_size=20), min_size=1, max_size=5))
def test_csv_reads_back_what_was_written(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["id", "text"], *([str(i), f"x{cell}"] for i, cell in enumerate(cells))])
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    path.write_bytes(buffer.getvalue().encode())
    found = list(read_file(InputFile(path, "a.csv"), {}))
    assert [item.text for item in found if isinstance(item, RawRecord)] == [f"x{cell}" for cell in cells]
