"""Words that a small model has hardly seen, given the normal form of a common word of the same inflection.

"overran" is too rare in the treebanks to be tagged well; with the norm of "took" the tagger and the parser
treat it as the past tense of a transitive verb. The text and the entities are not changed. Also "IS",
the acronym, whose norm would be that of the verb.
"""

from __future__ import annotations

from typing import Any

from spacy.attrs import NORM, ORTH
from spacy.language import Language

# rare form = common form of the same inflection. Source: our own.
_LIKE = {
    "overran": "took",
    "overrun": "taken",
    "retook": "took",
    "retaken": "taken",
    "retake": "take",
    "retaking": "taking",
    "retakes": "takes",
    "recaptured": "captured",
    "recapture": "capture",
    "besieged": "attacked",
    "encircled": "surrounded",
    "seized": "captured",
    "repelled": "stopped",
    "repulsed": "stopped",
    "thwarted": "stopped",
    "foiled": "stopped",
    "stormed": "entered",
    "wrested": "took",
    "ceded": "gave",
    "routed": "defeated",
    "ousted": "removed",
    "reconquered": "captured",
    "relinquished": "left",
    "infiltrated": "entered",
    "capitulated": "surrendered",
}


# What a model that knows whole words and no capitals reads instead: the same, and "IS" is no verb.
READ_AS = _LIKE | {rare.capitalize(): common.capitalize() for rare, common in _LIKE.items()} | {"IS": "ISIS"}


def add_norms(nlp: Language) -> None:
    """Teach a pipeline's tokenizer the norms of rare words; words that it splits stay as they are."""
    tokenizer: Any = nlp.tokenizer
    tokenizer.add_special_case("IS", [{ORTH: "IS", NORM: "nato"}])
    for word, norm in _LIKE.items():
        for form in (word, word.capitalize()):
            tokenizer.add_special_case(form, [{ORTH: form, NORM: norm}])
