"""Which found event answers to which gold event: one to one, the best pairing of a document as a whole.

Names and sentences are compared *folded*, since gold may quote a text from before cleaning and a run may
spell a place as its gazetteer does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from frontlog.evaluation.gold import GoldEvent, interval


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that name the kind of a place, not the place.
_KINDS = _words(
    "area areas base city countryside county district governorate neighborhood neighbourhood oblast "
    "outskirts province region suburb town towns township village villages"
)
_FUNCTION_WORDS = _words(
    "a an and around at between by for from his in into its near of on or outside over several some "
    "that the their this to two under were with"
)
# The Arabic article as newspapers transliterate it, assimilated or not.
_ARTICLES = _words("al el ul ad ed an en ar er as es ash esh at et az ez")

# What speaks for a pair beyond being admissible. The same sentence counts most, then where, then the words.
_WEIGHTS = {
    "sentence": 8,
    "place": 6,
    "trigger": 4,
    "captor": 3,
    "date": 3,
    "target_type": 2,
    "loser": 1,
    "modality": 1,
}


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """One row of a run's mentions table, as far as scoring needs it. None: the cell is empty.

    ``place_names`` are the spellings of ``place`` that this article itself uses, from the places table.
    """

    event_type: str
    trigger: str
    quotes: tuple[str, ...]
    captor_name: str | None = None
    loser_name: str | None = None
    target: str | None = None
    target_type: str | None = None
    place: str | None = None
    place_names: tuple[str, ...] = ()
    country: str | None = None
    extent: str | None = None
    date: str | None = None
    modality: str | None = None
    attribution: str | None = None
    rule: str | None = None


def match(
    gold: Sequence[GoldEvent], found: Sequence[FoundEvent], same_types: frozenset[str] = frozenset()
) -> list[tuple[int, int]]:
    """Pair gold events with found events of one document; index pairs ``(gold, found)``, by gold index.

    A pair is **admissible** if the event types are equal (types in ``same_types`` count as equal to each
    other) and either

    1. both places are known and equal (``same_place``); or
    2. at least one place is unknown, and the targets share a word other than function words and words for
       kinds of places ("town", "province"); or
    3. at least one place is unknown, and both events are stated in the same sentence (``same_sentence``;
       the found event's other quotes count too).

    Two known and different places contradict each other: such a pair is never admissible.

    Of all one-to-one pairings of admissible pairs, one with the most pairs is taken, and among those one
    whose pairs agree best (same sentence 8, place 6, trigger 4, captor 3, date 3, target type 2, loser 1,
    modality 1). So a town that was taken, lost and taken again is paired by sentence and date. Captor,
    date and modality do not decide whether a pair is admissible: they are scored as slots afterwards.
    """
    base = 1 + sum(_WEIGHTS.values()) * min(len(gold), len(found))
    weights = [
        [base + agreement(left, right) if admissible(left, right, same_types) else 0 for right in found]
        for left in gold
    ]
    return best_assignment(weights)


def admissible(gold: GoldEvent, found: FoundEvent, same_types: frozenset[str] = frozenset()) -> bool:
    """Whether the two may be the same event (the rules stand at ``match``)."""
    types = {gold.event_type, found.event_type}
    if len(types) > 1 and not types <= same_types:
        return False
    if gold.place and found.place:
        return same_place(gold, found)
    return bool(_content(gold.target) & _content(found.target)) or _shares_sentence(gold, found)


def agreement(gold: GoldEvent, found: FoundEvent) -> int:
    """How much speaks for the pair, beyond being admissible: the sum of the weights of what agrees."""
    agree = {
        "sentence": _shares_sentence(gold, found),
        "place": same_place(gold, found),
        "trigger": bool(_stems(gold.trigger) & _stems(found.trigger)),
        "captor": same_names(gold.captor_name, found.captor_name),
        "date": same_date(gold.date, found.date),
        "target_type": gold.target_type == found.target_type,
        "loser": same_names(gold.loser_name, found.loser_name),
        "modality": gold.modality == found.modality,
    }
    return sum(weight for name, weight in _WEIGHTS.items() if agree[name])


def same_place(gold: GoldEvent, found: FoundEvent) -> bool:
    """Whether both places are unknown, or known and equal after ``fold_place`` in one of their spellings."""
    if not gold.place or not found.place:
        return not gold.place and not found.place
    return fold_place(gold.place) in {fold_place(name) for name in (found.place, *found.place_names)}


def same_names(left: str | None, right: str | None) -> bool:
    """Whether two actor cells name the same set of actors, in any order and case (``A; B`` is ``b; a``)."""
    return _names(left) == _names(right)


def same_date(left: str | None, right: str | None) -> bool:
    """Whether two dates are equal as written or cover the same days; two unknown dates are equal."""
    if not left or not right:
        return not left and not right
    if left == right:
        return True
    days = interval(left)
    return days is not None and days == interval(right)


def same_sentence(left: str, right: str) -> bool:
    """Whether two quotes are one sentence, give or take what cleaning or sentence splitting changed.

    They are if one contains the other, folded, or if three in five of the shorter one's runs of three words
    stand in the other too.
    """
    words, others = sorted((fold(left).split(), fold(right).split()), key=len)
    if len(words) < 3:
        return bool(words) and words == others
    if f" {' '.join(words)} " in f" {' '.join(others)} ":
        return True
    runs = set(zip(words, words[1:], words[2:], strict=False))
    shared = runs & set(zip(others, others[1:], others[2:], strict=False))
    return len(shared) >= 0.6 * len(runs)


def fold(text: str) -> str:
    """Lower-case words of a text without diacritics, apostrophes, hyphens and other punctuation.

    >>> fold("Kurdish- led forces’ “capital”")
    'kurdish led forces capital'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"['’‘`ʼʻʿʾ\u00ad]", "", plain)
    return " ".join(re.findall(r"\w+", plain))


def fold_place(name: str) -> str:
    """A key that the usual spellings of one place name share.

    Drops articles and words for kinds of places, and levels what transliterations differ in: doubled
    letters, ``ou``/``oo``/``o``/``u``, ``ay``/``ei``/``ee``/``i``, ``y``/``i``, a last ``h``.

    >>> fold_place("Deir el-Zour") == fold_place("Dayr az Zawr"), fold_place("Al Mayadin")
    (True, 'miadin')
    """
    words = fold(name).split()
    kept = [word for word in words if word not in _KINDS and word not in _FUNCTION_WORDS]
    kept = [word for word in kept[:-1] if word not in _ARTICLES] + kept[-1:]
    key = "".join(kept) or "".join(words)
    key = re.sub(r"^al(?=bu|bou)", "", key)  # Albu Kamal, Boukamal
    key = re.sub(r"[aou]?ou|oo|aw|o", "u", key)
    key = re.sub(r"[ae][iy]|ee|[ey]", "i", key)
    key = re.sub(r"(.)\1+", r"\1", key)
    return re.sub(r"(?<=.)h$", "", key)


def best_assignment(weights: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """One-to-one pairs (row, column) of the largest total weight; pairs of weight 0 are left out.

    The Hungarian method with row and column potentials, O(n^2 m) for n <= m; deterministic.

    >>> best_assignment([[5, 4], [4, 0]])
    [(0, 1), (1, 0)]
    """
    if not weights or not weights[0]:
        return []
    if len(weights) > len(weights[0]):
        turned = best_assignment(list(zip(*weights, strict=True)))
        return sorted((row, column) for column, row in turned)
    n_rows, n_columns = len(weights), len(weights[0])
    # Rows and columns count from 1; 0 stands for "none". The costs minimised are the negated weights.
    row_potential = [0] * (n_rows + 1)
    column_potential = [0] * (n_columns + 1)
    row_of = [0] * (n_columns + 1)
    for row in range(1, n_rows + 1):
        row_of[0] = row
        slack: list[float] = [float("inf")] * (n_columns + 1)
        came_from = [0] * (n_columns + 1)
        visited = [False] * (n_columns + 1)
        column = 0
        while row_of[column]:
            visited[column] = True
            current = row_of[column]
            step, following = float("inf"), 0
            for other in range(1, n_columns + 1):
                if visited[other]:
                    continue
                reduced = -weights[current - 1][other - 1] - row_potential[current] - column_potential[other]
                if reduced < slack[other]:
                    slack[other], came_from[other] = reduced, column
                if slack[other] < step:
                    step, following = slack[other], other
            for other in range(n_columns + 1):
                if visited[other]:
                    row_potential[row_of[other]] += int(step)
                    column_potential[other] -= int(step)
                else:
                    slack[other] -= step
            column = following
        while column:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    pairs = ((row_of[column] - 1, column - 1) for column in range(1, n_columns + 1) if row_of[column])
    return sorted(pair for pair in pairs if weights[pair[0]][pair[1]] > 0)


def _shares_sentence(gold: GoldEvent, found: FoundEvent) -> bool:
    return any(same_sentence(gold.quote, quote) for quote in found.quotes)


def _names(cell: str | None) -> frozenset[str]:
    return frozenset(name for name in (fold(part) for part in (cell or "").split(";")) if name)


def _content(target: str | None) -> frozenset[str]:
    return frozenset(fold(target or "").split()) - _FUNCTION_WORDS - _KINDS - _ARTICLES


def _stems(trigger: str) -> frozenset[str]:
    """First five letters: enough to see "seized" in "seizing" and in "seizure"."""
    return frozenset(word[:5] for word in fold(trigger).split() if word not in _FUNCTION_WORDS)
