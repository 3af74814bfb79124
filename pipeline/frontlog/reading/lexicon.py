"""The lists in ``data/``: agencies and page furniture, loaded and checked once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_QUOTES = str.maketrans("‘’‚‛“”„‟–—−", "''''\"\"\"\"---")
_WORD = re.compile(r"\w+")
# How a paragraph ends that ends in a sentence.
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_BULLETS = " •·▪►▶»›>*–—-|"
# Longer lines hold sentences; the limit also bounds the work that a phrase with two stars can cause.
_LONGEST_LINE = 600


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases of one kind of furniture; see the head of ``data/furniture.toml``."""

    kind: str
    where: str
    max_words: int
    heading: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of share bars, their marks and imperatives, and entries of page footers."""

    share: frozenset[str]
    share_marks: frozenset[str]
    share_verbs: frozenset[str]
    footer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SiteWords:
    """The lists of ``data/sites.toml``: words of site names, of sections, and of headlines."""

    strong: frozenset[str]
    weak: frozenset[str]
    first: frozenset[str]
    parts: frozenset[str]
    links: frozenset[str]
    sections: frozenset[str]
    section_links: frozenset[str]
    section_heads: frozenset[str]
    alone: frozenset[str]
    headline: frozenset[str]


def folded(text: str) -> str:
    """A line in the form that phrases are matched against: quotes straight, no bullets or end punctuation."""
    return text.translate(_QUOTES).lstrip(_BULLETS).rstrip(" .!…:»›>→►*")


def folded_words(text: str) -> list[str]:
    """The words of a text without case and punctuation, for comparing lines."""
    return [word.casefold() for word in _WORD.findall(text)]


def names_pattern() -> str:
    """A pattern for capitalised words and the small words between them, as in lists of reporters."""
    link = "|".join(word_list("names", "links"))
    token = rf"[(\"']?(?:[^\W\da-z_][\w'.\-/]*|{link}|[&/|])[,;.)\"']*"
    return rf"(?-i:{token}(?: {token})*)"


@cache
def word_list(section: str, name: str) -> tuple[str, ...]:
    """A list of ``data/words.toml``, in the order of the file."""
    return tuple(_load("words.toml")[section][name].split())


@cache
def agencies() -> dict[str, str]:
    """Spelling to name of every news agency."""
    spellings: dict[str, str] = {}
    for entry in _load("agencies.toml")["agency"]:
        for spelling in entry["spellings"]:
            if spelling in spellings:
                raise ValueError(f"agencies.toml: the spelling {spelling!r} is given twice")
            spellings[spelling] = entry["name"]
    return spellings


@cache
def agency_pattern() -> str:
    """An alternation of all spellings, longest first, case as written."""
    return (
        "(?-i:" + "|".join(re.escape(name) for name in sorted(agencies(), key=lambda s: (-len(s), s))) + ")"
    )


# Names of agencies that no list has end like this. "Agency" alone may be any office, "Press" a newspaper.
_AGENCY_END = (
    r"(?:Newswire|Wire(?:\s(?:Service|Services|Agency))?|(?:News|Press|Telegraph|Information)\s(?:Agency|Service)"
    r"|Press\sAssociation|NEWSWIRE|WIRE(?:\sSERVICE|\sAGENCY)?|(?:NEWS|PRESS)\s(?:AGENCY|SERVICE))"
)
_UNLISTED = re.compile(
    r"(?<![\w-])(?!(?:By|Copyright|Source|With|From|Photo|And|The|Via|In|For|BY|THE)\b)"
    rf"((?:[^\W\da-z_][\w'’&.-]{{0,30}}\s){{1,3}}{_AGENCY_END})(?![\w-])"
)


def agency_in(text: str) -> str | None:
    """The first agency named in a short text such as a byline; None if there is none.

    An agency of no list is known by the end of its name ("Wire", "News Agency", "Press Service").

    >>> agency_in("By JANE DOE, Associated Press"), agency_in("By Northern Wire")
    ('AP', 'Northern Wire')
    """
    match = re.search(rf"(?<![\w-])({agency_pattern()})(?![\w-])", text)
    if match:
        return agencies()[match.group(1)]
    unlisted = _UNLISTED.search(text)
    return unlisted[1] if unlisted else None


@cache
def groups() -> tuple[Group, ...]:
    """The groups of furniture phrases, in the order of the file."""
    result = []
    for entry in _load("furniture.toml")["group"]:
        if entry["where"] not in {"any", "head", "tail"}:
            raise ValueError(f"furniture.toml: where = {entry['where']!r} is none of any, head, tail")
        pattern = re.compile("|".join(_phrase_pattern(phrase) for phrase in entry["phrases"]), re.IGNORECASE)
        heading = bool(entry.get("heading", False))
        result.append(Group(entry["kind"], entry["where"], entry["max_words"], heading, pattern))
    return tuple(result)


@cache
def words() -> Words:
    """The word lists of ``data/furniture.toml``."""
    lists = _load("furniture.toml")["words"]
    return Words(
        frozenset(lists["share"]),
        frozenset(lists["share_marks"]),
        frozenset(lists["share_verbs"]),
        tuple(lists["footer"]),
    )


@cache
def site_words() -> SiteWords:
    """The word lists of ``data/sites.toml``."""
    data = _load("sites.toml")
    names, sections = data["names"], data["sections"]
    return SiteWords(
        strong=frozenset(names["strong"].split()),
        weak=frozenset(names["weak"].split()),
        first=frozenset(names["first"].split()),
        parts=frozenset(names["parts"].split()),
        links=frozenset(names["links"].split()),
        sections=frozenset(sections["words"].split()),
        section_links=frozenset(sections["links"].split()),
        section_heads=frozenset(sections["heads"].split()),
        alone=frozenset(sections["alone"].split("|")),
        headline=frozenset(data["headlines"]["words"].split()),
    )


def matching_group(line: str, *, tail: bool = False) -> Group | None:
    """The first group with a phrase that matches a whole line; None if the line is no known furniture.

    ``tail`` says whether the phrases for the end of an article may be used too.

    >>> matching_group("Share your thoughts on this post").kind
    'share'
    """
    if len(line) > _LONGEST_LINE:
        return None
    plain = folded(line)
    n_words = len(plain.split())
    for group in groups():
        if n_words <= group.max_words and (group.where == "any" or tail) and group.pattern.fullmatch(plain):
            return group
    return None


def _phrase_pattern(phrase: str) -> str:
    parts = re.split(r"(\*|<n>|<names>|<agency>)", phrase)
    special = {"*": ".*", "<n>": r"\d{1,6}", "<names>": names_pattern(), "<agency>": agency_pattern()}
    return "(?:" + "".join(special.get(part, re.escape(part)) for part in parts) + ")"


def _load(name: str) -> dict[str, Any]:
    path = resources.files("frontlog.reading") / "data" / name
    return tomllib.loads(path.read_text(encoding="utf-8"))
