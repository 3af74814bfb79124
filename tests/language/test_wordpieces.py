"""Word pieces on a small vocabulary: marked words ("mo ##sul"), shapes, look-alikes, what holds for any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontlog.language.wordpieces import MAX_CHARACTERS, Shape, WordPieces, basic_tokens, word_shape

VOCABULARY = (
    "[PAD] [UNK] [CLS] [SEP] a b m o s u l mosul fell the al qa qai ##m ##im ##o ##s ##u ##l ##sul mo 2017 20 ##17 f "
    "16 - ' . , $ city cit ##y ##ies sirnak sırnak 中 国"
).split()
WORDS = WordPieces(VOCABULARY)


# (word, its pieces)
MARKED = [
    ("Mosul", "mosul"),
    ("MOSUL", "mosul"),
    ("fell", "fell"),
    ("cities", "cit ##ies"),
    ("city", "city"),  # the longest match, not cit ##y
    ("mosus", "mo ##s ##u ##s"),
    ("al-Qa'im", "al - qa ' [UNK]"),  # i alone is no piece; ##im only goes on
    ("Qaim", "qai ##m"),  # greedy: qai, though qa ##im would do as well
    ("F-16", "f - 16"),
    ("2017", "2017"),
    ("Şırnak", "sırnak"),  # the cedilla goes, the dotless i is a letter of its own
    ("Mósul", "mosul"),
    ("Mo\u0301sul", "mosul"),  # the same accent, written apart
    ("$", "$"),
    ("中国", "中 国"),
    ("a.b.", "a . b ."),
    ("the\u00adfell", "[UNK]"),  # a soft hyphen is dropped: thefell
    ("mo\u200bsul", "mosul"),  # and so is a space of no width
]


@pytest.mark.parametrize(("word", "pieces"), MARKED)
def test_pieces(word: str, pieces: str) -> None:
    ids, shapes = WORDS.pieces(word)
    assert " ".join(VOCABULARY[number] for number in ids) == pieces
    assert shapes == (word_shape(word), *[Shape.PIECE] * (len(ids) - 1))


@pytest.mark.parametrize("word", ["", " ", "\n\n", "\u0301", "\u200b", "xyz", "mosulx", "a" * 101, "☃"])
def test_what_cannot_be_read_is_one_unknown_piece(word: str) -> None:
    assert WORDS.pieces(word)[0] == (WORDS.unknown,)


def test_longest_word() -> None:
    words = WordPieces(["[UNK]", "[CLS]", "[SEP]", "a", "##a"])
    assert len(words.pieces("a" * MAX_CHARACTERS)[0]) == MAX_CHARACTERS
    assert words.pieces("a" * (MAX_CHARACTERS + 1))[0] == (words.unknown,)


@pytest.mark.parametrize(
    ("word", "shape"),
    [
        ("mosul", Shape.LOWER),
        ("Mosul", Shape.TITLE),
        ("Élite", Shape.TITLE),
        ("O'brien", Shape.TITLE),
        ("ISIL", Shape.UPPER),
        ("U.S.", Shape.UPPER),
        ("A", Shape.LETTER),
        ("A.", Shape.LETTER),
        ("al-Qaim", Shape.MIXED),
        ("McGurk", Shape.MIXED),
        ("O'Brien", Shape.MIXED),
        ("2017", Shape.DIGIT),
        ("F-16", Shape.DIGIT),
        ("—", Shape.OTHER),
        ("\n", Shape.OTHER),
        ("", Shape.OTHER),
        ("中国", Shape.LOWER),  # letters without case
    ],
)
def test_shape(word: str, shape: Shape) -> None:
    assert word_shape(word) is shape


def test_a_text() -> None:
    ids, shapes, lengths = WORDS.encode(["Mosul", "fell", "\n", "Qaim", "."])
    assert [VOCABULARY[number] for number in ids] == ["mosul", "fell", "[UNK]", "qai", "##m", "."]
    assert shapes == [Shape.TITLE, Shape.LOWER, Shape.OTHER, Shape.TITLE, Shape.PIECE, Shape.OTHER]
    assert lengths == [1, 1, 1, 2, 1]
    assert WORDS.encode([]) == ([], [], [])
    assert (VOCABULARY[WORDS.start], VOCABULARY[WORDS.end]) == ("[CLS]", "[SEP]")


def test_a_vocabulary_without_its_marks() -> None:
    with pytest.raises(KeyError, match="CLS"):
        WordPieces(["[UNK]", "[SEP]", "a"])


@given(st.lists(st.text(max_size=12) | st.sampled_from([word for word, _ in MARKED])))
def test_every_word_has_its_pieces(words: list[str]) -> None:
    ids, shapes, lengths = WORDS.encode(words)
    assert sum(lengths) == len(ids) == len(shapes)
    assert all(length >= 1 for length in lengths)
    assert set(ids) <= set(range(len(VOCABULARY)))
    # A word's pieces are its own: what stands around it, or was read before, changes nothing.
    fresh = [WordPieces(VOCABULARY).pieces(word) for word in words]
    assert ids == [number for found, _ in fresh for number in found]
    assert shapes == [shape for _, found in fresh for shape in found]
    # The first piece of a word carries its shape, the others say that they go on.
    starts = {sum(lengths[:number]) for number in range(len(words))}
    assert [number for number, shape in enumerate(shapes) if shape != Shape.PIECE] == sorted(starts)


@given(st.text(max_size=30))
def test_basic_tokens_hold_no_space_and_no_capital(word: str) -> None:
    parts = basic_tokens(word)
    assert all(part and not any(character.isspace() for character in part) for part in parts)
    assert basic_tokens(" ".join(parts)) == parts
