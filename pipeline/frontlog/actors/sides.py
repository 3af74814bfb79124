"""Who fights beside whom, and names of several actors in one cell."""

from __future__ import annotations

from collections.abc import Sequence

from frontlog.actors.lexicon import Lexicon, load_lexicon
from frontlog.records import Actor


def joined_name(actors: Sequence[Actor]) -> str | None:
    """Names joined by ``; `` in the given order, each once; None for no actor.

    >>> joined_name([Actor("Iraqi government", "state", "IQ"), Actor("Kurdish peshmerga", "militia")])
    'Iraqi government; Kurdish peshmerga'
    """
    return "; ".join(dict.fromkeys(actor.name for actor in actors)) or None


def same_side(a: Actor, b: Actor) -> bool:
    """Whether two actors are one, or allied by the data (``with`` and ``parent`` of groups.toml).

    >>> same_side(Actor("Hezbollah", "militia"), Actor("Syrian government", "state", "SY"))
    True
    >>> same_side(Actor("Islamic State", "rebel"), Actor("Syrian rebels", "rebel"))
    False
    """
    if a.name == b.name or (a.country is not None and a.country == b.country):
        return True
    lexicon = load_lexicon()
    mine, theirs = _circle(a, lexicon), _circle(b, lexicon)
    return _self(b) in mine or _self(a) in theirs or bool(_family(a, lexicon) & _family(b, lexicon))


def _self(actor: Actor) -> str:
    return actor.country or actor.name


def _family(actor: Actor, lexicon: Lexicon) -> set[str]:
    """The group and those it belongs to; "Al-Qaeda" and "Islamic State" do not make rivals allies."""
    names = {actor.name}
    group = lexicon.groups.get(actor.name)
    while group is not None and group.parent is not None and group.parent not in names:
        names.add(group.parent)
        group = lexicon.groups.get(group.parent)
    return names


def _circle(actor: Actor, lexicon: Lexicon) -> set[str]:
    """The group's own allies and those of the groups it belongs to."""
    return {
        ally
        for name in _family(actor, lexicon)
        if name in lexicon.groups
        for ally in lexicon.groups[name].allies
    }
