"""Words to the word pieces of an uncased BERT vocabulary, plus the shape of each word that lower-casing loses.

The greedy longest-match-first split and the clean-up before it are those of BERT's uncased tokenizer (Devlin et al.
2019), so that published weights can be used. spaCy has split the text into words already, so a word is looked up
whole and its pieces are remembered: news repeats its words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from enum import IntEnum

MAX_CHARACTERS = 100  # longer "words" are rubbish (URLs, base64); BERT makes them one unknown piece
_CONTROL = ("Cc", "Cf", "Cn", "Co")


class Shape(IntEnum):
    """How a word is written, as far as an uncased vocabulary cannot know it."""

    LOWER = 0
    TITLE = 1  # Mosul
    UPPER = 2  # ISIL
    LETTER = 3  # A, I: a capital alone may be either
    MIXED = 4  # al-Qaim, iPhone, McGurk
    DIGIT = 5  # holds a digit: 2017, F-16
    OTHER = 6  # no letter or digit: punctuation, symbols
    PIECE = 7  # a further piece of a word; its first piece carries the shape


def word_shape(word: str) -> Shape:
    """Class of a word's letters.

    >>> [word_shape(word).name for word in ("Mosul", "fell", "ISIL", "al-Qaim", "2017", ",")]
    ['TITLE', 'LOWER', 'UPPER', 'MIXED', 'DIGIT', 'OTHER']
    """
    if any(character.isdigit() for character in word):
        return Shape.DIGIT
    if not any(character.isalpha() for character in word):
        return Shape.OTHER
    if word.islower():
        return Shape.LOWER
    if word.isupper():
        return Shape.LETTER if sum(character.isalpha() for character in word) == 1 else Shape.UPPER
    if word[0].isupper() and not any(character.isupper() for character in word[1:]):
        return Shape.TITLE
    return Shape.MIXED if any(character.isupper() for character in word) else Shape.LOWER


def _is_punctuation(character: str) -> bool:
    # BERT also takes ASCII symbols such as $ and ^ for punctuation, which Unicode does not.
    return (
        character.isascii() and character.isprintable() and not character.isalnum() and character != " "
    ) or (unicodedata.category(character).startswith("P"))


def _is_cjk(character: str) -> bool:
    code = ord(character)
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x2FA1F
        or 0xF900 <= code <= 0xFAFF
    )


def basic_tokens(word: str) -> list[str]:
    """Lower-cased parts of a word without accents, split at each punctuation mark and Chinese character.

    >>> basic_tokens("Al-Qa'im"), basic_tokens("Şırnak")
    (['al', '-', 'qa', "'", 'im'], ['sırnak'])
    """
    parts: list[str] = []
    fresh = True
    for character in unicodedata.normalize("NFD", word.lower()):
        category = unicodedata.category(character)
        if category == "Mn" or (category in _CONTROL and character not in "\t\n\r") or character == "\ufffd":
            continue
        if character.isspace():
            fresh = True
        elif _is_punctuation(character) or _is_cjk(character):
            parts.append(character)
            fresh = True
        else:
            if fresh:
                parts.append("")
            parts[-1] += character
            fresh = False
    return parts


class WordPieces:
    """The pieces of words in one vocabulary.

    ``vocabulary`` lists the pieces in the order of their ids; continued pieces begin with ``##``. Needs ``[UNK]``,
    ``[CLS]`` and ``[SEP]`` among them.
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.vocabulary = tuple(vocabulary)
        self._ids = {piece: number for number, piece in enumerate(self.vocabulary)}
        self.unknown, self.start, self.end = (self._ids[piece] for piece in ("[UNK]", "[CLS]", "[SEP]"))
        self._known: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}

    def pieces(self, word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Ids of a word's pieces and the shape of each; never empty (a word of nothing but accents is unknown)."""
        found = self._known.get(word)
        if found is None:
            ids = tuple(number for part in basic_tokens(word) for number in self._split(part)) or (
                self.unknown,
            )
            found = ids, (int(word_shape(word)), *(int(Shape.PIECE) for _ in ids[1:]))
            if len(self._known) < 200_000:  # bounds the memory of a very long run
                self._known[word] = found
        return found

    def _split(self, part: str) -> list[int]:
        if len(part) > MAX_CHARACTERS:
            return [self.unknown]
        ids: list[int] = []
        start = 0
        while start < len(part):
            end = len(part)
            prefix = "##" if start else ""
            while end > start and (prefix + part[start:end]) not in self._ids:
                end -= 1
            if end == start:
                return [self.unknown]
            ids.append(self._ids[prefix + part[start:end]])
            start = end
        return ids

    def encode(self, words: Iterable[str]) -> tuple[list[int], list[int], list[int]]:
        """Piece ids, piece shapes, and the number of pieces of each word, without ``[CLS]`` and ``[SEP]``."""
        ids: list[int] = []
        shapes: list[int] = []
        lengths: list[int] = []
        for word in words:
            word_ids, word_shapes = self.pieces(word)
            ids += word_ids
            shapes += word_shapes
            lengths.append(len(word_ids))
        return ids, shapes, lengths
