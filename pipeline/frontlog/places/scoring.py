"""Scores of candidates: each name alone, then all names of an article together."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from frontlog.places.gazetteer import Gazetteer, Match, arc_km
from frontlog.places.groups import EXACT, Group
from frontlog.records import Place

_MAX_CANDIDATES = 40
REFUSED = -9.0  # the score of a candidate that does not count at all


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature adds to a candidate's score.

    Set by hand, then adjusted one by one on TR-News and LGL together (``benchmarks/places.py``); no weight
    depends on a country or a name.
    """

    name: float = 1.0
    alternate: float = 0.8
    compact: float = 0.8
    loose: float = 0.5
    skeleton: float = 0.2
    population: float = 1.6  # times log10 of the population over 7
    country: float = 2.0  # the place is a country
    region: float = 0.4  # the place is a first-level region
    seat: float = (
        1.0  # subtracted from a region where a town in it bears the name and nothing says "province"
    )
    listed: float = 1.3  # a place of our own tables
    capital: float = 0.7
    kind: float = 0.9  # the words around name its kind, or another kind (subtracted)
    context: float = 1.2  # times the square root of its country's share in what the article names
    no_context: float = (
        1.0  # subtracted where the article names countries, and neither its own nor a neighbour
    )
    container: float = 1.5  # it lies in the region or country that is named with it
    outside: float = 1.5  # it does not (subtracted)
    near: float = 1.0  # times the nearness of other places (0 to 1)
    near_km: float = 250.0
    admin1: float = 1.2  # times the share of other places in its region
    nothing: float = 1.1  # the score of "none of these"
    temperature: float = 0.35


WEIGHTS = Weights()


def score_alone(group: Group, context: dict[str, float], gazetteer: Gazetteer, w: Weights) -> None:
    """Scores that need no other mention; keeps the best candidates."""
    scored = []
    # Words that would put every namesake outside are a list ("Mosul, Turkey and ...") and say nothing.
    contained = any(_inside(match, group) for match in group.matches)
    by_country = all(code is None for _, code in group.containers)
    towns = {
        (match.place.country, match.admin1_code)
        for match in group.matches
        if match.exactness != "skeleton" and match.place.feature_code.startswith("PPL")
    }
    for match in group.matches:
        if not _article_fits(group.reading.name, match):
            continue
        score = _exactness(match, w) + _fame(match.place, w) + _kind_fit(match.place, group.kind, w)
        is_region = match.place.feature_code == "ADM1"
        if is_region and group.kind != "region" and (match.place.country, match.admin1_code) in towns:
            score -= w.seat
        if group.countries:
            score += w.container if match.place.country in group.countries else -w.outside
        if contained:
            country_in_list = match.place.feature_code == "PCLI" and by_country
            score += 0.0 if country_in_list else w.container if _inside(match, group) else -w.outside
        scored.append((score, match))
    scored.sort(
        key=lambda item: (
            -item[0] - w.context * context.get(item[1].place.country or "", 0),
            item[1].entry_id,
        )
    )
    del scored[_MAX_CANDIDATES:]
    group.matches = [match for _, match in scored]
    group.base = [score for score, _ in scored]
    group.scores = [
        score + _context_fit(match, context, gazetteer, w)
        for score, match in zip(group.base, group.matches, strict=True)
    ]


def _inside(match: Match, group: Group) -> bool:
    if match.place.feature_code == "PCLI" or not match.place.country:
        return False
    if match.place.feature_code == "ADM1" and (match.place.country, match.admin1_code) in group.containers:
        return False
    keys = {(match.place.country, None), (match.place.country, match.admin1_code)}
    return not keys.isdisjoint(group.containers)


# Countries whose names take the Arabic article in English news: elsewhere "al-Tiba" is not "Tiba".
_ARTICLE_COUNTRIES = frozenset(
    {
        "AE", "AF", "BH", "DJ", "DZ", "EG", "ER", "IL", "IQ", "IR", "JO", "KM", "KW", "LB", "LY", "MA", "ML",
        "MR", "NE", "OM", "PK", "PS", "QA", "SA", "SD", "SO", "SS", "SY", "TD", "TN", "TR", "YE",
    }
)  # fmt: skip
_ARTICLE = re.compile(r"^(?:al|el|a[rsdznt]|ash|e[rsdznt])-\s?(?=\w)", re.IGNORECASE)


def _article_fits(name: str, match: Match) -> bool:
    return (
        match.exactness != "compact" or not _ARTICLE.match(name) or match.place.country in _ARTICLE_COUNTRIES
    )


def _exactness(match: Match, w: Weights) -> float:
    worth: float = getattr(w, match.exactness)
    if match.exactness in {"alternate", "compact"}:
        return worth * (0.6 + 0.4 * match.similarity)
    return worth * match.similarity


def _fame(place: Place, w: Weights) -> float:
    if place.feature_code == "PCLI":
        return w.country + 0.2 * w.population * math.log10(place.population + 10) / 7
    fame = w.population * math.log10(place.population + 10) / 7
    if place.feature_code == "ADM1":
        return fame + w.region
    if place.feature_code == "PPLC":
        return fame + w.capital
    if place.geonameid is None:
        return max(fame, w.listed)
    return fame


_AREAS = frozenset({"ADM1", "ADM2", "RGN", "RGNH", "AREA", "PEN", "PLN"})


def _kind_fit(place: Place, kind: str | None, w: Weights) -> float:
    settlement, area = place.feature_code.startswith("PPL"), place.feature_code in _AREAS
    if kind is None:
        return 0.0
    if kind == "settlement":
        return w.kind if settlement else -w.kind
    if kind == "region":
        return w.kind if area else -0.5 * w.kind
    if kind == "district":
        return 0.0 if not place.feature_code.startswith("PCL") else -w.kind
    if kind == "quarter":
        return (
            w.kind
            if place.feature_code in {"PPLX", "AREA"}
            else -w.kind
            if place.population > 100_000
            else 0.0
        )
    if place.feature_code == "PCLI":
        return -0.5 * w.kind
    other = not settlement and not area
    return 0.5 * w.kind if other else 0.0


def _context_fit(match: Match, context: dict[str, float], gazetteer: Gazetteer, w: Weights) -> float:
    country = match.place.country
    if country is None or not context:
        return 0.0
    share = context.get(country, 0.0)
    if share > 0.02:
        return w.context * math.sqrt(share)
    if any(context.get(other, 0.0) > 0.1 for other in gazetteer.neighbours(country)):
        return -0.3 * w.no_context
    return 0.0 if match.place.feature_code == "PCLI" else -w.no_context


def _admissible(
    match: Match, context: dict[str, float], gazetteer: Gazetteer, nearest_km: float | None
) -> bool:
    """Whether a match counts at all: loose ones only where the article speaks of their country.

    ``nearest_km`` is the distance to the nearest sure place, which must not be far; None: there is none.
    """
    if match.exactness in EXACT:
        return True
    country = match.place.country or ""
    if match.place.feature_code == "PCLI":
        return match.similarity >= 0.85
    if nearest_km is not None and nearest_km > _LOOSE_KM:
        return False
    if context.get(country, 0.0) >= 0.15:
        return match.similarity >= (0.65 if match.exactness == "loose" else 0.8)
    beside = any(context.get(other, 0.0) >= 0.3 for other in gazetteer.neighbours(country))
    return beside and match.exactness == "loose" and match.similarity >= 0.8


# Farther than this from every sure place of an article, a similar name is taken for chance.
_LOOSE_KM = 400.0


def shares_of(scores: Sequence[float], w: Weights) -> list[float]:
    """Softmax of the scores, with "none of these" among the rivals."""
    if not scores:
        return []
    top = max(*scores, w.nothing)
    values = [math.exp((score - top) / w.temperature) for score in scores]
    total = sum(values) + math.exp((w.nothing - top) / w.temperature)
    return [value / total for value in values]


def score_together(
    groups: Sequence[Group], named: dict[str, float], gazetteer: Gazetteer, w: Weights
) -> None:
    """Scores again, given what the article's other names now seem to be."""
    shares = [shares_of(group.scores, w) for group in groups]
    votes: list[dict[str, float]] = []
    regions: list[dict[tuple[str, str], float]] = []
    anchors: list[tuple[tuple[float, float, float], float] | None] = []
    total: dict[str, float] = defaultdict(float)
    total_regions: dict[tuple[str, str], float] = defaultdict(float)
    for group, share in zip(groups, shares, strict=True):
        vote: dict[str, float] = defaultdict(float)
        region: dict[tuple[str, str], float] = defaultdict(float)
        for match, part in zip(group.matches, share, strict=True):
            if match.place.country and match.place.feature_code != "PCLI" and match.exactness in EXACT:
                vote[match.place.country] += part
                if match.admin1_code:
                    region[match.place.country, match.admin1_code] += part
        votes.append(vote)
        regions.append(region)
        for code, part in vote.items():
            total[code] += part
        for key, part in region.items():
            total_regions[key] += part
        best = max(range(len(share)), key=share.__getitem__, default=None)
        if best is not None and group.matches[best].exactness not in EXACT:
            best = None
        is_point = best is not None and group.matches[best].place.feature_code not in {
            "PCLI",
            "CONT",
            "OCN",
            "SEA",
        }
        anchors.append((group.matches[best].xyz, share[best]) if best is not None and is_point else None)
    for index, group in enumerate(groups):
        context = _with_votes(named, total, votes[index])
        others = max(1.0, sum(total_regions.values()) - sum(regions[index].values()))
        scores = []
        for base, match in zip(group.base, group.matches, strict=True):
            if not _admissible(match, context, gazetteer, _nearest_km(match, index, anchors)):
                scores.append(REFUSED)
                continue
            score = base + _context_fit(match, context, gazetteer, w)
            key = (match.place.country or "", match.admin1_code or "")
            if match.admin1_code:
                score += w.admin1 * (total_regions.get(key, 0.0) - regions[index].get(key, 0.0)) / others
            scores.append(score + w.near * _nearness(match, index, anchors, w))
        group.scores = scores


def _with_votes(named: dict[str, float], total: dict[str, float], own: dict[str, float]) -> dict[str, float]:
    """Countries named outright and those of the article's other places, half of the weight each."""
    votes = {code: value - own.get(code, 0.0) for code, value in total.items()}
    votes = {code: value for code, value in votes.items() if value > 0.05}
    number = sum(votes.values())
    if not number:
        return named
    if not named:
        return {code: value / number for code, value in votes.items()}
    codes = sorted({*named, *votes})
    return {code: 0.5 * named.get(code, 0.0) + 0.5 * votes.get(code, 0.0) / number for code in codes}


def _nearness(
    match: Match, index: int, anchors: Sequence[tuple[tuple[float, float, float], float] | None], w: Weights
) -> float:
    """How near the article's other places lie, 0 to 1: one sure place at the same spot already gives 0.6."""
    if match.place.feature_code in {"PCLI", "CONT", "OCN", "SEA"}:
        return 0.0
    missing = 1.0
    for other, anchor in enumerate(anchors):
        if anchor is not None and other != index:
            distance = arc_km(match.xyz, anchor[0])
            if distance < 6 * w.near_km:
                missing *= 1 - 0.6 * anchor[1] * math.exp(-distance / w.near_km)
    return 1 - missing


def _nearest_km(
    match: Match, index: int, anchors: Sequence[tuple[tuple[float, float, float], float] | None]
) -> float | None:
    if match.exactness in EXACT:
        return None
    sure = [a[0] for other, a in enumerate(anchors) if a is not None and other != index and a[1] > 0.5]
    return min((arc_km(match.xyz, xyz) for xyz in sure), default=None)
