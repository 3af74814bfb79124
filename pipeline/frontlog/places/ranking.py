"""Which of several namesakes an article means: candidates are scored, article by article, in two passes.

A candidate gains by how exactly the name matches, population, the words around ("the town of"), the
countries and regions that the article names, nearness to the article's other places, and the place
that is said to contain it ("Qaim, Iraq"). "None of these" is a candidate with a fixed score, so that
an unknown village is left unresolved rather than moved to another continent.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from frontlog.places.gazetteer import Gazetteer
from frontlog.places.groups import EXACT, Group, group_mentions
from frontlog.places.scoring import REFUSED, WEIGHTS, Weights, score_alone, score_together, shares_of
from frontlog.places.surface import CountrySpan, country_of, country_spans
from frontlog.records import Place, PlaceMention, ResolvedPlace


def context_countries(text: str) -> Counter[str]:
    """How often a text names each country, by name or demonym; ISO 3166-1 alpha-2 codes.

    >>> sorted(context_countries("Iraqi troops crossed from Iraq into Syria").items())
    [('IQ', 2), ('SY', 1)]
    """
    return Counter(span.country for span in country_spans(text))


def geo_precision(place: Place, relation: str) -> int:
    """1 the place itself, 2 near it or part of an area, 3 a province or larger.

    ``relation`` is ``at`` or ``near``. Areas are regions smaller than a province, valleys, rivers,
    deserts and mountains, which have no one point.
    """
    if place.feature_code.startswith("PCL") or place.feature_code in {"ADM1", "RGNH", "CONT", "OCN", "SEA"}:
        return 3
    point = place.feature_code.startswith("PPL") or place.feature_code in _POINTS
    return 1 if point and relation == "at" else 2


_POINTS = frozenset(
    {
        "AIRB",
        "AIRP",
        "BDG",
        "BLDG",
        "CRSG",
        "CMP",
        "DAM",
        "INSM",
        "OILF",
        "GASF",
        "HLL",
        "MT",
        "PASS",
        "TNL",
        "PT",
    }
)


def resolve(
    mentions: Sequence[PlaceMention],
    text: str,
    gazetteer: Gazetteer,
    *,
    dateline: str | None = None,
    hints: Sequence[str] = (),
    demonyms: bool = False,
    weights: Weights = WEIGHTS,
) -> list[ResolvedPlace]:
    """The place that each mention of one article means, in the order of the mentions.

    ``text`` is the article's text, in which the mentions' offsets count; ``dateline`` the place before
    the story; ``hints`` are names of places or countries from copies of the story; ``demonyms`` resolves a
    GPE "Syrian" to its country (as some gold sets do) instead of refusing it.

    ``place`` is None where nothing fits, and ``reason`` says why. ``score`` is the share (0 to 1) of the
    chosen candidate against its rivals and against "none of these".
    """
    spans = country_spans(text)
    context = _context(spans, dateline, hints, gazetteer)
    groups, refused = group_mentions(mentions, text, spans, gazetteer, demonyms)
    for group in groups:
        score_alone(group, context, gazetteer, weights)
    for _ in range(2):
        score_together(groups, context, gazetteer, weights)
    resolved: dict[int, ResolvedPlace] = {}
    for group in groups:
        place, score, reason = _choice(group, weights)
        for index in group.mentions:
            resolved[index] = ResolvedPlace(mentions[index], place, score, reason)
    for index, reason in refused.items():
        resolved[index] = ResolvedPlace(mentions[index], None, 0.0, reason)
    return [resolved[index] for index in range(len(mentions))]


def _context(
    spans: Iterable[CountrySpan], dateline: str | None, hints: Sequence[str], gazetteer: Gazetteer | None
) -> dict[str, float]:
    """Weight of each country in what the article names outright; sums to 1, empty if it names none."""
    weight: dict[str, float] = defaultdict(float)
    for span in spans:
        weight[span.country] += 1.0
    weight = defaultdict(float, {code: math.sqrt(count) for code, count in weight.items()})
    for name, worth in [*((hint, 0.5) for hint in hints), *([(dateline, 1.0)] if dateline else [])]:
        code = country_of(name) or (gazetteer and _country_by_population(name, gazetteer))
        if code:
            weight[code] += worth
    total = sum(weight.values())
    return {code: value / total for code, value in sorted(weight.items())} if total else {}


def _country_by_population(name: str, gazetteer: Gazetteer) -> str | None:
    exact = [m for m in gazetteer.matches(name) if m.exactness in EXACT]
    best = max(exact, key=lambda m: (m.place.population, -m.entry_id), default=None)
    return best.place.country if best else None


def _choice(group: Group, w: Weights) -> tuple[Place | None, float, str]:
    if not group.matches:
        return None, 0.0, "no place of this name in the gazetteer"
    share = shares_of(group.scores, w)
    best = max(range(len(share)), key=share.__getitem__)
    match = group.matches[best]
    if group.scores[best] < w.nothing:
        where = f"{match.place.name}, {match.place.country}"
        if group.scores[best] <= REFUSED:
            return None, 0.0, f"only similar names elsewhere ({where})"
        return None, 0.0, f"the best namesake ({where}) does not fit the article"
    reason = f"{match.exactness} match"
    if group.reading.part:
        reason += ", part of the place"
    if group.kind == "facility" and match.place.feature_code.startswith("PPL"):
        reason += ", the place a facility is named after"
    return match.place, round(share[best], 4), reason


def country_of_article(answers: Sequence[ResolvedPlace], text: str) -> str | None:
    """The one country that an article is about: at least half of what it names and of the places in it.

    For the country of a place that could not be resolved. Countries named outright and resolved places
    count half each; None where no country reaches half.
    """
    named = _context(country_spans(text), None, (), None)
    places: Counter[str] = Counter()
    for answer in answers:
        if answer.place is not None and answer.place.country and answer.place.feature_code != "PCLI":
            places[answer.place.country] += 1
    total = sum(places.values())
    share: dict[str, float] = defaultdict(float)
    for code, part in named.items():
        share[code] += part if not total else part / 2
    for code, count in places.items():
        share[code] += count / total if not named else count / total / 2
    best = max(sorted(share), key=share.__getitem__, default=None)
    return best if best is not None and share[best] >= 0.5 else None
