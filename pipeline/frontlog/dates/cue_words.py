"""The word lists of ``data/cues.toml`` that guards compare with."""

from __future__ import annotations

from collections.abc import Callable

from .lexicon import read_table
from .tokens import Tokens

Guard = Callable[[Tokens, int, int], bool]


def _word_lists() -> dict[str, frozenset[str]]:
    table = read_table("cues.toml")["words"]
    return {name: frozenset(words) for name, words in table.items() if isinstance(words, list)}


WORDS = _word_lists()
OVER_CUES = WORDS["over_cues"]


def is_plural(low: str) -> bool:
    """Whether a word looks like a plural: what a number before it counts."""
    return low.isalpha() and low.endswith("s") and low not in WORDS["not_plural"]
