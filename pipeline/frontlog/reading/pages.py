"""Web pages: the article's text and what the page says about itself, by trafilatura."""

from __future__ import annotations

import logging
import re
from hashlib import sha256
from typing import Any

from frontlog.reading.decoding import NotText, decode, whole
from frontlog.reading.limits import Source
from frontlog.reading.raw import MAX_BYTES, RawRecord, megabytes
from frontlog.records import Reject

# libxml2 reads no element that lies deeper than 256 others (xmlParserMaxDepth), and does not say what it left out.
MAX_DEPTH = 250
# Extraction takes two seconds for that many (measured). Lighthouse warns of pages with more than 800 elements and
# calls 1,400 excessive.
MAX_TAGS = 20_000
# The day before which no page can be published, and the one after which none is, whenever the program runs.
_FIRST_DAY, _LAST_DAY = "1800-01-01", "2099-12-31"

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements without content, and those whose end tag may be left out.
_NOT_NESTED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li dt dd tr td th thead tbody tfoot "
    "option optgroup colgroup rt rp".split()
)
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE
)
_HEAD = 4096  # bytes; browsers look for the charset in the first 1,024
_PAGE_LANGUAGE = re.compile(r"<html\b[^>]{0,500}?\blang\s{0,9}=\s{0,9}[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)


def read_page(source: Source) -> RawRecord | Reject:
    """The record of an HTML file, or the row that says why there is none."""
    return page_record(source.name, source.stream.read(MAX_BYTES + 1))


def page_record(
    name: str,
    data: bytes,
    charset: str | None = None,
    record: int | None = None,
    url: str | None = None,
    last_day: str = _LAST_DAY,
) -> RawRecord | Reject:
    """The article of a page. Its raw text, in which raw offsets count, is the text that the extraction gives.

    Tags have no place in a table of text, so that this holds with ``--no-clean`` too. The charset is taken from a
    byte order mark, ``charset`` (the HTTP header), the page's ``meta``, in this order. Title, author, date,
    site name and address come from the page's metadata; a date that only the body shows is left to the
    cleaning. ``last_day`` is a day after which the page cannot have been published.
    """
    if len(data) > MAX_BYTES:
        reason = f"the page is larger than {megabytes(MAX_BYTES)}; save the article as text"
        return Reject(name, record, "reading", reason)
    declared = _META_CHARSET.search(data[:_HEAD])
    try:
        page = decode(data, charset, declared[1].decode("ascii", "replace") if declared else None)
    except NotText as error:
        return Reject(name, record, "reading", str(error))
    if not page.strip():
        what = "the file is empty" if not data else "the page holds only white space"
        return Reject(name, record, "reading", what)
    if too_complex := _too_complex(page):
        return Reject(name, record, "reading", f"{too_complex}; save the article as text")
    found = _extracted(page, url, last_day)
    if isinstance(found, str):
        return Reject(name, record, "reading", found)
    text = whole(found.text or "")
    if not text.strip():
        reason = "no article was found in the page; save the article as text if there is one"
        return Reject(name, record, "reading", reason)
    language = _PAGE_LANGUAGE.search(page[:_HEAD])
    metadata = {
        "title": found.title,
        "author": found.author,
        "published": found.date,
        "publisher": found.sitename,
        "url": url or found.url,
        "language": language[1] if language else None,
    }
    given = {key: " ".join(whole(value).split()) for key, value in metadata.items() if value}
    return RawRecord(name, text, 0, sha256(data).hexdigest(), record, given)


def _too_complex(page: str) -> str | None:
    """Why a page is not given to the parser: too many tags, or tags nested too deep."""
    depth, number = 0, 0
    is_open: dict[str, int] = {}
    stack: list[str] = []
    for match in _TAG.finditer(page):
        name = match[2].lower()
        if not match[1]:
            number += 1
            if number > MAX_TAGS:
                return f"the page has more than {MAX_TAGS:,} tags"
            if name not in _NOT_NESTED:
                stack.append(name)
                is_open[name] = is_open.get(name, 0) + 1
                depth = len(stack)
                if depth > MAX_DEPTH:
                    return f"its tags are nested more than {MAX_DEPTH} deep"
        elif is_open.get(name):
            # An end tag closes what was left open inside.
            while (last := stack.pop()) != name:
                is_open[last] -= 1
            is_open[name] -= 1
    return None


def _extracted(page: str, url: str | None, last_day: str) -> Any:
    """trafilatura's document, or the reason why there is none."""
    from trafilatura import bare_extraction

    # What it warns of becomes a row of rejects.
    for logger in ("trafilatura", "htmldate"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    # Not extensive: that takes any date on the page, and a copyright year for the first of January. The limits are
    # given since those of the library come from the clock.
    dates = {
        "extensive_search": False,
        "original_date": True,
        "min_date": _FIRST_DAY,
        "max_date": last_day,
    }
    try:
        found = bare_extraction(
            page, url=url, with_metadata=True, include_comments=False, date_extraction_params=dates
        )
    except Exception as error:
        # Half a dozen libraries work on what anybody may have written; none of it may stop the run.
        return f"the page cannot be parsed ({type(error).__name__}); save the article as text"
    return found or "no article was found in the page; save the article as text if there is one"
