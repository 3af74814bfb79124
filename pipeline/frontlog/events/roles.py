"""Which words fill the roles of a trigger: captor, loser and target, by syntactic position.

A verb's arguments are looked for where the trigger's frame says (``data/triggers.toml``), with fallbacks
for what small parsers get wrong: phrases hung too low, lists broken off, objects not seen in headlines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from frontlog.events.lexicon import Lexicon, Trigger, load_lexicon
from frontlog.language import predicates
from frontlog.language.lemmas import lemma

_REFLEXIVES = {"themselves": {"themselves", "itself", "himself"}, "their": {"their", "its", "his"}}
_REFLEXIVES["its"] = _REFLEXIVES["their"]
_DIRECTIONS = frozenset(
    {"in", "over", "ahead", "forward", "on", "back", "away", "out", "up", "down", "deep", "further", "closer"}
)


@dataclass(frozen=True, slots=True)
class Roles:
    """Head tokens that fill the roles of one trigger in one construction."""

    captors: tuple[Token, ...] = ()
    losers: tuple[Token, ...] = ()
    targets: tuple[Token, ...] = ()


def particles_match(verb: Token, words: Sequence[str]) -> list[Token] | None:
    """Tokens of the particles after a verb, in order and close by; None if one is missing."""
    found: list[Token] = []
    position = verb.i + 1
    for word in words:
        wanted = _REFLEXIVES.get(word, {word})
        for i in range(position, min(verb.i + 7, verb.sent.end)):
            token = verb.doc[i]
            if token.lower_ in wanted:
                attached = token.head.i == verb.i or token.i == verb.i + 1 or token.head.head.i == verb.i
                if attached:
                    found.append(token)
                    position = i + 1
                    break
        else:
            return None
    return found


def light_noun(verb: Token, trigger: Trigger) -> Token | None:
    """The noun of a light verb: "took full *control*", "control was seized"."""
    for noun in predicates.direct_objects(verb):
        if noun.lower_ in trigger.nouns or lemma(noun) in trigger.nouns:
            return noun
    for i in range(verb.i + 1, min(verb.i + 4, verb.sent.end)):  # the parser may have missed the object
        token = verb.doc[i]
        if token.lower_ in trigger.nouns and token.pos_ == "NOUN":
            return token
    return None


def with_prep(token: Token, preps: Iterable[str], *, nested: bool = True) -> list[Token]:
    """Nouns behind one of the prepositions: the token's own, else (``nested``) those of the nouns after it."""
    wanted = set(preps)
    for found in (predicates.obliques(token), predicates.nested_obliques(token) if nested else []):
        for prep, noun in found:
            fits = prep in wanted or (prep.split(" ")[-1] in wanted and prep.split(" ")[0] in _DIRECTIONS)
            if fits and noun.ent_type_ not in {"DATE", "TIME"}:
                return predicates.conjuncts(noun)  # further ones say where or when
    return predicates.stray_agents(token) if wanted == {"by"} else []


def _positions(token: Token, positions: Sequence[str], arguments: predicates.Arguments | None) -> list[Token]:
    """Tokens that stand in the first filled one of the given positions around a trigger."""
    for position in positions:
        found: list[Token] = []
        if position == "subject":
            found = arguments.subjects if arguments else _copula_subject(token)
        elif position == "object":
            found = arguments.objects if arguments else []
        elif position == "possessive":
            found = [noun for first in predicates.possessors(token) for noun in predicates.conjuncts(first)]
        elif position in {"compound", "amod"}:
            found = [
                child
                for child in token.children
                if child.dep_ in {position, "nmod", "nmod:desc"}
                and child.i < token.i
                and predicates.may_be_name(child)
            ]
        elif position == "indirect":
            given = [child for child in token.children if child.dep_ == "iobj" and child.pos_ != "ADP"]
            found = [noun for first in given for noun in predicates.conjuncts(first)]
        elif position == "contest":
            found = _contestants(token)
        else:
            found = with_prep(token, [position])
        if found:
            return found
    return []


def _copula_subject(noun: Token) -> list[Token]:
    """Subject of "X is under siege"."""
    own = [predicates.antecedent(child) for child in noun.children if child.dep_ in {"nsubj", "nsubj:outer"}]
    if not own and noun.dep_ in {"obl", "nmod"}:
        head = noun.head
        if predicates.is_verbal(head):
            own = [
                predicates.antecedent(child)
                for child in head.children
                if child.dep_ in {"nsubj", "nsubj:pass"}
            ]
        elif head.pos_ in {"NOUN", "PROPN"} and _is_under(noun):
            own = [head]
    if not own and noun.dep_ == "acl:relcl":
        own = [noun.head]
    return [n for first in own for n in predicates.conjuncts(first)]


def _is_under(noun: Token) -> bool:
    return predicates.prepositions(noun) == "under" or noun.head.lower_ == "under"


def _contestants(noun: Token) -> list[Token]:
    """Who fights for control: the owner of the contest."""
    for _, _, head in predicates.climb(noun):
        if predicates.is_verbal(head):
            return predicates.subjects(head)
        if head.pos_ == "NOUN":
            return predicates.owners(head, 1)
    return []


def noun_roles(noun: Token, trigger: Trigger) -> Roles | None:
    """Roles around a nominal trigger ("the capture of X by Y"); None where its context is not that of the trigger."""
    if trigger.contest and not any(
        lemma(head) in trigger.contest or head.lower_ in trigger.contest
        for _, dep, head in list(predicates.climb(noun))[:2]
    ):
        return None
    targets: list[Token] = []
    used: set[int] = set()
    if "subject" in trigger.roles["target"] and not _is_under(noun):
        positions = [position for position in trigger.roles["target"] if position != "subject"]
    else:
        positions = list(trigger.roles["target"])
    for position in positions:
        targets = _positions(noun, [position], None)
        if targets:
            used = {token.i for token in targets}
            break
    captors = [t for t in _positions(noun, trigger.roles["captor"], None) if t.i not in used]
    losers = [t for t in _positions(noun, trigger.roles["loser"], None) if t.i not in used]
    return Roles(tuple(captors), tuple(losers), tuple(targets))


def verb_roles(
    verb: Token,
    trigger: Trigger,
    arguments: predicates.Arguments,
    particles: Sequence[Token] = (),
    light: Token | None = None,
) -> Roles | None:
    """Roles around a verb, or a verb with its noun (``light``); None where its context is not that of the trigger."""

    if not arguments.objects and not arguments.passive:
        arguments = replace(arguments, objects=_object_behind(verb, particles))

    def fill(role: str) -> tuple[Token, ...]:
        return tuple(_positions(verb, trigger.roles[role], arguments))

    if light is not None:
        targets = with_prep(light, trigger.preps) or with_prep(verb, trigger.preps)
        gerund = [child for child in light.children if child.dep_ in {"acl", "advcl"} and child.tag_ == "VBG"]
        if gerund and not targets:
            return None  # "victory in retaking X": the verb itself states it
        captors = fill("captor")
        losers = fill("loser") or tuple(with_prep(light, trigger.roles["loser"]))
        if arguments.passive:
            captors = tuple(arguments.subjects)
        return Roles(captors, losers, tuple(targets))
    if trigger.event_type == "repelled":
        return _repel_roles(verb, trigger, arguments)
    if trigger.event_type == "surrender":
        return _surrender_roles(verb, trigger, arguments)
    targets = list(fill("target"))
    if (
        not targets
        and trigger.roles["target"][:1] == ("object",)
        and not arguments.passive
        and not arguments.objects
    ):
        targets = _object_by_position(verb)
    captors, losers = fill("captor"), fill("loser")
    if trigger.words[0] == "evacuate" and arguments.objects and "object" not in trigger.roles["target"]:
        losers = tuple(arguments.objects)  # who is evacuated leaves
    if "fall" in trigger.words:
        captors, targets = _fall_roles(verb, captors, targets)
        if not captors and verb.tag_ not in {"VBD", "VBN", "VBZ", "VBP", "VB"}:
            return None
    taken = {token.i for token in targets}
    return Roles(
        tuple(token for token in captors if token.i not in taken),
        tuple(token for token in losers if token.i not in taken),
        tuple(targets),
    )


def _object_behind(verb: Token, particles: Sequence[Token]) -> list[Token]:
    """The noun behind a particle that the parser took for a preposition: "handed *over* the district"."""
    for particle in particles:
        noun = particle.head
        if particle.dep_ == "case" and noun.i > particle.i and noun.head.i == verb.i:
            return predicates.conjuncts(noun)
    return []


def _object_by_position(verb: Token) -> list[Token]:
    """The noun right after a verb where the parser found no object (headlines, lost punctuation)."""
    i = verb.i + 1
    doc, end = verb.doc, verb.sent.end
    while i < end and doc[i].pos_ in {"DET", "ADJ", "NUM", "ADV"} and doc[i].tag_ not in {"RP"}:
        i += 1
    if i < end and doc[i].pos_ in {"NOUN", "PROPN"}:
        while (
            i + 1 < end
            and doc[i + 1].pos_ in {"NOUN", "PROPN"}
            and doc[i].dep_ in {"compound", "flat", "amod"}
        ):
            i += 1
        noun = doc[i]
        if noun.dep_ not in {"nsubj", "nsubj:pass"} or noun.head.i == verb.i:
            return predicates.conjuncts(noun)
    return []


def _fall_roles(
    verb: Token, captors: tuple[Token, ...], targets: list[Token]
) -> tuple[tuple[Token, ...], list[Token]]:
    """ "fell to X", "fell into the hands of X", "fell into X hands", "fell under X control"."""
    if verb.dep_ == "acl":  # "the first city to fall"
        targets = [verb.head]
    for prep, noun in predicates.obliques(verb):
        if noun.lower_ in {"hands", "hand", "control", "rule"} and prep.split(" ")[0] in {
            "into",
            "in",
            "under",
            "to",
            "out",
            "from",
        }:
            holder = (
                predicates.possessors(noun)
                or with_prep(noun, ["of"])
                or [
                    child
                    for child in noun.children
                    if child.dep_ in {"compound", "amod", "nmod"} and predicates.may_be_name(child)
                ]
            )
            if prep.startswith(("out", "from")):
                return (), targets
            return tuple(holder), targets
    captors = captors or _behind_to(verb)
    return tuple(
        token for token in captors if token.pos_ != "NUM" and not token.like_num and "%" not in token.text
    ), targets


def _behind_to(verb: Token) -> tuple[Token, ...]:
    """The last noun of the run behind "fell to", where the parser took "to" for an infinitive."""
    i = verb.i + 1
    if i >= verb.sent.end or verb.doc[i].lower_ != "to":
        return ()
    last = None
    for token in verb.doc[i + 1 : verb.sent.end]:
        if token.tag_.startswith("NN") or token.ent_type_ in {"ORG", "NORP", "GPE"}:
            last = token
        elif last is not None or token.pos_ not in {"DET", "ADJ", "PUNCT"}:
            break
    return (last,) if last is not None else ()


def _repel_roles(verb: Token, trigger: Trigger, arguments: predicates.Arguments) -> Roles | None:
    """ "The army repelled an attack by rebels on X": defender is the loser, attacker the captor."""
    nouns = load_lexicon().targets["attack"]
    for noun in arguments.objects:
        if lemma(noun) in nouns or noun.lower_ in nouns:
            targets = with_prep(noun, ["on", "against"]) or with_prep(
                noun, ["at", "towards", "toward", "to", "into", "in", "near", "around"]
            )
            if not targets:
                targets = with_prep(verb, ["on", "at", "near", "in", "around", "against"])
            attackers = (
                with_prep(noun, ["by"])
                or predicates.possessors(noun)
                or [
                    child
                    for child in noun.children
                    if child.dep_ in {"compound", "amod"} and predicates.may_be_name(child)
                ]
            )
            infinitive = [
                child for child in noun.children if child.dep_ == "acl" and predicates.is_verbal(child)
            ]
            if infinitive and not targets:
                targets = predicates.direct_objects(infinitive[0]) or [
                    n for _, n in predicates.obliques(infinitive[0])
                ]
            return Roles(tuple(attackers), tuple(arguments.subjects), tuple(targets))
    targets = with_prep(verb, ["from", "at", "near", "outside", "in"])
    if trigger.words[0] in {"repel", "repulse"} or trigger.words[-1] in {"back", "off"}:
        return Roles(tuple(arguments.objects), tuple(arguments.subjects), tuple(targets))
    return None


_BY_DEAL = frozenset({"under", "as", "by", "in", "following", "after"})
_WITH = frozenset({"alongside", "along with", "together with", "jointly with"})


def companions(verb: Token, captors: Sequence[Token]) -> list[Token]:
    """Who takes part beside the subject: "fought alongside X to retake", "in cooperation with X"."""
    taken = {token.i for token in captors}
    verbs = [
        verb,
        *([verb.head] if verb.dep_ in {"xcomp", "advcl"} and predicates.is_verbal(verb.head) else []),
    ]
    found: list[Token] = []
    for node in verbs:
        for prep, noun in predicates.obliques(node):
            if prep in _WITH:
                found += predicates.conjuncts(noun)
            elif prep == "in" and noun.lower_ in {"cooperation", "coordination", "alliance", "collaboration"}:
                found += with_prep(noun, ["with"])
    return [token for token in found if token.i not in taken]


def under_deal(trigger: Token, lexicon: Lexicon) -> bool:
    """Whether the text says that it happened by agreement: left the town under a deal, a truce allowed it."""
    deals = lexicon.targets["deal"]
    above = [head for _, dep, head in predicates.climb(trigger) if dep in {"obj", "obl", "xcomp", "nmod"}]
    for node in [trigger, *above[:2]]:
        if any(prep in _BY_DEAL and lemma(noun) in deals for prep, noun in predicates.obliques(node)):
            return True
        if predicates.is_verbal(node) and any(lemma(noun) in deals for noun in predicates.subjects(node)):
            return True
    return False


def _subjects_of_intransitive(verb: Token, arguments: predicates.Arguments) -> list[Token]:
    """Subjects of a verb that has no passive, also where the parser hung it on its subject as a participle."""
    if arguments.subjects or verb.dep_ != "acl" or verb.tag_ not in {"VBD", "VBN"}:
        return arguments.subjects
    noun = verb.head
    while noun.dep_ == "conj" and noun.head.pos_ in {"NOUN", "PROPN"}:
        noun = noun.head
    while noun.dep_ == "nmod" and noun.head.pos_ in {"NOUN", "NUM"} and noun.head.i < noun.i:
        noun = noun.head  # "hundreds of fighters"
    return [noun]


def _surrender_roles(verb: Token, trigger: Trigger, arguments: predicates.Arguments) -> Roles | None:
    objects = arguments.objects
    arms = {"arm", "weapon", "gun"}
    if trigger.words[0] in {"lay", "put"}:
        if not any(lemma(noun) in arms for noun in objects):
            return None
        objects = []
    if any(lemma(noun) in arms or noun.lower_ in {"themselves", "itself", "himself"} for noun in objects):
        objects = []
    if trigger.words == ("give", "up") and objects:
        return None
    receivers = tuple(with_prep(verb, ["to"]))
    subjects = tuple(_subjects_of_intransitive(verb, arguments))
    if objects and not arguments.passive:  # "surrendered the town to": the place changes hands
        return Roles(receivers, subjects, tuple(objects))
    return Roles(receivers, subjects, subjects)
