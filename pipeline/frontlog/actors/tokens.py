"""Words of a text, folded so that spellings of one name meet.

``al-Nusra``, ``Al Nusra`` and ``an-Nusra`` fold to ``nusra``; ``People's`` and ``Peoples`` to ``people``;
``Séléka`` to ``seleka``. Offsets always count in the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]+(?:['’ʼ‘`´][^\W_]+)*")
_APOSTROPHES = str.maketrans("", "", "'’ʼ‘`´.")
_POSSESSIVE = re.compile(r"['’ʼ‘`´]s$")
# Arabic articles with their assimilated forms, and the Persian/Urdu link of compounds, when a hyphen follows.
_JOINED_ARTICLES = frozenset(
    [
        "al",
        "el",
        "an",
        "ar",
        "as",
        "ash",
        "ad",
        "at",
        "az",
        "es",
        "er",
        "ed",
        "et",
        "ez",
        "ud",
        "ul",
        "ur",
        "e",
        "i",
        "ye",
        "ol",
    ]
)
_HYPHENS = frozenset("-‐‑–")


@dataclass(frozen=True, slots=True)
class Token:
    """One word with its offsets and folded ``key``.

    ``plural`` and ``possessive``: an ending was folded away; ``joined``: a hyphen ties it to the word before.
    """

    start: int
    end: int
    text: str
    key: str
    plural: bool
    possessive: bool
    joined: bool

    @property
    def capital(self) -> bool:
        """Whether the word begins with a capital letter or a digit."""
        return not self.text[0].islower()

    @property
    def letters(self) -> str:
        """The word without dots, apostrophes and possessive ending, case kept (``U.S.`` -> ``US``)."""
        return _POSSESSIVE.sub("", self.text).translate(_APOSTROPHES)


@lru_cache(maxsize=65536)
def fold(word: str) -> tuple[str, bool, bool]:
    """Fold one word: its key, whether a plural -s went, whether a possessive went.

    >>> fold("People's"), fold("Séléka"), fold("Hamas"), fold("rebels")
    (('people', False, True), ('seleka', False, False), ('hamas', False, False), ('rebel', True, False))
    """
    bare = _POSSESSIVE.sub("", word)
    possessive = bare != word
    decomposed = unicodedata.normalize("NFKD", bare)
    key = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_APOSTROPHES).casefold()
    # Five letters and fewer stay: "Hamas" is not "Hama", "Laos" not "Lao".
    plural = len(key) > 5 and key.endswith("s") and not key.endswith(("ss", "us"))
    return (key[:-1] if plural else key), plural, possessive


def tokenise(text: str) -> list[Token]:
    """All words of ``text`` in order; articles (``al-``, ``the``) go into the word that follows."""
    tokens: list[Token] = []
    pending: int | None = None
    pending_joined = False
    previous_end = -1
    for match in _WORD.finditer(text):
        start, end, word = match.start(), match.end(), match.group()
        joined = start > 0 and start - 1 == previous_end and text[start - 1] in _HYPHENS
        previous_end = end
        lowered = word.lower()
        hyphen_next = (
            end < len(text) and text[end] in _HYPHENS and end + 1 < len(text) and text[end + 1].isalnum()
        )
        if (
            hyphen_next and lowered in _JOINED_ARTICLES and (word.islower() or not joined) and word != "E"
        ) or (lowered in ("al", "the") and not (joined and lowered == "the")):
            if pending is None:
                pending, pending_joined = start, joined
            continue
        key, plural, possessive = fold(word)
        if pending is not None and lowered:
            # The article belongs to the name ("al-Nusra"), "the" does not.
            starts_with_the = text[pending : pending + 3].lower() == "the"
            start, joined = (
                (start if starts_with_the else pending),
                (pending_joined or (joined and starts_with_the)),
            )
            pending = None
        tokens.append(Token(start, end, word, key, plural, possessive, joined))
    return tokens
