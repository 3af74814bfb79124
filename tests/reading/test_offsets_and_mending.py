"""The offset map, and mends that keep it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontlog.reading.cleaning import Cleaned, clean
from frontlog.reading.offsets import Mapped, raw_span
from frontlog.records import Piece

NASTY = [
    "Troops took Deir el- Zour.\r\n\r\nThe Kurdish- led force left.",
    "\ufeffZero\u200bwidth and soft\u00adhyphens and\u00a0no-break  spaces.\n\n\n\nNext.",
    "Cafe\u0301 re\u0301sume\u0301\n\nsecond",
    "a\u200b\u0301 \u00ad\n b",
    "By: |\n\nBeirut | Published: May 2, 2001 1:02 PM\n\nBody of the story, which is long enough to stay.",
    "Syria, Iraq, US envoyThe town fell again. (Reuters)\n\nThe town fell again. And more.",
    "title\n\n%d bloggers like this:\nShare this:\nFacebookTwitter",
    "x- y- z -led foo-bar- Baz bar -Baz Iraq- Syria Iraq-Syria",
    "\x92quoted\x93 \x85 \x81",
    "",
    " \n\t\n ",
    "Next Stories\n1One headline\n2Another headline",
]
FRAGMENTS = st.sampled_from(
    [
        "\n", "\n\n", "\r\n", " ", "  ", "\t", "\u00a0", "\u200b", "\u00ad", "\ufeff", "\u0301",
        "e\u0301", "- ", " -", "el- Zour", "Kurdish- led", "pro- and anti-war", "Share this:", "By: |",
        "By Jane Doe", "Read more: rebels leave", "Next Stories", "1One more headline", "Advertisement",
        "(Reuters)", "FILE - A tank. (AP Photo/X)", "Troops took the town on Monday, officials said.",
        "Rebels enter the town", "May 2, 2001", "Published: May 2, 2001", "BEIRUT (AP) - ", "a", "Word",
        "%d bloggers like this:", "Jane reported from Cairo.", "Copyright 2001 The Star",
        "Syria, Iraq, US envoyThe town fell.", "Новости дня", "Tags: war, peace",
    ]
)  # fmt: skip
PAGES = st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=40).map("".join))


def check_map(raw: str, cleaned: Cleaned) -> None:
    covered: list[tuple[int, int]] = [(cut.raw_start, cut.raw_end) for cut in cleaned.cuts]
    position = 0
    for piece in cleaned.pieces:
        assert position <= piece.start < piece.end <= len(cleaned.text)
        raw_end = piece.raw_start + piece.end - piece.start
        assert cleaned.text[piece.start : piece.end] == raw[piece.raw_start : raw_end]
        covered.append((piece.raw_start, raw_end))
        position = piece.end
    for cut in cleaned.cuts:
        assert cut.text == raw[cut.raw_start : cut.raw_end]
    at = 0
    for start, end in sorted(covered):
        assert at <= start <= end, "pieces and cuts overlap"
        assert not raw[at:start].strip(), f"lost without a cut: {raw[at:start]!r}"
        at = end
    assert not raw[at:].strip()


@pytest.mark.parametrize("raw", NASTY)
def test_nasty_cases(raw: str) -> None:
    cleaned = clean(raw)
    check_map(raw, cleaned)
    assert clean(cleaned.text).text == cleaned.text


@settings(max_examples=300, deadline=None)
@given(PAGES)
def test_pieces_and_cuts_cover_the_raw_text(raw: str) -> None:
    check_map(raw, clean(raw))


@settings(max_examples=300, deadline=None)
@given(PAGES)
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    once = clean(raw).text
    again = clean(once)
    assert again.text == once
    assert again.cuts == ()
    assert "\n\n\n" not in once and once == once.strip()
    assert all("\n" not in paragraph for paragraph in once.split("\n\n"))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("the city of Deir el- Zour fell", "the city of Deir el-Zour fell"),
        ("Deir el -Zour", "Deir el-Zour"),
        ("Kurdish- led and Turkish -backed forces", "Kurdish-led and Turkish-backed forces"),
        ("a 20- year war", "a 20-year war"),
        ("the Iraq- Syria border, on the Iraq-Syria line", "the Iraq-Syria border, on the Iraq-Syria line"),
        ("soft\u00adhyphen, zero\u200bwidth", "softhyphen, zerowidth"),
        ("no\u00a0break  and\ttab", "no break and tab"),
        ("gov\u00ad\nernment", "government"),
        ("the army\x92s base", "the army’s base"),
        ("Cafe\u0301", "Café"),
        ("one\r\n\r\n\r\ntwo", "one\n\ntwo"),
        ("one\u2028two", "one\n\ntwo"),
    ],
)
def test_mended(raw: str, text: str) -> None:
    assert clean(raw).text == text


@pytest.mark.parametrize(
    "text",
    [
        "pro- and anti-government crowds",
        "two- or three-day battles",
        "short-, medium- and long-range rockets",
        "Provinces, SANA- The army",
        "in Iraq- Syria had no say",
        "the rebels- who had fled - came back",
        "“typographic” quotes – and dashes — stay",
        "from 3- 4 of them",
    ],
)
def test_left_alone(text: str) -> None:
    assert clean(text).text == text


WRAPPED = """\
The governor of the northern province said yesterday that his
forces had left the hill town after a siege of forty days, and
that the bridge on the river was now in the hands of the rebel
army. He gave no figures.

A second column reached the station of the railway at dusk and
found it empty.
"""


def test_hard_wrapped_lines_are_joined() -> None:
    paragraphs = clean(WRAPPED).text.split("\n\n")
    assert len(paragraphs) == 2
    assert "that his forces had left" in paragraphs[0]


def test_single_newlines_between_long_lines_end_paragraphs() -> None:
    first = (
        "The column reached the station of the railway at dusk, found it empty and went on to the river. " * 2
    )
    second = "Its guns opened fire on the far bank at once, and the garrison of the fort there answered. " * 2
    assert clean(f"{first}\n{second}").text.count("\n\n") == 1


@pytest.mark.parametrize(
    ("start", "end", "span"), [(0, 11, (0, 12)), (8, 11, (9, 12)), (3, 3, (3, 3)), (11, 15, (13, 16))]
)
def test_raw_span(start: int, end: int, span: tuple[int, int]) -> None:
    pieces = (Piece(0, 7, 0), Piece(7, 11, 8), Piece(12, 15, 13))
    assert raw_span(pieces, start, end) == span


@given(
    st.text(max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.text(max_size=3)), max_size=5),
)
def test_edits_keep_the_map(text: str, changes: list[tuple[int, int, str]]) -> None:
    edits, position = [], 0
    for start, length, replacement in sorted(changes):
        begin = max(start, position)
        if begin + length <= len(text):
            edits.append((begin, begin + length, replacement))
            position = begin + length
    expected, at = "", 0
    for begin, end, replacement in edits:
        expected += text[at:begin] + replacement
        at = end
    expected += text[at:]
    edited = Mapped(text, (Piece(0, len(text), 0),) if text else ()).edited(edits)
    assert edited.text == expected
    for piece in edited.pieces:
        assert (
            edited.text[piece.start : piece.end]
            == text[piece.raw_start : piece.raw_start + piece.end - piece.start]
        )
