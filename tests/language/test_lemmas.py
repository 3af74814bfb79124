"""Lemmas: irregular verbs from the table whatever the model says, everything else from the model."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab

from frontlog.language.lemmas import lemma

VOCAB: Vocab = spacy.blank("en").vocab


def token(word: str, tag: str, pos: str, given: str = "") -> Token:
    return Doc(VOCAB, words=[word], tags=[tag], pos=[pos], lemmas=[given])[0]


@pytest.mark.parametrize(
    ("word", "tag", "expected"),
    [
        ("fought", "VBD", "fight"),
        ("Took", "VBD", "take"),
        ("taken", "VBN", "take"),
        ("overran", "VBD", "overrun"),
        ("overrun", "VBN", "overrun"),
        ("retook", "VBD", "retake"),
        ("retaken", "VBN", "retake"),
        ("fell", "VBD", "fall"),
        ("fallen", "VBN", "fall"),
        ("fled", "VBD", "flee"),
        ("withdrew", "VBD", "withdraw"),
        ("withdrawn", "VBN", "withdraw"),
        ("drove", "VBD", "drive"),
        ("won", "VBD", "win"),
        ("left", "VBD", "leave"),
        ("laid", "VBD", "lay"),
        ("said", "VBD", "say"),
        ("was", "VBD", "be"),
        ("SOUGHT", "VBD", "seek"),
    ],
)
@pytest.mark.parametrize("given", ["", "wrong"])
def test_irregular_verbs_come_from_the_table_even_where_the_model_errs(
    word: str, tag: str, expected: str, given: str
) -> None:
    assert lemma(token(word, tag, "VERB", given)) == expected


@pytest.mark.parametrize(
    ("word", "tag", "pos", "given", "expected"),
    [
        ("seized", "VBD", "VERB", "seize", "seize"),
        ("Towns", "NNS", "NOUN", "town", "town"),
        ("Towns", "NNS", "NOUN", "", "towns"),
        ("Goma", "NNP", "PROPN", "Goma", "goma"),
        # Not verbs here: the table must not reach them.
        ("left", "JJ", "ADJ", "left", "left"),
        ("Lay", "NNP", "PROPN", "Lay", "lay"),
        ("saw", "NN", "NOUN", "saw", "saw"),
        ("fell", "NN", "NOUN", "fell", "fell"),
        ("led", "NN", "NOUN", "led", "led"),
    ],
)
def test_other_words_keep_the_model_s_lemma_or_their_form(
    word: str, tag: str, pos: str, given: str, expected: str
) -> None:
    assert lemma(token(word, tag, pos, given)) == expected
