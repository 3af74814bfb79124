"""Texts as sets of hashed word 4-grams (shingles), blind to typography.

Hashes are blake2b of the words, mixed with numpy: the same on every machine and in every process.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

# Word 4-grams: a sentence edited in one word in ten still keeps two thirds of them, while 4-grams shared
# by chance are rare. Three words let stock phrases through ("the army said"), five lose light rewriting.
WORDS_PER_SHINGLE = 4
# Texts with more shingles than this are sketched: only hashes divisible by ``SAMPLE_ONE_IN`` are kept
# (FracMinHash). Shorter texts keep all, so that news articles are compared exactly.
SKETCH_ABOVE = 2048
SAMPLE_ONE_IN = 4

_APOSTROPHES = re.compile(r"['’‘ʼʻ`´′]")
_INITIAL = re.compile(r"(?<![^\W_])([^\W\d_])\.")
_DIGIT_GROUP = re.compile(r"(?<=\d),(?=\d{3})")
_WORD = re.compile(r"[^\W_]+")


def normalise_words(text: str) -> list[str]:
    """The words of a text as they are compared: without case, accents, punctuation, quotes and hyphens.

    Apostrophes and the full stops of initials vanish ("Assad’s" and "Assads", "U.S.-led" and "US-led" are
    the same), hyphens separate ("el- Zour" and "el-Zour" are the same), "8,000" is "8000". An empty list for
    a text without letters and digits.

    >>> normalise_words("The U.S.-led force’s “last” push")
    ['the', 'us', 'led', 'forces', 'last', 'push']
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    if not folded.isascii():
        folded = "".join(char for char in folded if not unicodedata.combining(char) and char != "\xad")
    folded = _APOSTROPHES.sub("", folded)
    folded = _INITIAL.sub(r"\1", folded)
    folded = _DIGIT_GROUP.sub("", folded)
    return _WORD.findall(folded)


class Hasher:
    """Hashes word sequences into shingles; remembers the hash of each distinct word."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}

    def sequence(self, words: list[str]) -> Hashes:
        """All shingle hashes in the order of the text; one hash for a text shorter than a shingle."""
        if not words:
            return np.empty(0, dtype=np.uint64)
        codes = np.fromiter((self._word(word) for word in words), dtype=np.uint64, count=len(words))
        width = min(WORDS_PER_SHINGLE, len(words))
        count = len(words) - width + 1
        mixed = np.zeros(count, dtype=np.uint64)
        for offset in range(width):
            mixed = mixed * _MULTIPLIER + codes[offset : offset + count]
        return mix(mixed)

    def _word(self, word: str) -> int:
        code = self._words.get(word)
        if code is None:
            code = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
            self._words[word] = code
        return code


def sketch(distinct: Hashes) -> Hashes:
    """The distinct hashes of a text, thinned to one in ``SAMPLE_ONE_IN`` if it is long."""
    return sampled(distinct) if len(distinct) > SKETCH_ABOVE else distinct


def sampled(hashes: Hashes) -> Hashes:
    """The hashes that a thinned sketch keeps: the same choice in every text that has them."""
    kept: Hashes = hashes[hashes % np.uint64(SAMPLE_ONE_IN) == 0]
    return kept


def mix(values: Hashes) -> Hashes:
    """The finaliser of splitmix64: spreads sums of word hashes over all 64 bits (Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: Hashes = values ^ (values >> np.uint64(31))
    return result


# The golden-ratio increment of splitmix64, odd, so that multiplying by it loses nothing.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
