"""The same sentence as Universal Dependencies and as ClearNLP draw it gives the same events.

A row is ``word TAG head/label`` (Universal Dependencies) with a second ``head/label`` where ClearNLP differs;
heads are word numbers from 0; ``NNP:GPE`` adds an entity label. The ClearNLP trees are drawn by hand as spaCy's
``en_core_web_*`` parse, which cannot be downloaded where these tests run.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from random import Random

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.attrs import DEP, HEAD
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from frontlog.events.analysis import analyse
from frontlog.events.extract import extract
from frontlog.language import load_model, predicates
from frontlog.language.clearnlp import is_clearnlp, to_universal, trim_names
from frontlog.records import Candidate

VOCAB: Vocab = spacy.blank("en").vocab
_POS = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "PRP": "PRON", "PRP$": "PRON", "WP": "PRON",
    "WDT": "PRON", "EX": "PRON", "IN": "ADP", "DT": "DET", "TO": "PART", "MD": "AUX", "CC": "CCONJ", "RB": "ADV",
    "WRB": "SCONJ", "RP": "ADP", "POS": "PART", ",": "PUNCT", ".": "PUNCT", "JJ": "ADJ", "CD": "NUM",
    "HYPH": "PUNCT",
}  # fmt: skip
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_ENDINGS = {"VBD": ("ed", "d"), "VBN": ("ed", "d"), "VBZ": ("s",), "VBG": ("ing",), "NNS": ("s",)}
_LEMMAS = {
    word: lemma
    for lemma, words in {
        "capture": "captured capturing", "force": "forced", "seize": "seized", "manage": "managed", "deny": "denied",
        "prevent": "prevented", "take": "taking", "use": "used",
    }.items()
    for word in words.split()
}  # fmt: skip


def lemma_of(word: str, tag: str) -> str:
    if word in _LEMMAS:
        return _LEMMAS[word]
    for ending in _ENDINGS.get(tag, ()):
        if word.endswith(ending):
            return word.removesuffix(ending).lower()
    return word.lower()


def build(rows: str, scheme: str) -> Doc:
    words, tags, pos, heads, deps, labels = [], [], [], [], [], []
    for row in rows.strip().splitlines():
        word, tag, *arcs = row.split()
        tag, _, label = tag.partition(":")
        head, dep = arcs[-1 if scheme == "clearnlp" else 0].split("/")
        words.append(word)
        tags.append(tag)
        heads.append(int(head))
        deps.append(dep)
        labels.append(label)
        aux = word in _BE or dep in {"aux", "aux:pass", "auxpass", "cop"}
        pos.append("SCONJ" if dep == "mark" and tag == "IN" else _POS.get(tag, "AUX" if aux else "VERB"))
    lemmas = [lemma_of(word, tag) for word, tag in zip(words, tags, strict=True)]
    doc = Doc(VOCAB, words=words, tags=tags, pos=pos, heads=heads, deps=deps, lemmas=lemmas)
    runs = [(label, [i for i, _ in run]) for label, run in groupby(enumerate(labels), lambda item: item[1])]
    doc.ents = [Span(doc, run[0], run[-1] + 1, label=label) for label, run in runs if label]
    return doc


@dataclass(frozen=True)
class Case:
    """A sentence and its candidates: (type, captors, losers, target, place, modality, source)."""

    name: str
    rows: str
    told: tuple[tuple[str, str, str, str, str, str, str], ...] = ()
    same_tree: bool = True


def told(candidates: tuple[Candidate, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            c.event_type,
            "; ".join(span.text for span in c.captors),
            "; ".join(span.text for span in c.losers),
            c.target.text if c.target else "",
            c.place.text if c.place else "",
            c.modality,
            c.attribution.text if c.attribution else "",
        )
        for c in candidates
    )


CASES = [
    Case("active", """
        Rebels NNS 1/nsubj
        captured VBD 1/ROOT
        the DT 3/det
        town NN 1/obj 1/dobj
        of IN 5/case 3/prep
        Goma NNP:GPE 3/nmod 4/pobj
        on IN 7/case 1/prep
        Sunday NNP:DATE 1/obl 6/pobj""",
        (("capture", "Rebels", "", "the town of Goma", "Goma", "actual", ""),)),
    Case("passive with an agent", """
        Goma NNP:GPE 2/nsubj:pass 2/nsubjpass
        was VBD 2/aux:pass 2/auxpass
        captured VBN 2/ROOT
        by IN 4/case 2/agent
        rebels NNS 2/obl:agent 3/pobj
        from IN 7/case 2/prep
        government NN 7/compound
        troops NNS 2/obl 5/pobj""",
        (("capture", "rebels", "government troops", "Goma", "Goma", "actual", ""),)),
    Case("passive without an agent", """
        Goma NNP:GPE 3/nsubj:pass 3/nsubjpass
        has VBZ 3/aux
        been VBN 3/aux:pass 3/auxpass
        recaptured VBN 3/ROOT""",
        (("recapture", "", "", "Goma", "Goma", "actual", ""),)),
    Case("capture of X by Y", """
        The DT 1/det
        capture NN 6/nsubj
        of IN 3/case 1/prep
        Goma NNP:GPE 1/nmod 2/pobj
        by IN 5/case 1/prep
        rebels NNS 1/nmod 4/pobj
        shocked VBD 6/ROOT
        residents NNS 6/obj 6/dobj""",
        (("capture", "rebels", "", "Goma", "Goma", "actual", ""),)),
    Case("possessor of a capture", """
        The DT 1/det
        rebels NNS 3/nmod:poss 3/poss
        ' POS 1/case
        capture NN 6/nsubj
        of IN 5/case 3/prep
        Goma NNP:GPE 3/nmod 4/pobj
        shocked VBD 6/ROOT
        residents NNS 6/obj 6/dobj""",
        (("capture", "The rebels", "", "Goma", "Goma", "actual", ""),)),
    Case("fell to", """
        Goma NNP:GPE 1/nsubj
        fell VBD 1/ROOT
        to IN 5/case 1/prep
        M23 NNP:ORG 5/compound
        rebel NN 5/compound
        fighters NNS 1/obl 2/pobj
        on IN 7/case 1/prep
        Sunday NNP:DATE 1/obl 6/pobj""",
        (("capture", "M23 rebel fighters", "", "Goma", "Goma", "actual", ""),)),
    Case("fell into the hands of", """
        Goma NNP:GPE 1/nsubj
        fell VBD 1/ROOT
        into IN 4/case 1/prep
        the DT 4/det
        hands NNS 1/obl 2/pobj
        of IN 6/case 4/prep
        rebels NNS 4/nmod 5/pobj""",
        (("capture", "rebels", "", "Goma", "Goma", "actual", ""),)),
    Case("wrested from", """
        Troops NNS 1/nsubj
        wrested VBD 1/ROOT
        Goma NNP:GPE 1/obj 1/dobj
        from IN 5/case 1/prep
        M23 NNP:ORG 5/compound
        rebels NNS 1/obl 3/pobj""",
        (("capture", "Troops", "M23 rebels", "Goma", "Goma", "actual", ""),)),
    Case("relative clause on the captor", """
        The DT 1/det
        rebels NNS 5/nsubj
        who WP 3/nsubj
        seized VBD 1/acl:relcl 1/relcl
        Goma NNP:GPE 3/obj 3/dobj
        rested VBD 5/ROOT""",
        (("capture", "The rebels", "", "Goma", "Goma", "actual", ""),)),
    Case("relative clause on the town, in the passive", """
        Goma NNP:GPE 8/nsubj
        , , 4/punct 0/punct
        which WDT 4/nsubj:pass 4/nsubjpass
        was VBD 4/aux:pass 4/auxpass
        seized VBN 0/acl:relcl 0/relcl
        by IN 6/case 4/agent
        rebels NNS 4/obl:agent 5/pobj
        , , 4/punct 0/punct
        burned VBD 8/ROOT""",
        (("capture", "rebels", "", "Goma", "Goma", "actual", ""),)),
    Case("relative clause with a stranded preposition", """
        Troops NNS 1/nsubj
        shelled VBD 1/ROOT
        the DT 3/det
        town NN:GPE 1/obj 1/dobj
        which WDT 7/obl 8/pobj
        they PRP 7/nsubj
        had VBD 7/aux
        withdrawn VBN 3/acl:relcl 3/relcl
        from IN 4/case 7/prep"""),
    Case("participle after its noun", """
        Residents NNS 1/nsubj
        fled VBD 1/ROOT
        the DT 3/det
        town NN 1/obj 1/dobj
        captured VBN 3/acl
        by IN 6/case 4/agent
        rebels NNS 4/obl:agent 5/pobj
        near IN 8/case 3/prep
        Goma NNP:GPE 3/nmod 7/pobj""",
        (("withdrawal", "", "Residents", "the town", "Goma", "actual", ""),
         ("capture", "rebels", "", "the town", "Goma", "actual", ""))),
    Case("participle beside the main clause", """
        Rebels NNS 1/nsubj
        advanced VBD 1/ROOT
        , , 3/punct 1/punct
        capturing VBG 1/advcl
        Goma NNP:GPE 3/obj 3/dobj""",
        (("capture", "Rebels", "", "Goma", "Goma", "actual", ""),)),
    Case("coordinated verbs", """
        Rebels NNS 1/nsubj
        defeated VBD 1/ROOT
        the DT 3/det
        army NN 1/obj 1/dobj
        , , 5/punct 1/punct
        entered VBD 1/conj
        Sake NNP:GPE 5/obj 5/dobj
        and CC 8/cc 5/cc
        took VBD 1/conj 5/conj
        Goma NNP:GPE 8/obj 8/dobj""",
        (("advance", "Rebels", "", "Sake", "Sake", "actual", ""),
         ("capture", "Rebels", "", "Goma", "Goma", "actual", ""))),
    Case("coordinated objects", """
        Rebels NNS 1/nsubj
        took VBD 1/ROOT
        Goma NNP:GPE 1/obj 1/dobj
        , , 4/punct 2/punct
        Sake NNP:GPE 2/conj
        and CC 6/cc 4/cc
        Masisi NNP:GPE 2/conj 4/conj
        from IN 8/case 1/prep
        militias NNS 1/obl 7/pobj""",
        (("capture", "Rebels", "militias", "Goma", "Goma", "actual", ""),
         ("capture", "Rebels", "militias", "Sake", "Sake", "actual", ""),
         ("capture", "Rebels", "militias", "Masisi", "Masisi", "actual", ""))),
    Case("coordinated phrases, each with its preposition", """
        Troops NNS 1/nsubj
        withdrew VBD 1/ROOT
        from IN 3/case 1/prep
        Goma NNP:GPE 1/obl 2/pobj
        and CC 6/cc 2/cc
        from IN 6/case 2/conj
        Sake NNP:GPE 3/conj 5/pobj""",
        (("withdrawal", "", "Troops", "Goma", "Goma", "actual", ""),
         ("withdrawal", "", "Troops", "Sake", "Sake", "actual", ""))),
    Case("managed to", """
        Rebels NNS 1/nsubj
        managed VBD 1/ROOT
        to TO 3/mark 3/aux
        take VB 1/xcomp
        Goma NNP:GPE 3/obj 3/dobj""",
        (("capture", "Rebels", "", "Goma", "Goma", "actual", ""),)),
    Case("helped others take", """
        Jets NNS 1/nsubj
        helped VBD 1/ROOT
        rebels NNS 1/obj 3/nsubj
        take VB 1/xcomp 1/ccomp
        Goma NNP:GPE 3/obj 3/dobj""",
        (("capture", "rebels", "", "Goma", "Goma", "actual", ""),)),
    Case("forced others to leave", """
        Rebels NNS 1/nsubj
        forced VBD 1/ROOT
        troops NNS 1/obj 4/nsubj
        to TO 4/mark 4/aux
        withdraw VB 1/xcomp 1/ccomp
        from IN 6/case 4/prep
        Goma NNP:GPE 4/obl 5/pobj""",
        (("withdrawal", "", "troops", "Goma", "Goma", "actual", ""),)),
    Case("after taking", """
        Rebels NNS 1/nsubj
        rested VBD 1/ROOT
        after IN 3/mark 1/prep
        taking VBG 1/advcl 2/pcomp
        Goma NNP:GPE 3/obj 3/dobj
        from IN 6/case 3/prep
        troops NNS 3/obl 5/pobj""",
        (("capture", "Rebels", "troops", "Goma", "Goma", "actual", ""),)),
    Case("took control of", """
        Rebels NNS 1/nsubj
        took VBD 1/ROOT
        full JJ 3/amod
        control NN 1/obj 1/dobj
        of IN 5/case 3/prep
        Goma NNP:GPE 3/nmod 4/pobj
        from IN 7/case 1/prep
        militias NNS 1/obl 6/pobj""",
        (("capture", "Rebels", "militias", "Goma", "Goma", "actual", ""),)),
    Case("apposition", """
        Rebels NNS 1/nsubj
        took VBD 1/ROOT
        Goma NNP:GPE 1/obj 1/dobj
        , , 5/punct 2/punct
        a DT 5/det
        hub NN 2/appos
        of IN 8/case 5/prep
        the DT 8/det
        east NN 5/nmod 6/pobj""",
        (("capture", "Rebels", "", "Goma", "Goma", "actual", ""),)),
    Case("negation", """
        Rebels NNS 3/nsubj
        did VBD 3/aux
        not RB 3/advmod 3/neg
        take VB 3/ROOT
        Goma NNP:GPE 3/obj 3/dobj""",
        (("capture", "Rebels", "", "Goma", "Goma", "denied", ""),)),
    Case("pulled out of: two prepositions", """
        Troops NNS 1/nsubj
        pulled VBD 1/ROOT
        out IN 4/case 1/prep
        of IN 4/case 2/prep
        Goma NNP:GPE 1/obl 3/pobj""",
        (("withdrawal", "", "Troops", "Goma", "Goma", "actual", ""),)),
    Case("pulled out of: an adverb and a preposition", """
        Troops NNS 1/nsubj
        pulled VBD 1/ROOT
        out RB 4/case 1/advmod
        of IN 4/case 2/prep
        Goma NNP:GPE 1/obl 3/pobj""",
        (("withdrawal", "", "Troops", "Goma", "Goma", "actual", ""),)),
    Case("pulled out of: a particle", """
        Troops NNS 1/nsubj
        pulled VBD 1/ROOT
        out RP 4/case 1/prt
        of IN 4/case 1/prep
        Goma NNP:GPE 1/obl 3/pobj""",
        (("withdrawal", "", "Troops", "Goma", "Goma", "actual", ""),)),
    Case("handed over", """
        Troops NNS 1/nsubj
        handed VBD 1/ROOT
        over RP 1/compound:prt 1/prt
        Goma NNP:GPE 1/obj 1/dobj
        to IN 6/case 1/dative
        local JJ 6/amod
        militias NNS 1/obl 4/pobj""",
        (("handover", "local militias", "Troops", "Goma", "Goma", "actual", ""),)),
    Case("is in the hands of", """
        Goma NNP:GPE 5/nsubj 1/nsubj
        is VBZ 5/cop 1/ROOT
        now RB 5/advmod 1/advmod
        in IN 5/case 1/prep
        the DT 5/det
        hands NNS 5/ROOT 3/pobj
        of IN 7/case 5/prep
        rebels NNS 5/nmod 6/pobj"""),
    Case("is under siege", """
        Goma NNP:GPE 3/nsubj 1/nsubj
        is VBZ 3/cop 1/ROOT
        under IN 3/case 1/prep
        siege NN 3/ROOT 2/pobj
        by IN 5/case 3/prep
        rebels NNS 3/nmod 4/pobj""",
        (("siege", "rebels", "", "Goma", "Goma", "ongoing", ""),)),
    Case("are in control of", """
        Rebels NNS 4/nsubj 1/nsubj
        are VBP 4/cop 1/ROOT
        now RB 4/advmod 1/advmod
        in IN 4/case 1/prep
        control NN 4/ROOT 3/pobj
        of IN 6/case 4/prep
        Goma NNP:GPE 4/nmod 5/pobj"""),
    Case("will", """
        Rebels NNS 2/nsubj
        will MD 2/aux
        capture VB 2/ROOT
        Goma NNP:GPE 2/obj 2/dobj""",
        (("capture", "Rebels", "", "Goma", "Goma", "planned", ""),)),
    Case("said that they would", """
        Rebels NNS 1/nsubj
        said VBD 1/ROOT
        that IN 5/mark
        they PRP 5/nsubj
        would MD 5/aux
        capture VB 1/ccomp
        Goma NNP:GPE 5/obj 5/dobj""",
        (("capture", "they", "", "Goma", "Goma", "planned", "Rebels"),)),
    Case("may have been captured", """
        Goma NNP:GPE 4/nsubj:pass 4/nsubjpass
        may MD 4/aux
        have VB 4/aux
        been VBN 4/aux:pass 4/auxpass
        captured VBN 4/ROOT
        by IN 6/case 4/agent
        rebels NNS 4/obl:agent 5/pobj""",
        (("capture", "rebels", "", "Goma", "Goma", "hypothetical", ""),)),
    Case("are trying to", """
        Rebels NNS 2/nsubj
        are VBP 2/aux
        trying VBG 2/ROOT
        to TO 4/mark 4/aux
        capture VB 2/xcomp
        Goma NNP:GPE 4/obj 4/dobj""",
        (("capture", "Rebels", "", "Goma", "Goma", "ongoing", ""),)),
    Case("the aim is to", """
        The DT 1/det
        aim NN 4/nsubj:outer 2/nsubj
        is VBZ 4/cop 2/ROOT
        to TO 4/mark 4/aux
        capture VB 4/ROOT 2/xcomp
        Goma NNP:GPE 4/obj 4/dobj""",
        (("capture", "The aim", "", "Goma", "Goma", "planned", ""),)),
    Case("denied that", """
        The DT 1/det
        army NN 2/nsubj
        denied VBD 2/ROOT
        that IN 5/mark
        Goma NNP:GPE 5/nsubj
        fell VBD 2/ccomp
        to IN 7/case 5/prep
        rebels NNS 5/obl 6/pobj""",
        (("capture", "rebels", "", "Goma", "Goma", "denied", "The army"),)),
    Case("according to", """
        According VBG 2/case 5/prep
        to IN 0/fixed 0/prep
        officials NNS 5/obl 1/pobj
        , , 2/punct 5/punct
        rebels NNS 5/nsubj
        took VBD 5/ROOT
        Goma NNP:GPE 5/obj 5/dobj""",
        (("capture", "rebels", "", "Goma", "Goma", "actual", "officials"),),
        same_tree=False),  # "to" as "fixed" or as a second "case" reads the same
    Case("officials said, behind the clause", """
        Rebels NNS 1/nsubj
        took VBD 1/ROOT 5/ccomp
        Goma NNP:GPE 1/obj 1/dobj
        , , 5/punct 5/punct
        officials NNS 5/nsubj
        said VBD 1/parataxis 5/ROOT""",
        (("capture", "Rebels", "", "Goma", "Goma", "actual", "officials"),),
        same_tree=False),  # which of the clauses governs is left as it is
    Case("held by others, with a hyphen", """
        Troops NNS 1/nsubj
        captured VBD 1/ROOT
        the DT 6/det
        rebel NN 5/compound 5/npadvmod
        - HYPH 5/punct
        held VBN 6/amod
        town NN 1/obj 1/dobj
        of IN 8/case 6/prep
        Goma NNP:GPE 6/nmod 7/pobj""",
        (("capture", "Troops", "rebel", "the rebel - held town of Goma", "Goma", "actual", ""),)),
    Case("gave others the town", """
        Rebels NNS 1/nsubj
        gave VBD 1/ROOT
        the DT 3/det
        army NN 1/iobj 1/dative
        control NN 1/obj 1/dobj
        of IN 6/case 4/prep
        Goma NNP:GPE 4/nmod 5/pobj""",
        (("handover", "the army", "Rebels", "Goma", "Goma", "actual", ""),)),
    Case("together with others", """
        Rebels NNS 5/nsubj
        , , 4/punct 5/punct
        together RB 4/case 5/advmod
        with IN 4/case 2/prep
        militias NNS 5/obl 3/pobj
        took VBD 5/ROOT
        Goma NNP:GPE 5/obj 5/dobj""",
        (("capture", "Rebels; militias", "", "Goma", "Goma", "actual", ""),)),
    Case("10 km north of", """
        Rebels NNS 1/nsubj
        took VBD 1/ROOT
        a DT 3/det
        village NN 1/obj 1/dobj
        10 CD 5/nummod
        km NN 6/obl:unmarked 6/npadvmod
        north RB 3/advmod
        of IN 8/case 6/prep
        Goma NNP:GPE 6/obl 7/pobj""",
        (("capture", "Rebels", "", "a village 10 km north of Goma", "Goma", "actual", ""),)),
    Case("a state is no change", """
        There EX 1/expl
        was VBD 1/ROOT
        fighting NN 1/nsubj 1/attr
        around IN 5/case 2/prep
        besieged JJ 5/amod
        Goma NNP:GPE 2/nmod 3/pobj"""),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_schemes_tell_the_same_events(case: Case) -> None:
    universal, rewritten = build(case.rows, "ud"), to_universal(build(case.rows, "clearnlp"))
    assert told(extract(universal)) == case.told
    assert told(extract(rewritten)) == case.told
    assert extract(rewritten) == extract(universal)


@pytest.mark.parametrize("case", [case for case in CASES if case.same_tree], ids=lambda case: case.name)
def test_a_rewritten_tree_is_the_universal_one(case: Case) -> None:
    universal, rewritten = build(case.rows, "ud"), to_universal(build(case.rows, "clearnlp"))
    for drawn, wanted in zip(rewritten, universal, strict=True):
        if not wanted.is_punct:
            assert (drawn.text, drawn.dep_, drawn.head.text) == (wanted.text, wanted.dep_, wanted.head.text)


# --- a pipeline in the order of en_core_web_sm --------------------------------------------------------

_GOLD: dict[str, Doc] = {}


def printed(doc: Doc) -> str:
    """The words as a newspaper prints them."""
    text = " ".join(token.text for token in doc)
    return text.replace(" ,", ",").replace(" .", ".").replace(" - ", "-").replace(" '", "'")


class Reciter:
    """A component that knows the sentences of this file by heart; anything else it leaves as it is."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.labels = ("ROOT", "nsubj", "dobj", "pobj", "prep") if part == "parser" else ()

    def __call__(self, doc: Doc) -> Doc:
        gold = _GOLD.get(doc.text)
        if gold is None:
            return doc
        assert [token.text for token in doc] == [token.text for token in gold]
        if self.part == "parser":
            rows = [((t.head.i - t.i) % 2**64, doc.vocab.strings.add(t.dep_)) for t in gold]
            return doc.from_array([HEAD, DEP], np.array(rows, dtype=np.uint64))
        for token, known in zip(doc, gold, strict=True):
            if self.part == "tagger":
                token.tag_ = known.tag_
            elif self.part == "lemmatizer":
                token.lemma_ = known.lemma_
        if self.part == "ner":
            doc.ents = [Span(doc, e.start, e.end, label=e.label_) for e in gold.ents]
        return doc


@Language.factory("reciter", default_config={"part": ""})
def reciter(nlp: Language, name: str, part: str) -> Reciter:
    return Reciter(part)


@pytest.fixture(scope="module")
def recited(tmp_path_factory: pytest.TempPathFactory) -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("reciter", name="tagger", config={"part": "tagger"})
    nlp.add_pipe("reciter", name="parser", config={"part": "parser"})
    ruler = nlp.add_pipe("attribute_ruler")
    nlp.add_pipe("reciter", name="lemmatizer", config={"part": "lemmatizer"})
    nlp.add_pipe("reciter", name="ner", config={"part": "ner"})
    for tag, pos in [*_POS.items(), *((tag, "VERB") for tag in ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ"))]:
        ruler.add([[{"TAG": tag}]], {"POS": pos})  # type: ignore[attr-defined]
    ruler.add([[{"LOWER": {"IN": [*sorted(_BE), "has", "had", "did"]}}]], {"POS": "AUX"})  # type: ignore[attr-defined]
    folder = tmp_path_factory.mktemp("clearnlp") / "model"
    nlp.to_disk(folder)
    return load_model(str(folder))


def test_the_parse_is_rewritten_behind_everything_else(recited: Language) -> None:
    names = recited.pipe_names
    assert names.index("frontlog_sentences") == names.index("parser") - 1
    assert names[-1] == "frontlog_universal"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_pipeline_with_clearnlp_labels_tells_the_same_events(case: Case, recited: Language) -> None:
    gold = build(case.rows, "clearnlp")
    _GOLD[printed(gold)] = gold
    (analysis,) = analyse([printed(gold)], recited)
    assert told(analysis.candidates) == tuple(
        tuple(cell.replace(" - ", "-") for cell in row) for row in case.told
    )


# --- single turns -----------------------------------------------------------------------------------


def arcs(rows: str) -> dict[str, str]:
    """Words to ``label<head`` after rewriting."""
    return {token.text: f"{token.dep_}<{token.head.text}" for token in to_universal(build(rows, "clearnlp"))}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("""
         Mosul NNP 1/nsubj
         is VBZ 1/ROOT
         not RB 1/neg
         free JJ 1/acomp
         of IN 3/prep
         mines NNS 4/pobj""",
         {"Mosul": "nsubj<free", "is": "cop<free", "not": "advmod<free", "free": "ROOT<free", "of": "case<mines",
          "mines": "obl<free"}),
        ("""
         Mosul NNP 2/nsubj
         will MD 2/aux
         be VB 2/ROOT
         home NN 2/attr
         to IN 3/prep
         millions NNS 4/pobj
         in IN 2/prep
         May NNP:DATE 6/pobj""",
         {"Mosul": "nsubj<home", "will": "aux<home", "be": "cop<home", "millions": "nmod<home",
          "May": "obl<home"}),
        ("""
         Mosul NNP 1/nsubj
         became VBD 1/ROOT
         calm JJ 1/acomp""", {"Mosul": "nsubj<became", "calm": "xcomp<became"}),
        ("""
         It PRP 1/nsubj
         was VBD 1/ROOT
         on IN 1/prep
         Sunday NNP:DATE 2/pobj""", {"was": "ROOT<was", "Sunday": "obl<was"}),
        ("""
         Rebels NNS 1/nsubj
         left VBD 1/ROOT
         because IN 1/prep
         of IN 2/pcomp
         the DT 5/det
         deal NN 2/pobj""", {"because": "case<deal", "of": "fixed<because", "deal": "obl<left"}),
        ("""
         Troops NNS 1/nsubj
         prevented VBD 1/ROOT
         rebels NNS 1/dobj
         from IN 1/prep
         taking VBG 3/pcomp
         Goma NNP 4/dobj""", {"from": "mark<taking", "taking": "advcl<prevented", "Goma": "obj<taking"}),
        ("""
         plans NNS 0/ROOT
         of IN 0/prep
         taking VBG 1/pcomp
         Goma NNP 2/dobj""", {"of": "mark<taking", "taking": "acl<plans"}),
        ("""
         They PRP 1/nsubj
         want VBP 1/ROOT
         it PRP 3/nsubj
         retaken VBN 1/ccomp""", {"it": "obj<want", "retaken": "xcomp<want"}),
        ("""
         They PRP 1/nsubj
         say VBP 1/ROOT
         troops NNS 4/nsubj
         were VBD 4/aux
         leaving VBG 1/ccomp""", {"troops": "nsubj<leaving", "leaving": "ccomp<say"}),
        ("""
         They PRP 1/nsubj
         waited VBD 1/ROOT
         for IN 5/mark
         troops NNS 5/nsubj
         to TO 5/aux
         leave VB 1/ccomp""", {"troops": "nsubj<leave", "leave": "ccomp<waited", "to": "mark<leave"}),
        ("""
         Fields NNS 1/nsubj
         burned VBD 1/ROOT
         around IN 1/prep""", {"around": "advmod<burned"}),
        ("""
         General NNP 1/nmod
         Ali NNP 2/nsubj
         left VBD 2/ROOT
         Monday NNP 2/npadvmod
         both DT 5/preconj
         Goma NNP 2/dobj
         and CC 5/cc
         Sake NNP 5/conj""",
         {"General": "compound<Ali", "Monday": "obl:unmarked<left", "both": "cc:preconj<Goma",
          "and": "cc<Sake"}),
        ("""
         In IN 0/ROOT
         Goma NNP 0/pobj""", {"In": "case<Goma", "Goma": "ROOT<Goma"}),
        ("""
         troops NNS 1/nsubj
         went VBD 1/ROOT
         back RB 1/advmod
         to IN 2/prep
         Goma NNP 3/pobj""", {"back": "advmod<went", "Goma": "obl<went"}),
    ],
)  # fmt: skip
def test_turns(rows: str, expected: dict[str, str]) -> None:
    found = arcs(rows)
    assert {word: found[word] for word in expected} == expected


def test_sentences_tags_and_text_stay() -> None:
    first, second = CASES[0].rows, CASES[1].rows
    docs = [build(rows, "clearnlp") for rows in (first, second)]
    doc = Doc.from_docs(docs)
    before = (
        [(sent.start, sent.end) for sent in doc.sents],
        [t.tag_ for t in doc],
        [e.label_ for e in doc.ents],
    )
    to_universal(doc)
    assert before == (
        [(s.start, s.end) for s in doc.sents],
        [t.tag_ for t in doc],
        [e.label_ for e in doc.ents],
    )
    assert "pobj" not in {token.dep_ for token in doc}


_LABELS = """nsubj nsubjpass auxpass dobj pobj prep agent attr acomp relcl acl advcl xcomp ccomp pcomp poss case conj cc
    appos compound nmod amod npadvmod prt dative oprd neg mark expl csubj aux advmod punct det dep""".split()
_WORDS = "out of together with is to be Goma rebels took taking there back because and by It".split()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(_WORDS),
            st.sampled_from(["NN", "VBD", "VBG", "VBN", "IN", "RB", "TO"]),
            st.sampled_from(_LABELS),
            st.integers(0, 99),
        ),
        min_size=1,
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_any_parse_stays_a_tree(rows: list[tuple[str, str, str, int]], random: Random) -> None:
    """A parser errs: whatever it draws is rewritten into a tree of the same words, without ClearNLP labels."""
    words, tags, labels, picks = (list(column) for column in zip(*rows, strict=True))
    order = random.sample(range(len(rows)), len(rows))  # each word hangs on one before it in this order
    heads = [0] * len(rows)
    for place, i in enumerate(order):
        heads[i] = order[picks[i] % place] if place else i
    labels[order[0]] = "ROOT"
    pos = [_POS.get(tag, "VERB") for tag in tags]
    doc = Doc(VOCAB, words=words, tags=tags, pos=pos, heads=heads, deps=labels, lemmas=words)
    to_universal(doc)
    assert sum(token.head.i == token.i for token in doc) == 1
    assert all(len(list(predicates.climb(token))) < len(doc) for token in doc)
    assert not is_clearnlp(token.dep_ for token in doc)


@pytest.mark.parametrize("words", [[], ["No", "parse"]])
def test_a_doc_without_a_parse_is_left_alone(words: list[str]) -> None:
    doc = Doc(VOCAB, words=words)
    assert to_universal(doc) is doc
    assert not any(token.dep_ for token in doc)


def test_who_speaks_clearnlp() -> None:
    assert is_clearnlp(["ROOT", "nsubj", "dobj", "pobj"])
    assert not is_clearnlp(["ROOT", "nsubj", "obj", "obl", "nmod", "case", "acl:relcl"])
    assert not is_clearnlp([])


@pytest.mark.parametrize(
    ("words", "label", "expected"),
    [
        ("in the Gaza Strip today", "LOC", "Gaza Strip"),
        ("The Gaza Strip today is", "LOC", "Gaza Strip"),
        ("in The Hague today now", "GPE", "The Hague"),
        ("says Syria 's army today", "GPE", "Syria"),
        ("saw the Hurt Locker today", "WORK_OF_ART", "the Hurt Locker"),
        ("on the last Sunday today", "DATE", "the last Sunday"),
    ],
)
def test_names_lose_their_article_and_possessive(words: str, label: str, expected: str) -> None:
    doc = Doc(VOCAB, words=words.split(), sent_starts=[i == 0 for i in range(len(words.split()))])
    start = 0 if words.startswith("The") else 1
    end = start + {"GPE": 2, "LOC": 3}.get(label, 3)
    doc.ents = [Span(doc, start, end, label=label)]
    trim_names(doc)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [(expected, label)]


@pytest.mark.parametrize(
    "label", "WORK_OF_ART LAW LANGUAGE MONEY PERCENT QUANTITY EVENT PRODUCT NORP".split()
)
def test_what_ontonotes_calls_something_else_is_no_place(label: str) -> None:
    rows = "Rebels NNS 1/nsubj\ncaptured VBD 1/ROOT\nGoma NNP:{} 1/dobj"
    assert told(extract(to_universal(build(rows.format("GPE"), "clearnlp"))))
    assert not extract(to_universal(build(rows.format(label), "clearnlp")))
