"""The words that the grammar knows, and the letters that stand for their classes.

A sentence is matched as a string with one letter per word, so that the grammar's rules are short regular
expressions. Every combination of classes that a word can have ("second" is a unit and an ordinal) gets a
letter of its own; a class then stands for the set of all letters that contain it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_FIRST_LETTER = 0xE000  # private use: never in a pattern by accident
OTHER = frozenset[str]()

# Signatures of tokens that the tokeniser makes itself; integers are enumerated in _integer_signatures.
MADE = (
    "ordn",
    "decimal",
    "frac",
    "iso",
    "slash",
    "clock",
    "ampm",
    "decade",
    "yy_apos",
    "poss",
    "dash",
    "comma",
    "lparen",
    "rparen",
    "dot",
    "brk",
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``values[class][word]`` is a word's value, ``letter[word]`` the letter of its classes.

    ``signature_letter`` maps a set of classes to its letter, ``members`` a class to all of its letters.
    ``triggers`` are the words without which no rule can match (digits aside), ``made`` the letters of the
    tokeniser's own classes, ``dotted`` the words that keep a full stop behind them.
    """

    values: Mapping[str, Mapping[str, str]]
    letter: Mapping[str, str]
    signature_letter: Mapping[frozenset[str], str]
    members: Mapping[str, str]
    triggers: frozenset[str]
    made: Mapping[str, str]
    dotted: frozenset[str]


@lru_cache(maxsize=8192)
def integer_classes(digits: str) -> frozenset[str]:
    """Classes of a run of digits: ``17`` is an integer, a day, an hour and a two-digit year."""
    if len(digits) > 4:
        return frozenset({"int"})
    number, classes = int(digits), {"int"}
    if len(digits) <= 2:
        if 1 <= number <= 31:
            classes.add("day")
        if number <= 24:
            classes.add("hour")
        if len(digits) == 2:
            classes.add("yy")
    if len(digits) == 4:
        if digits[0] != "0" and number < 2100:
            classes.add("year")
        if number <= 2400 and number % 100 < 60:
            classes.add("hhmm")
    return frozenset(classes)


def _integer_signatures() -> set[frozenset[str]]:
    shapes = (
        [f"{n:d}" for n in range(2500)] + [f"{n:02d}" for n in range(10)] + [f"{n:04d}" for n in range(2500)]
    )
    return {integer_classes(digits) for digits in shapes} | {frozenset({"int"})}


# Classes that carry every rule; words only of other classes ("the", "of", "nearly") never match alone.
_TRIGGER_CLASSES = [
    "month",
    "mabbr",
    "wday",
    "wplural",
    "wabbr",
    "season",
    "fallword",
    "unit",
    "units",
    "tod",
    "todpoint",
    "decadew",
    "deictic",
    "present",
    "past",
    "adverb",
    "holiday",
    "hijri",
    "long",
]
_TRIGGER_LITERALS = frozenset(
    {"tonight", "future", "past", "moment", "present", "midyear", "half", "term", "eighteen", "nineteen"}
)


# Words that keep a following full stop: abbreviations of months and weekdays.
_DOTTED_CLASSES = ("mabbr", "wabbr")


def read_table(name: str) -> dict[str, dict[str, object]]:
    """One of the package's data files, parsed."""
    text = files("frontlog.dates").joinpath("data", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def lexicon(literals: frozenset[str]) -> Lexicon:
    """The lexicon of ``data/lexicon.toml``; ``literals``, words that the grammar names, are classes too.

    The class of the literal ``ago`` is called ``'ago'``.
    """
    values: dict[str, dict[str, str]] = {}
    classes_of: dict[str, set[str]] = {}
    for class_name, by_value in read_table("lexicon.toml").items():
        table = values.setdefault(class_name, {})
        for value, words in by_value.items():
            if not isinstance(words, list):
                raise TypeError(f"lexicon.toml: [{class_name}] {value} must be a list of words")
            for word in words:
                table[word] = value
                classes_of.setdefault(word, set()).add(class_name)
    for word in sorted(literals):
        classes_of.setdefault(word, set()).add(f"'{word}'")
    signatures = {frozenset(names) for names in classes_of.values()} | _integer_signatures()
    signatures |= {frozenset({name}) for name in MADE} | {OTHER}
    ordered = sorted(signatures, key=sorted)
    signature_letter = {signature: chr(_FIRST_LETTER + i) for i, signature in enumerate(ordered)}
    members: dict[str, str] = {}
    for signature in ordered:
        for name in sorted(signature):
            members[name] = members.get(name, "") + signature_letter[signature]
    letter = {word: signature_letter[frozenset(names)] for word, names in sorted(classes_of.items())}
    triggers = frozenset(w for name in _TRIGGER_CLASSES for w in values[name]) | _TRIGGER_LITERALS
    made = {name: signature_letter[frozenset({name})] for name in MADE}
    dotted = frozenset(word for name in _DOTTED_CLASSES for word in values[name])
    return Lexicon(values, letter, signature_letter, members, triggers, made, dotted)


WORDS = re.compile(r"[a-z]+|\d")
