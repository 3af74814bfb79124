"""The lexicon of states and armed groups: data classes, loading and checking of ``data/*.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from frontlog.actors.tokens import tokenise
from frontlog.errors import RunError

KINDS = ("state", "rebel", "militia", "external", "civilian", "unknown")
_YEARS = re.compile(r"(\d{4})-(\d{4})?$")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$")
_STATE_KEYS = {
    *("name", "also", "adjective", "adjectives", "people", "government", "seats", "forces", "local_forces"),
    *("leaders", "years", "parts"),
}
_GROUP_KEYS = {
    *("in", "years", "kind", "called", "alias", "local_alias", "plural_alias", "leaders", "with", "parent"),
    "governs",
}


@dataclass(frozen=True, slots=True)
class Spell:
    """First and last day on which something holds; None leaves that end open."""

    start: date | None = None
    end: date | None = None

    def covers(self, day: date | None) -> bool:
        """Whether ``day`` lies within; an unknown day always does."""
        return day is None or (
            (self.start is None or self.start <= day) and (self.end is None or day <= self.end)
        )


@dataclass(frozen=True, slots=True)
class State:
    """A state. ``government`` is the actor's name; ``parts`` are today's codes of a former state's land."""

    code: str
    name: str
    adjective: str
    government: str
    years: Spell = Spell()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """An armed group or international force; see the head of ``data/groups.toml`` for the fields."""

    name: str
    countries: tuple[str, ...]
    years: Spell
    kind: str
    called: str
    allies: tuple[str, ...] = ()
    parent: str | None = None
    governs: tuple[tuple[str, Spell], ...] = ()


@dataclass(frozen=True, slots=True)
class Local:
    """A phrase whose meaning depends on country and time; see ``data/local.toml``."""

    country: str
    spell: Spell
    name: str
    kind: str | None
    exact: bool


@dataclass(frozen=True, slots=True)
class Ref:
    """What a name in the index stands for.

    ``role`` is ``group``, ``leader`` or ``local`` or, for a state, ``name``, ``adjective``, ``people``,
    ``seat``, ``force``. ``target`` is the state's code, the group's name, or the number of the local phrase.
    """

    role: str
    target: str
    state: bool
    upper: bool = False
    capital: bool = False
    plural: bool = False
    nearby: tuple[str, ...] = ()  # the name counts only where the event lies in one of these countries
    spell: Spell = Spell()


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in the index: its folded words after the first, and what it stands for."""

    keys: tuple[str, ...]
    ref: Ref


@dataclass(frozen=True)
class Lexicon:
    """States by code, groups by name, general nouns by class, and all names by their first folded word.

    The lists of ``index`` are ordered by falling length, so that the first fit is the longest.
    """

    states: Mapping[str, State]
    groups: Mapping[str, Group]
    locals: tuple[Local, ...]
    nouns: Mapping[str, frozenset[tuple[str, ...]]]
    index: Mapping[str, tuple[Entry, ...]] = field(repr=False)

    def state_of(self, country: str | None, day: date | None = None) -> State | None:
        """The state that governed the land of ``country`` on ``day``; None for an unknown code.

        >>> load_lexicon().state_of("RU", date(1985, 1, 1)).name
        'Soviet Union'
        """
        state = self.states.get(country or "")
        if state is None or day is None or state.years.covers(day):
            return state
        former = (s for s in self.states.values() if state.code in s.parts and s.years.covers(day))
        return next(former, state)


def keys_of(name: str) -> tuple[str, ...]:
    """The folded words of a name (``Jabhat al-Nusra`` -> ``("jabhat", "nusra")``)."""
    return tuple(token.key for token in tokenise(name))


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon that ships with the package, loaded and checked once.

    Raises RunError with file and entry where the data breaks its own rules.

    >>> load_lexicon().groups["Islamic State"].kind
    'rebel'
    """
    return build_lexicon(*(_read(name) for name in ("states", "groups", "local", "nouns")))


def build_lexicon(
    states: Mapping[str, Any], groups: Mapping[str, Any], phrases: Mapping[str, Any], nouns: Mapping[str, Any]
) -> Lexicon:
    """A lexicon from parsed TOML (see the heads of the data files). Raises RunError for faulty entries."""
    index: dict[str, list[Entry]] = {}

    def add(name: str, role: str, target: str, state: bool, where: str, **more: Any) -> None:
        keys = keys_of(name)
        if not keys:
            raise RunError(f"{where}: {name!r} holds no word. Give a name with letters.")
        letters = "".join(c for c in name if c.isalpha())
        upper = len(keys) == 1 and letters.isupper()
        capital = next((t.capital for t in tokenise(name)), False) and not upper
        entry = Entry(keys[1:], Ref(role, target, state, upper, capital, **more))
        if entry not in index.setdefault(keys[0], []):
            index[keys[0]].append(entry)

    made_states = {code: _state(code, row, add) for code, row in states.items()}
    made_groups = {name: _group(name, row, made_states, groups, add) for name, row in groups.items()}
    made_locals: list[Local] = []
    for number, row in enumerate(phrases.get("phrase", ())):
        made_locals.append(_local(number, row, made_states, made_groups, add))
    return Lexicon(
        states=made_states,
        groups=made_groups,
        locals=tuple(made_locals),
        nouns={kind: frozenset(keys_of(word) or (word,) for word in words) for kind, words in nouns.items()},
        index={key: tuple(sorted(rows, key=lambda e: -len(e.keys))) for key, rows in index.items()},
    )


def _state(code: str, row: Mapping[str, Any], add: Any) -> State:
    where = f"states.toml, entry {code}"
    _check_keys(where, row, _STATE_KEYS, ("name", "adjective"))
    name, adjective = row["name"], row["adjective"]
    spell = _years(where, row.get("years"))
    for word in (name, *row.get("also", ())):
        add(word, "name", code, True, where, spell=spell)
    for word in (adjective, *row.get("adjectives", ())):
        if word != name:
            add(word, "adjective", code, True, where, spell=spell)
    for word in row.get("people", ()):
        add(word, "people", code, True, where, spell=spell)
    for word in row.get("seats", ()):
        add(word, "seat", code, True, where, spell=spell)
    for word in row.get("forces", ()):
        add(word, "force", code, True, where, spell=spell)
    for word in row.get("local_forces", ()):
        add(word, "force", code, True, where, nearby=(code, *row.get("parts", ())))
    for names, years in row.get("leaders", {}).items():
        for word in names.split("|"):
            add(word, "leader", code, True, where, spell=_years(f"{where}, leader {word}", years))
    government = row.get("government", f"{adjective} government")
    return State(code, name, adjective, government, spell, tuple(row.get("parts", ())))


def _group(
    name: str, row: Mapping[str, Any], states: Mapping[str, State], groups: Mapping[str, Any], add: Any
) -> Group:
    where = f"groups.toml, entry {name!r}"
    _check_keys(where, row, _GROUP_KEYS, ("in",))
    kind = row.get("kind", "rebel")
    if kind not in KINDS:
        raise RunError(f"{where}: kind is {kind!r}. Use one of {', '.join(KINDS)}.")
    called = row.get("called", "rebel" if kind == "rebel" else "force")
    if called not in ("jihadist", "rebel", "force"):
        raise RunError(f"{where}: called is {called!r}. Use jihadist, rebel or force.")
    for code in row["in"]:
        if code not in states:
            raise RunError(f"{where}: country {code!r} is not in states.toml. Add it there or mend the code.")
    for ally in (*row.get("with", ()), *((row["parent"],) if "parent" in row else ())):
        if ally not in states and ally not in groups:
            raise RunError(
                f"{where}: {ally!r} is neither a state's code nor a group. Mend `with` or `parent`."
            )
    countries = tuple(row["in"])
    # "Popular Resistance Committees (Gaza)": the bracket tells namesakes apart, no text writes it.
    if "(" not in name:
        add(name, "group", name, False, where)
    for word in row.get("alias", ()):
        add(word, "group", name, False, where)
    for word in row.get("plural_alias", ()):
        add(word, "group", name, False, where, plural=True)
    for word in row.get("local_alias", ()):
        add(word, "group", name, False, where, nearby=countries)
    spell = _years(where, row.get("years"))
    for word in row.get("leaders", ()):
        add(word, "leader", name, False, where, spell=spell)
    governs = tuple(
        (code, _days(where, days))
        for code, _, days in (text.partition(" ") for text in row.get("governs", ()))
    )
    return Group(name, countries, spell, kind, called, tuple(row.get("with", ())), row.get("parent"), governs)


def _local(
    number: int, row: Mapping[str, Any], states: Mapping[str, State], groups: Mapping[str, Group], add: Any
) -> Local:
    where = f"local.toml, phrase {number + 1} ({', '.join(row.get('words', ()))[:60]})"
    _check_keys(
        where, row, {"words", "country", "years", "name", "kind", "exact"}, ("words", "country", "name")
    )
    name, kind = row["name"], row.get("kind")
    if row["country"] not in states:
        raise RunError(f"{where}: country {row['country']!r} is not in states.toml. Mend the code.")
    if kind is None and name not in groups and name not in states:
        raise RunError(
            f"{where}: {name!r} is neither a group nor a state. Give its `kind`, or mend the name."
        )
    spell = _days(where, row.get("years", ".."))
    for word in row["words"]:
        add(word, "local", str(number), False, where, nearby=(row["country"],), spell=spell)
    return Local(row["country"], spell, name, kind, bool(row.get("exact", False)))


def _read(name: str) -> dict[str, Any]:
    path = files("frontlog.actors") / "data" / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RunError(f"{name}.toml: {error}. Mend the file.") from error


def _check_keys(where: str, row: Mapping[str, Any], allowed: set[str], needed: tuple[str, ...]) -> None:
    for key in row:
        if key not in allowed:
            raise RunError(f"{where}: unknown key {key!r}. Use {', '.join(sorted(allowed))}.")
    for key in needed:
        if not row.get(key):
            raise RunError(f"{where}: {key!r} is missing.")


def _years(where: str, text: str | None) -> Spell:
    if text is None:
        return Spell()
    match = _YEARS.match(text)
    if match is None:
        raise RunError(f"{where}: years are {text!r}. Write them as 1983-2009, or 2013- where they go on.")
    last = match.group(2)
    return Spell(date(int(match.group(1)), 1, 1), date(int(last), 12, 31) if last else None)


def _days(where: str, text: str) -> Spell:
    match = _DAYS.match(text)
    if match is None:
        raise RunError(
            f"{where}: days are {text!r}. Write them as 2015-10-10..2019-03-23; an end may be left out."
        )
    first, last = (date.fromisoformat(part) if part else None for part in match.groups())
    return Spell(first, last)
