"""Bytes to text: byte order mark, declared charset, UTF-8, UTF-8 with single Windows-1252 bytes, then a guess."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from frontlog.errors import FrontlogError

# Longer marks first: the UTF-32 mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"{\\rtf", "an RTF file"),
)
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_NO_CHARACTER = re.compile("[\x00\ud800-\udfff]")
# Of 1,000 characters of text none is a control character; of a compressed file more than 100 are.
_MOST_CONTROL = 0.02
# A guess looks at that much: it tries some ninety encodings.
_GUESSED_FROM = 100_000
# Charsets that texts come in, by Python's names. Not UTF-7, punycode, escapes and codecs that unpack, which no page
# is written in and some of which take time with the square of the length.
_TEXT_CODEC = re.compile(
    r"utf-8|ascii|iso8859-\d+|cp\d+|koi8-[rut]|mac-[a-z]+|gb(?:k|2312|18030)|big5(?:hkscs)?|euc_(?:jp|kr)|shift_jis"
    r"|iso2022_(?:jp|kr)|tis-620"
)
# Browsers read these as Windows-1252, which they are in practice (WHATWG Encoding Standard, 4.2).
_AS_CP1252 = frozenset({"ascii", "iso8859-1"})
# UTF-8 read as Windows-1252 or Latin-1: the lead byte of a letter, then what a continuation byte looks like.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e"
    "\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]|\u00c3[ \u00a0]|[\u0080-\u009f]"
)


class NotText(FrontlogError):
    """The bytes are no text; the message says what they look like."""


def encoding_by_mark(data: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark names and the mark's length in bytes; None without a mark."""
    return next(((name, len(mark)) for mark, name in _MARKS if data.startswith(mark)), None)


def decode(data: bytes, *declared: str | None) -> str:
    """The text that the bytes hold, line ends untouched, without a byte order mark.

    ``declared`` are the charsets that a web server or the page names, the weightier first; one that is unknown
    or does not fit the bytes is passed over. A UTF-8 file with some bytes in Windows-1252 (two pages pasted
    together) is read as both. Raises ``NotText`` for binary files and for bytes that make no sense in any
    encoding.

    >>> decode(b"caf\\xe9"), decode(b"\\xea\\xee\\xf2", "windows-1251")
    ('café', 'кот')
    """
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise NotText(f"it is {what}, not plain text; save the article as text and try again")
    marked = encoding_by_mark(data)
    if marked is not None:
        text = data[marked[1] :].decode(marked[0], "replace")
    elif b"\x00" in data:
        text = _utf16_without_mark(data)
    else:
        text = _as_declared(data, declared) or _decoded(data)
    if len(_CONTROL.findall(text)) > _MOST_CONTROL * len(text):
        raise NotText("it is a binary file or in an unknown encoding; save the article as UTF-8 text")
    return whole(text)


def whole(text: str) -> str:
    """The text with NULs and lone surrogates, which no table can hold, replaced one for one by U+FFFD."""
    return _NO_CHARACTER.sub("\ufffd", text)


def repaired(text: str) -> str:
    """The text with UTF-8 that was once decoded as another encoding put right, line by line; nothing else changed.

    By ``ftfy.fix_encoding``, which leaves quotes, ligatures and widths as they are. A text without such pairs of
    characters costs one search.

    >>> repaired("the armyâ€™s cafÃ©")
    'the army’s café'
    """
    if text.isascii() or not _MOJIBAKE.search(text):
        return text
    from ftfy import fix_encoding

    lines = text.split("\n")
    return "\n".join(fix_encoding(line) if _MOJIBAKE.search(line) else line for line in lines)


def _as_declared(data: bytes, declared: Iterable[str | None]) -> str | None:
    for charset in declared:
        try:
            name = codecs.lookup(charset.strip()).name if charset else ""
        except (LookupError, ValueError):
            continue
        # Nor UTF-16, whatever the page says: these bytes hold no zero.
        if not _TEXT_CODEC.fullmatch(name):
            continue
        try:
            return data.decode("cp1252" if name in _AS_CP1252 else name)
        except UnicodeDecodeError:
            continue
    return None


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    single = 0

    def by_cp1252(error: UnicodeError) -> tuple[str, int]:
        nonlocal single
        assert isinstance(error, UnicodeDecodeError)
        single += 1
        byte = error.object[error.start : error.start + 1]
        return byte.decode("cp1252", "replace"), error.start + 1

    codecs.register_error("frontlog.cp1252", by_cp1252)
    mixed = data.decode("utf-8", "frontlog.cp1252")
    high = len(_HIGH.findall(data))
    # Text in a one-byte encoding has next to no byte pairs that happen to be UTF-8.
    if (high - single) >= single:
        return mixed
    # English with a few foreign letters and typographic quotes: a guess would have too little to go by.
    if high <= 0.05 * len(data):
        return mixed
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_GUESSED_FROM]).best()
    return mixed if best is None else data.decode(best.encoding, "replace")


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 without a mark has its NULs in every second place; any other file with NULs is binary."""
    half = len(data) / 2
    odd, even = data[1::2].count(0), data[::2].count(0)
    if odd > 0.5 * half and even < 0.05 * half:
        return data.decode("utf-16-le", "replace")
    if even > 0.5 * half and odd < 0.05 * half:
        return data.decode("utf-16-be", "replace")
    raise NotText("it is a binary file (it holds NUL bytes); save the article as UTF-8 text")
