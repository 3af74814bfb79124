"""Checks that keep look-alikes out: modal "may", "a march", Resolution 2254, "17 years old".

A guard sees the whole passage as tokens and the matched tokens ``i`` to ``j`` (exclusive) and says whether
the match is a time expression. Words are compared lower-cased; capital letters are asked for where they
carry the difference, and only in text that has lower-case letters at all.
"""

from __future__ import annotations

from .cue_words import WORDS, Guard, is_plural
from .period_guards import PERIOD_GUARDS
from .tokens import Tokens

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
    return tokens.low(i - 1) in WORDS["strong_cues"] | {"on", "of", "from", "by"} or (
        tokens.low(j - 1).isdigit() and j - i > 2
    )


def _numbered_before(tokens: Tokens, i: int) -> bool:
    return tokens.low(i - 1) in WORDS["numbered"] or (
        tokens.low(i - 1) == "." and tokens.low(i - 2) in ("no", "nos")
    )


def month_day(tokens: Tokens, i: int, j: int) -> bool:
    """October 17, but not "may 17 people" and not "March 45"."""
    if "and" in tokens.lows[i:j] and tokens.low(i - 1) != "between":
        return False
    if tokens.low(j) in WORDS["counted"] and tokens.lows[i] in _VERB_LIKE:
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
            tokens.low(i - 1) == "-" and tokens.low(i - 2)[:3] in WORDS["months"] and _day_fits(tokens, i, j)
        )
    return _day_fits(tokens, i, j) and _verb_like_is_month(tokens, i, j)


def day_list(tokens: Tokens, i: int, j: int) -> bool:
    """On May 4 and 5; not "March 4 and 20 men", and no range after "between"."""
    after = tokens.low(j)
    if (
        tokens.low(i - 1) == "between"
        or is_plural(after)
        or after in WORDS["counted"]
        or after in ("%", ":", "-")
    ):
        return False
    after_number = tokens.is_glued(i) and not tokens.low(i).isalpha()
    return not after_number and _day_fits(tokens, i, j) and _verb_like_is_month(tokens, i, j)


def year_in_words(tokens: Tokens, i: int, j: int) -> bool:
    """Nineteen ninety-one; "twenty ten-man teams" and "nineteen six-packs" are numbers."""
    return tokens.low(j) != "-" and tokens.low(j) not in WORDS["counted"]


def month_year(tokens: Tokens, i: int, j: int) -> bool:
    """October 2017, but not "may 2015 people"."""
    low = next((t for t in tokens.lows[i:j] if t in _VERB_LIKE), None)
    if low and tokens.low(j) in WORDS["counted"]:
        return False
    return _verb_like_is_month(tokens, i, j) or tokens.low(i - 1) in WORDS["month_cues"]


def bare_month(tokens: Tokens, i: int, j: int) -> bool:
    """A month alone: "in May", "the May elections"; not "may", "a march", "Theresa May", "June Smith"."""
    low, before = tokens.low(i), tokens.low(i - 1)
    dotted = tokens.text[tokens.ends[i] - 1] == "."
    cased = _has_lower_case(tokens)
    capital = tokens.is_capitalised(i) and cased
    if low in ("may", "march", "mar"):
        if before in WORDS["strong_cues"] and not (before == "this" and low != "march"):
            return capital or before != "this" or not cased
        if not capital or tokens.starts_sentence(i):
            return False
        if low == "march" and tokens.low(j) in ("on", "for", "against", "of", "to"):
            return before in WORDS["month_cues"] - {"of", "for", "and"}
        if before == "the":
            return tokens.low(j).isalpha() and not tokens.is_capitalised(j)
        if before in WORDS["month_cues"]:
            return not (tokens.is_capitalised(j) and before in ("of", "for", "and", "by", "to"))
        return low != "may" and not tokens.is_capitalised(i - 1)
    if low in WORDS["also_names"] and before not in WORDS["strong_cues"]:
        if not capital:
            return before in WORDS["month_cues"]
        if before == "the":
            return True  # the August Decrees
        person = tokens.is_capitalised(j) or (tokens.is_capitalised(i - 1) and not tokens.starts_sentence(i))
        return not person or (before in WORDS["month_cues"] and not tokens.is_capitalised(j))
    if len(low) <= 4 and low not in ("june", "july"):
        return (capital or before in WORDS["month_cues"]) and (dotted or before in WORDS["month_cues"])
    return True


def rel_month(tokens: Tokens, i: int, j: int) -> bool:
    """Last March; "this may" and "next may come" are modal."""
    verb_like = tokens.low(j - 1) in _VERB_LIKE and _has_lower_case(tokens)
    return not verb_like or tokens.is_capitalised(j - 1) or tokens.low(j - 2) == "last"


def ordinal_alone(tokens: Tokens, i: int, j: int) -> bool:
    """On the 17th; not "on the 17th floor"."""
    after = tokens.low(j)
    return not after or not after.isalpha() or after in WORDS["after_day"]


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


def bare_year(tokens: Tokens, i: int, j: int) -> bool:
    """A year alone needs a cue: "in 2014", "the 2003 invasion", "(1999)"; not Resolution 2254."""
    if j - i > 1:
        return True
    if _is_quantity(tokens, i, j):
        return False
    year, before = int(tokens.low(i)), tokens.low(i - 1)
    if tokens.is_glued(i) and before not in ("(", "/", '"', "'", "“", "‘", "—", "–", "["):
        return before == "-" and tokens.low(i - 2) in ("pre", "post", "mid", "early", "late")
    if before in WORDS["strong_cues"]:
        return year >= 1000
    return 1500 <= year < 2100 and _has_year_cue(tokens, i, j, year)


def _is_quantity(tokens: Tokens, i: int, j: int) -> bool:
    """2015 people, 1700 to 2000 men, 2014 percent, Resolution 1970."""
    after, counted = tokens.low(j), WORDS["counted"]
    if after in ("to", "and", "or", "-") and tokens.low(j + 2) in counted:
        return True
    return after in counted or _numbered_before(tokens, i) or after in ("%", "percent", "/")


def _has_year_cue(tokens: Tokens, i: int, j: int, year: int) -> bool:
    before, after = tokens.low(i - 1), tokens.low(j)
    if before in ("(", "[") or after in (")", "]"):
        return after in (")", "]", ":", ";", ",", "-", "–")
    if after in ("'s", "’s") or (before == "as" and tokens.low(i - 2) in ("late", "early", "recently")):
        return True
    plural = is_plural(after)
    if before in WORDS["year_cues"]:
        return not plural or before in ("the", "by", "until", "from")
    if before in WORDS["possessives"]:
        return True
    if _ends_line(tokens, i) and (after in ("", ":") or after[:1] == "\n"):
        return True  # a heading
    told_of = not plural or after in WORDS["of_years"]
    return 1900 <= year < 2030 and told_of and (before != "" or after.isalpha())


def _ends_line(tokens: Tokens, i: int) -> bool:
    """Whether a line, or the passage, ends before token ``i``."""
    return i == 0 or "\n" in tokens.text[tokens.ends[i - 1] - 1 : tokens.starts[i]]


def part_year(tokens: Tokens, i: int, j: int) -> bool:
    """Early 2016, the end of 1958; not "the end of 2000 people"."""
    return tokens.low(j) not in WORDS["counted"]


def year_range(tokens: Tokens, i: int, j: int) -> bool:
    """2014 to 2017, 1939-45; the second must not lie before the first, nor centuries after it."""
    first, last = int(tokens.low(i)), int(tokens.low(j - 1))
    if last < 100:
        last += first - first % 100
    if not 0 <= last - first <= 150 or _numbered_before(tokens, i) or tokens.low(j) in WORDS["counted"]:
        return False
    return 1000 <= first < 2100 and (last > first or tokens.low(i + 1) != "-")


def weekday(tokens: Tokens, i: int, j: int) -> bool:
    """Friday; not Black Friday, Bloody Sunday or the Sunday Times."""
    if tokens.low(i - 1) in WORDS["not_a_weekday_after"] and tokens.is_capitalised(i - 1):
        return False
    return not (tokens.low(j) in WORDS["not_a_weekday_before"] and tokens.is_capitalised(j))


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


def capital(tokens: Tokens, i: int, j: int) -> bool:
    """Holidays are written with a capital letter."""
    return tokens.is_capitalised(i)


_DATE_GUARDS: dict[str, Guard] = {
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
        season,
        fall,
        bare_year,
        part_year,
        year_range,
        weekday,
        weekday_abbr,
        plural_weekday_as_day,
        plural_weekday_as_set,
        capital,
    )
}
GUARDS = {**_DATE_GUARDS, **PERIOD_GUARDS}
