"""Lemmas that do not depend on how well a model was trained: irregular verbs from a table, the rest from the model."""

from __future__ import annotations

from functools import lru_cache

from spacy.tokens import Token

# lemma: its irregular forms. Source: our own, the irregular verbs of English grammar that news reports use.
_IRREGULAR = """
be am is are was were been; become became; begin began begun; bid; break broke broken; bring brought; build built;
buy bought; catch caught; choose chose chosen; come came; cut; deal dealt; do did done does; draw drew drawn;
drive drove driven; fall fell fallen; feel felt; fight fought; find found; flee fled; fly flew flown; forbid forbade
forbidden; forgo forwent; get got gotten; give gave given; go went gone goes; grow grew grown; have has had; hear
heard; hide hid hidden; hit; hold held; keep kept; know knew known; lay laid; lead led; leave left; let; lie lay lain;
lose lost; make made; mean meant; meet met; overcome overcame; overrun overran; overtake overtook overtaken; pay paid;
put; quit; read; rid; ride rode ridden; rise rose risen; retake retook retaken; run ran; say said says; see saw seen;
seek sought; sell sold; send sent; set; shoot shot; show showed shown; shut; sit sat; speak spoke spoken; spend spent;
split; spread; stand stood; steal stole stolen; strike struck stricken; strive strove striven; swear swore sworn; sweep
swept; take took taken; teach taught; tell told; think thought; throw threw thrown; undertake undertook undertaken;
win won; withdraw withdrew withdrawn; write wrote written; try tried tries; deny denied denies; foil foiled
"""


# Nouns that treebanks lemmatise now one way and now the other.
_NOUNS = {"troops": "troop", "outskirts": "outskirts", "barracks": "barracks", "headquarters": "headquarters"}


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for entry in _IRREGULAR.replace("\n", " ").split(";"):
        lemma, *forms = entry.split()
        table[lemma] = lemma
        for form in forms:
            table.setdefault(form, lemma)
    return table


def lemma(token: Token) -> str:
    """Lower-case lemma of a token; its lower-case form where the model gives none.

    For "fought", tagged as a verb: ``fight``.
    """
    form: str = token.lower_
    if form in _NOUNS:
        return _NOUNS[form]
    if token.tag_.startswith("VB") or token.pos_ in {"VERB", "AUX"}:
        known = _table().get(form)
        if known:
            return known
    found: str = token.lemma_.lower()
    return found or form
