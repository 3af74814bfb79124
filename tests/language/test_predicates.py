"""Predicates and their arguments on hand-built parses, the same constructions in both label schemes.

A row is ``word TAG head/label`` (Universal Dependencies), with a second ``head/label`` where ClearNLP (the
labels of ``en_core_web_*``) differs; heads are word numbers from 0. What ClearNLP says is rewritten first.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import spacy
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab

from frontlog.language import predicates
from frontlog.language.clearnlp import to_universal

VOCAB: Vocab = spacy.blank("en").vocab
SCHEMES = ("ud", "clearnlp")
_POS = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "PRP": "PRON", "PRP$": "PRON", "WP": "PRON",
    "WDT": "PRON", "IN": "ADP", "DT": "DET", "TO": "PART", "MD": "AUX", "CC": "CCONJ", "RB": "ADV",
    "RP": "ADP", "POS": "PART", ",": "PUNCT", ".": "PUNCT", "JJ": "ADJ", "CD": "NUM", "HYPH": "PUNCT",
}  # fmt: skip
# Lemmas of regular verbs come from the model; irregular ones are in the package's own table.
_LEMMAS = {"helped": "help", "forced": "force", "managed": "manage", "trying": "try", "launched": "launch"}


def build(rows: str, scheme: str) -> Doc:
    words, tags, pos, heads, deps = [], [], [], [], []
    for row in rows.strip().splitlines():
        word, tag, *arcs = row.split()
        head, dep = arcs[-1 if scheme == "clearnlp" else 0].split("/")
        words.append(word)
        tags.append(tag)
        heads.append(int(head))
        deps.append(dep)
        aux = dep in {"aux", "aux:pass", "auxpass", "cop"}
        pos.append(_POS.get(tag, "AUX" if aux else "VERB"))
    lemmas = [_LEMMAS.get(text, text.lower()) for text in words]
    doc = Doc(VOCAB, words=words, tags=tags, pos=pos, heads=heads, deps=deps, lemmas=lemmas)
    return to_universal(doc) if scheme == "clearnlp" else doc


def word(doc: Doc, text: str) -> Token:
    return next(token for token in doc if token.text == text)


def texts(tokens: list[Token]) -> list[str]:
    return [token.text for token in tokens]


@dataclass(frozen=True)
class Case:
    name: str
    rows: str
    verb: str
    subjects: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    obliques: tuple[tuple[str, str], ...] = ()
    passive: bool = False


CASES = [
    Case("active", """
        Rebels NNS 1/nsubj
        captured VBD 1/ROOT
        the DT 3/det
        town NN 1/obj 1/dobj
        from IN 5/case 1/prep
        militias NNS 1/obl 4/pobj""",
        "captured", ("Rebels",), ("town",), (("from", "militias"),)),
    Case("passive with an agent", """
        The DT 1/det
        town NN 3/nsubj:pass 3/nsubjpass
        was VBD 3/aux:pass 3/auxpass
        captured VBN 3/ROOT
        by IN 5/case 3/agent
        rebels NNS 3/obl:agent 4/pobj
        from IN 7/case 3/prep
        militias NNS 3/obl 6/pobj""",
        "captured", ("rebels",), ("town",), (("by", "rebels"), ("from", "militias")), True),
    Case("passive without an agent", """
        The DT 1/det
        town NN 4/nsubj:pass 4/nsubjpass
        has VBZ 4/aux
        been VBN 4/aux:pass 4/auxpass
        captured VBN 4/ROOT""",
        "captured", (), ("town",), (), True),
    Case("perfect is no passive", """
        Rebels NNS 2/nsubj
        have VBP 2/aux
        captured VBN 2/ROOT
        Goma NNP 2/obj 2/dobj""",
        "captured", ("Rebels",), ("Goma",)),
    Case("coordinated subjects", """
        Troops NNS 3/nsubj
        and CC 2/cc 0/cc
        militiamen NNS 0/conj
        took VBD 3/ROOT
        Goma NNP 3/obj 3/dobj""",
        "took", ("Troops", "militiamen"), ("Goma",)),
    Case("coordinated objects", """
        Rebels NNS 1/nsubj
        took VBD 1/ROOT
        Goma NNP 1/obj 1/dobj
        , , 4/punct 2/punct
        Sake NNP 2/conj
        and CC 6/cc 4/cc
        Masisi NNP 2/conj 4/conj""",
        "took", ("Rebels",), ("Goma", "Sake", "Masisi")),
    Case("coordinated verbs share the subject", """
        Rebels NNS 1/nsubj
        entered VBD 1/ROOT
        Goma NNP 1/obj 1/dobj
        and CC 4/cc 1/cc
        took VBD 1/conj
        Sake NNP 4/obj 4/dobj""",
        "took", ("Rebels",), ("Sake",)),
    Case("coordinated verb with a subject of its own", """
        Rebels NNS 1/nsubj
        fled VBD 1/ROOT
        and CC 4/cc 1/cc
        troops NNS 4/nsubj
        took VBD 1/conj
        Sake NNP 4/obj 4/dobj""",
        "took", ("troops",), ("Sake",)),
    Case("coordinated passives share the surface subject", """
        Goma NNP 2/nsubj:pass 2/nsubjpass
        was VBD 2/aux:pass 2/auxpass
        surrounded VBN 2/ROOT
        and CC 4/cc 2/cc
        captured VBN 2/conj
        by IN 6/case 4/agent
        rebels NNS 4/obl:agent 5/pobj""",
        "captured", ("rebels",), ("Goma",), (("by", "rebels"),), True),
    Case("relative clause on the subject", """
        The DT 1/det
        rebels NNS 5/nsubj
        who WP 3/nsubj
        seized VBD 1/acl:relcl 1/relcl
        Goma NNP 3/obj 3/dobj
        left VBD 5/ROOT""",
        "seized", ("rebels",), ("Goma",)),
    Case("relative clause on the object", """
        The DT 1/det
        town NN 5/nsubj
        which WDT 4/obj 4/dobj
        rebels NNS 4/nsubj
        seized VBD 1/acl:relcl 1/relcl
        burned VBD 5/ROOT""",
        "seized", ("rebels",), ("town",)),
    Case("relative clause without a pronoun", """
        The DT 1/det
        town NN 4/nsubj
        rebels NNS 3/nsubj
        seized VBD 1/acl:relcl 1/relcl
        burned VBD 4/ROOT""",
        "seized", ("rebels",), ("town",)),
    Case("passive relative clause", """
        Goma NNP 7/nsubj
        which WDT 3/nsubj:pass 3/nsubjpass
        was VBD 3/aux:pass 3/auxpass
        captured VBN 0/acl:relcl 0/relcl
        by IN 5/case 3/agent
        rebels NNS 3/obl:agent 4/pobj
        , , 7/punct
        burned VBD 7/ROOT""",
        "captured", ("rebels",), ("Goma",), (("by", "rebels"),), True),
    Case("reduced relative clause", """
        The DT 1/det
        town NN 5/nsubj
        captured VBN 1/acl
        by IN 4/case 2/agent
        rebels NNS 2/obl:agent 3/pobj
        burned VBD 5/ROOT""",
        "captured", ("rebels",), ("town",), (("by", "rebels"),), True),
    Case("active participle after its noun", """
        Rebels NNS 3/nsubj
        besieging VBG 0/acl
        Goma NNP 1/obj 1/dobj
        fled VBD 3/ROOT""",
        "besieging", ("Rebels",), ("Goma",)),
    Case("subject control: managed to", """
        Rebels NNS 1/nsubj
        managed VBD 1/ROOT
        to TO 3/mark 3/aux
        take VB 1/xcomp
        Goma NNP 3/obj 3/dobj""",
        "take", ("Rebels",), ("Goma",)),
    Case("control twice over", """
        Rebels NNS 2/nsubj
        are VBP 2/aux
        trying VBG 2/ROOT
        to TO 4/mark 4/aux
        help VB 2/xcomp
        take VB 4/xcomp 4/ccomp
        Goma NNP 5/obj 5/dobj""",
        "help", ("Rebels",), ()),
    Case("object control: helped X take", """
        Jets NNS 1/nsubj
        helped VBD 1/ROOT
        rebels NNS 1/obj 3/nsubj
        take VB 1/xcomp 1/ccomp
        Goma NNP 3/obj 3/dobj""",
        "take", ("rebels",), ("Goma",)),
    Case("object control with to: forced X to leave", """
        Jets NNS 1/nsubj
        forced VBD 1/ROOT
        rebels NNS 1/obj 4/nsubj
        to TO 4/mark 4/aux
        leave VB 1/xcomp 1/ccomp
        Goma NNP 4/obj 4/dobj""",
        "leave", ("rebels",), ("Goma",)),
    Case("control under a passive", """
        Rebels NNS 2/nsubj:pass 2/nsubjpass
        were VBD 2/aux:pass 2/auxpass
        forced VBN 2/ROOT
        to TO 4/mark 4/aux
        leave VB 2/xcomp
        Goma NNP 4/obj 4/dobj""",
        "leave", ("Rebels",), ("Goma",)),
    Case("purpose clause", """
        Troops NNS 1/nsubj
        fought VBD 1/ROOT
        to TO 3/mark 3/aux
        retake VB 1/advcl
        Goma NNP 3/obj 3/dobj""",
        "retake", ("Troops",), ("Goma",)),
    Case("infinitive after a possessed noun", """
        Their PRP$ 1/nmod:poss 1/poss
        bid NN 5/nsubj
        to TO 3/mark 3/aux
        take VB 1/acl
        Goma NNP 3/obj 3/dobj
        failed VBD 5/ROOT""",
        "take", ("Their",), ("Goma",)),
    Case("infinitive after the object of a doer", """
        Troops NNS 1/nsubj
        launched VBD 1/ROOT
        an DT 3/det
        operation NN 1/obj 1/dobj
        to TO 5/mark 5/aux
        retake VB 3/acl
        Goma NNP 5/obj 5/dobj""",
        "retake", ("Troops",), ("Goma",)),
    Case("several prepositional phrases", """
        Troops NNS 1/nsubj
        withdrew VBD 1/ROOT
        from IN 3/case 1/prep
        Goma NNP 1/obl 2/pobj
        to IN 5/case 1/prep
        Sake NNP 1/obl 4/pobj
        on IN 7/case 1/prep
        Monday NNP 1/obl 6/pobj""",
        "withdrew", ("Troops",), (), (("from", "Goma"), ("to", "Sake"), ("on", "Monday"))),
    Case("two-word preposition", """
        Troops NNS 1/nsubj
        drove VBD 1/ROOT
        rebels NNS 1/obj 1/dobj
        out IN 5/case 1/prep
        of IN 3/fixed 3/prep
        Goma NNP 1/obl 4/pobj""",
        "drove", ("Troops",), ("rebels",), (("out of", "Goma"),)),
    Case("no arguments", """
        Run VB 0/ROOT
        . . 0/punct""",
        "Run"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_arguments(case: Case, scheme: str) -> None:
    verb = word(build(case.rows, scheme), case.verb)
    found = predicates.arguments(verb)
    assert texts(found.subjects) == list(case.subjects)
    assert texts(found.objects) == list(case.objects)
    assert [(prep, noun.text) for prep, noun in found.obliques] == list(case.obliques)
    assert found.passive is case.passive


# --- nouns ----------------------------------------------------------------------------------------

THE_CAPTURE = """
    The DT 1/det
    capture NN 6/nsubj
    of IN 3/case 1/prep
    Goma NNP 1/nmod 2/pobj
    by IN 5/case 1/prep
    rebels NNS 1/nmod 4/pobj
    failed VBD 6/ROOT
"""
THEIR_BID = """
    The DT 1/det
    army NN 3/nmod:poss 3/poss
    's POS 1/case
    bid NN 6/nsubj
    for IN 5/case 3/prep
    Goma NNP 3/nmod 4/pobj
    failed VBD 6/ROOT
"""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_phrases_of_a_nominal_event(scheme: str) -> None:
    capture = word(build(THE_CAPTURE, scheme), "capture")
    assert [(prep, noun.text) for prep, noun in predicates.obliques(capture)] == [
        ("of", "Goma"),
        ("by", "rebels"),
    ]
    assert texts(predicates.owners(capture)) == ["rebels"]
    assert not predicates.possessors(capture)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_possessor_owns_the_deed(scheme: str) -> None:
    bid = word(build(THEIR_BID, scheme), "bid")
    assert texts(predicates.possessors(bid)) == ["army"]
    assert texts(predicates.owners(bid)) == ["army"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_phrase_hung_too_low_is_found_in_nested_obliques(scheme: str) -> None:
    doc = build(
        """
        Troops NNS 1/nsubj
        drove VBD 1/ROOT
        rebels NNS 1/obj 1/dobj
        from IN 4/case 2/prep
        Goma NNP 2/nmod 3/pobj""",
        scheme,
    )
    assert predicates.obliques(word(doc, "drove")) == []
    assert [(p, n.text) for p, n in predicates.nested_obliques(word(doc, "drove"))] == [("from", "Goma")]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("rows", "head", "expected"),
    [
        ("""
         the DT 3/det
         northern JJ 3/amod
         border NN 3/compound
         town NN 3/ROOT
         of IN 5/case 3/prep
         Sake NNP 3/nmod 4/pobj""", "town", "the northern border town of Sake"),
        ("""
         the DT 1/det
         town NN 1/ROOT
         , , 4/punct 1/punct
         a DT 4/det
         hub NN 1/appos""", "town", "the town"),
        ("""
         the DT 1/det
         town NN 1/ROOT
         that WDT 4/obj 4/dobj
         rebels NNS 4/nsubj
         held VBD 1/acl:relcl 1/relcl""", "town", "the town"),
        ("""
         Goma NNP 0/ROOT
         and CC 2/cc 0/cc
         Sake NNP 0/conj""", "Goma", "Goma"),
        ("""
         and CC 1/cc 1/cc
         Sake NNP 1/ROOT""", "Sake", "Sake"),
        ("""
         the DT 1/det
         town NN 1/ROOT
         from IN 3/case 1/prep
         rebels NNS 1/nmod 2/pobj""", "town", "the town"),
        ("""
         Sake NNP 2/nmod:poss 2/poss
         's POS 0/case
         airport NN 2/ROOT""", "airport", "Sake 's airport"),
    ],
)  # fmt: skip
def test_phrase_as_the_text_words_it(rows: str, head: str, expected: str, scheme: str) -> None:
    assert predicates.phrase(word(build(rows, scheme), head)).text == expected


# --- small views ----------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("""
         Rebels NNS 3/nsubj
         did VBD 3/aux
         not RB 3/advmod 3/neg
         take VB 3/ROOT
         Goma NNP 3/obj 3/dobj""", True),
        ("""
         Rebels NNS 2/nsubj
         never RB 2/advmod 2/neg
         take VBP 2/ROOT
         Goma NNP 2/obj 2/dobj""", True),
        ("""
         Rebels NNS 1/nsubj
         take VBP 1/ROOT
         Goma NNP 1/obj 1/dobj""", False),
        # "not" belongs to another word
        ("""
         Rebels NNS 1/nsubj
         take VBP 1/ROOT
         Goma NNP 1/obj 1/dobj
         not RB 4/advmod 4/neg
         Sake NNP 2/conj""", False),
    ],
)  # fmt: skip
def test_negation(rows: str, expected: bool, scheme: str) -> None:
    assert predicates.negated(word(build(rows, scheme), "take")) is expected


@pytest.mark.parametrize("scheme", SCHEMES)
def test_auxiliaries_and_particles(scheme: str) -> None:
    doc = build(
        """
        Rebels NNS 3/nsubj
        will MD 3/aux
        have VB 3/aux
        pulled VBN 3/ROOT
        out RP 3/compound:prt 3/prt
        of IN 6/case 3/prep
        Goma NNP 3/obl 5/pobj""",
        scheme,
    )
    assert predicates.auxiliaries(word(doc, "pulled")) == {"will", "have"}
    assert "out" in predicates.particles(word(doc, "pulled"))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_climb_ends_at_the_root(scheme: str) -> None:
    doc = build(CASES[0].rows, scheme)
    heads = [head.text for _, _, head in predicates.climb(word(doc, "the"))]
    assert heads == ["town", "captured"]
    assert list(predicates.climb(word(doc, "captured"))) == []


def test_antecedent_of_what_is_no_relative_pronoun_is_itself() -> None:
    doc = build(CASES[0].rows, "ud")
    assert predicates.antecedent(doc[0]).text == "Rebels"
