from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontlog.evaluation.gold import GoldEvent
from frontlog.evaluation.matching import (
    FoundEvent,
    admissible,
    best_assignment,
    fold_place,
    match,
    same_date,
    same_names,
    same_sentence,
)

SENTENCE = "UNITA fighters overran the garrison town of Soyo at dawn, the governor said."
GOLD = GoldEvent(
    event_type="capture",
    trigger="overran",
    quote=SENTENCE,
    modality="actual",
    captor_name="UNITA",
    target="the garrison town of Soyo",
    target_type="settlement",
    place="Soyo",
    date="1993-01-20",
)
FOUND = FoundEvent(
    event_type="capture",
    trigger="overran",
    quotes=(SENTENCE,),
    captor_name="UNITA",
    target="the garrison town of Soyo",
    target_type="settlement",
    place="Soyo",
    date="1993-01-20",
    modality="actual",
)
ELSEWHERE = ("Nothing of the kind was reported from the coast.",)


@pytest.mark.parametrize(
    ("why", "found", "expected"),
    [
        ("the same", FOUND, True),
        ("another type", replace(FOUND, event_type="siege"), False),
        ("equal place, another sentence", replace(FOUND, quotes=ELSEWHERE), True),
        ("another place, same sentence", replace(FOUND, place="Cabinda"), False),
        ("no place, same sentence", replace(FOUND, place=None, target=None), True),
        ("no place, same target", replace(FOUND, place=None, quotes=ELSEWHERE), True),
        (
            "no place, target shares only 'the town'",
            replace(FOUND, place=None, target="the town", quotes=ELSEWHERE),
            False,
        ),
        (
            "same sentence as a further quote",
            replace(FOUND, place=None, target=None, quotes=(*ELSEWHERE, SENTENCE)),
            True,
        ),
        (
            "other captor, date, modality",
            replace(FOUND, captor_name="MPLA", date=None, modality="denied"),
            True,
        ),
        (
            "the article's own spelling",
            replace(FOUND, place="Santo António do Zaire", place_names=("Soyo",)),
            True,
        ),
    ],
)
def test_admissible(why: str, found: FoundEvent, expected: bool) -> None:
    assert admissible(GOLD, found) is expected, why


def test_capture_and_recapture_may_count_as_one() -> None:
    found = replace(FOUND, event_type="recapture")
    assert match([GOLD], [found]) == []
    assert match([GOLD], [found], frozenset({"capture", "recapture"})) == [(0, 0)]


def test_each_event_is_used_once() -> None:
    assert match([GOLD], [FOUND, FOUND]) == [(0, 0)]
    assert match([GOLD, GOLD], [FOUND]) == [(0, 0)]
    assert match([], [FOUND]) == match([GOLD], []) == []


def test_town_taken_twice_is_paired_by_sentence_and_date() -> None:
    first = replace(GOLD, quote="Soyo had first fallen in January.", trigger="fallen", date="1993-01")
    second = replace(GOLD, quote="UNITA took Soyo again in May.", trigger="took", date="1993-05")
    late = replace(FOUND, quotes=(second.quote,), trigger="took", date="1993-05")
    early = replace(FOUND, quotes=(first.quote,), trigger="fallen", date="1993-01")
    assert match([first, second], [late, early]) == [(0, 1), (1, 0)]


def test_more_pairs_beat_better_pairs() -> None:
    # The second found event fits only the first gold event, which fits the first found event better.
    other = replace(GOLD, quote="Later on Soyo was taken.", trigger="taken", captor_name=None, date=None)
    placeless = replace(FOUND, place=None, target=None)
    assert match([GOLD, other], [FOUND, placeless]) == [(0, 1), (1, 0)]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Deir el-Zour", "Deir ez-Zor"),
        ("Deir el- Zour", "Dayr az Zawr"),
        ("Raqqa", "Ar Raqqah"),
        ("Mayadeen", "Al Mayadin"),
        ("Qaim", "Al Qa'im"),
        ("Boukamal", "Albu Kamal"),
        ("Hawija", "Al Ḩawījah"),
        ("Tal Afar", "Tall ‘Afar"),
        ("Homs city", "Homs"),
        ("Kobane", "Kobani"),
        ("GOMA", "Goma"),
        ("Srebrenica", "Srebrenica"),
        ("Şuşa", "Susa"),
    ],
)
def test_spellings_of_one_place(left: str, right: str) -> None:
    assert fold_place(left) == fold_place(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Aleppo", "Azaz"), ("Kindu", "Kigali"), ("Homs", "Hama"), ("Kuito", "Quito"), ("Al Bab", "Al Hasakah")],
)
def test_different_places(left: str, right: str) -> None:
    assert fold_place(left) != fold_place(right)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("Rebels took Kamina.", "Rebels took Kamina.", True),
        ("Kurdish- led troops “took” the town", 'Kurdish-led troops "took" the town.', True),
        ("(Wire) Rebels took Kamina on Sunday.", "Rebels took Kamina on Sunday.", True),
        (
            "Rebels took Kamina on Sunday, officials said there.",
            "Rebels took Kamina on Sunday, he told us.",
            False,
        ),
        (
            "Rebels took the town of Kamina on Sunday, he said.",
            "Rebels took the town of Kamina on Sunday, they said.",
            True,
        ),
        ("Kamina is quiet.", "Kamina fell.", False),
        ("", "", False),
        ("Yes.", "yes", True),
    ],
)
def test_same_sentence(left: str, right: str, expected: bool) -> None:
    assert same_sentence(left, right) is expected
    assert same_sentence(right, left) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("M23; Rwandan government", "rwandan government;M23", True),
        ("M23", "M23; Rwandan government", False),
        (None, None, True),
        ("M23", None, False),
        ("Viet Cong", "viet  cong", True),
    ],
)
def test_same_names(left: str | None, right: str | None, expected: bool) -> None:
    assert same_names(left, right) is expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("2012-11-20", "2012-11-20", True),
        ("2012-11", "2012-11-01/2012-11-30", True),
        ("2012", "2012-01/2012-12", True),
        ("2012-11", "2012-11-20", False),
        (None, None, True),
        (None, "2012", False),
        ("XXXX-11-20", "XXXX-11-20", True),
        ("XXXX-11-20", "XXXX-11-21", False),
    ],
)
def test_same_date(left: str | None, right: str | None, expected: bool) -> None:
    assert same_date(left, right) is expected


@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), max_size=5)
    )
)
def test_assignment_is_as_good_as_trying_all(weights: list[list[int]]) -> None:
    pairs = best_assignment(weights)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(weights[row][column] > 0 for row, column in pairs)
    if not weights:
        assert pairs == []
        return
    n_rows, n_columns = len(weights), len(weights[0])
    size = max(n_rows, n_columns)
    padded = [[*row, *[0] * (size - n_columns)] for row in weights] + [[0] * size] * (size - n_rows)
    best = max(
        sum(padded[row][column] for row, column in enumerate(order)) for order in permutations(range(size))
    )
    assert sum(weights[row][column] for row, column in pairs) == best
