"""Which pairs of texts share how much: packed shingles, furniture mask, candidates by a join, containment.

All shingles lie in one flat array of 64-bit integers, text after text: hash and place in the text. Joins sort such
integers, part by part of the range of hashes; nothing here is a Python loop over texts or a Python set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frontlog.stories.shingles import HASH_BITS, SAMPLE_ONE_IN, Hashes, batches, is_sampled, mix

# A shingle in at least ``FREQUENT`` distinct texts is furniture (a stock phrase, shared background) if those
# texts are not copies of one another: if at most ``FURNITURE_SAMPLE`` of them share on average less than
# ``FURNITURE_BELOW``. That is a little less than a link, so that side bars of a third of an article are
# masked, and a story whose copies were cut in different ways is not.
FREQUENT = 4
FURNITURE_BELOW = 0.4
FURNITURE_SAMPLE = 6
# Furniture can be more than that part of short items. Then any two of them share the same and hardly more
# (``FURNITURE_BEYOND`` of the rest), while copies that were cut in different ways share now more, now less.
FURNITURE_AT_MOST = 0.7
FURNITURE_BEYOND = 0.1
# Fewer shared shingles than this (11 words in a row) are no evidence, whatever part of a text they are.
SHARED_AT_LEAST = 8
# The lead is the first half of a text, its head the first eighth.
LEAD_EIGHTHS = 4
HEAD_EIGHTHS = 1
# Partners are looked for with sampled shingles, those of texts of at most ``SHORT`` shingles with all. Compared in
# full are pairs that have ``SHARED_AT_LEAST`` of them in common, by the sample's measure: for a link of
# texts of 128 shingles, with 14 in the sample, two is more than three standard deviations less.
SHORT = 128
# A shingle's texts are paired with so many that follow in the order of the texts: all, but in huge stories, whose
# members are linked through others.
WINDOW = 48

_ALL_PAIRS = [(one, two) for two in range(FURNITURE_SAMPLE) for one in range(two)]
_DISJOINT = [(0, 1), (2, 3), (4, 5)]
_PLACE_BITS = 3
_CODE_BITS = HASH_BITS + _PLACE_BITS
# Texts that are packed and sorted together; their number takes the bits that a code leaves.
_PACKED_TOGETHER = 1 << (64 - _CODE_BITS)
# Pairs that are compared together: one bit says which text of the pair a shingle is of.
_COMPARED_TOGETHER = 1 << (63 - _CODE_BITS)
# Shingles that a step holds at a time: a few such arrays of 8 bytes each are the memory beyond the codes.
_AT_A_TIME = 1 << 22

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]


def pack(sequences: Iterable[Hashes]) -> tuple[Hashes, Numbers]:
    """The distinct shingles of texts, each text's sorted, with the eighth of the text in which they first
    stand in the lowest three bits; and how many each text has.
    """
    # The array grows in place: parts that are put together at the end would lie in memory twice.
    codes = np.empty(_AT_A_TIME, dtype=np.uint64)
    end = 0
    sizes = [np.empty(0, dtype=np.int64)]
    for batch in batches(sequences, _AT_A_TIME // 8, _PACKED_TOGETHER):
        packed, counts = _pack(batch)
        if end + len(packed) > len(codes):
            codes.resize(max(end + len(packed), len(codes) * 5 // 4), refcheck=False)
        codes[end : end + len(packed)] = packed
        end += len(packed)
        sizes.append(counts)
    codes.resize(end, refcheck=False)
    return codes, np.concatenate(sizes)


def _pack(batch: Sequence[Hashes]) -> tuple[Hashes, Numbers]:
    lengths = np.array([len(hashes) for hashes in batch], dtype=np.int64)
    place = _within(lengths) * 8 // np.repeat(lengths, lengths)
    packed = np.repeat(np.arange(len(batch), dtype=np.uint64) << np.uint64(_CODE_BITS), lengths)
    packed |= np.concatenate(batch) << np.uint64(_PLACE_BITS)
    packed |= place.astype(np.uint64)
    packed.sort()
    packed = packed[_is_new(packed >> np.uint64(_PLACE_BITS))]
    owner = (packed >> np.uint64(_CODE_BITS)).astype(np.int64)
    packed &= np.uint64((1 << _CODE_BITS) - 1)
    return packed, np.bincount(owner, minlength=len(batch))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of texts (``first`` < ``second``) and how many shingles they share: in all, and of the lead (the
    first half) and the head (the first eighth) of either one.
    """

    first: Numbers
    second: Numbers
    shared: Numbers
    of_first_lead: Numbers
    of_second_lead: Numbers
    of_first_head: Numbers
    of_second_head: Numbers

    def where(self, chosen: NDArray[np.bool_]) -> Pairs:
        """Those of the pairs that are chosen."""
        return Pairs(*(getattr(self, name)[chosen] for name in self.__slots__))


class Texts:
    """Distinct texts as packed shingles, with furniture masked.

    ``codes`` and ``sizes`` are what ``pack`` gives; ``codes`` is changed. ``order`` numbers the texts: the
    caller sorts them by a hash of their content, since their order decides which texts stand for a large group.
    """

    def __init__(self, codes: Hashes, sizes: Numbers, order: Numbers) -> None:
        self._codes = codes
        self._sizes = sizes
        self._number = np.empty(len(sizes), dtype=np.uint64)
        self._number[order] = np.arange(len(sizes), dtype=np.uint64)
        self._number_bits = max(1, len(sizes).bit_length())
        self._order = order
        self._locate()
        self._sample = self._sampled()
        self._mask(self._furniture())
        del self._sample
        self._locate()
        self.leads = self._count(LEAD_EIGHTHS)
        self.heads = self._count(HEAD_EIGHTHS)

    def __len__(self) -> int:
        return len(self.sizes)

    def compare(self, first: Numbers, second: Numbers) -> Pairs:
        """What the texts of each pair share."""
        found = np.zeros((5, len(first)), dtype=np.int64)
        for start, end, pair, one, two in _shared(self._codes, self._starts, self.sizes, first, second):
            places = (one, LEAD_EIGHTHS), (two, LEAD_EIGHTHS), (one, HEAD_EIGHTHS), (two, HEAD_EIGHTHS)
            found[0, start:end] = np.bincount(pair, minlength=end - start)
            for row, (place, eighths) in enumerate(places, 1):
                found[row, start:end] = np.bincount(pair[place < eighths], minlength=end - start)
        return Pairs(first, second, *found)

    def containments(self, pairs: Pairs) -> Shares:
        """Shared shingles over those of the smaller text: 0 to 1, 0 for a text of furniture alone."""
        smaller = np.minimum(self.sizes[pairs.first], self.sizes[pairs.second])
        result: Shares = pairs.shared / np.maximum(smaller, 1)
        return result

    def candidates(self) -> Pairs:
        """The pairs that may be copies, compared; a pair with less in common may be missing."""
        n_texts = np.uint64(len(self))
        found: list[Hashes] = []
        times: list[Numbers] = []
        for _, numbers, new in self._joined(self._queries()):
            starts = np.flatnonzero(new)
            counts = np.diff(starts, append=len(numbers))
            rest = np.minimum(np.repeat(starts + counts, counts) - np.arange(len(numbers)) - 1, WINDOW)
            for start, end in _slices(rest, _AT_A_TIME, len(rest) or 1):
                left = np.repeat(np.arange(start, end), rest[start:end])
                right = left + 1 + _within(rest[start:end])
                keys, n_shared = _counted(numbers[left] * n_texts + numbers[right])
                found.append(keys)
                times.append(n_shared)
        keys, n_shared = _summed(found, times)
        first, second = (keys // n_texts).astype(np.int64), (keys % n_texts).astype(np.int64)
        smaller = np.minimum(self.sizes[first], self.sizes[second])
        enough = n_shared >= np.where(smaller <= SHORT, SHARED_AT_LEAST, SHARED_AT_LEAST / SAMPLE_ONE_IN)
        return self.compare(first[enough], second[enough])

    def _locate(self) -> None:
        """Where each text's codes begin and how many it has, by number."""
        starts = np.cumsum(self._sizes) - self._sizes
        self._starts = starts[self._order]
        self.sizes: Numbers = self._sizes[self._order]

    def _chunks(self) -> Iterator[tuple[slice, Hashes]]:
        """The codes piece by piece: where they lie, and the number of each one's text."""
        at = 0
        for start, end in _slices(self._sizes, _AT_A_TIME, len(self._sizes) or 1):
            numbers = np.repeat(self._number[start:end], self._sizes[start:end])
            yield slice(at, at + len(numbers)), numbers
            at += len(numbers)

    def _sampled(self) -> tuple[Hashes, Numbers, Numbers]:
        """Sampled codes alone, and where those of each text begin and how many there are."""
        parts, counts = [], np.zeros(len(self), dtype=np.int64)
        for where, numbers in self._chunks():
            kept = is_sampled(self._codes[where] >> np.uint64(_PLACE_BITS))
            parts.append(self._codes[where][kept])
            counts += np.bincount(numbers[kept].astype(np.int64), minlength=len(counts))
        as_stored = counts[self._number.astype(np.int64)]
        starts = (np.cumsum(as_stored) - as_stored)[self._order]
        return np.concatenate([*parts, np.empty(0, dtype=np.uint64)]), starts, counts

    def _joined(self, chosen: NDArray[np.bool_] | None) -> Iterator[tuple[Hashes, Hashes, NDArray[np.bool_]]]:
        """Shingles of two or more texts in the order of hash and text: hash, text, and where a new hash begins.

        Part by part of the range of hashes: so that memory stays bounded, and that what is left of a hash fits
        beside the number of a text.
        """
        total = len(self._codes) if chosen is None else int(np.count_nonzero(chosen))
        part_bits = max(0, (total // (2 * _AT_A_TIME)).bit_length(), HASH_BITS + self._number_bits - 64)
        left_bits = np.uint64(HASH_BITS - part_bits)
        low = np.uint64((1 << (HASH_BITS - part_bits)) - 1)
        number_bits = np.uint64(self._number_bits)
        for part in range(1 << part_bits):
            packed: list[Hashes] = []
            for where, numbers in self._chunks():
                hashes = self._codes[where] >> np.uint64(_PLACE_BITS)
                inside = hashes >> left_bits == part
                if chosen is not None:
                    inside &= chosen[where]
                packed.append((hashes[inside] & low) << number_bits | numbers[inside])
            joined = np.concatenate([*packed, np.empty(0, dtype=np.uint64)])
            packed.clear()
            joined.sort()
            new = _is_new(joined >> number_bits)
            several = ~new
            several[:-1] |= ~new[1:]
            joined, new = joined[several], new[several]
            numbers = joined & np.uint64((1 << self._number_bits) - 1)
            yield joined >> number_bits | np.uint64(part) << left_bits, numbers, new

    def _furniture(self) -> Hashes:
        """The frequent shingles whose texts share little else, sorted."""
        hashes: list[Hashes] = []
        samples: list[Numbers] = []
        for found, numbers, new in self._joined(None):
            starts = np.flatnonzero(new)
            counts = np.diff(starts, append=len(new))
            starts, counts = starts[counts >= FREQUENT], counts[counts >= FREQUENT]
            hashes.append(found[starts])
            places = starts[:, None] + np.minimum(np.arange(FURNITURE_SAMPLE), counts[:, None] - 1)
            samples.append(numbers[places].astype(np.int32))
        frequent = np.concatenate([*hashes, np.empty(0, dtype=np.uint64)])
        sample = np.concatenate([*samples, np.empty((0, FURNITURE_SAMPLE), dtype=np.int32)])
        # The shingles of a paragraph stand in the same texts.
        prints = np.zeros(len(sample), dtype=np.uint64)
        for column in sample.T:
            prints = mix(prints + column.astype(np.uint64) + np.uint64(1))
        _, at, group = np.unique(prints, return_index=True, return_inverse=True)
        # In the order of their texts, so that sets of one story are judged together.
        places = np.argsort(sample[at, 0], kind="stable")
        group = np.argsort(places)[group]
        sample = sample[at[places]]
        # Where no two neighbours of six are copies, three pairs tell that as well as all fifteen.
        furniture = np.empty(len(sample), dtype=np.bool_)
        for start in range(0, len(sample), _AT_A_TIME // 64):
            own = sample[start : start + _AT_A_TIME // 64].astype(np.int64)
            judged = self._alike(own, _DISJOINT)[0] < FURNITURE_BELOW / 2
            doubtful = np.flatnonzero(~judged)
            alike, beyond = self._alike(own[doubtful], _ALL_PAIRS)
            large = (alike < FURNITURE_AT_MOST) & (beyond < FURNITURE_BEYOND)
            judged[doubtful] = (alike < FURNITURE_BELOW) | large
            furniture[start : start + len(own)] = judged
        return np.sort(frequent[furniture[group]])

    def _alike(self, samples: Numbers, which: Sequence[tuple[int, int]]) -> tuple[Shares, Shares]:
        """For each sample of texts (a row; the last one is repeated where there are fewer), over these pairs of
        its columns: the mean containment; and what they share beyond the least that any two share, as a part
        of the rest of the smaller text.
        """
        if not len(samples):
            return np.empty(0), np.empty(0)
        codes, starts, sizes = self._sample
        keys = np.stack([samples[:, one] << 32 | samples[:, two] for one, two in which])
        distinct, inverse = np.unique(keys, return_inverse=True)
        first, second = distinct >> 32, distinct & 0xFFFFFFFF
        differ = np.flatnonzero(first != second)
        shared = np.full(len(distinct), np.nan)
        for start, end, pair, _, _ in _shared(codes, starts, sizes, first[differ], second[differ]):
            shared[differ[start:end]] = np.bincount(pair, minlength=end - start)
        smaller = np.minimum(sizes[first], sizes[second]).astype(np.float64)
        alike = shared / np.maximum(smaller, 1)
        smaller[first == second] = np.nan
        inverse = inverse.reshape(len(which), -1)
        least = np.nanmin(shared[inverse], axis=0)
        beyond = np.nanmean(shared[inverse], axis=0) - least
        rest = np.nanmean(smaller[inverse], axis=0) - least
        return np.nanmean(alike[inverse], axis=0), beyond / np.maximum(rest, 1)

    def _mask(self, mask: Hashes) -> None:
        """Leaves out the codes whose hashes are in the sorted mask."""
        if not len(mask):
            return
        likely = np.zeros(1 << 24, dtype=np.bool_)
        low = np.uint64(len(likely) - 1)
        likely[mask & low] = True
        end = 0
        n_kept = np.zeros(len(self._sizes), dtype=np.int64)
        for where, numbers in self._chunks():
            codes = self._codes[where]
            hashes = codes >> np.uint64(_PLACE_BITS)
            keep = ~likely[hashes & low]
            doubtful = np.flatnonzero(~keep)
            nearest = np.searchsorted(mask, hashes[doubtful])
            keep[doubtful] = mask[np.minimum(nearest, len(mask) - 1)] != hashes[doubtful]
            n_kept += np.bincount(numbers[keep].astype(np.int64), minlength=len(n_kept))
            kept = codes[keep]
            self._codes[end : end + len(kept)] = kept
            end += len(kept)
        self._codes = self._codes[:end]
        self._sizes = np.empty_like(n_kept)
        self._sizes[self._order] = n_kept

    def _count(self, eighths: int) -> Numbers:
        """How many codes each text has in so many eighths from its beginning."""
        counts = np.zeros(len(self), dtype=np.int64)
        for where, numbers in self._chunks():
            inside = (self._codes[where] & np.uint64(7)) < eighths
            counts += np.bincount(numbers[inside].astype(np.int64), minlength=len(counts))
        return counts

    def _queries(self) -> NDArray[np.bool_]:
        """Which codes partners are looked for with: sampled ones, and those that short texts may have."""
        short = np.zeros(1 << 24, dtype=np.bool_)
        low = np.uint64(len(short) - 1)
        texts = np.flatnonzero(self.sizes <= SHORT)
        of_short = _gathered(self._codes, self._starts[texts], self.sizes[texts]) >> np.uint64(_PLACE_BITS)
        short[of_short & low] = True
        chosen = np.empty(len(self._codes), dtype=np.bool_)
        for where, _ in self._chunks():
            hashes = self._codes[where] >> np.uint64(_PLACE_BITS)
            chosen[where] = is_sampled(hashes) | short[hashes & low]
        return chosen


def _shared(
    codes: Hashes, starts: Numbers, sizes: Numbers, first: Numbers, second: Numbers
) -> Iterator[tuple[int, int, Numbers, Hashes, Hashes]]:
    """The shared shingles of pairs, some pairs (``start`` to ``end``) at a time: of which pair, counted from
    ``start``, and in which eighth of either text.
    """
    for start, end in _slices(sizes[first] + sizes[second], _AT_A_TIME // 8, _COMPARED_TOGETHER):
        pairs = np.arange(end - start, dtype=np.uint64) << np.uint64(_CODE_BITS + 1)
        packed = []
        for side, texts in enumerate((first[start:end], second[start:end])):
            own = _gathered(codes, starts[texts], sizes[texts])
            # A bit for the side goes between hash and place, so that equal hashes come to stand together.
            place = own & np.uint64(7)
            own += own
            own -= place
            own += np.repeat(pairs + np.uint64(side << _PLACE_BITS), sizes[texts])
            packed.append(own)
        both = np.concatenate(packed)
        both.sort()
        hashes = both >> np.uint64(_PLACE_BITS + 1)
        at = np.flatnonzero(hashes[1:] == hashes[:-1])
        one, two = both[at], both[at + 1]
        yield (
            start,
            end,
            (one >> np.uint64(_CODE_BITS + 1)).astype(np.int64),
            one & np.uint64(7),
            two & np.uint64(7),
        )


def _gathered(codes: Hashes, starts: Numbers, sizes: Numbers) -> Hashes:
    """The runs of codes that begin there and are so long, one after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    gathered: Hashes = codes[np.repeat(starts - ends + sizes, sizes) + np.arange(total)]
    return gathered


def _is_new(values: Hashes) -> NDArray[np.bool_]:
    """Where a sorted array has a value that is not that before."""
    new = np.ones(len(values), dtype=np.bool_)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def _within(lengths: Numbers) -> Numbers:
    """0, 1, 2 ... for each of the lengths, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    result: Numbers = np.arange(total) - np.repeat(ends - lengths, lengths)
    return result


def _slices(weights: Numbers, at_most: int, n_most: int) -> Iterator[tuple[int, int]]:
    """Runs of items of at most so much weight and so many; an item alone may weigh more."""
    ends = np.cumsum(weights)
    start = 0
    while start < len(weights):
        before = int(ends[start - 1]) if start else 0
        end = int(np.searchsorted(ends, before + at_most, side="right"))
        end = min(max(end, start + 1), start + n_most)
        yield start, end
        start = end


def _counted(values: Hashes) -> tuple[Hashes, Numbers]:
    """The distinct values, sorted, and how often each one stands there; sorts the array itself."""
    values.sort()
    starts = np.flatnonzero(_is_new(values))
    return values[starts], np.diff(starts, append=len(values))


def _summed(values: list[Hashes], counts: list[Numbers]) -> tuple[Hashes, Numbers]:
    """Distinct values of several such lists with the sums of their counts."""
    every = np.concatenate([*values, np.empty(0, dtype=np.uint64)])
    count = np.concatenate([*counts, np.empty(0, dtype=np.int64)])
    order = np.argsort(every, kind="stable")
    starts = np.flatnonzero(_is_new(every[order]))
    if not len(starts):
        return every, count
    return every[order][starts], np.add.reduceat(count[order], starts)
