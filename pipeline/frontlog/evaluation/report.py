"""Scores for the terminal, and the list of errors behind them."""

from __future__ import annotations

import csv
from pathlib import Path

from rich.console import Group
from rich.table import Column, Table
from rich.text import Text

from frontlog.errors import UsageError
from frontlog.evaluation.gold import load_gold
from frontlog.evaluation.scoring import SLOTS, Aligned, Counts, Scores, align

ERROR_FIELDS = (
    "kind",
    "doc_id",
    "event_type",
    "slot",
    "gold",
    "found",
    "rule",
    "place",
    "trigger",
    "sentence",
)
# After OWASP's page on CSV injection, with the full-width signs that it names.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(scores: Scores) -> Group:
    """The scores as tables for ``rich.console.Console.print``; a score that is 0/0 shows as "n/a"."""
    head = Text(f"{scores.documents} documents")
    if scores.documents_missing:
        head.append(f", {len(scores.documents_missing)} of them not in the run", style="bold red")
    detection = Table("events", *_numeric("gold", "found", "matched", "precision", "recall", "F1"))
    for name, counts in (
        ("all", scores.events),
        ("capture and recapture as one type", scores.untyped_retaking),
        ("with place, captor, date and modality right", scores.full_events),
    ):
        detection.add_row(name, *_counts(counts))
    detection.add_section()
    for name, counts in scores.by_type.items():
        detection.add_row(name, *_counts(counts))
    slots = Table("cell, of the matched events", *_numeric("right", "of", "accuracy"))
    for name, ratio in scores.slots.items():
        slots.add_row(name, str(ratio.right), str(ratio.total), _number(ratio.value))
    return Group(head, detection, slots)


def errors(gold: Path, run_dir: Path) -> list[dict[str, str]]:
    """Every miss, false alarm and wrong cell, each with its sentence; the keys are ``ERROR_FIELDS``.

    ``kind`` is ``missed`` (gold without a found event), ``false alarm`` or ``slot`` (then ``slot``, ``gold``
    and ``found`` say which cell and its two values). Sorted by kind, rule and document. Unknown is "".

    Raises as ``evaluate`` does.

    >>> errors(Path("corpus/gold/events.jsonl"), Path("out/demo"))[0]["kind"]
    'false alarm'
    """
    rows = [row for aligned in align(load_gold(gold), run_dir).documents for row in _document_errors(aligned)]
    return sorted(rows, key=lambda row: (row["kind"], row["slot"], row["rule"], row["doc_id"]))


def write_errors(gold: Path, run_dir: Path, path: Path) -> int:
    """Write ``errors`` as CSV and return their number; cells that a spreadsheet would run start with '."""
    rows = errors(gold, run_dir)
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, ERROR_FIELDS)
            writer.writeheader()
            writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
    return len(rows)


def _document_errors(aligned: Aligned) -> list[dict[str, str]]:
    gold, found, doc_id = aligned.document.events, aligned.found, aligned.document.doc_id
    rows = []
    for index in sorted(set(range(len(gold))) - {left for left, _ in aligned.pairs}):
        event = gold[index]
        rows.append(
            _row(
                "missed",
                doc_id,
                event.event_type,
                place=event.place,
                trigger=event.trigger,
                sentence=event.quote,
            )
        )
    for index in sorted(set(range(len(found))) - {right for _, right in aligned.pairs}):
        other = found[index]
        rows.append(
            _row(
                "false alarm",
                doc_id,
                other.event_type,
                rule=other.rule,
                place=other.place,
                trigger=other.trigger,
                sentence=other.quotes[0] if other.quotes else None,
            )
        )
    for left, right in aligned.pairs:
        for slot, is_right in SLOTS.items():
            if not is_right(gold[left], found[right]):
                rows.append(
                    _row(
                        "slot",
                        doc_id,
                        gold[left].event_type,
                        slot=slot,
                        gold=getattr(gold[left], slot),
                        found=getattr(found[right], slot),
                        rule=found[right].rule,
                        place=gold[left].place,
                        trigger=gold[left].trigger,
                        sentence=gold[left].quote,
                    )
                )
    return rows


def _row(kind: str, doc_id: str, event_type: str, **cells: str | None) -> dict[str, str]:
    known = {"kind": kind, "doc_id": doc_id, "event_type": event_type, **cells}
    return {name: known.get(name) or "" for name in ERROR_FIELDS}


def _numeric(*names: str) -> list[Column]:
    return [Column(name, justify="right") for name in names]


def _counts(counts: Counts) -> list[str]:
    scores = (counts.precision, counts.recall, counts.f1)
    return [str(counts.gold), str(counts.found), str(counts.matched), *map(_number, scores)]


def _number(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.3f}"


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
