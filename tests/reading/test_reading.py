"""From files and folders to articles and rejects."""

from __future__ import annotations

import json
import os
from datetime import date, time
from pathlib import Path

import pytest

from frontlog.errors import UsageError
from frontlog.reading import iter_records, read_inputs
from frontlog.reading.decoding import NotText, decode
from frontlog.reading.files import SUPPORTED
from frontlog.reading.language import guess_language, language_code
from frontlog.records import Article, Reject
from frontlog.settings import Settings

STORY = (
    "Rebels left the river town on Monday and the army moved in, residents said. It was quiet in the evening."
)


def read(*paths: Path, settings: Settings | None = None) -> tuple[list[Article], list[Reject]]:
    return read_inputs(list(paths), settings=settings or Settings())


def write_lines(path: Path, *records: object) -> Path:
    path.write_text(
        "".join(r if isinstance(r, str) else json.dumps(r) + "\n" for r in records), encoding="utf-8"
    )
    return path


def test_folder_is_read_recursively_and_hidden_things_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("in/b.txt", "in/deep/a.MD", "in/.hidden.txt", "in/.git/c.txt", "in/notes.docx"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(f"{STORY} {name}", encoding="utf-8")
    articles, rejects = read(Path("in"))
    assert sorted((a.path, a.source_id, a.record) for a in articles) == [
        ("in/b.txt", "b", None),
        ("in/deep/a.MD", "a", None),
    ]
    assert [(r.path, r.stage) for r in rejects] == [("in/notes.docx", "reading")]
    assert ".docx are not supported; expected .txt, .md, .html" in rejects[0].reason


def test_missing_input_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        iter_records([tmp_path / "nowhere"], settings=Settings())
    with pytest.raises(UsageError, match="'body'"):
        iter_records([tmp_path], settings=Settings(fields={"body": "text"}))


def test_folder_without_articles(tmp_path: Path) -> None:
    articles, rejects = read(tmp_path)
    assert articles == []
    assert rejects == [
        Reject(tmp_path.as_posix(), None, "reading", f"no articles found; expected {SUPPORTED} files")
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "white space"),
        (b"\x00\x01\x02binary\x00" * 50, "binary"),
        (b"%PDF-1.4 text", "PDF"),
        (bytes(range(1, 32)) * 20, "binary"),
        (b"Share this:\n\nFacebook\n\nTwitter\n", "nothing is left"),
        (b"---\ntitle: Only metadata\n---\n", "no text"),
        (b"-- ** --", "nothing is left"),
    ],
)
def test_bad_file_is_a_reject_and_the_rest_goes_on(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "bad.txt").write_bytes(data)
    (tmp_path / "good.txt").write_text(STORY, encoding="utf-8")
    articles, rejects = read(tmp_path)
    assert [article.text for article in articles] == [STORY]
    assert [row.path for row in rejects] == [(tmp_path / "bad.txt").as_posix()]
    assert reason in rejects[0].reason


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "closed.txt"
    path.write_text(STORY, encoding="utf-8")
    path.chmod(0)
    assert "cannot be read" in read(path)[1][0].reason


def test_unreadable_file_is_a_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert read(tmp_path / "a.txt")[1][0].reason == "the file cannot be read: Permission denied"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang_the_run(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in read(tmp_path / "pipe.txt")[1][0].reason


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("“Zürich”".encode(), "“Zürich”"),
        ("“Zürich”".encode("utf-8-sig"), "“Zürich”"),
        ("“Zürich” and more".encode("utf-16"), "“Zürich” and more"),
        ("plain letters".encode("utf-16-le"), "plain letters"),
        ("“Zürich”".encode() + b" the army\x92s caf\xe9", "“Zürich” the army’s café"),
        (b"the army\x92s long march to the river town", "the army’s long march to the river town"),
        (
            "Это новости сегодня, войска вошли в город утром. ".encode("cp1251") * 5,
            "Это новости сегодня, войска вошли в город утром. " * 5,
        ),
    ],
)
def test_decode(data: bytes, text: str) -> None:
    assert decode(data) == text


def test_decode_refuses_binary() -> None:
    with pytest.raises(NotText, match="NUL"):
        decode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


def test_jsonl_bad_lines(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "a.jsonl",
        {
            "id": "one",
            "text": STORY,
            "published": "2001-02-03",
            "publisher": "Post",
            "url": "https://x.example",
        },
        '{"text": "broken\n',
        "[1, 2]\n",
        "\n",
        {"title": "no text"},
        {"text": 5},
        {"text": None},
        '{"text": NaN}\n',
        {"text": "  "},
        {"doc_id": 7, "text": STORY + " Later.", "published": "soon", "title": ["x"]},
        '{"id": "nan", "text": "' + STORY + ' End.", "publisher": NaN}\n',
        '{"id": "lone", "text": "' + STORY + ' \\ud800"}\n',
        "[" * 100_000 + "\n",
    )
    articles, rejects = read(path)
    assert sorted((a.source_id, a.record) for a in articles) == [
        ("7", 10),
        ("lone", 12),
        ("nan", 11),
        ("one", 1),
    ]
    reading = [row.record for row in rejects if row.stage == "reading"]
    assert reading == [2, 3, 5, 6, 7, 8, 9, 13]
    assert [(row.record, row.stage) for row in rejects if row.stage != "reading"] == [(10, "metadata")] * 2
    assert any("'soon'" in row.reason for row in rejects)
    one = next(a for a in articles if a.source_id == "one")
    assert (one.published, one.published_basis, one.publisher, one.url) == (
        date(2001, 2, 3),
        "metadata",
        "Post",
        "https://x.example",
    )
    for article in articles:
        article.text.encode("utf-8")


def test_fields_are_mapped_and_utf16_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"body": STORY, "key": "k"}) + "\n" + json.dumps({"body": STORY}) + "\n", encoding="utf-16"
    )
    articles, rejects = read(path, settings=Settings(fields={"text": "body", "id": "key"}))
    assert rejects == []
    assert sorted((a.source_id, a.record) for a in articles) == [("a", 2), ("k", 1)]


def test_front_matter(tmp_path: Path) -> None:
    raw = f'---\ntitle: "The river town"\npublished: 2001-02-03T04:05:06\nid: x1\nurl: https://x.example/a:b\n---\n\n{STORY}\n'
    (tmp_path / "a.md").write_text(raw, encoding="utf-8")
    (article,), rejects = read(tmp_path)
    assert rejects == []
    assert (article.title, article.source_id, article.url) == (
        "The river town",
        "x1",
        "https://x.example/a:b",
    )
    assert (article.published, article.published_time) == (date(2001, 2, 3), time(4, 5, 6))
    assert article.text == STORY
    assert [cut.kind for cut in article.cuts] == ["front_matter"]
    piece = article.pieces[0]
    assert raw[piece.raw_start : piece.raw_start + piece.end] == STORY


def test_the_day_of_the_text_goes_before_that_of_the_record_and_both_are_kept(tmp_path: Path) -> None:
    lead = "KABUL, Feb. 3, 2001 (AP) - The army left the river town, a spokesman said."
    (tmp_path / "a.txt").write_text(f"---\npublished: 2001-02-05\n---\n{lead}\n", encoding="utf-8")
    (article,), _ = read(tmp_path)
    assert (article.published, article.published_basis) == (date(2001, 2, 3), "dateline")
    assert article.published_metadata == date(2001, 2, 5)


def test_rules_without_fields_are_no_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        f"---\n{STORY}\n---\nMore of it came later, they said.\n", encoding="utf-8"
    )
    (article,), _ = read(tmp_path)
    assert STORY in article.text


def test_the_texts_own_date_goes_before_the_records(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": f"Wed 02 Dec 2015 {STORY}", "published": "2015-12-20"})
    (article,), _ = read(path)
    assert (article.published, article.published_basis) == (date(2015, 12, 2), "dateline")


def test_ids_are_unique_and_independent_of_order(tmp_path: Path) -> None:
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.txt").write_text(STORY, encoding="utf-8")
    write_lines(tmp_path / "c" / "x.jsonl", {"id": "same", "text": STORY}, {"id": "same", "text": STORY})
    folders = [tmp_path / name for name in "abc"]
    forward, backward = read(*folders), read(*reversed(folders))
    assert forward == backward
    ids = [article.article_id for article in forward[0]]
    assert len(set(ids)) == 5 and ids == sorted(ids)
    assert all(len(identifier) == 14 and identifier.startswith("a_") for identifier in ids)


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    assert len(read(tmp_path, tmp_path / "a.txt", tmp_path)[0]) == 1


def test_no_clean_takes_the_text_as_it_stands(tmp_path: Path) -> None:
    raw = f"By: |\r\n\r\n{STORY}\r\n\r\nShare this:\r\n"
    (tmp_path / "a.txt").write_bytes(raw.encode())
    (article,), _ = read(tmp_path, settings=Settings(clean=False))
    assert article.text == raw
    assert article.cuts == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (STORY, "en"),
        (
            "Die Truppen haben die Stadt am Fluss am Montag verlassen, und die Armee war in der Nacht da.",
            None,
        ),
        ("Войска вошли в город утром, сообщили жители, вечером было тихо и спокойно на улицах.", None),
        ("Rebels enter town", None),
        ("", None),
    ],
)
def test_language_guess(text: str, language: str | None) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("tag", "code"), [("en-GB", "en"), ("English", "en"), ("de_DE", "de"), (None, None), ("", None)]
)
def test_language_code(tag: str | None, code: str | None) -> None:
    assert language_code(tag) == code
