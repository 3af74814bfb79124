"""Our own tables (``data/``), read and checked once: countries, regions and other places of war news."""

from __future__ import annotations

import csv
import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from frontlog.places.folding import strict

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Country:
    """A country as newspapers write it: its names, the first one being the one to show, and its demonyms.

    ``shared`` are the forms that as often mean something else; they are not counted as context.
    """

    code: str
    latitude: float
    longitude: float
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """A row of ``regions.csv`` or ``features.csv``; ``seat`` names a town in the same first-level region."""

    name: str
    aliases: tuple[str, ...]
    abbreviations: tuple[str, ...]
    feature_code: str
    country: str | None
    seat: str | None
    latitude: float
    longitude: float


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """All countries of ``countries.toml`` by their ISO 3166-1 alpha-2 code."""
    with (DATA / "countries.toml").open("rb") as file:
        rows = tomllib.load(file)
    return {
        code: Country(
            code,
            float(row["at"][0]),
            float(row["at"][1]),
            tuple(row["names"]),
            tuple(row.get("demonyms", ())),
            tuple(row.get("shared", ())),
        )
        for code, row in rows.items()
    }


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def _split(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (cell or "").split(";") if part.strip())


@lru_cache(maxsize=1)
def own_places() -> tuple[OwnPlace, ...]:
    """Regions, then features, in the order of their files; ``ValueError`` names a row that cannot be read."""
    places = []
    for file, seat in (("regions.csv", "seat"), ("features.csv", "admin1")):
        for row in _rows(DATA / file):
            try:
                places.append(
                    OwnPlace(
                        row["name"],
                        _split(row["aliases"]),
                        _split(row.get("abbreviations")),
                        row["code"],
                        row["country"] or None,
                        row[seat] or None,
                        float(row["latitude"]),
                        float(row["longitude"]),
                    )
                )
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{file}: the row of {row.get('name')!r} cannot be read: {error}") from error
    return tuple(places)


def tables_hash() -> str:
    """Eight hexadecimal digits that change with any table and with the code that folds and builds."""
    digest = hashlib.sha256()
    for file in ("countries.toml", "regions.csv", "features.csv", "../folding.py", "../build.py"):
        digest.update((DATA / file).read_bytes())
    return digest.hexdigest()[:8]


def _plural(demonym: str) -> str | None:
    return None if demonym.endswith(("ese", "sh", "ch", "s", "men", "man")) else demonym + "s"


@lru_cache(maxsize=1)
def country_words() -> dict[str, tuple[str, str]]:
    """Spelling -> (country code, ``name`` or ``demonym``), for all forms that are safe as context.

    Case counts: "US" is a country, "us" is not. Demonyms come with their plurals.
    """
    words: dict[str, tuple[str, str]] = {}
    for country in countries().values():
        for name in country.names:
            if name not in country.shared:
                words[name] = (country.code, "name")
        for demonym in country.demonyms:
            if demonym not in country.shared:
                words[demonym] = (country.code, "demonym")
                if plural := _plural(demonym):
                    words[plural] = (country.code, "demonym")
    return words


@lru_cache(maxsize=1)
def demonym_keys() -> dict[str, str]:
    """Strict key of every demonym, plurals too -> country code (but none that is a place name too)."""
    names = {strict(name) for country in countries().values() for name in country.names}
    keys: dict[str, str] = {}
    for country in countries().values():
        for demonym in country.demonyms:
            for form in (demonym, _plural(demonym)):
                if form and strict(form) not in names:
                    keys[strict(form)] = country.code
    return keys


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, str]:
    """Abbreviation as printed ("Ky.", "B.C.") -> the full name of its region."""
    return {short: place.name for place in own_places() for short in place.abbreviations}
