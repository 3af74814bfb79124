"""The scene of an event (country, day) and how actors are named and typed in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from frontlog.actors.lexicon import Group, Lexicon, Local, State
from frontlog.actors.matching import lands
from frontlog.actors.tokens import Token
from frontlog.records import Actor

# Classes of nouns.toml that can be the head of a phrase, the more telling first.
HEAD_CLASSES = (
    *("source", "civil", "crowd", "mutineers", "rebel", "separatists", "jihadists", "militants", "gunmen"),
    *("militia", "tribe", "gang", "government", "force"),
)
_LONGEST_NOUN = 4


@dataclass(frozen=True)
class Scene:
    """Where and when an event happened, with the lexicon; names and types actors as seen from there."""

    lexicon: Lexicon
    country: str | None = None
    day: date | None = None
    aliases: dict[str, str] = field(default_factory=dict)

    def state_actor(self, code: str) -> Actor:
        """The actor for a state: ``state`` in its own land, ``external`` elsewhere."""
        for group in self.lexicon.groups.values():
            if self.day and any(c == code and s.covers(self.day) for c, s in group.governs):
                return Actor(group.name, self._state_kind(code), code)
        return Actor(self.lexicon.states[code].government, self._state_kind(code), code)

    def _state_kind(self, code: str) -> str:
        return "state" if self.country is None or code in lands(self.lexicon, self.country) else "external"

    def home(self) -> Actor | None:
        """The state of the event's country on its day; None where the country is unknown."""
        state = self.home_state()
        return self.state_actor(state.code) if state else None

    def home_state(self) -> State | None:
        """The state that governed the event's country on its day."""
        return self.lexicon.state_of(self.country, self.day)

    def group_actor(self, name: str) -> Actor:
        """The actor for a group of the lexicon; a group in power is the state."""
        group: Group = self.lexicon.groups[name]
        for code, spell in group.governs:
            if code == self.country and self.day is not None and spell.covers(self.day):
                return Actor(name, "state", code)
        return Actor(name, group.kind)

    def local_actor(self, local: Local) -> Actor:
        """The actor behind a phrase of ``local.toml``."""
        if local.name in self.lexicon.groups:
            return self.group_actor(local.name)
        if local.name in self.lexicon.states:
            return self.state_actor(local.name)
        return Actor(local.name, local.kind or "unknown")

    def classes_at(self, tokens: Sequence[Token], at: int) -> list[tuple[str, int]]:
        """Classes of general nouns that begin at a word, with the number of words taken, longest first."""
        found: list[tuple[str, int]] = []
        for length in range(min(_LONGEST_NOUN, len(tokens) - at), 0, -1):
            keys = tuple(t.key for t in tokens[at : at + length])
            found.extend((kind, length) for kind in HEAD_CLASSES if keys in self.lexicon.nouns[kind])
        return found

    def last_class(self, tokens: Sequence[Token]) -> str | None:
        """The class of the last word of a phrase, None where it is no general noun."""
        for at in range(max(0, len(tokens) - _LONGEST_NOUN), len(tokens)):
            for kind, length in self.classes_at(tokens, at):
                if at + length == len(tokens):
                    return kind
        return None

    def is_vague(self, tokens: Sequence[Token]) -> bool:
        """Whether a conjunct only adds unnamed companions ("allied fighters", "a number of groups")."""
        if any((t.key,) in self.lexicon.nouns["vague"] for t in tokens[:4]):
            return not any(t.capital for t in tokens)
        return False


def plain(tokens: Sequence[Token], text: str) -> str:
    """The words of ``tokens`` as they stand in ``text``, without what surrounds them."""
    return text[tokens[0].start : tokens[-1].end] if tokens else ""
