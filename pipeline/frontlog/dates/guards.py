"""Checks that keep look-alikes out: modal "may", "a march", Resolution 2254, "17 years old".

A guard sees the whole passage as tokens and the matched tokens ``i`` to ``j`` (exclusive) and says whether
the match is a time expression. Words are compared lower-cased; capital letters are asked for where they
carry the difference, and only in text that has lower-case letters at all.
"""

from __future__ import annotations

from collections.abc import Callable

from .lexicon import read_table
from .tokens import Tokens

Guard = Callable[[Tokens, int, int], bool]


def _word_lists() -> dict[str, frozenset[str]]:
    table = read_table("cues.toml")["words"]
    return {name: frozenset(words) for name, words in table.items() if isinstance(words, list)}


_WORDS = _word_lists()
OVER_CUES = _WORDS["over_cues"]

_DAYS_IN_MONTH = {"feb": 29, "apr": 30, "jun": 30, "sep": 30, "nov": 30}
_VERB_LIKE = frozenset({"march", "may", "mar"})


def _has_lower_case(tokens: Tokens) -> bool:
    return any(c.islower() for c in tokens.text[:400])


def _day_fits(tokens: Tokens, i: int, j: int) -> bool:
    month = next((t[:3] for t in tokens.lows[i:j] if t[:3] in _DAYS_IN_MONTH and len(t) > 2), None)
    if month is None or tokens.lows[i:j][0][:3] in ("mon", "sun", "sat"):
        return True
    days = [int(t) for t in tokens.lows[i:j] if t.isdigit() and len(t) <= 2]
    return all(day <= _DAYS_IN_MONTH[month] for day in days)


def _verb_like_is_month(tokens: Tokens, i: int, j: int) -> bool:
    """Lower-case "may" and "march" beside a number are months only where a date is written: "on 5 may"."""
    words = [(k, tokens.low(k)) for k in range(i, j) if tokens.low(k) in _VERB_LIKE]
    if not words or not _has_lower_case(tokens):
        return True
    k, _ = words[0]
    if tokens.is_capitalised(k):
        return True
    return tokens.low(i - 1) in _WORDS["strong_cues"] | {"on", "of", "from", "by"} or (
        tokens.low(j - 1).isdigit() and j - i > 2
    )


def _is_plural(low: str) -> bool:
    return low.isalpha() and low.endswith("s") and low not in _WORDS["not_plural"]


def _numbered_before(tokens: Tokens, i: int) -> bool:
    return tokens.low(i - 1) in _WORDS["numbered"] or (
        tokens.low(i - 1) == "." and tokens.low(i - 2) in ("no", "nos")
    )


def month_day(tokens: Tokens, i: int, j: int) -> bool:
    """October 17, but not "may 17 people" and not "March 45"."""
    if "and" in tokens.lows[i:j] and tokens.low(i - 1) != "between":
        return False
    if tokens.low(j) in _WORDS["counted"] and tokens.lows[i] in _VERB_LIKE:
        return False
    return _day_fits(tokens, i, j) and _verb_like_is_month(tokens, i, j)


def day_month(tokens: Tokens, i: int, j: int) -> bool:
    """17 October, but not "T-17 march"; "8 and 10 May" is a range only after "between"."""
    if "and" in tokens.lows[i:j] and tokens.low(i - 1) != "between":
        return False
    if (
        tokens.is_glued(i)
        and tokens.low(i - 1) in ("-", ".", ",", "/", ":", "$")
        and not tokens.low(i).isalpha()
    ):
        # "14 August-24 August" is a range, "T-24 August" is not
        return (
            tokens.low(i - 1) == "-" and tokens.low(i - 2)[:3] in _WORDS["months"] and _day_fits(tokens, i, j)
        )
    return _day_fits(tokens, i, j) and _verb_like_is_month(tokens, i, j)


def day_list(tokens: Tokens, i: int, j: int) -> bool:
    """On May 4 and 5; not "March 4 and 20 men", and no range after "between"."""
    after = tokens.low(j)
    if tokens.low(i - 1) == "between" or _is_plural(after) or after in _WORDS["counted"] or after in ("%", ":", "-"):
        return False
    after_number = tokens.is_glued(i) and not tokens.low(i).isalpha()
    return not after_number and _day_fits(tokens, i, j) and _verb_like_is_month(tokens, i, j)


def year_in_words(tokens: Tokens, i: int, j: int) -> bool:
    """Nineteen ninety-one; "twenty ten-man teams" and "nineteen six-packs" are numbers."""
    return tokens.low(j) != "-" and tokens.low(j) not in _WORDS["counted"]


def quarter(tokens: Tokens, i: int, j: int) -> bool:
    """The third quarter; "a fourth quarter of the old city" is a part of town."""
    return not (tokens.low(i - 1) in ("a", "one", "another") and tokens.low(j) == "of")


def business(tokens: Tokens, i: int, j: int) -> bool:
    """The quarter, the latest period: of business news only, for a town has quarters too."""
    return not _WORDS["business"].isdisjoint(tokens.lows) and tokens.low(j) not in ("of", "when", "between")


def half(tokens: Tokens, i: int, j: int) -> bool:
    """The first half, first-half profit: of business news only; matches and halves of cities have them too."""
    order = next((k for k in range(i, j) if tokens.low(k) in ("first", "second")), None)
    return order is not None and business(tokens, i, j)


def the_unit(tokens: Tokens, i: int, j: int) -> bool:
    """For the year, of the week; not "the year of living" or "the week ended"."""
    before, after = tokens.low(i - 1), tokens.low(j)
    return before in _WORDS["before_the_unit"] and after not in ("of", "when", "that", "before", "after", "ended", "-")


def old_thing(tokens: Tokens, i: int, j: int) -> bool:
    """A six-year-old war; people and animals are of an age."""
    return tokens.low(j) in _WORDS["lasting"]


def future_adjective(tokens: Tokens, i: int, j: int) -> bool:
    """Future attacks; "a future" and "future of" name no time that lies ahead."""
    return tokens.low(j).isalpha() and tokens.low(j) not in ("of", "for", "in", "is", "and", "as", "but", "with")


def month_year(tokens: Tokens, i: int, j: int) -> bool:
    """October 2017, but not "may 2015 people"."""
    low = next((t for t in tokens.lows[i:j] if t in _VERB_LIKE), None)
    if low and tokens.low(j) in _WORDS["counted"]:
        return False
    return _verb_like_is_month(tokens, i, j) or tokens.low(i - 1) in _WORDS["month_cues"]


def bare_month(tokens: Tokens, i: int, j: int) -> bool:
    """A month alone: "in May", "the May elections"; not "may", "a march", "Theresa May", "June Smith"."""
    low, before = tokens.low(i), tokens.low(i - 1)
    dotted = tokens.text[tokens.ends[i] - 1] == "."
    cased = _has_lower_case(tokens)
    capital = tokens.is_capitalised(i) and cased
    if low in ("may", "march", "mar"):
        if before in _WORDS["strong_cues"] and not (before == "this" and low != "march"):
            return capital or before != "this" or not cased
        if not capital or tokens.starts_sentence(i):
            return False
        if low == "march" and tokens.low(j) in ("on", "for", "against", "of", "to"):
            return before in _WORDS["month_cues"] - {"of", "for", "and"}
        if before == "the":
            return tokens.low(j).isalpha() and not tokens.is_capitalised(j)
        if before in _WORDS["month_cues"]:
            return not (tokens.is_capitalised(j) and before in ("of", "for", "and", "by", "to"))
        return low != "may" and not tokens.is_capitalised(i - 1)
    if low in _WORDS["also_names"] and before not in _WORDS["strong_cues"]:
        if not capital:
            return before in _WORDS["month_cues"]
        if before == "the":
            return True  # the August Decrees
        person = tokens.is_capitalised(j) or (tokens.is_capitalised(i - 1) and not tokens.starts_sentence(i))
        return not person or (before in _WORDS["month_cues"] and not tokens.is_capitalised(j))
    if len(low) <= 4 and low not in ("june", "july"):
        return (capital or before in _WORDS["month_cues"]) and (dotted or before in _WORDS["month_cues"])
    return True


def rel_month(tokens: Tokens, i: int, j: int) -> bool:
    """Last March; "this may" and "next may come" are modal."""
    verb_like = tokens.low(j - 1) in _VERB_LIKE and _has_lower_case(tokens)
    return not verb_like or tokens.is_capitalised(j - 1) or tokens.low(j - 2) == "last"


def ordinal_alone(tokens: Tokens, i: int, j: int) -> bool:
    """On the 17th; not "on the 17th floor"."""
    after = tokens.low(j)
    return not after or not after.isalpha() or after in _WORDS["after_day"]


def season(tokens: Tokens, i: int, j: int) -> bool:
    """The summer, last spring, winter 2014; "Arab Spring", "spring up" and "a spring" are not."""
    if any(w in ("arab", "a", "to", "prague", "hot", "water", "damascus") for w in (tokens.low(i - 1),)):
        return False
    if j - i == 1 and tokens.is_capitalised(i) and tokens.is_capitalised(i - 1):
        return False
    return tokens.low(i) not in ("spring", "springs") or tokens.low(j) not in ("up", "from", "to", "into")


def fall(tokens: Tokens, i: int, j: int) -> bool:
    """In the fall, last fall; "the fall of Saigon", "in the fall of the city" are not."""
    return tokens.low(j) != "of" or tokens.low(j - 1).isdigit()


def not_half(tokens: Tokens, i: int, j: int) -> bool:
    """A rule that shares its pattern with halves takes weeks only."""
    return "half" not in tokens.lows[i:j]


def bare_year(tokens: Tokens, i: int, j: int) -> bool:
    """A year alone needs a cue: "in 2014", "the 2003 invasion", "(1999)"; not Resolution 2254."""
    if j - i > 1:
        return True
    if _is_quantity(tokens, i, j):
        return False
    year, before = int(tokens.low(i)), tokens.low(i - 1)
    if tokens.is_glued(i) and before not in ("(", "/", '"', "'", "“", "‘", "—", "–", "["):
        return before == "-" and tokens.low(i - 2) in ("pre", "post", "mid", "early", "late")
    if before in _WORDS["strong_cues"]:
        return year >= 1000
    return 1500 <= year < 2100 and _has_year_cue(tokens, i, j, year)


def _is_quantity(tokens: Tokens, i: int, j: int) -> bool:
    """2015 people, 1700 to 2000 men, 2014 percent, Resolution 1970."""
    after, counted = tokens.low(j), _WORDS["counted"]
    if after in ("to", "and", "or", "-") and tokens.low(j + 2) in counted:
        return True
    return after in counted or _numbered_before(tokens, i) or after in ("%", "percent", "/")


def _has_year_cue(tokens: Tokens, i: int, j: int, year: int) -> bool:
    before, after = tokens.low(i - 1), tokens.low(j)
    if before in ("(", "[") or after in (")", "]"):
        return after in (")", "]", ":", ";", ",", "-", "–")
    if after in ("'s", "’s") or (before == "as" and tokens.low(i - 2) in ("late", "early", "recently")):
        return True
    plural = _is_plural(after)
    if before in _WORDS["year_cues"]:
        return not plural or before in ("the", "by", "until", "from")
    if before in _WORDS["possessives"]:
        return True
    if _ends_line(tokens, i) and (after in ("", ":") or after[:1] == "\n"):
        return True  # a heading
    told_of = not plural or after in _WORDS["of_years"]
    return 1900 <= year < 2030 and told_of and (before != "" or after.isalpha())


def _ends_line(tokens: Tokens, i: int) -> bool:
    """Whether a line, or the passage, ends before token ``i``."""
    return i == 0 or "\n" in tokens.text[tokens.ends[i - 1] - 1 : tokens.starts[i]]


def part_year(tokens: Tokens, i: int, j: int) -> bool:
    """Early 2016, the end of 1958; not "the end of 2000 people"."""
    return tokens.low(j) not in _WORDS["counted"]


def year_range(tokens: Tokens, i: int, j: int) -> bool:
    """2014 to 2017, 1939-45; the second must not lie before the first, nor centuries after it."""
    first, last = int(tokens.low(i)), int(tokens.low(j - 1))
    if last < 100:
        last += first - first % 100
    if not 0 <= last - first <= 150 or _numbered_before(tokens, i) or tokens.low(j) in _WORDS["counted"]:
        return False
    return 1000 <= first < 2100 and (last > first or tokens.low(i + 1) != "-")


def antiquity(tokens: Tokens, i: int, j: int) -> bool:
    """In 491, by late 480: in a passage that speaks of years before Christ; not "in 300 ships"."""
    after = tokens.low(j)
    if len(tokens.low(j - 1)) != 3 or {"bc", "b.c.", "bce"}.isdisjoint(tokens.lows):
        return False
    if after in _WORDS["counted"] or _is_plural(after) or after in ("-", "%"):
        return False
    return j - i > 1 or tokens.low(i - 1) in _WORDS["strong_cues"] | {"by", "of", "from", "before", "after"}


def decade(tokens: Tokens, i: int, j: int) -> bool:
    """The 1990s, the nineties; "20s" only as "the 20s", and no "in his fifties"."""
    low = tokens.low(j - 1)
    if low[:4].isdigit():
        return low[3] == "0" and 1000 <= int(low[:4]) < 2100
    if tokens.low(i - 1) in ("his", "her", "their", "my"):
        return False
    has_the = "the" in tokens.lows[i:j] or tokens.low(i - 1) in ("the", "'", "’", "‘")
    return has_the and (not low[:1].isdigit() or low[1] == "0")


def weekday(tokens: Tokens, i: int, j: int) -> bool:
    """Friday; not Black Friday, Bloody Sunday or the Sunday Times."""
    if tokens.low(i - 1) in _WORDS["not_a_weekday_after"] and tokens.is_capitalised(i - 1):
        return False
    return not (tokens.low(j) in _WORDS["not_a_weekday_before"] and tokens.is_capitalised(j))


def weekday_abbr(tokens: Tokens, i: int, j: int) -> bool:
    """Fri. or "on Thu"; "sat", "sun" and "wed" alone are words."""
    if not tokens.is_capitalised(i) or not _has_lower_case(tokens):
        return False
    dotted = tokens.text[tokens.ends[i] - 1] == "." and not tokens.is_capitalised(j)
    if tokens.low(i) in ("sun", "sat", "wed", "mon"):
        return dotted and tokens.low(i - 1) in ("on", "since", "until", "last", "next", ",")
    return dotted or tokens.low(i - 1) in ("on", "since", "until", "last", "next")


def plural_weekday_as_day(tokens: Tokens, i: int, j: int) -> bool:
    """A possessive that lost its apostrophe ("Mondays fighting"): a word follows, no "on" goes before."""
    return tokens.low(i - 1) not in ("on", "of", "every", "and", "some", "most") and tokens.low(j).isalpha()


def plural_weekday_as_set(tokens: Tokens, i: int, j: int) -> bool:
    """On Mondays."""
    return not plural_weekday_as_day(tokens, i, j)


def tod_alone(tokens: Tokens, i: int, j: int) -> bool:
    """At dawn, by midnight; not "Golden Dawn" and not "the dawn of"."""
    if tokens.low(j) in ("of", "broke", "breaks", "came") or tokens.low(i - 1) in ("the", "a", "new", "high"):
        return False
    if tokens.low(i - 1) == "-":
        return False  # a pre-dawn raid
    return not tokens.is_capitalised(j - 1) or tokens.starts_sentence(i)


def the_tod(tokens: Tokens, i: int, j: int) -> bool:
    """In the morning, during the night; not "the night raid" or "the evening news"."""
    after = tokens.low(j)
    return tokens.low(i - 1) in ("in", "during", "through", "into", "throughout") and (
        not after.isalpha() or after in _WORDS["after_day"]
    )


def rel_unit(tokens: Tokens, i: int, j: int) -> bool:
    """Last week, this year; not "this second attack", "next minute" or "the last day of the siege"."""
    before, unit = tokens.low(j - 2), tokens.low(j - 1)
    if tokens.low(j) == "of" and before in ("last", "next", "coming"):
        return False
    return unit not in ("second", "minute", "hour") or before in ("the", "last", "next")


def the_last_unit(tokens: Tokens, i: int, j: int) -> bool:
    """The last year; not "the last day of the siege" or "the last hour of"."""
    return tokens.low(j) not in ("of", "in", "before", "to") and tokens.low(j - 1) != "second"


def duration(tokens: Tokens, i: int, j: int) -> bool:
    """Nine months, a nine-month battle; not ages ("aged 17 years", "17-year-old") nor "AK-47 days"."""
    first = tokens.low(i)
    if tokens.low(i - 1) == "aged" or (
        first[:1].isdigit() and tokens.is_glued(i) and tokens.low(i - 1) in "-.,:/"
    ):
        return False
    of_a_whole = tokens.low(j - 1) == "quarters" and first not in _WORDS["vague"]
    if tokens.low(j - 1) in ("second", "quarter") or of_a_whole or (
        tokens.low(j - 1) == "hours" and len(first) == 4 and first.isdigit()
    ):
        return False  # "at 1900 hours" is a time of day
    after = (tokens.low(j), tokens.low(j + 1))
    if ("old" in after and tokens.low(j) in ("-", "old", "–")) or "olds" in after:
        return False
    # "the one day", "in one second": fine; "one night" too; "some day" and "some years" are vague
    return not (first in ("some", "many") and tokens.low(j - 1) in ("day", "time", "second"))


def a_unit(tokens: Tokens, i: int, j: int) -> bool:
    """For a week, 15 a year; not "a quarter" or "a second" alone, nor what "a day-long" and "a week later" are."""
    unit, after = tokens.low(j - 1), tokens.low(j)
    cued = j - i > 2 or tokens.low(i) == "another" or tokens.low(i - 1) in _WORDS["a_unit_cues"]
    if unit == "quarter":
        return False
    if unit in ("second", "minute") and tokens.low(i - 1) not in ("for", "in", "within"):
        return False
    if after in ("-", "of"):
        return j - i > 2 or after == "of"
    return cued or (unit in ("day", "week", "month", "year") and after not in ("later", "ago", "earlier", "long"))


def bare_units(tokens: Tokens, i: int, j: int) -> bool:
    """For months, in days; plural units without a cue are rarely times."""
    if tokens.low(j - 1) in ("seconds", "quarters", "nights", "weekends", "minutes", "fortnights", "days"):
        return tokens.low(i - 1) in ("for", "within", "in", "after") and tokens.low(j - 1) != "quarters"
    return tokens.low(i - 1) in _WORDS["bare_duration_cues"]


def present(tokens: Tokens, i: int, j: int) -> bool:
    """Now, currently, current; not "alternating current"."""
    if tokens.low(j - 1) == "current":
        return tokens.low(j).isalpha() and tokens.low(j) not in ("of", "in", "and", "affairs")
    return True


def past(tokens: Tokens, i: int, j: int) -> bool:
    """Recently, lately, and "recent" before a noun."""
    if tokens.low(i) == "recent":
        return tokens.low(j).isalpha() and tokens.low(j) not in ("of", "is", "was", "and")
    return True


def adverb(tokens: Tokens, i: int, j: int) -> bool:
    """Daily raids; not "the daily Sabah" or "a weekly newspaper"."""
    after = tokens.low(j)
    return not tokens.is_capitalised(j) and after not in ("newspaper", "newspapers", "paper", "magazine", "press")


def clock(tokens: Tokens, i: int, j: int) -> bool:
    """14:05, 10:05 GMT; not the score or ratio 3:61 and not a verse."""
    hours, minutes = (int(x) for x in tokens.low(i).split(":")[:2])
    return hours <= 24 and minutes < 60


def capital(tokens: Tokens, i: int, j: int) -> bool:
    """Holidays are written with a capital letter."""
    return tokens.is_capitalised(i)


GUARDS: dict[str, Guard] = {
    f.__name__: f
    for f in (
        month_day,
        day_month,
        month_year,
        bare_month,
        rel_month,
        ordinal_alone,
        day_list,
        year_in_words,
        quarter,
        business,
        the_unit,
        half,
        old_thing,
        future_adjective,
        season,
        fall,
        not_half,
        bare_year,
        part_year,
        year_range,
        antiquity,
        decade,
        weekday,
        weekday_abbr,
        plural_weekday_as_day,
        plural_weekday_as_set,
        tod_alone,
        the_tod,
        rel_unit,
        the_last_unit,
        duration,
        a_unit,
        bare_units,
        present,
        past,
        adverb,
        clock,
        capital,
    )
}
