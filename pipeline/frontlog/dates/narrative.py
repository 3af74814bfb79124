"""All time expressions of a text with their values, each resolved against the anchor that fits it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from frontlog.records import ResolvedTimex, Timex, TimexValue

from .direction import direction_of
from .expressions import fields_of, hangs_on_context, split_range
from .normalise import normalise
from .recognise import find_timexes
from .relative import dated, like

# A chronicle names years of its own more often than days that hang on its day of writing.
_MIN_YEARS, _YEARS_TO_DEICTICS = 2, 3
# A year that lies further off than this is an aside ("the 1911 edition"); the story stays where it was.
_ASIDE_YEARS = 15
# "Asked it to answer by Oct. 31": the day may lie ahead, whatever the tense.
_LOOKS_AHEAD = re.compile(
    r"\b(?:by|until|till|through|to|for|before|effective)\s(?:early\s|late\s|mid-)?$", re.IGNORECASE
)
_OPENS_SENTENCE = re.compile(r"(?:^|[.!?][\"”’)]?\s+|\n)\s*(?:[A-Z][a-z]+,?\s+)?(?:the\s+(?:year\s+)?)?$")
# In a chronicle only January after December goes on into the next year.
_SAME_YEAR_BACK = 10
_POSSESSIVE = re.compile(r"['’]s\b")
_RIGHT_BEFORE = 16
# A quarter is reported on once it has ended, or a few days earlier.
_REPORTED_BEFORE_END = timedelta(days=20)
# No one says "on Aug. 7" of a day that far ahead, and so soon after the last one.
_FAR_DAYS, _JUST_DAYS, _CLOSE_DAYS = 240, 60, 100
_SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_DATELINE = re.compile(r"\s*(?:\([^)\n]{2,40}\)|/[^/\n]{2,30}/|[—–_]|--?\s)")
_COMPARED = re.compile(
    r"\b(?:compared|comparable|from|than|versus|against|up|down|rose|fell|gain|loss|share|million|billion|income|revenue|sales|per\s?cent)\b|%"
)


@dataclass(frozen=True, slots=True)
class Anchors:
    """The days that a text's dates are counted from: of its dateline, of the article, of the story's copies."""

    dateline: date | None = None
    article: date | None = None
    story: date | None = None

    def first(self) -> tuple[str | None, date | None]:
        """The name and day of the first anchor that is known."""
        for name in ("dateline", "article", "story"):
            day = getattr(self, name)
            if day is not None:
                return name, day
        return None, None


def read_dates(text: str, anchor: date | Anchors | None = None) -> tuple[ResolvedTimex, ...]:
    """All time expressions of ``text`` with their TIMEX3 values, in order and without overlap.

    ``anchor`` is the day of writing, or several to choose from. A date of the text's own dateline goes before
    it, and what the text tells before goes before both: "the next day" and "in March" of a chronicle hang on
    the last date told. "Friday", "Oct. 17" and "in May" are looked for where tense and modality point.
    Without any anchor the values stay partial (``XXXX-10-17``). Empty where the text has no dates.

    >>> [(d.text, d.value.value) for d in read_dates("They left on Friday, a day after the raid.", date(2017, 11, 4))]
    [('Friday', '2017-11-03'), ('a day after', '2017-11-04')]
    """
    passages = [(m.start(), m[0]) for m in re.finditer(r"\S(?:(?!\n\s*\n).)*", text, re.DOTALL)]
    found = resolve([(passage, find_timexes(passage)) for _, passage in passages], anchor)
    return tuple(
        replace(
            resolved, timex=replace(resolved.timex, start=resolved.start + offset, end=resolved.end + offset)
        )
        for (offset, _), row in zip(passages, found, strict=True)
        for resolved in row
    )


def resolve(
    passages: Sequence[tuple[str, Sequence[Timex]]], anchor: date | Anchors | None = None
) -> list[list[ResolvedTimex]]:
    """The values of expressions found already, passage by passage of one text; offsets count in the passage."""
    anchors = anchor if isinstance(anchor, Anchors) else Anchors(article=anchor)
    if anchors.dateline is None and passages:
        anchors = replace(anchors, dateline=_dateline(passages[:3], anchors.first()[1]))
    timexes = [timex for _, found in passages for timex in found]
    day_first = _day_first(timexes)
    story = _Story(anchors, _is_chronicle(timexes, anchors.first()[1]))
    rows = []
    for number, (text, found) in enumerate(passages):
        row = []
        for timex in found:
            ordered = day_first and timex.expression[0] == "slash"
            read = replace(timex, expression=(*timex.expression, "order=dmy")) if ordered else timex
            row.append(story.resolve(read, text, number))
        rows.append(row)
    return rows


def ends(found: ResolvedTimex) -> list[tuple[Timex, str]]:
    """Both ends of a range ("Oct. 14-17") with their values, as TimeML marks them; else the expression itself."""
    parts = split_range(found.timex)
    values = found.value.value.split("/") if len(parts) == 2 else [found.value.value]
    return list(zip(parts, values, strict=True))


def read_expression(text: str, start: int, end: int, anchor: date | Anchors | None = None) -> TimexValue:
    """The value of ``text[start:end]``, known to be a time expression; its sentence tells the direction.

    The value is empty where the words are none that the grammar knows.
    """
    for known in read_dates(text, anchor):
        if known.start == start and known.end == end:
            return known.value
    # The words alone lack the cue by which "March" is told from a march.
    found = find_timexes(text[start:end]) or find_timexes(f"in {text[start:end]}")
    if not found:
        return TimexValue("DATE", "")
    anchors = anchor if isinstance(anchor, Anchors) else Anchors(article=anchor)
    longest = max(found, key=lambda timex: timex.end - timex.start)
    return normalise(longest, anchors.first()[1], direction=direction_of(text, start, end) or "past")


# --- what the whole text tells ---------------------------------------------------------------------


def _dateline(passages: Iterable[tuple[str, Sequence[Timex]]], written: date | None) -> date | None:
    """The day of "WASHINGTON, Aug. 11 (Reuters)": a day that opens a passage, with an agency or dash behind."""
    for text, found in passages:
        if not found or found[0].start > 60 or "d=" not in " ".join(found[0].expression):
            continue
        before = text[: found[0].start]
        if before.upper() == before and before.strip() and _DATELINE.match(text, found[0].end):
            day = normalise(found[0], written, direction="present")
            return day.start
    return None


def _day_first(timexes: Iterable[Timex]) -> bool:
    """Whether one of the text's dates shows that the day comes first: 17/10/2017."""
    for timex in timexes:
        if timex.expression[0] == "slash":
            one, two, _ = re.split(r"\D", fields_of(timex.expression)["x"])
            if int(one) > 12 >= int(two):
                return True
    return False


def _is_chronicle(timexes: Iterable[Timex], written: date | None) -> bool:
    """Whether a text tells of years of its own ("In 1916 ... In July ...") rather than of its day of writing."""
    years = deictic = 0
    for timex in timexes:
        fields = fields_of(timex.expression)
        year = int(fields["y"]) if fields.get("y", "").isdigit() else None
        if year is not None:
            years += written is None or abs(written.year - year) > 1
        elif timex.expression[0] in ("date", "offset") and "ctx" not in fields and "c" not in fields:
            deictic += "w" in fields or timex.expression[0] == "offset"
    return years >= _MIN_YEARS + _YEARS_TO_DEICTICS * deictic


# --- one expression after the other ----------------------------------------------------------------


class _Story:
    """The narrative as read so far: its last date, the period spoken of, and the anchors of the text."""

    def __init__(self, anchors: Anchors, chronicle: bool) -> None:
        self.name, self.base = anchors.first()
        self.chronicle = chronicle or self.base is None
        self.day: date | None = None  # first day of the last date told
        self.at = (-9, 0)  # its passage, and where it ends there
        self.bc: int | None = None  # the year before Christ that was told last
        self.length_at = -1  # where the last duration ended in its passage
        self.period: str | None = None  # the quarter, half-year or month spoken of

    def resolve(self, timex: Timex, text: str, passage: int) -> ResolvedTimex:
        fields = _partial_fields(timex)
        value = self._before_christ(timex) or self._by_period(timex, text)
        name: str | None = "narrative"
        base = self.day
        if value is None:
            direction = direction_of(text, timex.start, timex.end)
            name, base, direction = self._anchor(timex, fields, text, passage, direction)
            value = normalise(timex, base, direction=direction or "past")
            if base is not None and value == normalise(timex, None):
                name, base = None, None
            self._remember(timex, value, text, passage)
        return ResolvedTimex(timex, value, name if base else None, base)

    def _anchor(
        self, timex: Timex, fields: dict[str, str], text: str, passage: int, direction: str | None
    ) -> tuple[str | None, date | None, str | None]:
        """What an expression is counted from, by name and day, and where to look from there."""
        near = self.day is not None and (
            passage - self.at[0] <= 1 if self.chronicle else passage == self.at[0]
        )
        if hangs_on_context(timex):
            told = self.day if near or self.chronicle else None
            if "of" in fields_of(timex.expression) and not self._dated_just_before(timex, text, passage):
                return None, None, None  # what "three years after the merger" counts from is not known
            return ("narrative", told, "past") if told else (self.name, self.base, "past")
        if fields.keys() & {"q", "h"}:
            return self.name, self.base, "past" if direction == "past" else "present"
        month = int(fields["m"]) if "m" in fields else _SEASON_MONTHS.get(fields.get("s", ""))
        if month is not None and "r" not in fields and self.day is not None and self.chronicle:
            return (
                "narrative",
                date(self.day.year + (self.day.month - month > _SAME_YEAR_BACK), 1, 1),
                "future",
            )
        if self.chronicle and self.day is not None:
            if "w" in fields:
                return "narrative", self.day, "future"
            if fields.keys() == {"d"} or "r" in fields or timex.expression[0] == "clock":
                return "narrative", self.day, "present"
        if "m" in fields and "d" in fields and self._is_close(timex):
            # The nearest such day, unless a verb right before it says otherwise ("seized Dec. 20")
            direction = direction_of(text, timex.start, timex.end, before=_RIGHT_BEFORE, after=0)
        if month is not None or "d" in fields:
            ahead = _LOOKS_AHEAD.search(text, max(0, timex.start - 12), timex.start)
            if direction is None or ahead or (direction == "future" and self._is_far_ahead(timex)):
                direction = "present"
        if "w" in fields and direction == "future" and _POSSESSIVE.match(text, timex.end):
            direction = "present"  # "will appeal against Wednesday's ruling"
        return self.name, self.base, direction

    def _dated_just_before(self, timex: Timex, text: str, passage: int) -> bool:
        """Whether the last date told stands in the same sentence, as far as punctuation shows."""
        between = text[self.at[1] : timex.start]
        return self.day is not None and passage == self.at[0] and not re.search(r"\n|[.!?]\s", between)

    def _is_close(self, timex: Timex) -> bool:
        """Whether the nearest such day lies within a season of the anchor: then it is hardly another year's."""
        nearest = normalise(timex, self.base, direction="present").start
        return nearest is not None and self.base is not None and abs((nearest - self.base).days) < _CLOSE_DAYS

    def _is_far_ahead(self, timex: Timex) -> bool:
        """Whether the next such date lies most of a year ahead, and the last one just behind."""
        ahead, nearest = (normalise(timex, self.base, direction=way).start for way in ("future", "present"))
        if ahead is None or nearest is None or self.base is None:
            return False
        return (ahead - self.base).days > _FAR_DAYS and (self.base - nearest).days < _JUST_DAYS

    def _by_period(self, timex: Timex, text: str) -> TimexValue | None:
        """ "The quarter", or "a year earlier" in a comparison: the period spoken of, or its like a year before."""
        fields = fields_of(timex.expression)
        if timex.timex_type == "DURATION":
            self.length_at = timex.end
        if self.period is None:
            return None
        if timex.expression[0] == "period":
            return dated(like(self.period, fields))
        if timex.expression[0] != "offset" or (fields["u"], fields["n"], fields.get("sign")) != (
            "Y",
            "1",
            "-1",
        ):
            return None
        start = max(0, timex.start - 200, text.rfind(". ", 0, timex.start))
        if start <= self.length_at < timex.start:
            return None  # "in the first nine months, compared with a year earlier"
        after = text[timex.end : timex.end + 100]
        sentence = text[start : timex.start] + after[: after.find(". ") + 1 or None]
        return dated(like(self.period, {"n": "-1"})) if _COMPARED.search(sentence) else None

    def _before_christ(self, timex: Timex) -> TimexValue | None:
        """What hangs on a year before Christ: "in August" after "480 BC", "the following year"."""
        fields = fields_of(timex.expression)
        if timex.expression[0] in ("date", "range") and "y" in fields:
            self.bc = int(fields["y"]) if "bc" in fields else None
        elif self.bc is not None:
            hangs = hangs_on_context(timex)
            if timex.expression[0] == "date" and fields.keys() & {"m", "s"} and "w" not in fields:
                year = self.bc - int(fields.get("yrel", fields.get("crel", "0")).removesuffix("c"))
                return normalise(replace(timex, expression=(*timex.expression, f"y={year}", "bc=1")), None)
            if hangs and fields.get("u") == "Y" and fields.get("n", "X") != "X":
                steps = float(fields["n"]) * int(fields.get("sign", "1"))
                return TimexValue("DATE", f"BC{self.bc - round(steps):04d}")
            if hangs:
                return normalise(timex, None)
        return None

    def _remember(self, timex: Timex, value: TimexValue, text: str, passage: int) -> None:
        fields = fields_of(timex.expression)
        reported = (
            value.end is not None and self.base is not None and value.end - self.base < _REPORTED_BEFORE_END
        )
        if re.fullmatch(r"\d{4}-(?:Q[1-4]|H[12])", value.value) and "y" not in fields and reported:
            self.period = value.value
        moves = timex.expression[0] in ("date", "stamp", "slash", "explicit")
        if not moves or value.start is None or value.timex_type not in ("DATE", "TIME") or "c" in fields:
            return
        bare_year = "y" in fields and not fields.keys() & {"m", "s", "q"}
        if bare_year and self.chronicle and self.day is not None:
            step = value.start.year - self.day.year
            opens = _OPENS_SENTENCE.search(text, max(0, timex.start - 40), timex.start)
            if (step < 0 and not opens) or abs(step) > _ASIDE_YEARS:
                return
        self.day, self.at = value.start, (passage, timex.end)


def _partial_fields(timex: Timex) -> dict[str, str]:
    """The fields of a date that lacks its year, or of the ends of such a range; else none."""
    parts = [part.expression for part in split_range(timex)]
    if any(part[0] != "date" for part in parts):
        return {}
    fields = {key: value for part in parts for key, value in fields_of(part).items()}
    return {} if fields.keys() & {"y", "yy", "yrel", "c", "cent"} else fields
