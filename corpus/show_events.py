"""Show the first events of a finished run in the terminal: ``python corpus/show_events.py out/demo``."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

ROWS = 12
# Column and its widest width in characters: with the space between them no more than 110 together.
WIDTHS = {
    "date": 11,
    "event_type": 12,
    "captor_name": 22,
    "loser_name": 23,
    "place": 15,
    "country": 2,
    "status": 9,
    "n_origins": 2,
}
# Two letters need no heading of nine.
HEADINGS = {"country": "in", "n_origins": "n"}


def events_table(events: pd.DataFrame) -> Table:
    """The rows as a table of at most 110 characters; longer cells go on in the next line."""
    table = Table(box=SIMPLE_HEAD, header_style="bold", padding=(0, 1))
    for name, width in WIDTHS.items():
        table.add_column(HEADINGS.get(name, name), max_width=width, overflow="fold")
    for _, row in events.iterrows():
        table.add_row(*[str(row[name]) for name in WIDTHS])
    return table


def main() -> None:
    """Print the table, and where the rest is."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "out/demo")
    path = folder / "events.csv"
    if not path.is_file():
        sys.exit(f"{path} does not exist; make it with: frontlog run corpus/articles --out {folder}")
    events = pd.read_csv(path, dtype=str, keep_default_na=False)
    console = Console(width=110, highlight=False, markup=False)
    console.print(events_table(events.head(ROWS)))
    others = ", ".join(sorted(file.name for file in folder.glob("*.csv") if file != path))
    console.print(
        f"{min(ROWS, len(events))} of {len(events)} events, oldest first (in: country, n: origins).",
        f"All of them, with the sentence behind each: {path}",
        f"Beside it: {others}, run.json; each table as .parquet too",
        sep="\n",
        soft_wrap=True,
    )


if __name__ == "__main__":
    main()
