"""From gold files and a run's tables to scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from frontlog.errors import UsageError
from frontlog.evaluation.gold import GoldDocument, GoldEvent, load_gold
from frontlog.evaluation.matching import FoundEvent, match, same_date, same_names, same_place
from frontlog.records import EVENT_TYPES

_RETAKING = frozenset({"capture", "recapture"})

# What makes a cell right, given that the two are the same event.
SLOTS: Mapping[str, Callable[[GoldEvent, FoundEvent], bool]] = {
    "captor_name": lambda gold, found: same_names(gold.captor_name, found.captor_name),
    "loser_name": lambda gold, found: same_names(gold.loser_name, found.loser_name),
    "target_type": lambda gold, found: gold.target_type == found.target_type,
    "place": same_place,
    "country": lambda gold, found: gold.country == found.country,
    "extent": lambda gold, found: gold.extent == found.extent,
    "date": lambda gold, found: same_date(gold.date, found.date),
    "modality": lambda gold, found: gold.modality == found.modality,
    "attribution": lambda gold, found: (gold.attribution is None) == (found.attribution is None),
}
_MENTION_KEYS = ("article_id", "event_type", "trigger", "quote")
_MENTION_CELLS = (
    *(*SLOTS, "target", "rule", "other_quotes"),
    *("mention_id", "trigger_start", "quote_start"),
)
FULL_EVENT = ("place", "captor_name", "date", "modality")


@dataclass(frozen=True, slots=True)
class Counts:
    """Gold events, found events and the pairs between them."""

    gold: int = 0
    found: int = 0
    matched: int = 0

    @property
    def precision(self) -> float | None:
        """Matched of found; None where nothing was found."""
        return _share(self.matched, self.found)

    @property
    def recall(self) -> float | None:
        """Matched of gold; None where gold has nothing."""
        return _share(self.matched, self.gold)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None where there is neither gold nor anything found."""
        return _share(2 * self.matched, self.gold + self.found)

    def to_dict(self) -> dict[str, float | int | None]:
        """Counts and the three scores."""
        return {**asdict(self), "precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True, slots=True)
class Ratio:
    """``right`` out of ``total``."""

    right: int = 0
    total: int = 0

    @property
    def value(self) -> float | None:
        """The share that is right; None out of nothing."""
        return _share(self.right, self.total)

    def to_dict(self) -> dict[str, float | int | None]:
        """Counts and their ratio."""
        return {**asdict(self), "accuracy": self.value}


@dataclass(frozen=True, slots=True)
class Scores:
    """What ``evaluate`` found out. All counts are micro: summed over the documents, then divided.

    ``events``: detection, by the matching rules. ``by_type``: the same per event type, for types that occur.
    ``untyped_retaking``: detection when capture and recapture count as one type. ``slots``: of the matched
    events, how many have the cell right (an empty cell is right where gold is empty; attribution asks
    only whether there is one). ``full_events``: detection of events whose place, captor name, date and
    modality are all right. ``warnings``: sentences for the user, such as the names of missing documents.
    """

    documents: int
    documents_missing: tuple[str, ...]
    events: Counts
    untyped_retaking: Counts
    full_events: Counts
    by_type: Mapping[str, Counts]
    slots: Mapping[str, Ratio]
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; a score that is 0/0 is null."""
        return {
            "documents": self.documents,
            "documents_missing": list(self.documents_missing),
            "events": self.events.to_dict(),
            "untyped_retaking": self.untyped_retaking.to_dict(),
            "full_events": self.full_events.to_dict(),
            "by_type": {name: counts.to_dict() for name, counts in self.by_type.items()},
            "slots": {name: ratio.to_dict() for name, ratio in self.slots.items()},
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Aligned:
    """A gold document beside what the run found in it; ``missing`` where the run lacks the document."""

    document: GoldDocument
    found: tuple[FoundEvent, ...] = ()
    pairs: tuple[tuple[int, int], ...] = ()
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Alignment:
    """All documents of a gold file, aligned, with what the user should be told."""

    documents: tuple[Aligned, ...]
    warnings: tuple[str, ...] = field(default=())


def evaluate(gold: Path, run_dir: Path) -> Scores:
    """Score the tables in ``run_dir`` (the ``--out`` folder of a run) against a gold file or folder.

    Articles of the run that have no gold are left out of account. Gold documents that the run lacks count
    as all missed and are named in ``Scores.warnings``.

    Raises ``UsageError`` for faulty gold (see ``load_gold``) and for a folder without a run's tables.

    >>> evaluate(Path("corpus/gold/events.jsonl"), Path("out/demo")).events.f1
    0.5
    """
    return score(align(load_gold(gold), run_dir))


def score(alignment: Alignment) -> Scores:
    """Count what ``align`` has paired."""
    total = Counts()
    retaking = Counts()
    full = 0
    by_type = {name: Counts() for name in EVENT_TYPES}
    right = dict.fromkeys(SLOTS, 0)
    for aligned in alignment.documents:
        gold, found = aligned.document.events, aligned.found
        total = _add(total, len(gold), len(found), len(aligned.pairs))
        retaking = _add(retaking, len(gold), len(found), len(match(gold, found, _RETAKING)))
        for event in gold:
            by_type[event.event_type] = _add(by_type[event.event_type], 1, 0, 0)
        for other in found:
            by_type[other.event_type] = _add(by_type.get(other.event_type, Counts()), 0, 1, 0)
        for left, right_index in aligned.pairs:
            by_type[gold[left].event_type] = _add(by_type[gold[left].event_type], 0, 0, 1)
            verdict = {name: rule(gold[left], found[right_index]) for name, rule in SLOTS.items()}
            full += all(verdict[name] for name in FULL_EVENT)
            for name in SLOTS:
                right[name] += verdict[name]
    return Scores(
        documents=len(alignment.documents),
        documents_missing=tuple(a.document.doc_id for a in alignment.documents if a.missing),
        events=total,
        untyped_retaking=retaking,
        full_events=Counts(total.gold, total.found, full),
        by_type={name: counts for name, counts in by_type.items() if counts.gold or counts.found},
        slots={name: Ratio(right[name], total.matched) for name in SLOTS},
        warnings=alignment.warnings,
    )


def align(gold: list[GoldDocument], run_dir: Path) -> Alignment:
    """Find each gold document in the run (its id, else its file's name, is ``source_id``) and pair events."""
    articles: dict[str, list[dict[str, Any]]] = {}
    for row in _table(run_dir, "articles", ("article_id", "source_id"), ("path",)):
        articles.setdefault(str(row["source_id"]), []).append(row)
    mentions = _table(run_dir, "mentions", _MENTION_KEYS, _MENTION_CELLS)
    found = _found_by_article(mentions, _spellings(run_dir))
    documents, warnings = [], []
    for document in gold:
        keys = [document.doc_id] + ([Path(document.file).stem] if document.file else [])
        rows = next((articles[key] for key in keys if key in articles), [])
        if not rows:
            warnings.append(
                f"document {document.doc_id!r} is not among the run's articles: "
                f"its {len(document.events)} events count as missed"
            )
            documents.append(Aligned(document, missing=True))
            continue
        chosen = min(rows, key=lambda row: (str(row.get("path")), str(row["article_id"])))
        if len(rows) > 1:
            warnings.append(
                f"document {document.doc_id!r}: {len(rows)} articles of the run have this id; "
                f"scored was {chosen.get('path')}"
            )
        events = found.get(str(chosen["article_id"]), ())
        documents.append(Aligned(document, events, tuple(match(document.events, events))))
    return Alignment(tuple(documents), tuple(warnings))


def _found_by_article(
    rows: list[dict[str, Any]], spellings: Mapping[tuple[str, str], tuple[str, ...]]
) -> dict[str, tuple[FoundEvent, ...]]:
    def position(row: dict[str, Any]) -> tuple[int, int, str]:
        return (
            int(row.get("quote_start") or 0),
            int(row.get("trigger_start") or 0),
            str(row.get("mention_id")),
        )

    events: dict[str, list[FoundEvent]] = {}
    for row in sorted(rows, key=position):
        article_id, place = str(row["article_id"]), _cell(row, "place")
        events.setdefault(article_id, []).append(
            FoundEvent(
                event_type=str(row["event_type"]),
                trigger=_cell(row, "trigger") or "",
                quotes=tuple(q for q in (_cell(row, "quote"), *_list(row, "other_quotes")) if q),
                captor_name=_cell(row, "captor_name"),
                loser_name=_cell(row, "loser_name"),
                target=_cell(row, "target"),
                target_type=_cell(row, "target_type"),
                place=place,
                place_names=spellings.get((article_id, place), ()) if place else (),
                country=_cell(row, "country"),
                extent=_cell(row, "extent"),
                date=_cell(row, "date"),
                modality=_cell(row, "modality"),
                attribution=_cell(row, "attribution"),
                rule=_cell(row, "rule"),
            )
        )
    return {article_id: tuple(found) for article_id, found in events.items()}


def _spellings(run_dir: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """How each article words the gazetteer's names; empty for a run without a places table."""
    if not (run_dir / "places.parquet").is_file():
        return {}
    words: dict[tuple[str, str], set[str]] = {}
    for row in _table(run_dir, "places", ("article_id", "text", "name")):
        name, text = _cell(row, "name"), _cell(row, "text")
        if name and text:
            words.setdefault((str(row["article_id"]), name), set()).add(text)
    return {key: tuple(sorted(texts)) for key, texts in words.items()}


def _table(
    run_dir: Path, name: str, needed: tuple[str, ...], wanted: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    """Rows of a table as plain values, None for null; of the ``wanted`` columns those that are there."""
    import pyarrow.parquet as pq

    path = run_dir / f"{name}.parquet"
    if not path.is_file():
        raise UsageError(
            f"{run_dir}: holds no {path.name}; give the --out folder of a finished `frontlog run`"
        )
    try:
        columns = pq.read_schema(path).names
        lacking = [column for column in needed if column not in columns]
        if lacking:
            raise UsageError(f"{path}: has no column {lacking[0]!r}; was it written by `frontlog run`?")
        chosen = [column for column in (*needed, *wanted) if column in columns]
        rows: list[dict[str, Any]] = pq.read_table(path, columns=chosen).to_pylist()
    except (OSError, ValueError) as error:  # pyarrow's errors derive from these
        raise UsageError(f"{path}: cannot be read as Parquet ({error})") from error
    return rows


def _cell(row: Mapping[str, Any], name: str) -> str | None:
    """A cell as text: lists joined by "; ", days in ISO form, None for an empty or absent cell."""
    value = row.get(name)
    if isinstance(value, list):
        value = "; ".join(str(part) for part in value)
    elif isinstance(value, date):
        value = value.isoformat()[:10]
    return str(value).strip() or None if value is not None else None


def _list(row: Mapping[str, Any], name: str) -> list[str]:
    value = row.get(name) or []
    return [value] if isinstance(value, str) else [str(part) for part in value]


def _add(counts: Counts, gold: int, found: int, matched: int) -> Counts:
    return Counts(counts.gold + gold, counts.found + found, counts.matched + matched)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
