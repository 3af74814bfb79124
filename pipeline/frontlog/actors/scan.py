"""Actors in running text, and the abbreviations that a text introduces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from frontlog.actors.heads import Head, actor_of_head
from frontlog.actors.lexicon import keys_of, load_lexicon
from frontlog.actors.matching import find_matches
from frontlog.actors.naming import Scene
from frontlog.actors.tokens import Token, tokenise
from frontlog.records import Actor

_INTRODUCED = re.compile(r"[(\[]\s?([A-Z][A-Za-z0-9/-]{1,11})\s?[)\],;]")
_GAP = re.compile(r"[ \t\n'’\"“”-]{0,3}$")
# Words that a long form may hold in lower case.
_SMALL = frozenset(
    [
        "of",
        "the",
        "for",
        "and",
        "in",
        "on",
        "al",
        "el",
        "de",
        "la",
        "du",
        "des",
        "da",
        "do",
        "and",
        "e",
        "y",
        "et",
    ]
)
_LONGEST_FORM = 12
_LONGEST_PHRASE = 4
# General nouns that make an actor by themselves in running text.
_BARE = ("rebel", "militants", "jihadists", "separatists", "gunmen")
_STATE_ALONE = frozenset(
    tuple(words.split())
    for words in (
        *("government force", "government troop", "government soldier", "regime force", "regime troop"),
        *("army troop", "security force", "pro government", "army", "government", "regime"),
    )
)


def find_actors(
    text: str,
    *,
    country: str | None = None,
    day: date | None = None,
    aliases: Mapping[str, str] | None = None,
) -> list[tuple[int, int, Actor]]:
    """Actors named in running text, in its order, none overlapping: half-open offsets and the actor.

    Finds names of groups and forces, rulers, demonyms with a general noun ("Syrian troops") and general
    nouns alone ("rebels", "the army"). A country or capital alone is left out: it is nearly always a place.
    Without ``country`` the general nouns keep themselves as names. Linear in the length of the text.

    >>> [(a.name, s, e) for s, e, a in find_actors("Houthi fighters drove Saudi troops from the hill.")]
    [('Houthis', 0, 15), ('Saudi government', 22, 34)]
    """
    scene = Scene(load_lexicon(), country, day, dict(aliases or {}))
    tokens = tokenise(text)
    matches = find_matches(tokens, scene.lexicon, country=country, day=day, aliases=aliases)
    starts = {m.first: m for m in matches}
    # A ruler or ministry is quoted far more often than it takes a place.
    offices = {keys[0] for keys in scene.lexicon.nouns["offices"]}
    found: list[tuple[int, int, Actor]] = []
    at = 0
    while at < len(tokens):
        match = starts.get(at)
        if match is not None:
            end = _extend(tokens, match.last, text, scene)
            nouns = {t.key for t in tokens[match.last : end]}
            if match.ref is not None and match.ref.state and nouns and nouns <= offices:
                at = end
                continue
            # A ruler alone is a person of the news, not a force.
            named = match.ref is None or match.ref.role in ("group", "force", "local")
            if match.ref is not None and match.ref.role == "local" and end == match.last:
                named = bool(scene.last_class(tokens[match.first : match.last]))
            if (named or end > match.last) and not _shouted(tokens, match.first, match.last):
                found.extend(_actor(tokens, at, end, text, scene))
            at = max(end, match.last)
            continue
        end = _general_end(tokens, at, text, scene)
        if end > at:
            found.extend(_actor(tokens, at, end, text, scene))
        at = max(end, at + 1)
    return found


def _extend(tokens: Sequence[Token], at: int, text: str, scene: Scene) -> int:
    """Where a run of further names and general nouns after a name ends ("Syrian | army troops")."""
    end = at
    limit = min(len(tokens), at + _LONGEST_PHRASE)
    while end < limit and _GAP.fullmatch(text[tokens[end - 1].end : tokens[end].start]):
        if tokens[end - 1].possessive and end > at:
            break
        classes = scene.classes_at(tokens, end)
        if not classes or classes[0][1] + end > limit:
            break
        end += classes[0][1]
    return end


def _general_end(tokens: Sequence[Token], at: int, text: str, scene: Scene) -> int:
    classes = scene.classes_at(tokens, at)
    if not classes:
        return at
    for length in (2, 1):
        keys = tuple(t.key for t in tokens[at : at + length])
        if keys in _STATE_ALONE and (length > 1 or _definite(tokens, at, text)):
            return _extend(tokens, at + length, text, scene)
    if any(kind in _BARE for kind, _ in classes) and not (at + 1 < len(tokens) and tokens[at + 1].joined):
        plural = (
            tokens[at].plural or _extend(tokens, at + 1, text, scene) > at + 1 or tokens[at].key == "gunmen"
        )
        return _extend(tokens, at + classes[0][1], text, scene) if plural else at
    return at


def _definite(tokens: Sequence[Token], at: int, text: str) -> bool:
    """Whether "the" stands before a word and nothing that names another owner follows."""
    before = text[max(0, tokens[at].start - 4) : tokens[at].start].lower()
    after = text[tokens[at].end : tokens[at].end + 4]
    return before.endswith("the ") and after != " of "


def _actor(
    tokens: Sequence[Token], first: int, last: int, text: str, scene: Scene
) -> list[tuple[int, int, Actor]]:
    span = tokens[first:last]
    start, end = span[0].start, span[-1].end
    actors = actor_of_head(Head(text, span), scene)
    return [(start, end, actor) for actor in actors[:1] if actor.kind != "civilian"]


def _shouted(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether a short abbreviation stands in a headline in capitals, where IS is a verb."""
    if last - first != 1 or len(tokens[first].letters) > 3 or not tokens[first].letters.isupper():
        return False
    beside = [t for t in (*tokens[max(0, first - 2) : first], *tokens[last : last + 2]) if len(t.letters) > 3]
    return len(beside) >= 2 and all(t.letters.isupper() for t in beside)


def abbreviations(text: str) -> dict[str, str]:
    """Abbreviations that a text introduces in brackets, with the long form before them.

    The long form's initials spell the abbreviation ("Free Aceh Movement" does not spell GAM: then the run of
    capitalised words before the bracket is taken, if it has at least two words).

    >>> abbreviations("the Sons of the River Army (SRA) took it from the Rapid Support Forces (RSF).")
    {'SRA': 'Sons of the River Army', 'RSF': 'Rapid Support Forces'}
    """
    found: dict[str, str] = {}
    for match in _INTRODUCED.finditer(text):
        short = match.group(1)
        if sum(c.isupper() for c in short) < 2 or short in found:
            continue
        before = text[max(0, match.start() - 160) : match.start()]
        long_form = _long_form(before, short)
        if long_form is not None:
            found[short] = long_form
    return found


def _long_form(before: str, short: str) -> str | None:
    words = re.findall(r"\S+", before.rsplit("\n", maxsplit=1)[-1])[-_LONGEST_FORM:]
    if not words or words[-1][-1] in ".!?:":
        return None
    letters = [c.lower() for c in short if c.isalpha()]
    start = len(words)
    spelt: int | None = None
    while start > 0 and (words[start - 1][:1].isupper() or words[start - 1].lower().strip("-") in _SMALL):
        start -= 1
        if words[start][-1] in ".!?;:," and start != len(words) - 1:
            start += 1
            break
        initials = [p[0].lower() for w in words[start:] for p in w.split("-") if p and p[0].isupper()]
        if initials == letters:
            spelt = start
    first = start if spelt is None else spelt
    while first < len(words) and words[first].lower() in _SMALL:
        first += 1
    form = words[first:]
    if len(form) < 2 or (len(form) > 7 and spelt is None) or not keys_of(" ".join(form)):
        return None
    return " ".join(form)
