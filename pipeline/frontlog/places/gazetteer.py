"""The gazetteer: opened from its file, asked for a name, answers with candidates and how well they match."""

from __future__ import annotations

import math
import os
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from frontlog.errors import UsageError
from frontlog.places.build import (
    APPLICATION_ID,
    COMPACT,
    LOOSE,
    SCHEMA_VERSION,
    SKELETON,
    STRICT,
    default_name,
    write_gazetteer,
)
from frontlog.places.folding import compact, loose, similarity, skeleton, strict
from frontlog.records import Place

EARTH_RADIUS_KM = 6371.0

# How exactly a name matches, best first: main name, another name on record, then the looser foldings.
LEVELS = ("name", "alternate", "compact", "loose", "skeleton")

# An edit similarity below which two names that share a key are not spellings of one name.
_MIN_SIMILARITY = {"loose": 0.6, "skeleton": 0.7}


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate for a name.

    ``exactness`` is one of ``LEVELS``; ``similarity`` says how alike the name and the place's main name are
    (0 to 1); ``admin1_code`` is GeoNames' code of the first-level region; ``xyz`` the place as a unit
    vector, for quick distances.
    """

    place: Place
    exactness: str
    similarity: float
    entry_id: int
    admin1_code: str | None
    xyz: tuple[float, float, float]


def distance_km(a: Place, b: Place) -> float:
    """Great-circle distance between two places in kilometres, on a sphere of 6,371 km.

    >>> aleppo = Place(None, "Aleppo", "PPL", None, "SY", 36.20, 37.16)
    >>> round(distance_km(aleppo, Place(None, "Homs", "PPL", None, "SY", 34.73, 36.71)))
    168
    """
    return arc_km(unit_vector(a.latitude, a.longitude), unit_vector(b.latitude, b.longitude))


def unit_vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    """A point given in degrees as a vector of length 1."""
    phi, lam = math.radians(latitude), math.radians(longitude)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def arc_km(a: tuple[float, float, float], b: tuple[float, float, float]) -> float:
    """Distance in kilometres between two unit vectors."""
    chord = math.dist(a, b)
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, chord / 2))


class Gazetteer:
    """An opened gazetteer file, read only. Answers are kept in memory, so that a name costs one look."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = _connect(path)
        self._meta: dict[str, str] = dict(self._connection.execute("SELECT key, value FROM meta"))
        self.version = self._meta["version"]
        self._neighbours: dict[str, frozenset[str]] = {}
        found: dict[str, set[str]] = {}
        for country, other in self._connection.execute("SELECT country, other FROM neighbour"):
            found.setdefault(country, set()).add(other)
        self._neighbours = {country: frozenset(others) for country, others in found.items()}
        self._capitals: dict[str, Place | None] = {}
        self._matches = lru_cache(maxsize=32768)(self._find)
        self._row = lru_cache(maxsize=65536)(self._read)

    def lookup(self, name: str) -> list[Place]:
        """Places that bear the name, the most exact first, then countries, then the most populous."""
        return [match.place for match in self.matches(name)]

    def matches(self, name: str) -> tuple[Match, ...]:
        """Candidates for the name as it stands, the most exact first, then countries, then the most populous.

        Loose candidates are among them: the caller must ask whether the article speaks of their country.
        """
        return self._matches(name.strip())

    def neighbours(self, country: str) -> frozenset[str]:
        """ISO codes of the countries that share a land border with ``country``."""
        return self._neighbours.get(country, frozenset())

    def capital(self, country: str) -> Place | None:
        """The capital of a country (ISO code); None where the gazetteer has none."""
        if country not in self._capitals:
            row = self._connection.execute(
                "SELECT id FROM entry WHERE country = ? AND feature_code = 'PPLC' ORDER BY population DESC, id LIMIT 1",
                (country,),
            ).fetchone()
            self._capitals[country] = self._read(row[0])[0] if row else None
        return self._capitals[country]

    def meta(self) -> dict[str, str]:
        """Version and number of entries by source, as written by the builder."""
        return dict(self._meta)

    def close(self) -> None:
        """Closes the file; the gazetteer cannot be asked again."""
        self._connection.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return Gazetteer, (self.path,)

    def _read(self, number: int) -> tuple[Place, str | None, tuple[float, float, float]]:
        row = self._connection.execute(
            "SELECT geonameid, name, feature_code, admin1, country, latitude, longitude, population,"
            " admin1_code FROM entry WHERE id = ?",
            (number,),
        ).fetchone()
        return Place(*row[:8]), row[8], unit_vector(row[5], row[6])

    def _ids(self, key: str | None, level: int) -> list[int]:
        if not key:
            return []
        row = self._connection.execute(
            "SELECT ids FROM form WHERE key = ? AND level = ?", (key, level)
        ).fetchone()
        return [int(number) for number in row[0].split()] if row else []

    def _find(self, name: str) -> tuple[Match, ...]:
        key = strict(name)
        if not key:
            return ()
        seen: dict[int, Match] = {}
        keys = ((STRICT, key), (COMPACT, compact(name)), (LOOSE, loose(name)), (SKELETON, skeleton(name)))
        for level, folded in keys:
            for number in self._ids(folded, level):
                if number in seen:
                    continue
                place, admin1_code, xyz = self._row(number)
                likeness = similarity(name, place.name)
                if level == STRICT:
                    exactness = "name" if strict(place.name) == key else "alternate"
                else:
                    exactness = LEVELS[level + 1]
                    if likeness < _MIN_SIMILARITY.get(exactness, 0.0):
                        continue
                seen[number] = Match(place, exactness, likeness, number, admin1_code, xyz)
        return tuple(
            sorted(
                seen.values(),
                key=lambda m: (
                    max(1, LEVELS.index(m.exactness)),
                    m.place.feature_code != "PCLI",
                    -m.place.population,
                    m.entry_id,
                ),
            )
        )


def cache_folder() -> Path:
    """Where the default gazetteer is kept: ``$FRONTLOG_CACHE``, else the user's cache folder."""
    from platformdirs import user_cache_dir

    named = os.environ.get("FRONTLOG_CACHE")
    return Path(named) if named else Path(user_cache_dir("frontlog"))


def build_default(target: Path, on_build: Callable[[str], None] | None = None) -> Path:
    """Builds the default gazetteer as the file ``target``; ``UsageError`` if it cannot be written there."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return write_gazetteer(target, on_build)
    except OSError as error:
        raise UsageError(
            f"gazetteer: cannot write {target}: {error.strerror or error}; name another file"
        ) from error


def open_gazetteer(path: Path | None = None, on_build: Callable[[str], None] | None = None) -> Gazetteer:
    """Opens a gazetteer file; without a path the default one, which is built first if it is not there yet.

    Where the cache folder cannot be written, the default is kept in the system's temporary folder.
    A path that is missing, no gazetteer or of another layout: ``UsageError``.
    """
    if path is not None:
        return Gazetteer(path)
    name = default_name()
    folders = [cache_folder(), Path(tempfile.gettempdir()) / f"frontlog-{_user()}"]
    for folder in folders:
        if (folder / name).is_file():
            try:
                return Gazetteer(folder / name)
            except UsageError:
                continue  # cut short or overwritten: build it again
    for folder in folders[:-1]:
        try:
            return Gazetteer(build_default(folder / name, on_build))
        except UsageError:
            continue
    return Gazetteer(build_default(folders[-1] / name, on_build))


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "user"


def _connect(path: Path) -> sqlite3.Connection:
    again = "make one with `frontlog gazetteer build` or leave --gazetteer out"
    if not path.is_file():
        raise UsageError(f"gazetteer: there is no file {path}; {again}")
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        kind = connection.execute("PRAGMA application_id").fetchone()[0]
        layout = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise UsageError(f"gazetteer: {path} is not a gazetteer file; {again}") from error
    if kind != APPLICATION_ID:
        connection.close()
        raise UsageError(f"gazetteer: {path} is not a gazetteer file; {again}")
    if layout != SCHEMA_VERSION:
        connection.close()
        raise UsageError(
            f"gazetteer: {path} has layout {layout}, this version of frontlog reads {SCHEMA_VERSION}; {again}"
        )
    return connection
