"""Gold files: what people found in a document, read and checked before anything is scored against it."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from frontlog.errors import UsageError
from frontlog.records import EVENT_TYPES, MODALITIES

TARGET_TYPES = ("settlement", "district", "region", "facility", "person", "equipment")
EXTENTS = ("full", "partial")
PLACE_RELATIONS = ("at", "near")

_ENUMS: dict[str, tuple[tuple[str, ...], bool]] = {
    # field: (legal values, may it be null)
    "event_type": (EVENT_TYPES, False),
    "modality": (MODALITIES, False),
    "extent": (EXTENTS, False),
    "target_type": (TARGET_TYPES, True),
    "place_relation": (PLACE_RELATIONS, True),
}


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """One event of a gold document; the fields are those of the annotation guidelines. None: not stated."""

    event_type: str
    trigger: str
    quote: str
    modality: str
    extent: str = "full"
    captor: str | None = None
    captor_name: str | None = None
    loser: str | None = None
    loser_name: str | None = None
    target: str | None = None
    target_type: str | None = None
    place: str | None = None
    place_relation: str | None = None
    country: str | None = None
    date_text: str | None = None
    date: str | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One annotated document. ``text`` is None where neither the line nor a readable file gives it."""

    doc_id: str
    events: tuple[GoldEvent, ...]
    file: str | None = None
    title: str | None = None
    publisher: str | None = None
    published: date | None = None
    text: str | None = None


def load_gold(path: Path) -> list[GoldDocument]:
    """Read and check the gold documents of a JSONL file, or of all ``.jsonl`` files of a folder.

    In a folder, a file whose records have no ``events`` (a list of stories, say) is passed over. A document
    names its text by ``text``, or by ``file`` (or ``path``) relative to the gold file; a ``file`` that ends
    in ``.jsonl`` is searched for the record with the document's id. Fields not known here are ignored.

    Raises ``UsageError``, naming file, document and field, for anything malformed: broken JSON, an illegal
    value, an impossible date, a trigger or quote that is not word for word in the text, an id used twice.

    >>> load_gold(Path("corpus/gold/events.jsonl"))[0].events[0].event_type
    'capture'
    """
    if not path.exists():
        raise UsageError(f"{path}: no such gold file or folder")
    documents: dict[str, GoldDocument] = {}
    for file in sorted(path.glob("*.jsonl")) if path.is_dir() else [path]:
        rows = list(_rows(file))
        if path.is_dir() and not any("events" in row for _, row in rows):
            continue
        for line, row in rows:
            document = _document(row, file, line)
            if document.doc_id in documents:
                raise UsageError(f"{file}, line {line}: document {document.doc_id!r} was already given")
            documents[document.doc_id] = document
    if not documents:
        raise UsageError(f"{path}: holds no gold documents (JSONL, one document with `events` a line)")
    return list(documents.values())


def interval(value: str) -> tuple[date, date] | None:
    """First and last day of a date as the guidelines write it; None where it is not a date.

    >>> interval("2017-10"), interval("2014/2017-11-03")
    ((date(2017, 10, 1), date(2017, 10, 31)), (date(2014, 1, 1), date(2017, 11, 3)))
    """
    first, slash, last = value.strip().partition("/")
    head = _simple_interval(first)
    tail = _simple_interval(last) if slash else head
    if head is None or tail is None or head[0] > tail[1]:
        return None
    return head[0], tail[1]


def _simple_interval(value: str) -> tuple[date, date] | None:
    try:
        if re.fullmatch(r"\d{4}-W\d\d", value):
            monday = date.fromisocalendar(int(value[:4]), int(value[6:]), 1)
            return monday, monday + timedelta(days=6)
        if not re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
            return None
        year, month, day = ([int(part) for part in value.split("-")] + [0, 0])[:3]
        if day:
            return date(year, month, day), date(year, month, day)
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:  # month 13, 31 April, week 60, year 0
        return None


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        content = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read as UTF-8 text ({error})") from error
    for line, content_line in enumerate(content.split("\n"), start=1):
        if not content_line.strip():
            continue
        try:
            row = json.loads(content_line)
        except json.JSONDecodeError as error:
            raise UsageError(f"{file}, line {line}: not valid JSON ({error})") from error
        if not isinstance(row, dict):
            raise UsageError(f"{file}, line {line}: expected a JSON object, one document a line")
        yield line, row


def _document(row: Mapping[str, Any], file: Path, line: int) -> GoldDocument:
    doc_id = row.get("doc_id", row.get("id"))
    if not isinstance(doc_id, str) or not doc_id:
        raise UsageError(f"{file}, line {line}: field 'doc_id' is missing or not a string")
    where = f"{file}: document {doc_id!r}"
    source = _string(row, "file", where) or _string(row, "path", where)
    text = _string(row, "text", where)
    if text is None and source is not None:
        text = _text_of(file.parent / source, doc_id)
    if not isinstance(row.get("events"), list):
        raise UsageError(f"{where}, field 'events': expected a list (empty where there is no event)")
    return GoldDocument(
        doc_id=doc_id,
        events=tuple(
            _event(event, text, f"{where}, event {number}")
            for number, event in enumerate(row["events"], start=1)
        ),
        file=source,
        title=_string(row, "title", where),
        publisher=_string(row, "publisher", where),
        published=_published(row, where),
        text=text,
    )


def _text_of(source: Path, doc_id: str) -> str | None:
    """The text that a document's ``file`` holds, None where it is not there or lacks the record."""
    if not source.is_file():
        return None
    if source.suffix != ".jsonl":
        return source.read_text(encoding="utf-8-sig", errors="replace")
    for _, row in _rows(source):
        if row.get("id", row.get("doc_id")) == doc_id and isinstance(row.get("text"), str):
            return str(row["text"])
    return None


def _event(row: object, text: str | None, where: str) -> GoldEvent:
    if not isinstance(row, dict):
        raise UsageError(f"{where}: expected an object")
    values = {field.name: _string(row, field.name, where) for field in fields(GoldEvent) if field.name in row}
    for name in ("event_type", "trigger", "quote", "modality"):
        if not values.get(name):
            raise UsageError(f"{where}, field {name!r}: is missing or empty")
    values.setdefault("extent", "full")
    for name, (legal, nullable) in _ENUMS.items():
        value = values.get(name)
        if value not in legal and not (nullable and value is None):
            raise UsageError(f"{where}, field {name!r}: {value!r} is not one of {', '.join(legal)}")
    country = values.get("country")
    if country is not None and not re.fullmatch(r"[A-Z]{2}", country):
        raise UsageError(f"{where}, field 'country': {country!r} is not an ISO 3166-1 alpha-2 code")
    day = values.get("date")
    if day is not None and interval(day) is None:
        raise UsageError(
            f"{where}, field 'date': {day!r} is not YYYY, YYYY-MM, YYYY-MM-DD or FROM/TO of these"
        )
    for name in ("trigger", "quote"):
        if text is not None and str(values[name]) not in text:
            raise UsageError(f"{where}, field {name!r}: {values[name]!r} does not stand in the text")
    return GoldEvent(**values)  # type: ignore[arg-type]  # checked above: the required ones are strings


def _string(row: Mapping[str, Any], name: str, where: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise UsageError(f"{where}, field {name!r}: expected a string or null, not {value!r}")
    return value


def _published(row: Mapping[str, Any], where: str) -> date | None:
    value = _string(row, "published", where)
    if value is None:
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError as error:
        raise UsageError(f"{where}, field 'published': {value!r} is not a date (YYYY-MM-DD)") from error
