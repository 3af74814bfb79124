"""Whole texts: direction, anchors, and forms of many papers, as marked texts ``<t v=VALUE>words</t>``.

The day of writing is Saturday, 4 November 2017, where a test names no other.
"""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontlog.dates import Anchors, ends, find_timexes, read_dates, read_expression

WRITTEN = date(2017, 11, 4)
MARK = re.compile(r"<t v=([^>]+)>(.*?)</t>", re.DOTALL)


def read(marked: str, anchor: date | Anchors | None = WRITTEN) -> None:
    """Asserts that exactly the marked words are found, with their values."""
    text = MARK.sub(r"\2", marked)
    found = [(d.text, d.value.value) for d in read_dates(text, anchor)]
    assert found == [(m[2], m[1]) for m in MARK.finditer(marked)]


@pytest.mark.parametrize(
    "marked",
    [
        "The garrison surrendered on <t v=2017-11-03>Friday</t>.",
        "The garrison will surrender on <t v=2017-11-10>Friday</t>.",
        "Talks are scheduled for <t v=2017-11-10>Friday</t>.",
        "On <t v=2017-11-03>Friday</t>, the cavalry crossed the Vistula.",
        "On <t v=2017-11-10>Friday</t> they will cross the Vistula.",
        "He said the siege would end on <t v=2017-11-04>Saturday</t>.",
        "The column left <t v=2017-11-04>Saturday</t>.",
        "Elections will be held in <t v=2018-05>May</t>; the junta took power in <t v=2017-05>May</t>.",
        "The fleet must sail by <t v=2017-11-20>Nov. 20</t>, the admiral ordered.",
        "They seized <t v=2016-12-20>Dec. 20</t> the fort of Kars.",
        "The <t v=2017-08-07>Aug. 7</t> raid will be remembered.",
    ],
)
def test_direction_follows_tense_and_modality(marked: str) -> None:
    read(marked)


@pytest.mark.parametrize(
    "marked",
    [
        # a chronicle carries its year forward
        "The Boxers rose in <t v=1900-05>May 1900</t>. In <t v=1900-06>June</t> they shut in the legations, which "
        "were relieved on <t v=1900-08-14>14 August</t>.\n\nPeking was sacked in <t v=1900-08>August 1900</t>, "
        "and in <t v=1900-12>December</t> terms were put. By <t v=1901-01>January</t> the court gave way. The "
        "protocol was signed on <t v=1901-09-07>7 September 1901</t>; <t v=1902>the following year</t> it came "
        "home, and in <t v=1902-01>January 1902</t> the last left.",
        # years before Christ go down
        "Xerxes crossed in <t v=BC0480-SP>the spring of 480 BC</t>. In <t v=BC0480-08>August</t> the pass fell; "
        "<t v=BC0479>the following year</t> he was beaten at Plataea.",
        # the previous day hangs on the day told, not on the day of writing
        "Shells hit Verdun on <t v=2017-10-14>Oct. 14</t>. <t v=2017-10-13>The previous day</t> was calm.",
        "The mutiny began on <t v=2017-10-31>Tuesday</t>; <t v=2017-11-01>the next day</t> it was over.",
        # no one knows when the truce was: the time after it is a length
        "He was freed <t v=P3Y>three years</t> after the truce.",
        "Sales rose in <t v=2017-Q3>the third quarter</t> from <t v=2016-Q3>a year earlier</t>. In "
        "<t v=2017-Q3>the quarter</t>, profit fell.",
    ],
)
def test_narrative_anchors(marked: str) -> None:
    read(marked)


def test_the_dateline_goes_before_the_articles_date() -> None:
    text = "KINSHASA, Oct. 10 (Reuters) - Mutineers seized the airport on Monday."
    _, monday = read_dates(text, date(2017, 10, 12))
    assert (monday.value.value, monday.anchor, monday.anchor_date) == (
        "2017-10-09",
        "dateline",
        date(2017, 10, 10),
    )


def test_the_storys_date_stands_in_where_the_article_has_none() -> None:
    [friday] = read_dates("They fled on Friday.", Anchors(story=WRITTEN))
    assert (friday.value.value, friday.anchor) == ("2017-11-03", "story")


def test_what_needs_no_anchor_names_none() -> None:
    assert [d.anchor for d in read_dates("From 6 June 1944 on, a 77-day battle.", WRITTEN)] == [None, None]


def test_without_an_anchor_values_stay_partial() -> None:
    read("They left on <t v=XXXX-10-17>Oct. 17</t>, a <t v=XXXX-WXX-2>Tuesday</t>.", None)


@pytest.mark.parametrize(
    "marked",
    [
        "It read <t v=2017-10-17>17/10/2017</t>, then <t v=2017-11-05>05/11/2017</t>.",
        "It read <t v=2017-10-17>10/17/2017</t>, then <t v=2017-05-11>05/11/2017</t>.",
        "Logged <t v=2017-10-17>2017/10/17</t>, <t v=2017-10-18>18OCT2017</t> and <t v=2017-10-19>19.Oct.2017</t>.",
        "Sent <t v=2017-10-17T14:05>Tue Oct 17 14:05:33 UTC 2017</t> or <t v=2017-10-17T14:05>20171017T1405Z</t>",
        "It fell on <t v=2017-04-17>Easter Monday</t>, not at <t v=2015-12-25>Christmas 2015</t>.",
        "<t v=2017-06-26>Eid al-Fitr</t> was quiet; <t v=2017-10-01>10 Muharram 1439</t> was not.",
        "In <t v=1991>nineteen ninety-one</t> and in <t v=2000>the year two thousand</t> it held.",
        "Shots in <t v=2017-11-03TMO>the early hours of Friday</t> and at <t v=2017-11-02T12:00>noon Thursday</t>.",
        "They met on <t v=1943-07-15/1943-07-21>the third week of July 1943</t> in heat.",
        "A <t v=P6Y>six-year-old</t> war and <t v=P1Y>yearlong</t> talks.",
        "Fees are 300 francs <t v=P1Y>a year</t>.",
        "They raided <t v=XXXX-WXX-5TNI>Friday nights</t> and spoke of <t v=FUTURE_REF>the near term</t>.",
        "In the city of Ur (<t v=BC0499>499</t> and <t v=BC0493>493 BC</t>)".replace("(", "between ").replace(
            ")", "."
        ),
    ],
)
def test_forms(marked: str) -> None:
    text = MARK.sub(r"\2", marked)
    found = [(t.text, value) for d in read_dates(text, WRITTEN) for t, value in ends(d)]
    assert found == [(m[2], m[1]) for m in MARK.finditer(marked)]


@pytest.mark.parametrize(
    "text",
    [
        "A six-year-old boy with version v2017.10.17.3 of the ratio 2017/18.",
        "The quarter of the old town burned; the first half of the bridge fell.",
        "The eid pronounced it dead; his christmas was no feast.",
        "The dawn of liberty broke; a pre-dawn stillness.",
        "Send four men to the gate!",
        "In 300 the film, 480 ships sink.",
        "At this march thousands sang; the fall of Troy; second to none.",
        "Read the daily Sabah or a weekly newspaper.",
        "File 2017/13/45 and route 10/40/2017x.",
    ],
)
def test_look_alikes(text: str) -> None:
    assert [d.text for d in read_dates(text, WRITTEN)] == []


def test_a_known_expression_is_read_without_its_cue() -> None:
    text = "They hoped for a quiet march on the palace."
    start = text.index("march")
    assert read_expression(text, start, start + 5, WRITTEN).value == "2017-03"
    assert read_expression(text, 0, 4, WRITTEN).value == ""


PIECES = [
    "1",
    "1,111",
    "1 ",
    "((",
    "))",
    "10/10/2017 ",
    "2017/10/",
    "12:",
    "Tue Oct 17 ",
    "480 BC, ",
    "Friday ",
    "will ",
]


@given(
    st.lists(st.sampled_from([*PIECES, "\n\n", "the next day ", "a year earlier "]), max_size=25),
    st.none() | st.dates(),
)
@settings(max_examples=200, deadline=None)
def test_never_raises_and_slices_back(pieces: list[str], anchor: date | None) -> None:
    text = "".join(pieces)
    end = 0
    for found in read_dates(text, anchor):
        assert found.text == text[found.start : found.end]
        assert end <= found.start < found.end
        end = found.end
        assert found.value.start is None or found.value.end is None or found.value.start <= found.value.end
        assert (found.anchor is None) == (found.anchor_date is None)


@given(st.text(max_size=120), st.none() | st.dates())
@settings(max_examples=100, deadline=None)
def test_any_text(text: str, anchor: date | None) -> None:
    assert all(d.text == text[d.start : d.end] for d in read_dates(text, anchor))


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    """Four times the text takes about four times as long, with room for a busy machine."""

    def seconds(n: int) -> float:
        find_timexes.cache_clear()
        begin = time.process_time()
        read_dates(piece * n, WRITTEN)
        return time.process_time() - begin

    seconds(100)
    short, long = min(seconds(1000) for _ in range(2)), min(seconds(4000) for _ in range(2))
    assert long < 12 * short + 0.2
