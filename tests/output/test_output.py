from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import date, datetime, time
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import frontlog
from frontlog.errors import RunError, UsageError
from frontlog.output import TABLES, check_writable, neutralise, read_table, restore, write_tables, writers
from frontlog.records import Cut, Piece

HEADERS = {
    "events": "event_id,event_type,status,captor,captor_name,captor_type,loser,loser_name,loser_type,"
    "target,target_type,extent,place,place_relation,admin1,country,latitude,longitude,geonameid,"
    "geo_precision,date,date_start,date_end,time_precision,date_basis,modality,attribution,"
    "n_articles,n_publishers,n_origins,first_published,last_published,confidence,"
    "acled_event_type,acled_sub_event_type,cameo,plover,quote,article_id,quote_start,quote_end,"
    "story_ids,model",
    "mentions": "event_id,mention_id,article_id,story_id,event_type,trigger,trigger_start,"
    "trigger_end,captor,captor_name,captor_start,captor_end,loser,loser_name,loser_start,loser_end,target,"
    "target_type,target_start,target_end,extent,place,place_relation,country,latitude,longitude,"
    "geonameid,date_text,date_text_start,date_text_end,date,date_basis,modality,attribution,"
    "attribution_start,attribution_end,rule,confidence,quote,quote_start,quote_end,other_quotes",
    "articles": "article_id,source_id,path,record,title,byline,dateline,agency,publisher,url,"
    "published,published_basis,language,story_id,is_representative,n_words,n_events,sha256",
    "stories": "story_id,representative_id,n_articles,n_publishers,agency,"
    "first_published,article_ids,similarity_min",
    "entities": "article_id,start,end,text,label,name,kb_id",
    "dates": "article_id,start,end,text,timex_type,value,date_start,date_end,anchor",
    "places": "article_id,start,end,text,geonameid,name,feature_code,admin1,country,latitude,longitude,score",
    "control": "place,geonameid,country,latitude,longitude,holder,holder_type,from,to,status,event_ids",
    "rejects": "path,record,stage,reason",
}


def row(table: str, **values: object) -> dict[str, object]:
    return {column.name: None for column in TABLES[table].columns} | values


def example() -> dict[str, list[dict[str, object]]]:
    tables: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
    tables["events"] = [
        row(
            "events",
            event_id="e_1",
            event_type="capture",
            place="Goma",
            latitude=-1.67409123,
            longitude=29.2284,
            geonameid=216281,
            date="2012-11",
            date_start=date(2012, 11, 1),
            date_end=date(2012, 11, 30),
            confidence=0.87654,
            cameo="0871",
            quote='- "M23 took Goma",\nhe said',
            quote_start=0,
            story_ids=["s_1", "s_2"],
        ),
        row("events", event_id="e_2", story_ids=[]),
    ]
    tables["articles"] = [
        row(
            "articles",
            article_id="a_1",
            title="=HYPERLINK(1)",
            is_representative=True,
            published=date(2012, 11, 20),
            published_time=time(8, 30),
            text="Rebels seized Goma.",
            pieces=(Piece(0, 19, 4),),
            cuts=[Cut("caption", 30, 34, "tags")],
        ),
    ]
    tables["places"] = [row("places", article_id="a_1", text="Goma", longitude=-70.5, score=-0.0001)]
    tables["rejects"] = [row("rejects", path="x.bin", record=3, stage="reading", reason="binary")]
    return tables


def csv_rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


def snapshot(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def test_headers_are_the_published_ones(tmp_path: Path) -> None:
    write_tables(tmp_path, {name: [] for name in TABLES}, {})
    written = {path.stem: path.read_bytes() for path in tmp_path.glob("*.csv")}
    assert written == {name: f"{header}\r\n".encode() for name, header in HEADERS.items()}
    for name, header in HEADERS.items():
        columns = pq.ParquetFile(tmp_path / f"{name}.parquet").schema_arrow.names
        extra = (
            ["text", "published_time", "published_metadata", "pieces", "cuts"] if name == "articles" else []
        )
        assert columns == header.split(",") + extra


def test_csv_and_parquet_read_back_equal(tmp_path: Path) -> None:
    write_tables(tmp_path, example(), {})
    for name, table in TABLES.items():
        header, *cells = csv_rows(tmp_path / f"{name}.csv")
        records = pq.ParquetFile(tmp_path / f"{name}.parquet").read().to_pylist()
        assert len(cells) == len(records)
        for line, record in zip(cells, records, strict=True):
            for column, cell in zip(header, line, strict=True):
                assert as_text(record[column], column) == restore(cell), (name, column)
        assert header == [column.name for column in table.csv_columns]


def as_text(value: object, column: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.5f}" if column in {"latitude", "longitude"} else f"{value:.3f}"
    return "; ".join(value) if isinstance(value, list) else str(value)


def test_cells(tmp_path: Path) -> None:
    write_tables(tmp_path, example(), {})
    header, first, second = csv_rows(tmp_path / "events.csv")
    event = dict(zip(header, first, strict=True))
    assert event["latitude"] == "-1.67409"
    assert event["geonameid"] == "216281"
    assert event["date"] == "2012-11"
    assert event["date_end"] == "2012-11-30"
    assert event["confidence"] == "0.877"
    assert event["cameo"] == "0871"
    assert event["quote"] == '\'- "M23 took Goma",\nhe said'
    assert event["story_ids"] == "s_1; s_2"
    assert second == ["e_2", *[""] * (len(header) - 1)]
    assert dict(zip(*csv_rows(tmp_path / "articles.csv"), strict=True))["is_representative"] == "true"
    place = dict(zip(*csv_rows(tmp_path / "places.csv"), strict=True))
    assert place["longitude"] == "-70.50000"
    assert place["score"] == "0.000"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-REUTERS", "'-REUTERS"),
        ("@user", "'@user"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "''=1"),
        # Look-alikes that stay.
        ("", ""),
        ("a=b", "a=b"),
        ("'tis", "'tis"),
        ("– dash", "– dash"),
        ("“quote”", "“quote”"),
    ],
)
def test_formula_cells(text: str, cell: str) -> None:
    assert neutralise(text) == cell
    assert restore(cell) == text


@given(st.text(alphabet="'=+-@\t\rab", max_size=6))
def test_neutralising_is_reversible(text: str) -> None:
    assert restore(neutralise(text)) == text
    assert not neutralise(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=5))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, texts: list[str | None]) -> None:
    out = tmp_path_factory.mktemp("any")
    rows = [row("rejects", path="p", reason=text) for text in texts]
    write_tables(out, example() | {"rejects": rows}, {})
    _, *lines = csv_rows(out / "rejects.csv")
    assert [restore(line[-1]) for line in lines] == [text or "" for text in texts]
    assert pq.ParquetFile(out / "rejects.parquet").read()["reason"].to_pylist() == texts


def test_half_characters_are_replaced_one_for_one(tmp_path: Path) -> None:
    write_tables(tmp_path, example() | {"rejects": [row("rejects", reason="a\ud800b")]}, {})
    assert csv_rows(tmp_path / "rejects.csv")[1][-1] == "a�b"


def test_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    write_tables(tmp_path / "one", example(), {"b": 1, "a": date(2012, 11, 20)})
    write_tables(tmp_path / "two", example(), {"a": date(2012, 11, 20), "b": 1})
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")
    assert (tmp_path / "one" / "run.json").read_text() == '{\n  "a": "2012-11-20",\n  "b": 1\n}\n'


def test_parquet_has_real_types(tmp_path: Path) -> None:
    write_tables(tmp_path, example(), {})
    articles = read_table(tmp_path, "articles")
    assert articles["published"][0] == date(2012, 11, 20)
    assert articles["published_time"][0] == time(8, 30)
    assert list(articles["pieces"][0]) == [{"start": 0, "end": 19, "raw_start": 4}]
    assert list(articles["cuts"][0]) == [{"kind": "caption", "raw_start": 30, "raw_end": 34, "text": "tags"}]
    assert bool(articles["is_representative"][0]) is True
    events = read_table(tmp_path, "events")
    assert events["geonameid"].tolist() == [216281, pd.NA]
    assert list(events["story_ids"][0]) == ["s_1", "s_2"]
    assert not pq.ParquetFile(tmp_path / "events.parquet").schema_arrow.metadata


@pytest.mark.parametrize(
    ("table", "bad", "message"),
    [
        (
            "rejects",
            {"path": "p"},
            "table rejects, row 0: no column record, no column stage, no column reason",
        ),
        ("rejects", row("rejects") | {"why": "x"}, "table rejects, row 0: unknown column why"),
        ("rejects", row("rejects", record="3"), "table rejects, row 0, column record: a value of kind int"),
        ("rejects", row("rejects", record=True), "table rejects, row 0, column record: a value of kind int"),
        ("rejects", row("rejects", path=3), "table rejects, row 0, column path: a value of kind text"),
        ("places", row("places", score=float("nan")), "table places, row 0, column score: a finite number"),
        ("stories", row("stories", first_published="2017"), "column first_published: a value of kind day"),
        ("stories", row("stories", first_published=datetime(2017, 1, 1)), "a value of kind day"),
        ("stories", row("stories", article_ids="a_1"), "column article_ids: a value of kind texts"),
    ],
)
def test_rows_that_do_not_fit(tmp_path: Path, table: str, bad: dict[str, object], message: str) -> None:
    write_tables(tmp_path, example(), {})
    before = snapshot(tmp_path)
    with pytest.raises(ValueError) as error:
        write_tables(tmp_path, example() | {table: [bad]}, {})
    assert message in str(error.value)
    assert snapshot(tmp_path) == before


def test_every_table_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"missing: \['rejects'\]; tables unknown: \['more'\]"):
        write_tables(tmp_path, {name: [] for name in TABLES if name != "rejects"} | {"more": []}, {})


def test_a_failure_while_writing_leaves_the_old_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tables(tmp_path, example(), {"run": 1})
    before = snapshot(tmp_path)

    def full(path: Path, content: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writers, "_write_json", full)
    with pytest.raises(RunError, match="No space left on device"):
        write_tables(tmp_path, {name: [] for name in TABLES}, {"run": 2})
    assert snapshot(tmp_path) == before


KILLED = """
    import sys
    from pathlib import Path
    from frontlog.output import TABLES, folder, writers, write_tables

    where, out = sys.argv[1], Path(sys.argv[2])

    def stop(*args):
        print("there", flush=True)
        sys.stdin.read()

    if where == "writing":
        writers._write_json = stop
    else:
        replace, calls = Path.replace, []
        def replace_some(self, target):
            calls.append(self)
            # The first call makes the new set count, the next ones move its files.
            return stop() if len(calls) == 6 else replace(self, target)
        Path.replace = replace_some
    write_tables(out, {name: [] for name in TABLES}, {"run": 2})
"""


@pytest.mark.skipif(os.name == "nt", reason="kills with a POSIX signal")
@pytest.mark.parametrize("where", ["writing", "placing"])
def test_a_killed_run_leaves_the_old_tables_or_the_new(tmp_path: Path, where: str) -> None:
    out = tmp_path / "out"
    write_tables(out, example(), {"run": 1})
    old = snapshot(out)
    write_tables(tmp_path / "new", {name: [] for name in TABLES}, {"run": 2})
    new = snapshot(tmp_path / "new")
    source_root = str(Path(frontlog.__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), where, str(out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source_root},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    if where == "writing":
        assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == old
    assert len(read_table(out, "events")) == (2 if where == "writing" else 0)
    check_writable(out)
    assert snapshot(out) == (old if where == "writing" else new)


def test_leftovers_do_not_hinder_the_next_run(tmp_path: Path) -> None:
    (tmp_path / ".frontlog-writing").mkdir()
    (tmp_path / ".frontlog-writing" / "events.csv").write_text("half")
    (tmp_path / "notes.txt").write_text("mine")
    write_tables(tmp_path, example(), {})
    names = {path.name for path in tmp_path.iterdir()}
    tables = {f"{name}.{ending}" for name in TABLES for ending in ("csv", "parquet")}
    assert names == tables | {"run.json", "notes.txt"}


def test_check_writable_makes_the_folder(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


@pytest.mark.parametrize("inside", ["", "deeper", "deeper/still"])
def test_out_is_a_file(tmp_path: Path, inside: str) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(UsageError) as error:
        check_writable(file / inside)
    assert f"{file} is not a folder" in str(error.value)
    assert file.read_text() == "x"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs permissions that bind")
def test_out_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(RunError, match="cannot be written to"):
            check_writable(tmp_path)
        with pytest.raises(RunError, match="cannot be made"):
            check_writable(tmp_path / "new")
    finally:
        tmp_path.chmod(0o700)


def test_out_cannot_be_written_whoever_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(RunError, match=r"cannot be written to \(Permission denied\)"):
        check_writable(tmp_path)


def test_a_folder_stands_where_a_table_goes(tmp_path: Path) -> None:
    (tmp_path / "events.csv").mkdir()
    with pytest.raises(UsageError, match=r"events\.csv is a folder"):
        check_writable(tmp_path)


def test_read_table_without_a_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"events\.parquet does not exist"):
        read_table(tmp_path, "events")
    with pytest.raises(UsageError, match=r"There is no table event\. The tables are: events, mentions"):
        read_table(tmp_path, "event")
    (tmp_path / "events.parquet").write_bytes(b"PAR1 broken")
    with pytest.raises(UsageError, match="cannot be read"):
        read_table(tmp_path, "events")


def test_more_rows_than_a_row_group(tmp_path: Path) -> None:
    rows = [row("entities", article_id="a", start=i, end=i + 4, text="Goma") for i in range(20_000)]
    write_tables(tmp_path, example() | {"entities": rows}, {"n": len(rows)})
    assert pq.ParquetFile(tmp_path / "entities.parquet").metadata.num_rows == len(rows)
    assert json.loads((tmp_path / "run.json").read_text()) == {"n": 20_000}
