"""Furniture that only the other articles of a run show: paragraphs that one site prints under different stories."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import combinations
from pathlib import PurePosixPath

from frontlog.reading.cleaning import paragraph_offsets, removals
from frontlog.reading.furniture import Found
from frontlog.reading.lexicon import SENTENCE_END, folded_words
from frontlog.reading.offsets import Mapped
from frontlog.records import Article, Cut, Piece

# A line that two stories share may be chance ("By our reporter", "Background"), in a third it is the page's. Whole
# sentences that do not speak of the page need one more, and more evidence beside it.
STORIES, STORIES_FOR_SENTENCES = 3, 4
# Of so many articles with a paragraph, chosen by their ids, it is asked whether they tell different stories.
_SAMPLE = 8
# Two articles are copies or follow-ups if they share more of their other paragraphs than this ...
_SAME_STORY = 0.34
# ... and stories of one subject if they share more of their names: background recurs in those, the page's text in all.
_SAME_SUBJECT = 0.25
_LONGEST_LINE = 25  # words

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"")
_TO_READER = re.compile(
    r"\b(?:you|your|yours|our|ours|us|we)\b"
    r"|\b(?:this|the) (?:article|story|report|page|site|website|newsletter|newspaper|post|column|podcast|briefing)\b"
    r"|\b(?:click|subscribe|sign up|newsletter|copyright|all rights reserved)\b|©|https?://|www\.",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[a-z,;] )[^\W\da-z_][\w'’-]+")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph of an article: its number, offsets in the cleaned text, a hash of its words and their number."""

    number: int
    start: int
    end: int
    digest: bytes
    n_words: int


def without_recurring(articles: Sequence[Article]) -> list[Article]:
    """The same articles in the same order, without the paragraphs that their sites print under all stories.

    A paragraph is taken out (as a cut of the kind ``recurring``) if it stands in at least ``STORIES`` different
    stories of one site and is no sentence, or speaks to the reader or of the page; other sentences only if they
    stand in at least ``STORIES_FOR_SENTENCES`` that have few names in common, always above or below the story, since
    what recurs in stories about one war is background and belongs to them. Articles that share much of their other
    text are one story. The site is the publisher, the host of ``url``, or the folder that the article came from.
    Headlines stay, and so does an article that would lose all. The result does not depend on the order.

    Example: "Reporters Sans Sommeil is a project of the Plains Herald." under three stories of the Plains Herald goes.
    """
    by_site: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_site[_site(article)].append(article)
    changed: dict[str, Article] = {}
    for site, members in by_site.items():
        if len(members) >= STORIES:
            changed |= _cleared(site, sorted(members, key=lambda article: article.article_id))
    return [changed.get(article.article_id, article) for article in articles]


def _site(article: Article) -> str:
    return article.outlet or f"folder:{PurePosixPath(article.path).parent}"


def _cleared(site: str, articles: Sequence[Article]) -> dict[str, Article]:
    """The articles of one site that lose something, by id."""
    found = {article.article_id: _paragraphs(article) for article in articles}
    holders: dict[bytes, list[str]] = defaultdict(list)
    for key, paragraphs in found.items():
        for digest in {paragraph.digest for paragraph in paragraphs}:
            holders[digest].append(key)
    often = {digest: keys for digest, keys in holders.items() if len(keys) >= STORIES}
    if not often:
        return {}
    by_id = {article.article_id: article for article in articles}
    evidence = _Evidence(by_id, found, often, frozenset(folded_words(site)))
    furniture = {digest for digest in often if evidence.is_furniture(digest)}
    # Sentences of the page are only known at the edge: what furniture uncovers comes in the next round.
    while more := {
        digest for digest in often if digest not in furniture and evidence.is_edge(digest, furniture)
    }:
        furniture |= more
    cleared = {}
    for key, paragraphs in found.items():
        gone = [p for p in paragraphs if p.digest in furniture and not _is_title(by_id[key], p)]
        if gone and len(gone) < len(paragraphs):
            cleared[key] = _cut(by_id[key], gone)
    return cleared


def _paragraphs(article: Article) -> list[_Paragraph]:
    texts = article.text.split("\n\n")
    found = []
    for number, (text, start) in enumerate(zip(texts, paragraph_offsets(texts), strict=True)):
        words = folded_words(text)
        if words:
            found.append(_Paragraph(number, start, start + len(text), _digest(words), len(words)))
    return found


def _digest(words: Iterable[str]) -> bytes:
    return blake2b(" ".join(words).encode(), digest_size=8).digest()


def _is_title(article: Article, paragraph: _Paragraph) -> bool:
    return paragraph.number == 0 and paragraph.digest == _digest(folded_words(article.title or ""))


class _Evidence:
    """What the articles of one site say about the paragraphs that recur in them."""

    def __init__(
        self,
        articles: dict[str, Article],
        paragraphs: dict[str, list[_Paragraph]],
        often: dict[bytes, list[str]],
        site: frozenset[str],
    ) -> None:
        self._articles, self._paragraphs, self._often, self._site = articles, paragraphs, often, site
        self._digests = {key: [p.digest for p in found] for key, found in paragraphs.items()}
        self._names: dict[str, frozenset[str]] = {}
        self._stories: dict[bytes, list[str]] = {}

    def is_furniture(self, digest: bytes) -> bool:
        """Whether its form gives a paragraph away that stands in enough stories."""
        text = self._text(digest)
        line = not SENTENCE_END.search(text) and len(text.split()) <= _LONGEST_LINE
        speaks = _speaks_to_reader(text) or self._names_site(text)
        return (line or speaks) and len(self._different(digest)) >= STORIES

    def is_edge(self, digest: bytes, furniture: set[bytes]) -> bool:
        """Whether a paragraph stands above or below stories of different subjects, with only furniture beyond it."""
        keys = self._different(digest)
        if len(keys) < STORIES_FOR_SENTENCES:
            return False
        for key in keys:
            digests = self._digests[key]
            at = digests.index(digest)
            title = int(_is_title(self._articles[key], self._paragraphs[key][0]))
            above, below = digests[title:at], digests[at + 1 :]
            if not (all(d in furniture for d in above) or all(d in furniture for d in below)):
                return False
        own = set(_NAME.findall(self._text(digest)))
        shared = [
            _overlap(self._names_of(one) - own, self._names_of(two) - own)
            for one, two in combinations(keys, 2)
        ]
        return sum(shared) / len(shared) < _SAME_SUBJECT

    def _text(self, digest: bytes) -> str:
        key = self._often[digest][0]
        paragraph = self._paragraphs[key][self._digests[key].index(digest)]
        return self._articles[key].text[paragraph.start : paragraph.end]

    def _names_site(self, text: str) -> bool:
        return bool(self._site) and self._site <= set(folded_words(text))

    def _names_of(self, key: str) -> frozenset[str]:
        if key not in self._names:
            self._names[key] = frozenset(_NAME.findall(self._articles[key].text))
        return self._names[key]

    def _different(self, digest: bytes) -> list[str]:
        """A sample of the articles with a paragraph, in which each story stands once."""
        if digest not in self._stories:
            kept: list[str] = []
            for key in self._often[digest]:
                if len(kept) < _SAMPLE and not any(self._same_story(key, other, digest) for other in kept):
                    kept.append(key)
            self._stories[digest] = kept
        return self._stories[digest]

    def _same_story(self, one: str, two: str, without: bytes) -> bool:
        """Whether two articles share much of their story; also if one has none beside the paragraph in question."""
        first, second = self._story_of(one, without), self._story_of(two, without)
        smaller = min(sum(first.values()), sum(second.values()))
        shared = sum(length for digest, length in first.items() if digest in second)
        return shared >= _SAME_STORY * smaller

    def _story_of(self, key: str, without: bytes) -> dict[bytes, int]:
        """The lengths of an article's paragraphs of whole sentences that do not speak of the page."""
        text = self._articles[key].text
        return {
            digest: paragraph.n_words
            for digest, paragraph in zip(self._digests[key], self._paragraphs[key], strict=True)
            if digest != without and _is_prose(text[paragraph.start : paragraph.end])
        }


def _is_prose(text: str) -> bool:
    return bool(SENTENCE_END.search(text)) and not _speaks_to_reader(text)


def _speaks_to_reader(text: str) -> bool:
    return bool(_TO_READER.search(_QUOTED.sub(" ", text)))


def _overlap(first: frozenset[str] | set[str], second: frozenset[str] | set[str]) -> float:
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def _cut(article: Article, gone: Sequence[_Paragraph]) -> Article:
    """The article without some of its paragraphs; what they were stands in its cuts."""
    text = article.text
    paragraphs = text.split("\n\n")
    whole = [Found(p.number, 0, p.end - p.start, "recurring") for p in gone]
    edits = removals(text, paragraphs, paragraph_offsets(paragraphs), whole)
    kept = Mapped(text, article.pieces).edited(edits)
    cuts = [cut for p in gone for cut in _raw_parts(text, article.pieces, p)]
    return replace(
        article,
        text=kept.text,
        pieces=kept.pieces,
        cuts=tuple(sorted([*article.cuts, *cuts], key=lambda cut: (cut.raw_start, cut.raw_end))),
    )


def _raw_parts(text: str, pieces: Sequence[Piece], paragraph: _Paragraph) -> Iterable[Cut]:
    """The runs of a paragraph that stand in the raw text, each a cut of its own: between them something was mended."""
    for piece in pieces:
        start, end = max(piece.start, paragraph.start), min(piece.end, paragraph.end)
        if start < end:
            raw_start = piece.raw_start + start - piece.start
            yield Cut("recurring", raw_start, raw_start + end - start, text[start:end])
