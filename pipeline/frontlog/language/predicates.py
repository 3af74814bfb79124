"""Who does what to whom: a view of a dependency parse that hides its tree.

Reads Universal Dependencies; the ClearNLP labels of spaCy's ``en_core_web_*`` are rewritten before (``clearnlp``).
All functions take spaCy tokens and return tokens; an absent argument is an empty list or ``None``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span, Token

from frontlog.language.lemmas import lemma

_PASSIVE_SUBJECT = frozenset({"nsubj:pass", "csubj:pass"})
_SUBJECT = frozenset({"nsubj", "csubj", "nsubj:outer"})
_OBLIQUE = frozenset({"obl", "obl:agent", "nmod", "obl:unmarked", "obl:npmod"})
_RELATIVE_PRONOUNS = frozenset({"who", "which", "that", "whom", "whose"})
PREVENT = frozenset({"prevent", "stop", "keep", "bar", "deter", "block", "hinder", "prohibit", "ban"})
_HAVE = frozenset({"have", "has", "had", "having", "'ve", "’ve"})
# "helped Y retake X": what Y retakes, Y does. (Object control and raising verbs of Levin 1993.)
OBJECT_CONTROL = frozenset(
    """help allow enable let permit force order urge ask tell get make see watch want expect lead push call assist
    encourage prompt invite warn instruct command persuade require""".split()
)
_RELATIVE_WORDS = _RELATIVE_PRONOUNS - {"that"} | {"where", "when"}
_NOT_BEFORE = frozenset(
    {
        "case",
        "cc",
        "punct",
        "mark",
        "preconj",
        "cc:preconj",
        "advmod",
        "cop",
        "aux",
        "parataxis",
        "advcl",
        "conj",
        "ccomp",
        "appos",
    }
)
NO_PREPS: frozenset[str] = frozenset()
ACTOR_PREPS = frozenset({"of", "for", "in", "loyal to", "to"})
PLACE_PREPS = frozenset("of in near outside around between along at inside within on".split()) | {"close to"}
# "north of", "east of": longer prepositions of place, told by their first word.
_BEARINGS = frozenset("south north east west northeast northwest southeast southwest".split())
_CUT_FROM_PHRASE = frozenset(
    {
        "acl:relcl",
        "appos",
        "parataxis",
        "conj",
        "cc",
        "advcl",
        "advcl:relcl",
        "punct",
        "acl",
        "ccomp",
        "dep",
    }
)
_NOUN = frozenset({"NOUN", "PROPN", "PRON", "NUM"})


def is_verbal(token: Token) -> bool:
    """True for a token that heads a clause as a verb (finite, infinitive or participle)."""
    return token.pos_ in {"VERB", "AUX"} or token.tag_.startswith("VB")


def prepositions(noun: Token) -> str:
    """The preposition(s) before an oblique noun, lower case (``out of``), or an empty string."""
    cases = [child for child in noun.children if child.dep_ == "case" and child.i < noun.i]
    if not cases:  # "from | rebel Serbs", hung on the modifier
        cases = [
            case
            for child in noun.children
            if child.i < noun.i and child.dep_ in {"nmod", "amod", "compound"} and child.pos_ == "ADJ"
            for case in child.children
            if case.dep_ == "case"
        ]
    words: list[Token] = []
    for case in cases:
        words.append(case)
        words += [child for child in case.children if child.dep_ == "fixed"]
    words.sort(key=lambda word: word.i)
    if words and words[0].lower_ == "of" and words[0].i > noun.sent.start:
        before = words[0].nbor(-1)  # "out *of*", the first half hung on the verb
        if before.lower_ == "out" and before.dep_ in {"advmod", "compound:prt"}:
            words.insert(0, before)
    return " ".join(word.lower_ for word in words)


def obliques(token: Token) -> list[tuple[str, Token]]:
    """Prepositional arguments and modifiers of a verb or noun: (preposition, noun), in order of the text.

    A bearing counts as part of the preposition: ``("east of", city)`` for "the countryside east of the city".
    """
    found = []
    for child in token.children:
        if child.dep_ in _OBLIQUE:
            found.append((prepositions(child), child))
            # "near Camp X after a siege": what has a preposition of its own is no part of the next noun
            found += [
                (prepositions(part), part)
                for part in child.children
                if part.dep_ == "compound" and any(case.dep_ == "case" for case in part.children)
            ]
        elif child.dep_ == "advmod" and child.lower_ in _BEARINGS:
            found += [(f"{child.lower_} {prep}", noun) for prep, noun in obliques(child)]
    if token.pos_ in _NOUN and not any(prep == "of" for prep, _ in found):
        found += [("of", noun) for noun in _strayed(token)]
    if not found and token.dep_ == "conj" and is_verbal(token) and is_verbal(token.head):
        # "isolated and encircled *in the countryside*", shared by both verbs
        found += [(prep, noun) for prep, noun in obliques(token.head) if noun.left_edge.i > token.i]
    return found


def _strayed(noun: Token) -> list[Token]:
    """The noun behind an "of" right after this one that was hung elsewhere: "captured dozens | *of soldiers*"."""
    if noun.i + 1 >= noun.sent.end:
        return []
    of = noun.nbor(1)
    stray = (
        of.lower_ == "of" and of.dep_ == "case" and of.head.dep_ == "obl" and of.head.head.i == noun.head.i
    )
    return [of.head] if stray and of.head.i != noun.i else []


def conjuncts(token: Token) -> list[Token]:
    """A noun and the nouns coordinated with it, in order of the text."""
    found = [token]
    listed = [child for child in token.children if child.dep_ == "conj" and child.pos_ in _NOUN]
    if any(part.dep_ == "cc" for member in [token, *listed] for part in member.children):
        for child in listed:
            found += conjuncts(child)
    return sorted(found, key=lambda noun: noun.i)  # "X, the second city" without "and" is an apposition


def nested_obliques(token: Token, depth: int = 2) -> list[tuple[str, Token]]:
    """``obliques`` of a token and of the nouns after it in its phrase: small parsers attach too low.

    "drove forces *out of Kunduz*" may hang on "forces", "an attack by rebels *on the base*" on "rebels".
    """
    found = obliques(token)
    if depth:
        inner = [noun for _, noun in found]
        if is_verbal(token):
            inner += [child for child in token.children if child.dep_ == "obj"]
        for noun in inner:
            if noun.i > token.i and noun.pos_ in _NOUN:
                found += nested_obliques(noun, depth - 1)
    return found


def possessors(noun: Token) -> list[Token]:
    """``X's capture`` and ``its capture``: the possessor."""
    return [child for child in noun.children if child.dep_ == "nmod:poss"]


def is_passive(verb: Token) -> bool:
    """True for a passive clause, also a reduced one ("the town captured by rebels")."""
    deps = {child.dep_ for child in verb.children}
    if "aux:pass" in deps or (deps & _PASSIVE_SUBJECT and "obj" not in deps):
        return True
    if deps & _PASSIVE_SUBJECT:
        return False  # "Rebels never captured Goma", its subject taken for that of a passive
    if verb.tag_ != "VBN":
        return False
    if any(child.dep_ == "aux" and child.lower_ in _HAVE for child in verb.children):
        return False
    if "obl:agent" in deps or any(prep == "by" for prep, _ in obliques(verb)):
        return "obj" not in deps
    if verb.dep_ == "conj" and is_verbal(verb.head) and not deps & (_SUBJECT | {"obj"}):
        return is_passive(verb.head)
    if verb.dep_ == "conj" and any(child.dep_ == "cop" for child in verb.head.children):
        return not deps & (_SUBJECT | {"obj"})  # "are isolated and encircled"
    return verb.dep_ in {"acl", "amod"} and "obj" not in deps


def antecedent(pronoun: Token) -> Token:
    """The noun that a relative pronoun stands for; the token itself if it is none."""
    if pronoun.lower_ not in _RELATIVE_PRONOUNS:
        return pronoun
    node = pronoun
    while node.head.i != node.i:
        if node.dep_ == "acl:relcl":
            return node.head
        node = node.head
    return pronoun


def subjects(verb: Token, depth: int = 6) -> list[Token]:
    """The logical subjects of a verb: its own, or those it shares, inherits or is controlled by.

    For a passive this is the ``by`` phrase. Coordinated subjects are returned one by one.
    """
    if is_passive(verb):
        own = [noun for prep, noun in obliques(verb) if prep == "by" or noun.dep_ == "obl:agent"]
    else:
        own = [
            antecedent(child)
            for child in verb.children
            if child.dep_ in _SUBJECT | _PASSIVE_SUBJECT and not _is_second_subject(child)
        ]
    if own:
        return [noun for first in own for noun in conjuncts(first)]
    if depth == 0 or verb.head.i == verb.i:
        return []
    return _inherited_subjects(verb, depth)


def _inherited_subjects(verb: Token, depth: int) -> list[Token]:
    head, dep = verb.head, verb.dep_
    if dep == "conj" and is_verbal(head):
        if is_passive(verb) and any(child.dep_ == "obj" for child in head.children):
            return []
        return subjects(head, depth - 1)
    if is_passive(verb):
        return []
    if dep == "xcomp":
        if lemma(head) in OBJECT_CONTROL and (given := addressees(head)):
            return given
        return subjects(head, depth - 1) or (passive_subjects(head) if is_passive(head) else [])
    if dep == "ccomp" and lemma(head) in OBJECT_CONTROL:
        return direct_objects(head)
    if dep == "advcl" and lemma(head) in PREVENT and (kept := direct_objects(head)):
        return kept  # "prevents civilians from leaving"
    if dep == "advcl":
        return subjects(head, depth - 1) or (passive_subjects(head) if is_passive(head) else [])
    if dep == "acl:relcl":
        return [] if any(child.dep_ in _SUBJECT for child in verb.children) else [head]
    if dep == "acl" and head.pos_ in _NOUN:
        if verb.tag_ == "VBG" and not any(child.dep_ == "mark" for child in verb.children):
            return conjuncts(head)
        return owners(head, depth - 1) if "to" in auxiliaries(verb) or verb.tag_ == "VBG" else []
    return []


def addressees(verb: Token) -> list[Token]:
    """Whom somebody urged, told or helped: "urged *the rebels* to lay down their guns", object or indirect object."""
    return direct_objects(verb) or [
        noun for child in verb.children if child.dep_ == "iobj" for noun in conjuncts(child)
    ]


def stray_agents(noun: Token) -> list[Token]:
    """ "celebrated the capture of X *by Y*", hung on the verb: an active verb has no agent, so it is the noun's."""
    if noun.dep_ != "obj" or is_passive(noun.head):
        return []
    return [agent for prep, agent in obliques(noun.head) if prep == "by" and agent.i > noun.i]


def owners(noun: Token, depth: int = 4) -> list[Token]:
    """Who carries out what a noun names: ``X's bid``, ``a bid by X``, ``X launched a bid``, ``the government bid``."""
    if possessive := possessors(noun):
        return [owner for first in possessive for owner in conjuncts(first)]
    by = [agent for prep, agent in obliques(noun) if prep == "by"] or stray_agents(noun)
    if by:
        return [owner for first in by for owner in conjuncts(first)]
    if depth and noun.head.i != noun.i:
        head = noun.head
        if is_verbal(head) and noun.dep_ in _OBLIQUE | {"obj"}:
            return subjects(head, depth - 1)
        if head.pos_ in _NOUN and noun.dep_ in {"nmod", "conj"}:
            return owners(head, depth - 1)
    return [
        child
        for child in noun.children
        if child.dep_ in {"compound", "nmod", "amod"} and child.i < noun.i and may_be_name(child)
    ][:1]


_FORCES = frozenset(
    {"government", "rebel", "regime", "army", "militant", "insurgent", "opposition", "militia", "military"}
)


def may_be_name(token: Token) -> bool:
    """True for a modifier that can stand for an actor: a name, a people, or a general word for a force."""
    return (
        token.pos_ == "PROPN"
        or token.ent_type_ in {"ORG", "NORP", "GPE", "PERSON"}
        or token.lower_ in _FORCES
    )


def passive_subjects(verb: Token) -> list[Token]:
    """The surface subjects of a passive clause, coordinated ones one by one."""
    own = [antecedent(child) for child in verb.children if child.dep_ in _PASSIVE_SUBJECT]
    return [noun for first in own for noun in conjuncts(first)]


def direct_objects(verb: Token, depth: int = 3) -> list[Token]:
    """The logical objects of a verb: direct object, passive subject, or the noun that a clause modifies."""
    if is_passive(verb):
        if own := passive_subjects(verb):
            return own
        own = [antecedent(child) for child in verb.children if child.dep_ in _SUBJECT]
        if own:  # a parser that calls the passive subject plain "nsubj"
            return [noun for first in own for noun in conjuncts(first)]
        if verb.dep_ in {"acl", "amod", "acl:relcl"}:
            return conjuncts(verb.head)
        if verb.dep_ == "conj" and any(child.dep_ == "cop" for child in verb.head.children):
            return [antecedent(child) for child in verb.head.children if child.dep_ in _SUBJECT]
        if verb.dep_ == "conj" and is_verbal(verb.head) and depth:
            return direct_objects(verb.head, depth - 1)
        if verb.dep_ in {"xcomp", "advcl"} and depth and is_verbal(verb.head):
            return subjects(verb.head, depth - 1)
        return []
    own = [antecedent(child) for child in verb.children if child.dep_ == "obj"]
    if not own:
        own = [child for child in verb.children if _is_bare(child) or _is_second_subject(child)]
    if own:
        last = own[-1]
        listed = [  # "took the airport, a base and two villages", the list cut off by the parser
            child
            for child in verb.children
            if child.dep_ in {"parataxis", "appos", "dep"} and child.pos_ in _NOUN and child.i > last.i
            if any(part.dep_ == "conj" for part in child.children)
        ]
        return [noun for first in own + listed for noun in conjuncts(first)]
    if verb.dep_ == "acl:relcl" and any(
        child.dep_ in _SUBJECT and child.lower_ not in _RELATIVE_PRONOUNS for child in verb.children
    ):
        return conjuncts(verb.head)  # "the town [that] rebels seized"
    return _fronted_object(verb)


def _is_second_subject(noun: Token) -> bool:
    """A subject right after a verb that has one before it: "the rebels *who* captured *Goma*"."""
    verb = noun.head
    if noun.dep_ != "nsubj" or noun.i != verb.i + 1 or verb.lemma_ in {"be", "say"}:
        return False
    return any(child.dep_ in _SUBJECT and child.i < verb.i for child in verb.children)


def _is_bare(noun: Token) -> bool:
    """A noun after its verb that is called oblique, has no preposition and is no time: "took over *the city*"."""
    return (
        noun.dep_ == "obl"
        and noun.i > noun.head.i
        and noun.pos_ in {"NOUN", "PROPN"}
        and noun.ent_type_ not in {"DATE", "TIME"}
        and not any(child.dep_ in {"case", "mark"} for child in noun.children)
        and any(child.dep_ == "det" for child in noun.children)
    )


def _fronted_object(verb: Token) -> list[Token]:
    """The noun before "which" in "X, which rebels had seized", where the parser saw no relative clause."""
    subject = [child for child in verb.children if child.dep_ in _SUBJECT]
    if not subject:
        return []
    edge = subject[0].left_edge
    relative = edge if edge.lower_ in {"which", "whom"} else None
    if relative is None and edge.i > verb.sent.start and edge.nbor(-1).lower_ in {"which", "whom"}:
        relative = edge.nbor(-1)
    if relative is None or relative.i == subject[0].i:
        return []
    i = relative.i - 1
    while i > verb.sent.start and verb.doc[i].is_punct:
        i -= 1
    noun = verb.doc[i]
    return [noun] if noun.pos_ in _NOUN else []


def particles(verb: Token) -> set[str]:
    """Particles and adverbs that belong to a verb ("pull out", "win back"), lower case."""
    own = {
        child.lower_
        for child in verb.children
        if child.dep_ == "compound:prt" or (child.dep_ in {"advmod", "case", "obl"} and len(child) < 7)
    }
    if verb.i + 1 < len(verb.doc):
        own.add(verb.nbor(1).lower_)
    return own


def negated(token: Token) -> bool:
    """True if a verb or noun is negated by a child of its own (not, never, no, nor)."""
    return any(
        child.lower_ in {"not", "n't", "n’t", "never", "no", "nor", "neither"} for child in token.children
    )


def auxiliaries(verb: Token) -> set[str]:
    """Lower-case auxiliaries and the infinitive marker of a verb."""
    return {
        child.lower_
        for child in verb.children
        if child.dep_ in {"aux", "aux:pass", "cop"} or (child.dep_ == "mark" and child.lower_ == "to")
    }


def climb(token: Token) -> Iterator[tuple[Token, str, Token]]:
    """Walk from a token to the root: (node, its label, its head)."""
    node = token
    while node.head.i != node.i:
        yield node, node.dep_, node.head
        node = node.head


def phrase(noun: Token, preps: frozenset[str] = PLACE_PREPS) -> Span:
    """The noun phrase headed by ``noun`` as the text words it, without relative clauses, appositions and conjuncts.

    ``preps`` are the prepositions of the modifiers after the noun that are kept; the phrase ends before
    the first other one.
    """
    doc = noun.doc
    start = end = noun.i
    for child in noun.children:
        if child.i > noun.i:
            continue
        if child.dep_ in _NOT_BEFORE or child.dep_ in (_SUBJECT | _OBLIQUE | {"nmod:unmarked"}) - {"nmod"}:
            continue
        start = min(start, child.left_edge.i)
    for child in noun.children:
        if child.i < noun.i:
            continue
        if child.dep_ == "case" and child.lower_ in {"'s", "’s", "’", "'"}:
            continue
        if child.dep_ == "punct" and child.text == "-":
            continue
        if child.dep_ in _CUT_FROM_PHRASE or _other_modifier(child, preps):
            break
        end = max(end, _right_end(child, preps))
    while (
        start < noun.i
        and (doc[start].is_punct or doc[start].dep_ in {"case", "cc"})
        and doc[start].text not in '"“('
    ):
        start += 1
    for i in range(noun.i + 1, end + 1):
        if doc[i].lower_ in _RELATIVE_WORDS:
            end = i - 1 if not doc[i - 1].is_punct else i - 2
            break
    for i in range(noun.i - 1, start, -1):  # "X, Gen. Y": two names that the parser ran together
        if doc[i].text == "," and doc[i - 1].pos_ == "PROPN":
            start = i + 1
            break
    return doc[start : end + 1]


def _other_modifier(child: Token, preps: frozenset[str]) -> bool:
    """True for a modifier that does not belong to the phrase: dates, and prepositions other than ``preps``."""
    if child.ent_type_ in {"DATE", "TIME"}:
        return True
    if child.dep_ in {"nmod:unmarked", "obl:unmarked", "nmod:tmod"}:
        return True
    if child.dep_ in {"nmod", "obl"}:
        words = prepositions(child)
        return bool(words) and words not in preps and words.split(" ")[0] not in _BEARINGS
    return False


def _right_end(token: Token, preps: frozenset[str]) -> int:
    """Index of the last token of a modifier, relative clauses and the like left out."""
    end = token.i
    for child in token.children:
        if child.i > token.i:
            if child.dep_ in {"acl:relcl", "appos", "parataxis", "advcl", "punct"}:
                break
            if _other_modifier(child, preps):
                break
            end = max(end, _right_end(child, preps))
    return end


@dataclass(frozen=True, slots=True)
class Arguments:
    """The logical arguments of a verb: who does it, to what, and its prepositional phrases."""

    subjects: list[Token]
    objects: list[Token]
    obliques: list[tuple[str, Token]]
    passive: bool


def arguments(verb: Token) -> Arguments:
    """All arguments of a verb in one record.

    For "The town was captured by rebels from the army": subjects ``[rebels]``, objects ``[town]``,
    obliques ``[("by", rebels), ("from", army)]``, passive True.
    """
    return Arguments(subjects(verb), direct_objects(verb), obliques(verb), is_passive(verb))
