"""Splits a passage into the tokens that the date grammar reads."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .lexicon import OTHER, Lexicon, integer_classes

# Alternatives are tried in order at one position and none can be re-read from its middle, so that the
# scan is linear in the length of the text.
_TOKEN = re.compile(
    r"""
      (?P<word>[^\W\d_]++(?![\d_]|\.\s?[mMcC]\b))
    | (?P<iso>\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?(?![\w-]))
    | (?P<slash>\d{1,2}(?P<sep>[/.-])\d{1,2}(?P=sep)(?:\d{4}|\d{2})(?![\w/-]|\.\d))
    | (?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?![\d:]))
    | (?P<frac>[123]/[24](?![\d/])|[½¼¾])
    | (?P<big>\d{1,3}(?:,\d{3})+)
    | (?P<decimal>\d+\.\d+)
    | (?P<decade>\d{2}(?:\d{2})?['’]?s(?!\w))
    | (?P<ordn>\d{1,2}(?:st|nd|rd|th|ST|ND|RD|TH)(?!\w))
    | (?P<int>\d+)(?=(?:am|pm|AM|PM|hrs|[^\W\d_]*)?)(?P<junk>(?!(?:am|pm|AM|PM|hrs|GMT)(?!\w))[^\W\d_]\w*)?
    | (?P<ampm>[ap]\.\s?m\b\.?|[AP]\.\s?M\b\.?)
    | (?P<bc>[Bb]\.[Cc]\.(?:[Ee]\.)?)
    | (?P<yyapos>['’‘`]\d{2}(?![\d\w]))
    | (?P<poss>['’]s(?!\w)|['’](?=\s))
    | (?P<code>[^\W\d_]+\d\w*)
    | (?P<anyword>[^\W\d_]+)
    | (?P<brk>\n[^\S\n]*\n\s*)
    | (?P<dash>[-‐‑–—])
    | (?P<punct>[^\w\s])
    """,
    re.VERBOSE,
)
_PUNCT = {",": "comma", "(": "lparen", ")": "rparen", ".": "dot"}


_WORD_KINDS = frozenset({"word", "anyword", "code"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """A passage's tokens: offsets, lower-cased forms, and ``letters``, the string the rules match."""

    text: str
    starts: list[int]
    ends: list[int]
    lows: list[str]
    letters: str

    def low(self, i: int) -> str:
        """The lower-cased token ``i``; empty outside of the passage."""
        return self.lows[i] if 0 <= i < len(self.lows) else ""

    def raw(self, i: int) -> str:
        """Token ``i`` as written; empty outside of the passage."""
        return self.text[self.starts[i] : self.ends[i]] if 0 <= i < len(self.lows) else ""

    def is_capitalised(self, i: int) -> bool:
        """Whether token ``i`` begins with a capital letter."""
        return self.raw(i)[:1].isupper()

    def starts_sentence(self, i: int) -> bool:
        """Whether token ``i`` is the first word of a sentence, as far as punctuation shows."""
        return i == 0 or self.low(i - 1) in _OPENERS or self.text[self.starts[i - 1]] == "\n"

    def is_glued(self, i: int) -> bool:
        """Whether token ``i`` follows the one before it without a space."""
        return i > 0 and self.ends[i - 1] == self.starts[i]


_OPENERS = frozenset(".!?:;\"“”‘'’•*|")


def tokenise(text: str, lexicon: Lexicon) -> Tokens:
    """Split ``text``; every character that is not white space belongs to exactly one token."""
    found: list[tuple[int, int, str, str]] = []
    add = found.append
    by_signature, by_word, single, dotted = (
        lexicon.signature_letter,
        lexicon.letter,
        lexicon.made,
        lexicon.dotted,
    )
    other = by_signature[OTHER]
    lowered = text.lower()
    same_length = len(lowered) == len(text)
    skip_until = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if start < skip_until:
            continue
        kind = match.lastgroup
        low = lowered[start:end] if same_length else match[0].lower()
        if kind in _WORD_KINDS:
            letter = by_word.get(low, other)
            if text[end : end + 1] == "." and low in dotted:
                end += 1
                skip_until = end
        elif kind == "int":
            letter = by_signature[integer_classes(low)]
        elif kind == "yyapos":
            letter = single["yy_apos"]
        elif kind == "bc":
            low = "b.c."
            letter = by_word.get(low, other)
        elif kind == "punct":
            name = _PUNCT.get(low)
            letter = single[name] if name else other
        else:
            letter = single.get(kind or "", other)
        add((start, end, low, letter))
    starts, ends, lows, letters = (
        (list(column) for column in zip(*found, strict=True)) if found else ([], [], [], [])
    )
    return Tokens(text, starts, ends, lows, "".join(letters))
