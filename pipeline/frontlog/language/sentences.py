"""Sentence boundaries by punctuation, set before the parser runs, which then keeps to them.

News text is punctuated with care, and a parser that also guesses boundaries cuts "Gen. Ali" or "Oct. 17"
in two. A boundary stands after ``. ! ?`` (and closing quotes), before a capital, digit or opening quote,
unless the word before is an abbreviation that is followed by a name or number; and at a line break.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

# Titles, ranks, months and the like: always followed by more of the same sentence.
_INNER = frozenset(
    """mr mrs ms dr prof gen lt col maj brig capt cmdr cpl sgt adm rep sen gov pres st mt ft rev hon sheik no nos art
    jan feb mar apr jun jul aug sept sep oct nov dec vs approx est fig e.g i.e cf al ca c""".split()
)
# May end a sentence or stand inside it: only a word that usually opens a sentence decides for a boundary.
_EITHER = frozenset(
    """u.s u.n u.k u.s.a u.s.s.r e.u d.c a.m p.m jr sr inc ltd co corp etc ph.d mon tue tues wed thu thur thurs
    fri sat sun km sq ft""".split()
)
_OPENERS = frozenset(
    """the a an in on at it he she they we i but and this that these those there his her their its as after before
    when while since if for from by with to both some many most all no not meanwhile however also earlier later
    two three four five six seven eight nine ten hundreds thousands dozens several one according""".split()
)
_BOUNDARY = re.compile(
    r"""(?<![.!?…])(?P<mark>[.!?…]+)(?P<close>["'”’)\]»]{0,3})(?P<gap>\s+)(?=["'“‘(\[«]{0,2}(?P<next>[^\W_]+))"""
)
_WORD_BEFORE = re.compile(r"[^\W_]+(?:\.[^\W_]+)*$")
_LINE = re.compile(r"\s*\n\s*")


def sentence_starts(text: str) -> list[int]:
    """Character offsets at which sentences start, 0 included.

    >>> sentence_starts("Gen. Ali left. He went to the U.S. Embassy on Oct. 17. It was shut.")
    [0, 15, 55]
    """
    starts = {0}
    for match in _LINE.finditer(text):
        starts.add(match.end())
    for match in _BOUNDARY.finditer(text):
        following = match["next"]
        if not (following[0].isupper() or following[0].isdigit()):
            continue
        if match["mark"] == "." and not match["close"]:
            before = _WORD_BEFORE.search(text, max(0, match.start() - 24), match.start())
            word = before.group().lower() if before else ""
            if word in _INNER or (len(word) == 1 and word.isalpha() and word != "i"):
                continue
            if (word in _EITHER or re.fullmatch(r"(?:\w\.)+\w", word)) and following.lower() not in _OPENERS:
                continue
        starts.add(match.end("gap"))
    return sorted(start for start in starts if start < len(text) or start == 0)


@Language.component("frontlog_sentences", assigns=["token.is_sent_start"])
def frontlog_sentences(doc: Doc) -> Doc:
    """spaCy component: mark the sentence starts of ``sentence_starts`` on a Doc."""
    starts = set(sentence_starts(doc.text))
    ahead = False
    for token in doc:
        begins = ahead or token.idx in starts
        if token.is_space:  # a line break is a token of its own: the word after it starts the sentence
            ahead = ahead or any(token.idx <= start <= token.idx + len(token) for start in starts)
            token.is_sent_start = token.i == 0
            continue
        token.is_sent_start = begins or token.i == 0
        ahead = False
    return doc
