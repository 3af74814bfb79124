"""What a place mention and the words around it say about the kind of place, before any gazetteer is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from frontlog.places.folding import strict
from frontlog.places.tables import abbreviations, country_words, demonym_keys

# Words that name a kind of place, as they stand before ("the town of") or after ("Anbar province") a name.
KINDS = {
    "settlement": (
        "city", "town", "village", "hamlet", "settlement", "municipality", "township", "capital", "suburb",
        "stronghold", "hometown", "seaport", "port city",
    ),
    "region": (
        "province", "governorate", "oblast", "region", "state", "county", "prefecture", "countryside",
        "provinces", "governorates", "republic", "canton", "enclave", "peninsula", "department",
        "territory", "parish",
    ),
    "district": ("district", "districts", "suburbs", "outskirts", "area", "areas"),
    "quarter": (
        "neighborhood", "neighborhoods", "neighbourhood", "neighbourhoods", "quarter", "quarters",
    ),
    "nature": (
        "river", "lake", "valley", "mountain", "mountains", "desert", "island", "islands", "hill", "hills",
        "forest", "gulf", "strait", "plain", "plains", "basin",
    ),
    "facility": (
        "airport", "air base", "airbase", "airfield", "military airport", "base", "military base", "dam",
        "refinery", "oil refinery", "border crossing", "crossing", "checkpoint", "oil field", "oilfield",
        "gas field", "camp", "refugee camp", "prison", "barracks", "bridge", "junction",
        "hospital", "university", "farms", "road", "highway", "port", "border", "front", "axis",
    ),
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
_WORDS = "|".join(sorted(map(re.escape, _KIND_OF), key=len, reverse=True))

_SUFFIX = re.compile(rf"^(?P<name>.{{2,60}}?)[\s-]+(?P<kind>{_WORDS})$", re.IGNORECASE)
_PREFIX = re.compile(rf"^(?:the\s+)?(?P<kind>{_WORDS})\s+of\s+(?P<name>.{{2,60}})$", re.IGNORECASE)
_DIRECTION = re.compile(
    r"^(?:(?:north|south|east|west|central|downtown|greater|inner|rural|mid|upper|lower)(?:ern)?"
    r"|(?:north|south)[- ]?(?:east|west)(?:ern)?|far[- ](?:north|south|east|west)(?:ern)?|northernmost)\s+",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"\s+(?P<kind>{_WORDS})\b", re.IGNORECASE)
_BEFORE = re.compile(
    rf"(?:^|[^\w-])(?P<kind>{_WORDS})(?:\s+of|\s+called|\s+known\s+as)?\s+(?:the\s+)?$", re.IGNORECASE
)
_OWNER = re.compile(
    rf"(?:^|[^\w-])(?P<who>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)(?:['’]?s)?(?:\s+[\w-]+){{0,4}}?\s+"
    rf"(?:{_WORDS})(?:\s+of)?\s+(?:the\s+)?$"
)
_APPOSITION = re.compile(
    rf",?\s+(?:an?|the)\s+(?:[\w-]+\s+){{0,3}}?(?P<who>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)(?:\s+[\w-]+){{0,3}}?\s+(?:{_WORDS})\b"
)
_WORD = re.compile(r"[^\W\d_][\w'’.]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a mention: the name proper, the kind of place it comes with, a country that it names.

    ``stripped`` counts what was taken off: a reading with less stripped is tried first. ``part`` is true for
    "eastern Aleppo": an area of the place.
    """

    name: str
    kind: str | None = None
    country: str | None = None
    stripped: int = 0
    part: bool = False


@lru_cache(maxsize=16384)
def readings(text: str) -> tuple[Reading, ...]:
    """The readings of a mention, the least changed first.

    >>> [(r.name, r.kind) for r in readings("Deir el-Zour province")]
    [('Deir el-Zour province', None), ('Deir el-Zour', 'region')]
    >>> [(r.name, r.country) for r in readings("Syria's Raqqa")][-1]
    ('Raqqa', 'SY')
    """
    name = " ".join(text.split()).strip(" ,.;:()[]\"“”'‘")
    if text.strip() in abbreviations():
        return (Reading(abbreviations()[text.strip()], "region"),)
    bare = re.sub(r"^the\s+", "", re.sub(r"(?:['’]s|s['’])$", "", name), flags=re.IGNORECASE)
    found = [Reading(bare)]
    kind = country = None
    part = False
    for step in range(1, 5):
        if match := _PREFIX.match(bare) or _SUFFIX.match(bare):
            bare, kind = match["name"], kind or _KIND_OF[match["kind"].lower()]
        elif match := _DIRECTION.match(bare):
            bare, part = bare[match.end() :], True
        elif owner := _leading_country(bare):
            bare, country = owner
        else:
            break
        if len(bare) < 2:
            break
        found.append(Reading(bare, kind, country, step, part))
    return tuple(found)


def _leading_country(name: str) -> tuple[str, str] | None:
    """ "Syrian Raqqa", "Syria's Raqqa", "Syrias Raqqa" -> ("Raqqa", "SY"); None for anything else."""
    words = name.split()
    for size in (2, 1):
        if len(words) > size:
            code = country_of(" ".join(words[:size]))
            possessive = re.search(r"s$|['’]s?$", words[size - 1])
            if code and (possessive or strict(" ".join(words[:size])) in demonym_keys()):
                return " ".join(words[size:]), code
    return None


@lru_cache(maxsize=4096)
def country_of(word: str) -> str | None:
    """Country of a name or demonym, possessive or not; None if it is neither.

    >>> country_of("Iraqi"), country_of("Syria's"), country_of("Kurdish")
    ('IQ', 'SY', None)
    """
    for form in (word, re.sub(r"['’]s?$", "", word), re.sub(r"s$", "", word)):
        if form in country_words():
            return country_words()[form][0]
    return None


@dataclass(frozen=True, slots=True)
class Cues:
    """What the words around one mention say: the kind of place, and the country it lies in."""

    kind: str | None = None
    country: str | None = None


def cues(text: str, start: int, end: int) -> Cues:
    """Reads the forty characters before and the sixty after a mention.

    >>> line = "seized the Iraqi border town of Qaim on Friday"
    >>> cues(line, 32, 36)
    Cues(kind='settlement', country='IQ')
    """
    before, after = text[max(0, start - 70) : start], text[end : end + 70]
    before = re.split(r"[.;:!?]\s", before)[-1]
    kind = country = None
    if match := _AFTER.match(after) or _BEFORE.search(before):
        kind = _KIND_OF[match["kind"].lower()]
    if (match := _OWNER.search(before)) or (match := _APPOSITION.match(after)):
        country = _country_in(match["who"])
    if country is None and (words := before.rstrip().rsplit(maxsplit=1)) and before.endswith(" "):
        country = country_of(words[-1])  # "Syrian Raqqa", "Iraq's Mosul"
        if country and strict(words[-1]) not in demonym_keys() and not re.search(r"['’]s$", words[-1]):
            country = None
    return Cues(kind, country)


def _country_in(words: str) -> str | None:
    return (
        country_of(words)
        or country_of(words.split(maxsplit=1)[0])
        or country_of(words.rsplit(maxsplit=1)[-1])
    )


@dataclass(frozen=True, slots=True)
class CountrySpan:
    """A country's name or demonym in a text."""

    start: int
    end: int
    country: str
    kind: str


def country_spans(text: str) -> list[CountrySpan]:
    """All country names and demonyms of a text, the longest form at each spot; linear in the text's length.

    >>> [(s.country, s.kind) for s in country_spans("South Sudan and Syrian troops told us")]
    [('SS', 'name'), ('SY', 'demonym')]
    """
    words, first, longest = country_words(), _first_words(), _longest()
    tokens = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    spans = []
    i = 0
    while i < len(tokens):
        step = 1
        start = tokens[i][0]
        if _stem(text[start : tokens[i][1]]) in first:
            for size in range(min(longest, len(tokens) - i), 0, -1):
                end = tokens[i + size - 1][1]
                found = next((form for form in _endings(text[start:end]) if form in words), None)
                if found:
                    code, kind = words[found]
                    spans.append(CountrySpan(start, start + len(found), code, kind))
                    step = size
                    break
        i += step
    return spans


def _stem(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.rstrip("."))[:3]


def _endings(form: str) -> tuple[str, ...]:
    """A form as it stands, without a final stop, and without a possessive."""
    return form, form.rstrip("."), re.sub(r"['’]s?$", "", form)


@lru_cache(maxsize=1)
def _first_words() -> frozenset[str]:
    return frozenset(_stem(form.split()[0]) for form in country_words())


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(len(form.split()) + form.count("-") for form in country_words())
