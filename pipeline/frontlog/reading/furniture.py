"""Which paragraphs of a page are not the article: site name, masthead, captions, navigation, credits ...

Works on mended text. Strong looks (a share bar, a credit line) are believed anywhere or near the end; weak
ones only at the head, and nothing is believed of a paragraph that says more than the phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from frontlog.reading.captions import caption_start
from frontlog.reading.lexicon import SENTENCE_END, agency_in, folded, folded_words, matching_group, words
from frontlog.reading.masthead import Masthead, is_office, is_small_print, parse_byline, parse_masthead
from frontlog.reading.sitename import is_menu, site_line, told_in

# A masthead, a subtitle and a photo stand among the first paragraphs; furniture of the foot among the last.
_HEAD, _TAIL = 8, 14
# A site's name stands at most so many lines below the headline, and is then at most so many words long.
_HEADING, _LONGEST_NAME = 3, 4
# What one cut lays bare may be furniture too. No page needs ten rounds; the limit is for hostile ones.
_MOST_ROUNDS = 100
_LONGEST_TITLE = 25  # words
_SENTENCE_BREAK = re.compile(r"(?<![A-Z][.])(?<=[.!?;][)\"”’ ])\s*(?=\S)|(?<=[.!?;])(?<![A-Z][.])\s+(?=\S)")
_NUMBERED = re.compile(r"\d{1,2}[.)]?\s?[^\W\da-z_]")
_BULLETED = re.compile(r"[-*•·▪►»>]\s*\S")


@dataclass(frozen=True, slots=True)
class Found:
    """A cut: paragraph number, half-open offsets within the paragraph, and kind."""

    paragraph: int
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Given:
    """What the record says about the article."""

    title: str | None
    publisher: str | None
    near: date | None


@dataclass(slots=True)
class Verdict:
    """All cuts in a list of paragraphs, and what the cut site names, mastheads and credits said."""

    cuts: list[Found] = field(default_factory=list)
    masthead: Masthead = field(default_factory=Masthead)
    credit_agency: str | None = None
    site: str | None = None
    title: str | None = None


def find_furniture(
    paragraphs: Sequence[str],
    *,
    title: str | None = None,
    publisher: str | None = None,
    near: date | None = None,
) -> Verdict:
    """Decides for each paragraph whether it is furniture, until nothing more is found.

    ``title`` and ``publisher`` come from the record where it has them, ``near`` is its date. Nothing found
    gives a ``Verdict`` without cuts.
    """
    verdict = Verdict()
    given = Given(title, publisher, near)
    alive = list(range(len(paragraphs)))
    for _ in range(_MOST_ROUNDS):
        # The whole article is only gone through when its two ends have no more to give.
        cuts = (
            _head_cuts(paragraphs, alive, given, verdict)
            or _tail_cuts(paragraphs, alive, verdict, near)
            or _line_cuts(paragraphs, alive, publisher or verdict.site)
        )
        if not cuts:
            break
        verdict.cuts += cuts
        gone = {cut.paragraph for cut in cuts}
        alive = [index for index in alive if index not in gone]
    verdict.cuts = _without_overlap(verdict.cuts)
    verdict.title = _title(paragraphs, alive)
    return verdict


def _without_overlap(cuts: Iterable[Found]) -> list[Found]:
    """Several rules may claim one paragraph: the first has it (a caption and its tags are two cuts)."""
    result: list[Found] = []
    last_end: dict[int, int] = {}
    for cut in cuts:
        if cut.start >= last_end.get(cut.paragraph, 0):
            result.append(cut)
            last_end[cut.paragraph] = cut.end
    return sorted(result, key=lambda cut: (cut.paragraph, cut.start))


def _head_cuts(
    paragraphs: Sequence[str],
    alive: Sequence[int],
    given: Given,
    verdict: Verdict,
) -> list[Found]:
    cuts: list[Found] = []
    if len(alive) < 2:
        return cuts
    first = paragraphs[alive[0]]
    kind, name = _site_cut(first, paragraphs, alive, given)
    if kind:
        verdict.site = verdict.site or name
        return [_all_of(paragraphs, alive[0], kind)]
    title = folded_words(given.title or "")
    for position, index in enumerate(alive[:_HEAD]):
        text = paragraphs[index]
        if title and folded_words(text) == title:
            continue
        byline = parse_byline(text)
        read = byline or parse_masthead(text, given.near)
        if read is None and is_small_print(text):
            cuts.append(_all_of(paragraphs, index, "navigation"))
        elif read is None and 0 < position <= _HEADING and (site := site_line(text)) and site.sure:
            # Below the headline, a site's name or a row of sections.
            others = (paragraphs[other] for other in alive[position + 1 :][:40])
            short = site.name is not None and len(site.name.split()) <= _LONGEST_NAME
            if site.name is None or (short and not told_in(site.name, others)):
                verdict.site = verdict.site or site.name
                cuts.append(_all_of(paragraphs, index, site.kind))
        if read is not None and (position or read.day or (byline and not is_office(text))):
            kind = "masthead" if read.day else "byline"
            verdict.masthead = _filled(verdict.masthead, read)
            cuts.append(_all_of(paragraphs, index, kind))
    if cuts:
        return cuts
    return _repeated_cuts(paragraphs, alive)


def _filled(known: Masthead, more: Masthead) -> Masthead:
    """What is known, with its gaps filled; a date of publication goes before one of a change."""
    better = more.day is not None and (known.day is None or (known.updated and not more.updated))
    dated = more if better else known
    return replace(
        dated,
        place=known.place or more.place,
        byline=known.byline or more.byline,
        agency=known.agency or more.agency,
        publisher=known.publisher or more.publisher,
    )


def _site_cut(
    first: str, paragraphs: Sequence[str], alive: Sequence[int], given: Given
) -> tuple[str | None, str | None]:
    """Kind of cut and site name if the first line names the site or its sections; (None, None) if not.

    What could be a headline is only cut if another one follows, or the record has another title.
    """
    words = folded_words(first)
    if not words or len(words) > _LONGEST_TITLE or SENTENCE_END.search(first):
        return None, None
    if given.title and words == folded_words(given.title):
        return None, None
    if given.publisher and words == folded_words(given.publisher):
        return "site_name", given.publisher
    article = [paragraphs[index] for index in alive[1:40]]
    latin_first, latin_article = _latin_share(first), _latin_share(" ".join(article)[:5000])
    if latin_first is not None and latin_article is not None and abs(latin_first - latin_article) > 0.6:
        return "site_name", first
    site = site_line(first)
    if site is None or not _headline_follows(first, paragraphs, alive, given, sure=site.sure):
        return None, None
    if site.name and told_in(site.name, article):
        return None, None
    return site.kind, site.name


def _headline_follows(
    first: str, paragraphs: Sequence[str], alive: Sequence[int], given: Given, *, sure: bool
) -> bool:
    """Whether a headline follows below the first line, before the story; or is known already."""
    if sure and given.title and folded_words(given.title) != folded_words(first):
        return True
    for position, index in enumerate(alive[1:_HEAD], start=1):
        text = paragraphs[index]
        if site_line(text) or parse_byline(text) or parse_masthead(text, given.near) or is_small_print(text):
            continue
        if matching_group(text) is not None or _only_share_words(text):
            continue
        longer = len(text.split()) > (3 if sure else 4)
        return longer and looks_like_title(text) and position + 1 < len(alive)
    return False


def looks_like_title(text: str) -> bool:
    """Whether a paragraph has the look of a headline: 2 to 25 words, no full stop or colon at its end.

    >>> looks_like_title("Rebels enter northern town after week of fighting")
    True
    """
    n_words = len(text.split())
    return 2 <= n_words <= _LONGEST_TITLE and not re.search(r"(?:[^.][.]|[:,;])[\"'”’)]*$", text)


def _title(paragraphs: Sequence[str], alive: Sequence[int]) -> str | None:
    """The first paragraph that is left, if it looks like a headline and a story follows."""
    if len(alive) < 2 or not looks_like_title(paragraphs[alive[0]]):
        return None
    return paragraphs[alive[0]]


def _repeated_cuts(paragraphs: Sequence[str], alive: Sequence[int]) -> list[Found]:
    """Subtitles whose words all stand in the title, or at the beginning of a later paragraph near by."""
    has_title = looks_like_title(paragraphs[alive[0]])
    title_words = folded_words(paragraphs[alive[0]]) if has_title else []
    for position, index in enumerate(alive[: _HEAD - 2]):
        said = folded_words(paragraphs[index])
        if (position == 0 and has_title) or not 4 <= len(said) <= 60:
            continue
        if said == title_words:
            return [_all_of(paragraphs, index, "repeated")]
        for later in alive[position + 1 : position + _HEAD]:
            if folded_words(paragraphs[later][: 4 * len(paragraphs[index]) + 40])[: len(said)] == said:
                return [_all_of(paragraphs, index, "repeated")]
    return []


def _line_cuts(paragraphs: Sequence[str], alive: Sequence[int], publisher: str | None) -> list[Found]:
    """Furniture that may stand anywhere: whole lines of known phrases, captions, numbered lists of links."""
    cuts: list[Found] = []
    under_heading = False
    for position, index in enumerate(alive):
        text = paragraphs[index]
        group = matching_group(text)
        # A headline may begin with "Watch:" or "Explained:".
        if group is not None and not (position == 0 and group.kind == "navigation" and not group.heading):
            cuts.append(_all_of(paragraphs, index, group.kind))
            under_heading = group.heading
            continue
        listed = bool(_NUMBERED.match(text) or _BULLETED.match(text)) and not _is_body(text)
        if under_heading and listed and len(text.split()) <= _LONGEST_TITLE:
            cuts.append(_all_of(paragraphs, index, "navigation"))
            continue
        under_heading = False
        if not any(map(str.isalnum, text)):
            cuts.append(_all_of(paragraphs, index, "rule"))
        elif _only_share_words(text):
            cuts.append(_all_of(paragraphs, index, "share"))
        else:
            cuts += _caption_cuts(paragraphs, alive, position, publisher)
    return cuts


def _caption_cuts(
    paragraphs: Sequence[str], alive: Sequence[int], position: int, publisher: str | None
) -> list[Found]:
    """A photo caption, with the tags glued before it as a cut of their own."""
    index = alive[position]
    # The paragraphs around are enough: a caption repeats its own story. This bounds the work.
    others = [paragraphs[other] for other in alive[max(0, position - 20) : position + 40] if other != index]
    start = caption_start(paragraphs[index], others, publisher=publisher, first=position == 0)
    if start is None:
        return []
    if start:
        return [Found(index, 0, start, "tags"), Found(index, start, len(paragraphs[index]), "caption")]
    return [_all_of(paragraphs, index, "caption")]


def _tail_cuts(
    paragraphs: Sequence[str], alive: Sequence[int], verdict: Verdict, near: date | None
) -> list[Found]:
    """Furniture near the end: credits, comments, advertising, tags, footers, and links under a heading."""
    cuts: list[Found] = []
    for index in alive[max(1, len(alive) - _TAIL) :]:
        text = paragraphs[index]
        kind = _tail_kind(text, near)
        if kind in {"credit", "copyright"}:
            verdict.credit_agency = verdict.credit_agency or agency_in(text)
        if kind == "masthead":
            read = parse_masthead(text, near)
            verdict.masthead = _filled(verdict.masthead, read) if read else verdict.masthead
        if kind is not None:
            cuts.append(_all_of(paragraphs, index, kind))
    # After the last heading such as "Next Stories": lines that look like headlines, down to the end.
    for position in range(max(1, len(alive) - 40), len(alive)):
        group = matching_group(paragraphs[alive[position]])
        if group is None or not group.heading:
            continue
        rest = alive[position + 1 :]
        if rest and not any(
            _is_body(paragraphs[index]) and _tail_kind(paragraphs[index], near) is None for index in rest
        ):
            cuts += [
                _all_of(paragraphs, index, _tail_kind(paragraphs[index], near) or "navigation")
                for index in rest
            ]
            break
    return cuts


def _tail_kind(text: str, near: date | None) -> str | None:
    group = matching_group(text, tail=True)
    if group is not None:
        return group.kind
    if len(text) > 900:
        return None
    sentences = [part.strip() for part in _SENTENCE_BREAK.split(text) if part.strip()]
    kinds = [matching_group(sentence, tail=True) for sentence in sentences]
    if len(sentences) > 1 and kinds[0] is not None and all(kind is not None for kind in kinds):
        return kinds[0].kind
    read = parse_masthead(text, near)
    if read is not None and read.day is not None and not text[:1].isdigit():
        return "masthead"
    if _is_footer(text) or is_menu(text):
        return "footer"
    return None


def _only_share_words(text: str) -> bool:
    """Whether a line is a share bar, also one whose entries run together ("FacebookTwitterEmail")."""
    if len(text) > 300:
        return False
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    said = [word for word in folded_words(spaced) if not word.isdigit()]
    lists = words()
    # A full stop after mere names: the end of a sentence that was broken over two lines.
    if not said or (text.endswith(".") and said[0] not in lists.share_verbs):
        return False
    return all(word in lists.share for word in said) and bool(lists.share_marks.intersection(said))


def _is_footer(text: str) -> bool:
    """Three or more entries of a page footer that make up most of a line without a sentence."""
    if len(text.split()) > 60 or SENTENCE_END.search(text):
        return False
    plain = f" {folded(text).casefold()} "
    entries = [entry for entry in words().footer if re.search(rf"(?<!\w){re.escape(entry)}(?!\w)", plain)]
    covered = sum(len(entry.split()) for entry in entries)
    return len(entries) >= 3 and covered >= 0.5 * len(plain.split())


def _is_body(text: str) -> bool:
    n_words = len(text.split())
    return n_words >= 30 or (n_words >= 8 and bool(SENTENCE_END.search(text)))


def _all_of(paragraphs: Sequence[str], index: int, kind: str) -> Found:
    return Found(index, 0, len(paragraphs[index]), kind)


def _latin_share(text: str) -> float | None:
    """Latin letters as a share of all letters; None for a text without letters."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(map(_is_latin, letters)) / len(letters) if letters else None


@lru_cache(maxsize=4096)
def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")
