"""What one article speaks of: its passages, its places and its actors, gathered before events are resolved."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from frontlog.actors import abbreviations, find_actors, identify, is_anaphor, is_source, resolve_anaphor
from frontlog.dates import Anchors, find_timexes
from frontlog.dates import resolve as resolve_timexes
from frontlog.places import Gazetteer, context_countries, resolve
from frontlog.records import (
    Actor,
    Article,
    PassageAnalysis,
    Place,
    PlaceMention,
    ResolvedPlace,
    ResolvedTimex,
)

_BREAK = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+(?=[A-Z“\"])")
# A place in capitals, more of it, a date, an agency, then a dash: not part of the first sentence.
_DATELINE = re.compile(
    r"[A-Z][A-Z.'’-]+(?:[ /][A-Z][A-Z.'’-]+){0,3}(?:, [A-Z][\w.'’]+(?: [A-Z][\w.'’]+)?)?"
    r"(?:,? [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?\s*(?:\([^()\n]{2,30}\))?\s*(?:—|–|--|-)\s+"
)
_HEAD = 1500
# Longer passages are cut at a sentence end: a parse's cost and memory grow with its passage.
MAX_PASSAGE = 5000
_COUNTRY_CODES = ("PCL", "TERR", "CONT")
_SETTLEMENT_CODES = ("PPL",)


def passages(text: str) -> list[tuple[int, int]]:
    """Paragraphs of a cleaned text as (start, end), very long ones cut at sentence ends.

    >>> passages("One.\\n\\nTwo.")
    [(0, 4), (6, 10)]
    """
    found: list[tuple[int, int]] = []
    start = _after_dateline(text, 0)
    for match in [*_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        found += _pieces(text, start, end)
        start = _after_dateline(text, match.end()) if match else end
    return found


def _after_dateline(text: str, start: int) -> int:
    """Where the story starts in a paragraph that opens with a dateline ("GOMA, Congo, Nov 20 (Agency) — ")."""
    match = _DATELINE.match(text, start) if start < _HEAD else None
    return match.end() if match else start


def _pieces(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_PASSAGE:
        cuts = [m.end() for m in _SENTENCE_END.finditer(text, start + MAX_PASSAGE // 2, start + MAX_PASSAGE)]
        cut = cuts[-1] if cuts else start + MAX_PASSAGE
        yield start, cut
        start = cut
    if start < end:
        yield start, end


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place name in the article, with the noun that it is called by ("town", "city", "province").

    ``firm`` is False for a name that did not resolve and that only the parser takes for a place: it may be the
    target of its own sentence, but nothing refers back to it.
    """

    start: int
    end: int
    text: str
    place: Place | None
    descriptor: str | None
    firm: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """One article with its analyses and what its names stand for. Offsets count in ``article.text``."""

    article: Article
    story_id: str
    spans: tuple[tuple[int, int], ...]
    analyses: tuple[PassageAnalysis, ...]
    sections: frozenset[int]
    resolved: Mapping[tuple[int, int], ResolvedPlace]
    named: tuple[NamedPlace, ...]
    actors: tuple[tuple[int, int, Actor], ...]
    aliases: Mapping[str, str]
    country: str | None
    capitals: Mapping[str, Place] = field(default_factory=dict)
    dates: tuple[tuple[ResolvedTimex, ...], ...] = ()  # of each passage, in the order of its timexes


_DESCRIPTORS = (
    "town|city|village|province|district|neighbourhood|neighborhood|governorate|region|suburb|area|capital|port|hamlet"
    "|oblast|county|state"
)
_BEFORE = re.compile(rf"\b({_DESCRIPTORS})\s+(?:of\s+)?$", re.IGNORECASE)
_AFTER = re.compile(rf"^\s+({_DESCRIPTORS})\b", re.IGNORECASE)


def resolve_dates(
    article: Article, spans: Sequence[tuple[int, int]], analyses: Sequence[PassageAnalysis]
) -> tuple[tuple[ResolvedTimex, ...], ...]:
    """The values of an article's time expressions, passage by passage; offsets count in the passage."""
    # Where the day of publication was found: in the text's dateline, in a copy of the story, or with the article.
    kind = {"dateline": "dateline", "copies": "story"}.get(article.published_basis or "", "article")
    anchors = Anchors(**{kind: article.published})
    texts = [article.text[start:end] for start, end in spans]
    found = resolve_timexes([(text, a.timexes) for text, a in zip(texts, analyses, strict=True)], anchors)
    return tuple(tuple(row) for row in found)


def descriptor_of(text: str, start: int, end: int) -> str | None:
    """The noun that a place name is called by: "the town of X", "X province"; None where there is none."""
    after = _AFTER.match(text[end : end + 24])
    if after:
        return after[1].lower()
    before = _BEFORE.search(text[max(0, start - 24) : start])
    return before[1].lower() if before else None


def build_scene(
    article: Article,
    story_id: str,
    spans: Sequence[tuple[int, int]],
    analyses: Sequence[PassageAnalysis],
    gazetteer: Gazetteer,
    hints: Sequence[str] = (),
) -> Scene:
    """Resolve the places and find the actors of one article."""
    mentions: dict[tuple[int, int], PlaceMention] = {}
    # An entity over the very words of a candidate's place would be a second mention of them.
    wanted: list[PlaceMention] = []
    for (offset, _), analysis in zip(spans, analyses, strict=True):
        for entity in analysis.entities:
            if entity.label in {"GPE", "LOC", "FAC"}:
                start, text = without_owner(offset + entity.start, entity.text)
                mentions[start, offset + entity.end] = PlaceMention(
                    start, offset + entity.end, text, entity.label
                )
        for candidate in analysis.candidates:
            if candidate.place is not None:
                start, text = without_owner(offset + candidate.place.start, candidate.place.text)
                if (start, offset + candidate.place.end) not in mentions and _may_be_place(text):
                    wanted.append(PlaceMention(start, offset + candidate.place.end, text, "GPE"))
    wanted += _located_names(article.text, mentions)
    for mention in wanted:
        mentions.setdefault((mention.start, mention.end), mention)
    ordered = [mentions[key] for key in sorted(mentions)]
    resolved = resolve(ordered, article.text, gazetteer, dateline=article.dateline, hints=hints)
    peoples = {(r.mention.start, r.mention.end) for r in resolved if r.reason.startswith("a people")}
    resolved = [r for r in resolved if (r.mention.start, r.mention.end) not in peoples]
    country = _main_country(resolved, article)
    spoken_of = _countries_spoken_of(resolved, article)
    spoken_of |= {country} if country else set()
    spoken_of |= {neighbour for code in spoken_of for neighbour in gazetteer.neighbours(code)}
    named = tuple(
        NamedPlace(r.mention.start, r.mention.end, r.mention.text, r.place,
                   descriptor_of(article.text, r.mention.start, r.mention.end), _is_firm(r, article, spoken_of))
        for r in resolved
    )  # fmt: skip
    aliases = abbreviations(article.text)
    return Scene(
        article=article,
        story_id=story_id,
        spans=tuple(spans),
        analyses=tuple(analyses),
        sections=section_starts(article, spans),
        resolved={(r.mention.start, r.mention.end): r for r in resolved},
        named=named,
        actors=_actors_of(article, country, aliases),
        aliases=aliases,
        country=country,
        capitals={
            code: seat for code in sorted(spoken_of | {country or ""}) if (seat := gazetteer.capital(code))
        },
        dates=resolve_dates(article, spans, analyses),
    )


def _actors_of(
    article: Article, country: str | None, aliases: Mapping[str, str]
) -> tuple[tuple[int, int, Actor], ...]:
    """All actors named in the text, in order; "the rebels" stands for the group named before."""
    found: list[tuple[int, int, Actor]] = []
    for start, end, _ in find_actors(article.text, aliases=aliases):
        words = article.text[start:end]
        if is_anaphor(words):
            before = [actor for _, _, actor in found]
            named = resolve_anaphor(words, before, country=country, day=article.published)
        else:
            named = identify(words, country=country, day=article.published, aliases=aliases)
        found += [(start, end, actor) for actor in named]
    return tuple(found)


# "Syrias Raqqa": copies that lost their apostrophes leave the country glued to the name.
_LOST_APOSTROPHE = re.compile(r"([A-Z]\w+)s\s+(?=[A-Z])")


def without_owner(start: int, text: str) -> tuple[int, str]:
    """A place name without a country before it that lost its apostrophe: "Syrias Raqqa" is Raqqa.

    >>> without_owner(10, "Syrias Raqqa")
    (17, 'Raqqa')
    """
    match = _LOST_APOSTROPHE.match(text)
    if match and context_countries(match[1]) and not context_countries(match[1] + "s"):
        return start + match.end(), text[match.end() :]
    return start, text


def _countries_spoken_of(resolved: Sequence[ResolvedPlace], article: Article) -> frozenset[str]:
    """Countries that the article names, or that more than one of its names resolved to."""
    names: dict[str, set[str]] = defaultdict(set)
    for item in resolved:
        if item.place is not None and item.place.country:
            names[item.place.country].add(item.mention.text.lower())
    return frozenset(context_countries(article.text)) | {code for code, own in names.items() if len(own) > 1}


def _is_firm(found: ResolvedPlace, article: Article, spoken_of: frozenset[str]) -> bool:
    """Resolved, or a named entity that is no actor; the place of the dateline is where the reporter sits."""
    mention = found.mention
    if mention.text.lower() in {"north", "south", "east", "west"}:
        return False
    named_there = article.dateline is not None and mention.text.lower() in article.dateline.lower()
    opens = mention.start == 0 or article.text[mention.start - 1] == "\n"
    if named_there and opens and _AFTER_DATELINE.match(article.text, mention.end):
        return False
    if _SPEAKER_IN.search(article.text[max(0, mention.start - 96) : mention.start]):
        return False
    if found.place is not None:  # a lone namesake in a country that is not spoken of is a chance hit
        return not spoken_of or found.place.country in spoken_of
    before = article.text[max(0, mention.start - 24) : mention.start]
    return mention.label in {"GPE", "LOC"} and bool(_LOCATIVE.search(before)) and _may_be_place(mention.text)


_AFTER_DATELINE = re.compile(r"[^.\n]{0,40}?\s*(?:[—–-]\s|\()")
# Where someone speaks is not what he speaks of.
_SPEAKER_IN = re.compile(
    r"\b(?:said|says|told|speaking|spokes\w+|officials?|officers?|diplomats?|residents?|reported|reporters?|government|ministry)"
    r"\s+(?:in|from|at)\s+(?:the )?$|\bsaid\b[^.;\n]{0,60}\bfrom\s+$",
    re.IGNORECASE,
)
_LOCATIVE = re.compile(
    r"\b(?:in|at|near|from|to|into|on|around|outside|inside|towards?|(?:town|city|village|capital|district|suburb|area|port)"
    r"(?: of)?)\s+(?:the |al-|el-)?$",
    re.IGNORECASE,
)


_LOCATED = re.compile(
    r"\b(?:in|near|at|around|outside|inside)\s+"
    r"((?:(?:[Aa]l|[Ee]l|[Aa]d|[Aa]r|[Aa]sh|[Ee]z|[Dd]e|[Dd]u)-?\s?)?[A-Z][\w’'-]+(?:[ -][A-Z][\w’'-]+){0,2})"
)


def _located_names(text: str, known: Iterable[tuple[int, int]]) -> list[PlaceMention]:
    """Capitalised names behind "in", "near", "at" that the entity recogniser did not take for places.

    The gazetteer decides: a name that it does not know stays unresolved and nothing refers to it.
    """
    taken = sorted(known)
    found = []
    for match in _LOCATED.finditer(text):
        start, end = match.span(1)
        words = re.sub(r"[’']s?$", "", match[1])
        end = start + len(words)
        if any(a < end and start < b for a, b in taken) or find_timexes(words) or not _may_be_place(words):
            continue
        found.append(PlaceMention(start, end, words, "FAC"))
    return found


def _may_be_place(text: str) -> bool:
    """False for words that name an actor or a source, whatever the parser took them for."""
    named = re.fullmatch(r"\w[^\[\]{}<>|]*", text) is not None
    return named and not is_source(text) and not find_actors(text)


def is_country(place: Place | None) -> bool:
    """True for a country or larger."""
    return place is not None and place.feature_code.startswith(_COUNTRY_CODES)


def is_settlement(place: Place | None) -> bool:
    """True for a populated place; a name that did not resolve may be one."""
    return place is None or place.feature_code.startswith(_SETTLEMENT_CODES)


def _main_country(resolved: Sequence[ResolvedPlace], article: Article) -> str | None:
    """The country that most of the article's places lie in; None where two are equally frequent or none is named."""
    counts: Counter[str] = Counter()
    for item in resolved:
        if item.place is not None and item.place.country:
            weight = 1 if is_country(item.place) else 2
            if article.dateline and item.mention.text.lower() == article.dateline.lower():
                weight = 1
            counts[item.place.country] += weight
    top = counts.most_common(2)
    if not top or (len(top) == 2 and top[0][1] == top[1][1]):
        return None
    return top[0][0]


def section_starts(article: Article, spans: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Numbers of the passages that open a section: a wider gap in the raw text than its paragraphs usually have.

    Headings are often lost when a page is copied; what stays is the white space around them. In a new
    section "the town" is not the town of the last one.
    """
    raw_of: list[tuple[int, int] | None] = []
    for start, end in spans:
        first = next((p for p in article.pieces if p.start <= start < p.end), None)
        last = next((p for p in article.pieces if p.start <= end - 1 < p.end), None)
        raw_of.append(
            (first.raw_start + start - first.start, last.raw_start + end - last.start)
            if first and last
            else None
        )
    gaps: dict[int, int] = {}
    for number in range(1, len(spans)):
        before, after = raw_of[number - 1], raw_of[number]
        if before is not None and after is not None:
            cut = sum(
                c.raw_end - c.raw_start
                for c in article.cuts
                if before[1] <= c.raw_start and c.raw_end <= after[0]
            )
            gaps[number] = after[0] - before[1] - cut
    if len(gaps) < 3:
        return frozenset()
    usual = Counter(gaps.values()).most_common(1)[0][0]
    return frozenset(number for number, gap in gaps.items() if gap > usual and gap > 2)
