"""When an event happened: the time expression that dates it, its anchor, and dates carried on from before."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from frontlog.dates import date_cell, hangs_on_context, normalise, precision
from frontlog.events.context import Case
from frontlog.records import EventMention, ResolvedTimex, Span, Timex, TimexValue

_NOW = re.compile(r"now|currently|presently|at present", re.IGNORECASE)
_SAID = re.compile(r"\b(?:said|says|told|announced|reported|stated|added)\b[^.\n]{0,24}$")
_HAS_SINCE = re.compile(r"\b(?:has|have) since\s*$")
_BEFORE_DASH = re.compile(r"\s*(?:\([^)]{2,40}\)\s*)?[—–-]")


@dataclass(frozen=True, slots=True)
class When:
    """The words that date an event, what they resolve to, the cell of the table, and its ``date_basis``."""

    timex: Span
    value: TimexValue
    cell: str
    basis: str


def find_date(case: Case) -> When | None:
    """The date of a candidate; None where neither its sentence nor the scene before dates it."""
    candidate = case.candidate
    for index in candidate.timexes:
        dated = case.scene.dates[case.number][index]
        timex = dated.timex
        reported = index in candidate.report_timexes
        if _counts_back(case, timex):
            return _before_main_event(case, timex)
        if not _may_date(case, timex, reported):
            continue
        if "of=after" in timex.expression and candidate.trigger.start > timex.end:
            continue  # it dates the clause between
        base, direction = _anchor(case, timex, reported), _direction(case, timex, reported)
        if dated.anchor == "narrative" and (base is None or not hangs_on_context(timex)):
            base, value = dated.anchor_date, dated.value  # a chronicle carries its year forward
        elif base is None and hangs_on_context(timex) and not _is_same_day(timex):
            continue
        else:
            base = base or case.scene.article.published
            value = normalise(_since(case, timex), base, direction=direction)
        cell = date_cell(value, base)
        if cell is None:
            continue
        published = case.scene.article.published
        if direction == "future" and published and value.end and value.end < published:
            continue  # what is still planned did not happen then
        if (
            candidate.event_type == "siege"
            and "/" in cell
            and base is not None
            and candidate.tense != "future"
        ):
            cell = f"{cell.split('/')[0]}/{base.isoformat()}"  # it goes on as the story is told
        words = Span(case.offset + timex.start, case.offset + timex.end, timex.text)
        return When(words, value, cell, "report" if reported else "event")
    return _carried(case) or _of_the_day(case)


def _direction(case: Case, timex: Timex, reported: bool) -> str:
    """Where to look for a day without its year: ahead for plans, and for what is under way at the nearest season."""
    candidate = case.candidate
    if not reported and (candidate.tense == "future" or candidate.modality == "planned"):
        return "future"
    season = any(field.startswith("s=") for field in timex.expression)
    return "present" if season and candidate.modality != "actual" else "past"


def _since(case: Case, timex: Timex) -> Timex:
    """ "entered in June and *has since* taken most of it": the time from then on."""
    words = case.scene.article.text[case.offset + timex.end : case.offset + case.candidate.trigger.start]
    if timex.timex_type == "DATE" and _HAS_SINCE.search(words):
        return replace(timex, expression=(*timex.expression, "since=1"))
    return timex


def _may_date(case: Case, timex: Timex, reported: bool) -> bool:
    candidate = case.candidate
    if timex.timex_type == "SET" or (timex.timex_type == "DURATION" and candidate.event_type != "siege"):
        return False
    if reported and candidate.modality in {"planned", "hypothetical"}:
        return False
    if reported and candidate.modality == "ongoing" and not _is_same_day(timex):
        return False
    if _NOW.fullmatch(timex.text) and candidate.modality in {"planned", "hypothetical"}:
        return False
    return not _is_dateline(case, timex)


def _is_same_day(timex: Timex) -> bool:
    """ "Earlier in the day", "that night": of the day told of, or else of the day of writing."""
    return {"u=D", "n=0"} <= set(timex.expression)


def _counts_back(case: Case, timex: Timex) -> bool:
    """ "retook the town *nine months* after it had fallen": the second event is counted back from the first."""
    candidates = case.scene.analyses[case.number].candidates
    trigger = case.candidate.trigger
    first = min((c.trigger.start for c in candidates if c.trigger.start > timex.end), default=None)
    return "of=after" in timex.expression and trigger.start == first


def _before_main_event(case: Case, timex: Timex) -> When | None:
    """The date of the event in an "after" clause, as vague as its unit: the main clause's less the time between.

    Where the main clause is no dated event ("The raids came a day after the town had fallen"), the last day
    told, or the day of writing, stands for it.
    """
    last, at = case.memory.dated, case.memory.dated_at
    main = last.date_start if last is not None and at == (case.number, case.candidate.sentence) else None
    main = main or _day_told(case, timex) or case.scene.article.published
    if main is None:
        return None
    back = tuple(f for f in timex.expression if f not in ("sign=1", "of=after"))
    value = normalise(replace(timex, expression=(*back, "sign=-1")), main)
    cell = date_cell(value, main)
    if cell is None:
        return None
    return When(Span(case.offset + timex.start, case.offset + timex.end, timex.text), value, cell, "event")


def _day_told(case: Case, timex: Timex) -> date | None:
    """The last day told before an expression, in its passage or the one before; None where none is told."""
    published = case.scene.article.published
    before = [d for d in case.scene.dates[case.number] if d.end <= timex.start]
    for dated in [*(case.scene.dates[case.number - 1] if case.number else ()), *before][::-1]:
        day = dated.value.start
        if day is not None and day == dated.value.end and (published is None or day <= published):
            return day
    return None


def _is_dateline(case: Case, timex: Timex) -> bool:
    """A full date that opens the text or stands in its dateline dates the story, not the event."""
    if case.number > 1 or timex.start > 60 or not re.search(r"\b\d{4}\b", timex.text):
        return False
    passage = case.scene.article.text[case.offset : case.scene.spans[case.number][1]]
    before = passage[: timex.start].strip(" \"'“”")
    return before.lower() in {"", "published", "updated"} or bool(_BEFORE_DASH.match(passage, timex.end))


def _anchor(case: Case, timex: Timex, reported: bool) -> date | None:
    """The day that an expression is counted from: the event before, the day of the statement, or the article's."""
    published = case.scene.article.published
    if hangs_on_context(timex):
        last, (passage, _) = case.memory.dated, case.memory.dated_at
        exact = last is not None and last.date_start == last.date_end and case.number - passage <= 1
        return last.date_start if last is not None and exact else None
    if not reported and (timex.timex_type == "DURATION" or _NOW.fullmatch(timex.text)):
        return _told_on(case, timex) or _spoken_on(case, timex) or published
    return published


def _told_on(case: Case, timex: Timex) -> date | None:
    """The day named beside "now" or "for three years": "said on Friday it now controls"."""
    for index in case.candidate.timexes:
        other = case.scene.dates[case.number][index].timex
        if other is timex or _NOW.fullmatch(other.text):
            continue
        value = normalise(other, case.scene.article.published)
        if value.start is not None and value.start == value.end:
            return value.start
    return None


def _spoken_on(case: Case, timex: Timex) -> date | None:
    """The day on which the source of "X is now ..." last spoke, if that was in the week before publication."""
    published, day = case.scene.article.published, _day_told(case, timex)
    if not _NOW.fullmatch(timex.text) or published is None or day is None or not case.candidate.attribution:
        return None
    return day if (published - day).days < 7 else None


def _carried(case: Case) -> When | None:
    """The date of the sentence before, for one that goes on in the same scene ("the army also took ...")."""
    last, (passage, sentence) = case.memory.dated, case.memory.dated_at
    candidate = case.candidate
    if last is None or last.date_text is None or last.date_start is None or candidate.timexes:
        return None
    near = passage == case.number and 0 <= candidate.sentence - sentence <= 1
    if not near or candidate.modality != "actual" or candidate.tense != "past" or last.date_basis == "report":
        return None
    value = TimexValue("DATE", last.date_value or "", last.date_start, last.date_end)
    return When(last.date_text, value, last.date_value or "", "event")


def _of_the_day(case: Case) -> When | None:
    """The one day of a round-up ("Units went on on Monday ..."), for what it tells next without a time of its own.

    Only where the article names no other day; the day on which somebody spoke is not the day of what he tells.
    """
    candidate, article = case.candidate, case.scene.article
    if candidate.modality != "actual" or candidate.tense != "past" or candidate.timexes:
        return None
    days = [
        (offset, dated)
        for (offset, _), row in zip(case.scene.spans, case.scene.dates, strict=True)
        for dated in row
        if dated.value.start is not None and dated.value.timex_type in ("DATE", "TIME")
    ]
    if len({(dated.value.start, dated.value.end) for _, dated in days}) != 1:
        return None
    told = [
        (o, d)
        for o, d in days
        if not _opens_text(o, d) and not _SAID.search(article.text, max(0, o + d.start - 40), o + d.start)
    ]
    if not told or told[0][0] + told[0][1].end > case.offset + candidate.trigger.start:
        return None
    offset, dated = told[0]
    cell, day = date_cell(dated.value, article.published), dated.value.start
    if cell is None or day is None or day != dated.value.end or article.published is None:
        return None
    if not 0 <= (article.published - day).days <= 1:
        return None
    return When(Span(offset + dated.start, offset + dated.end, dated.text), dated.value, cell, "event")


def _opens_text(offset: int, dated: ResolvedTimex) -> bool:
    """A full date at the head of an article is its date line."""
    return offset + dated.start <= 60 and re.search(r"\d{4}", dated.text) is not None


def with_date(mention: EventMention, when: When | None, published: date | None) -> EventMention:
    """The mention with its date; an undated one is bounded by the day of publication."""
    if when is not None:
        return replace(
            mention,
            date_text=when.timex,
            date_value=when.cell,
            date_start=when.value.start,
            date_end=when.value.end,
            time_precision=precision(when.value),
            date_basis=when.basis,
        )
    if published is None:
        return replace(mention, date_basis=None)
    if mention.modality == "planned":
        return replace(mention, date_start=published)
    return replace(mention, date_end=published)
