"""What changes hands: the class of a target noun, the members of a group, its place name, and who holds it."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from frontlog.events.lexicon import Lexicon, load_lexicon
from frontlog.events.roles import with_prep
from frontlog.language import predicates
from frontlog.language.lemmas import lemma
from frontlog.records import Span

PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
# The classes of ``target_class`` that one can stand on.
GROUND = frozenset({"settlement", "district", "region", "facility", "name"})
_NEAR = re.compile(
    r"\b(near|outside|around|close to|north|south|east|west|(?:north|south)(?:ern)?-?(?:east|west)(?:ern)?|beside"
    r"|towards?|off|overlooking|bordering|adjacent|nearby|surrounding)\b",
    re.IGNORECASE,
)
_IN_PREPS = frozenset({"in", "at", "near", "around", "outside", "inside", "within", "on"})
_PART = re.compile(
    r"\b(?:parts?|most|half|some|areas?|much|portions?|per cent|percent|%|majority|sections?|edges?"
    r"|third|quarter)\s+of\b",
    re.I,
)


def span_of(tokens: DocSpan | Token) -> Span:
    """Character span of a token or a stretch of tokens."""
    if isinstance(tokens, Token):
        return Span(tokens.idx, tokens.idx + len(tokens), tokens.text)
    return Span(tokens.start_char, tokens.end_char, tokens.text)


def target_class(noun: Token, lexicon: Lexicon) -> str | None:
    """``settlement``, ``district``, ``region``, ``facility``, ``person``, ``equipment``, ``name`` or ``pronoun``.

    None where the noun is nothing that can be taken in a war ("power", "attention", "market").
    """
    word = lemma(noun)
    if noun.pos_ == "PRON":
        return (
            "pronoun"
            if noun.lower_ in {"it", "which", "that", "them", "they", "there", "these", "this", "one"}
            else None
        )
    label = noun.ent_type_
    proper = noun.pos_ == "PROPN" or label in PLACE_LABELS or (label != "" and noun.text[:1].isupper())
    for name in ("district", "settlement", "facility", "region", "person", "equipment"):
        if word in lexicon.targets[name] or noun.lower_ in lexicon.targets[name]:
            return name
    if label in PLACE_LABELS:
        return "name"
    if label == "PERSON":  # a town that the entity recogniser does not know is often taken for a person
        return "person" if _is_titled(noun) else "person_or_place"
    if label in _NO_TARGETS:
        return None
    if proper and not noun.like_num:
        return "name"
    return None


# Of the labels of OntoNotes; the shipped model knows the first five.
_NO_TARGETS = frozenset(
    "DATE TIME NORP EVENT PRODUCT WORK_OF_ART LAW LANGUAGE MONEY PERCENT QUANTITY CARDINAL ORDINAL".split()
)
_TITLES = frozenset(
    "mr. mrs. ms. dr. prof. gen. col. maj. capt. lt. sgt. brig. president sheikh general colonel captain".split()
)


def _is_titled(noun: Token) -> bool:
    """A name with a title before it is a person's."""
    entity = next((e for e in noun.doc.ents if e.start <= noun.i < e.end), None)
    if entity is None:
        return False
    before = entity[0].nbor(-1) if entity.start > noun.sent.start else None
    if entity[0].lower_ in _TITLES:
        return True
    titled = before is not None and before.pos_ in {"NOUN", "PROPN"} and not before.is_punct
    return titled


def _head_of_run(noun: Token, lexicon: Lexicon) -> Token:
    """The last of a run of nouns that names a target ("border crossing"), where the parser stopped early."""
    if noun.i + 1 < noun.sent.end and noun.pos_ == "NOUN":
        following = noun.nbor(1)
        if following.lower_ in lexicon.targets["facility"] and following.tag_ in {"NN", "NNS", "VBG"}:
            return following
    return noun


def expand(noun: Token, lexicon: Lexicon) -> list[tuple[Token, str]]:
    """Targets that a noun stands for, with their extent: parts looked through, groups replaced by their members."""
    noun = _head_of_run(noun, lexicon)
    word = lemma(noun)
    of = with_prep(noun, ["of"], nested=False)
    if of and (
        word in lexicon.targets["partitive"] or noun.like_num or noun.lower_ in lexicon.targets["partitive"]
    ):
        extent = (
            "full"
            if word in lexicon.targets["whole"] or noun.lower_ in lexicon.targets["whole"]
            else "partial"
        )
        inner = [
            (n, "partial" if extent == "partial" else e) for first in of for n, e in expand(first, lexicon)
        ]
        if any(target_class(n, lexicon) for n, _ in inner):
            return inner
    named = [n for n in of if n.pos_ == "PROPN"]
    if not named and target_class(noun, lexicon) in {"settlement", "district", "region", "facility"}:
        for child in noun.children:
            if child.dep_ == "appos" and child.pos_ == "PROPN":
                named = predicates.conjuncts(child)
    if len(named) > 1 and noun.tag_ in {"NNS", "NNPS"}:
        return [(n, "full") for n in named]
    return [(noun, "partial" if _PART.search(noun.doc[noun.left_edge.i : noun.i + 1].text) else "full")]


def generic_after(noun: Token) -> Token | None:
    """The noun that says what a name is, set right after it: "X *province*"; None where there is none."""
    if noun.i + 1 < noun.sent.end and noun.text[:1].isupper():
        after = noun.nbor(1)
        if after.lower_ in _GENERIC - {"'s", "’s"}:
            return after
    return None


def target_phrase(noun: Token) -> DocSpan:
    """The words of a target: its noun phrase, whole names, and a generic noun that the parser hung elsewhere."""
    words = predicates.phrase(noun)
    start, end = words.start, words.end
    if (
        noun.i == start
        and start > noun.sent.start
        and noun.head.i == noun.i - 1
        and noun.head.pos_ in {"NOUN", "PROPN"}
    ):
        start = predicates.phrase(noun.head).start  # "the border | crossing"
    after = generic_after(noun)
    if after is not None and after.i == end:
        end += 1
    return whole_names(noun.doc[start : max(end, _end_of_location(noun, end))])


def _end_of_location(noun: Token, end: int) -> int:
    """Where a phrase of place ends that follows a common noun at once but hangs on the verb: "the base *in Taiz*"."""
    if noun.pos_ == "PROPN" or end >= noun.sent.end:
        return end
    lexicon, head = load_lexicon(), noun.head
    while head.dep_ == "nmod" and head.pos_ in {"NOUN", "NUM"}:  # "dozens of tanks"
        head = head.head
    for prep, place in [*predicates.obliques(head), *predicates.obliques(head.head)]:
        if place.dep_ not in {"obl", "compound"} or prep not in predicates.PLACE_PREPS:
            continue
        phrase = predicates.phrase(place)
        where = _named_by(place) is not None or target_class(place, lexicon) in GROUND
        where = where or lemma(place) in lexicon.targets["partitive"]  # "the northern edge of the city"
        if where and phrase.start - len(prep.split()) == end:
            return phrase.end
    return end


def whole_names(phrase: DocSpan) -> DocSpan:
    """Widen a phrase that ends within a name ("city of Deir el" before "-Zour")."""
    doc, end = phrase.doc, phrase.end
    for entity in doc.ents:
        if entity.start < end < entity.end:
            end = entity.end
    return doc[phrase.start : end]


def place_of(noun: Token, verb: Token | None) -> tuple[Span | None, str | None]:
    """The most specific place name of a target, and whether the target is ``at`` or ``near`` it."""
    doc = noun.doc
    of = [n for n in with_prep(noun, ["of"], nested=False) if _is_place_name(n)]
    if (
        of
        and noun.lower_
        in _GENERIC | load_lexicon().targets["settlement"] | load_lexicon().targets["district"]
    ):
        return _name_span(of[0]), "at"  # "the Old City of X"
    if noun.ent_type_ in PLACE_LABELS or (
        noun.text[:1].isupper() and target_class(noun, load_lexicon()) in {"name", "person_or_place"}
    ):
        return _name_span(noun), "at"
    words = predicates.phrase(noun)
    inside = [token for token in words if token.i != noun.i and _is_place_name(token)]
    before = [
        token
        for token in inside
        if token.i < noun.i and token.dep_ in {"compound", "nmod", "flat", "amod", "appos", "nmod:desc"}
    ]
    shared = [
        member
        for child in noun.children
        if child.dep_ == "conj"
        for member in with_prep(child, ["of"], nested=False)
        if _is_place_name(member)
    ]
    appositive = [
        child
        for child in noun.children
        if child.dep_ in {"appos", "flat", "compound", "vocative", "dislocated", "parataxis", "dep"}
        and (child.i > noun.i or child.dep_ not in {"flat", "compound"})
        and _is_place_name(child)
    ]
    for group in (appositive, of, before, shared):
        if group:
            return _name_span(group[0]), "at"
    located = [*predicates.obliques(noun)]
    if verb is not None:
        located += [(prep, n) for prep, n in predicates.obliques(verb) if n.i != noun.i]
    for prep, n in located:
        name = _named_by(n)
        if name is None or name.i == noun.i or not (prep.split(" ")[0] in _IN_PREPS or _NEAR.search(prep)):
            continue
        between = doc[min(noun.i, n.i) + 1 : name.i].text if n.i > noun.i else prep
        return _name_span(name), "near" if _NEAR.search(between) or _NEAR.search(prep) else "at"
    if inside:
        name = inside[0]
        return _name_span(name), "near" if _NEAR.search(doc[words.start : name.i].text) else "at"
    return None, None


def _named_by(noun: Token) -> Token | None:
    """The name that a located noun is or has: "in X", "in X village", "near the town of X"; None without one."""
    if _is_place_name(noun):
        return noun
    targets = load_lexicon().targets
    if not any(lemma(noun) in targets[kind] for kind in ("settlement", "district", "region")):
        return None
    names = [
        child
        for child in noun.children
        if child.dep_ in {"compound", "flat", "nmod", "amod"} and child.i < noun.i
    ]
    names += with_prep(noun, ["of"], nested=False)
    return next((child for child in names if _is_place_name(child)), None)


def place_around(verb: Token, force: Token) -> tuple[Span | None, str | None]:
    """Where a force gave up: the place named with the verb, or behind the force ("rebels near X")."""
    for head in (verb, force):
        for prep, noun in predicates.nested_obliques(head):
            name = _named_by(noun)
            if name is not None and (prep.split(" ")[0] in _IN_PREPS or _NEAR.search(prep)):
                return _name_span(name), "near" if _NEAR.search(prep) else "at"
    return None, None


_NOT_NAMES = frozenset(
    {
        "south",
        "north",
        "east",
        "west",
        "northern",
        "southern",
        "eastern",
        "western",
        "old",
        "new",
        "upper",
        "lower",
        "central",
    }
)


def _is_place_name(token: Token) -> bool:
    if token.lower_ in _NOT_NAMES and token.ent_type_ not in PLACE_LABELS:
        return False
    if token.ent_type_ in PLACE_LABELS:
        return True
    named = token.pos_ == "PROPN" or (token.text[:1].isupper() and token.ent_type_ != "")
    return named and (
        token.ent_type_ in {"", "ORG"} or target_class(token, load_lexicon()) == "person_or_place"
    )


_TOO_WIDE = frozenset(
    {"northern", "southern", "eastern", "western", "central", "rural", "greater", "nearby", "downtown"}
)
_GENERIC = frozenset({"'s", "’s", "city", "town", "province", "region", "district", "governorate", "village"})


def _name_span(token: Token) -> Span:
    """The whole name that a token belongs to, without a generic noun or article around it."""
    doc, start, end = token.doc, token.i, token.i
    if token.ent_type_ in PLACE_LABELS | {"ORG", "PERSON"}:
        entity = next(e for e in doc.ents if e.start <= token.i < e.end)
        start, end = entity.start, entity.end - 1
    while start > token.sent.start and _continues(doc[start - 1], doc[start]):
        start -= 1
    while (
        end + 1 < token.sent.end
        and doc[end + 1].pos_ == "PROPN"
        and doc[end + 1].dep_ in {"flat", "compound"}
    ):
        end += 1
    start, end = _hyphenated(doc, start, end)
    for i in range(token.i, start, -1):  # of "X and Y" only the name that the token belongs to
        if doc[i - 1].lower_ in {"and", ","}:
            start = i
            break
    for i in range(token.i, end):
        if doc[i + 1].lower_ in {"and", ","}:
            end = i
            break
    return _trim_name(doc[start : end + 1])


def _hyphenated(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """A name widened over its hyphens: "Sar" to "Sar-e Pul"."""
    while (
        start > 1
        and doc[start - 1].text == "-"
        and not doc[start - 1].whitespace_
        and not doc[start - 2].whitespace_
    ):
        start -= 2
    while (
        end + 2 < len(doc)
        and doc[end + 1].text == "-"
        and not doc[end].whitespace_
        and not doc[end + 1].whitespace_
    ):
        end += 2
        if doc[end].is_lower and end + 1 < len(doc) and doc[end + 1].is_title and doc[end].whitespace_:
            end += 1
    return start, end


def _continues(before: Token, token: Token) -> bool:
    """Whether the word before belongs to the same name."""
    if before.pos_ != "PROPN" or before.ent_type_ in {"NORP", "PERSON"}:
        return False
    return before.ent_type_ in {"", token.ent_type_}


# Lower-case words that open a name: articles of Arabic, French and so on.
_ARTICLES = frozenset(
    "al el ad ar as ash az an at es ez de du des la le les da do dos von van bin ibn abu umm".split()
)


def _trim_name(name: DocSpan) -> Span:
    words = list(name)
    while len(words) > 1 and (
        words[0].lower_ == "the"
        or (words[0].is_lower and words[0].text not in _ARTICLES)
        or words[0].is_punct
        or words[0].text in _TOO_WIDE
        or words[0].text in {"Rural", "Greater", "Downtown"}
    ):
        words = words[1:]
    while (
        len(words) > 1
        and words[-2].lower_ not in _NOT_NAMES
        and (words[-1].lower_ in _GENERIC or (words[-1].is_punct and words[-1].text not in ")’"))
    ):
        words = words[:-1]
    return span_of(name.doc[words[0].i : words[-1].i + 1])


def holders(noun: Token, lexicon: Lexicon) -> list[Token]:
    """Who the text says holds a target: "the rebel-held town", "X, the militants' last stronghold"."""
    doc, found = noun.doc, []
    end = min(noun.right_edge.i + 1, noun.sent.end)
    for token in doc[noun.left_edge.i : end]:
        if token.lower_ in lexicon.targets["held"] and token.lower_ != "besieged":
            if token.i >= 2 and doc[token.i - 1].text in {"-", "–"}:
                found.append(doc[token.i - 2])
            else:
                found += [n for prep, n in predicates.obliques(token) if prep == "by"]
    nouns = [
        noun,
        *[child for child in noun.children if child.dep_ in {"appos", "nmod", "conj", "parataxis"}],
    ]
    for node in nouns:
        if lemma(node) not in lexicon.targets["stronghold"]:
            continue
        found += predicates.possessors(node)
        if lemma(node) in lexicon.targets["fief"]:
            found += [
                child
                for child in node.children
                if child.dep_ in {"compound", "amod", "nmod"}
                and child.i < node.i
                and child.ent_type_ in {"ORG", "NORP"}
            ]
    return [token for token in found if token.i != noun.i]
