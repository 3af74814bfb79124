"""Did it happen, and who says so: modality and attribution of one trigger, from the clauses above it.

Modality follows the chain of governors from the trigger to the root ("are *trying to* take", "*denied*
that it had withdrawn", "an *operation to* retake"); attribution is the subject of the reporting verb that
the clause hangs on, or an "according to" phrase. Cue words stand in ``data/modality.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from frontlog.events.lexicon import Lexicon
from frontlog.language import predicates
from frontlog.language.lemmas import lemma

_WILL = frozenset({"will", "shall", "'ll", "’ll", "wo"})
_MAY = frozenset({"could", "may", "might", "can", "should", "must", "ca"})
_THEN = frozenset({"after", "before", "since", "upon", "following", "when", "while", "as"})
_FORESEE = frozenset({"fear", "warn", "predict", "hope"})
# What is no event of its own: appeals of others, works about a war, attempts told of as beaten back.
LEFT_OUT = "left out"
_TOLD_OF = frozenset(
    """film movie novel book documentary song play game painting exhibition museum anniversary commemoration series
    drama memoir""".split()
)
_BEATEN_BACK = frozenset({"foil", "thwart", "repel", "repulse"})
_AIMING = frozenset({"aim", "intend", "design", "seek"})
_ORDINALS = frozenset({"first", "second", "third", "last", "latest", "only", "next"})
_PAST_TAGS = frozenset({"VBD", "VBN"})
# Reporting verbs that take what they report as an object: "announced the capture of X".
ANNOUNCE = frozenset(
    {"announce", "declare", "proclaim", "claim", "report", "confirm", "deny", "acknowledge", "admit"}
)
_CLAUSAL = frozenset({"xcomp", "ccomp", "advcl", "acl", "acl:relcl", "conj", "parataxis", "csubj", "dep"})
_SUBJECTS = frozenset({"nsubj", "csubj", "nsubj:pass"})
_NOMINAL = frozenset(
    {
        "obj",
        "obl",
        "nmod",
        "nsubj",
        "nsubj:pass",
        "compound",
        "conj",
        "appos",
        "obl:agent",
    }
)


@dataclass(frozen=True, slots=True)
class Factuality:
    """Modality, the tense it is stated in, and the source (head token of its phrase) that vouches for it."""

    modality: str
    tense: str
    source: Token | None
    reporter: Token | None


def _cue(token: Token, lexicon: Lexicon, kind: str) -> str | None:
    for modality in ("failed", "denied", "planned", "ongoing", "hypothetical", "actual"):
        if lemma(token) in lexicon.cues[modality].get(kind, frozenset()):
            return modality
    return None


def _own_modality(verb: Token) -> str | None:
    """What the verb's own auxiliaries say; None where they say nothing special."""
    aux = predicates.auxiliaries(verb)
    if predicates.negated(verb):
        return "denied"
    if aux & _WILL:
        return "planned"
    if aux & _MAY:
        return "hypothetical"
    if "would" in aux:
        return "would"
    if any(child.dep_ == "mark" and child.lower_ in {"if", "unless", "lest"} for child in verb.children):
        return "hypothetical"
    if verb.tag_ == "VBG" and aux & {"is", "are", "was", "were", "been", "be", "'s", "'re", "’s", "’re"}:
        return "ongoing"
    return None


def _is_infinitive(verb: Token) -> bool:
    return "to" in predicates.auxiliaries(verb)


def _is_perfect(verb: Token) -> bool:
    """ "to *have* captured": what is claimed has happened."""
    return _is_infinitive(verb) and "have" in predicates.auxiliaries(verb)


def _is_finite(verb: Token) -> bool:
    """A clause of its own: "reports *that* the army *had* pulled out"."""
    return any(child.dep_ in {"mark", "aux", "aux:pass", "nsubj", "nsubj:pass"} for child in verb.children)


def _purpose(verb: Token, head: Token) -> str:
    """Modality of "to VERB" under a governor that is no cue itself ("pushed north to capture X")."""
    aux = predicates.auxiliaries(head)
    if aux & (_WILL | {"would"}):
        return "planned"
    return "hypothetical" if aux & _MAY else "ongoing"


def _stronger(first: str | None, second: str | None) -> str | None:
    """The one of two modalities that decides when both hold ("is trying to" under "failed")."""
    order = (LEFT_OUT, "denied", "failed", "hypothetical", "planned", "ongoing")
    for modality in order:
        if modality in (first, second):
            return modality
    return first or second


def _step(node: Token, dep: str, head: Token, lexicon: Lexicon) -> tuple[str | None, bool]:
    """Modality that a governor lends to what it governs, and whether to climb on."""
    if predicates.is_verbal(head) and dep in _CLAUSAL | _NOMINAL:
        return _under_verb(node, dep, head, lexicon)
    if head.pos_ == "ADJ" and dep in _CLAUSAL | _SUBJECTS:
        # "it is false that ...", "the fall of X is imminent"
        cue = _cue(head, lexicon, "adjectives")
        if cue and predicates.negated(head):
            cue = "denied" if cue == "planned" else "failed"
        return cue, True
    if head.pos_ in {"NOUN", "PROPN"} and dep in _CLAUSAL | _NOMINAL:
        return _under_noun(node, dep, head, lexicon)
    return None, dep in _CLAUSAL | _NOMINAL


def _under_verb(node: Token, dep: str, head: Token, lexicon: Lexicon) -> tuple[str | None, bool]:
    if dep in {"conj", "acl:relcl"}:
        return _under_conjunct(node, head) if dep == "conj" else (None, False)
    reports = lemma(head) in lexicon.cues["reporting"]["verbs"]
    if dep in {"parataxis", "dep"} or (dep == "ccomp" and reports):
        if lemma(head) in lexicon.cues["denied"]["verbs"]:
            return "denied", False
        if predicates.negated(head):
            return LEFT_OUT, False  # "did not say that the town had fallen"
        return (_cue(head, lexicon, "verbs") if lemma(head) in _FORESEE else None), False
    if _is_appeal(node, dep, head, lexicon):
        return LEFT_OUT, False
    cue = _cue(head, lexicon, "verbs")
    if lemma(head) in _BEATEN_BACK and dep in {"obj", "nsubj:pass"}:
        return LEFT_OUT, False  # "foiled an attempt to take X": told by "foiled"
    if dep in {"xcomp", "advcl", "ccomp"} and _is_perfect(node):
        # "claimed to have captured", "is believed to have fallen"
        return ("denied" if lemma(head) in lexicon.cues["denied"]["verbs"] else None), True
    if dep == "advcl" or (lemma(head) in _AIMING and node.tag_ == "VBG"):
        return _under_adverbial(node, head, cue)
    if dep in _SUBJECTS:
        return _of_subject(head)
    if dep == "xcomp" or (dep == "ccomp" and cue):
        if cue and predicates.negated(head):
            return ("failed" if cue in {"actual", "ongoing"} else "denied"), True
        return (_purpose(node, head) if cue is None and _is_infinitive(node) else cue), True
    if dep in _NOMINAL and cue != "actual":
        if predicates.negated(head) and dep == "obj":
            return "denied", True
        return cue if dep in {"obj", "obl", "nmod"} else None, True
    return None, True


def _under_adverbial(node: Token, head: Token, cue: str | None) -> tuple[str | None, bool]:
    """A purpose ("advanced *to capture*", "aimed *at capturing*") or a side clause ("advanced, *capturing*")."""
    if lemma(head) in predicates.PREVENT and any(child.lower_ == "from" for child in node.children):
        return "failed", True  # "prevented the rebels *from taking* the town"
    if any(child.dep_ in {"mark", "case"} and child.lower_ in _THEN for child in node.children):
        return None, False  # "begun to enter X *after* overrunning Y"
    if _is_infinitive(node):
        return (cue if cue and cue != "actual" else _purpose(node, head)), True
    if lemma(head) in _AIMING and node.tag_ == "VBG":
        return "ongoing", True
    return None, node.tag_ == "VBG"


def _under_conjunct(node: Token, head: Token) -> tuple[str | None, bool]:
    """ "will storm *and take*": a bare second verb shares the auxiliaries of the first."""
    bare = node.tag_ in {"VB", "VBG"} and not predicates.auxiliaries(node) - {"to"}
    if node.tag_ in _PAST_TAGS and predicates.is_passive(head) and not predicates.auxiliaries(node):
        bare = True
    return (_own_modality(head), True) if bare else (None, False)


def _of_subject(head: Token) -> tuple[str | None, bool]:
    """Modality of a noun from the verb it is the subject of: "the advance on X failed / will begin"."""
    if lemma(head) in {"fail", "falter", "stall", "collapse"}:
        return "failed", True
    if lemma(head) in {"begin", "start", "continue", "resume"}:
        return "ongoing", False
    own = _own_modality(head)
    return (own if own in {"planned", "hypothetical", "would"} else None), False


def _is_appeal(node: Token, dep: str, head: Token, lexicon: Lexicon) -> bool:
    """ "urged the rebels to leave": someone else is to do it, and nothing says that he does."""
    if dep not in {"xcomp", "ccomp", "advcl"} or lemma(head) not in lexicon.cues["appeal"]["verbs"]:
        return False
    if not _is_infinitive(node):
        return False
    others = predicates.addressees(head) or [
        noun for prep, noun in predicates.obliques(head) if prep in {"on", "to", "with", "for"}
    ]
    return bool(others) and not predicates.is_passive(head)


def _under_noun(node: Token, dep: str, head: Token, lexicon: Lexicon) -> tuple[str | None, bool]:
    if dep == "conj":
        return None, True
    if lemma(head) in _TOLD_OF:
        return LEFT_OUT, False  # "a film about the fall of X", "the anniversary of its capture"
    if dep == "acl:relcl" and any(child.dep_ == "mark" for child in node.children):
        dep = "acl"  # "denied reports *that* it had fallen"
    if dep in {"acl:relcl", "appos", "compound"}:
        return None, dep == "appos"
    if dep == "acl" and node.tag_ == "VBN" and not _is_infinitive(node) and not _is_finite(node):
        return None, False  # "the town captured by rebels": a fact beside the main clause
    if dep == "acl" and node.tag_ == "VBG" and not any(child.dep_ == "mark" for child in node.children):
        return None, False
    if any(child.lower_ in lexicon.cues["failed"]["adjectives"] for child in head.children):
        return "failed", True
    if any(child.lower_ == "no" for child in head.children):
        return "denied", True
    if dep == "acl" and any(child.lower_ in _ORDINALS and child.i < head.i for child in head.children):
        return None, False  # "the first city to fall"
    if lemma(head) in lexicon.cues["appeal"]["nouns"] and dep in {"acl", "nmod", "ccomp"}:
        return LEFT_OUT, False
    cue = _cue(head, lexicon, "nouns")
    if cue is None and dep == "acl" and _is_infinitive(node):
        return "ongoing", True
    return cue, True


def _aspect(token: Token) -> str:
    """Grammatical tense of the clause: decides in which direction a bare weekday is looked for."""
    aux = predicates.auxiliaries(token)
    if aux & _WILL:
        return "future"
    if token.tag_ in _PAST_TAGS or aux & {"was", "were", "had", "did", "has", "have"}:
        return "past"
    return "present" if token.tag_ in {"VBZ", "VBP", "VBG"} else "past"


def assess(trigger: Token, lexicon: Lexicon) -> Factuality:
    """Modality, tense and source of the clause or noun phrase that ``trigger`` heads.

    For "Rebels said they were trying to take Goma": modality ``ongoing``, source ``Rebels``.
    """
    modality = _own_modality(trigger) if predicates.is_verbal(trigger) else None
    if not predicates.is_verbal(trigger) and any(
        child.lower_ in lexicon.cues["failed"]["adjectives"] for child in trigger.children
    ):
        modality = "failed"
    if modality is None and _is_infinitive(trigger) and trigger.dep_ in {"ROOT", "root"}:
        modality = "planned"  # headline: "Army to retake X"
    if _in_a_story(trigger):
        return Factuality(LEFT_OUT, "past", None, None)
    source = reporter = None
    climbing, told_aside = True, False
    for node, dep, head in predicates.climb(trigger):
        if climbing:
            found, climbing = _step(node, dep, head, lexicon)
            if found == "actual":
                found = None
            modality = _stronger(modality, found)
            if modality == "would" and found is not None and found != "would":
                modality = found
        if dep == "acl:relcl" or any(child.lower_ == "where" for child in node.children):
            told_aside = True  # what a relative clause adds is the writer's own
        if source is None and not told_aside and dep in _CLAUSAL | {"obj", "obl", "nmod"}:
            source = _source_above(node, dep, head, lexicon)
            reporter = head if source is not None else None
    if source is None and not told_aside:
        source, reporter = _source_beside(trigger, lexicon)
    if modality == "would":
        modality = "planned" if source is not None and not _feared(reporter) else "hypothetical"
    tense = "future" if modality in {"planned", "hypothetical"} else _aspect(trigger)
    return Factuality(modality or "actual", tense, source, reporter)


def _in_a_story(trigger: Token) -> bool:
    """ "In the film, rebels capture a general"."""
    for node in [trigger, *[head for _, _, head in predicates.climb(trigger)]]:
        for prep, noun in predicates.obliques(node):
            if prep == "in" and lemma(noun) in _TOLD_OF | {"story", "tale", "plot", "scene", "episode"}:
                return True
    return False


def _feared(reporter: Token | None) -> bool:
    return reporter is not None and lemma(reporter) in {"fear", "warn", "predict", "believe"}


def _source_above(node: Token, dep: str, head: Token, lexicon: Lexicon) -> Token | None:
    """The subject of a reporting verb that governs a clause (or announces a noun: "announced the capture")."""
    if not predicates.is_verbal(head) or lemma(head) not in lexicon.cues["reporting"]["verbs"]:
        return None
    said = lemma(head) in ANNOUNCE and (node.tag_ == "VBG" or _is_perfect(node))
    if dep == "advcl" and not said:
        return None
    if dep in {"conj", "acl:relcl"}:
        return None
    if dep in {"obj", "obl", "nmod"} and lemma(head) not in ANNOUNCE:
        return None
    found = predicates.subjects(head)
    return found[0] if found else None


def _source_beside(trigger: Token, lexicon: Lexicon) -> tuple[Token | None, Token | None]:
    """A source named beside the clause: "according to X", or a reporting verb set after it ("..., X said")."""
    sentence = trigger.sent
    for token in sentence:
        if token.lower_ == "according" and token.i + 1 < len(token.doc) and token.nbor(1).lower_ == "to":
            noun = token.head if token.dep_ == "case" else None
            if noun is None:
                noun = next((n for prep, n in predicates.obliques(token)), None)
            if noun is None:
                for child in token.nbor(1).children:
                    noun = child
            if noun is not None and noun.i > token.i:
                return noun, token
    for node in [trigger, *[head for _, _, head in predicates.climb(trigger)]]:
        for child in node.children:
            if (
                child.dep_ in {"parataxis", "ccomp", "dep", "conj", "advcl"}
                and predicates.is_verbal(child)
                and lemma(child) in lexicon.cues["reporting"]["verbs"] - {"deny", "quote", "believe", "warn"}
                and child.i > trigger.i
                and (found := [c for c in child.children if c.dep_ in {"nsubj"}])
            ):
                return found[0], child
    return None, None
