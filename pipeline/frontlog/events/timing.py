"""When an event happened: the time expression that dates it, its anchor, and dates carried on from before."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from frontlog.dates import date_cell, find_timexes, hangs_on_context, normalise, precision
from frontlog.events.context import Case
from frontlog.records import EventMention, Span, Timex, TimexValue

_NOW = re.compile(r"now|currently|presently|at present", re.IGNORECASE)
_AGO = re.compile(r"(\S+(?: \S+)?) ((?:day|week|month|year)s?) after$", re.IGNORECASE)
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
    timexes = case.scene.analyses[case.number].timexes
    direction = "future" if candidate.tense == "future" else "past"
    for index in candidate.timexes:
        timex = timexes[index]
        reported = index in candidate.report_timexes
        if _counts_back(case, timex):
            return _before_main_event(case, timex)
        if not _may_date(case, timex, reported):
            continue
        base = _anchor(case, timex, reported)
        if base is None and hangs_on_context(timex):
            continue
        value = normalise(timex, base, direction="past" if reported else direction)
        cell = date_cell(value, base)
        if cell is None:
            continue
        published = case.scene.article.published
        if direction == "future" and published and value.end and value.end < published:
            continue  # what is still planned did not happen then
        if candidate.event_type == "siege" and "/" in cell and base is not None and direction == "past":
            cell = f"{cell.split('/')[0]}/{base.isoformat()}"  # it goes on as the story is told
        words = Span(case.offset + timex.start, case.offset + timex.end, timex.text)
        return When(words, value, cell, "report" if reported else "event")
    return _carried(case)


def _may_date(case: Case, timex: Timex, reported: bool) -> bool:
    candidate = case.candidate
    if timex.timex_type == "SET" or (timex.timex_type == "DURATION" and candidate.event_type != "siege"):
        return False
    if reported and candidate.modality in {"planned", "hypothetical", "ongoing"}:
        return False
    if _NOW.fullmatch(timex.text) and candidate.modality in {"planned", "hypothetical"}:
        return False
    return not _is_dateline(case, timex)


def _counts_back(case: Case, timex: Timex) -> bool:
    """ "retook the town *nine months after* it had fallen": the second event is counted back from the first."""
    return bool(_AGO.search(timex.text)) and case.candidate.trigger.start > timex.end


def _before_main_event(case: Case, timex: Timex) -> When | None:
    """The date of the event in an "after" clause: the main clause's less the time between, as vague as its unit."""
    match = _AGO.search(timex.text)
    last, at = case.memory.dated, case.memory.dated_at
    if (
        match is None
        or last is None
        or last.date_start is None
        or at != (case.number, case.candidate.sentence)
    ):
        return None
    counted = find_timexes(f"{match[1]} {match[2]} ago")
    if not counted:
        return None
    value = normalise(counted[0], last.date_start)
    cell = date_cell(value, last.date_start)
    if cell is None:
        return None
    return When(Span(case.offset + timex.start, case.offset + timex.end, timex.text), value, cell, "event")


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
        return _told_on(case, timex) or published
    return published


def _told_on(case: Case, timex: Timex) -> date | None:
    """The day named beside "now" or "for three years": "said on Friday it now controls"."""
    timexes = case.scene.analyses[case.number].timexes
    for index in case.candidate.timexes:
        other = timexes[index]
        if other is timex or _NOW.fullmatch(other.text):
            continue
        value = normalise(other, case.scene.article.published)
        if value.start is not None and value.start == value.end:
            return value.start
    return None


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
