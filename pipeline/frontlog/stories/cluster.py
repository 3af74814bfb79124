"""Near-duplicate clustering of syndicated copies.

Copies of a wire story carry other headlines, lost or inserted paragraphs, other quotes and hyphens, or are
briefs cut out of the whole. What they share is measured as containment: the shared word 4-grams over
those of the smaller text, without furniture (``similarity``). Follow-ups, which share background below a new lead,
and digests, which begin many stories, are kept apart (``links``). Links are taken by falling containment; two
groups merge only if a sample of their members is alike on average (veto), so that a text in between does not
chain them together. Two copies that were cut out of the whole in different ways share less than a link; if they
tell the same lead they have no vote against the whole that links them. Only texts that share rare enough words
are ever compared: no all-pairs step. ``benchmarks/README.md`` has figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import blake2b

import numpy as np

from frontlog.records import Article, Story
from frontlog.stories.links import CONTAINMENT, find_links, likeness_of
from frontlog.stories.shingles import normalise, shingles
from frontlog.stories.similarity import Texts, pack

# A merge needs a mean containment of at least ``CONTAINMENT`` over a sample of so many members of each side.
VETO_SAMPLE = 4
# Dates of these kinds were not read in the article itself.
BORROWED = ("copies", "option")


def cluster(articles: Sequence[Article]) -> list[Story]:
    """Group articles into stories: a wire story and its copies; most stories have one article.

    The result depends on the articles' content only, not on their order. Articles with equal words are always
    one story; a text without words is a story of its own. Stories are sorted by ``story_id``, members
    by ``article_id``.

    - ``story_id``: ``s_`` and 12 hexadecimal digits of the representative's words, so it stays when unrelated
      articles come in.
    - ``representative_id``: among the copies with the earliest publication date the one with the most
      text that is not furniture (undated copies only where none is dated); then the smaller ``article_id``.
    - ``n_publishers``: distinct publishers (case ignored; the host of ``url`` where ``publisher`` is unknown)
      plus one if there are members of which neither is known: those count as one together.
    - ``agency``: the one that most members name, then the alphabetically first.
    - ``first_published``: the earliest date that a member states itself; borrowed dates (``copies``,
      ``option``) only where no member states one.
    - ``similarity_min``: the containment of the weakest link that joined two parts, to 3 decimals.

    Raises ``ValueError`` if two articles have the same ``article_id``.

    Example: a report, a copy of it under another headline and an unrelated text give two stories, with
    ``n_articles`` 2 and 1.
    """
    repeated = [key for key, count in Counter(a.article_id for a in articles).items() if count > 1]
    if repeated:
        raise ValueError(f"article_id is not unique: {min(repeated)}")
    copies: dict[bytes, list[Article]] = {}
    ids: list[bytes] = []

    def distinct() -> Iterator[bytes]:
        for article in sorted(articles, key=lambda article: article.article_id):
            words = normalise(article.text) or f"\0{article.article_id}".encode()
            # Sorted by a hash of the content, the first members of a group are a sample of it that neither
            # the order of the input nor other articles change.
            key = blake2b(words, digest_size=16).digest()
            if key not in copies:
                copies[key] = []
                ids.append(blake2b(words, digest_size=6).digest())
                yield b"" if words.startswith(b"\0") else words
            copies[key].append(article)

    codes, sizes = pack(shingles(distinct()))
    keys = list(copies)
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=np.int64)
    texts = Texts(codes, sizes, order)
    stories = []
    for nodes, weakest in _merge(texts):
        members = [
            (a, int(texts.sizes[node]), ids[order[node]]) for node in nodes for a in copies[keys[order[node]]]
        ]
        members.sort(key=lambda member: member[0].article_id)
        stories.append(_story(members, weakest))
    return sorted(stories, key=lambda story: (story.story_id, story.article_ids))


def own_date(article: Article) -> date | None:
    """The publication date that the article states itself; None if it has none or a borrowed one."""
    return None if article.published_basis in BORROWED else article.published


def _merge(texts: Texts) -> Iterator[tuple[list[int], float]]:
    """Veto clustering: groups of text numbers, each with the weakest link that it was made by."""
    links = find_links(texts)

    def alike(one: list[int], two: list[int]) -> bool:
        total = sum(likeness(min(i, j), max(i, j)) for i in one for j in two)
        return total >= CONTAINMENT * len(one) * len(two)

    def likeness(i: int, j: int) -> float:
        known = links.likeness.get(i << 32 | j)
        return likeness_of(texts, i, j) if known is None else known

    group_of = list(range(len(texts)))
    groups = {node: [node] for node in range(len(texts))}
    samples = {node: [node] for node in range(len(texts))}
    weakest = dict.fromkeys(range(len(texts)), 1.0)
    for i, j, containment in zip(links.first, links.second, links.containment, strict=True):
        one, two = group_of[i], group_of[j]
        if one == two or not alike(samples[one], samples[two]):
            continue
        if len(groups[one]) < len(groups[two]):
            one, two = two, one
        for node in groups[two]:
            group_of[node] = one
        groups[one] += groups.pop(two)
        samples[one] = sorted(samples[one] + samples.pop(two))[:VETO_SAMPLE]
        weakest[one] = min(weakest[one], weakest.pop(two), containment)
    for group, nodes in groups.items():
        yield nodes, weakest[group]


def _story(members: Sequence[tuple[Article, int, bytes]], weakest: float) -> Story:
    """The story of articles, each with its shingles that are not furniture and the hash of its words."""
    articles = [article for article, _, _ in members]
    dates = [own_date(article) for article in articles]
    if not any(dates):
        dates = [article.published for article in articles]
    first_published = min((day for day in dates if day), default=None)
    earliest = [member for member, day in zip(members, dates, strict=True) if day == first_published]
    representative, _, digest = min(earliest, key=lambda member: (-member[1], member[0].article_id))
    agencies = Counter(article.agency for article in articles if article.agency)
    return Story(
        story_id=f"s_{digest.hex()}",
        article_ids=tuple(article.article_id for article in articles),
        representative_id=representative.article_id,
        n_publishers=count_publishers(articles),
        agency=min(agencies, key=lambda name: (-agencies[name], name), default=None),
        first_published=first_published,
        similarity_min=round(weakest, 3) if len(members) > 1 else None,
    )


def count_publishers(articles: Iterable[Article]) -> int:
    """Distinct outlets of some articles; all articles of an unknown outlet count as one."""
    return len({article.outlet for article in articles})
