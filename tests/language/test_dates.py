"""The spaCy component on a blank pipeline."""

from __future__ import annotations

from datetime import date

import spacy
from spacy.tokens import Doc

import frontlog.language.dates  # noqa: F401  (an installed frontlog registers it by its entry point)


def read(text: str, published: date | None) -> Doc:
    nlp = spacy.blank("en")
    nlp.add_pipe("frontlog_dates")
    doc = nlp.make_doc(text)
    doc._.published = published
    return nlp(doc)


def test_spans_carry_type_value_and_anchor() -> None:
    doc = read("Lancers took the ford on Friday after a nine-month siege.", date(2017, 11, 4))
    assert [(s.text, s.label_, s._.timex.value.value, s._.timex.anchor) for s in doc.spans["dates"]] == [
        ("Friday", "DATE", "2017-11-03", "article"),
        ("nine-month", "DURATION", "P9M", None),
    ]


def test_without_a_day_of_writing_values_stay_partial() -> None:
    doc = read("Lancers took the ford on Oct. 17.", None)
    [span] = doc.spans["dates"]
    assert span._.timex.value.value == "XXXX-10-17"


def test_a_doc_without_dates_has_an_empty_group() -> None:
    assert len(read("Lancers may march on.", date(2017, 11, 4)).spans["dates"]) == 0


def test_the_component_is_registered_as_an_entry_point() -> None:
    from pathlib import Path

    project = Path(__file__).parents[2].joinpath("pyproject.toml").read_text(encoding="utf-8")
    assert 'frontlog_dates = "frontlog.language.dates:make_dates"' in project
