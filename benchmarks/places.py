"""How well gold toponyms are resolved: accuracy at 161 km and exact GeoNames ids, on LGL and TR-News.

    python benchmarks/places.py --data DIR [--gold GOLD.jsonl] [--gazetteer FILE] [--errors 20]

DIR holds ``lgl.xml`` and ``TR-News.xml`` of Gritta et al. 2019
(https://github.com/milangritta/Pragmatic-Guide-to-Geoparsing-Evaluation). Every gold span is given as a GPE
mention; these sets count "Syrian" as the country. "in gazetteer" counts the toponyms for which the gazetteer
holds, under any spelling that the lookup finds, some place within 161 km of the gold point: what ranking can
reach. GOLD.jsonl are events with ``place`` and ``country`` and the article's ``text`` (or its ``file``,
beside GOLD.jsonl), scored by country alone; "right with the article's country" gives an unresolved place
the country that the article is about.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from frontlog.places.gazetteer import Gazetteer, distance_km, open_gazetteer
from frontlog.places.ranking import country_of_article, resolve
from frontlog.places.scoring import WEIGHTS, Weights
from frontlog.places.surface import readings
from frontlog.records import Place, PlaceMention, ResolvedPlace

LIMIT_KM = 161.0  # a hundred miles, the usual threshold of the field
FARTHEST_KM = 20039.0  # half of the equator: the error of an unresolved toponym in the mean and the AUC


@dataclass(frozen=True)
class GoldArticle:
    """A text with its toponyms and where they lie."""

    text: str
    mentions: tuple[PlaceMention, ...]
    places: tuple[Place, ...]


def read_gold(path: Path) -> Iterator[GoldArticle]:
    """The articles of an LGL or TR-News file; toponyms without coordinates are left out."""
    for article in ET.parse(path).getroot().iter("article"):
        text = article.findtext("text") or ""
        mentions, places = [], []
        for toponym in article.iter("toponym"):
            tag = toponym.find("gaztag")
            latitude = (tag.findtext("lat") if tag is not None else None) or toponym.findtext("lat")
            longitude = (tag.findtext("lon") if tag is not None else None) or toponym.findtext("lon")
            if not latitude or not longitude:
                continue
            start, end = int(toponym.findtext("start") or 0), int(toponym.findtext("end") or 0)
            phrase = toponym.findtext("phrase") or text[start:end]
            number = tag.get("geonameid") if tag is not None else None
            mentions.append(PlaceMention(start, end, phrase, "GPE"))
            code = (tag.findtext("fcode") if tag is not None else None) or ""
            places.append(
                Place(
                    int(number) if number else None,
                    phrase,
                    code,
                    None,
                    None,
                    float(latitude),
                    float(longitude),
                )
            )
        yield GoldArticle(text, tuple(mentions), tuple(places))


def score(
    articles: list[GoldArticle], gazetteer: Gazetteer, weights: Weights = WEIGHTS, errors: int = 0
) -> dict[str, float]:
    """Accuracy at 161 km, exact ids, mean error and AUC over all toponyms and over those in the gazetteer."""
    distances: list[float] = []
    reachable = right_reachable = exact = resolved = 0
    wrong: list[str] = []
    for article in articles:
        for gold, answer in zip(
            article.places,
            resolve(article.mentions, article.text, gazetteer, demonyms=True, weights=weights),
            strict=True,
        ):
            distance = distance_km(gold, answer.place) if answer.place else FARTHEST_KM
            resolved += answer.place is not None
            exact += answer.place is not None and answer.place.geonameid == gold.geonameid
            distances.append(distance)
            known = distance <= LIMIT_KM or is_known(answer, gold, gazetteer)
            reachable += known
            right_reachable += known and distance <= LIMIT_KM
            if distance > LIMIT_KM and known:
                where = f"{gold.feature_code} {gold.latitude:.1f},{gold.longitude:.1f}"
                wrong.append(f"{answer.mention.text} [{where}] -> {_show(answer)}")
    for line in wrong[:: max(1, len(wrong) // errors)] if errors else []:
        print("   ", line)
    number = len(distances)
    logs = [math.log(min(d, FARTHEST_KM) + 1) / math.log(FARTHEST_KM + 1) for d in distances]
    return {
        "toponyms": number,
        "acc@161": sum(d <= LIMIT_KM for d in distances) / number,
        "exact id": exact / number,
        "mean error km": sum(distances) / number,
        "AUC of log error": sum(logs) / number,
        "resolved": resolved / number,
        "in gazetteer": reachable / number,
        "acc@161 of these": right_reachable / max(1, reachable),
    }


def is_known(answer: ResolvedPlace, gold: Place, gazetteer: Gazetteer) -> bool:
    """Whether some candidate lies within 161 km of the gold point."""
    return any(
        distance_km(gold, match.place) <= LIMIT_KM
        for reading in readings(answer.mention.text)
        for match in gazetteer.matches(reading.name)
    )


def _show(answer: ResolvedPlace) -> str:
    place = answer.place
    if place is None:
        return answer.reason
    return f"{place.name}, {place.admin1}, {place.country} ({place.feature_code}, {answer.score:.2f})"


def score_countries(path: Path, gazetteer: Gazetteer, errors: int = 0) -> dict[str, float]:
    """Share of event places whose country is right, given the article's text and its other event places."""
    right = number = resolved = guessed = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = record.get("text") or (path.parent / record["file"]).read_text(
            encoding="utf-8", errors="replace"
        )
        events = [e for e in record["events"] if e.get("place") and e.get("country")]
        found = [(e, text.find(e["place"])) for e in events]
        mentions = [
            PlaceMention(max(0, at), max(0, at) + len(e["place"]), e["place"], "GPE") for e, at in found
        ]
        answers = resolve(mentions, text, gazetteer)
        fallback = country_of_article(answers, text)
        for (event, _), answer in zip(found, answers, strict=True):
            number += 1
            resolved += answer.place is not None
            ok = answer.place is not None and answer.place.country == event["country"]
            right += ok
            guessed += ok or (answer.place is None and fallback == event["country"])
            if not ok and errors:
                print("   ", event["place"], event["country"], "->", _show(answer))
    return {"event places": number, "right country": right / number, "resolved": resolved / number,
            "right with the article's country": guessed / number,
        "right of resolved": right / max(1, resolved)}  # fmt: skip


def main() -> None:
    """Prints one line of figures per file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--gold", type=Path, action="append", default=[])
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    gazetteer = open_gazetteer(options.gazetteer, print)
    for name in ("TR-News.xml", "lgl.xml"):
        articles = list(read_gold(options.data / name))
        _print(name, score(articles, gazetteer, errors=options.errors))
        start = time.process_time()
        number = sum(len(resolve(a.mentions, a.text, gazetteer)) for a in articles)
        print(
            f"    {number / (time.process_time() - start):,.0f} mentions per second on one core, second look"
        )
    for path in options.gold:
        _print(path.name, score_countries(path, gazetteer, options.errors))


def _print(name: str, figures: dict[str, float]) -> None:
    shown = (f"{k} {v:,.0f}" if v > 1.5 else f"{k} {v:.3f}" for k, v in figures.items())
    print(re.sub(r"\s+", " ", f"{name}: {'; '.join(shown)}"))


if __name__ == "__main__":
    main()
