"""Near-duplicate clustering of syndicated copies.

Copies of a wire story carry other headlines, lost or inserted paragraphs, other quotes and hyphens, or are
briefs cut out of the whole. What they share is measured as containment: the shared word 4-grams over
those of the smaller text, without furniture; follow-ups, which share background below a new lead, are kept
apart. Links are taken by falling containment; two groups merge only if a sample of their members is alike on
average (veto), so that a digest of many stories does not chain them together. Two copies that were cut out of
the whole in different ways share less than a link; if they tell the same lead they have no vote against
the whole that links them. Only texts that share rare enough words are ever compared: no all-pairs step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import blake2b
from urllib.parse import urlsplit

from frontlog.records import Article, Story
from frontlog.stories.shingles import Hasher, normalise_words
from frontlog.stories.similarity import CONTAINMENT, SHARED_AT_LEAST, Link, Texts

# A merge needs a mean containment of at least ``CONTAINMENT`` over a sample of so many members of each side.
VETO_SAMPLE = 4
# Two copies that each keep ``CONTAINMENT`` of a story, whatever the other keeps, share about its square (0.2)
# with each other. With the same lead they are kin: they count as a link would, no more. Strangers in a digest
# share nothing.
KIN = 0.2
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
    by_words: dict[str, list[Article]] = {}
    for article in sorted(articles, key=lambda article: article.article_id):
        by_words.setdefault(_content(article), []).append(article)
    # Sorted by a hash of the content, the first members of a group are a sample of it that neither the
    # order of the input nor other articles change.
    keys = sorted(by_words, key=lambda words: blake2b(words.encode(), digest_size=16).digest())
    hasher = Hasher()
    texts = Texts([hasher.sequence([] if key.startswith("\0") else key.split(" ")) for key in keys])
    stories = []
    for nodes, weakest in _merge(texts, texts.links(), len(keys)):
        sizes = {a.article_id: texts.size(node) for node in nodes for a in by_words[keys[node]]}
        words = {a.article_id: keys[node] for node in nodes for a in by_words[keys[node]]}
        members = sorted((a for node in nodes for a in by_words[keys[node]]), key=lambda a: a.article_id)
        stories.append(_story(members, sizes, words, weakest))
    return sorted(stories, key=lambda story: (story.story_id, story.article_ids))


def own_date(article: Article) -> date | None:
    """The publication date that the article states itself; None if it has none or a borrowed one."""
    return None if article.published_basis in BORROWED else article.published


def _content(article: Article) -> str:
    """The words of an article, joined; for a text without words a key that no other article has."""
    return " ".join(normalise_words(article.text)) or f"\0{article.article_id}"


def _merge(texts: Texts, links: Sequence[Link], n_texts: int) -> list[tuple[list[int], float]]:
    """Veto clustering: groups of text indices (rising), each with the weakest link that it was made by."""
    group_of = list(range(n_texts))
    groups = {node: [node] for node in range(n_texts)}
    weakest = dict.fromkeys(range(n_texts), 1.0)
    for link in links:
        first, second = group_of[link.first], group_of[link.second]
        if first == second or not _alike(texts, groups[first], groups[second]):
            continue
        if len(groups[first]) < len(groups[second]):
            first, second = second, first
        for node in groups[second]:
            group_of[node] = first
        groups[first] = sorted(groups[first] + groups.pop(second))
        weakest[first] = min(weakest[first], weakest.pop(second), link.containment)
    return [(nodes, weakest[group]) for group, nodes in groups.items()]


def _alike(texts: Texts, first: Sequence[int], second: Sequence[int]) -> bool:
    alike = [_likeness(texts, i, j) for i in first[:VETO_SAMPLE] for j in second[:VETO_SAMPLE]]
    return sum(alike) / len(alike) >= CONTAINMENT


def _likeness(texts: Texts, first: int, second: int) -> float:
    """The containment of a pair as the veto counts it: that of kin is at least a link's."""
    containment, n_shared = texts.containment(first, second)
    if KIN <= containment < CONTAINMENT and n_shared >= SHARED_AT_LEAST and texts.keeps_lead(first, second):
        return CONTAINMENT
    return containment


def _story(members: Sequence[Article], sizes: dict[str, int], words: dict[str, str], weakest: float) -> Story:
    dates = [own_date(article) for article in members]
    if not any(dates):
        dates = [article.published for article in members]
    first_published = min((day for day in dates if day), default=None)
    earliest = [a for a, day in zip(members, dates, strict=True) if day == first_published]
    representative = min(earliest, key=lambda article: (-sizes[article.article_id], article.article_id))
    digest = blake2b(words[representative.article_id].encode(), digest_size=6).hexdigest()
    agencies = Counter(article.agency for article in members if article.agency)
    return Story(
        story_id=f"s_{digest}",
        article_ids=tuple(article.article_id for article in members),
        representative_id=representative.article_id,
        n_publishers=count_publishers(members),
        agency=min(agencies, key=lambda name: (-agencies[name], name), default=None),
        first_published=first_published,
        similarity_min=round(weakest, 3) if len(members) > 1 else None,
    )


def count_publishers(articles: Iterable[Article]) -> int:
    """Distinct outlets of some articles; all articles of an unknown outlet count as one."""
    return len({_publisher(article) for article in articles})


def _publisher(article: Article) -> str:
    """What tells publishers apart; empty if nothing is known."""
    if article.publisher and article.publisher.strip():
        return article.publisher.strip().casefold()
    try:
        host = urlsplit(article.url or "").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
