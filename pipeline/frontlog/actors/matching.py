"""Names of the lexicon in a run of words: longest first, from left to right, each word used once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from frontlog.actors.lexicon import Entry, Group, Lexicon, Ref
from frontlog.actors.tokens import Token

# Roles in the order in which they are preferred where one name has several.
_ROLES = ("group", "local", "leader", "name", "adjective", "people", "force", "seat")


@dataclass(frozen=True, slots=True)
class Match:
    """Words ``first`` to ``last`` (half-open) name ``ref``, or the ``long_form`` of an abbreviation."""

    first: int
    last: int
    ref: Ref | None
    long_form: str | None = None


def lands(lexicon: Lexicon, country: str | None) -> frozenset[str]:
    """The code itself and those of former states whose land it was part of."""
    if country is None:
        return frozenset()
    codes = {country}
    codes.update(code for code, state in lexicon.states.items() if country in state.parts)
    if country in lexicon.states:
        codes.update(lexicon.states[country].parts)
    return frozenset(codes)


def find_matches(
    tokens: Sequence[Token],
    lexicon: Lexicon,
    *,
    country: str | None = None,
    day: date | None = None,
    aliases: Mapping[str, str] | None = None,
) -> list[Match]:
    """All names in ``tokens``, in order. ``aliases`` are abbreviations that the text itself introduces."""
    where = _Where(lexicon, lands(lexicon, country), day, aliases or {})
    found: list[Match] = []
    at = 0
    while at < len(tokens):
        match = _match_at(tokens, at, where)
        if match is not None and match.ref is not None and match.ref.role == "local":
            match = _unless_inside(tokens, match, where)
        if match is None:
            at += 1
        else:
            found.append(match)
            at = match.last
    return found


@dataclass(frozen=True, slots=True)
class _Where:
    lexicon: Lexicon
    land: frozenset[str]
    day: date | None
    aliases: Mapping[str, str]


def _unless_inside(tokens: Sequence[Token], match: Match, where: _Where) -> Match | None:
    """The match, unless a name begins inside it and ends later ("US-backed | Syrian Democratic Forces")."""
    for inside in range(match.first + 1, match.last):
        later = _match_at(tokens, inside, where)
        if later is not None and later.last > match.last:
            return None
    return match


def _match_at(tokens: Sequence[Token], at: int, where: _Where) -> Match | None:
    fitting: list[Ref] = []
    length = 0
    for entry in where.lexicon.index.get(tokens[at].key, ()):
        if fitting and 1 + len(entry.keys) < length:
            break
        if _fits(tokens, at, entry, where.land, where.day):
            fitting.append(entry.ref)
            length = 1 + len(entry.keys)
    ref = _choose(fitting, where.lexicon, where.land, where.day)
    long_form = where.aliases.get(tokens[at].letters)
    if long_form is not None and length <= 1 and (ref is None or ref.nearby):
        # What the article itself says an abbreviation means beats a meaning that only this country has.
        return Match(at, at + 1, None, long_form)
    return Match(at, at + length, ref) if ref is not None else None


def _fits(tokens: Sequence[Token], at: int, entry: Entry, land: frozenset[str], day: date | None) -> bool:
    ref = entry.ref
    end = at + 1 + len(entry.keys)
    if end > len(tokens) or any(t.key != k for t, k in zip(tokens[at + 1 : end], entry.keys, strict=True)):
        return False
    if ref.upper and not tokens[at].letters.isupper():
        return False
    if (ref.capital and not tokens[at].capital) or (ref.plural and not tokens[end - 1].plural):
        return False
    if ref.nearby and not land.intersection(ref.nearby):
        return False
    return ref.role not in ("leader", "local") or ref.spell.covers(day)


def _choose(refs: Sequence[Ref], lexicon: Lexicon, land: frozenset[str], day: date | None) -> Ref | None:
    """The best of several readings; None where two stay equally good (nothing certain)."""
    if len(refs) <= 1:
        return refs[0] if refs else None

    def score(ref: Ref) -> tuple[int, ...]:
        in_years = ref.spell.covers(day)
        if ref.state:
            # A state of today stands before a former one where no day decides.
            home = ref.target in land
            return (0, int(in_years and (day is not None or ref.spell.end is None)), int(home), 0)
        if ref.role == "local":
            return (1, 1, 1, -int(lexicon.locals[int(ref.target)].spell.start is None))
        group: Group = lexicon.groups[ref.target]
        return (1, int(bool(land.intersection(group.countries))), int(group.years.covers(day)), 1)

    ranked = sorted(refs, key=lambda r: (*(-s for s in score(r)), _ROLES.index(r.role)))
    best, second = ranked[0], ranked[1]
    same = score(best) == score(second) and best.role == second.role
    if same and best.role == "local":
        return ranked[-1]
    return None if same and best.target != second.target else best
