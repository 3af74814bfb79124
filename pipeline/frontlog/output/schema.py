"""The columns of every table, in their published order, and what each holds.

Days that may be partial or a span (``2017-10``, ``2017-10-24/2017-10-31``) are text; bounds and
publication days are real dates. Codes with leading zeros (CAMEO ``0871``) are text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

Kind = Literal["text", "int", "bool", "score", "degrees", "day", "clock", "texts", "pieces", "cuts"]

_ARROW: dict[Kind, Any] = {
    "text": pa.string(),
    "int": pa.int64(),
    "bool": pa.bool_(),
    "score": pa.float64(),
    "degrees": pa.float64(),
    "day": pa.date32(),
    "clock": pa.time32("s"),
    "texts": pa.list_(pa.string()),
    "pieces": pa.list_(pa.struct([(name, pa.int64()) for name in ("start", "end", "raw_start")])),
    "cuts": pa.list_(
        pa.struct(
            [
                ("kind", pa.string()),
                ("raw_start", pa.int64()),
                ("raw_end", pa.int64()),
                ("text", pa.string()),
            ]
        )
    ),
}

# Digits after the point, in CSV and Parquet alike. Five decimals of a degree are a metre; a score is not
# known better than to a thousandth.
DECIMALS: dict[Kind, int] = {"score": 3, "degrees": 5}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, and whether the CSV has it too or only the Parquet."""

    name: str
    kind: Kind
    in_csv: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name (``events`` is written to ``events.csv`` and ``events.parquet``) and its columns."""

    name: str
    columns: tuple[Column, ...]

    @property
    def csv_columns(self) -> tuple[Column, ...]:
        """The columns of the CSV, in order."""
        return tuple(column for column in self.columns if column.in_csv)

    @property
    def arrow_schema(self) -> Any:
        """The Parquet schema (a ``pyarrow.Schema``) without any metadata."""
        return pa.schema([pa.field(column.name, _ARROW[column.kind]) for column in self.columns])


def _table(name: str, columns: str, parquet_only: str = "") -> Table:
    """A table from a list of names; a name is followed by ``:kind`` where it is not text."""

    def parse(names: str, in_csv: bool) -> list[Column]:
        found = []
        for word in names.split():
            label, _, kind = word.partition(":")
            if (kind or "text") not in _ARROW:
                raise ValueError(f"table {name}: column {label}: no such kind: {kind}")
            found.append(Column(label, kind or "text", in_csv))  # type: ignore[arg-type]
        return found

    return Table(name, tuple(parse(columns, True) + parse(parquet_only, False)))


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "events",
            """event_id event_type status captor captor_name captor_type loser loser_name loser_type
            target target_type extent place place_relation admin1 country latitude:degrees
            longitude:degrees geonameid:int geo_precision:int date date_start:day date_end:day
            time_precision:int date_basis modality attribution n_articles:int n_publishers:int
            n_origins:int first_published:day last_published:day confidence:score acled_event_type
            acled_sub_event_type cameo plover quote article_id quote_start:int quote_end:int
            story_ids:texts model""",
        ),
        _table(
            "mentions",
            """event_id mention_id article_id story_id event_type trigger trigger_start:int
            trigger_end:int captor captor_name captor_start:int captor_end:int loser loser_name
            loser_start:int loser_end:int target target_type target_start:int target_end:int extent
            place place_relation country latitude:degrees longitude:degrees geonameid:int date_text
            date_text_start:int date_text_end:int date date_basis modality attribution
            attribution_start:int attribution_end:int rule confidence:score quote quote_start:int
            quote_end:int other_quotes:texts""",
        ),
        _table(
            "articles",
            """article_id source_id path record:int title byline dateline agency publisher url
            published:day published_basis language story_id is_representative:bool n_words:int
            n_events:int sha256""",
            parquet_only="text published_time:clock published_metadata:day pieces:pieces cuts:cuts",
        ),
        _table(
            "stories",
            """story_id representative_id n_articles:int n_publishers:int agency first_published:day
            article_ids:texts similarity_min:score""",
        ),
        _table("entities", "article_id start:int end:int text label name kb_id"),
        _table(
            "dates",
            "article_id start:int end:int text timex_type value date_start:day date_end:day anchor",
        ),
        _table(
            "places",
            """article_id start:int end:int text geonameid:int name feature_code admin1 country
            latitude:degrees longitude:degrees score:score""",
        ),
        _table(
            "control",
            """place geonameid:int country latitude:degrees longitude:degrees holder holder_type
            from to status event_ids:texts""",
        ),
        _table("rejects", "path record:int stage reason"),
    )
}
