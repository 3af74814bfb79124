"""From raw page text to the article: furniture cut, the rest mended, every kept character traceable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time

from frontlog.reading.dateline import leading_dateline, signing_agency
from frontlog.reading.furniture import Found, find_furniture
from frontlog.reading.masthead import Masthead
from frontlog.reading.mending import mend
from frontlog.reading.offsets import Edit, Mapped, all_cuts, raw_span
from frontlog.records import Cut, Piece

# A paragraph that is longer than this (in words) is the story itself, so that a dateline no longer follows.
_SUBTITLE = 40


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned text with its map to the raw text, and what the page says about itself.

    ``published_basis`` is ``masthead`` or ``dateline`` where the text gives a full date, else None; the
    metadata of the record are not looked at for the date. ``publisher`` is the site or newspaper that the
    head of the page names.
    """

    text: str
    pieces: tuple[Piece, ...] = ()
    cuts: tuple[Cut, ...] = ()
    title: str | None = None
    byline: str | None = None
    dateline: str | None = None
    agency: str | None = None
    publisher: str | None = None
    published: date | None = None
    published_time: time | None = None
    published_basis: str | None = None


def clean(
    raw: str,
    *,
    title: str | None = None,
    publisher: str | None = None,
    published: date | None = None,
    start: int = 0,
) -> Cleaned:
    """Takes the article out of raw page text.

    ``title``, ``publisher`` and ``published`` are what the record says, where it does: they help to find a
    repeated headline, a site name, and the order of day and month in a date. The text proper begins at
    ``start`` (what is before it, front matter, becomes a cut). The headline stays as the first paragraph.
    Cleaning a cleaned text again changes nothing. A page of nothing but furniture gives an empty text.

    >>> clean("By Jane Doe\\n\\nTroops took the town.\\nThey stayed.\\n\\nShare this:").text
    'Troops took the town.\\n\\nThey stayed.'
    """
    mapped = Mapped(raw[start:], (Piece(0, len(raw) - start, start),) if len(raw) > start else ())
    mapped = mend(mapped)
    paragraphs = mapped.text.split("\n\n") if mapped.text else []
    verdict = find_furniture(paragraphs, title=title, publisher=publisher, near=published)

    offsets = paragraph_offsets(paragraphs)
    named = [Cut("front_matter", 0, start, raw[:start])] if start else []
    for found in verdict.cuts:
        at = offsets[found.paragraph]
        raw_start, raw_end = raw_span(mapped.pieces, at + found.start, at + found.end)
        named.append(Cut(found.kind, raw_start, raw_end, raw[raw_start:raw_end]))
    kept = mapped.edited(removals(mapped.text, paragraphs, offsets, verdict.cuts))
    body = kept.text
    headline = title or verdict.title
    dateline = _dateline(body, verdict.title, headline, published)
    dated, basis = _dated(verdict.masthead, dateline)
    return Cleaned(
        text=body,
        pieces=kept.pieces,
        cuts=all_cuts(raw, body, kept.pieces, named),
        title=headline,
        byline=verdict.masthead.byline,
        dateline=dateline.place or verdict.masthead.place,
        agency=dateline.agency or verdict.masthead.agency or verdict.credit_agency or signing_agency(body),
        publisher=verdict.site or verdict.masthead.publisher,
        published=dated.day,
        published_time=dated.clock,
        published_basis=basis,
    )


def as_it_stands(
    raw: str,
    *,
    title: str | None = None,
    publisher: str | None = None,
    published: date | None = None,
    start: int = 0,
) -> Cleaned:
    """The text from ``start`` on unchanged, as one piece, with all that ``clean`` finds out about it.

    For gold files and text that is clean already: offsets in the tables are then offsets in the input.
    """
    found = clean(raw, title=title, publisher=publisher, published=published, start=start)
    cuts = (Cut("front_matter", 0, start, raw[:start]),) if start else ()
    pieces = (Piece(0, len(raw) - start, start),) if len(raw) > start else ()
    return replace(found, text=raw[start:], pieces=pieces, cuts=cuts)


def paragraph_offsets(paragraphs: Iterable[str]) -> list[int]:
    """Where paragraphs begin in the text that has a blank line between them."""
    offsets, position = [], 0
    for paragraph in paragraphs:
        offsets.append(position)
        position += len(paragraph) + 2
    return offsets


def removals(text: str, paragraphs: list[str], offsets: list[int], cuts: Iterable[Found]) -> list[Edit]:
    """Edits that take the cuts out, and with a paragraph that is wholly cut the blank line after it."""
    cut_length = dict.fromkeys(range(len(paragraphs)), 0)
    spans = []
    for cut in cuts:
        cut_length[cut.paragraph] += cut.end - cut.start
        spans.append((offsets[cut.paragraph] + cut.start, offsets[cut.paragraph] + cut.end))
    gone = [index for index, paragraph in enumerate(paragraphs) if cut_length[index] >= len(paragraph)]
    left = sorted(set(range(len(paragraphs))) - set(gone))
    for index in gone:
        end = offsets[index] + len(paragraphs[index])
        spans.append((end, min(end + 2, len(text))))
    if left and left[-1] < len(paragraphs) - 1:
        # Furniture follows the last paragraph: the blank line between them goes too.
        end = offsets[left[-1]] + len(paragraphs[left[-1]])
        spans.append((end, end + 2))
    return [(start, end, "") for start, end in sorted(spans) if start < end]


def _dateline(body: str, headline: str | None, title: str | None, near: date | None) -> Masthead:
    """The dateline of the first paragraph that is not the headline; or of one below a short subtitle."""
    lead = body
    if headline and body.startswith(headline):
        lead = body[len(headline) :].lstrip("\n")
    first, *others = lead[:4000].split("\n\n", 3)
    found = leading_dateline(first[:2000], title, near)
    for above, paragraph in zip([first, *others], others[:2], strict=False):
        if found.day or found.place or found.agency or len(above.split()) > _SUBTITLE:
            break
        # Below a subtitle only what can be nothing else counts: a place with a day or an agency.
        below = leading_dateline(paragraph[:2000], None, near)
        if below.place and (below.day or below.agency):
            found = below
    return found


def _dated(masthead: Masthead, dateline: Masthead) -> tuple[Masthead, str | None]:
    """What dates the article: a masthead before a leading date line, and both before a date of change."""
    if masthead.day and not (masthead.updated and dateline.day):
        return masthead, "masthead"
    return (dateline, "dateline") if dateline.day else (Masthead(), None)
