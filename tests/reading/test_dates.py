"""Publication dates and datelines."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontlog.reading.dateline import leading_dateline
from frontlog.reading.dates import date_at, parse_published
from frontlog.reading.masthead import parse_byline, parse_masthead


@pytest.mark.parametrize(
    ("value", "day", "clock"),
    [
        ("1997-03-04", date(1997, 3, 4), None),
        ("1997-03-04T10:20:30Z", date(1997, 3, 4), time(10, 20, 30)),
        ("1997-03-04 10:20:30+05:30", date(1997, 3, 4), time(10, 20, 30)),
        ("Tue, 04 Mar 1997 12:20:55 +0000", date(1997, 3, 4), time(12, 20, 55)),
        ("March 4, 1997 12:20:55 PM", date(1997, 3, 4), time(12, 20, 55)),
        ("Mar. 4, 1997 12:05 am", date(1997, 3, 4), time(0, 5)),
        ("4 March 1997", date(1997, 3, 4), None),
        ("the 4th of March", None, None),
        ("4th of March 1997", date(1997, 3, 4), None),
        ("Tuesday 4 March 1997 at 0914", date(1997, 3, 4), time(9, 14)),
        ("10:05 GMT, 4 March 1997", date(1997, 3, 4), time(10, 5)),
        ("1997 March 4", date(1997, 3, 4), None),
        ("04.03.1997", date(1997, 3, 4), None),
        ("25/03/1997", date(1997, 3, 25), None),
        ("03/25/1997", date(1997, 3, 25), None),
        ("04/04/1997", date(1997, 4, 4), None),
        ("04/03/1997", None, None),
        ("1997-03", None, None),
        ("March 1997", None, None),
        ("yesterday", None, None),
        ("2 days ago", None, None),
        ("4 Mar 97", None, None),
        ("31 February 1997", None, None),
        ("856915200", None, None),
        ("", None, None),
        ("4 March 1997 or so", None, None),
    ],
)
def test_parse_published(value: str, day: date | None, clock: time | None) -> None:
    found = parse_published(value)
    assert found == ((day, clock) if day else None)


@given(st.dates(date(1800, 1, 1), date(2099, 12, 31)))
def test_all_forms_of_a_day_agree(day: date) -> None:
    forms = ["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%a %d %b %Y", "%d.%m.%Y", "%Y/%m/%d", "%b. %d, %Y"]
    assert {parse_published(day.strftime(form)) for form in forms} == {(day, None)}


@given(st.text(alphabet="0123456789/-.,: JanMry", max_size=60))
def test_no_text_is_an_error(text: str) -> None:
    parse_published(text)
    parse_masthead(text)
    leading_dateline(text)


def test_the_record_decides_between_day_and_month() -> None:
    assert date_at("03/11/2014", near=date(2014, 3, 11)).day == date(2014, 3, 11)  # type: ignore[union-attr]
    assert date_at("03/11/2014", near=date(2014, 11, 3)).day == date(2014, 11, 3)  # type: ignore[union-attr]
    assert date_at("03/11/2014", near=date(2014, 5, 5)) is None


@pytest.mark.parametrize(
    ("text", "place", "agency", "day"),
    [
        ("KINSHASA (AP) - Rebels took", "KINSHASA", "AP", None),
        ("GOMA, Zaire (AFP) — Troops", "GOMA, Zaire", "AFP", None),
        ("Provinces, SANA- The army", "Provinces", "SANA", None),
        ("Goma, Zaire – Troops left", "Goma, Zaire", None, None),
        ("DEIR EZ-ZOR, Syria - The army", "DEIR EZ-ZOR, Syria", None, None),
        ("KABUL, Afghanistan, Nov. 4, 2001 (AP) — The", "KABUL, Afghanistan", "AP", date(2001, 11, 4)),
        ("KABUL, Nov. 4 (Xinhua) -- The", "KABUL", "Xinhua", None),
        ("MOSCOW, November 3. /TASS/. The", "MOSCOW", "TASS", None),
        ("SIMFEROPOL, March 1, 2014. /ITAR-TASS/. A", "SIMFEROPOL", "TASS", date(2014, 3, 1)),
        ("RAQQA, June 5. /Own reporter/. The", None, None, None),
        ("LONDON/GOMA (Reuters) - Rebels", "LONDON/GOMA", "Reuters", None),
        ("(Reuters) - Rebels", None, "Reuters", None),
        ("New York (AP) The council", "New York", "AP", None),
        ("Wed 02 Dec 2015 Rebels took", None, None, date(2015, 12, 2)),
        ("Published August 3 2015 Rebels took", None, None, date(2015, 8, 3)),
        ("Date of publication 3 August 2015 Rebels took", None, None, date(2015, 8, 3)),
        ("AFP Thursday 16 Jul 2015 Rebels took", None, "AFP", date(2015, 7, 16)),
        ("Rebels take the hill town AFP Thursday 16 Jul 2015 At least", None, "AFP", date(2015, 7, 16)),
        ("KABUL, Sept. 27, 1998 — United", "KABUL", None, date(1998, 9, 27)),
        ("KABUL, Nov 20, 2001 - Fighters", "KABUL", None, date(2001, 11, 20)),
        ("KABUL, Wednesday, November 14, 2001 — the army", "KABUL", None, date(2001, 11, 14)),
        ("KABUL, March 9, 1993 (Northern Wire) — The", "KABUL", "Northern Wire", date(1993, 3, 9)),
        ("KABUL, 9 March 1993 (BNA): The", "KABUL", "BNA", date(1993, 3, 9)),
        ("KABUL, Wednesday (Northern Wire) - The", "KABUL", "Northern Wire", None),
        ("Kabul (Upland News Agency) - The", "Kabul", "Upland News Agency", None),
        ("KABUL (9 March 1993) — The", "KABUL", None, date(1993, 3, 9)),
        ("KABUL, March 9, 1993 /Northern Wire/ -- The", "KABUL", "Northern Wire", date(1993, 3, 9)),
        (
            "GOMA, Republic of Congo, May 3, 2008 (LPA) — A",
            "GOMA, Republic of Congo",
            "LPA",
            date(2008, 5, 3),
        ),
        # Look-alikes.
        ("Kabul (Monday) - The", None, None, None),
        ("The Free Army (FSA) - The", None, None, None),
        ("Rebels (Northern Front) - said", None, None, None),
        ("KABUL (May 3) - The", None, None, None),
        ("The Movement - a militant group - left", None, None, None),
        ("Rebels took the town - and left", None, None, None),
        ("17 June 2016 was the day on which", None, None, None),
        ("On 17 June 2016 Rebels took", None, None, None),
        ("Army: Rebels took", None, None, None),
        ("June 2016 Rebels took", None, None, None),
        ("", None, None, None),
    ],
)
def test_leading_dateline(text: str, place: str | None, agency: str | None, day: date | None) -> None:
    found = leading_dateline(text)
    assert (found.place, found.agency, found.day) == (place, agency, day)


@pytest.mark.parametrize(
    ("line", "byline", "agency"),
    [
        ("By: |", None, None),
        ("By Jane Doe", "Jane Doe", None),
        ("By JANE DOE and OMAR HADDAD, Associated Press", "JANE DOE and OMAR HADDAD", "AP"),
        ("Written by Omar al-Haddad", "Omar al-Haddad", None),
        ("By AFP", None, "AFP"),
        ("Reuters, Goma", None, "Reuters"),
        ("By Northern Wire", None, "Northern Wire"),
        ("By: Northern Wire |", None, "Northern Wire"),
        ("By Jane Doe, Northern Wire", "Jane Doe", "Northern Wire"),
        ("By Jane Doe in Lusaka", "Jane Doe", None),
        ("By Jane Doe, staff writer", "Jane Doe, staff writer", None),
        ("By a Staff Reporter", "a Staff Reporter", None),
        ("By our correspondents in Lusaka and Goma", "our correspondents in Lusaka and Goma", None),
        ("By our own staff and agencies", "our own staff and agencies", None),
        ("From our own correspondent", "our own correspondent", None),
        ("By Valley Tribune staff", "Valley Tribune staff", None),
    ],
)
def test_byline(line: str, byline: str | None, agency: str | None) -> None:
    found = parse_byline(line)
    assert found is not None
    assert (found.byline, found.agency) == (byline, agency)


@pytest.mark.parametrize(
    "line",
    [
        "By Friday the army had left",
        "By Sunday",
        "Bystanders fled",
        "By the river they met.",
        "Mosul",
        "By our count",
        "By the rebels",
        "Gunmen Wound Two Reporters",
        "By a staff of ten, the fort was held",
    ],
)
def test_no_byline(line: str) -> None:
    assert parse_byline(line) is None


@pytest.mark.parametrize(
    "line", ["Goma | Bukavu", "Army enters town | Rebels leave", "4 March 1997 was a Tuesday", "Goma"]
)
def test_no_masthead(line: str) -> None:
    assert parse_masthead(line) is None


@pytest.mark.parametrize(
    ("line", "place", "agency", "day", "clock"),
    [
        ("KABUL (Northern Wire) | August 9, 1998", "KABUL", "Northern Wire", date(1998, 8, 9), None),
        ("Kabul, Afghanistan (AFP) | 9 August 1998", "Kabul, Afghanistan", "AFP", date(1998, 8, 9), None),
        ("KABUL, August 9, 1998 (Northern Wire)", "KABUL", "Northern Wire", date(1998, 8, 9), None),
        ("August 9, 1998 10:02 AM | by Tribune staff", None, None, date(1998, 8, 9), time(10, 2)),
        ("By Jane Doe in Kabul | 9 August 1998", "Kabul", None, date(1998, 8, 9), None),
        ("9 August 1998, Kabul", "Kabul", None, date(1998, 8, 9), None),
        ("Posted on August 9, 1998 by Jane Doe", None, None, date(1998, 8, 9), None),
        ("Posted - Aug. 9, 1998 at 7:01 a.m.", None, None, date(1998, 8, 9), time(7, 1)),
        ("Last updated: 9 August 1998 14:05 GMT", None, None, date(1998, 8, 9), time(14, 5)),
        ("Published at 14:05 GMT, 9 August 1998", None, None, date(1998, 8, 9), time(14, 5)),
        ("Aug 9 1998, 2:05 p.m. ET", None, None, date(1998, 8, 9), time(14, 5)),
        ("9 August 1998 1405 hrs IST", None, None, date(1998, 8, 9), time(14, 5)),
        ("Date: 9 August 1998 | Source: Northern Wire", None, "Northern Wire", date(1998, 8, 9), None),
    ],
)
def test_masthead(line: str, place: str | None, agency: str | None, day: date, clock: time | None) -> None:
    found = parse_masthead(line)
    assert found is not None
    assert (found.place, found.agency, found.day, found.clock) == (place, agency, day, clock)


def test_a_date_of_change_is_known_as_one() -> None:
    assert [
        parse_masthead(line).updated for line in ("Updated - 9 August 1998", "Posted - 9 August 1998")
    ] == [  # type: ignore[union-attr]
        True,
        False,
    ]
