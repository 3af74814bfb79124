"""Places: name folding, the gazetteer, and which of several namesakes an article means."""

from __future__ import annotations

from frontlog.places.gazetteer import Gazetteer, build_default, distance_km, open_gazetteer
from frontlog.places.ranking import context_countries, country_of_article, geo_precision, resolve
from frontlog.places.service import candidates, describe

__all__ = [
    "Gazetteer",
    "build_default",
    "candidates",
    "context_countries",
    "country_of_article",
    "describe",
    "distance_km",
    "geo_precision",
    "open_gazetteer",
    "resolve",
]
