"""Turns the words that a rule's group matched into the value that stands in the expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .tokens import Tokens

Values = Mapping[str, Mapping[str, str]]

# Several words that make one modifier; TIMEX3 names. "Only" and "just" modify nothing.
_MODIFIERS = {
    "more than": "MORE_THAN",
    "less than": "LESS_THAN",
    "fewer than": "LESS_THAN",
    "at least": "EQUAL_OR_MORE",
    "at most": "EQUAL_OR_LESS",
    "up to": "EQUAL_OR_LESS",
    "as long as": "EQUAL_OR_LESS",
    "no more than": "EQUAL_OR_LESS",
    "just over": "MORE_THAN",
    "well over": "MORE_THAN",
    "just under": "LESS_THAN",
    "not quite": "LESS_THAN",
}
_FRACTIONS = {"1/2": 0.5, "1/4": 0.25, "3/4": 0.75, "½": 0.5, "¼": 0.25, "¾": 0.75}
# "that year", "the following week": counted from another expression, marked by a trailing c.
_CONTEXT_WORDS = {"that": "0c", "same": "0c", "following": "1c", "previous": "-1c"}


def _lookup(*classes: str) -> Callable[[Sequence[str], Values], str]:
    def first_value(words: Sequence[str], values: Values) -> str:
        for word in words:
            for name in classes:
                if word in values[name]:
                    return values[name][word]
        return ""

    return first_value


def _ordinal(words: Sequence[str], values: Values) -> str:
    """``17th``, ``17``, ``twenty-first`` -> a number; ``last`` and ``final`` -> -1."""
    total = 0
    for word in words:
        if word in ("last", "latter", "final"):
            return "-1"
        if word[-1:].isdigit() or word[:1].isdigit():
            return str(int("".join(c for c in word if c.isdigit())))
        total += int(values["tens"].get(word, values["ordw"].get(word, "0")))
    return str(total) if total else ""


def _count(words: Sequence[str], values: Values) -> str:
    """A number (``2``, ``2.5``), ``X`` for a vague one, or a signed step for ``last`` and ``next``."""
    for word in words:
        for name in ("deictic", "rel", "ctxrel"):
            if word in values[name]:
                return values[name][word]
    if "number" in words or any(w in values["vague"] for w in words):
        return "X"
    if "couple" in words:
        return "2"
    total = 0.0
    for word in words:
        if word[:1].isdigit() and word not in _FRACTIONS:
            total += float(word) if len(word) < 10 else 0.0
        elif word in _FRACTIONS:
            total += _FRACTIONS[word]
        elif word == "half":
            total += 0.5
        elif word == "hundred":
            total = max(total, 1.0) * 100
        else:
            total += float(values["numw"].get(word, values["tens"].get(word, "0")))
    if total == 0.0 and any(w in ("a", "an", "another", "year") for w in words):
        total = 1.0
    return f"{total:g}" if total < 1_000_000 else "X"


def _modifier(words: Sequence[str], values: Values) -> str:
    return _MODIFIERS.get(" ".join(words), values["mod"].get(words[0], ""))


def _relative(words: Sequence[str], values: Values) -> str:
    for word in words:
        if word in _CONTEXT_WORDS:
            return _CONTEXT_WORDS[word]
    return _lookup("rel", "ctxrel")(words[::-1], values)


def _year(words: Sequence[str], values: Values) -> str:
    """``2017``, and the first half of "nineteen ninety-one"."""
    return "".join(c for c in words[-1] if c.isdigit()) or _ordinal_number(words, values)


def _ordinal_number(words: Sequence[str], values: Values) -> str:
    return str(sum(int(values["tens"].get(word, values["numw"].get(word, "0"))) for word in words))


def _decade(words: Sequence[str], values: Values) -> str:
    """``1990s`` -> ``199``; ``nineties`` and ``'90s`` -> ``XX9``, the century left open."""
    digits = "".join(c for c in words[-1] if c.isdigit())
    if len(digits) == 4:
        return digits[:3]
    return f"XX{digits[:1] or values['decadew'].get(words[-1], '')}"


def _raw(words: Sequence[str], values: Values) -> str:
    return " ".join(words)


def _part(words: Sequence[str], values: Values) -> str:
    """START, MID or END; "earlier" and "later" are told apart, since they end and begin at the anchor."""
    return {"earlier": "EARLIER", "later": "LATER"}.get(words[0]) or _lookup("part")(words, values)


_UNIT = _lookup("unit", "units", "long")

_EVALUATORS: dict[str, Callable[[Sequence[str], Values], str]] = {
    "w": _lookup("wday", "wabbr", "wplural"),
    "m": _lookup("month", "mabbr"),
    "d": _ordinal,
    "y": _year,
    "yy": _year,
    "ys": _year,
    "p": _part,
    "s": _lookup("season", "fallword"),
    "q": _ordinal,  # of "q3" too
    "h": _ordinal,
    "k": _ordinal,
    "cent": _ordinal,
    "c": _decade,
    "t": lambda words, values: "MO" if "hours" in words else _lookup("tod", "tods")(words, values),
    "u": lambda words, values: _UNIT(words, values) or ("D" if _lookup("tod")(words, values) else ""),
    "n": _count,
    "f": _lookup("holiday"),
    "hm": _lookup("hijri"),
    "mod": _modifier,
    "r": _relative,
    "crel": _relative,
    "yrel": _relative,
    "wrel": _relative,
}


def evaluate(key: str, tokens: Tokens, first: int, last: int, values: Values) -> str:
    """The value of ``key`` from tokens ``first`` to ``last`` (exclusive); empty if they have none."""
    return _EVALUATORS.get(key, _raw)(tokens.lows[first:last], values)
