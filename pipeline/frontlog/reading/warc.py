"""Web archives (WARC): the pages of a crawl, record by record.

By warcio, in pure Python and with one small dependency. FastWARC 2.0 is faster, but the time goes into the
extraction of text; it needs streams that can be sought in and panics on those that cannot.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any, TextIO

from frontlog.reading.limits import Damaged, Source
from frontlog.reading.pages import page_record
from frontlog.reading.plain import text_record
from frontlog.reading.raw import MAX_BYTES, RawRecord, megabytes
from frontlog.records import Reject

_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_TEXT_TYPES = frozenset({"text/plain"})
# Apache takes header lines of 8,190 bytes and 100 of them (LimitRequestFieldSize, LimitRequestFields).
_LONGEST_HEADER = 1 << 16
_MOST_HEADERS = 2_000
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_WRONG_LENGTH = "Record not followed by newline"  # as warcio words it
_OTHER_STATUS, _OTHER_TYPE = "a status other than 200", "content that is neither HTML nor plain text"


def read_warc(source: Source) -> Iterator[RawRecord | Reject]:
    """The articles among the responses of a WARC; ``record`` counts its records of all types from 1.

    Responses with status 200, resources and conversions (WET) are read where they are HTML or plain text; what
    else the server answered is counted in one row of rejects. The address is ``WARC-Target-URI``, the id
    ``WARC-Record-ID``. The crawl's date says nothing about publication but that it was not later.
    """
    from warcio.exceptions import ArchiveLoadFailed

    if not (start := source.stream.peek(5)[:5]):
        yield Reject(source.name, None, "reading", "the file is empty")
        return
    if start != b"WARC/":
        yield Reject(source.name, None, "reading", "it is no WARC file: it does not begin with WARC/")
        return
    number, passed_over, told = 0, Counter[str](), False
    notes = io.StringIO()
    try:
        for number, record in enumerate(_records(source, notes), start=1):
            if _WRONG_LENGTH in notes.getvalue():
                reason = "the record before it does not end where its header says; its text may be cut"
                yield Reject(source.name, number, "reading", reason)
            notes.seek(notes.truncate(0))
            other = _not_wanted(record)
            if other is None:
                told = True
                yield _article(source.name, number, record)
            elif other:
                passed_over[other] += 1
    except ArchiveLoadFailed as error:
        what = " ".join(str(error).split())[:200]
        yield Reject(
            source.name, number + 1, "reading", f"the record is damaged ({what}); no further one was read"
        )
        told = True
    if passed_over:
        which = " and ".join(f"{count} with {what}" for what, count in sorted(passed_over.items()))
        yield Reject(source.name, None, "reading", f"web pages that were passed over: {which}")
    elif not told:
        reason = "it holds no page: no response with status 200 and HTML or plain text"
        yield Reject(source.name, None, "reading", reason)


def _records(source: Source, notes: TextIO) -> Iterator[Any]:
    """warcio's records, read through a buffer that stops at endless headers.

    ``notes`` gets the warnings that it writes to stderr.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.bufferedreaders import BufferedReader
    from warcio.exceptions import ArchiveLoadFailed

    class Reader(BufferedReader):  # type: ignore[misc]
        lines = 0

        def readline(self, length: int | None = None) -> bytes:
            # It gives back less than was asked for, and adds up lines without a limit if none is given.
            most = 4 * _LONGEST_HEADER
            line: bytes = super().readline(min(length or most, most))
            self.lines += 1
            if len(line) > _LONGEST_HEADER or self.lines > _MOST_HEADERS:
                raise ArchiveLoadFailed("its header is too long")
            return line

    iterator = ArchiveIterator(source.stream)
    # In place of its own reader, which would unpack what looks like gzip, uncounted.
    iterator.reader = reader = Reader(iterator.fh)
    while True:
        reader.lines = 0
        try:
            with redirect_stderr(notes):
                record = next(iterator, None)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            # It takes the headers of a record for granted.
            raise ArchiveLoadFailed("a header of the record is missing or no number") from error
        if record is None:
            return
        yield record


def _not_wanted(record: Any) -> str | None:
    """None for a record that may hold an article; otherwise what the server answered, or "" for no answer."""
    if record.rec_type not in {"response", "resource", "conversion"}:
        return ""
    if record.rec_type == "response" and record.http_headers is None:
        return ""
    if record.http_headers is not None and record.http_headers.get_statuscode() != "200":
        return _OTHER_STATUS
    return None if _content_type(record)[0] in _PAGE_TYPES | _TEXT_TYPES else _OTHER_TYPE


def _content_type(record: Any) -> tuple[str, str | None]:
    """The media type and the declared charset."""
    headers = record.http_headers if record.http_headers is not None else record.rec_headers
    value = headers.get_header("Content-Type") or ""
    charset = _CHARSET.search(value)
    return value.split(";")[0].strip().lower(), charset[1] if charset else None


def _article(name: str, number: int, record: Any) -> RawRecord | Reject:
    data, stream = bytearray(), record.content_stream()
    while len(data) <= MAX_BYTES and (block := stream.read(1 << 16)):
        data += block
    if len(data) > MAX_BYTES:
        reason = f"the page is larger than {megabytes(MAX_BYTES)} and was passed over"
        return Reject(name, number, "reading", reason)
    if getattr(record.raw_stream, "limit", 0) > 0 and not record.raw_stream.read(1):
        raise Damaged(f"record {number} ends before its length")
    kind, charset = _content_type(record)
    url = record.rec_headers.get_header("WARC-Target-URI")
    if kind in _TEXT_TYPES:
        found = text_record(name, bytes(data), charset, number)
    else:
        day = (record.rec_headers.get_header("WARC-Date") or "")[:10]
        last = {"last_day": day} if re.fullmatch(r"(?:19|20)\d\d-[01]\d-[0-3]\d", day) else {}
        found = page_record(name, bytes(data), charset, number, url, **last)
    if isinstance(found, Reject):
        return found
    own = {"id": record.rec_headers.get_header("WARC-Record-ID"), "url": url}
    given = {key: value.strip("<> ") for key, value in own.items() if value}
    return RawRecord(name, found.text, found.start, found.sha256, number, {**found.metadata, **given})
