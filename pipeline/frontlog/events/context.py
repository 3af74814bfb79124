"""What resolving one article carries along: where a candidate stands, and what earlier sentences have set up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from frontlog.events.lexicon import load_lexicon
from frontlog.events.scene import NamedPlace, Scene
from frontlog.records import Candidate, EventMention, Span

TOWN_WORDS = frozenset("town city village hamlet township capital settlement municipality port".split())
REGION_WORDS = frozenset("province region governorate state oblast county territory area enclave".split())


@dataclass(slots=True)
class Memory:
    """What the sentences before have set up.

    ``last`` is the last event, ``dated`` the last one with a date of its own and ``dated_at`` its passage and
    sentence, ``source`` who last spoke, ``called`` the nouns that a place was called by, ``focus`` what
    "the town" was found to mean in a passage.
    """

    dated: EventMention | None = None
    last: EventMention | None = None
    dated_at: tuple[int, int] = (-9, -9)
    source: Span | None = None
    called: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    focus: dict[int, NamedPlace] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One candidate in its place: the article's scene, the number and offset of its passage, its sentence."""

    scene: Scene
    memory: Memory
    number: int
    offset: int
    candidate: Candidate
    quote: Span

    def shift(self, span: Span | None) -> Span | None:
        """A span of the passage as a span of the article."""
        if span is None:
            return None
        return Span(span.start + self.offset, span.end + self.offset, span.text)

    @property
    def nominal(self) -> bool:
        """True if a noun states the event ("the capture of X")."""
        return self.candidate.rule.endswith("nominal")

    @property
    def strict(self) -> bool:
        """True for an everyday word ("take", "leave") that needs an armed actor beside it."""
        word, _, kind = self.candidate.rule.split("/")[0].rpartition(".")
        if kind != "v":
            return False
        first = word.split("_")[0].split("+")[0]
        return any("_".join(t.words) == word and t.strict for t in load_lexicon().verbs.get(first, ()))

    def armed_near(self) -> bool:
        """Whether an armed actor is named in the passage or the one before it."""
        start, end = self.scene.spans[max(0, self.number - 1)][0], self.scene.spans[self.number][1]
        return any(start <= a < end and actor.kind != "civilian" for a, _, actor in self.scene.actors)
