"""Which pairs of texts share how much: inverted index, furniture mask, containment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frontlog.stories.shingles import SAMPLE_ONE_IN, Hashes, mix, sampled, sketch

# A pair is a link when the smaller text shares at least this part of its shingles with the larger one:
# the best value of a trial on 10,000 edited articles (pairwise F1 0.98).
CONTAINMENT = 0.45
# A shingle in at least ``FREQUENT`` distinct texts is furniture (a stock phrase, shared background) if those
# texts are not copies of one another: if at most ``FURNITURE_SAMPLE`` of them share on average less than
# ``FURNITURE_BELOW``. That is a little less than a link, so that side bars of a third of an article are
# masked, and a story whose copies were cut in different ways is not.
FREQUENT = 4
FURNITURE_BELOW = 0.4
FURNITURE_SAMPLE = 6
# Fewer shared shingles than this (11 words in a row) are no evidence, whatever part of a text they are.
SHARED_AT_LEAST = 8
# The lead is the first half of a text. A follow-up has a new one and repeats background below it, while a
# copy, a shortened one too, tells the same lead in words that stay at least partly the same. So each text of
# a pair must have this part of the other's lead (of as much of it as would fit, for a brief).
LEAD_PART = 2
LEAD_SHARED = 0.2
# A text with more shingles than this looks for partners with a sample of them, and compares itself in full
# only with those that have at least ``QUERY_AT_LEAST`` of it: for a containment of ``CONTAINMENT`` that is
# four standard deviations of the smallest sample (64).
QUERY_SAMPLE_ABOVE = 256
QUERY_AT_LEAST = 0.2

Nodes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Link:
    """Two texts (``first`` < ``second``) that may be copies, by index; how much they share."""

    first: int
    second: int
    containment: float
    n_shared: int


class Texts:
    """The sketches of distinct texts, with furniture masked; compares them and remembers the results.

    ``sequences`` are the shingle hashes of each text in reading order. Their order decides which texts stand
    for a large group, so the caller sorts them by a hash of their content.
    """

    def __init__(self, sequences: Sequence[Hashes]) -> None:
        distinct = [np.unique(hashes) for hashes in sequences]
        sketches = [sketch(hashes) for hashes in distinct]
        self._thin = [len(kept) < len(all_) for kept, all_ in zip(sketches, distinct, strict=True)]
        self._known: dict[tuple[int, int], tuple[float, int]] = {}
        self._kept = sketches
        self._index = _Index(sketches)
        mask = self._furniture()
        self._known.clear()
        self._kept = [_without(kept, mask) for kept in sketches]
        self._index = _Index(self._kept)
        self._leads = []
        for hashes, thin in zip(sequences, self._thin, strict=True):
            lead = np.unique(hashes[: max(1, len(hashes) // LEAD_PART)])
            self._leads.append(_without(sampled(lead) if thin else lead, mask))

    def size(self, node: int) -> int:
        """How many shingles of its own a text has, furniture not counted (estimated for long texts)."""
        return len(self._kept[node]) * (SAMPLE_ONE_IN if self._thin[node] else 1)

    def containment(self, first: int, second: int) -> tuple[float, int]:
        """Shared shingles over those of the smaller text (0 to 1), and their number; (0.0, 0) if none."""
        key = (first, second) if first < second else (second, first)
        if key not in self._known:
            one, two = self._kept[first], self._kept[second]
            if self._thin[first] != self._thin[second]:
                one, two = sampled(one), sampled(two)
            smaller = min(len(one), len(two))
            shared = len(np.intersect1d(one, two, assume_unique=True)) if smaller else 0
            self._known[key] = (shared / smaller if smaller else 0.0, shared)
        return self._known[key]

    def links(self) -> list[Link]:
        """All pairs that are alike enough to be copies, the strongest first."""
        found = []
        for first, second in self._candidates():
            containment, n_shared = self.containment(first, second)
            if n_shared < SHARED_AT_LEAST or containment < CONTAINMENT:
                continue
            if self.keeps_lead(first, second):
                found.append(Link(min(first, second), max(first, second), containment, n_shared))
        return sorted(found, key=lambda link: (-link.containment, -link.n_shared, link.first, link.second))

    def keeps_lead(self, first: int, second: int) -> bool:
        """Whether the lead of each text is told in the other."""
        return self._tells_lead(first, second) and self._tells_lead(second, first)

    def _tells_lead(self, first: int, second: int) -> bool:
        """Whether the first text has enough of the lead of the second."""
        kept, lead = self._kept[first], self._leads[second]
        if self._thin[first] != self._thin[second]:
            kept, lead = sampled(kept), sampled(lead)
        shared = len(np.intersect1d(kept, lead, assume_unique=True))
        return shared >= max(1.0, LEAD_SHARED * min(len(kept), len(lead)))

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Pairs (smaller text, larger text) that may be links; a pair with less in common may be missed."""
        sizes = np.array([self.size(node) for node in range(len(self._kept))], dtype=np.int64)
        thin = np.array(self._thin, dtype=np.bool_)
        for node, hashes in enumerate(self._kept):
            sample = sampled(hashes)
            query = hashes if thin[node] or len(hashes) <= QUERY_SAMPLE_ABOVE else sample
            partners, counts = np.unique(self._index.texts_with(query), return_counts=True)
            larger = (sizes[partners] > sizes[node]) | ((sizes[partners] == sizes[node]) & (partners > node))
            # A thinned partner can only have the sampled part of the query.
            possible = np.where(thin[partners], len(sample), len(query))
            for partner in partners[larger & (counts >= QUERY_AT_LEAST * possible)]:
                yield node, int(partner)

    def _furniture(self) -> Hashes:
        """The frequent shingles whose texts share little else, sorted."""
        index = self._index
        groups: dict[tuple[int, int], bool] = {}
        masked = []
        for position in np.flatnonzero(index.counts >= FREQUENT):
            group = (int(index.fingerprints[position]), int(index.counts[position]))
            if group not in groups:
                nodes = [int(node) for node in index.texts_at(int(position))[:FURNITURE_SAMPLE]]
                alike = [
                    self.containment(one, two)[0] for i, one in enumerate(nodes) for two in nodes[i + 1 :]
                ]
                groups[group] = sum(alike) / len(alike) < FURNITURE_BELOW
            if groups[group]:
                masked.append(index.hashes[position])
        return np.array(masked, dtype=np.uint64)


class _Index:
    """For each shingle that stands in two or more texts: which ones."""

    def __init__(self, sketches: Sequence[Hashes]) -> None:
        hashes = np.concatenate([*sketches, np.empty(0, dtype=np.uint64)])
        nodes = np.repeat(np.arange(len(sketches), dtype=np.int64), [len(kept) for kept in sketches])
        order = np.argsort(hashes, kind="stable")
        hashes, nodes = hashes[order], nodes[order]
        is_first = np.ones(len(hashes), dtype=np.bool_)
        is_first[1:] = hashes[1:] != hashes[:-1]
        starts = np.flatnonzero(is_first)
        counts = np.diff(np.append(starts, len(hashes)))
        several = counts >= 2
        self._nodes: Nodes = nodes
        self._starts = starts[several]
        self.counts = counts[several]
        self.hashes: Hashes = hashes[self._starts]
        if len(starts):
            sums = np.add.reduceat(mix(nodes.astype(np.uint64) + np.uint64(1)), starts)
            self.fingerprints: Hashes = sums[several]
        else:
            self.fingerprints = np.empty(0, dtype=np.uint64)

    def texts_at(self, position: int) -> Nodes:
        """The texts (rising) with the shingle at this position of ``hashes``."""
        start = self._starts[position]
        return self._nodes[start : start + self.counts[position]]

    def texts_with(self, query: Hashes) -> Nodes:
        """The texts of each of these shingles, one after the other; shingles of a single text are skipped."""
        if not len(self.hashes):
            return np.empty(0, dtype=np.int64)
        positions = np.searchsorted(self.hashes, query)
        positions[positions == len(self.hashes)] = 0
        positions = positions[self.hashes[positions] == query]
        counts = self.counts[positions]
        if not len(counts):
            return np.empty(0, dtype=np.int64)
        ends = np.cumsum(counts)
        within = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
        texts: Nodes = self._nodes[np.repeat(self._starts[positions], counts) + within]
        return texts


def _without(hashes: Hashes, mask: Hashes) -> Hashes:
    """The hashes that are not in the sorted mask (``np.isin`` would sort it again for every text)."""
    if not len(mask):
        return hashes
    nearest = mask[np.minimum(np.searchsorted(mask, hashes), len(mask) - 1)]
    kept: Hashes = hashes[nearest != hashes]
    return kept
