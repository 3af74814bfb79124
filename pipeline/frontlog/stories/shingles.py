"""Texts as hashed word 4-grams (shingles), blind to typography.

Hashes are sums and products of 64-bit integers in numpy: the same on every machine and in every process, and
no word is held in memory.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Sized = TypeVar("Sized", bytes, Hashes)

# Word 4-grams: a sentence edited in one word in ten still keeps two thirds of them, while 4-grams shared
# by chance are rare. Three words let stock phrases through ("the army said"), five lose light rewriting.
WORDS_PER_SHINGLE = 4
# A sampled hash is one in so many (FracMinHash): the same choice in every text, shard and run.
SAMPLE_ONE_IN = 4
# Texts are hashed together up to about so many bytes: large enough for numpy, small enough for the cache.
BATCH_BYTES = 1 << 19
# How many bits of a hash are kept: among the 50 million shingles of 100,000 articles nine pairs are equal by chance.
HASH_BITS = 47

_APOSTROPHES = "’‘'`ʼʻ´′"
_MARKS = "“”–—…\xa0"
# Both begin with the sign that they are about, so that the search skips from one to the next.
_INITIAL = re.compile(r"\.(?<=[^\W\d_]\.)(?<![^\W_][^\W\d_]\.)")
_DIGIT_GROUP = re.compile(r",(?<=\d,)(?=\d{3})")
_NO_WORD = re.compile(r"[^\x00-\x7f\w]")
_SPACED = bytes(c if chr(c).isalnum() or c >= 0x80 else 0x20 for c in range(256))


def normalise(text: str) -> bytes:
    """The words of a text as they are compared, in UTF-8 with a space between: no case, accents, punctuation.

    Apostrophes and the full stops of initials vanish ("Assad’s" and "Assads", "U.S.-led" and "US-led" are
    the same), hyphens separate ("el- Zour" and "el-Zour" are the same), "8,000" is "8000". Empty for
    a text without letters and digits.

    >>> normalise("The U.S.-led force’s “last” push")
    b'the us led forces last push'
    """
    # Most texts hold nothing beyond ASCII but typographic quotes and dashes.
    for mark in _APOSTROPHES if not text.isascii() else "'`":
        text = text.replace(mark, "")
    if not text.isascii():
        for mark in _MARKS:
            text = text.replace(mark, " ")
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded).casefold()
        marks = {ord(c): None for c in set(folded) if unicodedata.combining(c) or c == "\xad"}
        folded = _NO_WORD.sub(" ", folded.translate(marks))
    folded = _INITIAL.sub("", folded)
    folded = _DIGIT_GROUP.sub("", folded)
    return b" ".join(folded.encode().translate(_SPACED).split())


def shingles(texts: Iterable[bytes]) -> Iterator[Hashes]:
    """The hashes of the shingles of normalised texts, in reading order; repeated ones are repeated.

    One hash for a text shorter than a shingle, none for one without words.
    """
    for batch in batches(texts, BATCH_BYTES):
        words, n_words = _words(batch)
        runs = _mixed(words, WORDS_PER_SHINGLE)
        start = 0
        for count in n_words.tolist():
            if 0 < count < WORDS_PER_SHINGLE:
                yield _mixed(words[start : start + count], count)
            else:
                yield runs[start : start + max(0, count - WORDS_PER_SHINGLE + 1)]
            start += count


def is_sampled(hashes: Hashes) -> NDArray[np.bool_]:
    """Which hashes a sample keeps: the same choice in every text that has them."""
    kept: NDArray[np.bool_] = hashes % np.uint64(SAMPLE_ONE_IN) == 0
    return kept


def mix(values: Hashes) -> Hashes:
    """The finaliser of splitmix64: spreads sums of word hashes over all 64 bits (Steele et al. 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: Hashes = values ^ (values >> np.uint64(31))
    return result


def batches(items: Iterable[Sized], at_least: int, n_most: int | None = None) -> Iterator[list[Sized]]:
    """Items together, once their lengths add up to ``at_least`` or there are ``n_most`` of them; the rest last."""
    batch: list[Sized] = []
    size = 0
    for item in items:
        batch.append(item)
        size += len(item)
        if size >= at_least or len(batch) == n_most:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _words(texts: Sequence[bytes]) -> tuple[Hashes, NDArray[np.int64]]:
    """A hash for each word of the texts, one after the other, and the number of words of each text."""
    n_words = np.array([text.count(b" ") + 1 if text else 0 for text in texts], dtype=np.int64)
    joined = b" ".join(text for text in texts if text)
    hashes = np.empty(int(n_words.sum()), dtype=np.uint64)
    done, at = 0, 0
    while at < len(joined):
        # A long text is hashed piece by piece.
        end = joined.find(b" ", at + BATCH_BYTES)
        end = len(joined) if end < 0 else end
        piece = np.frombuffer(joined, dtype=np.uint8, count=end - at, offset=at)
        spaces = np.flatnonzero(piece == 0x20)
        starts = np.concatenate(([0], spaces + 1))
        lengths = np.diff(starts, append=len(piece) + 1)
        within = np.arange(len(piece) + 1) - np.repeat(starts, lengths)
        within = np.minimum(within[:-1], len(_POWERS) - 1)
        values = _LETTERS[piece] * _POWERS[within]
        hashes[done : done + len(starts)] = np.add.reduceat(values, starts)
        done, at = done + len(starts), end + 1
    return mix(hashes), n_words


def _mixed(words: Hashes, width: int) -> Hashes:
    """The hash of each run of so many words."""
    count = max(0, len(words) - width + 1)
    mixed = words[:count].copy()
    for offset in range(1, width):
        mixed *= _MULTIPLIER
        mixed += words[offset : offset + count]
    return mix(mixed) >> np.uint64(64 - HASH_BITS)


# The golden-ratio increment of splitmix64, odd, so that multiplying by it loses nothing.
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
# A word's hash is a polynomial of its letters' codes; from the 48th letter on all have one power. A space counts
# as nothing.
_POWERS = np.cumprod(np.full(48, _MULTIPLIER, dtype=np.uint64))
_LETTERS = mix(np.arange(1, 257, dtype=np.uint64) * _MULTIPLIER)
_LETTERS[0x20] = 0
