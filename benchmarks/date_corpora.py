"""Gold time expressions: readers of TimeML (TempEval-3, WikiWars) and of CAT XML (MEANTIME)."""

from __future__ import annotations

import hashlib
import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_TIMEX = re.compile(r"<TIMEX3\b([^>]*)>(.*?)</TIMEX3>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")

CORPORA = {
    "TimeBank": "timebank/TimeBank",
    "AQUAINT": "timebank/AQUAINT",
    "WikiWars": "wikiwars/tml",
    "MEANTIME": "meantime",
}


@dataclass(frozen=True, slots=True)
class Gold:
    """One gold expression: half-open offsets, words, TIMEX3 type and value."""

    start: int
    end: int
    text: str
    timex_type: str
    value: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text, its gold expressions and its creation date."""

    name: str
    text: str
    gold: tuple[Gold, ...]
    dct: date | None

    @property
    def half(self) -> str:
        """``dev`` or ``held-out``: rules were developed on the first; decided by a hash of the name."""
        return "dev" if hashlib.sha256(self.name.encode()).digest()[0] % 2 == 0 else "held-out"


def read_corpus(folder: Path) -> list[Document]:
    """All documents of a folder, in order of their names; those without gold expressions too."""
    documents = [_timeml(path) for path in sorted(folder.glob("*.tml"))]
    return documents + [_cat(path) for path in sorted(folder.glob("corpus_*/*.xml"))]


def _timeml(path: Path) -> Document:
    raw = path.read_text(encoding="utf-8", errors="replace")
    dct = re.search(r"<DCT>.*?value=\"(\d{4}-\d{2}-\d{2})", raw, re.DOTALL)
    body = re.search(r"<TEXT>(.*?)</TEXT>", raw, re.DOTALL)
    text, gold, position = "", [], 0
    content = body[1] if body else ""
    for match in _TIMEX.finditer(content):
        text += html.unescape(_TAG.sub("", content[position : match.start()]))
        words = html.unescape(_TAG.sub("", match[2]))
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', match[1]))
        gold.append(
            Gold(
                len(text),
                len(text) + len(words),
                words,
                attributes.get("type", ""),
                attributes.get("value", ""),
            )
        )
        text += words
        position = match.end()
    text += html.unescape(_TAG.sub("", content[position:]))
    return Document(path.name, text, tuple(gold), date.fromisoformat(dct[1]) if dct else None)


def _cat(path: Path) -> Document:
    """CAT XML holds tokens, not the text: they are joined by spaces, punctuation glued, sentences on lines.

    MEANTIME's annotators read the headline and the first five sentences; what follows is left out.
    """
    root = ET.parse(path).getroot()
    spans: dict[str, tuple[int, int]] = {}
    text, sentence = "", None
    for token in root.iter("token"):
        word = token.text or ""
        if int(token.get("sentence", "0")) > 5:
            break
        if sentence is not None and token.get("sentence") != sentence:
            text += "\n"
        elif text and not re.match(r"[,.;:!?%)\]]|['’]\w{0,2}$|n't$", word) and text[-1:] not in "([$\n":
            text += " "
        sentence = token.get("sentence")
        spans[token.get("t_id", "")] = len(text), len(text) + len(word)
        text += word
    gold, dct = [], None
    for timex in root.iter("TIMEX3"):
        anchors = [anchor.get("t_id", "") for anchor in timex.iter("token_anchor")]
        value = timex.get("value", "")
        if timex.get("functionInDocument") == "CREATION_TIME":
            dct = date.fromisoformat(value[:10])
        if not anchors or anchors[0] not in spans or anchors[-1] not in spans:
            continue
        start, end = spans[anchors[0]][0], spans[anchors[-1]][1]
        gold.append(Gold(start, end, text[start:end], timex.get("type", ""), value))
    gold.sort(key=lambda g: g.start)
    return Document(path.name, text, tuple(gold), dct)


def documents_of(data: Path, half: str | None) -> Iterator[tuple[str, list[Document]]]:
    """Each corpus that stands in the folder ``data``, or one half of it."""
    for name, folder in CORPORA.items():
        documents = read_corpus(data / folder)
        if documents:
            yield name, [d for d in documents if half in (None, d.half)]
