from __future__ import annotations

import re
import time

import pytest

from frontlog.places.gazetteer import Gazetteer
from frontlog.places.ranking import context_countries, country_of_article, geo_precision, resolve
from frontlog.places.surface import country_of, country_spans, cues, readings
from frontlog.records import Place, PlaceMention, ResolvedPlace

_MARK = re.compile(r"<(?P<label>[A-Z]+)(?:=(?P<want>[^>]*))?>(?P<text>.*?)</>", re.DOTALL)


def _marked(marked: str) -> tuple[str, list[PlaceMention], list[str]]:
    """A text with ``<GPE=wanted>words</>`` marks -> bare text, mentions, what each should become."""
    text, mentions, wanted, last = "", [], [], 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        mentions.append(PlaceMention(len(text), len(text) + len(mark["text"]), mark["text"], mark["label"]))
        wanted.append(mark["want"] or "")
        text += mark["text"]
        last = mark.end()
    return text + marked[last:], mentions, wanted


def _short(answer: ResolvedPlace) -> str:
    place = answer.place
    return "" if place is None else f"{place.name} {place.country} {place.feature_code[:3]}"


@pytest.mark.parametrize(
    "marked",
    [
        # namesakes: the article's other places decide
        "Militias shelled <GPE=Tripoli LY PPL>Tripoli</> after leaving <GPE=Misratah LY PPL>Misrata</>.",
        "Clashes in <GPE=Tripoli LB PPL>Tripoli</> spread to <GPE=Beirut LB PPL>Beirut</>.",
        "The cathedral of <GPE=Córdoba ES PPL>Cordoba</> is older than <GPE=Sevilla ES PPL>Seville</>'s.",
        # the place that contains it
        "Shells fell on <GPE=Şūrān SY PPL>Souran</>, northern <GPE=Ḩamāh SY PPL>Hama</>, on Monday.",
        "The army took <GPE=Al Qā’im IQ PPL>Qaim</>, <GPE=Iraq IQ PCL>Iraq</>, near the Syrian border.",
        "A fire burned in <GPE=Paducah US PPL>Paducah</>, Ky., on Monday.",
        "Police in <GPE=Moscow US PPL>Moscow</>, <GPE=Idaho US ADM>Idaho</>, made an arrest.",
        # the words around
        "The city of <GPE=Idlib SY PPL>Idlib</>, not <GPE=Idlib SY ADM>Idlib</> province, in Syria.",
        "From <GPE=Anbar IQ ADM>Anbar province</> to the Iraqi town of <GPE=Al Ḩawījah IQ PPL>Hawija</>.",
        "Jets hit the <GPE=Deir ez-Zor SY ADM>Deir el-Zour</> countryside in Syria.",
        "Shelling hit eastern <GPE=Aleppo SY PPL>Aleppo</>, in Syria.",
        "The <GPE=Ar Raqqah SY PPL>Syrian Raqqa</> front was quiet.",
        "Rebels in <GPE=North Kivu CD ADM>North Kivu</> took <GPE=Goma CD PPL>Goma</>.",
        # people, organisations and peoples are no places
        "<PERSON=>Paris Hilton</> met <NORP=>Syrian</> envoys of the <ORG=>University of Texas</>.",
        "The <GPE=>Syrian</> army said so.",
        # none of these: an unknown village is not moved to another continent
        "Fighters took the village of <GPE=>Harfat Zubayd</> near <GPE=Homs SY PPL>Homs</> in Syria.",
        "Syrian rebels overran <GPE=>Chapada</> in the <GPE=Idlib SY ADM>Idlib</> countryside of Syria.",
        # one sense per article
        "<GPE=Sirte LY PPL>Sirte</> fell. Libya's army said <GPE=Sirte LY PPL>Sirte</> was calm.",
        # countries in their short forms
        "The <GPE=United States US PCL>U.S.</> warned <GPE=United Kingdom GB PCL>Britain</>.",
    ],
)
def test_marked_sentences(gazetteer: Gazetteer, marked: str) -> None:
    text, mentions, wanted = _marked(marked)
    answers = resolve(mentions, text, gazetteer)
    assert [_short(answer) for answer in answers] == wanted
    assert [answer.mention for answer in answers] == mentions
    for answer in answers:
        assert answer.reason
        assert 0 <= answer.score <= 1


def test_dateline_and_hints_decide_where_the_text_does_not(gazetteer: Gazetteer) -> None:
    text = "TRIPOLI - Gunmen closed the port."
    mention = PlaceMention(0, 7, "TRIPOLI", "GPE")
    assert _short(resolve([mention], text, gazetteer)[0]) == "Tripoli LY PPL"
    assert _short(resolve([mention], text, gazetteer, dateline="Beirut")[0]) == "Tripoli LB PPL"
    assert _short(resolve([mention], text, gazetteer, hints=["Lebanon"])[0]) == "Tripoli LB PPL"


def test_order_of_mentions_changes_nothing(gazetteer: Gazetteer) -> None:
    text, mentions, _ = _marked(
        "From <GPE>Mosul</> troops went to <GPE>Tal Afar</>, <GPE>Sinjar</> and <GPE>Rawa</>, <GPE>Iraq</>."
    )
    there = resolve(mentions, text, gazetteer)
    back = resolve(mentions[::-1], text, gazetteer)
    assert there == back[::-1]


def test_nothing_in_nothing_out(gazetteer: Gazetteer) -> None:
    assert resolve([], "", gazetteer) == []
    (answer,) = resolve([PlaceMention(0, 0, "", "GPE")], "", gazetteer)
    assert answer.place is None


def test_demonyms_on_request(gazetteer: Gazetteer) -> None:
    mention = PlaceMention(0, 6, "Syrian", "GPE")
    assert _short(resolve([mention], "Syrian troops", gazetteer, demonyms=True)[0]) == "Syria SY PCL"


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Iraqi troops crossed from Iraq into Syria", {"IQ": 2, "SY": 1}),
        ("South Sudan's army", {"SS": 1}),
        ("they told us that turkey is served", {}),
        ("U.S. and US officials", {"US": 2}),
        ("a Georgia town", {}),
        ("Syrian-Turkish talks", {"SY": 1, "TR": 1}),
        ("US-backed fighters", {"US": 1}),
        ("DR Congo and the Democratic Republic of Congo", {"CD": 2}),
        ("", {}),
    ],
)
def test_context_countries(text: str, counts: dict[str, int]) -> None:
    assert dict(context_countries(text)) == counts


def test_country_spans_slice_back() -> None:
    text = "Syria’s army, Iraq's Mosul; the U.S. and North Korea."
    assert [text[s.start : s.end] for s in country_spans(text)] == ["Syria", "Iraq", "U.S.", "North Korea"]


@pytest.mark.parametrize(
    ("text", "name", "kind", "country"),
    [
        ("the Iraqi border town of Qaim fell", "Qaim", "settlement", "IQ"),
        ("in Anbar province", "Anbar", "region", None),
        ("Qaim, an Iraqi border town, fell", "Qaim", None, "IQ"),
        ("Turkish-backed rebels seized Azaz", "Azaz", None, None),
        ("Syria's Idlib was hit", "Idlib", None, "SY"),
        ("the Syrian army left Homs", "Homs", None, None),
    ],
)
def test_cues(text: str, name: str, kind: str | None, country: str | None) -> None:
    start = text.index(name)
    found = cues(text, start, start + len(name))
    assert (found.kind, found.country) == (kind, country)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Deir el-Zour province", ("Deir el-Zour", "region", None)),
        ("the city of Homs", ("Homs", "settlement", None)),
        ("northern Hama countryside", ("Hama", "region", None)),
        ("Syria's Raqqa", ("Raqqa", None, "SY")),
        ("Tabqa airbase", ("Tabqa", "facility", None)),
        ("Mosul", ("Mosul", None, None)),
        ("West Point", ("Point", None, None)),
    ],
)
def test_readings_end_with_the_bare_name(text: str, last: tuple[str, str | None, str | None]) -> None:
    reading = readings(text)[-1]
    assert (reading.name, reading.kind, reading.country) == last
    assert readings(text)[0].stripped == 0


@pytest.mark.parametrize("word", ["Kurdish", "Hilton", "us", "turkey", "Islamic"])
def test_words_of_no_country(word: str) -> None:
    assert country_of(word) is None


@pytest.mark.parametrize(
    ("code", "relation", "precision"),
    [
        ("PPL", "at", 1),
        ("PPLC", "near", 2),
        ("ADM1", "at", 3),
        ("PCLI", "near", 3),
        ("STM", "at", 2),
        ("AIRB", "at", 1),
    ],
)
def test_geo_precision(code: str, relation: str, precision: int) -> None:
    assert geo_precision(Place(None, "", code, None, None, 0.0, 0.0), relation) == precision


def test_hostile_text_is_read_in_linear_time(gazetteer: Gazetteer) -> None:
    text = "Syria " * 20000 + "the " * 20000 + "A. " * 20000 + "x" * 100000
    mentions = [PlaceMention(i * 6, i * 6 + 5, "Syria", "GPE") for i in range(500)]
    mentions.append(PlaceMention(len(text) - 100000, len(text), "x" * 100000, "GPE"))
    before = time.process_time()
    resolve(mentions, text, gazetteer)
    assert time.process_time() - before < 5


def test_country_of_article(gazetteer: Gazetteer) -> None:
    text, mentions, _ = _marked(
        "Syrian rebels left <GPE>Homs</> for <GPE>Xqzzvwkpt</>, the Syrian army said."
    )
    assert country_of_article(resolve(mentions, text, gazetteer), text) == "SY"
    assert country_of_article([], "nothing of the kind") is None
    assert country_of_article([], "Iraq, Iran, Kuwait and Jordan") is None
