"""What candidates mean within an article: places, dates, parties, and which are events; without a model.

An article is written as marked paragraphs. A tag with an event type makes a candidate (``<capture ongoing>``),
``captor``, ``loser``, ``source``, ``<target settlement>`` and ``<place near>`` in the same sentence fill its
roles, ``report`` marks a time expression that dates the telling. ``|`` opens a section.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontlog.actors import find_actors
from frontlog.dates import find_timexes
from frontlog.events.resolve import resolve_events
from frontlog.events.scene import NamedPlace, Scene, descriptor_of, passages, resolve_dates, section_starts
from frontlog.language.sentences import sentence_starts
from frontlog.records import (
    EVENT_TYPES,
    Article,
    Candidate,
    Cut,
    EventMention,
    PassageAnalysis,
    Piece,
    Place,
    Span,
)

PUBLISHED = date(2017, 11, 4)  # a Saturday
PLACES = [
    Place(None, "Mosul", "PPLA", "Nineveh", "IQ", 36.34, 43.13, 1_740_000),
    Place(None, "Hawija", "PPL", "Kirkuk", "IQ", 35.33, 43.77, 100_000),
    Place(None, "Tal Afar", "PPL", "Nineveh", "IQ", 36.38, 42.45, 160_000),
    Place(None, "Qaim", "PPL", "Anbar", "IQ", 34.38, 41.05, 75_000),
    Place(None, "Anbar", "ADM1", None, "IQ", 33.0, 41.5, 1_700_000),
    Place(None, "Iraq", "PCLI", None, "IQ", 33.0, 44.0, 38_000_000),
]
_TAG = re.compile(r"<(/?)(\w+)(?: (\w+))?>")
_TYPES = {*EVENT_TYPES, "expel"}
_DEPARTURES = ("withdrawal", "surrender", "handover")

Mark = tuple[str, str | None, Span]


def unmark(marked: str) -> tuple[str, list[Mark]]:
    text, position = "", 0
    opened: list[tuple[str, str | None, int]] = []
    marks: list[Mark] = []
    for tag in _TAG.finditer(marked):
        text += marked[position : tag.start()]
        position = tag.end()
        if tag[1]:
            name, value, start = opened.pop()
            marks.append((name, value, Span(start, len(text), text[start:])))
        else:
            opened.append((tag[2], tag[3], len(text)))
    return text + marked[position:], marks


def analysis(marked: str, rule: str) -> tuple[str, PassageAnalysis]:
    text, marks = unmark(marked)
    starts = sentence_starts(text)
    sentences = [(a, len(text[:b].rstrip())) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    timexes = find_timexes(text)
    candidates = []
    for number, (start, end) in enumerate(sentences):
        here = [mark for mark in marks if start <= mark[2].start < end]
        dated = [i for i, timex in enumerate(timexes) if start <= timex.start < end]
        told = [span for name, _, span in here if name == "report"]
        reports = tuple(i for i in dated if any(s.start <= timexes[i].start < s.end for s in told))

        def spans(role: str, here: list[Mark] = here) -> tuple[Span, ...]:
            return tuple(span for name, _, span in here if name == role)

        for name, value, span in here:
            if name not in _TYPES:
                continue
            target = next((m for m in here if m[0] == "target"), None)
            place = next((m for m in here if m[0] == "place"), None)
            modality = value or "actual"
            candidates.append(
                Candidate(
                    event_type=name,
                    rule=rule,
                    trigger=span,
                    sentence=number,
                    captors=spans("captor"),
                    losers=spans("loser"),
                    target=target[2] if target else None,
                    target_head=target[1] if target else None,
                    place=place[2] if place else None,
                    place_relation=(place[1] or "at") if place else None,
                    modality=modality,
                    attribution=next(iter(spans("source")), None),
                    timexes=tuple(dated),
                    report_timexes=reports,
                    tense="future" if modality in {"planned", "hypothetical"} else "past",
                )
            )
    return text, PassageAnalysis(tuple(sentences), (), timexes, tuple(candidates))


def scene(*marked: str, published: date | None = PUBLISHED, rule: str = "seize.v/active") -> Scene:
    made = [analysis(paragraph.lstrip("|"), rule) for paragraph in marked]
    text = "\n\n".join(words for words, _ in made)
    named = sorted(
        (
            NamedPlace(m.start(), m.end(), m.group(), place, descriptor_of(text, m.start(), m.end()))
            for place in PLACES
            for m in re.finditer(rf"\b{place.name}\b", text)
        ),
        key=lambda name: name.start,
    )
    article = Article("a1", "a1", "a1.txt", None, text, "a1", published=published)
    spans, analyses = tuple(passages(text)), tuple(found for _, found in made)
    return Scene(
        article=article,
        story_id="s1",
        spans=spans,
        analyses=analyses,
        dates=resolve_dates(article, spans, analyses),
        sections=frozenset(i for i, paragraph in enumerate(marked) if paragraph.startswith("|")),
        resolved={},
        named=tuple(named),
        actors=tuple(find_actors(text, country="IQ", day=published)),
        aliases={},
        country="IQ",
    )


def mentions(*marked: str, **options: object) -> list[EventMention]:
    return resolve_events(scene(*marked, **options))  # type: ignore[arg-type]


def one(*marked: str, **options: object) -> EventMention:
    (mention,) = mentions(*marked, **options)
    return mention


# --- places ---------------------------------------------------------------------------------------

MOSUL = "Iraqi troops fought Islamic State militants in the city of Mosul on Oct. 17."
HAWIJA = "Iraqi troops fought Islamic State militants in the town of Hawija."
THE_TOWN = "<target settlement>The town</target> was <recapture>liberated</recapture> by <captor>Iraqi troops</captor>."
ANAPHORA = {
    "named before, in the passage": ([f"{HAWIJA} {THE_TOWN}"], "Hawija"),
    "named in the passage before": ([HAWIJA, THE_TOWN], "Hawija"),
    "called a town, not a city": ([HAWIJA, MOSUL, THE_TOWN], "Hawija"),
    "a new section names its own town": (
        [HAWIJA, f"|{THE_TOWN} Tal Afar had been held by Islamic State."],
        "Tal Afar",
    ),
    "a new section, named in the next passage": (
        [HAWIJA, f"|{THE_TOWN}", "The flag was raised over Tal Afar at noon."],
        "Tal Afar",
    ),
    "a name held against the subject is not it": (
        [HAWIJA, f"|{THE_TOWN} Unlike the battle for Mosul, it was over soon. Tal Afar is quiet now."],
        "Tal Afar",
    ),
    "a city of millions is no village": (
        [HAWIJA, MOSUL, THE_TOWN.replace("The town", "The village")],
        None,
    ),
    "a province is no town": ([HAWIJA, "The province of Anbar was quiet.", THE_TOWN], "Hawija"),
    "a country is no town": ([HAWIJA, "Iraq was quiet.", THE_TOWN], "Hawija"),
}  # fmt: skip


@pytest.mark.parametrize("name", ANAPHORA)
def test_what_the_town_means(name: str) -> None:
    paragraphs, expected = ANAPHORA[name]
    assert one(*paragraphs).place_name == expected


def test_it_means_the_place_of_the_passage() -> None:
    found = mentions(
        "<captor>Rebels</captor> <capture>seized</capture> "
        "<target settlement>the town of <place>Hawija</place></target>. "
        "<captor>The army</captor> <recapture>retook</recapture> <target pronoun>it</target> later."
    )
    assert [m.place_name for m in found] == ["Hawija", "Hawija"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("<target facility>the checkpoint</target>", ("Hawija", "near")),
        ("<target facility>its bridge</target>", ("Hawija", "near")),
        ("<target facility>a checkpoint</target>", (None, None)),  # which one is not said
        ("<target settlement>a village</target>", (None, None)),
    ],
)
def test_an_unnamed_part_is_near_its_place(target: str, expected: tuple[str | None, str | None]) -> None:
    found = one(f"{HAWIJA} <captor>The army</captor> <capture>seized</capture> {target}.")
    assert (found.place_name, found.place_relation) == expected


def test_a_border_is_no_place_named_before() -> None:
    found = mentions(
        HAWIJA,
        "Mosul has feared <advance hypothetical>advances</advance> by <captor>Syrian troops</captor> "
        "toward <target region>the Iraqi border</target>.",
    )
    assert not [mention for mention in found if mention.event_type == "advance" and mention.place_name]


def test_the_first_city_to_fall_is_named_after_it() -> None:
    found = one(
        HAWIJA,
        "<target settlement>The first city</target> to <capture>fall</capture> to <captor>Islamic State</captor>, "
        "Mosul drew fighters from afar.",
    )
    assert found.place_name == "Mosul"


def test_the_named_place_is_kept_as_worded_with_its_relation_and_precision() -> None:
    found = one(
        "<captor>The army</captor> <capture>seized</capture> "
        "<target facility>a dam near <place near>Hawija</place></target>."
    )
    assert (found.place_name, found.place_relation, found.geo_precision, found.country) == (
        "Hawija",
        "near",
        2,
        "IQ",
    )


# --- dates ----------------------------------------------------------------------------------------

SEIZED = "<captor>Rebels</captor> <capture>seized</capture> <target name><place>Hawija</place></target>"


@pytest.mark.parametrize(
    ("words", "value", "precision"),
    [
        ("on Oct. 17", "2017-10-17", 1),
        ("on Friday", "2017-11-03", 1),
        ("on Saturday", "2017-11-04", 1),
        ("on Sunday", "2017-10-29", 1),
        ("yesterday", "2017-11-03", 1),
        ("in October", "2017-10", 3),
        ("in 2014", "2014", 4),
        ("on June 10, 2014", "2014-06-10", 1),
    ],
)
def test_dates_of_the_event(words: str, value: str, precision: int) -> None:
    found = one(f"{SEIZED} {words}.")
    assert (found.date_value, found.time_precision, found.date_basis) == (value, precision, "event")
    assert found.date_text is not None
    assert found.date_text.text in words


def test_a_date_without_a_year_needs_an_anchor() -> None:
    assert one(f"{SEIZED} on Oct. 17.", published=None).date_value is None
    assert one(f"{SEIZED} on Oct. 17, 1986.", published=None).date_value == "1986-10-17"


def test_the_day_of_the_telling_dates_the_event_as_a_report() -> None:
    found = one(
        f"<source>The army</source> said <report>on Friday</report> {SEIZED.lower()}.".replace(
            "hawija", "Hawija"
        )
    )
    assert (found.date_value, found.date_basis) == ("2017-11-03", "report")


@pytest.mark.parametrize("modality", ["planned", "hypothetical", "ongoing"])
def test_the_day_of_the_telling_does_not_date_what_is_yet_to_come(modality: str) -> None:
    marked = SEIZED.replace("<capture>", f"<capture {modality}>")
    assert one(f"The army said <report>on Friday</report> {marked}.").date_value is None


@pytest.mark.parametrize(
    ("modality", "start", "end"),
    [
        ("actual", None, PUBLISHED),
        ("denied", None, PUBLISHED),
        ("failed", None, PUBLISHED),
        ("ongoing", None, PUBLISHED),
        ("planned", PUBLISHED, None),
    ],
)
def test_an_undated_event_is_bounded_by_publication(
    modality: str, start: date | None, end: date | None
) -> None:
    found = one(f"{SEIZED.replace('<capture>', f'<capture {modality}>')}.")
    assert (found.date_value, found.date_basis, found.date_text) == (None, "published", None)
    assert (found.date_start, found.date_end, found.time_precision) == (start, end, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"Shells fell on Oct. 20. The raids came a week after {SEIZED[0].lower() + SEIZED[1:]}.", "2017-10-13"),
        (f"The raids came a month after {SEIZED}.", "2017-10"),
        ("<captor>Rebels</captor> entered in June and have since <capture>seized</capture> <target name><place>Hawija"
         "</place></target>.", "2017-06/2017-11"),
        ("Chiefs met Friday. Earlier in the day <captor>rebels</captor> <capture>seized</capture> "
         "<target name><place>Hawija</place></target>.", "2017-11-03"),
    ],
    ids=["a week after, from the day told", "a month after, from the day of writing", "since then", "the same day"],
)  # fmt: skip
def test_dates_that_hang_on_what_is_told(text: str, value: str) -> None:
    assert one(text).date_value == value


ROUND_UP = "Army units went on on Friday with their sweeps across all of the country's north and east. "


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"{ROUND_UP} The roads were full. The day was hot. {SEIZED}.", "2017-11-03"),
        (f"{ROUND_UP} On Thursday it had rained. The roads were full. {SEIZED}.", None),
        (
            f"{ROUND_UP.replace('went on on Friday with', 'units, he said Friday, began')} {SEIZED}.",
            None,
        ),
        (f"{ROUND_UP} The roads were full. {SEIZED.replace('<capture>', '<capture planned>')}.", None),
    ],
    ids=["the only day", "one of two days", "the day of a statement", "a plan"],
)
def test_the_one_day_of_a_round_up(text: str, value: str | None) -> None:
    assert one(text).date_value == value


ALSO = "<captor>They</captor> also <capture>seized</capture> <target name><place>Qaim</place></target>."


@pytest.mark.parametrize(
    ("paragraphs", "value"),
    [
        ([f"{SEIZED} on Oct. 17. {ALSO}"], "2017-10-17"),
        ([f"{SEIZED} on Oct. 17. The mayor fled. The roads were full. {ALSO}"], None),
        ([f"{SEIZED} on Oct. 17.", ALSO], None),
        ([f"{SEIZED} on Oct. 17. {ALSO.replace('<capture>', '<capture planned>')}"], None),
        ([f"{SEIZED}. {ALSO}"], None),
    ],
    ids=["next sentence", "too far on", "next paragraph", "a plan", "nothing to carry"],
)
def test_a_date_is_carried_within_a_scene(paragraphs: list[str], value: str | None) -> None:
    first, second = mentions(*paragraphs)
    assert (first.place_name, second.place_name) == ("Hawija", "Qaim")
    assert second.date_value == value


def test_days_later_count_from_the_event_before() -> None:
    second = SEIZED.replace("Hawija", "Qaim").replace("Rebels", "They")
    found = mentions(f"{SEIZED} on Oct. 17. {second} three days later.")
    assert [m.date_value for m in found] == ["2017-10-17", "2017-10-20"]


# --- who ------------------------------------------------------------------------------------------


def names(mention: EventMention) -> tuple[list[str], list[str]]:
    return [actor.name for actor in mention.captors], [actor.name for actor in mention.losers]


def test_its_troops_are_the_speaker_s() -> None:
    found = one(
        "<source>Iraq</source> said <captor>its troops</captor> <recapture>retook</recapture> "
        "<target name><place>Qaim</place></target>."
    )
    assert names(found)[0] == ["Iraqi government"]
    assert found.captor is not None
    assert found.captor.text == "its troops"


def test_they_are_who_acted_before() -> None:
    first, second = mentions(f"{SEIZED.replace('Rebels', 'Islamic State militants')} on Oct. 17. {ALSO}")
    assert names(first)[0] == names(second)[0] == ["Islamic State"]


def test_the_other_party_is_the_loser_where_one_stands_out() -> None:
    found = one("<captor>Iraqi troops</captor> fought Islamic State and <capture>seized</capture> "
                "<target name><place>Qaim</place></target>.")  # fmt: skip
    assert names(found) == (["Iraqi government"], ["Islamic State"])
    assert found.loser is None  # no words of the sentence fill the role


def test_nobody_is_the_loser_where_nobody_else_is_named() -> None:
    assert names(one(f"{SEIZED}."))[1] == []


def test_he_said_means_who_spoke_before() -> None:
    first, second = mentions(
        f"<source>The mayor</source> said {SEIZED.lower()}.".replace("hawija", "Hawija")
        + f" <source>He</source> said {ALSO.replace('They', 'they')}"
    )
    assert first.attribution is not None
    assert second.attribution is not None
    assert second.attribution.text == first.attribution.text == "The mayor"


@pytest.mark.parametrize(
    ("captor", "expected"),
    [
        ("Iraqi troops", "recapture"),
        ("The army", "recapture"),
        ("Islamic State militants", "capture"),
        ("Rebels", "capture"),
    ],
)
def test_driving_out_is_a_return_when_the_government_does_it(captor: str, expected: str) -> None:
    found = one(
        f"<captor>{captor}</captor> <expel>drove</expel> <loser>gunmen</loser> out of "
        "<target settlement>the town of <place>Hawija</place></target>."
    )
    assert found.event_type == expected


# --- is it an event? ------------------------------------------------------------------------------

REBELS_SEIZED = "<captor>Rebels</captor> <capture>seized</capture>"
NO_EVENTS = {
    "no particular territory": (REBELS_SEIZED, "<target region>territory</target>."),
    "swathes of land": (REBELS_SEIZED, "<target region>huge swathes of land</target>."),
    "a whole country": (REBELS_SEIZED, "<target name><place>Iraq</place></target>."),
    "square miles": (REBELS_SEIZED, "<target region>400 square miles of desert</target>."),
    "plain plurals": (REBELS_SEIZED, "<target facility>supply routes</target>."),
    "drugs": (REBELS_SEIZED, "<target equipment>a shipment of cocaine</target>."),
    "taken by the police": (
        "<captor>Police</captor> <capture>captured</capture>",
        "<target person>two rebels</target> in Mosul.",
    ),
    "civilians leave": (
        "<loser>Residents</loser> <withdrawal>left</withdrawal>",
        "<target name><place>Mosul</place></target>.",
    ),
    "no armed actor at all": (
        "The <capture>seizure</capture> of",
        "<target name><place>Mosul</place></target> is a novel.",
    ),
    "a captor that is no actor": (
        "<captor>Fear</captor> <capture>seized</capture>",
        "<target name><place>Mosul</place></target>.",
    ),
}


@pytest.mark.parametrize("name", NO_EVENTS)
def test_no_event(name: str) -> None:
    assert mentions(" ".join(NO_EVENTS[name])) == []


EVENTS = {
    "one hill": ("<target facility>a hill</target>", "facility"),
    "a town": ("<target settlement>a town</target>", "settlement"),
    "a district": ("<target district>a district of <place>Mosul</place></target>", "district"),
    "a province": ("<target region><place>Anbar</place> province</target>", "region"),
    "several villages": (
        "<target settlement>three villages near <place near>Hawija</place></target>",
        "region",
    ),
    "soldiers": ("<target person>two soldiers</target>", "person"),
    "tanks": ("<target equipment>twelve tanks</target>", "equipment"),
    "a name": ("<target name><place>Hawija</place></target>", "settlement"),
    "an airport by its name": ("<target name><place>Mosul</place> airport</target>", "facility"),
}


@pytest.mark.parametrize("name", EVENTS)
def test_target_types(name: str) -> None:
    target, expected = EVENTS[name]
    found = one(f"<captor>Islamic State militants</captor> <capture>seized</capture> {target}.")
    assert found.target_type == expected


# --- properties -----------------------------------------------------------------------------------

PARAGRAPHS = [
    HAWIJA,
    MOSUL,
    THE_TOWN,
    f"{SEIZED} on Oct. 17. {ALSO}",
    f"|{THE_TOWN} Tal Afar is quiet.",
    "The sun rose.",
]


@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=7))
def test_offsets_slice_back_and_mentions_keep_the_text_s_order(paragraphs: list[str]) -> None:
    made = scene(*paragraphs)
    found = resolve_events(made)
    assert resolve_events(made) == found
    text = made.article.text
    for mention in found:
        spans = (
            mention.trigger,
            mention.quote,
            mention.captor,
            mention.loser,
            mention.target,
            mention.date_text,
        )
        assert all(span is None or text[span.start : span.end] == span.text for span in spans)
        assert 0 < mention.confidence < 1
    assert [m.trigger.start for m in found] == sorted(m.trigger.start for m in found)


@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=5))
def test_a_later_paragraph_that_names_nothing_changes_no_event(paragraphs: list[str]) -> None:
    assert mentions(*paragraphs, "The sun rose.") == mentions(*paragraphs)


# --- passages and sections ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\n ", []),
        ("One.", ["One."]),
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\n \n\n Two.\n", ["One.", "Two."]),
        ("One\nstill one.", ["One\nstill one."]),
    ],
)
def test_passages(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in passages(text)] == expected


def test_long_passages_are_cut_at_sentence_ends_and_lose_nothing() -> None:
    text = "The army took a hill. " * 2000
    cut = [text[start:end] for start, end in passages(text)]
    assert len(cut) > 1
    assert all(len(piece) <= 5000 and piece.rstrip().endswith(".") for piece in cut)
    assert "".join(cut).split() == text.split()


def test_a_wider_gap_in_the_raw_text_opens_a_section() -> None:
    texts = ["One.", "Two.", "Three.", "Four.", "Five."]
    gaps = [2, 2, 9, 2]  # raw characters between the paragraphs
    text, raw, start, pieces = "", 0, 0, []
    for number, words in enumerate(texts):
        pieces.append(Piece(start, start + len(words), raw))
        text += words + "\n\n"
        start = len(text)
        raw += len(words) + (gaps[number] if number < len(gaps) else 0)
    article = Article("a", "a", "a.txt", None, text.strip(), "a", pieces=tuple(pieces))
    spans = passages(article.text)
    assert section_starts(article, spans) == {3}
    # What cleaning cut out of the gap does not widen it.
    cut = Cut("caption", pieces[2].raw_start + 7, pieces[2].raw_start + 14, "caption")
    assert section_starts(replace(article, cuts=(cut,)), spans) == frozenset()
    assert section_starts(replace(article, pieces=()), spans) == frozenset()
