"""Photo captions: their openings, the credit at their end, and tag lists that run into them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from frontlog.reading.lexicon import SENTENCE_END, agency_in, agency_pattern, folded_words
from frontlog.reading.sitename import is_site_name

_PHOTO_WORDS = (
    r"\bphotos?\b|\bphotograph|getty|\bimages?\b|\bpicture|\bfile\s|\bvia\s+ap\b|screengrab|shutterstock"
    r"|wikimedia|\bhand-?out\b|\bcourtesy of\b|\bstill from\b"
)
_CREDIT = re.compile(
    rf"[(\[](?:(?P<weak>(?:[Ss]ource:\s?|[^()\[\]]{{2,40}}/\s?)?{agency_pattern()}|[Ff]ile|FILE|(?:via|[Ss]ource:)\s[^()\[\]]{{2,30}})"
    rf"|(?P<strong>[^()\[\]]{{0,60}}(?i:{_PHOTO_WORDS})[^()\[\]]{{0,60}})|(?P<name>[^()\[\]]{{4,50}}))[)\]]\.?$"
)
_CAPTION_START = re.compile(
    r"(?:FILE(?: PHOTO| IMAGE)?|File (?:photo|picture|image)|PHOTO|(?:Photo|Image)(?: caption| credit)?"
    r"|Pictured?|Caption)\s?(?:[-–—:]|\(|by\s)\s?."
    r"|(?:Image|Photo) (?:copyright|source)\b"
    r"|In this (?:\S+ ){0,8}?(?:file )?(?:photo|picture|image|photograph|frame ?grab|screen ?grab)"
    r"(?:,? (?:taken|released|provided|made|from|posted|obtained|distributed|supplied|by|shows?)\b|,)"
)
_LONGEST_CAPTION = 80  # words
# Also after an acronym: "... rebels, UNThe column", and before "A" after one that is in common use.
_ACRONYMS = "UN|US|USA|UK|EU|AU|NATO|ISIS|ISIL|IDF|PLO|UAE|DRC|ICC|ICRC|NGO|CIA|OAU|ECOWAS|OSCE"
_GLUE = re.compile(
    r"(?<=[a-z0-9)”’])(?=[A-Z“][a-z’']*\s)|(?<=[A-Z]{2})(?=[A-Z][a-z]+\s)"
    r"|" + "|".join(rf"(?<=[ ,]{name})(?=A\s)" for name in _ACRONYMS.split("|"))
)


def caption_start(text: str, others: Sequence[str], *, publisher: str | None, first: bool) -> int | None:
    """Where in a paragraph a caption begins: 0, or the end of the tags before it; None if it is no caption.

    ``others`` are the paragraphs around, ``first`` says whether none stands before it. A name in brackets
    alone makes no caption, since briefs end like that too: the words must also follow a tag list, or stand in
    the article a second time.

    >>> caption_start("Goma, rebels, UN envoyA column passes. (Reuters)", ["x"], publisher=None, first=False)
    22
    """
    if len(text) > 1200 or len(text.split()) > _LONGEST_CAPTION or not others:
        return None
    credit = _CREDIT.search(text)
    if _CAPTION_START.match(text) and (credit or not first):
        return 0
    if credit is None or not (credit["name"] is None or _may_sign(credit["name"], publisher)):
        return None
    glue = _glue(text)
    said = " ".join(folded_words(text[glue or 0 : credit.start()]))
    repeated = len(said.split()) >= 4 and any(said in " ".join(folded_words(other)) for other in others)
    if glue or repeated or (credit["strong"] and not first):
        return glue or 0
    return None


def _may_sign(name: str, publisher: str | None) -> bool:
    """Whether a name in brackets may sign a caption: a newspaper, an agency, the page's own site."""
    if publisher and folded_words(name) == folded_words(publisher):
        return True
    return is_site_name(name) or agency_in(name) == name


def _glue(text: str) -> int | None:
    """Where a tag list runs into a sentence ("Syria, Iraq, US envoyThe first ..."); None if none does."""
    result = None
    for match in _GLUE.finditer(text):
        items = text[: match.start()].split(",")
        if any(len(item.split()) > 5 or SENTENCE_END.search(item) for item in items):
            break
        if len(items) >= 3:
            result = match.start()
    return result
