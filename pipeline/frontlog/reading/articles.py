"""The main flow of reading: inputs to articles and rejects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, time
from hashlib import blake2b
from pathlib import Path

from frontlog.errors import UsageError
from frontlog.reading.cleaning import Cleaned, as_it_stands, clean
from frontlog.reading.dates import parse_published
from frontlog.reading.decoding import repaired
from frontlog.reading.files import check_inputs, find_files, stem
from frontlog.reading.formats import read_file
from frontlog.reading.language import language_of
from frontlog.reading.raw import FIELDS, RawRecord
from frontlog.reading.recurring import without_recurring
from frontlog.reading.tally import Tally
from frontlog.records import Article, Reject
from frontlog.settings import Settings

# Keys to other tables and files: never changed.
_AS_GIVEN = frozenset({"id", "doc_id", "url"})


def read_inputs(inputs: Sequence[Path], *, settings: Settings) -> tuple[list[Article], list[Reject]]:
    """Reads all articles of some files and folders.

    Articles come sorted by ``article_id``, rejects by path and record; neither depends on the order of the
    inputs. What a site prints under all its stories is taken out where the articles together show it
    (``without_recurring``), unless ``settings.clean`` is off.

    Raises ``UsageError`` for an input that does not exist and for an unknown name in
    ``settings.fields``.
    """
    articles: list[Article] = []
    rejects: list[Reject] = []
    for item in iter_records(inputs, settings=settings):
        if isinstance(item, Article):
            articles.append(item)
        else:
            rejects.append(item)
    articles.sort(key=lambda article: article.article_id)
    if settings.clean:
        articles = without_recurring(articles)
    rejects.sort(key=lambda row: (row.path, -1 if row.record is None else row.record, row.stage, row.reason))
    return articles, rejects


def iter_records(inputs: Sequence[Path], *, settings: Settings) -> Iterator[Article | Reject]:
    """The same one by one, in the order of paths and records, without holding what was already given out.

    What is kept of an article are two hashes (some 50 bytes), by which copies and ids met before are known.
    Besides the rows of articles that could not be read (stage ``reading``) there are rows of stage
    ``metadata`` for values of records that were ignored; their article is kept. Wrong usage raises at once.
    """
    check_usage(inputs, settings)
    return _records(inputs, settings)


def check_usage(inputs: Sequence[Path], settings: Settings) -> None:
    """Raise ``UsageError`` for an input that does not exist or an unknown name in ``settings.fields``."""
    check_inputs(inputs)
    unknown = sorted(set(settings.fields) - set(FIELDS))
    if unknown:
        raise UsageError(f"unknown field {unknown[0]!r} in --field; the names are {', '.join(FIELDS)}")


def _records(inputs: Sequence[Path], settings: Settings) -> Iterator[Article | Reject]:
    copies, ids = Tally(), Tally()
    for file in find_files(inputs):
        for record in (file,) if isinstance(file, Reject) else read_file(file, settings.fields):
            if isinstance(record, Reject):
                yield record
            else:
                yield from _article(record, settings, copies, ids)


def _article(record: RawRecord, settings: Settings, copies: Tally, ids: Tally) -> Iterator[Article | Reject]:
    metadata = {
        name: value if name in _AS_GIVEN else repaired(value) for name, value in record.metadata.items()
    }
    for reason in record.ignored:
        yield Reject(record.path, record.record, "metadata", reason)
    given = parse_published(metadata["published"]) if metadata.get("published") else None
    if metadata.get("published") and given is None:
        reason = (
            f"published value {metadata['published'][:80]!r} is not one full date and was ignored; "
            "write it as year-month-day, like 2017-11-04"
        )
        yield Reject(record.path, record.record, "metadata", reason)
    own_id = metadata.get("id") or metadata.get("doc_id")
    if own_id and ids.add(own_id) > 1:
        reason = (
            f"the id {own_id[:80]!r} belongs to an earlier record too; both were kept under ids of their own"
        )
        yield Reject(record.path, record.record, "metadata", reason)
    # Without cleaning, offsets are offsets in the input: not even its mojibake may change.
    text = _repaired(record) if settings.clean else record.text
    take = clean if settings.clean else as_it_stands
    cleaned = take(
        text,
        title=metadata.get("title") or None,
        publisher=metadata.get("publisher") or None,
        published=given[0] if given else None,
        start=record.start,
    )
    if not any(character.isalnum() for character in cleaned.text):
        reason = (
            "nothing is left after cleaning: the text holds only page furniture"
            if text.strip()
            else "no text"
        )
        yield Reject(record.path, record.record, "reading", reason)
        return
    source_id = own_id or stem(record.path)
    published, clock, basis = _publication(given, cleaned)
    yield Article(
        article_id=_article_id(source_id, record, copies),
        source_id=source_id,
        path=record.path,
        record=record.record,
        text=cleaned.text,
        sha256=record.sha256,
        pieces=cleaned.pieces,
        cuts=cleaned.cuts,
        title=cleaned.title,
        byline=cleaned.byline or metadata.get("author") or None,
        dateline=cleaned.dateline,
        agency=cleaned.agency,
        publisher=metadata.get("publisher") or cleaned.publisher,
        url=metadata.get("url") or None,
        published=published,
        published_time=clock,
        published_metadata=given[0] if given else None,
        published_basis=basis,
        language=language_of(cleaned.text, metadata.get("language")),
    )


def _publication(
    given: tuple[date, time | None] | None, cleaned: Cleaned
) -> tuple[date | None, time | None, str | None]:
    """The text's own date goes before that of the record; on the same day the time of either will do."""
    if cleaned.published is None:
        return (*given, "metadata") if given else (None, None, None)
    clock = cleaned.published_time
    if clock is None and given and given[0] == cleaned.published:
        clock = given[1]
    return cleaned.published, clock, cleaned.published_basis


def _repaired(record: RawRecord) -> str:
    """The raw text with its mojibake repaired, but for the front matter, so that the text begins where it did."""
    return record.text[: record.start] + repaired(record.text[record.start :])


def _article_id(source_id: str, record: RawRecord, copies: Tally) -> str:
    """A hash of what the record says; wholly equal records, met in the order of paths, add their number."""
    metadata = record.metadata
    content = json.dumps([source_id, record.text, metadata.get("published"), metadata.get("publisher")])
    digest = blake2b(content.encode("ascii"), digest_size=16)
    count = copies.add(digest.hexdigest())
    if count > 1:
        digest.update(str(count).encode("ascii"))
    return "a_" + digest.hexdigest()[:12]
