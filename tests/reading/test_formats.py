"""Each format of the contract: what becomes a record, and what is told about it."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from frontlog.reading import read_inputs
from frontlog.reading.files import kind_of, stem
from frontlog.records import Article, Reject
from frontlog.settings import Settings

STORY = (
    "Rebels left the river town on Monday and the army moved in, residents said. It was quiet in the evening."
)
MORE = "The mayor told reporters that nobody had been hurt and that the bridge was open again."
PAGE = f"""<!doctype html>
<html lang="de"><head><meta charset="utf-8"><title>Rebels leave river town | The River Post</title>
<meta property="og:site_name" content="The River Post"><meta name="author" content="Jane Doe">
<meta property="article:published_time" content="2015-03-04T05:06:07Z">
<link rel="canonical" href="https://post.example/river-town"><script>var a = "<div>";</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Rebels leave river town</h1><p>{STORY}</p><p>{MORE}</p>
<p>The army’s spokesman said they had gone north to the hills with their families and their cattle.</p></article>
<footer>Copyright The River Post 2019. Cookies.</footer></body></html>"""


def read(*paths: Path, settings: Settings | None = None) -> tuple[list[Article], list[Reject]]:
    return read_inputs(list(paths), settings=settings or Settings())


def write_csv(path: Path, *rows: list[Any], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def response(body: bytes, *, kind: str = "text/html", status: str = "200 OK", extra: str = "") -> bytes:
    """A WARC record with what a server answered."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{extra}\r\n".encode() + body
    return record("response", "application/http; msgtype=response", http)


def record(kind: str, content_type: str, block: bytes) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{len(block)}>\r\n"
        "WARC-Target-URI: https://post.example/a\r\nWARC-Date: 2016-01-02T03:04:05Z\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("name", "kind", "gzipped"),
    [
        ("a.TXT", "text", False),
        ("a.htm", "page", False),
        ("a.ndjson", "jsonl", False),
        ("a.tsv", "csv", False),
        ("a.warc.gz", "warc", True),
        ("a.tar.gz", "tar", True),
        ("a.tgz", "tar", True),
        ("a.csv.GZ", "csv", True),
        ("a.zip.gz", None, True),
        ("a.parquet.gz", None, True),
        ("a.gz", None, True),
        ("a.txt.gz.gz", None, True),
        ("a.docx", None, False),
        ("README", None, False),
    ],
)
def test_format_by_the_name(name: str, kind: str | None, gzipped: bool) -> None:
    assert kind_of(name) == (kind, gzipped)


@pytest.mark.parametrize(
    ("name", "own"),
    [("in/a.txt", "a"), ("a.zip/b/c.html", "c"), ("a.jsonl.gz", "a"), ("a.tar.gz", "a"), ("v1.2.md", "v1.2")],
)
def test_source_id_is_the_name_without_its_ending(name: str, own: str) -> None:
    assert stem(name) == own or (name, stem(name)) == ("a.tar.gz", "a.tar")


# --- web pages --------------------------------------------------------------------------------------


def test_page(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (article,), rejects = read(tmp_path)
    assert rejects == []
    assert (article.title, article.byline, article.publisher) == (
        "Rebels leave river town",
        "Jane Doe",
        "The River Post",
    )
    assert (article.published, article.published_basis) == (date(2015, 3, 4), "metadata")
    assert (article.url, article.source_id) == ("https://post.example/river-town", "a")
    # The page calls itself German; the text is not.
    assert article.language == "en"
    assert STORY in article.text and MORE in article.text and "army’s" in article.text
    assert "Cookies" not in article.text and "Sport" not in article.text


def test_page_as_it_stands_is_the_extracted_text(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (article,), _ = read(tmp_path, settings=Settings(clean=False))
    assert STORY in article.text and "<" not in article.text
    assert [(p.start, p.end, p.raw_start) for p in article.pieces] == [(0, len(article.text), 0)]


@pytest.mark.parametrize(
    ("charset", "declared"), [("cp1251", "windows-1251"), ("utf-16", "utf-8"), ("cp1252", "ISO-8859-1")]
)
def test_charset_that_a_page_declares(tmp_path: Path, charset: str, declared: str) -> None:
    name = "Ивана Ветрова" if charset == "cp1251" else "José Bétou’s"
    page = PAGE.replace('charset="utf-8"', f'charset="{declared}"').replace("army’s", f"army of {name}")
    (tmp_path / "a.html").write_bytes(page.encode(charset))
    (article,), _ = read(tmp_path)
    assert f"army of {name}" in article.text


def test_a_date_that_only_a_footer_shows_is_not_taken(tmp_path: Path) -> None:
    page = PAGE.replace('<meta property="article:published_time" content="2015-03-04T05:06:07Z">', "")
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert read(tmp_path)[0][0].published is None


# --- JSON Lines and CSV -----------------------------------------------------------------------------


def test_utf16_lines_and_line_separators_within_a_record(tmp_path: Path) -> None:
    lines = [json.dumps({"id": str(i), "text": f"{STORY}\u2028{MORE}"}, ensure_ascii=False) for i in range(3)]
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        (tmp_path / f"{encoding}.ndjson").write_text("\n".join(lines), encoding=encoding)
    articles, rejects = read(tmp_path)
    assert {row.stage for row in rejects} <= {"metadata"}
    assert len(articles) == 15
    assert all(STORY in article.text and MORE in article.text for article in articles)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv(tmp_path: Path, delimiter: str) -> None:
    header = ["key", "unused", "body", "day", "site", "key"]
    first = ["k1", "x; y, z", f'{STORY}\r\n\r\n"{MORE}"', "2015-03-04", "The Post", "other"]
    write_csv(
        tmp_path / "a.csv", header, first, [], ["k2", "", MORE], delimiter=delimiter, encoding="utf-8-sig"
    )
    fields = {"text": "body", "id": "key", "published": "day", "publisher": "site"}
    articles, rejects = read(tmp_path, settings=Settings(fields=fields, clean=False))
    assert rejects == []
    one, two = sorted(articles, key=lambda article: article.source_id)
    assert (one.source_id, one.record, one.published, one.publisher) == (
        "k1",
        1,
        date(2015, 3, 4),
        "The Post",
    )
    assert one.text == first[2]
    assert (two.source_id, two.record, two.text, two.published) == ("k2", 2, MORE, None)


def test_tsv_and_windows_1252(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.tsv", ["id", "text"], ["a", STORY], delimiter="\t")
    write_csv(tmp_path / "b.csv", ["id", "text"], ["b", f"The army’s café. {STORY}"], encoding="cp1252")
    articles, rejects = read(tmp_path)
    assert rejects == []
    assert {article.source_id: article.text[:15] for article in articles} == {
        "a": "Rebels left the",
        "b": "The army’s café",
    }


def test_csv_without_a_text_column(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", ["id", "body"], ["1", STORY])
    (reject,) = read(path)[1]
    assert reject.reason == (
        "it has no column 'text' (its columns are: id, body); name the column that holds the text with "
        "--field text=NAME"
    )


# --- Parquet ----------------------------------------------------------------------------------------


def test_parquet(tmp_path: Path) -> None:
    moments = [datetime(2015, 3, 4), datetime(2015, 3, 4, 5, 6, 7), None]
    table = pa.table(
        {
            "body": pa.array([STORY, f"{STORY} {MORE}", MORE], pa.large_string()),
            "id": [7, 8, 9],
            "published": pa.array(moments, pa.timestamp("ns")),
            "publisher": pa.array(["The Post", "The Post", None]).dictionary_encode(),
            "unread": [[1], [2], [3]],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    articles, rejects = read(tmp_path, settings=Settings(fields={"text": "body"}))
    assert rejects == []
    found = sorted((a.source_id, a.record, a.published, a.published_time, a.publisher) for a in articles[:3])
    assert found == [
        ("7", 1, date(2015, 3, 4), None, "The Post"),
        ("8", 2, date(2015, 3, 4), time(5, 6, 7), "The Post"),
        ("9", 3, None, None, None),
    ]


def test_parquet_days_zones_bytes_and_gaps(tmp_path: Path) -> None:
    # 23:30 in Paris is the next day nowhere that the column speaks of.
    moment = [datetime(2015, 3, 4, 22, 30)]
    zoned = pa.array(moment, pa.timestamp("us", "UTC")).cast(pa.timestamp("us", "Europe/Paris"))
    pq.write_table(pa.table({"text": [STORY.encode()], "published": zoned}), tmp_path / "a.parquet")
    day = pa.array([date(2016, 1, 2)], pa.date32())
    pq.write_table(pa.table({"text": [MORE], "id": [3.0], "published": day}), tmp_path / "b.parquet")
    articles, rejects = read(tmp_path)
    assert rejects == []
    assert {(a.source_id, a.published) for a in articles} == {
        ("a", date(2015, 3, 4)),
        ("3", date(2016, 1, 2)),
    }


def test_parquet_with_a_bad_byte(tmp_path: Path) -> None:
    bad = pa.array([STORY.encode() + b" \xff", MORE.encode()]).view(pa.string())
    pq.write_table(pa.table({"text": bad}), tmp_path / "a.parquet")
    articles, rejects = read(tmp_path)
    assert rejects == []
    assert {article.text for article in articles} == {f"{STORY} \ufffd", MORE}


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({"body": [STORY]}, "its columns are: body); name the column that holds the text with --field text="),
        ({"text": [5]}, "the column 'text' is not a string"),
        ({"text": pa.array([None], pa.string())}, "the record has no column 'text'"),
        ({"text": pa.array([], pa.string())}, "the table has no rows"),
    ],
)
def test_parquet_without_text(tmp_path: Path, table: dict[str, Any], reason: str) -> None:
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    (reject,) = read(tmp_path)[1]
    assert reason in reject.reason


# --- WARC -------------------------------------------------------------------------------------------


def test_warc(tmp_path: Path) -> None:
    page = PAGE.encode()
    chunked = b"%x\r\n" % len(page) + page + b"\r\n0\r\n\r\n"
    records = [
        record("warcinfo", "application/warc-fields", b"software: ours\r\n"),
        record(
            "request", "application/http; msgtype=request", b"GET /a HTTP/1.1\r\nHost: post.example\r\n\r\n"
        ),
        response(page),
        response(b"<p>gone</p>", status="404 Not Found"),
        response(b"\x89PNG", kind="image/png"),
        response(f"{STORY} Hours later, café.".encode("cp1252"), kind="text/plain; charset=windows-1252"),
        response(gzip.compress(page), extra="Content-Encoding: gzip\r\n"),
        response(chunked, extra="Transfer-Encoding: chunked\r\n"),
        record("conversion", "text/plain", f"{STORY} Converted.".encode()),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    # One member a record, as crawlers write it, and one for all.
    (tmp_path / "b.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    (tmp_path / "c.warc.gz").write_bytes(gzip.compress(b"".join(records)))
    articles, rejects = read(tmp_path)
    for name in ("a.warc", "b.warc.gz", "c.warc.gz"):
        own = sorted((a for a in articles if a.path.endswith(name)), key=lambda a: a.record or 0)
        assert [article.record for article in own] == [3, 6, 7, 8, 9]
        assert {article.url for article in own} == {"https://post.example/a"}
        assert all(article.source_id.startswith("urn:uuid:") for article in own)
        assert own[0].title == own[2].title == own[3].title == "Rebels leave river town"
        assert own[0].published == date(2015, 3, 4)
        # The day of the crawl is no day of publication.
        assert own[1].published is None
        assert own[1].text.endswith("café.")
    reasons = {row.reason for row in rejects if row.stage == "reading"}
    assert reasons == {
        "web pages that were passed over: 1 with a status other than 200 and 1 with content that is neither HTML "
        "nor plain text"
    }


def test_no_page_was_published_after_the_crawl(tmp_path: Path) -> None:
    page = PAGE.replace("2015-03-04T05", "2017-03-04T05").encode()
    (tmp_path / "a.warc").write_bytes(response(page))
    assert read(tmp_path)[0][0].published is None


# --- records of any format --------------------------------------------------------------------------


def test_mojibake_is_repaired_and_typography_is_left(tmp_path: Path) -> None:
    text = "The armyâ€™s chief in BÃ©tou said â€œyesâ€\u009d.\n\nThe “ﬁrst” ｗｉｄｅ line’s quotes – and ½ – stay."
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": text, "title": "CafÃ©", "id": "cafÃ©"}) + "\n", encoding="utf-8")
    (article,), _ = read(path)
    assert "army’s chief in Bétou said “yes”." in article.text
    assert "’s quotes – and ½ – stay." in article.text and "“" in article.text
    # A key to other tables stays as it is.
    assert (article.title, article.source_id) == ("Café", "cafÃ©")
    (kept,), _ = read(path, settings=Settings(clean=False))
    assert kept.text == text
    assert kept.article_id == article.article_id


def test_two_records_with_one_id_are_both_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    records = [{"id": "x", "text": STORY}, {"id": "y", "text": STORY}, {"id": "x", "text": MORE}]
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    articles, rejects = read(path)
    assert sorted(article.source_id for article in articles) == ["x", "x", "y"]
    assert len({article.article_id for article in articles}) == 3
    assert [(row.record, row.stage) for row in rejects] == [(3, "metadata")]
    assert "'x' belongs to an earlier record too; both were kept" in rejects[0].reason


def test_records_without_ids_may_share_the_name_of_their_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in (STORY, MORE)), encoding="utf-8")
    assert read(path)[1] == []
