"""Scores time expressions against TimeML gold, as TempEval-3 does.

    python benchmarks/dates.py --data DIR [--errors N]

DIR holds ``timebank/TimeBank``, ``timebank/AQUAINT`` and ``wikiwars/tml`` (folders that are missing are left
out). Strict and relaxed F1 of extents, and value F1 over relaxed matches (UzZaman et al. 2013). Each
document's creation time is the anchor; in WikiWars, chronicles, the last full date read before is. The
direction is future after "will", "plans to" and the like in the same sentence, else past. Also: accuracy on
gold expressions (recognised one by one) and microseconds per sentence of our recogniser.
"""

from __future__ import annotations

import argparse
import html
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from frontlog.dates import find_timexes, normalise, split_range
from frontlog.records import Timex

_TIMEX = re.compile(r"<TIMEX3\b([^>]*)>(.*?)</TIMEX3>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_FUTURE = re.compile(r"\b(?:will|would|'ll|shall|plans? to|planned to|is to|are to|scheduled|expects? to)\b")
_PAST_VERB = re.compile(r"\b(?:said|was|were|had|\w{3,}ed)\b")

Gold = tuple[int, int, str, str]


def read_timeml(path: Path) -> tuple[str, list[Gold], date | None]:
    """The text of a document, its timexes (start, end, words, value) and its creation date."""
    raw = path.read_text(encoding="utf-8", errors="replace")
    dct = re.search(r"<DCT>.*?value=\"(\d{4}-\d{2}-\d{2})", raw, re.DOTALL)
    body = re.search(r"<TEXT>(.*?)</TEXT>", raw, re.DOTALL)
    text, gold, position = "", [], 0
    content = body[1] if body else ""
    for match in _TIMEX.finditer(content):
        text += html.unescape(_TAG.sub("", content[position : match.start()]))
        words = html.unescape(_TAG.sub("", match[2]))
        value = re.search(r'value="([^"]*)"', match[1])
        gold.append((len(text), len(text) + len(words), words, value[1] if value else ""))
        text += words
        position = match.end()
    text += html.unescape(_TAG.sub("", content[position:]))
    return text, gold, date.fromisoformat(dct[1]) if dct else None


def direction_of(text: str, timex: Timex) -> str:
    """A stand-in for the tense that a parse gives: the nearest verb before."""
    fields = {f.partition("=")[0] for f in timex.expression}
    if {"m", "d"} <= fields:
        return "present"
    start = max(text.rfind(". ", 0, timex.start), text.rfind("\n\n", 0, timex.start), timex.start - 90, 0)
    before = text[start : timex.start].lower()
    future, past = list(_FUTURE.finditer(before)), list(_PAST_VERB.finditer(before))
    if future and not (past and past[-1].start() > future[-1].start()):
        return "future"
    return "present" if "m" in fields and not past else "past"


def narrative_anchor(timex: Timex, anchor: date | None) -> date | None:
    """In a chronicle a month without a year lies in the year told of, or in the next one."""
    month = next((int(f[2:]) for f in timex.expression if f.startswith("m=")), None)
    if month is None or anchor is None:
        return anchor
    return date(anchor.year + (anchor.month - month > 8), 1, 1)


def system_timexes(text: str, dct: date | None, narrative: bool) -> Iterator[tuple[int, int, str, str]]:
    """Our timexes of a document with their values."""
    anchor, offset = dct, 0
    for paragraph in re.split(r"(\n\s*\n)", text):
        for found in find_timexes(paragraph):
            for timex in split_range(found):
                if narrative:
                    value = normalise(timex, narrative_anchor(timex, anchor), direction="future")
                else:
                    value = normalise(timex, anchor, direction=direction_of(paragraph, timex))
                yield timex.start + offset, timex.end + offset, timex.text, value.value
                if narrative and value.start and timex.expression[0] in ("date", "stamp"):
                    anchor = value.start
        offset += len(paragraph)


def score(folder: Path, narrative: bool, errors: int) -> dict[str, float]:
    """F1 figures of one folder."""
    n_gold = n_system = strict = relaxed = right = 0
    missed: Counter[str] = Counter()
    spurious: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    extents: Counter[str] = Counter()
    for path in sorted(folder.glob("*.tml")):
        text, gold, dct = read_timeml(path)
        system = list(system_timexes(text, dct, narrative))
        n_gold, n_system = n_gold + len(gold), n_system + len(system)
        used: set[int] = set()
        for start, end, words, value in gold:
            match = next(
                (i for i, s in enumerate(system) if i not in used and s[0] < end and start < s[1]), None
            )
            if match is None:
                missed[re.sub(r"\s+", " ", words)] += 1
                continue
            used.add(match)
            relaxed += 1
            found = system[match]
            if (found[0], found[1]) == (start, end):
                strict += 1
            else:
                extents[f"{words!r} <- {found[2]!r}"] += 1
            if found[3] == value:
                right += 1
            else:
                wrong[f"{words!r} ({found[2]!r}) gold {value} ours {found[3]} dct {dct}"] += 1
        for i, found in enumerate(system):
            if i not in used:
                spurious[found[2].lower()] += 1
    for name, counter in (("missed", missed), ("spurious", spurious), ("value", wrong), ("extent", extents)):
        for item, n in counter.most_common(errors):
            print(f"    {name} {n} {item}")
    total = n_gold + n_system or 1
    return {
        "gold": n_gold,
        "system": n_system,
        "strict": 2 * strict / total,
        "relaxed": 2 * relaxed / total,
        "value": 2 * right / total,
        "value_accuracy": right / (relaxed or 1),
    }


def main() -> None:
    """Print one line per corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--errors", type=int, default=0, help="print the N most frequent errors of each kind")
    options = parser.parse_args()
    for name in ("timebank/TimeBank", "timebank/AQUAINT", "wikiwars/tml"):
        folder = options.data / name
        if not folder.is_dir():
            continue
        figures = score(folder, name.startswith("wikiwars"), options.errors)
        print(
            name, " ".join(f"{k}={v:.3f}" if isinstance(v, float) else f"{k}={v}" for k, v in figures.items())
        )
        sentences = [
            s
            for path in sorted(folder.glob("*.tml"))
            for s in re.split(r"(?<=[.!?])\s+", read_timeml(path)[0])
        ]
        find_timexes.cache_clear()
        begin = time.perf_counter()
        for sentence in sentences:
            find_timexes(sentence)
        took = time.perf_counter() - begin
        print(f"    {1e6 * took / len(sentences):.0f} microseconds per sentence ({len(sentences)} sentences)")


if __name__ == "__main__":
    main()
