"""Triggers, modality cues and target nouns: loaded from TOML, validated once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from frontlog.records import EVENT_TYPES, MODALITIES

# "expel" is decided later: recapture by the country's government, capture by anyone else.
_DATA_TYPES = {*EVENT_TYPES, "expel"}
_TARGET_CLASSES = frozenset({"place", "person", "equipment", "force"})
_ROLES = ("captor", "target", "loser")


@dataclass(frozen=True, slots=True)
class Trigger:
    """One way to state an event: a verb, a verb with its noun (``light``), or a noun.

    ``words`` are lemma and particles (``("win", "back")``), ``roles`` maps captor, loser and target to the
    syntactic positions that may fill them, best first. ``nouns`` and ``preps`` belong to light verbs.
    """

    kind: str
    words: tuple[str, ...]
    event_type: str
    roles: Mapping[str, tuple[str, ...]]
    targets: frozenset[str] = frozenset({"place"})
    strict: bool = False
    nouns: frozenset[str] = frozenset()
    preps: tuple[str, ...] = ()
    contest: frozenset[str] = frozenset()
    modality: str | None = None

    @property
    def name(self) -> str:
        """Name for the ``rule`` column: ``win_back.v``, ``take+control.v``, ``fall.n``."""
        base = "_".join(self.words)
        if self.kind == "light":
            return f"{base}+{sorted(self.nouns)[0]}.v"
        return f"{base}.{self.kind[0]}"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All trigger data: triggers by lower-case word form, cue words by modality, target nouns by class."""

    verbs: Mapping[str, tuple[Trigger, ...]]
    nouns: Mapping[str, tuple[Trigger, ...]]
    cues: Mapping[str, Mapping[str, frozenset[str]]]
    targets: Mapping[str, frozenset[str]]
    scan: re.Pattern[str] = field(repr=False)


def _double(stem: str) -> bool:
    return bool(re.search(r"[^aeiou][aeiou][bdgmnprt]$", stem)) and not stem.endswith(
        ("er", "en", "or", "it")
    )


def inflect(lemma: str, irregular: Mapping[str, list[str]]) -> set[str]:
    """All forms of an English verb.

    >>> sorted(inflect("seize", {}))
    ['seize', 'seized', 'seizes', 'seizing']
    """
    forms = {lemma, *irregular.get(lemma, ())}
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        forms.add(lemma + "es")
    elif re.search(r"[^aeiou]y$", lemma):
        forms.add(lemma[:-1] + "ies")
    else:
        forms.add(lemma + "s")
    doubled = lemma + lemma[-1] if _double(lemma) and len(lemma) <= 6 else lemma
    if not any(form.endswith("ing") for form in irregular.get(lemma, ())):
        stem = lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else doubled
        forms.add(stem + "ing")
    if not any(not form.endswith("ing") for form in irregular.get(lemma, ())):
        if lemma.endswith("e"):
            forms.add(lemma + "d")
        elif re.search(r"[^aeiou]y$", lemma):
            forms.add(lemma[:-1] + "ied")
        else:
            forms.add(doubled + "ed")
    return forms


def _plural(noun: str) -> str:
    if noun.endswith(("s", "sh", "ch", "x")):
        return noun + "es"
    return noun[:-1] + "ies" if re.search(r"[^aeiou]y$", noun) else noun + "s"


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("frontlog.events").joinpath("data", name).read_text(encoding="utf-8"))


def _triggers(data: Mapping[str, Any]) -> list[Trigger]:
    frames = data["frame"]
    triggers: list[Trigger] = []
    for kind in ("verb", "light", "noun"):
        for number, entry in enumerate(data[kind], 1):
            where = f"triggers.toml, [[{kind}]] number {number}"
            if entry.get("type") not in _DATA_TYPES:
                raise ValueError(f"{where}: unknown type {entry.get('type')!r}")
            if kind == "verb" and entry.get("frame") not in frames:
                raise ValueError(f"{where}: unknown frame {entry.get('frame')!r}")
            targets = frozenset(entry.get("targets", ["place"]))
            if not targets <= _TARGET_CLASSES:
                raise ValueError(f"{where}: unknown targets {sorted(targets - _TARGET_CLASSES)}")
            source = frames[entry["frame"]] if kind == "verb" else entry
            lemmas = entry.get("verbs" if kind == "light" else "lemmas")
            if (
                not isinstance(lemmas, list)
                or not lemmas
                or not all(isinstance(word, str) for word in lemmas)
            ):
                raise ValueError(
                    f"{where}: {'verbs' if kind == 'light' else 'lemmas'} must be a list of words"
                )
            if entry.get("modality", "actual") not in MODALITIES:
                raise ValueError(f"{where}: unknown modality {entry.get('modality')!r}")
            roles = {role: tuple(source.get(role, ())) for role in _ROLES}
            for lemma in lemmas:
                triggers.append(
                    Trigger(
                        kind=kind,
                        words=tuple(lemma.split()),
                        event_type=entry["type"],
                        roles=roles,
                        targets=targets,
                        strict=entry.get("strict", False),
                        nouns=frozenset(entry.get("nouns", ())),
                        preps=tuple(entry.get("preps", ())),
                        contest=frozenset(entry.get("contest", ())),
                        modality=entry.get("modality"),
                    )
                )
    return triggers


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Load and validate the trigger data. Raises ``ValueError`` naming file and entry where it is wrong."""
    data = _read("triggers.toml")
    irregular: dict[str, list[str]] = data["irregular"]
    verbs: dict[str, list[Trigger]] = {}
    nouns: dict[str, list[Trigger]] = {}
    for trigger in _triggers(data):
        if trigger.kind == "noun":
            for form in (trigger.words[0], _plural(trigger.words[0])):
                nouns.setdefault(form, []).append(trigger)
        else:
            for form in inflect(trigger.words[0], irregular):
                verbs.setdefault(form, []).append(trigger)
    cues = {
        modality: {kind: frozenset(words) for kind, words in groups.items()}
        for modality, groups in _read("modality.toml").items()
    }
    targets = {name: frozenset(words) for name, words in _read("targets.toml").items()}
    forms = sorted({*verbs, *nouns}, key=lambda form: (-len(form), form))
    scan = re.compile(r"\b(?:" + "|".join(map(re.escape, forms)) + r")\b", re.IGNORECASE)
    return Lexicon(
        {form: tuple(found) for form, found in verbs.items()},
        {form: tuple(found) for form, found in nouns.items()},
        cues,
        targets,
        scan,
    )
