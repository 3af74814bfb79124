"""Counting what was met before, in little memory."""

from __future__ import annotations

from array import array
from hashlib import blake2b

_FIRST_SIZE = 1 << 12


class Tally:
    """How often each text was met. It holds 64-bit hashes, in 18 to 36 bytes a text however long it is.

    With ten million texts, two of them are taken for one with a probability of 3 in a million.

    >>> tally = Tally()
    >>> tally.add("a"), tally.add("b"), tally.add("a")
    (1, 1, 2)
    """

    def __init__(self) -> None:
        self._used = 0
        self._keys = array("Q", bytes(8 * _FIRST_SIZE))
        self._counts = array("I", bytes(array("I").itemsize * _FIRST_SIZE))

    def add(self, text: str) -> int:
        """How often the text was met, this time included."""
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        # Zero stands for an empty slot.
        slot = self._slot(int.from_bytes(digest, "little") or 1)
        self._counts[slot] += 1
        count = self._counts[slot]
        if count == 1:
            self._used += 1
            if 3 * self._used > 2 * len(self._keys):
                self._grow()
        return count

    def _slot(self, key: int) -> int:
        mask = len(self._keys) - 1
        slot = key & mask
        while self._keys[slot] not in (0, key):
            slot = (slot + 1) & mask
        self._keys[slot] = key
        return slot

    def _grow(self) -> None:
        keys, counts = self._keys, self._counts
        self._keys = array("Q", bytes(2 * 8 * len(keys)))
        self._counts = array("I", bytes(2 * counts.itemsize * len(keys)))
        for key, count in zip(keys, counts, strict=True):
            if key:
                self._counts[self._slot(key)] = count
