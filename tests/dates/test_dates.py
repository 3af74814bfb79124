"""Time expressions as marked sentences: ``<t v=VALUE>words</t>``, with the story's date as anchor.

The anchor is Saturday, 4 November 2017. ``v`` is the TIMEX3 value; sentences without marks hold no date.
"""

from __future__ import annotations

import re
import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontlog.dates import date_cell, find_timexes, hangs_on_context, normalise, precision, split_range
from frontlog.records import TimexValue

ANCHOR = date(2017, 11, 4)
MARK = re.compile(r"<t v=([^>]+)>(.*?)</t>")


def unmark(marked: str) -> tuple[str, list[tuple[str, str]]]:
    """The sentence without its marks, and the marked words with their values."""
    return MARK.sub(r"\2", marked), [(m[2], m[1]) for m in MARK.finditer(marked)]


def found(text: str, anchor: date | None = ANCHOR, direction: str = "past") -> list[tuple[str, str]]:
    return [(t.text, normalise(t, anchor, direction=direction).value) for t in find_timexes(text)]


def value_of(text: str, anchor: date | None = ANCHOR, direction: str = "past") -> TimexValue:
    [timex] = find_timexes(text)
    return normalise(timex, anchor, direction=direction)


EXPLICIT = [
    "Troops entered the port on <t v=2017-10-17>Oct. 17</t> and left.",
    "They took it on <t v=2017-10-17>October 17</t>.",
    "They took it on <t v=2017-10-17>17 October</t>.",
    "They took it on <t v=2017-10-17>the 17th of October</t>.",
    "It fell on <t v=2017-11-04>November 4, 2017</t>, he said.",
    "Posted <t v=2017-10-17T14:05>17 Oct 2017 14:05 GMT</t>",
    "The bridge was blown up on <t v=2017-10-17>the 17th</t>.",
    "Updated <t v=2017-10-17>2017-10-17</t> and again <t v=2017-10-18>10/18/2017</t>",
    "Updated <t v=2017-10-19>19/10/2017</t> and <t v=2017-10-20>20.10.17</t>",
    "A raid on <t v=2015-03-28>Saturday March 28 2015</t> killed two.",
    "THE ARMY SAID ON <t v=2017-10-17>OCTOBER 17</t> THAT IT HELD THE TOWN",
    "the army said on <t v=2017-10-17>october 17</t> that it held the town",
    "It opened on <t v=2017-06-09>June 9</t> and on <t v=2017-05-05>5 may</t>.",
    "In <t v=1861-04>April 1861</t> the guns spoke; by <t v=1865>1865</t> they fell silent.",
    "The league met in <t v=BC0480>480 BC</t>.",
]
WEEKDAYS = [
    "The rebels fled on <t v=2017-11-03>Friday</t>.",
    "The rebels fled <t v=2017-11-04>Saturday</t>.",
    "They met on <t v=2017-11-03>Friday</t> and <t v=2017-11-04>Saturday</t>.",
    "It was <t v=2017-11-03>last Friday</t>; <t v=2017-11-10>next Friday</t> they meet.",
    "<t v=2017-10-30>Mondays</t> fighting was the worst, and <t v=2017-10-30>Monday</t>'s dead were many.",
    "Shells fell on <t v=2017-11-02TEV>Thursday evening</t>.",
    "Talks began at <t v=2017-11-03T17:00>5 p.m. Friday</t>.",
    "They left <t v=2017-10-31T10:30>Tuesday at 10:30 a.m.</t> by bus.",
    "Prayers are held <t v=XXXX-WXX-5>every Friday</t>.",
    "The market opens on <t v=XXXX-WXX-1>Mondays</t>.",
]
PERIODS = [
    "It was seized in <t v=2017-05>May</t> and lost in <t v=2017-03>March</t>.",
    "In <t v=2014>2014</t> and <t v=2015-12>December 2015</t> it changed hands.",
    "The <t v=2003>2003</t> invasion, and <t v=2016>early 2016</t>, <t v=2016>mid-2016</t>.",
    "By <t v=2017-10>the end of October</t> it was over.",
    "In <t v=2017-10-25/2017-10-31>the last week of October</t> it fell.",
    "In <t v=2015-H1>the first half of 2015</t> and <t v=2016-Q3>the third quarter of 2016</t>.",
    "The push began <t v=2017-SU>last summer</t> and in <t v=199>the 1990s</t>.",
    "From <t v=2017-10-29/2017-10-31>Sunday to Tuesday</t> it rained.",
    "Between <t v=2017-05/2017-07>May and July</t> they lost it.",
    "The battle of <t v=2017-10-14/2017-10-17>Oct. 14-17</t> was short.",
    "From <t v=2014/2017>2014 to 2017</t> they held it; the war of <t v=1939/1945>1939-45</t>.",
    "They fell on <t v=2017-05-08>8</t> and <t v=2017-05-10>10 May</t>.",
    "They rested on <t v=2017-06-04>June 4</t> and <t v=2017-06-05>5</t>; <t v=2017-05-04>May 4</t> and 12 men fell.",
    "It was between <t v=2017-05-12/2017-05-14>12 and 14 May</t>.",
    "The battle (<t v=2014-09-05/2014-09-12>5 September-12 September 2014</t>) was lost.",
]
RELATIVE = [
    "They left <t v=2017-11-03>yesterday</t>, and return <t v=2017-11-04>today</t>.",
    "<t v=2017-11-03TNI>Last night</t> and <t v=2017-11-04TNI>overnight</t>",
    "<t v=2017-11-04TMO>This morning</t> they fled.",
    "It fell <t v=2017-W42>two weeks ago</t>, not <t v=2017-W43>last week</t>.",
    "<t v=2017-10>Last month</t> it held.",
    "<t v=2017-W44>this week</t>, <t v=2017-11>this month</t>",
    "<t v=2017>this year</t>, <t v=2016>last year</t>",
    "They came <t v=2017-11-03>a day earlier</t>; <t v=2017-11-05>the next day</t> they left.",
    "It began <t v=2017>earlier this year</t>; it is <t v=PRESENT_REF>now</t> over.",
    "They pulled out <t v=PAST_REF>recently</t>.",
]
DURATIONS = [
    "In <t v=P11M>the last 11 months</t> and in <t v=PXM>recent months</t>.",
    "The <t v=P9M>nine-month</t> battle and the siege of <t v=P3Y>nearly three years</t>.",
    "They held out for <t v=P20D>20 days</t> and <t v=P2Y6M>two and a half years</t>.",
    "Raids came <t v=P1D>daily</t>.",
]


@pytest.mark.parametrize("marked", [*EXPLICIT, *WEEKDAYS, *PERIODS, *RELATIVE, *DURATIONS])
def test_marked_sentences(marked: str) -> None:
    text, expected = unmark(marked)
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The home side won 3-2 after leading 1:0.",
        "He carried an M16 and an AK-47 past a T-72.",
        "Resolution 2254 was ignored; so was Resolution 1970.",
        "The convoy took Highway 1960 and then road 2015.",
        "They may march on the city.",
        "A march of 17 km; they marched on.",
        "Theresa May spoke and June Smith listened.",
        "It was the second attack.",
        "He was aged 17, a 17-year-old boy; she was 17 years old.",
        "The force lost 2015 people and 2,015 horses.",
        "They burned 2000 homes, 2014 villages and 1999 tanks.",
        "The shop is open 24/7.",
        "The sun sat low and she wed.",
        "The city may fall; it might spring up again.",
        "The fall of Saigon shook the 17th floor.",
        "May 17 people be saved.",
        "They have no time, and a moment passed.",
        "Black Friday shoppers read the Sunday Times.",
        "It was the last day of the siege; a quarter of it and three quarters of that burned.",
        "They lost from 1700 to 2000 men.",
        "Police may release them.",
        "The Arab Spring began with a march to the square.",
    ],
)
def test_look_alikes_are_not_dates(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "direction", "expected"),
    [
        ("on Friday", "past", "2017-11-03"),
        ("on Friday", "future", "2017-11-10"),
        ("on Friday", "present", "2017-11-03"),
        ("on Saturday", "past", "2017-11-04"),
        ("on Saturday", "future", "2017-11-04"),
        ("in May", "past", "2017-05"),
        ("in May", "future", "2018-05"),
        ("in November", "past", "2017-11"),
        ("in November", "future", "2017-11"),
        ("in December", "past", "2016-12"),
        ("in December", "present", "2017-12"),
        ("on Oct. 17", "future", "2018-10-17"),
        ("on November 5", "past", "2017-11-05"),
        ("on November 6", "past", "2016-11-06"),
        ("last Friday", "future", "2017-11-03"),
        ("next Friday", "past", "2017-11-10"),
        ("on February 29", "past", "2016-02-29"),
        ("on Wednesday, Nov. 16", "past", "2016-11-16"),
        ("in the '90s", "past", "199"),
    ],
)
def test_direction(text: str, direction: str, expected: str) -> None:
    assert value_of(text, direction=direction).value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on October 17", "XXXX-10-17"),
        ("on Friday", "XXXX-WXX-5"),
        ("in May", "XXXX-05"),
        ("last summer", "XXXX-SU"),
        ("yesterday", "XXXX-XX-XX"),
        ("last week", "XXXX-WXX"),
        ("in 2014", "2014"),
        ("two years ago", "XXXX"),
    ],
)
def test_without_an_anchor_the_value_stays_partial(text: str, expected: str) -> None:
    value = value_of(text, anchor=None)
    assert value.value == expected
    assert (value.start is None) == ("X" in expected)


@pytest.mark.parametrize(
    ("text", "cell", "level"),
    [
        ("on Friday", "2017-11-03", 1),
        ("Friday night", "2017-11-03", 1),
        ("in May", "2017-05", 3),
        ("in 2014", "2014", 4),
        ("in mid-July", "2017-07", 3),
        ("the last week of October", "2017-10-25/2017-10-31", 2),
        ("last week", "2017-10-23/2017-10-29", 2),
        ("this week", "2017-10-30/2017-11-04", 2),
        ("last weekend", "2017-10-28/2017-10-29", 2),
        ("last spring", "2017-03/2017-05", 4),
        ("the 1990s", "1990/1999", 4),
        ("since March", "2017-03/2017-11", 4),
        ("since Monday", "2017-10-30/2017-11-04", 2),
        ("until March", None, None),
        ("for nearly three years", "2014/2017-11-04", 4),
        ("nearly three years", None, None),
        ("in the last 11 months", "2016-12/2017-11-04", 4),
        ("in the past week", "2017-10-28/2017-11-04", 2),
        ("in recent months", None, None),
        ("for months", None, None),
        ("every Friday", None, None),
        ("recently", None, None),
        ("now", "2017-11-04", 1),
        ("Oct. 14-17", "2017-10-14/2017-10-17", 2),
    ],
)
def test_cells_and_precision(text: str, cell: str | None, level: int | None) -> None:
    value = value_of(text)
    assert date_cell(value, ANCHOR) == cell
    assert precision(value) == level


def test_duration_told_of_a_day_ends_on_it() -> None:
    value = value_of("for nearly three years", anchor=date(2017, 11, 3))
    assert date_cell(value, date(2017, 11, 3)) == "2014/2017-11-03"
    assert value.mod == "LESS_THAN"


def test_now_without_an_anchor_has_no_cell() -> None:
    assert date_cell(value_of("now", anchor=None), None) is None


@pytest.mark.parametrize(
    "text", ["the previous day", "a day earlier", "four months after the fall", "that night"]
)
def test_what_hangs_on_context(text: str) -> None:
    [timex] = find_timexes(text)
    assert hangs_on_context(timex)


@pytest.mark.parametrize("text", ["yesterday", "on Friday", "two weeks ago", "last month", "in May"])
def test_what_does_not_hang_on_context(text: str) -> None:
    [timex] = find_timexes(text)
    assert not hangs_on_context(timex)


def test_months_after_count_from_the_given_anchor() -> None:
    assert value_of("four months after the operation began", anchor=date(2016, 10, 17)).value == "2017-02"


def test_a_range_splits_into_its_ends() -> None:
    [timex] = find_timexes("on Oct. 14-17")
    assert [(t.text, normalise(t, ANCHOR).value) for t in split_range(timex)] == [
        ("Oct. 14", "2017-10-14"),
        ("17", "2017-10-17"),
    ]


def test_parts_are_intervals_within_the_period() -> None:
    value = value_of("early 2016")
    assert (value.mod, value.start, value.end) == ("START", date(2016, 1, 1), date(2016, 4, 30))
    assert value_of("earlier this year").end == ANCHOR


def test_an_unknown_direction_is_refused() -> None:
    [timex] = find_timexes("on Friday")
    with pytest.raises(ValueError, match="direction"):
        normalise(timex, ANCHOR, direction="sideways")


WORDS = st.sampled_from(
    [
        "the",
        "last",
        "next",
        "this",
        "on",
        "in",
        "of",
        "May",
        "may",
        "Friday",
        "Oct.",
        "17",
        "2017",
        ",",
        "-",
        "to",
        "and",
        "between",
        "from",
        "since",
        "two",
        "weeks",
        "ago",
        "first",
        "half",
        "year",
        "month",
        "a",
        "nearly",
        "three",
        "early",
        "10/17/2017",
        "14:05",
        "p.m.",
        "GMT",
        "'s",
        "30",
        "February",
        "every",
        "1990s",
        "BC",
        "week",
        "weekend",
        "for",
        "99",
        "following",
        "Mondays",
        "century",
        "Christmas",
        "31",
        "9999",
        "0",
        "00:00",
        "2",
        "1/2",
        "hundred",
        "days",
        "after",
        "morning",
        "quarter",
        "Dec",
        "45",
        "'98",
    ]
)
ANCHORS = st.none() | st.dates() | st.just(date.min) | st.just(date.max)


@given(st.lists(WORDS, max_size=14), ANCHORS, st.sampled_from(["past", "present", "future"]))
@settings(max_examples=400, deadline=None)
def test_never_raises_and_slices_back(words: list[str], anchor: date | None, direction: str) -> None:
    check(" ".join(words), anchor, direction)


@given(st.text(max_size=80), ANCHORS)
@settings(max_examples=150, deadline=None)
def test_any_text(text: str, anchor: date | None) -> None:
    check(text, anchor, "past")


def check(text: str, anchor: date | None, direction: str) -> None:
    timexes = find_timexes(text)
    end = 0
    for timex in timexes:
        assert timex.text == text[timex.start : timex.end]
        assert end <= timex.start < timex.end
        end = timex.end
        value = normalise(timex, anchor, direction=direction)
        assert value.start is None or value.end is None or value.start <= value.end
        assert date_cell(value, anchor) is None or date_cell(value, anchor)
        assert precision(value) in (None, 1, 2, 3, 4)
        for part in split_range(timex):
            assert part.text == text[part.start : part.end]
            normalise(part, anchor, direction=direction)
    find_timexes.cache_clear()
    assert find_timexes(text) == timexes


@given(st.dates(date(1800, 1, 1), date(2100, 1, 1)), st.integers(1, 7))
def test_a_weekday_in_the_past_lies_within_the_last_week(anchor: date, weekday: int) -> None:
    name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][weekday - 1]
    value = value_of(f"on {name}", anchor=anchor)
    assert value.start is not None
    assert value.start.isoweekday() == weekday
    assert timedelta(0) <= anchor - value.start < timedelta(days=7)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,111",
        "1 ",
        "1,",
        "10-",
        "10/10/",
        "10:10:",
        "the ",
        "last ",
        "May ",
        "2014-",
        "two and a half ",
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    """Four times the text takes about four times as long, with room for a busy machine."""

    def seconds(n: int) -> float:
        find_timexes.cache_clear()
        begin = time.process_time()
        find_timexes(piece * n)
        return time.process_time() - begin

    seconds(200)
    short, long = min(seconds(2000) for _ in range(3)), min(seconds(8000) for _ in range(3))
    assert long < 12 * short + 0.2
