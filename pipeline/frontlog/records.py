"""The records that pass between the stages, in the order in which they come to be.

All are frozen: a stage makes new records and changes none. Offsets are half-open character offsets;
each class says in which text they count. ``None`` means unknown, never a value that looks like one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from urllib.parse import urlsplit

# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the cleaned text that stands in the raw text unchanged (both have the same length).

    ``start`` counts in ``Article.text``, ``raw_start`` in the decoded raw text of the record: the characters of
    the file, the cell or the field, with mojibake repaired (unless the text is taken as it stands); for a web
    page, the text that the extraction gives. Between
    two pieces cleaning has left something out (see ``Cut``) or put in a line break of its own.
    """

    start: int
    end: int
    raw_start: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Something that cleaning left out: its kind (``caption``, ``advertising`` ...), raw offsets and words."""

    kind: str
    raw_start: int
    raw_end: int
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read and cleaned.

    Paragraphs of ``text`` are separated by a blank line (two newlines). ``title`` is the headline, from the
    record or from the text (then it is also the first paragraph of ``text``). ``dateline`` is the place
    written before the story ("BEIRUT"), ``published`` the day of publication and ``published_basis`` where
    it comes from: ``metadata`` (a field of the record, or front matter), ``masthead`` ("Published: November
    4, 2017"), ``dateline`` (the text's own leading date line), ``copies`` (a syndicated copy), ``option``
    (``--published``). The day that the record gives is kept as ``published_metadata``, also where the text has
    another one, which then is ``published``.
    """

    article_id: str
    source_id: str
    path: str
    record: int | None
    text: str
    sha256: str
    pieces: tuple[Piece, ...] = ()
    cuts: tuple[Cut, ...] = ()
    title: str | None = None
    byline: str | None = None
    dateline: str | None = None
    agency: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    published_time: time | None = None
    published_metadata: date | None = None
    published_basis: str | None = None
    language: str | None = None

    @property
    def n_words(self) -> int:
        """Number of white-space separated words of the cleaned text."""
        return len(self.text.split())

    @property
    def outlet(self) -> str:
        """What tells outlets apart: the publisher in lower case, else the host of ``url``; empty if unknown."""
        if self.publisher and self.publisher.strip():
            return self.publisher.strip().casefold()
        try:
            host = urlsplit(self.url or "").hostname or ""
        except ValueError:
            return ""
        return host.removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Reject:
    """An input that was not processed: which one, at which stage, and why (a sentence that says what to do)."""

    path: str
    record: int | None
    stage: str
    reason: str


# --- stories --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Story:
    """A wire story and its syndicated copies; a story of one article is the usual case.

    ``similarity_min`` is the weakest link that holds the cluster together (0 to 1), None for one article.
    """

    story_id: str
    article_ids: tuple[str, ...]
    representative_id: str
    n_publishers: int
    agency: str | None = None
    first_published: date | None = None
    similarity_min: float | None = None


# --- dates ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Timex:
    """A recognised time expression, not yet resolved against an anchor. Offsets count in the passage.

    ``expression`` is the parsed form that ``frontlog.dates.normalise`` understands: plain data, so that it
    can be stored and sent between processes.
    """

    start: int
    end: int
    text: str
    timex_type: str
    expression: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimexValue:
    """A normalised time expression.

    ``value`` is a TIMEX3 value (``2017-10-17``, ``2017-W43``, ``2017-10``, ``P9M``, ``XXXX-10-17`` when no
    anchor gives the year), ``start`` and ``end`` the first and last day it covers (None where that is
    unknown), ``mod`` a TIMEX3 modifier (``START``, ``MID``, ``END``, ``APPROX`` ...).
    """

    timex_type: str
    value: str
    start: date | None = None
    end: date | None = None
    mod: str | None = None


@dataclass(frozen=True, slots=True)
class ResolvedTimex:
    """A time expression with its value and what it was counted from.

    ``anchor`` names that day: ``narrative`` (a date that the text tells before), ``dateline``, ``article`` or
    ``story``, and ``anchor_date`` is the day itself; both are None where the words needed no anchor.
    """

    timex: Timex
    value: TimexValue
    anchor: str | None = None
    anchor_date: date | None = None

    @property
    def start(self) -> int:
        """Where the expression starts in the text."""
        return self.timex.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.timex.end

    @property
    def text(self) -> str:
        """Its words."""
        return self.timex.text


# --- places ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer entry. ``geonameid`` is None for entries that GeoNames numbers but our sources do not.

    ``feature_code`` is GeoNames' (``PPL``, ``PPLC``, ``ADM1``, ``PCLI`` ...), ``admin1`` the name of the
    first-level region, ``country`` ISO 3166-1 alpha-2.
    """

    geonameid: int | None
    name: str
    feature_code: str
    admin1: str | None
    country: str | None
    latitude: float
    longitude: float
    population: int = 0


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A name in an article that may be a place. Offsets count in ``Article.text``; ``label`` is the entity label."""

    start: int
    end: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """What a ``PlaceMention`` was resolved to. ``place`` is None where nothing fits; ``reason`` then says why."""

    mention: PlaceMention
    place: Place | None
    score: float
    reason: str


# --- actors ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the usual short name, ACLED-like type, and the state behind it where there is one.

    ``kind`` is ``state``, ``rebel``, ``militia``, ``external``, ``civilian`` or ``unknown``, seen from the
    country that the event lies in (Turkish troops are ``external`` in Syria, ``state`` in Turkey).
    """

    name: str
    kind: str
    country: str | None = None


# --- events ---------------------------------------------------------------------------------------

# The types and modalities of corpus/GUIDELINES.md, in its order.
EVENT_TYPES = (
    "capture",
    "recapture",
    "withdrawal",
    "surrender",
    "handover",
    "siege",
    "siege_lifted",
    "advance",
    "repelled",
)
MODALITIES = ("actual", "ongoing", "planned", "failed", "denied", "hypothetical")


@dataclass(frozen=True, slots=True)
class Entity:
    """A named entity. Offsets count in the passage (in analyses) or in the article (in tables)."""

    start: int
    end: int
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a passage or an article, with its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the grammar found in one passage: a trigger with the words that fill its roles, nothing resolved.

    Offsets count in the passage. ``rule`` names the rule and construction that fired (``seize.v/active``).
    ``timexes`` are indices into ``PassageAnalysis.timexes``, best first, ``report_timexes`` those of them that
    date the telling ("said on Friday"); ``tense`` is ``past``,
    ``present`` or ``future`` and decides in which direction a bare weekday is looked for.
    """

    event_type: str
    rule: str
    trigger: Span
    sentence: int
    captors: tuple[Span, ...] = ()
    losers: tuple[Span, ...] = ()
    target: Span | None = None
    target_head: str | None = None
    place: Span | None = None
    place_relation: str | None = None
    modality: str = "actual"
    attribution: Span | None = None
    timexes: tuple[int, ...] = ()
    report_timexes: tuple[int, ...] = ()
    tense: str = "past"
    extent: str = "full"


@dataclass(frozen=True, slots=True)
class PassageAnalysis:
    """All that the language stage says about one distinct passage; it depends on the passage's text alone."""

    sentences: tuple[tuple[int, int], ...]
    entities: tuple[Entity, ...]
    timexes: tuple[Timex, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class EventMention:
    """One statement of an event in one article, resolved. Offsets count in ``Article.text``.

    ``inferred_type`` is True where not the words but the parties decide between capture and recapture
    ("drove X out of Y").
    """

    article_id: str
    story_id: str
    event_type: str
    rule: str
    trigger: Span
    quote: Span
    captor: Span | None = None
    captors: tuple[Actor, ...] = ()
    loser: Span | None = None
    losers: tuple[Actor, ...] = ()
    target: Span | None = None
    target_type: str | None = None
    extent: str = "full"
    place_name: str | None = None
    place_relation: str | None = None
    place: Place | None = None
    geo_precision: int | None = None
    date_text: Span | None = None
    date_value: str | None = None
    date_start: date | None = None
    date_end: date | None = None
    time_precision: int | None = None
    date_basis: str | None = "published"
    modality: str = "actual"
    country: str | None = None
    attribution: Span | None = None
    attribution_kind: str | None = None
    confidence: float = 0.0
    inferred_type: bool = False
    other_quotes: tuple[Span, ...] = field(default=())
