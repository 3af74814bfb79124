"""ClearNLP labels, those of spaCy's ``en_core_web_*``, rewritten as Universal Dependencies.

The two schemes draw the same sentence as different trees: ClearNLP hangs a noun under its preposition, a
predicate under its copula, and each member of a list under the one before. Turning the tree once, behind the
parser, lets everything that reads a parse know one scheme only. Follows the English UD guidelines
(universaldependencies.org/en) as the treebank EWT applies them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from spacy.attrs import DEP, HEAD
from spacy.language import Language
from spacy.tokens import Doc, Span

from frontlog.language.lemmas import lemma
from frontlog.language.predicates import OBJECT_CONTROL, PREVENT, is_verbal

# Labels that only ClearNLP has: a parser that knows one of them speaks it.
_TELLING = frozenset({"nsubjpass", "dobj", "pobj", "prep", "auxpass", "relcl"})
# Labels with a counterpart; those that need a look at the tree are handled below.
_RENAMED = {
    "nsubjpass": "nsubj:pass",
    "csubjpass": "csubj:pass",
    "auxpass": "aux:pass",
    "dobj": "obj",
    "relcl": "acl:relcl",
    "prt": "compound:prt",
    "poss": "nmod:poss",
    "neg": "advmod",
    "quantmod": "advmod",
    "nmod": "compound",  # here a bare noun before a noun; ``_labels`` gives the label of that name
    "predet": "det:predet",
    "preconj": "cc:preconj",
    "intj": "discourse",
    "meta": "dep",
    "acomp": "xcomp",  # of a verb that is no copula: "remained calm"
    "attr": "xcomp",
    "oprd": "xcomp",
    "agent": "obl:agent",
}
_PREPOSITION = frozenset({"prep", "agent", "dative"})
# What a phrase is not, whatever its preposition was called: "*According* to officials" as an adverb.
_LOOSE = frozenset({"advmod", "npadvmod", "amod", "prt", "mark", "pobj", "pcomp", "dep"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "DET", "SYM"})
# "went *back* to X": the phrase belongs to the verb. "*together* with X": the adverb belongs to the phrase.
_PARTICLES = frozenset("out back away off up down in over".split())
_WITH = frozenset({"together", "along", "jointly"})
_BE = frozenset({"be", "'s", "’s", "'re", "’re", "'m", "’m"})


def is_clearnlp(labels: Iterable[str]) -> bool:
    """Whether the labels of a parser are those of ClearNLP."""
    return not _TELLING.isdisjoint(labels)


@Language.component(
    "frontlog_universal",
    requires=["token.dep", "token.head", "token.pos"],
    assigns=["token.dep", "token.head", "doc.ents"],
)
def frontlog_universal(doc: Doc) -> Doc:
    """spaCy component for the pipelines of ``en_core_web_*``, behind all that they bring: parse and names."""
    trim_names(doc)
    return to_universal(doc)


def to_universal(doc: Doc) -> Doc:
    """Rewrite heads and labels of a ClearNLP parse in place; sentences, tags and names stay as they are.

    "in the hands of X" after "is": ``hands`` becomes the root with ``is`` as ``cop`` and ``in`` as ``case``. A Doc
    without a parse is returned as it is. Needs parts of speech, so it runs behind the attribute ruler. Not
    for a parse in Universal Dependencies, whose nested lists it would flatten.
    """
    if not len(doc) or not doc.has_annotation("DEP"):
        return doc
    tree = _Tree(doc)
    for turn in (_prepositions, _adverbs, _copulas, _infinitives, _small_clauses, _lists, _labels):
        turn(tree)
    tree.write()
    return doc


_NAMES = frozenset({"GPE", "LOC", "FAC", "ORG", "NORP", "PERSON"})


def trim_names(doc: Doc) -> None:
    """Take the article and the possessive from names: "the Gaza Strip's", as OntoNotes has it, is Gaza Strip.

    An article with a capital inside a sentence belongs to the name ("The Hague").
    """
    names: list[Span] = []
    for name in doc.ents:
        start, end = name.start, name.end
        if name.label_ in _NAMES:
            first = name[0]
            if len(name) > 1 and (first.text == "the" or (first.text == "The" and first.is_sent_start)):
                start += 1
            if end - start > 1 and doc[end - 1].lower_ in {"'s", "’s"}:
                end -= 1
        names.append(Span(doc, start, end, label=name.label, kb_id=name.kb_id, span_id=name.id))
    doc.ents = names


class _Tree:
    """Heads and labels of a Doc while they are being changed."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.head = [token.head.i for token in doc]
        self.label = [token.dep_ for token in doc]
        self._below: list[set[int]] = [set() for _ in doc]
        for i, head in enumerate(self.head):
            if head != i:
                self._below[head].add(i)

    def children(self, i: int, *labels: str) -> list[int]:
        """Children in order of the text; with labels, only those that carry one of them."""
        return [child for child in sorted(self._below[i]) if not labels or self.label[child] in labels]

    def move(self, i: int, head: int, label: str) -> None:
        self._below[self.head[i]].discard(i)
        self.head[i], self.label[i] = head, label
        if head != i:
            self._below[head].add(i)

    def swap(self, head: int, child: int, label: str) -> None:
        """Put a child in its head's place; the head goes below it as ``label``, with the head's other children."""
        above = self.head[head]
        self.move(child, child if above == head else above, self.label[head])
        for other in self.children(head):
            self.move(other, child, self.label[other])
        self.move(head, child, label)

    def bottom_up(self) -> Iterator[int]:
        """All tokens, each after those below it; what is moved on the way stays in its turn."""
        order: list[int] = []
        waiting = [i for i, head in enumerate(self.head) if head == i]
        while waiting:
            i = waiting.pop()
            order.append(i)
            waiting += self.children(i)
        return reversed(order)

    def write(self) -> None:
        strings = self.doc.vocab.strings
        distances = [(head - i) % 2**64 for i, head in enumerate(self.head)]
        labels = [strings.add(label) for label in self.label]
        rows: Any = np.array([distances, labels], dtype=np.uint64).T
        self.doc.from_array([HEAD, DEP], rows)


def _prepositions(tree: _Tree) -> None:
    """A noun goes above its preposition (``case``), a clause above its (``mark``)."""
    for i in tree.bottom_up():
        objects = tree.children(i, "pobj", "pcomp")
        if not objects and tree.label[i] in _PREPOSITION:  # "out *of X*": the inner phrase has been turned
            objects = [child for child in tree.children(i, "prep") if tree.children(child, "case")]
        full = [child for child in objects if tree.label[child] != "pcomp" or tree.doc[child].pos_ != "ADP"]
        if not full:
            if tree.label[i] == "prep":  # a preposition without a noun: "the fields around"
                tree.label[i] = "advmod"
            continue
        complement = full[0]
        for word in objects:
            if word != complement and tree.doc[word].pos_ == "ADP":
                tree.label[word] = "fixed"  # "because *of* X"
        fixed = tree.children(i, "fixed")
        clause = tree.label[complement] == "pcomp" and is_verbal(tree.doc[complement])
        tree.swap(i, complement, "mark" if clause else "case")
        for word in fixed:
            tree.move(word, i, "fixed")
        if tree.label[complement] in (_PREPOSITION | _LOOSE if clause else _LOOSE):
            head = tree.doc[tree.head[complement]]
            tree.label[complement] = "prep" if not clause else "acl" if head.pos_ in _NOMINAL else "advcl"


def _adverbs(tree: _Tree) -> None:
    """ "pulled *out of* X", "*together with* X": the adverb is a preposition; "went *back* to X": it is the verb's."""
    for i, token in enumerate(tree.doc):
        if tree.label[i] not in {"advmod", "prt"}:
            continue
        beside = tree.children(tree.head[i], "prep") if tree.label[i] == "prt" else []
        for noun in tree.children(i, "prep") + beside:
            case = tree.children(noun, "case")[0]
            if token.lower_ in _WITH or (
                token.lower_ == "out" and case == i + 1 and tree.doc[case].lower_ == "of"
            ):
                tree.move(noun, tree.head[i], "prep")
                tree.move(i, noun, "case")
                break
            if token.lower_ in _PARTICLES:
                tree.move(noun, tree.head[i], "prep")


def _is_copula(tree: _Tree, i: int) -> bool:
    token = tree.doc[i]
    return is_verbal(token) and tree.label[i] not in {"aux", "auxpass"} and lemma(token) in _BE


def _copulas(tree: _Tree) -> None:
    """A predicate goes above its copula: "is *home* to X", "is *free*", "is in the *hands* of X", "is *to leave*"."""
    for i in tree.bottom_up():
        if not _is_copula(tree, i):
            continue
        if tree.children(i, "expl") and tree.doc[tree.children(i, "expl")[0]].lower_ == "there":
            for noun in tree.children(i, "attr"):
                tree.label[noun] = "nsubj"
            continue
        phrases = [
            child
            for child in tree.children(i, "prep")
            if child > i and tree.doc[child].ent_type_ not in {"DATE", "TIME"}
        ]
        clauses = [
            child
            for child in tree.children(i, "xcomp")
            if any(tree.doc[word].tag_ == "TO" for word in tree.children(child, "aux"))
        ]
        found = tree.children(i, "attr", "acomp") or phrases or clauses
        if not found:
            continue
        if found is clauses:
            for subject in tree.children(i, "nsubj"):
                tree.label[subject] = "nsubj:outer"
        for phrase in tree.children(i, "prep"):
            if phrase != found[0]:
                tree.label[phrase] = "obl"  # a phrase of the clause: "is in the hands of X *since May*"
        tree.swap(i, found[0], "cop")


def _infinitives(tree: _Tree) -> None:
    """The "to" of an infinitive is a ``mark``."""
    for i, token in enumerate(tree.doc):
        if tree.label[i] == "aux" and token.lower_ == "to":
            tree.label[i] = "mark"


def _small_clauses(tree: _Tree) -> None:
    """ "helped *rebels* take X", "wants *it* retaken": the noun is an object of the verb that governs the clause."""
    for i, token in enumerate(tree.doc):
        above = tree.doc[tree.head[i]]
        subject = [s for s in tree.children(i, "nsubj", "nsubjpass") if above.i < s]
        if tree.label[i] != "ccomp" or not subject or not is_verbal(above):
            continue
        words = {tree.doc[word].lower_ for word in tree.children(i, "mark", "aux", "auxpass", "cop")}
        if tree.children(above.i, "auxpass", "dobj") or words & {"for", "that"}:
            continue
        governs = lemma(above) in OBJECT_CONTROL | PREVENT
        bare = not words and (token.tag_ == "VBN" or (governs and token.tag_ in {"VB", "VBG"}))
        if bare or "to" in words:
            tree.label[i] = "advcl" if lemma(above) in PREVENT else "xcomp"
            tree.move(subject[0], above.i, "dobj")


def _lists(tree: _Tree) -> None:
    """All members of a list hang on the first, and "and" on the member behind it."""
    for i in range(len(tree.doc)):  # a member stands behind those it hangs on, which have been moved already
        head = tree.head[i]
        if tree.label[i] == "conj" and tree.label[head] == "conj":
            tree.move(i, tree.head[head], "conj")
    for i in range(len(tree.doc)):
        if tree.label[i] == "cc":
            first = tree.head[i] if tree.label[tree.head[i]] != "conj" else tree.head[tree.head[i]]
            behind = [member for member in tree.children(first, "conj") if member > i]
            if behind:
                tree.move(i, behind[0], "cc")


def _labels(tree: _Tree) -> None:
    for i, token in enumerate(tree.doc):
        head, label = tree.doc[tree.head[i]], tree.label[i]
        nominal = head.pos_ in _NOMINAL
        if label in {"prep", "pobj", "pcomp"}:
            tree.label[i] = "nmod" if nominal else "obl"
        elif label == "dative":
            tree.label[i] = "obl" if tree.children(i, "case") else "iobj"
        elif label == "npadvmod":
            within = token.i + 2 == head.i and token.nbor(1).text in {"-", "–"}  # "*rebel*-held"
            tree.label[i] = "compound" if within else "nmod:unmarked" if nominal else "obl:unmarked"
        else:
            tree.label[i] = _RENAMED.get(label, label)
