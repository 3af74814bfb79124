"""Compiles ``data/grammar.toml`` into regular expressions over word classes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .lexicon import OTHER, Lexicon, lexicon, read_table

# A name, quoted word or group head within a pattern: g:name, 'word', g:(
_ITEM = re.compile(
    r"(?:(?P<group>[a-z]\w*):)?(?:'(?P<literal>[^']+)'|(?P<name>[a-z_]\w*)|(?P<open>\((?!\?)))"
)
_LITERAL = re.compile(r"'([^']+)'")


@dataclass(frozen=True, slots=True)
class Part:
    """One expression of a rule's output: its kind, keys that take a group's value, and literal keys."""

    kind: str
    from_groups: tuple[tuple[str, str], ...]
    fixed: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled rule. ``parts`` holds one expression, or two for a range or a list of days (``is_list``)."""

    name: str
    pattern: re.Pattern[str]
    parts: tuple[Part, ...]
    guard: str | None
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Grammar:
    """All rules, in order, with the lexicon that they were compiled against.

    ``starting[letter]`` are the rules that can match from a word with that letter on.
    """

    lexicon: Lexicon
    rules: tuple[Rule, ...]
    starting: Mapping[str, tuple[Rule, ...]]

    @property
    def other(self) -> str:
        """The letter of words that the lexicon does not know."""
        return self.lexicon.signature_letter[OTHER]


@cache
def grammar() -> Grammar:
    """The grammar of the package's data files; raises ValueError where a rule names an unknown class."""
    table = read_table("grammar.toml")
    macros = {name: str(body) for name, body in table["macros"].items()}
    raw_rules = table["rule"]
    if not isinstance(raw_rules, list):
        raise TypeError("grammar.toml: rules are [[rule]] tables")
    bodies = [*macros.values(), *(str(raw["pattern"]) for raw in raw_rules)]
    words = lexicon(frozenset(w for body in bodies for w in _LITERAL.findall(body)))
    rules = tuple(_compile(raw, macros, words) for raw in raw_rules)
    starting: dict[str, list[Rule]] = {}
    for rule in rules:
        for letter in sorted(_first_letters(rule.pattern.pattern)):
            starting.setdefault(letter, []).append(rule)
    return Grammar(words, rules, {letter: tuple(found) for letter, found in starting.items()})


def _compile(raw: Mapping[str, str], macros: Mapping[str, str], words: Lexicon) -> Rule:
    try:
        pattern = re.compile(_number_groups(_expand(raw["pattern"], macros, words)))
    except (KeyError, re.error) as error:
        raise ValueError(f"grammar.toml: rule {raw['name']}: {error}") from error
    return Rule(raw["name"], pattern, _parts(raw["out"]), raw.get("guard"), raw["out"].startswith("list "))


def _expand(body: str, macros: Mapping[str, str], words: Lexicon) -> str:
    """Rewrite a pattern over class names as one over letters.

    >>> _expand("n:num 'ago'", macros, words)  # doctest: +SKIP
    '(?P<n>(?:[..]|..))[..]'
    """

    def replace(match: re.Match[str]) -> str:
        group, literal, name = match["group"], match["literal"], match["name"]
        head = f"(?P<{group}>" if group else "(?:"
        if match["open"]:
            return head
        if name in macros:
            return f"{head}{_expand(macros[name], macros, words)})"
        members = words.members.get(f"'{literal}'" if literal else name)
        if members is None:
            raise KeyError(f"unknown class {name!r}")
        return f"{head}[{members}])" if group else f"[{members}]"

    return _ITEM.sub(replace, body).replace(" ", "")


_SYNTAX = re.compile(
    r"\[(?P<set>[^\]]*)\]|(?P<look>\(\?(?:<?[=!]))|(?P<open>\(\?(?::|P<\w+>))|(?P<op>[)|?*])"
)


def _first_letters(pattern: str) -> frozenset[str]:
    """The letters with which a match of ``pattern`` can begin (the patterns of this module only)."""
    items = [(m.lastgroup or "", m["set"] or m.group()) for m in _SYNTAX.finditer(pattern)]
    letters, _, _ = _first_of_branches(items, 0)
    return frozenset(letters)


def _first_of_branches(items: list[tuple[str, str]], i: int) -> tuple[set[str], bool, int]:
    """First letters of an alternation from item ``i`` on, whether it can be empty, and where it ends."""
    letters: set[str] = set()
    any_empty, empty = False, True
    while i < len(items):
        kind, body = items[i]
        i += 1
        if kind == "op" and body == ")":
            break
        if kind == "op" and body == "|":
            any_empty, empty = any_empty or empty, True
            continue
        if kind == "set":
            first, can_skip = set(body), False
        elif kind == "open":
            first, can_skip, i = _first_of_branches(items, i)
        else:
            _, _, i = _first_of_branches(items, i)
            first, can_skip = set(), True
        if i < len(items) and items[i] in (("op", "?"), ("op", "*")):
            can_skip, i = True, i + 1
        if empty:
            letters |= first
            empty = can_skip
    return letters, any_empty or empty, i


def _number_groups(pattern: str) -> str:
    """Let a group name stand in several branches: ``y``, ``y__2`` ... (``re`` allows a name only once)."""
    seen: dict[str, int] = {}

    def rename(match: re.Match[str]) -> str:
        name = match[1]
        seen[name] = seen.get(name, 0) + 1
        return match[0] if seen[name] == 1 else f"(?P<{name}__{seen[name]}>"

    return re.sub(r"\(\?P<(\w+)>", rename, pattern)


def _parts(out: str) -> tuple[Part, ...]:
    parts = []
    for piece in out.removeprefix("range ").removeprefix("list ").split("|"):
        kind, *pairs = piece.split()
        from_groups = tuple((k, g) for k, _, g in (p.partition("=") for p in pairs) if not g.startswith("="))
        fixed = tuple((k, g[1:]) for k, _, g in (p.partition("=") for p in pairs) if g.startswith("="))
        parts.append(Part(kind, from_groups, fixed))
    return tuple(parts)
