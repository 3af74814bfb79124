"""Time expressions as a spaCy component: a thin wrap around ``frontlog.dates.read_dates``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from spacy.language import Language
from spacy.tokens import Doc, Span

from frontlog.dates import read_dates

# Spans cannot hold objects in their own fields, and user data travels with the Doc: keyed by offsets.
_KEY = "frontlog_dates"


@Language.factory(
    "frontlog_dates", default_config={"spans_key": "dates"}, assigns=["doc.spans", "span._.timex"]
)
def make_dates(nlp: Language, name: str, spans_key: str) -> Callable[[Doc], Doc]:
    """The component "frontlog_dates"; needs no other component and no model.

    Set ``doc._.published`` (a ``date``) before it runs. ``doc.spans["dates"]`` then holds the expressions:
    ``span.label_`` is the TIMEX3 type, ``span._.timex`` the ``ResolvedTimex`` with value, days and anchor.

    >>> nlp = spacy.blank("en"); _ = nlp.add_pipe("frontlog_dates")  # doctest: +SKIP
    >>> doc = nlp.make_doc("They left on Friday."); doc._.published = date(2017, 11, 4)  # doctest: +SKIP
    >>> [(s.text, s._.timex.value.value) for s in nlp(doc).spans["dates"]]  # doctest: +SKIP
    [('Friday', '2017-11-03')]
    """
    if not Doc.has_extension("published"):
        Doc.set_extension("published", default=None)
    if not Span.has_extension("timex"):
        Span.set_extension("timex", getter=_timex_of)

    def dates(doc: Doc) -> Doc:
        published: date | None = doc._.published
        spans = []
        for found in read_dates(doc.text, published):
            span = doc.char_span(found.start, found.end, found.value.timex_type, alignment_mode="expand")
            if span is not None:
                spans.append(span)
                doc.user_data.setdefault(_KEY, {})[span.start_char, span.end_char] = found
        doc.spans[spans_key] = spans
        return doc

    return dates


def _timex_of(span: Span) -> object:
    return span.doc.user_data.get(_KEY, {}).get((span.start_char, span.end_char))
