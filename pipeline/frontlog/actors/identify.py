"""Whom a noun phrase names: ``identify("US-backed Syrian fighters", country="SY")``.

The phrase is cut into conjuncts, each conjunct into a head and what hangs on it ("fighters | from the Nusra
Front", "forces | loyal to Haftar"). A name of the lexicon in the head decides; then a demonym with a
general noun; then the general noun with the country of the event. The nouns stand in ``data/nouns.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from frontlog.actors.heads import Head, actor_of_head
from frontlog.actors.lexicon import Lexicon, load_lexicon
from frontlog.actors.matching import find_matches
from frontlog.actors.naming import Scene
from frontlog.actors.tokens import Token, tokenise
from frontlog.records import Actor

_LINKS = "led|backed|dominated|allied|linked|affiliated|aligned|supported|held|controlled|based"
# Typesetting splits compounds: "Kurdish- led", "Units- (YPG) dominated".
_SPLIT_LINK = re.compile(rf"\s?[-‐‑–]\s?(?:\([^()]{{1,40}}\)\s?)?(?=(?:{_LINKS})\b)", re.IGNORECASE)
_SPLIT_HYPHEN = re.compile(r"(?<=\w)[-‐‑] (?=[a-z])")
# Noun phrases are short; what is longer is a list or no phrase at all.
_LONGEST_PHRASE = 600
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_CONJUNCTION = re.compile(
    r"\s*[;/,]\s*(?:and\s+|or\s+)?|\s+(?:and|or|&|as well as|along with|together with|plus)\s+", re.IGNORECASE
)


def identify(
    words: str,
    *,
    country: str | None = None,
    day: date | None = None,
    aliases: Mapping[str, str] | None = None,
) -> tuple[Actor, ...]:
    """The parties that a noun phrase names, in the order of the text; empty where it names none.

    ``country`` (ISO 3166-1 alpha-2) and ``day`` are those of the event: they decide what "government
    forces", "rebels", "Kurdish forces" mean and whether a state's troops are ``state`` or ``external``.
    ``aliases`` maps abbreviations to the long forms that the article gives them (see ``abbreviations``).
    Only the first 600 characters
    are read. A phrase that looks like a party of an unknown name gives an Actor of kind ``unknown``.

    >>> identify("Kurdish-led forces backed by the U.S.", country="SY", day=date(2017, 10, 17))
    (Actor(name='Syrian Democratic Forces', kind='rebel', country=None),)
    >>> identify("opposition fighters and ISIS militants", country="SY")[1].name
    'Islamic State'
    >>> identify("the Syrian Observatory for Human Rights", country="SY")
    ()
    """
    lexicon = load_lexicon()
    scene = Scene(lexicon, country, day, dict(aliases or {}))
    phrase = _SPLIT_HYPHEN.sub("-", _SPLIT_LINK.sub("-", " ".join(words[:_LONGEST_PHRASE].split())))
    brackets = _BRACKET.findall(phrase)
    # "the Front (a branch of X) the Army of Y": where commas were lost, a bracketed remark parts two names.
    bare = " ".join(_BRACKET.sub(_gap_of_bracket, phrase).split())
    actors = _conjuncts(bare, scene)
    if brackets and all(actor.kind == "unknown" for actor in actors):
        inside = [a for text in brackets for a in _conjuncts(text, scene) if a.kind != "unknown"]
        if inside and (actors or not _names_a_source(bare, scene)):
            return tuple(dict.fromkeys(inside))
    return actors


def _gap_of_bracket(match: re.Match[str]) -> str:
    after = match.string[match.end() : match.end() + 2]
    return ", " if " " in match.group(1).strip() and after[:1] == " " and after[1:].isupper() else " "


def _names_a_source(phrase: str, scene: Scene) -> bool:
    return scene.last_class(tokenise(phrase)) in ("source", "civil")


def _conjuncts(phrase: str, scene: Scene) -> tuple[Actor, ...]:
    """Actors of all conjuncts: named ones push out the vague ("X and a number of other groups")."""
    parts = split_conjuncts(phrase, scene.lexicon, scene)
    found: list[tuple[Actor, bool]] = []
    for number, part in enumerate(parts):
        tokens = tokenise(part)
        if number and _starts_with_link(tokens) and found and len(tokenise(parts[number - 1])) <= 2:
            found.pop()  # "Western and Arab-backed rebels": the first conjunct is half a modifier
        head = _shared_head(tokens, parts, number, scene)
        for actor in actor_of_head(Head(part, tokens, head), scene):
            found.append((actor, scene.is_vague(tokens)))
    named = any(not vague for _, vague in found)
    kept = [actor for n, (actor, vague) in enumerate(found) if not (vague and named and n)]
    return tuple(dict.fromkeys(kept))


def split_conjuncts(phrase: str, lexicon: Lexicon, scene: Scene | None = None) -> list[str]:
    """The conjuncts of a phrase; a name that itself holds "and" or a comma stays whole.

    >>> split_conjuncts("the Islamic State of Iraq and Syria and Iraqi forces", load_lexicon())
    ['the Islamic State of Iraq and Syria', 'Iraqi forces']
    """
    tokens = tokenise(phrase)
    aliases = scene.aliases if scene else None
    country = scene.country if scene else None
    names = [
        (tokens[m.first].start, tokens[m.last - 1].end)
        for m in find_matches(tokens, lexicon, country=country, aliases=aliases)
    ]
    parts: list[str] = []
    start = 0
    for cut in _CONJUNCTION.finditer(phrase):
        if any(first < cut.end() and cut.start() < last for first, last in names):
            continue
        if re.fullmatch(r"\s*/\s*", cut.group()) and len(names) < 2:
            continue
        parts.append(phrase[start : cut.start()])
        start = cut.end()
    parts.append(phrase[start:])
    return [part for part in (p.strip() for p in parts) if part]


def _starts_with_link(tokens: Sequence[Token]) -> bool:
    return len(tokens) > 1 and tokens[1].joined and tokens[1].key in _LINKS.split("|")


def _shared_head(tokens: Sequence[Token], parts: Sequence[str], number: int, scene: Scene) -> Sequence[Token]:
    """The general noun that a bare demonym shares with the last conjunct ("Iraqi | and Kurdish forces")."""
    if number == len(parts) - 1 or len(tokens) > 3 or scene.last_class(tokens) is not None:
        return ()
    last = tokenise(parts[-1])
    return last[-1:] if scene.last_class(last) in ("force", "government", "rebel", "militants") else ()
