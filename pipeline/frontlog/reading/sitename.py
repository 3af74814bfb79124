"""Lines that name the site or section of a page: "PLAINS HERALD | WORLD", "Home > World > Africa"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from frontlog.reading.lexicon import site_words

# Longer lines are no names; the limit also bounds the work on hostile text.
_LONGEST_LINE, _LONGEST_NAME, _LONGEST_PART = 160, 6, 4
_BREAK = re.compile(r"\s*[|•·>»›]+\s*|\s+(?:[-–—]{1,2}|/|::|~|\*)\s+|[:,]\s+")
_DECORATION = "*=~#_<>[]«»:.-–—+ "
_DECORATED = re.compile(r"([*=~#_+<\[«:-])\1*\s?(?=[^\W_])[^\n]*[\w)!.]\s?[*=~#_+>\]»:-]+$")
_DOMAIN = re.compile(r"(?:www\.)?[\w-]{1,60}\.(?:com|org|net|info|news|co\.\w\w|\w\w)")
_NAME_WORD = re.compile(r"[^\W\da-z_][\w'’.&-]*|\d{1,3}|&", re.UNICODE)
_WORD = re.compile(r"[\w'’&-]+")


@dataclass(frozen=True, slots=True)
class SiteLine:
    """What a line at the head of a page says of its site.

    ``name`` is the site's name without decoration and sections, None for a line of sections only. ``sure`` is
    set where the form leaves little doubt: a decoration, a section beside the name, or a newspaper's word.
    """

    name: str | None
    sure: bool

    @property
    def kind(self) -> str:
        """The kind of cut: ``site_name``, or ``navigation`` where no name is given."""
        return "site_name" if self.name else "navigation"


def site_line(line: str) -> SiteLine | None:
    """Reads a line that holds nothing but a site's name and sections; None if it says anything else.

    >>> site_line("PLAINS HERALD | WORLD").name
    'PLAINS HERALD'
    >>> site_line("Home > World > Africa").kind
    'navigation'
    """
    line = line.strip()
    if not 3 <= len(line) <= _LONGEST_LINE:
        return None
    if _DOMAIN.fullmatch(line):
        return SiteLine(line, sure=True)
    parts = [part for part in (piece.strip(_DECORATION) for piece in _BREAK.split(line)) if part]
    if not parts:
        return None
    names = [part for part in parts if is_site_name(part) and not _is_section(part)]
    others = [part for part in parts if part not in names]
    if len(names) > 1:
        return None
    if not names and len(parts) == 1:
        return _single(line, parts[0])
    sections = [part for part in others if _is_section(part)]
    if names and len(sections) == len(others):
        sure = bool(sections) or _last(names[0]) in site_words().strong or bool(_DECORATED.match(line))
        return SiteLine(names[0], sure)
    # A trail may end in a section that nobody knows, "World > Balkans"; one from "Home" on, in the headline.
    unknown = [part for part in others if part not in sections]
    if len(unknown) != 1 or unknown[0] != parts[-1] or not re.search(r"[|>»›/]", line):
        return SiteLine(None, sure=len(parts) > 1) if not names and sections and not unknown else None
    words = unknown[0].split()
    short = _is_title_case(words[:1], 1) and len(words) <= 2 and not _of_headlines(words)
    if names:
        return SiteLine(names[0], sure=True) if short and is_site_name(names[0], only_sure=True) else None
    home = parts[0].casefold() == "home" and not re.search(r"[|/]", line)
    return SiteLine(None, sure=True) if sections and (short or home) else None


def is_site_name(text: str, *, only_sure: bool = False) -> bool:
    """Whether a text has the form of a newspaper's, station's or agency's name.

    That is two to six words in title case or capitals, the last (or the first, in "Radio Oranje") a word of
    such names and none a word of headlines. ``only_sure`` asks for a word that little else ends in.

    >>> is_site_name("The Coastal Record"), is_site_name("Rebels storm state radio")
    (True, False)
    """
    tokens = text.split()
    lists = site_words()
    if not _is_title_case(tokens, _LONGEST_NAME) or len(tokens) < 2:
        return False
    words = [token.casefold().strip(".,'’") for token in tokens]
    if _of_headlines(words):
        return False
    if words[-1] in lists.strong:
        return True
    if words[-1] in lists.weak and len(words) <= _LONGEST_PART and (not only_sure or words[0] == "the"):
        return True
    start = words[1:] if words[0] == "the" else words
    return not only_sure and 2 <= len(start) <= _LONGEST_PART and start[0] in lists.first


def told_in(name: str, paragraphs: Iterable[str]) -> bool:
    """Whether most of a name's own words stand in the story as common words: then it is a headline.

    >>> told_in("The Border Post", ["They crossed the border at night."])
    True
    """
    lists = site_words()
    passed = lists.strong | lists.weak | lists.parts | lists.links | lists.first
    own = {word.casefold() for word in _WORD.findall(name)} - passed
    own = {word for word in own if len(word) > 2}
    if not own:
        return False
    said = {word for paragraph in paragraphs for word in _WORD.findall(paragraph)}
    return 2 * len(own & said) > len(own)


def is_menu(line: str) -> bool:
    """Whether a line is a row of short capitalised entries, such as stands at the foot of a page.

    >>> is_menu("Results | Fixtures | Tables")
    True
    """
    if len(line) > _LONGEST_LINE or re.search(r"\d|[.!?]$", line) or not re.search(r"[|•·]", line):
        return False
    entries = [entry for entry in re.split(r"\s*[|•·]\s*", line.strip()) if entry]
    short = all(entry[0].isupper() and len(entry.split()) <= _LONGEST_PART for entry in entries)
    return short and (len(entries) >= 3 or (len(entries) == 2 and all(map(_is_section, entries))))


def _single(line: str, part: str) -> SiteLine | None:
    """A line of one part that is no newspaper's name: a section heading, or any name between decorations."""
    words = [word.casefold() for word in part.split()]
    if " ".join(words) in site_words().alone or (
        len(words) == 2 and words[1] in {"desk", "edition", "bureau"} and _is_title_case(part.split()[:1], 1)
    ):
        return SiteLine(None, sure=True)
    if len(words) <= 2 and _is_section(part):
        return SiteLine(None, sure=False)
    named = _is_title_case(part.split(), _LONGEST_NAME) and len(words) > 1
    if named and not part.isupper() and _DECORATED.match(line) and not _of_headlines(words):
        return SiteLine(part, sure=True)
    return None


def _of_headlines(words: Iterable[str]) -> bool:
    """Whether one of the words is at home in headlines and not in names."""
    return not site_words().headline.isdisjoint(word.casefold() for word in words)


def _is_section(part: str) -> bool:
    words = [word.casefold().replace(".", "") for word in part.split()]
    lists = site_words()
    if not words or len(words) > _LONGEST_PART:
        return False
    if all(word in lists.sections or word in lists.section_links for word in words):
        return any(word in lists.sections for word in words)
    # "Brug News" is a newspaper, "Brug news" a section.
    headed = words[-1] in lists.section_heads and (words[-1] != "news" or part.endswith("news"))
    return 2 <= len(words) <= 3 and headed and part[0].isupper() and not _of_headlines(words)


def _is_title_case(tokens: list[str], most: int) -> bool:
    """Whether all words but the small ones are capitalised, and there are at most so many."""
    if not 1 <= len(tokens) <= most or not tokens[0][0].isalnum() or tokens[0][0].islower():
        return False
    links = site_words().links
    return all(
        _NAME_WORD.fullmatch(token) or token in links or not any(map(str.isascii, token)) for token in tokens
    )


def _last(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1].casefold()
