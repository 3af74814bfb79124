"""Checks on quarters, parts of the day, lengths, sets and references; see ``guards``."""

from __future__ import annotations

from .cue_words import WORDS, Guard, is_plural
from .tokens import Tokens


def antiquity(tokens: Tokens, i: int, j: int) -> bool:
    """In 491, by late 480: in a passage that speaks of years before Christ; not "in 300 ships"."""
    after = tokens.low(j)
    if len(tokens.low(j - 1)) != 3 or {"bc", "b.c.", "bce"}.isdisjoint(tokens.lows):
        return False
    if after in WORDS["counted"] or is_plural(after) or after in ("-", "%"):
        return False
    return j - i > 1 or tokens.low(i - 1) in WORDS["strong_cues"] | {"by", "of", "from", "before", "after"}


def decade(tokens: Tokens, i: int, j: int) -> bool:
    """The 1990s, the nineties; "20s" only as "the 20s", and no "in his fifties"."""
    low = tokens.low(j - 1)
    if low[:4].isdigit():
        return low[3] == "0" and 1000 <= int(low[:4]) < 2100
    if tokens.low(i - 1) in ("his", "her", "their", "my"):
        return False
    has_the = "the" in tokens.lows[i:j] or tokens.low(i - 1) in ("the", "'", "’", "‘")
    return has_the and (not low[:1].isdigit() or low[1] == "0")


def quarter(tokens: Tokens, i: int, j: int) -> bool:
    """The third quarter; "a fourth quarter of the old city" is a part of town."""
    return not (tokens.low(i - 1) in ("a", "one", "another") and tokens.low(j) == "of")


def business(tokens: Tokens, i: int, j: int) -> bool:
    """The quarter, the latest period: of business news only, for a town has quarters too."""
    return not WORDS["business"].isdisjoint(tokens.lows) and tokens.low(j) not in ("of", "when", "between")


def half(tokens: Tokens, i: int, j: int) -> bool:
    """The first half, first-half profit: of business news only; matches and halves of cities have them too."""
    order = next((k for k in range(i, j) if tokens.low(k) in ("first", "second")), None)
    return order is not None and business(tokens, i, j)


def the_unit(tokens: Tokens, i: int, j: int) -> bool:
    """For the year, of the week; not "the year of living" or "the week ended"."""
    before, after = tokens.low(i - 1), tokens.low(j)
    if after == "of":
        return before == "for" and tokens.low(j + 1) == "$"
    return before in WORDS["before_the_unit"] and after not in WORDS["not_after_the_unit"]


def old_thing(tokens: Tokens, i: int, j: int) -> bool:
    """A six-year-old war; people and animals are of an age."""
    return tokens.low(j) in WORDS["lasting"]


def future_adjective(tokens: Tokens, i: int, j: int) -> bool:
    """Future attacks; "a future" and "future of" name no time that lies ahead."""
    if j - i > 1:
        return True  # future weeks
    return tokens.low(j).isalpha() and tokens.low(j) not in (
        "of",
        "for",
        "in",
        "is",
        "and",
        "as",
        "but",
        "with",
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
    of_a_whole = tokens.low(j - 1) == "quarters" and first not in WORDS["vague"]
    if (
        tokens.low(j - 1) in ("second", "quarter")
        or of_a_whole
        or (tokens.low(j - 1) == "hours" and len(first) == 4 and first.isdigit())
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
    cued = j - i > 2 or tokens.low(i) == "another" or tokens.low(i - 1) in WORDS["a_unit_cues"]
    if unit == "quarter":
        return False
    if unit in ("second", "minute") and tokens.low(i - 1) not in ("for", "in", "within"):
        return False
    if after in ("-", "of"):
        return j - i > 2 or after == "of"
    return cued or (
        unit in ("day", "week", "month", "year") and after not in ("later", "ago", "earlier", "long")
    )


def bare_units(tokens: Tokens, i: int, j: int) -> bool:
    """For months, in days; plural units without a cue are rarely times."""
    if tokens.low(j - 1) in ("seconds", "quarters", "nights", "weekends", "minutes", "fortnights", "days"):
        return tokens.low(i - 1) in ("for", "within", "in", "after") and tokens.low(j - 1) != "quarters"
    return tokens.low(i - 1) in WORDS["bare_duration_cues"]


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
    return not tokens.is_capitalised(j) and after not in (
        "newspaper",
        "newspapers",
        "paper",
        "magazine",
        "press",
    )


def clock(tokens: Tokens, i: int, j: int) -> bool:
    """14:05, 10:05 GMT; not the score or ratio 3:61 and not a verse."""
    hours, minutes = (int(x) for x in tokens.low(i).split(":")[:2])
    return hours <= 24 and minutes < 60


def not_half(tokens: Tokens, i: int, j: int) -> bool:
    """A rule that shares its pattern with halves takes weeks only."""
    return "half" not in tokens.lows[i:j]


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
        not after.isalpha() or after in WORDS["after_day"]
    )


PERIOD_GUARDS: dict[str, Guard] = {
    f.__name__: f
    for f in (
        antiquity,
        decade,
        quarter,
        business,
        half,
        the_unit,
        old_thing,
        future_adjective,
        rel_unit,
        the_last_unit,
        duration,
        a_unit,
        bare_units,
        present,
        past,
        adverb,
        clock,
        not_half,
        tod_alone,
        the_tod,
    )
}
