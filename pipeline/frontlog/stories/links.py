"""Which pairs of texts are copies of one story: containment, the same beginning, and no round-up of many stories."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frontlog.stories.similarity import SHARED_AT_LEAST, Numbers, Pairs, Shares, Texts

Chosen = NDArray[np.bool_]

# A pair is a link when the smaller text shares at least this part of its shingles with the larger one:
# the best value of a trial on 10,000 edited articles (pairwise F1 0.98).
CONTAINMENT = 0.45
# Two copies that each keep ``CONTAINMENT`` of a story, whatever the other keeps, share about its square (0.2)
# with each other. With the same lead they are kin: they count as a link would, no more. Strangers in a digest
# share nothing.
KIN = 0.2
# A follow-up has a new lead (the first half) and repeats background below it, while a copy, a shortened one too,
# tells the same lead in words that stay at least partly the same. So each text of a pair must have this part
# of the other's lead (of as much of it as would fit, for a brief).
LEAD_SHARED = 0.2
LEAD_SHARED_SURE = 0.05
# Pairs that share less than ``SURE`` must begin alike too: one text's head (its first eighth) is told in the other, and
# so is one text's lead, not only the furniture above it. Of 3,414 links of 3,000 generated articles these two
# took 60 of 101 wrong ones and 27 of 3,313 right ones, whose texts other links join. Between ``SURE`` and ``CERTAIN``
# some of a head is enough, or much of both leads, where a desk has written a new beginning: follow-ups that quote
# most of a short story have neither.
SURE = 0.65
CERTAIN = 0.8
HEAD_TOLD = 0.2
HEAD_TOLD_SURE = 0.05
HEADED_FROM = 96
LEAD_TOLD = 0.3
LEAD_TOLD_SURE = 0.4
# A digest tells the beginnings of other stories beside the one that it is compared with. It is one when so many
# texts that share nothing with each other or with that one begin in it: on the same articles this
# took 37 of 41 wrong links of digests and no right one; with 1 it would take 97 right ones too (furniture).
STRANGERS = 2
# One is enough if its beginning, and little else of it, is so large a part of the digest: on 10,000 articles
# that took 10 of the 41 wrong links that were left, and 1 of 10,342 right ones; 0.1 costs one brief in fifty.
PART = 0.2
# A text that tells most of the digest is a copy of it and no item.
ITEM_AT_MOST = 0.6
# A text begins in a digest if the digest has this part of its head, and not less than a sentence of it ...
BEGINS = 0.25
# ... or if most of what the two share is of its lead, some of it of its head.
BEGINS_LEAD = 0.8
SENTENCE = 12
PHRASE = 4


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs that are copies, the strongest first, and how alike the known pairs are (by ``pair_key``)."""

    first: list[int]
    second: list[int]
    containment: list[float]
    likeness: dict[int, float]


def find_links(texts: Texts) -> Links:
    """All pairs of texts that are copies of one story, as far as a pair can tell."""
    pairs = texts.candidates()
    containments = texts.containments(pairs)
    leads = _keep_leads(texts, pairs, containments)
    enough = (pairs.shared >= SHARED_AT_LEAST) & (containments >= CONTAINMENT)
    linked = enough & leads & _begin_alike(texts, pairs, containments)
    in_digest = _in_digest(texts, pairs, linked)
    linked &= ~in_digest
    likeness = np.where(in_digest, 0.0, _likeness(pairs, containments, leads))
    links, strength = pairs.where(linked), containments[linked]
    order = np.lexsort((links.second, links.first, -links.shared, -strength))
    return Links(
        links.first[order].tolist(),
        links.second[order].tolist(),
        strength[order].tolist(),
        dict(zip(pair_key(pairs.first, pairs.second).tolist(), likeness.tolist(), strict=True)),
    )


def pair_key(first: Numbers, second: Numbers) -> Numbers:
    """One number for a pair (``first`` < ``second``)."""
    return first << 32 | second


def likeness_of(texts: Texts, first: int, second: int) -> float:
    """The containment of a pair that was no candidate, as ``Links.likeness`` has it."""
    pair = texts.compare(np.array([first]), np.array([second]))
    containments = texts.containments(pair)
    return float(_likeness(pair, containments, _keep_leads(texts, pair, containments))[0])


def _likeness(pairs: Pairs, containments: Shares, leads: Chosen) -> Shares:
    """Containment, that of kin at least a link's."""
    kin = (containments >= KIN) & (pairs.shared >= SHARED_AT_LEAST) & leads
    return np.where(kin, np.maximum(containments, CONTAINMENT), containments)


def _keep_leads(texts: Texts, pairs: Pairs, containments: Shares) -> Chosen:
    """Whether the lead of each text of a pair is told in the other."""
    part = np.where(containments < SURE, LEAD_SHARED, LEAD_SHARED_SURE)
    of_second = np.minimum(texts.sizes[pairs.first], texts.leads[pairs.second])
    of_first = np.minimum(texts.sizes[pairs.second], texts.leads[pairs.first])
    result: Chosen = (pairs.of_second_lead >= np.maximum(1.0, part * of_second)) & (
        pairs.of_first_lead >= np.maximum(1.0, part * of_first)
    )
    return result


def _begin_alike(texts: Texts, pairs: Pairs, containments: Shares) -> Chosen:
    """Whether a pair shares so much that it is sure, or one text's head and one's lead are told in the other."""

    def told(of_first: Numbers, of_second: Numbers, counts: Numbers) -> tuple[Shares, Shares]:
        first, second = np.maximum(1, counts[pairs.first]), np.maximum(1, counts[pairs.second])
        return of_first / first, of_second / second

    head = np.maximum(*told(pairs.of_first_head, pairs.of_second_head, texts.heads))
    leads = told(pairs.of_first_lead, pairs.of_second_lead, texts.leads)
    # The head of a short text is its headline, which copies do not keep.
    headless = np.minimum(texts.sizes[pairs.first], texts.sizes[pairs.second]) < HEADED_FROM
    doubtful = (np.maximum(*leads) >= LEAD_TOLD) & (headless | (head >= HEAD_TOLD))
    sure = headless | (head >= HEAD_TOLD_SURE) | (np.minimum(*leads) >= LEAD_TOLD_SURE)
    alike: Chosen = np.where(containments < SURE, doubtful, sure | (containments >= CERTAIN))
    return alike


def _in_digest(texts: Texts, pairs: Pairs, linked: Chosen) -> Chosen:
    """The linked pairs of which one text is a digest and the other is an item of it."""
    found = np.zeros(len(linked), dtype=np.bool_)
    tellers = np.concatenate((pairs.first, pairs.second))
    items = np.concatenate((pairs.second, pairs.first))
    leads = np.concatenate((pairs.of_second_lead, pairs.of_first_lead))
    heads = np.concatenate((pairs.of_second_head, pairs.of_first_head))
    shared = np.concatenate((pairs.shared, pairs.shared))
    partial = shared < ITEM_AT_MOST * texts.sizes[tellers]
    headed = heads >= np.maximum(SENTENCE / 2, BEGINS * texts.heads[items])
    led = (leads >= BEGINS_LEAD * shared) & (shared >= SENTENCE)
    begins = partial & (headed | (led & (heads >= PHRASE)))
    strong = headed & led & (shared >= PART * texts.sizes[tellers])
    items_of: dict[int, list[tuple[int, int, bool]]] = defaultdict(list)
    for digest, item, n_shared, alone in zip(
        *(x[begins].tolist() for x in (tellers, items, shared, strong)), strict=True
    ):
        items_of[digest].append((-n_shared, item, alone))
    for own in items_of.values():
        own.sort()
    related = dict.fromkeys(
        pair_key(pairs.first, pairs.second)[pairs.shared >= SHARED_AT_LEAST].tolist(), True
    )

    def is_related(one: int, two: int) -> bool:
        key = min(one, two) << 32 | max(one, two)
        if key not in related:  # far apart in a huge story, or strangers indeed
            pair = texts.compare(np.array([one]), np.array([two]))
            related[key] = bool(pair.shared[0] >= SHARED_AT_LEAST)
        return related[key]

    doubtful = np.flatnonzero(np.concatenate((linked, linked)) & partial)
    for at, digest, item in zip(
        *(x.tolist() for x in (doubtful, tellers[doubtful], items[doubtful])), strict=True
    ):
        strangers = [item]
        for _, other, alone in items_of.get(digest, []):
            if other != item and not any(is_related(other, one) for one in strangers):
                strangers.append(other)
                if alone or len(strangers) > STRANGERS:
                    found[at % len(found)] = True
                    break
    return found
