"""Phrases that refer back: "the group", "government forces", "its troops", "they"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from frontlog.actors.identify import identify
from frontlog.actors.lexicon import Group, Lexicon, load_lexicon
from frontlog.actors.matching import find_matches
from frontlog.actors.naming import Scene
from frontlog.actors.tokens import Token, tokenise
from frontlog.records import Actor

_PRONOUNS = frozenset(["it", "they", "them", "he", "she", "him", "who", "which", "that"])
_POSSESSIVES = frozenset(["its", "their", "his", "her", "our"])
_DETERMINERS = frozenset(
    ["the", "these", "those", "this", "that", "most", "many", "some", "remaining", "last", "all", "both"]
)
# Nouns that say nothing of which party is meant.
_NEUTRAL = (
    "force",
    "gunmen",
    "militia",
    "gang",
    "jihadists",
    "militants",
    "rebel",
    "separatists",
    "mutineers",
    "tribe",
)
# The more telling noun of a phrase decides ("rebel forces", "militant group").
_TELLING = ("mutineers", "rebel", "separatists", "jihadists", "militants", "militia", "tribe", "government")
# Which of a group's `called` classes a noun may refer back to; None: any.
_CALLED: dict[str, frozenset[str] | None] = {
    "rebel": frozenset({"rebel"}),
    "separatists": frozenset({"rebel"}),
    "mutineers": frozenset({"rebel"}),
    "jihadists": frozenset({"jihadist"}),
    "militants": frozenset({"jihadist", "rebel"}),
    "militia": frozenset({"force"}),
    "tribe": frozenset({"force"}),
    "gang": frozenset({"force"}),
}
_GENERIC = frozenset(
    [
        "militants",
        "jihadists",
        "gunmen",
        "rebels",
        "insurgents",
        "fighters",
        "forces",
        "militia",
        "mutineers",
        "tribesmen",
        "gangs",
        "government",
        "separatists",
    ]
)


def is_anaphor(words: str) -> str | None:
    """The class of a phrase that needs an antecedent (``pronoun``, ``group``, ``government``); else None.

    ``group`` covers general nouns for a party ("the militants", "the extremist group") and possessed forces
    ("its troops"); ``government`` those for the state ("the army", "regime forces").

    >>> [is_anaphor(w) for w in ("they", "the group", "its troops", "government forces", "IS militants")]
    ['pronoun', 'group', 'group', 'government', None]
    """
    tokens = tokenise(words)
    if not tokens or not words.strip():
        return None
    lowered = [t.text.lower() for t in tokens]
    if len(tokens) == 1 and lowered[0] in _PRONOUNS:
        return "pronoun"
    scene = Scene(load_lexicon())
    if len(tokens) > 7:
        return None
    matches = find_matches(tokens, scene.lexicon)
    if any(m.ref is not None and m.ref.role != "local" for m in matches):
        return None
    if any(t.capital for t in tokens[1:]):
        return None
    if (
        tokens[0].capital
        and not scene.classes_at(tokens, 0)
        and lowered[0] not in _POSSESSIVES | _DETERMINERS
    ):
        return None  # "Kurdish forces", "Sunni militants"
    kind = _noun_class(tokens, scene)
    if kind in (None, "source", "civil", "crowd"):
        return None
    if lowered[0] in _POSSESSIVES:
        return "group"
    if kind == "government":
        return "government"
    determined = words.strip().lower().startswith("the ") or lowered[0] in _DETERMINERS
    # Bare "militants" and adjectives ("rebel" of "rebel-held") stay; bare "terrorists" are those named.
    bare = lowered[0] in (
        "terrorists",
        "jihadists",
        "extremists",
        "insurgents",
        "rebels",
        "fighters",
        "separatists",
    )
    return "group" if determined or (bare and len(tokens) == 1) else None


def _noun_class(tokens: Sequence[Token], scene: Scene) -> str | None:
    """The most telling class among the nouns of the phrase's first conjunct."""
    first = list(tokens)
    for n, token in enumerate(tokens):
        if token.key in ("and", "or") and n:
            first = list(tokens[:n])
            break
    last = scene.last_class(first)
    if last in (None, "source", "civil", "crowd"):
        return last
    kinds = {kind for at in range(len(first)) for kind, _ in scene.classes_at(first, at)}
    signs = {t.key for t in first if t.key in ("pro", "anti")}
    if signs and "government" in kinds:
        return "rebel" if "anti" in signs else "government"
    if any(t.key == "loyalist" for t in first):
        return "government"
    return next((k for k in _TELLING if k in kinds), last)


def resolve_anaphor(
    words: str,
    antecedents: Sequence[Actor],
    *,
    country: str | None = None,
    day: date | None = None,
) -> tuple[Actor, ...]:
    """The parties that a phrase means, given the actors named before it, the latest last.

    Where none of them fits, or the phrase names its party itself, the answer is that of ``identify``.

    >>> before = [Actor("Syrian government", "state", "SY"), Actor("Islamic State", "rebel")]
    >>> resolve_anaphor("the extremist group", before, country="SY")[0].name
    'Islamic State'
    >>> resolve_anaphor("its troops and allied fighters", before, country="SY")[0].name
    'Syrian government'
    """
    kind = is_anaphor(words)
    lexicon = load_lexicon()
    tokens = tokenise(words)
    if kind is None:
        return _same_phrase(tokens, antecedents, lexicon, country) or identify(
            words, country=country, day=day
        )
    if kind == "pronoun":
        return (antecedents[-1],) if antecedents else ()
    scene = Scene(lexicon, country, day)
    noun = _noun_class(tokens, scene)
    if tokens[0].text.lower() in _POSSESSIVES and noun in ("government", "force"):
        return _possessed(tokens, antecedents, lexicon) or identify(words, country=country, day=day)
    if kind == "government":
        home = scene.home()
        latest = next(
            (a for a in reversed(antecedents) if a.kind in ("state", "external") and a.country), None
        )
        return (home,) if home else (latest,) if latest else identify(words, country=country, day=day)
    fitting = [a for a in antecedents if _may_be_called(a, noun, lexicon)]
    named = [a for a in fitting if a.name not in _GENERIC]
    if named:
        return (named[-1],)
    return identify(words, country=country, day=day) or ((fitting[-1],) if fitting else ())


def _possessed(tokens: Sequence[Token], antecedents: Sequence[Actor], lexicon: Lexicon) -> tuple[Actor, ...]:
    """ "Its troops" are a state's, "its fighters" a group's."""
    wants_group = any(t.key in ("fighter", "militant", "gunmen", "men") for t in tokens[1:2])
    for actor in reversed(antecedents):
        if (actor.country is None) == wants_group and actor.name not in _GENERIC:
            return (actor,)
    return ()


def _may_be_called(actor: Actor, noun: str | None, lexicon: Lexicon) -> bool:
    """Whether a general noun may refer back to an actor ("the rebels" are never Islamic State)."""
    if actor.country is not None or actor.kind in ("state", "civilian"):
        return False
    allowed = _CALLED.get(noun or "")
    group: Group | None = lexicon.groups.get(actor.name)
    if allowed is None or group is None:
        return group is not None or noun in _NEUTRAL
    return group.called in allowed


def _same_phrase(
    tokens: Sequence[Token], antecedents: Sequence[Actor], lexicon: Lexicon, country: str | None
) -> tuple[Actor, ...]:
    """Of the parties that a local phrase can mean, the latest one named ("the YPG ... Kurdish forces")."""
    meant = {
        lexicon.locals[int(entry.ref.target)].name
        for n, token in enumerate(tokens[:1])
        for entry in lexicon.index.get(token.key, ())
        if entry.ref.role == "local" and country in entry.ref.nearby and _follows(tokens, n, entry.keys)
    }
    if len(meant) < 2:
        return ()
    return next(((a,) for a in reversed(antecedents) if a.name in meant), ())


def _follows(tokens: Sequence[Token], at: int, keys: Sequence[str]) -> bool:
    return [t.key for t in tokens[at + 1 : at + 1 + len(keys)]] == list(keys)
