"""Makes articles whose copies are known: a seeded generator of what syndication does to wire stories.

    python benchmarks/syndication.py --articles 10000 --seed 1 --out FILE.jsonl [--giants 2] [--corpora PATH]

Each line of FILE is a record as ``frontlog run`` reads it (``id, title, text, published, publisher``) and three fields
with the truth: ``story`` (articles with the same value are copies), ``role`` and ``edit`` (see ``ROLES`` and
``EDITS``). The text is our own prose, out of a grammar and word lists with a Zipf-like distribution; stories of one
topic share people, places, vocabulary, background paragraphs and, where two agencies heard the same speaker,
quotes. ``--corpora`` takes the articles of a folder or JSONL file in its place, each used once; then there are
as many articles as they are enough for. Of texts that share a run of twelve words only the first is taken, since copies
that nobody has marked would count as errors.

The same seed gives the same bytes. What is random is drawn for each topic from a generator of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from bisect import bisect
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

# What an article is: the wire text as its agency sent it, a copy of it, a brief cut out of it; and what
# stands near a story and is none of its copies.
ROLES = ("wire", "copy", "brief", "follow-up", "weekly", "same topic", "digest", "furniture")
# How a copy was edited: the kind that it is named after; sites add furniture and typography to any of them.
EDITS = (
    "headline",
    "cut",
    "insert",
    "move",
    "captions",
    "furniture",
    "typography",
    "rewrite",
    "mixed",
    "brief",
)

Record = dict[str, Any]
Paragraphs = list[str]

# --- words ----------------------------------------------------------------------------------------
# The most frequent first: a word is drawn with a weight of 1 / (rank + 3).

NOUNS = """attack troops city town government forces people area group war fighters officials army control weeks
fighting province state region village country security road border police residents base district east
north south part day night leader minister campaign territory airport militants operation offensive battle
camp soldiers peace talks agreement ceasefire siege hospital market bridge river hill checkpoint convoy
truck tank weapon mortar rocket shell drone jet helicopter strike raid ambush clash advance retreat
withdrawal capture loss victory defeat front line position post barracks compound prison school mosque
church shop house street square station port ship boat pipeline refinery field well dam plant factory mine
farm crop harvest food water fuel medicine aid shelter tent blanket refugee family woman child man boy
girl doctor nurse teacher driver farmer trader worker student lawyer judge mayor governor general colonel
captain commander deputy spokesman envoy diplomat ambassador adviser analyst monitor observer witness
journalist photographer activist volunteer recruit deserter prisoner hostage victim survivor widow orphan
relative neighbour crowd protest march strike election vote ballot poll parliament party coalition cabinet
council committee court tribunal inquiry report document statement letter leaflet broadcast interview
conference summit visit meeting deal accord treaty truce pledge promise demand threat warning deadline
sanction embargo budget salary price tax currency bank loan debt trade export contract company engineer
technician electricity power cable telephone network radio television newspaper website message rumour
claim denial accusation complaint apology rule law decree curfew emergency crisis disaster flood drought
famine disease outbreak clinic ward bed wound injury death toll body grave funeral mourner flag anthem
uniform rifle bullet grenade mine trench wall fence gate tower roof window cellar stairs yard orchard
garden valley ridge mountain pass plain desert forest lake coast island harbour railway train bus lorry
motorcycle donkey horse sheep goat bread rice flour sugar tea charcoal wood brick cement steel oil gas
gold diamond timber cotton""".split()
ADJECTIVES = """new main former local military last heavy several armed northern southern eastern western large small
senior foreign key nearby central regional recent early late strategic rebel loyal joint civilian
religious ethnic political humanitarian international national fierce bloody sudden quiet empty crowded
narrow wide long short old young poor rich wounded missing displaced besieged deserted burnt damaged
abandoned fortified mined flooded dusty muddy frozen remote coastal rural urban tribal Sunni Christian
secular moderate hardline breakaway interim provisional acting elected retired exiled unarmed masked
exhausted angry anxious cautious defiant hopeful bitter fragile costly deadly failed planned secret public
official private rare frequent repeated steady slow rapid brief final first second third winter summer
spring autumn weekly daily annual half-finished ageing crude home-made improvised stray distant outlying""".split()
VERBS = """reached held left hit took saw sent told made kept lost gave brought found used shelled closed opened
blocked cleared crossed attacked defended seized guarded searched surrounded repaired rebuilt damaged
destroyed burned looted emptied evacuated visited inspected warned accused blamed praised thanked
criticised joined deserted trained armed paid fed housed treated buried counted watched filmed followed
chased stopped detained questioned released exchanged freed threatened supported backed rejected accepted
offered promised demanded announced ordered postponed cancelled began resumed delayed finished discussed
signed broke respected ignored reported recorded confirmed doubted disputed recalled described planned
prepared organised led commanded replaced dismissed appointed elected represented recognised favoured
loaded unloaded carried dragged pushed pulled lifted dropped threw fired aimed mined shut sealed smuggled
sold bought taxed confiscated collected distributed shared stored hid abandoned occupied entered circled
passed""".split()
ADVERBS = """again slowly quickly heavily largely partly openly quietly repeatedly briefly once twice already barely
nearly mostly reportedly apparently allegedly deliberately publicly privately formally finally eventually
immediately overnight together alone unopposed unharmed unexpectedly""".split()
PREPOSITIONS = (
    "in near from to with for under after before outside against behind along across above through".split()
)
SYLLABLES = """ka to mi re sol dan pi vor leth un gra ste bo quil ne sha mar el ti ru zo ham ja ba dur kel in os ye fa
ghu len ta qa mo sir ed va nor""".split()
TITLES = """President Minister General Colonel Governor Mayor spokesman commander Captain lawmaker activist Dr.
teacher trader analyst envoy""".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
AGENCIES = "Meridian Wire|Continental Press|Harbour News Agency|Orient Dispatch|Union Press".split("|")

# A slot {like this} is filled from SLOTS; few run for more than three words between two of them.
SENTENCES = """{Force} {verb} {town} {when} after {np} {verb} {np} {prep} {np}, {source} said.
{np} {prep} {town} {verb} {np} {adverb}, {source} said {when}.
{Source} said that {force} had {verb} {np} and {verb} {np} {prep} {town}.
{Source} told reporters {np} would not {verb_now} {np} before {np} {verb} {town}.
At least {number} {nouns} were {verb} when {np} {verb} {np} {prep} {town}, according to {source}.
“{Quote},” {source} said {prep} {np}.
“{Quote},” said {name}, whose {noun} {verb} {np} {when}. “{Quote}.”
{Name} denied that {np} {verb} {np}, and {verb} {np} for {np}.
{Np} {verb} {adverb} {prep} {np}, where {number} {nouns} {verb} {np}.
{When} {force} {verb} {np}, and {np} {verb} {np} {prep} {np}.
{Number} {nouns} and {number} {nouns} {verb} {np} {prep} {town}, {stock_source}.
The {adjective} {noun} of {town} {verb} {np}; {np} {verb} {adverb}.
In {town}, {np} {verb} {np} while {np} {verb} {np} {prep} {np}.
{Force} {verb} {number} {nouns} {prep} {town} and {verb} {adverb} {prep} {np}, {name} said.
{Stock}, but {np} {verb} {np} {prep} {town}.
{Np} that {verb} {np} {when} {verb} {number} {nouns}, {stock_source}.
{Source} {verb} {np} as {adjective} and {adjective}, and said {np} {verb} {np}.
With {np} {verb} and {np} {adverb} {verb}, {force} {verb} {np} {prep} {town}.
It was {np} that {verb} {town}, {source} said, not {np}.
{Name} and {name} {verb} {np} {when} {prep} {town}, {prep} {np}.
Neither {np} nor {np} {verb} {np}, though {source} {verb} {np}.
{Town} {verb} {np} {prep} {np}; its {nouns} {verb} {np}.
“{Quote},” {name} wrote. {Force} {verb} {np} {adverb}.
{Np} cost {number} {nouns}, {source} said, and {np} {verb} {prep} {town}.""".split("\n")
QUOTES = """we {verb} {np} and they {verb} {np}
nobody {verb} {np} {prep} {town}
I {verb} {np} {when}, and my {noun} {verb} {np}
there were {number} {nouns} {prep} {np}, and {np} {verb} {adverb}
{np} will not {verb_now} {np} without {np}
if {np} {verb} {town}, {np} must {verb_now} {np}
this {noun} {verb} us {np} and {np}
what {force} {verb} was {np}, not {np}
they {verb} {np} {adverb} and {verb} {np}""".split("\n")
STOCKS = """the claim could not be independently verified
there was no immediate comment from the government
it was not immediately clear how many people had died
the report could not be confirmed
both sides have accused each other of breaking the truce
thousands of people have fled their homes
the army did not immediately respond to a request for comment
fighting has continued on and off for months
the situation on the ground remains unclear
no group has claimed responsibility for the attack
the death toll was expected to rise""".split("\n")
STOCK_SOURCES = """he said on condition of anonymity
she said, speaking on condition of anonymity because she was not authorised to talk to the press
the state news agency reported
a military source said
residents reached by telephone said
officials said, without giving details
according to a statement released late in the evening""".split("\n")
# Sentences that agencies put into any story of a conflict, whatever the site or topic.
AGENCY_SENTENCES = """The United Nations says that more than half of the population needs help to survive.
Journalists have little access to the area, and much of what is known comes from social media and telephone calls.
The war has killed hundreds of thousands of people and driven millions more from their homes since it began.
The two sides have met several times in neutral capitals, and each time they went home without an agreement.
Human rights groups have accused all parties to the conflict of crimes against civilians.""".split("\n")
CAPTIONS = """Smoke rises over {town} {when}.
{Np} {prep} {town} {when}. ({agency}/{name})
A {noun} walks past {np} in {town}. Photograph: {name}/{agency}
{Name}, {when}, {prep} {np}. File photo: {agency}""".split("\n")
FURNITURE = """Sign up for our {adjective} newsletter and never miss {np}.
Follow us for {adjective} news on {nouns}, {nouns} and {nouns} from {town}.
Read more: {np} {verb} {np} {when}
{Town} is published by {name} and {name}, who {verb} {np} {prep} {np}.
Do you have {np}? Write to our {adjective} desk in {town} and tell us about {np}.
We use cookies to {verb_now} {np}. By going on you accept that {np} {verb} {np}.
Comments that {verb_now} {np} or {verb_now} {nouns} will be removed by {np}.
Support {adjective} journalism: {number} readers {verb} {np} {prep} {np}.
About us. Contact. Terms. {Np} and {np}. Advertise {prep} {np}.
Our {nouns} {verb} {np} {adverb}; please {verb_now} {np} before {np}.
Share this {noun} with {nouns}. Print. Save. Listen to {np}.""".split("\n")
# Nine in ten of the words that light rewriting puts in come from here, where the text has one of them.
SYNONYMS = dict(
    pair.split(":")
    for pair in """\
said:stated told:informed reached:arrived_at held:controlled left:quit hit:struck took:seized saw:watched
attack:assault troops:soldiers city:town town:city area:zone fighters:militants army:military weeks:days
road:highway people:civilians officials:authorities near:close_to after:following before:prior_to
killed:slain wounded:injured big:large large:big small:little several:some new:fresh main:principal
heavy:intense nearby:neighbouring recent:latest began:started stopped:halted bought:purchased about:around
more:over also:too however:but many:numerous villages:hamlets clashes:fighting border:frontier
told:informed former:ex government:regime forces:units children:youngsters houses:homes shop:store
lorry:truck telephone:phone reporters:journalists captured:seized destroyed:wrecked damaged:hit
warned:cautioned demanded:insisted_on when:as while:as residents:inhabitants immediately:at_once
wrote:said help:aid comment:remark reported:said the_army:troops fled:escaped""".split()
)
# British and American spellings; applied in either direction.
SPELLINGS = """neighbour:neighbor harbour:harbor honour:honor rumour:rumor labour:labor favoured:favored
criticised:criticized organised:organized recognised:recognized authorised:authorized defence:defense
centre:center programme:program metre:meter theatre:theater travelled:traveled grey:gray ageing:aging
armoured:armored kilometre:kilometer""".split()


# --- prose ----------------------------------------------------------------------------------------


class Prose:
    """Our own news-like text: a topic's words, people and places, and sentences made with them."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.towns = [self._name(rng) for _ in range(rng.randint(6, 14))]
        self.people = [f"{self._name(rng)} {self._name(rng)}" for _ in range(rng.randint(8, 16))]
        self.titles = [rng.choice(TITLES) for _ in self.people]
        self.forces = [
            rng.choice(pattern).format(self._name(rng), rng.choice(NOUNS), rng.choice(ADJECTIVES))
            for pattern in [
                ["government troops", "the army", "soldiers of the {2} {1}", "the {0} army"],
                ["rebels", "the rebels of the {0} Front", "{0} fighters", "the {0} Brigades"],
                ["the {2} militia of {0}", "the {0} Guard", "tribal fighters", "{0} militiamen"],
            ]
        ]
        # Each topic has words of its own in front, so that its stories sound alike.
        self.words = {
            "noun": _weighted(rng.sample(NOUNS, 40) + NOUNS),
            "adjective": _weighted(rng.sample(ADJECTIVES, 15) + ADJECTIVES),
            "verb": _weighted(rng.sample(VERBS, 25) + VERBS),
            "adverb": _weighted(ADVERBS),
            "prep": _weighted(PREPOSITIONS),
            "town": _weighted(self.towns),
            "force": _weighted(self.forces),
            "stock": _weighted(STOCKS),
            "stock_source": _weighted(STOCK_SOURCES),
        }

    def story(self, n_words: int) -> Paragraphs:
        """About so many words of a new text, in paragraphs of one to three sentences."""
        return self._paragraphs(SENTENCES, n_words)

    def furniture(self, n_words: int) -> Paragraphs:
        """About so many words of what a site puts around its articles."""
        return self._paragraphs(FURNITURE, n_words)

    def headline(self) -> str:
        """A headline, without a full stop."""
        return self.fill("{Force} {verb} {np}, {np} {verb}")

    def quote(self) -> str:
        """Two sentences of direct speech with their speaker."""
        return self.fill(f"“{{Quote}},” {{source}} said {{when}}. “{_upper(self.rng.choice(QUOTES))}.”")

    def caption(self) -> str:
        """A photograph's caption."""
        return self.fill(self.rng.choice(CAPTIONS))

    def _paragraphs(self, patterns: Sequence[str], n_words: int) -> Paragraphs:
        made: Paragraphs = []
        while n_words > 0:
            sentences = [
                _upper(self.fill(self.rng.choice(patterns))) for _ in range(self.rng.choice((1, 2, 2, 3)))
            ]
            made.append(_A.sub("an", " ".join(sentences)))
            n_words -= made[-1].count(" ") + 1
        return made

    def fill(self, pattern: str) -> str:
        """The pattern with its slots filled; an initial capital in a slot asks for one."""
        out = []
        for literal, slot in _parts(pattern):
            out.append(literal)
            if slot:
                filled = self._slot(slot.lower())
                out.append(_upper(filled) if slot[0].isupper() else filled)
        return "".join(out)

    def _slot(self, slot: str) -> str:
        rng = self.rng
        if slot in self.words:
            words, weights = self.words[slot]
            return words[bisect(weights, rng.random() * weights[-1])]
        if slot == "np":
            return self.fill(_NOUN_PHRASES[int(rng.random() * len(_NOUN_PHRASES))])
        if slot == "nouns":
            return _plural(self._slot("noun"))
        if slot == "verb_now":
            return rng.choice(("leave", "accept", "take", "hold", "reach", "defend", "cross", "see", "give"))
        if slot == "source":
            who = int(rng.random() ** 2 * len(self.people))
            short = self.people[who].split()[1]
            return rng.choice((f"{self.titles[who]} {self.people[who]}", short, self._slot("noun_source")))
        if slot == "noun_source":
            return self.fill(
                rng.choice(("a {noun} of {town}", "{adjective} officials", "the {noun}", "two {nouns}"))
            )
        if slot == "name":
            return rng.choice(self.people)
        if slot == "number":
            return rng.choice((str(rng.randint(2, 99)), f"{rng.randint(1, 30)},{rng.randint(0, 9)}00",
                               rng.choice(("two", "dozens of", "hundreds of", "three", "some"))))  # fmt: skip
        if slot == "when":
            return rng.choice((f"on {rng.choice(DAYS)}", f"late on {rng.choice(DAYS)}", "last week", "overnight",
                               f"in {rng.choice(('April', 'May', 'October', 'January'))}",
                               f"on {rng.choice(('Nov.', 'June', 'March'))} {rng.randint(1, 28)}"))  # fmt: skip
        if slot == "quote":
            return self.fill(rng.choice(QUOTES))
        if slot == "agency":
            return rng.choice(AGENCIES)
        raise KeyError(slot)

    @staticmethod
    def _name(rng: random.Random) -> str:
        name = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 2, 3)))).capitalize()
        return f"{rng.choice(('al', 'Deir', 'Tel', 'el'))}-{name}" if rng.random() < 0.12 else name


_NOUN_PHRASES = (
    "the {noun}", "the {adjective} {noun}", "a {noun}", "{nouns}", "{adjective} {nouns}", "the {noun}",
    "the {noun} of {town}", "{number} {nouns}", "a {adjective} {noun}", "the {noun} {prep} the {adjective} {noun}",
    "{force}", "{name}",
)  # fmt: skip


class UsedUpError(Exception):
    """Every text of a collection has been handed out."""


class Collected(Prose):
    """Texts of a folder or file, each handed out once, under the same interface as our own prose.

    ``story`` raises ``UsedUpError`` when none is left. Captions, furniture and headlines stay our own.
    """

    def __init__(self, rng: random.Random, articles: Iterator[Paragraphs]) -> None:
        super().__init__(rng)
        self._articles = articles

    def story(self, n_words: int) -> Paragraphs:
        """A text that nobody had yet, cut to about so many words where it is longer."""
        text = next(self._articles, None)
        if text is None:
            raise UsedUpError
        return shortened(text, n_words)


def collected(path: Path) -> Iterator[Paragraphs]:
    """The texts of a folder (``.txt``, ``.md``, ``.jsonl``) or JSONL file that share no run of twelve words."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    seen: set[int] = set()
    for file in files:
        if file.suffix in {".txt", ".md"}:
            texts = [file.read_text(encoding="utf-8", errors="replace")]
        elif file.suffix == ".jsonl":
            with file.open(encoding="utf-8") as lines:
                texts = [json.loads(line).get("text", "") for line in lines]
        else:
            continue
        for text in texts:
            words = re.findall(r"\w+", text.lower())
            runs = {hash(tuple(words[i : i + 12])) for i in range(len(words) - 11)}
            if len(words) < 60 or runs & seen:
                continue
            seen |= runs
            paragraphs = [p for p in re.split(r"\n\s*\n", text) if p.strip()]
            yield paragraphs if len(paragraphs) > 3 else _in_paragraphs(text)


def _in_paragraphs(text: str) -> Paragraphs:
    sentences = re.split(r"(?<=[.!?])\s+", text.strip())
    return [" ".join(sentences[i : i + 2]) for i in range(0, len(sentences), 2)]


_A = re.compile(r"\ba(?= [aeiou])")


@cache
def _parts(pattern: str) -> tuple[tuple[str, str], ...]:
    pieces = re.split(r"\{(\w+)\}", pattern)
    return tuple(zip(pieces[::2], [*pieces[1::2], ""], strict=True))


def _weighted(words: Sequence[str]) -> tuple[Sequence[str], list[float]]:
    return words, list(accumulate(1 / (rank + 3) for rank in range(len(words))))


def _upper(text: str) -> str:
    """The first letter in upper case; in a pattern, that of the slot it begins with."""
    at = 1 if text.startswith("{") else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def _plural(noun: str) -> str:
    if noun.endswith(("men", "people", "troops", "forces", "police", "s", "aid")):
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeou" else f"{noun}s"


# --- what editors do ------------------------------------------------------------------------------


def n_words(paragraphs: Paragraphs) -> int:
    """White-space separated words."""
    return sum(len(paragraph.split()) for paragraph in paragraphs)


def shortened(paragraphs: Paragraphs, words: int) -> Paragraphs:
    """The first sentences up to about so many words; at least one."""
    kept: Paragraphs = []
    for paragraph in paragraphs:
        sentences = re.split(r"(?<=[.!?”]) (?=[A-Z“])", paragraph)
        chosen: list[str] = []
        for sentence in sentences:
            if words <= 0 and (kept or chosen):
                break
            chosen.append(sentence)
            words -= len(sentence.split())
        if chosen:
            kept.append(" ".join(chosen))
        if words <= 0:
            break
    return kept


def cut(paragraphs: Paragraphs, rng: random.Random) -> Paragraphs:
    """Paragraphs left out, 15 to 50 in 100: mostly from the end, else anywhere below the lead."""
    keep = max(2, round(len(paragraphs) * rng.uniform(0.5, 0.85)))
    if rng.random() < 0.5:
        return paragraphs[:keep]
    below = sorted(rng.sample(range(1, len(paragraphs)), min(keep, len(paragraphs)) - 1))
    return [paragraphs[0], *(paragraphs[i] for i in below)]


def insert(paragraphs: Paragraphs, rng: random.Random, prose: Prose) -> Paragraphs:
    """A desk's own paragraphs put in, 10 to 60 words for each 100 of the text; rarely above the lead."""
    new = prose.story(int(n_words(paragraphs) * rng.uniform(0.1, 0.6)))
    made = list(paragraphs)
    for paragraph in new:
        made.insert(rng.randint(0 if rng.random() < 0.15 else 1, len(made)), paragraph)
    return made


def move(paragraphs: Paragraphs, rng: random.Random) -> Paragraphs:
    """One to four paragraphs moved, the lead too in one case of six."""
    made = list(paragraphs)
    for _ in range(rng.randint(1, 4)):
        first = 0 if rng.random() < 0.17 else min(1, len(made) - 1)
        made.insert(rng.randint(first, len(made) - 1), made.pop(rng.randint(first, len(made) - 1)))
    return made


def typography(paragraphs: Paragraphs, rng: random.Random) -> Paragraphs:
    """Other quotes and hyphens; apostrophes, commas, full stops of initials or whole paragraphs lost."""
    changes: list[Callable[[str], str]] = [
        lambda t: t.replace("“", '"').replace("”", '"').replace("’", "'"),
        lambda t: t.replace("'", "").replace("’", ""),
        lambda t: re.sub(r"(?<=[a-z])-(?=[A-Za-z])", "- ", t),
        lambda t: re.sub(r"(?<=[a-z])-(?=[A-Za-z])", "\u2010", t),
        lambda t: re.sub(r"(\d),(\d{3})", r"\1\2", t),
        lambda t: t.replace(",", ""),
        lambda t: t.replace(" - ", " — ").replace("...", "…"),
        lambda t: re.sub(r"(?<=[a-z]{3}\.) ", "", t, count=1),
    ]
    for change in rng.sample(changes, rng.randint(1, 4)):
        paragraphs = [change(paragraph) for paragraph in paragraphs]
    return [" ".join(paragraphs)] if rng.random() < 0.2 else list(paragraphs)


def rewrite(paragraphs: Paragraphs, rng: random.Random, prose: Prose) -> Paragraphs:
    """Words replaced (3 to 11 in 100), attributions moved, "that" and "on" dropped, spelling turned over."""
    rate, american = rng.uniform(0.03, 0.11), rng.random() < 0.5
    moved = rng.random() < 0.6
    return [_rewritten(paragraph, rng, prose, rate, american, moved) for paragraph in paragraphs]


_ATTRIBUTION = re.compile(r"^([^“”]{25,}), ([\w. -]{4,40}) said\.$")


def _rewritten(text: str, rng: random.Random, prose: Prose, rate: float, american: bool, moved: bool) -> str:
    for pair in SPELLINGS:
        british, other = pair.split(":")
        text = text.replace(british, other) if american else text.replace(other, british)
    sentences = re.split(r"(?<=[.!?”]) (?=[A-Z“])", text)
    if moved:
        sentences = [
            f"{_upper(m[2])} said {m[1][0].lower()}{m[1][1:]}." if (m := _ATTRIBUTION.match(s)) else s
            for s in sentences
        ]
    words = " ".join(sentences).split(" ")
    for i, word in enumerate(words):
        if rng.random() >= rate:
            continue
        bare = word.strip(".,;:“”\"'")
        if word in {"that", "on"}:
            words[i] = ""
        elif bare in SYNONYMS and rng.random() < 0.9:
            words[i] = word.replace(bare, SYNONYMS[bare].replace("_", " "))
        elif bare in _SLOT_OF:
            words[i] = word.replace(bare, prose.fill(_SLOT_OF[bare]))
        elif word.isalpha() and word.islower():
            words[i] = f"{word} {prose.fill('{adverb}')}"
    return " ".join(word for word in words if word)


_SLOT_OF = {word: slot for slot, words in (("{noun}", NOUNS), ("{adjective}", ADJECTIVES), ("{verb}", VERBS))
            for word in words}  # fmt: skip


def brief(paragraphs: Paragraphs, rng: random.Random) -> Paragraphs:
    """80 to 180 words cut out of the whole: its first sentences, or the lead and something from below."""
    words = rng.randint(80, 180)
    if rng.random() < 0.7 or len(paragraphs) < 5:
        return shortened(paragraphs, words)
    at = rng.randint(2, len(paragraphs) - 2)
    return shortened([*shortened(paragraphs[:1], words // 2), *paragraphs[at:]], words)


# --- sites and articles ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """An outlet and what it leaves around its articles; ``share`` of them keep some of it after cleaning."""

    name: str
    top: Paragraphs
    bottom: Paragraphs
    share: float


@dataclass
class Wire:
    """A story as the agency sent it: where copies, follow-ups and digests take their text from."""

    story: str
    title: str
    paragraphs: Paragraphs
    day: date
    agency: str


@dataclass
class World:
    """What all topics share: sites, common furniture, the wires and headlines of the last days."""

    sites: list[Site]
    common: list[Paragraphs]
    recent: deque[Wire] = field(default_factory=lambda: deque(maxlen=60))
    n_articles: int = 0
    n_stories: int = 0

    def record(
        self, story: str, role: str, edit: str, title: str, text: Paragraphs, day: date, rng: random.Random,
        site: Site | None = None,
    ) -> Record:  # fmt: skip
        """An article of a site, with what that site adds."""
        site = site or self.sites[int(rng.random() ** 1.5 * len(self.sites))]
        paragraphs = [title, *text] if rng.random() < 0.7 else list(text)
        if edit == "furniture" or role == "furniture" or rng.random() < site.share:
            paragraphs = self._dressed(
                paragraphs, site, rng, whole=edit == "furniture" or role == "furniture"
            )
        if edit not in {"typography", "wire"} and rng.random() < 0.25:
            paragraphs = typography(paragraphs, rng)
        self.n_articles += 1
        return {
            "id": f"a{self.n_articles:06d}",
            "title": title,
            "text": "\n\n".join(paragraphs),
            "published": (day + timedelta(days=rng.choice((0, 0, 0, 1, 2)))).isoformat(),
            "publisher": site.name,
            "story": story,
            "role": role,
            "edit": edit,
        }

    def _dressed(self, paragraphs: Paragraphs, site: Site, rng: random.Random, whole: bool) -> Paragraphs:
        top = site.top if whole or rng.random() < 0.3 else []
        bottom = list(site.bottom) if whole or rng.random() < 0.7 else site.bottom[:1]
        if rng.random() < 0.4 and self.recent:
            titles = [wire.title for wire in rng.sample(list(self.recent), min(4, len(self.recent)))]
            bottom.insert(0, "Related stories: " + " | ".join(titles))
        if rng.random() < 0.3:
            bottom += rng.choice(self.common)
        return [*top, *paragraphs, *bottom]

    def new_story(self) -> str:
        """The next story's name."""
        self.n_stories += 1
        return f"s{self.n_stories:06d}"


def _sites(n_articles: int, rng: random.Random) -> list[Site]:
    sites = []
    for number in range(40 + n_articles // 250):
        prose = Prose(rng)
        sites.append(
            Site(
                name=f"{prose.towns[0]} {rng.choice(('Times', 'Post', 'Online', 'Herald', 'Today'))} {number}",
                top=prose.furniture(rng.randint(8, 60)) if rng.random() < 0.5 else [],
                bottom=prose.furniture(rng.randint(20, 140)),
                share=rng.choice((0.0, 0.05, 0.2, 0.6)),
            )
        )
    return sites


# --- topics ---------------------------------------------------------------------------------------


def articles(n_articles: int, seed: int, giants: int = 0, corpora: Path | None = None) -> Iterator[Record]:
    """So many records with their truth, topic by topic; fewer if ``corpora`` has not text enough.

    ``giants`` is the number of stories of 500 copies among them. Raises ``ValueError`` if ``corpora`` holds no
    article.
    """
    rng = random.Random(f"{seed}-world")
    common = [Prose(rng).furniture(rng.randint(25, 110)) for _ in range(8)]
    world = World(_sites(n_articles, rng), common)
    texts = collected(corpora) if corpora else None
    number = 0
    while world.n_articles < n_articles:
        own = random.Random(f"{seed}-topic-{number}")
        prose = Collected(own, texts) if texts else Prose(own)
        before = world.n_articles
        try:
            made = list(_topic(world, prose, giant=number < giants))
        except UsedUpError:
            if not before:
                raise ValueError(f"no article of 60 words or more in {corpora}") from None
            return
        yield from made[: n_articles - before]
        number += 1


def _topic(world: World, prose: Prose, giant: bool) -> list[Record]:
    """All stories of one topic, what stands beside them, and the digests of its days."""
    rng = prose.rng
    day = date(2012, 1, 1) + timedelta(days=rng.randint(0, 2500))
    background = prose.story(rng.randint(150, 450))
    made: list[Record] = []
    for story_number in range(rng.randint(2, 7)):
        wire = _wire(world, prose, day, background)
        made.append(world.record(wire.story, "wire", "wire", wire.title, wire.paragraphs, wire.day, rng))
        made += _copies(world, prose, wire, 500 if giant and story_number == 0 else _n_copies(rng))
        draw = rng.random()
        if draw < 0.35:
            made += _follow_ups(world, prose, wire, background)
        elif draw < 0.5:
            made += _weekly(world, prose, day, background)
        if rng.random() < 0.4:
            made += _same_topic(world, prose, wire)
        if rng.random() < 0.2:
            made += _furniture_only(world, prose, day)
        if rng.random() < 0.15 and len(world.recent) > 5:
            made += _digests(world, prose, day)
        day += timedelta(days=rng.randint(1, 20))
    return made


def _length(rng: random.Random) -> int:
    """Words of a wire story: log-normal, a median of 380, as news agencies write."""
    return int(min(1800, max(90, rng.lognormvariate(5.94, 0.55))))


def _n_copies(rng: random.Random) -> int:
    """Copies beside the wire's own text: none for more than half of the stories, else a long tail."""
    if rng.random() < 0.55:
        return 0
    return min(25, 1 + int(rng.expovariate(0.45)) + (rng.randint(3, 12) if rng.random() < 0.06 else 0))


def _wire(world: World, prose: Prose, day: date, background: Paragraphs) -> Wire:
    rng = prose.rng
    paragraphs = prose.story(_length(rng))
    if rng.random() < 0.5:
        # Background is never more than a third of a story that is none of a series.
        own = n_words(paragraphs)
        chosen = rng.sample(background, min(len(background), rng.randint(1, 3)))
        paragraphs += shortened(chosen, own // 3)
    if rng.random() < 0.35:
        paragraphs.append(rng.choice(AGENCY_SENTENCES))
    agency = rng.choice(AGENCIES)
    if rng.random() < 0.6:
        paragraphs[0] = f"{rng.choice(prose.towns).upper()} ({agency}) - {paragraphs[0]}"
    wire = Wire(world.new_story(), prose.headline(), paragraphs, day, agency)
    world.recent.append(wire)
    return wire


def _copies(world: World, prose: Prose, wire: Wire, n_copies: int) -> Iterator[Record]:
    rng = prose.rng
    for _ in range(n_copies):
        edit = rng.choice(EDITS)
        if edit == "brief" and n_words(wire.paragraphs) < 240:
            edit = "cut"
        title = prose.headline() if edit == "headline" or rng.random() < 0.7 else wire.title
        text = _edited(wire.paragraphs, edit, prose)
        role = "brief" if edit == "brief" else "copy"
        yield world.record(wire.story, role, edit, title, text, wire.day, rng)


def _edited(paragraphs: Paragraphs, edit: str, prose: Prose) -> Paragraphs:
    rng = prose.rng
    match edit:
        case "cut":
            return cut(paragraphs, rng)
        case "insert":
            return insert(paragraphs, rng, prose)
        case "move":
            return move(paragraphs, rng)
        case "captions":
            made = list(paragraphs)
            for _ in range(rng.randint(1, 4)):
                made.insert(rng.randint(0, len(made)), prose.caption())
            return made
        case "typography":
            return typography(paragraphs, rng)
        case "rewrite":
            return rewrite(paragraphs, rng, prose)
        case "brief":
            made = brief(paragraphs, rng)
            return rewrite(made, rng, prose) if rng.random() < 0.2 else made
        case "mixed":
            made = cut(paragraphs, rng)
            made = insert(made, rng, prose) if rng.random() < 0.5 else move(made, rng)
            return rewrite(made, rng, prose) if rng.random() < 0.7 else made
        case _:
            return list(paragraphs)


def _follow_ups(world: World, prose: Prose, wire: Wire, background: Paragraphs) -> Iterator[Record]:
    """A new lead over paragraphs of the first story and of the topic: 25 to 55 words in 100 are old."""
    rng = prose.rng
    for later in range(rng.randint(1, 3)):
        old_part = rng.uniform(0.25, 0.55)
        new = prose.story(int(_length(rng) * (1 - old_part)))
        below = wire.paragraphs[1:]
        old = rng.sample(below, min(len(below), rng.randint(1, 4)))
        old += rng.sample(background, min(len(background), rng.randint(1, 4)))
        old = shortened(old, int(n_words(new) * old_part / (1 - old_part)))
        at = len(new) if rng.random() < 0.6 else rng.randint(2, max(2, len(new)))
        text = [*new[:at], *old, *new[at:]]
        follow_up = Wire(
            world.new_story(), prose.headline(), text, wire.day + timedelta(days=later + 1), wire.agency
        )
        world.recent.append(follow_up)
        yield world.record(follow_up.story, "follow-up", "wire", follow_up.title, text, follow_up.day, rng)
        for record in _copies(world, prose, follow_up, _n_copies(rng) // 2):
            yield record | {"role": "brief" if record["role"] == "brief" else "follow-up"}


def _weekly(world: World, prose: Prose, day: date, background: Paragraphs) -> Iterator[Record]:
    """A series: the same title, opening sentence and closing paragraphs each week, other news in between."""
    rng = prose.rng
    title = prose.fill("Weekly update: {noun} and {noun} in {town}")
    opening, site = prose.fill(rng.choice(SENTENCES)), rng.choice(world.sites)
    fixed = shortened(background, rng.randint(60, 160))
    for week in range(rng.randint(3, 6)):
        news = prose.story(int(n_words(fixed) * rng.uniform(1.1, 2.5)))
        story = world.new_story()
        text = [opening, *news, *fixed]
        yield world.record(story, "weekly", "wire", title, text, day + timedelta(days=7 * week), rng, site)


def _same_topic(world: World, prose: Prose, wire: Wire) -> Iterator[Record]:
    """Another agency's story of the same event: other words, but one or two of the same quotes."""
    rng = prose.rng
    quotes = [p for p in wire.paragraphs if "“" in p]
    text = prose.story(max(150, int(_length(rng) * 0.8)))
    for quote in rng.sample(quotes, min(len(quotes), rng.randint(1, 2))):
        speech = shortened([quote], max(1, n_words(text) // 6))
        text.insert(rng.randint(1, len(text)), speech[0])
    yield world.record(world.new_story(), "same topic", "wire", prose.headline(), text, wire.day, rng)


def _furniture_only(world: World, prose: Prose, day: date) -> Iterator[Record]:
    """Short items of one site that have its whole furniture in common; now and then a site of two items."""
    rng = prose.rng
    if rng.random() < 0.2:
        site = Site(prose.towns[0], [], prose.furniture(rng.randint(30, 90)), 1.0)
    else:
        site = world.sites[int(rng.random() ** 1.5 * len(world.sites))]
    for _ in range(2):
        text = prose.story(rng.randint(60, 160))
        yield world.record(world.new_story(), "furniture", "wire", prose.headline(), text, day, rng, site)


def _digests(world: World, prose: Prose, day: date) -> Iterator[Record]:
    """A round-up: an opening line, and the beginnings of three to nine stories; sometimes syndicated itself.

    Items are of 25 to 130 words, some under a headline; one in four is of a story that no other article tells.
    """
    rng = prose.rng
    items: list[Paragraphs] = []
    recent = list(world.recent)
    for wire in rng.sample(recent[-25:], min(len(recent), 25, rng.randint(3, 9))):
        source = prose.story(120) if rng.random() < 0.25 else wire.paragraphs
        item = shortened(source, rng.randint(25, 130))
        if rng.random() < 0.3:
            item = rewrite(item, rng, prose)
        items.append([wire.title, *item] if rng.random() < 0.4 else item)
    title = prose.fill("World in brief: {noun}, {noun} and {noun}")
    opening = [prose.fill("Here is what you need to know {when}.")] if rng.random() < 0.6 else []
    story = world.new_story()
    for copy in range(rng.choice((1, 1, 1, 2, 3))):
        kept = items if not copy or len(items) < 5 else items[:-1]
        text = [*opening, *(paragraph for item in kept for paragraph in item)]
        yield world.record(story, "digest", "wire" if not copy else "copy", title, text, day, rng)


def main() -> None:
    """Write the records, one a line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--giants", type=int, default=0, help="stories of 500 copies")
    parser.add_argument("--corpora", type=Path, help="a folder or JSONL file of articles to edit")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    with options.out.open("w", encoding="utf-8") as lines:
        for record in articles(options.articles, options.seed, options.giants, options.corpora):
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
