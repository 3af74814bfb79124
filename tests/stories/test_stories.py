from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontlog.records import Article, Story
from frontlog.stories import cluster, complete_from_copies
from frontlog.stories.shingles import is_sampled, normalise, shingles

WIRE = """\
GOMA, Congo (AP) - Rebel fighters marched into the lakeside city of Goma on Tuesday after government troops \
fled, residents and U.N. officials said, in the gravest setback for the army since the peace accord of 2009.

“We saw them come down the airport road in long columns, and nobody fired a shot,” said Jean Bosco, a \
schoolteacher who hid in his cellar with three children. The rebels’ spokesman told reporters that the \
governor’s office, the border post and the state radio were now in their hands.

The U.N.-backed force, which has 1,500 peacekeepers in and around the city, said that it would go on \
patrolling the streets but had no mandate to fight alone. Attack helicopters had fired 17 rockets at rebel \
positions north of the airport on Monday without stopping them.

The government in Kinshasa accused neighbouring Rwanda of sending soldiers and mortars across the frontier. \
Kigali has always denied that. Ministers of the region are to meet in Kampala on Saturday.

The movement was founded in April by officers who deserted, saying that promises made to them in the accord \
had never been kept. It holds much of the hills between the national park and the Ugandan border, where \
it levies tolls on lorries carrying charcoal, coltan and beans."""

COPY = """\
Lakeside capital lost as soldiers run

Rebel fighters marched into the lakeside city of Goma Tuesday after government troops fled, residents and \
UN officials said, in the gravest setback for the army since the peace accord of 2009.

"We saw them come down the airport road in long columns, and nobody fired a shot," said Jean Bosco, a \
school-teacher who hid in his cellar with three children. The rebels' spokesman told reporters that the \
governor's office, the border- post and the state radio were now in their hands.

A woman carries water past a burnt lorry in Goma. (Photo: Agency)

The UN- backed force, which has 1500 peacekeepers in and around the city, said it would go on patrolling \
the streets but had no mandate to fight alone.

The government in Kinshasa accused neighboring Rwanda of sending soldiers and mortars across the frontier. \
Kigali has always denied that. Ministers of the region will meet in Kampala Saturday."""

BRIEF = """\
Rebel fighters marched into the lakeside city of Goma on Tuesday after government troops fled, residents and \
U.N. officials said, in the gravest setback for the army since the peace accord of 2009."""

FOLLOW_UP = """\
KAMPALA, Uganda - Presidents of four countries gave the rebels who hold Goma two days to leave it, and \
offered in return to hear their complaints at a conference table, a communique said at the weekend.

The rebels’ political leader welcomed the offer but named his own terms: an audit of the last election, and \
freedom for jailed opponents.

The movement was founded in April by officers who deserted, saying that promises made to them in the accord \
had never been kept. It holds much of the hills between the national park and the Ugandan border, where \
it levies tolls on lorries carrying charcoal, coltan and beans. The government in Kinshasa accused \
neighbouring Rwanda of sending soldiers and mortars across the frontier. Kigali has always denied that."""

SAME_TOPIC = """\
Government soldiers abandoned Goma on Tuesday and rebels walked in. Shops were looted during the night, a \
witness said by telephone, and families crossed the border on foot with mattresses on their heads. A colonel \
said that his men had run out of ammunition. It is the largest town that the insurgents have taken so far."""

SYLLABLES = [
    "ka",
    "to",
    "mi",
    "re",
    "sol",
    "dan",
    "pi",
    "vor",
    "leth",
    "un",
    "gra",
    "ste",
    "bo",
    "quil",
    "ne",
]


def prose(seed: int, n_words: int) -> str:
    """Made-up words that no other seed puts in the same order."""
    source = random.Random(seed)
    return " ".join(source.choice(SYLLABLES) + source.choice(SYLLABLES) for _ in range(n_words))


def article(key: str, text: str, **fields: Any) -> Article:
    return Article(
        article_id=key, source_id=key, path=f"{key}.txt", record=None, text=text, sha256="", **fields
    )


def groups(*texts: str) -> list[list[int]]:
    """Which of the texts are one story, by their numbers."""
    stories = cluster([article(f"{i:03d}", text) for i, text in enumerate(texts)])
    return sorted([int(key) for key in story.article_ids] for story in stories)


def only(stories: list[Story]) -> Story:
    assert len(stories) == 1
    return stories[0]


# --- what is a copy -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The U.S.-led force’s “last” push", "the us led forces last push"),
        ("Deir el- Zour", "deir el zour"),
        ("Deir el-Zour", "deir el zour"),
        ("doesn't – DOESNT — doesn’t", "doesnt doesnt doesnt"),
        ("8,000 men, 6.6 million", "8000 men 6 6 million"),
        ("Gen. J. Ali.The end", "gen j ali the end"),
        ("Ménaka\u00ad São ﬁre", "menaka sao fire"),
        ("ሐበሻ ታይምስ", "ሐበሻ ታይምስ"),
        ("Харків Київ", "харків киів"),
        ("… — 'x' …", "x"),
        ("", ""),
    ],
)
def test_words_are_compared_without_typography(text: str, words: str) -> None:
    assert normalise(text).decode() == words


@pytest.mark.parametrize("copy", [COPY, BRIEF, WIRE.upper(), WIRE.replace("\n\n", " "), f"{COPY}\n\n{WIRE}"])
def test_copies_and_briefs_are_one_story(copy: str) -> None:
    assert groups(WIRE, copy) == [[0, 1]]


@pytest.mark.parametrize(
    "other", [FOLLOW_UP, SAME_TOPIC, prose(1, 200), "In the gravest setback for the army", "on Tuesday", ""]
)
def test_other_articles_are_not(other: str) -> None:
    assert groups(WIRE, other, COPY) == [[0, 2], [1]]


def cut_out(text: str, *paragraphs: int) -> str:
    return "\n\n".join(text.split("\n\n")[number] for number in paragraphs)


def test_copies_cut_in_different_ways_are_one_story() -> None:
    whole = "\n\n".join(prose(seed, 50) for seed in range(10, 16))
    upper, lower = cut_out(whole, 0, 1, 2), cut_out(whole, 0, 4, 5)
    assert groups(whole, upper, lower) == [[0, 1, 2]]
    assert groups(upper, lower) == [[0], [1]]
    # The same without a lead in common: follow-ups that share background with the whole.
    assert groups(whole, upper, f"{prose(20, 70)}\n\n{cut_out(whole, 4, 5)}") == [[0, 1], [2]]


@pytest.mark.parametrize("n_sites", [2, 3, 12])
@pytest.mark.parametrize("n_furniture", [40, 120])
def test_furniture_makes_no_story(n_sites: int, n_furniture: int) -> None:
    furniture = prose(99, n_furniture)
    texts = [f"{prose(i, 150)}\n\n{furniture}" for i in range(n_sites)]
    assert groups(*texts) == [[i] for i in range(n_sites)]


def test_furniture_at_the_top_of_a_short_article() -> None:
    furniture = prose(99, 100)
    texts = [f"{furniture}\n\n{prose(i, 300)}" for i in range(8)]
    assert groups(*texts, f"{furniture}\n\n{prose(8, 90)}") == [[i] for i in range(9)]


def test_furniture_does_not_hide_copies() -> None:
    furniture = prose(99, 150)
    others = [f"{prose(i, 150)}\n\n{furniture}" for i in range(10)]
    assert [10, 11] in groups(*others, f"{WIRE}\n\n{furniture}", f"{COPY}\n\n{furniture}")


def test_background_of_many_follow_ups_makes_no_story() -> None:
    background = prose(99, 120)
    assert groups(*[f"{prose(i, 150)} {background}" for i in range(8)]) == [[i] for i in range(8)]


def test_a_digest_does_not_chain_stories() -> None:
    first, second = [prose(1, 400), prose(1, 300)], [prose(2, 400), prose(2, 300)]
    digest = " ".join(prose(seed, 90) for seed in (1, 2, 3, 4))
    assert groups(*first, *second, digest) == [[0, 1], [2, 3], [4]]


def test_a_text_in_between_does_not_chain_stories() -> None:
    first, second = prose(1, 120).split(), prose(2, 120).split()
    mixed = [*first[:30], *second[:30], *first[30:60], *second[30:60], *first[60:90], *second[60:90]]
    found = groups(*(" ".join(words) for words in (first, first[:100], second, second[:100], mixed)))
    assert [[n for n in group if n < 4] for group in found] == [[0, 1], [2, 3]]


def test_a_digest_of_beginnings_joins_no_story() -> None:
    stories = [prose(seed, 300).split() for seed in range(1, 6)]
    wires = [" ".join(words) for words in stories]
    digest = "\n\n".join(" ".join(words[:70]) for words in stories)
    shortened = "\n\n".join(" ".join(words[:70]) for words in stories[:4])
    brief = " ".join(stories[0][:75])
    assert groups(*wires, brief, digest, shortened) == [[0, 5], [1], [2], [3], [4], [6, 7]]


def test_a_brief_in_a_digest_stays_with_its_story() -> None:
    wire = prose(1, 300).split()
    items = [wire[:60], *(prose(seed, 60).split() for seed in (2, 3))]
    digest = "\n\n".join(" ".join(item) for item in items)
    others = [f"{' '.join(item)} {prose(seed, 200)}" for seed, item in enumerate(items[1:], 10)]
    assert groups(" ".join(wire), " ".join(wire[:80]), digest, *others) == [[0, 1], [2], [3], [4]]


@pytest.mark.parametrize(
    "paragraphs", [(0, 1, 2), (0, 3), (0, 4, 5), (0, 5, 7), (0, 2, 1, 3), (3, 0, 4, 5, 6)]
)
def test_briefs_cut_out_of_the_whole(paragraphs: tuple[int, ...]) -> None:
    whole = "\n\n".join(prose(seed, 60) for seed in range(30, 38))
    assert groups(whole, cut_out(whole, *paragraphs), prose(1, 400)) == [[0, 1], [2]]


@pytest.mark.parametrize("n_new", [90, 200, 400])
def test_a_follow_up_that_quotes_a_short_story(n_new: int) -> None:
    story = prose(1, 140).split()
    new = prose(2, n_new)
    assert groups(" ".join(story), f"{new} {' '.join(story[30:])}") == [[0], [1]]


def test_weekly_updates_are_stories_of_their_own() -> None:
    opening, background = prose(1, 20), prose(2, 110)
    weeks = [f"{opening}\n\n{prose(seed, 130)}\n\n{background}" for seed in range(10, 16)]
    assert groups(*weeks) == [[week] for week in range(6)]


def test_a_side_bar_larger_than_its_items_is_furniture() -> None:
    top, bottom = prose(98, 50), prose(99, 80)
    items = [f"{top}\n\n{prose(seed, 100 + seed)}\n\n{bottom}" for seed in range(12)]
    assert groups(*items) == [[item] for item in range(12)]


def test_a_story_of_hundreds_of_copies_stays_whole() -> None:
    whole = [prose(seed, 50) for seed in range(40, 50)]
    source = random.Random(1)
    copies = ["\n\n".join(whole)]
    for number in range(300):
        below = sorted(source.sample(range(1, 10), source.randint(4, 9)))
        own = prose(1000 + number, 60)
        copies.append("\n\n".join([whole[0], *(whole[i] for i in below), own]))
    assert groups(*copies, prose(1, 300)) == [list(range(301)), [301]]


def test_long_texts() -> None:
    long = prose(1, 6000)
    words = long.split()
    shortened = " ".join(words[:4000])
    brief = " ".join(words[:400])
    assert groups(long, shortened, brief, prose(2, 6000), prose(2, 60)) == [[0, 1, 2], [3, 4]]


def test_texts_shorter_than_a_shingle() -> None:
    assert groups("Goma", "GOMA.", "Goma fell", "", "", "…") == [[0, 1], [2], [3], [4], [5]]


def test_hostile_text_takes_linear_time() -> None:
    assert groups("a " * 300_000, "." * 300_000, "A." * 300_000, "1,000," * 100_000, "'" * 300_000)


def test_hashes_are_the_same_everywhere() -> None:
    assert [hashes.tolist() for hashes in shingles([b"rebels seized the town"])] == [[SHINGLE]]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["", "a", "a b c", "a b c d e", prose(1, 50), prose(2, 400)]), max_size=6))
def test_a_text_has_the_same_hashes_in_any_company(texts: list[str]) -> None:
    together = [hashes.tolist() for hashes in shingles(text.encode() for text in texts)]
    assert together == [next(shingles([text.encode()])).tolist() for text in texts]


def test_a_long_text_is_hashed_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    text = prose(1, 3000).encode()
    whole = next(shingles([text]))
    monkeypatch.setattr("frontlog.stories.shingles.BATCH_BYTES", 100)
    assert next(shingles([text])).tolist() == whole.tolist()


def test_the_sample_is_the_same_in_every_shard() -> None:
    first, second = (next(shingles([text.encode()])) for text in (prose(1, 500), prose(2, 500)))
    both = np.concatenate((first, second))
    apart = np.concatenate((first[is_sampled(first)], second[is_sampled(second)]))
    assert both[is_sampled(both)].tolist() == apart.tolist()
    assert 0.15 < len(apart) / len(both) < 0.35


@pytest.mark.parametrize("at_a_time", [64, 1 << 10, 1 << 22])
def test_the_size_of_steps_changes_nothing(monkeypatch: pytest.MonkeyPatch, at_a_time: int) -> None:
    expected = cluster(MIXED)
    monkeypatch.setattr("frontlog.stories.similarity._AT_A_TIME", at_a_time)
    assert cluster(MIXED) == expected


# Computed once; another value means that sketches of different versions cannot be compared.
SHINGLE = 53378133850075


# --- what a story says ----------------------------------------------------------------------------


def test_a_story_of_one_article() -> None:
    story = only(cluster([article("a", WIRE, published=date(2012, 11, 20), publisher="X", agency="AP")]))
    assert story == Story(
        story_id=story.story_id,
        article_ids=("a",),
        representative_id="a",
        n_publishers=1,
        agency="AP",
        first_published=date(2012, 11, 20),
        similarity_min=None,
    )
    assert len(story.story_id) == 14
    assert story.story_id.startswith("s_")


def test_similarity_is_that_of_the_weakest_link() -> None:
    pair = only(cluster([article("a", WIRE), article("b", COPY)])).similarity_min
    assert pair is not None
    assert 0.45 <= pair < 0.9
    assert pair == round(pair, 3)
    assert only(cluster([article("a", WIRE), article("b", WIRE)])).similarity_min == 1.0
    three = only(cluster([article("a", WIRE), article("b", COPY), article("c", WIRE)]))
    assert three.similarity_min == pair


@pytest.mark.parametrize(
    ("dates", "representative"),
    [
        ((None, None), "long"),
        ((date(2012, 11, 20), date(2012, 11, 20)), "long"),
        ((date(2012, 11, 21), date(2012, 11, 20)), "short"),
        ((None, date(2012, 11, 22)), "short"),
        ((date(2012, 11, 22), None), "long"),
    ],
)
def test_representative(dates: tuple[date | None, date | None], representative: str) -> None:
    long, short = article("long", WIRE, published=dates[0]), article("short", COPY, published=dates[1])
    story = only(cluster([long, short]))
    assert story.representative_id == representative
    assert story.first_published == min((day for day in dates if day), default=None)


def test_equal_copies_are_represented_by_the_smaller_id() -> None:
    assert only(cluster([article("b", WIRE), article("a", WIRE)])).representative_id == "a"


def test_borrowed_dates_count_only_where_there_is_no_other() -> None:
    early, late = date(2012, 11, 1), date(2012, 11, 20)
    borrowed = article("a", WIRE, published=early, published_basis="option")
    stated = article("b", COPY, published=late, published_basis="masthead")
    assert only(cluster([borrowed, stated])).first_published == late
    assert only(cluster([borrowed, replace(borrowed, article_id="b")])).first_published == early


@pytest.mark.parametrize(
    ("sources", "n_publishers"),
    [
        ([("A", None), ("B", None), ("a ", None)], 2),
        ([(None, None), (None, None)], 1),
        ([("A", None), (None, None), (None, None)], 2),
        ([(None, "https://www.a.org/1"), (None, "http://a.org/2"), (None, "https://b.org/")], 2),
        ([(None, "http://[broken"), ("", "")], 1),
    ],
)
def test_publishers(sources: list[tuple[str | None, str | None]], n_publishers: int) -> None:
    copies = [article(f"{i}", WIRE, publisher=name, url=url) for i, (name, url) in enumerate(sources)]
    assert only(cluster(copies)).n_publishers == n_publishers


@pytest.mark.parametrize(
    ("agencies", "agency"),
    [(["AP", "AFP", "AP"], "AP"), (["AP", "AFP"], "AFP"), ([None, "AP"], "AP"), ([None, None], None)],
)
def test_agency(agencies: list[str | None], agency: str | None) -> None:
    copies = [article(f"{i}", WIRE, agency=name) for i, name in enumerate(agencies)]
    assert only(cluster(copies)).agency == agency


def test_ids_must_differ() -> None:
    with pytest.raises(ValueError, match="article_id is not unique: a"):
        cluster([article("a", WIRE), article("a", COPY)])


def test_nothing() -> None:
    assert cluster([]) == []
    assert complete_from_copies([], []) == []


def test_story_id_stays_when_an_unrelated_article_comes_in() -> None:
    copies = [article("a", WIRE), article("b", COPY), article("c", SAME_TOPIC)]
    before = cluster(copies)
    after = cluster([*copies, article("0", prose(5, 300)), article("z", prose(6, 30))])
    assert [story for story in after if set(story.article_ids) & {"a", "b", "c"}] == before


MIXED = [
    article("a", WIRE, published=date(2012, 11, 20)),
    article("b", COPY),
    article("c", BRIEF, publisher="X"),
    article("d", FOLLOW_UP),
    article("e", SAME_TOPIC),
    article("f", WIRE, published=date(2012, 11, 20)),
    *(article(f"g{i}", f"{prose(i % 5, 120 + 9 * i)} {prose(99, 80)}") for i in range(12)),
]


@settings(max_examples=25, deadline=None)
@given(st.permutations(MIXED))
def test_order_changes_nothing(articles: list[Article]) -> None:
    assert cluster(articles) == cluster(MIXED)


PARAGRAPHS = WIRE.split("\n\n")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(range(1, 5)), min_size=2, max_size=4, unique=True),
    st.sampled_from([str, str.upper, lambda t: t.replace("’", ""), lambda t: t.replace(",", "")]),
    st.integers(0, 60),
)
def test_a_copy_stays_with_its_wire(below: list[int], typography: Callable[[str], str], own: int) -> None:
    copy = "\n\n".join([PARAGRAPHS[0], *(PARAGRAPHS[i] for i in below), prose(7, own)])
    assert groups(WIRE, typography(copy), FOLLOW_UP, prose(8, 200)) == [[0, 1], [2], [3]]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_every_article_is_in_one_story(texts: list[str]) -> None:
    articles = [article(f"{i}", text) for i, text in enumerate(texts)]
    stories = cluster(articles)
    assert sorted(key for story in stories for key in story.article_ids) == [a.article_id for a in articles]
    assert all(story.representative_id in story.article_ids for story in stories)


# --- what copies pass on --------------------------------------------------------------------------


def completed(*articles: Article) -> list[Article]:
    return complete_from_copies(articles, cluster(articles))


def test_an_undated_copy_gets_the_earliest_date() -> None:
    first = article("a", WIRE, published=date(2012, 11, 21), published_basis="metadata")
    second = article("b", WIRE, published=date(2012, 11, 20), published_basis="masthead")
    undated = article("c", COPY, title="Lakeside capital lost")
    assert completed(undated, first, second) == [
        replace(undated, published=date(2012, 11, 20), published_basis="copies"),
        first,
        second,
    ]


def test_dateline_and_agency_come_from_the_earliest_copy_that_has_them() -> None:
    late = article("a", WIRE, published=date(2012, 11, 22), dateline="KINSHASA", agency="AFP")
    early = article("b", WIRE, published=date(2012, 11, 20), dateline="GOMA")
    bare = article("c", COPY, published=date(2012, 11, 23))
    assert completed(late, early, bare) == [
        late,
        replace(early, agency="AFP"),
        replace(bare, dateline="GOMA", agency="AFP"),
    ]


def test_nothing_is_passed_between_stories_or_invented() -> None:
    dated = article("a", WIRE, published=date(2012, 11, 20), dateline="GOMA", agency="AP")
    other, third = article("b", FOLLOW_UP), article("c", FOLLOW_UP)
    assert completed(dated, other, third) == [dated, other, third]
    assert complete_from_copies([other], []) == [other]


def test_a_borrowed_date_is_not_passed_on() -> None:
    optional = article("a", WIRE, published=date(2020, 1, 1), published_basis="option")
    undated = article("b", COPY)
    assert completed(optional, undated) == [optional, undated]


def test_completing_twice_changes_nothing() -> None:
    once = completed(
        article("a", COPY, published=date(2012, 11, 20), published_basis="masthead"), article("b", WIRE)
    )
    assert completed(*once) == once
    assert cluster(once)[0].representative_id == "a"
