"""Sentence boundaries: marked texts ("|" opens a sentence) and look-alikes without a boundary."""

from __future__ import annotations

import time

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from frontlog.language.sentences import sentence_starts

MARKED = [
    "|The town fell. |Rebels cheered.",
    "|Who holds the bridge? |Nobody knows! |The army says it does.",
    "|He met Gen. Ali Hassan in the capital. |They spoke for an hour.",
    "|Lt. Col. Peter Okello and Maj. Gen. Sule led the column. |Neither was hurt.",
    "|Mr. Traore, Mrs. Keita and Dr. Sow fled. |St. Louis was quiet.",
    "|The U.S. Embassy was shut. |Staff left by air.",
    "|The convoy was paid for by the U.S. |It left at dawn.",
    "|Officials of the U.N. Security Council met. |The U.N. said little.",
    "|J. P. Okoro and A. K. Bello signed. |M. Diallo did not.",
    "|The fort was taken on Oct. 17, 1986. |It was lost on Dec. 3.",
    "|It was lost on Dec. 3. |Then came Jan. 4 and Feb. 12.",
    "|“We hold the hill.” |The colonel smiled.",
    '|"We hold the hill." |The colonel smiled.',
    "|He said: “Stop!” |Nobody did.",
    "|The base (the last one.) |It fell at noon.",
    "|Post No. 5 was overrun. |Post No. 6 held.",
    "|The army waited … |Then it moved.",
    "|The army waited... |Then it moved.",
    "|First line\n|Second line",
    "|A heading\n\n|The army entered the town. |It met no one.",
    "|The guns opened at 5 a.m. |The town burned.",
    "|The guns opened at 5 a.m. Tuesday and went on. |The town burned.",
    "|They marched in 1999. |400 of them never came back.",
    "|Ten died. |“It was quick,” a nurse said.",
    "|Smith, Jones & Co. |The firm left in May.",
    "|The fleet of the U.S.S.R. |The ships sank.",
    "|Élite troops came. |Álvaro’s men left.",
]

# One sentence each: a full stop, a capital or a line that is no boundary.
LOOK_ALIKES = [
    "The price rose by 3.5 per cent.",
    "The army of Brig. Gen. Musa held Mt. Kenya.",
    "The file is at www.example.org or on disk.",
    "He asked “Where?” and left.",
    "The troops of Pres. Obiang came on Sept. 12 and left.",
    "It covers approx. 40 sq. km in all.",
    "Fighters vs. Police was the headline's word.",
    "the rebels, i.e. Tuareg fighters, left",
    "W. Bush and G. H. Moore met.",
    "The U.S. Marines and the U.K. Foreign Office agreed.",
    "Yahoo! says it will leave.",
    "It was... odd.",
]


def unmark(marked: str) -> tuple[str, list[int]]:
    starts: list[int] = []
    text = ""
    for piece in marked.split("|")[1:]:
        starts.append(len(text))
        text += piece
    return text, starts


@pytest.mark.parametrize("marked", MARKED)
def test_starts_stand_where_marked(marked: str) -> None:
    text, starts = unmark(marked)
    assert [text[s:] for s in sentence_starts(text)] == [text[s:] for s in starts]


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_one_sentence_stays_one(text: str) -> None:
    assert sentence_starts(text) == [0]


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "...", "A."])
def test_nothing_to_split(text: str) -> None:
    assert sentence_starts(text) == [0]


@given(st.text(alphabet='aAI.!?…"”’ \n\t1U.S', max_size=80))
def test_starts_are_sorted_distinct_offsets_within_the_text(text: str) -> None:
    starts = sentence_starts(text)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert all(s == 0 or s < len(text) for s in starts)


@given(st.text(alphabet="aAI.!?” \n1", max_size=60))
def test_a_sentence_starts_with_a_word_or_a_quote_and_after_white_space(text: str) -> None:
    for start in sentence_starts(text)[1:]:
        assert not text[start].isspace()
        assert text[start - 1].isspace()


@pytest.mark.parametrize(
    "filler",
    [
        "." * 40_000,
        "\n" * 40_000,
        "a." * 20_000,
        ". " * 20_000,
        "”" * 40_000,
    ],
)
def test_hostile_text_takes_linear_time(filler: str) -> None:
    begun = time.perf_counter()
    sentence_starts("A" + filler + "A")
    assert time.perf_counter() - begun < 1  # seconds; linear time takes a few hundredths


@pytest.mark.parametrize("marked", MARKED)
def test_the_component_marks_the_same_starts_on_tokens(marked: str) -> None:
    text, starts = unmark(marked)
    nlp = spacy.blank("en")
    nlp.add_pipe("frontlog_sentences")
    doc = nlp(text)
    found = [text[sent.start_char : sent.end_char].strip() for sent in doc.sents]
    wanted = [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    assert [words for words in found if words] == wanted
