"""Who vouches for a statement: a party to the war, a state, a monitor, a witness, the press."""

from __future__ import annotations

from collections.abc import Sequence

from frontlog.actors.lexicon import load_lexicon
from frontlog.actors.matching import find_matches
from frontlog.actors.naming import Scene
from frontlog.actors.sides import same_side
from frontlog.actors.tokens import Token, tokenise
from frontlog.records import Actor

# Words that make a source speak for a party: "a rebel commander", "a military source".
_STATE_WORDS = ("government",)
_PARTY_WORDS = ("rebel", "militants", "jihadists", "separatists", "militia", "gunmen")


def is_source(words: str) -> bool:
    """Whether a phrase names someone who tells of events rather than a force that fights.

    >>> [is_source(words) for words in ("the Syrian Observatory", "residents", "IS militants")]
    [True, True, False]
    """
    scene = Scene(load_lexicon())
    tokens = _head(tokenise(words))
    if not tokens:
        return False
    last = scene.last_class(tokens)
    armed = any(t.key == "armed" for t in tokens)
    if last == "source" or any(
        k == "source" for n in range(len(tokens)) for k, _ in scene.classes_at(tokens, n)
    ):
        return True
    if _any(tokens[-1:], scene, "witness") and last in (None, "civil") and not armed:
        return True
    return _any(tokens, scene, "press") and not _names_group(tokens)


def _any(tokens: Sequence[Token], scene: Scene, kind: str) -> bool:
    """Whether one of the words is listed under ``kind`` in nouns.toml."""
    return any((t.key,) in scene.lexicon.nouns[kind] for t in tokens)


def _names_group(tokens: Sequence[Token]) -> bool:
    """Whether a group of the lexicon is named in the words."""
    return any(m.ref is not None and m.ref.role == "group" for m in find_matches(tokens, load_lexicon()))


def source_kind(words: str, actors: Sequence[Actor] = (), *, country: str | None = None) -> str:
    """What kind of source vouches: ``party``, ``state``, ``monitor``, ``witness``, ``media`` or ``other``.

    ``actors`` are those of the event, its captors and losers: a source on the side of one of them is a
    ``party``; a government that is none of them a ``state``. Who fights at all (a group) is a party too.

    >>> source_kind("residents"), source_kind("Iraq", [Actor("Iraqi government", "state", "IQ")])
    ('witness', 'party')
    """
    tokens = tokenise(words)
    head = _head(tokens)
    if not head:
        return "other"
    keys = {t.key for t in tokens}
    scene = Scene(load_lexicon(), country)
    if keys & {"observatory", "monitor"}:
        return "monitor"
    if _any(tokens, scene, "press") and not keys & {"spokesman", "spokeswoman", "commander"}:
        return "media"
    speakers = _speakers(tokens, scene)
    if speakers:
        if any(same_side(s, a) for s in speakers for a in actors):
            return "party"
        return "state" if speakers[0].country else "party"
    if _any(tokens, scene, "witness"):
        return "witness"
    if _any(tokens, scene, "monitor"):
        return "monitor"
    kinds = {k for n in range(len(tokens)) for k, _ in scene.classes_at(tokens, n)}
    if kinds.intersection(_PARTY_WORDS):
        return "party"
    if kinds.intersection(_STATE_WORDS):
        home = scene.home()
        return "party" if home and any(same_side(home, a) for a in actors) else "state"
    return "other"


def _speakers(tokens: Sequence[Token], scene: Scene) -> list[Actor]:
    """The parties for which a source speaks ("a Houthi spokesman", "the Russian defence ministry")."""
    found: list[Actor] = []
    for match in find_matches(tokens, scene.lexicon, country=scene.country):
        if match.ref is None or (match.ref.role == "local"):
            continue
        if not match.ref.state:
            found.append(scene.group_actor(match.ref.target))
        elif match.ref.role != "adjective" or _official(tokens, scene):
            found.append(scene.state_actor(match.ref.target))
    return found


def _official(tokens: Sequence[Token], scene: Scene) -> bool:
    kinds = {k for n in range(len(tokens)) for k, _ in scene.classes_at(tokens, n)}
    return "government" in kinds or bool(
        {"official", "spokesman", "spokeswoman", "force"} & {t.key for t in tokens}
    )


def _head(tokens: Sequence[Token]) -> Sequence[Token]:
    """The words before the first relative word or preposition."""
    for n, token in enumerate(tokens):
        if n and token.key in ("who", "which", "that", "in", "from", "near", "inside", "on", "at", "with"):
            return tokens[:n]
    return tokens
