"""What is cut from a page and what must stay. All texts are ours."""

from __future__ import annotations

from datetime import date, time

import pytest

from frontlog.reading.cleaning import as_it_stands, clean

BODY = (
    "Government troops entered the river town of Oranje on Monday after rebels withdrew from their last "
    "posts, a spokesman said.\n\n"
    "Residents said that shops were shut and that the bridge was mined. The fighting began in March.\n\n"
    "Aid groups asked both sides to let food through. No date was given for talks."
)
HEADLINE = "Army enters river town as rebels leave"


def kinds(raw: str) -> list[tuple[str, str]]:
    return [(cut.kind, cut.text) for cut in clean(raw).cuts if cut.kind != "mend"]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("site_name", "Вестник Недели"),
        ("site_name", "አዲስ ዜና"),
        ("site_name", "northernpost.com"),
        ("byline", "By: |"),
        ("byline", "By Jane Doe"),
        ("byline", "By JANE DOE and OMAR HADDAD, Associated Press"),
        ("masthead", "Kinshasa | Published: March 4, 1997 11:05:09 AM"),
        ("masthead", "Updated: 4 Mar 1997, 11:05 GMT"),
        ("masthead", "By Jane Doe | Kinshasa | 4 March 1997"),
        ("navigation", "3 min read"),
    ],
)
def test_head_lines_are_cut(kind: str, line: str) -> None:
    for raw in (f"{line}\n\n{HEADLINE}\n\n{BODY}", f"{HEADLINE}\n\n{line}\n\n{BODY}"):
        if kind == "site_name" and not raw.startswith(line):
            continue
        assert kinds(raw) == [(kind, line)]
        cleaned = clean(raw)
        assert cleaned.text == f"{HEADLINE}\n\n{BODY}"
        assert cleaned.title == HEADLINE


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("share", "Share your thoughts on this post"),
        ("share", "Visit Us On TwitterVisit Us On YoutubeVisit Us On Instagram"),
        ("share", "FacebookTwitterWhatsAppEmail"),
        ("template", "%d bloggers like this:"),
        ("credit", "Doe reported from Harare. Omar B. Haddad in Lusaka contributed."),
        (
            "credit",
            "Associated Press writers Jane Doe in Lusaka and Omar Haddad in Goma contributed to this story.",
        ),
        ("credit", "(Reporting by Jane Doe; Editing by Omar Haddad)"),
        (
            "advertising",
            "Get live Share Market updates and the latest offers of funds. Follow us on Twitter.",
        ),
        ("advertising", "Advertisement"),
        ("comments", "Leave a comment"),
        ("subscribe", "Sign up for our daily newsletter"),
        (
            "cookies",
            "We use cookies to make this site better. By continuing to use this site you accept them.",
        ),
        ("copyright", "Copyright 1997 The Northern Post. All rights reserved."),
        ("copyright", "© 1997 The Northern Post"),
        ("navigation", "Also read: Rebels seize the northern airfield"),
        ("navigation", "Read more: Talks fail"),
        ("navigation", "READ NEXT: How the talks failed, hour by hour"),
        ("comments", "3 thoughts on “Army enters river town”"),
        ("comments", "Tell us what you think"),
        (
            "share",
            "Like our page on Facebook and follow @BrugCourier on Twitter. Sign up for our newsletter.",
        ),
        ("footer", "Letters | Crosswords | Recipes"),
        ("rule", "* * *"),
        ("tags", "Tags: Oranje, rebels, army"),
        ("footer", "About Us Contact Us Careers Privacy Policy Terms of Use"),
    ],
)
def test_tail_lines_are_cut(kind: str, line: str) -> None:
    cleaned = clean(f"{HEADLINE}\n\n{BODY}\n\n{line}")
    assert cleaned.text == f"{HEADLINE}\n\n{BODY}"
    assert {cut.kind for cut in cleaned.cuts} == {kind}
    assert "".join(cut.text for cut in cleaned.cuts) == line


@pytest.mark.parametrize(
    ("tags", "caption"),
    [
        ("Oranje, river, rebels, UN", "A guard rests in the shade. (Upland News)"),
        ("Oranje, river, rebels, NATO", "Guards rest in the shade. (Reuters)"),
        ("Oranje, river, rebel army", "Guards rest in the shade. (Source: Handout)"),
        ("Oranje, river, war", "Guards rest in the shade. (Jane Doe/AFP)"),
    ],
)
def test_tags_that_end_in_an_acronym_and_other_credits(tags: str, caption: str) -> None:
    assert kinds(f"{HEADLINE}\n\n{tags}{caption}\n\n{BODY}") == [("tags", tags), ("caption", caption)]


def test_a_caption_may_be_signed_by_the_site() -> None:
    caption = "Aid groups asked both sides to let food through. (Upland Lantern)"
    assert kinds(f"=== Upland Lantern ===\n\n{HEADLINE}\n\n{caption}\n\n{BODY}")[1:] == [("caption", caption)]
    assert kinds(f"{HEADLINE}\n\n{caption}\n\n{BODY}") == []


def test_a_dateline_below_a_subtitle_is_found() -> None:
    subtitle = "Columns roll in at dawn after rebels slip away over the hills"
    cleaned = clean(f"{HEADLINE}\n\n{subtitle}\n\nLUSAKA, May 3, 1997 (Northern Wire) — {BODY}")
    assert (cleaned.dateline, cleaned.agency) == ("LUSAKA", "Northern Wire")
    assert (cleaned.published, cleaned.published_basis) == (date(1997, 5, 3), "dateline")
    later = clean(f"{HEADLINE}\n\n{BODY}\n\nLUSAKA, May 3, 1997 (Northern Wire) — More of it.")
    assert (later.dateline, later.published) == (None, None)


def test_related_headlines_under_a_heading_are_cut() -> None:
    links = "Next Stories\n1Army condemns raid on\u00a0market\n2Court bans party of former\u00a0leader"
    raw = f"{HEADLINE}\n\n{BODY}\n\n{links}"
    assert [kind for kind, _ in kinds(raw)] == ["navigation"] * 3
    assert clean(raw).text == f"{HEADLINE}\n\n{BODY}"


def test_a_subtitle_that_repeats_the_first_sentence_is_cut_not_the_sentence() -> None:
    subtitle = 'Rebels left the "iron gate" of the valley on Monday after a siege of forty days.'
    sentence = "Rebels left the “iron gate” of the valley on Monday after a siege of forty days."
    raw = f"{HEADLINE}\n\n{subtitle}\n\n{sentence} The army moved in an hour later.\n\n{BODY}"
    assert kinds(raw) == [("repeated", subtitle)]
    assert sentence in clean(raw).text


def test_caption_with_tags_glued_to_it() -> None:
    tags, caption = (
        "Oranje, Omar Haddad,\u00a0river, army, UN envoy",
        "A town of old bridges, Oranje drew many. (Reuters)",
    )
    assert kinds(f"{HEADLINE}\n\n{tags}{caption}\n\n{BODY}") == [("tags", tags), ("caption", caption)]


@pytest.mark.parametrize(
    "caption",
    [
        "FILE - In this March 3, 1997 file photo, a soldier guards the bridge of Oranje. (AP Photo/Jane Doe)",
        "In this photo taken Monday, a soldier guards the bridge.",
        "A soldier guards the bridge of Oranje (Photo: Jane Doe)",
        "Aid groups asked both sides to let food through. (Reuters)",
    ],
)
def test_captions_are_cut(caption: str) -> None:
    assert kinds(f"{HEADLINE}\n\n{caption}\n\n{BODY}") == [("caption", caption)]


@pytest.mark.parametrize(
    "news",
    [
        "Rebels seized the airfield of Oranje on Friday, the army said. (Reuters)",
        "By Friday evening the army had taken the hill and the road below it.",
        "Share prices fell after the army took the port, traders said.",
        "Reporting by state television said the army had captured the fort.",
        "In this picture of ruin the rebels captured two more villages, officials said.",
        "Read on Monday to parliament, the letter said that the fort was lost.",
        "Related fighting in the east cost the rebels the town of Brug.",
        "Tags on the weapons that rebels captured showed that they came from the depot.",
        "Copyright law did not stop rebels from seizing the radio station on Monday.",
        "More in the north than in the south, villages fell to the rebels this week.",
        "Comments by the general suggested that the town had fallen.",
        "Follow-up attacks drove the militia out of the harbour, a witness said.",
        "Subscribers of the state radio heard that the capital had fallen.",
        "Trending south, the column captured two villages by dusk.",
        "Posted in the hills above the town, the guns fell silent as the rebels took it.",
        "The pictures were first seen on the pages of the rebels on\n\nTwitter and Facebook.",
        "Source close to the army said rebels captured the dam.",
        "Activists said the raid contributed to the fall of the town.",
        "The rebels of the northern front contributed troops to the capture of the town.",
        "Like the fort before it, the town fell without a shot on Monday.",
        "Two thoughts on the fall of the town moved the general, he said later.",
        "UNITA, MPLA, FNLA and a fourth group fought for the town. (Reuters)",
    ],
)
@pytest.mark.parametrize("place", ["head", "middle", "tail"])
def test_news_is_never_cut_for_a_word_in_it(news: str, place: str) -> None:
    first, second, third = BODY.split("\n\n")
    order = {"head": [news, first, second], "middle": [first, news, second], "tail": [second, third, news]}[
        place
    ]
    text = "\n\n".join([HEADLINE, *order])
    assert clean(text).text == text


@pytest.mark.parametrize(
    "headline", ["Explained: how Oranje fell", "Watch: rebels enter the port", "Latest: army in the port"]
)
def test_a_headline_may_begin_like_navigation(headline: str) -> None:
    assert clean(f"{headline}\n\n{BODY}").title == headline


def test_an_office_alone_is_a_byline_only_below_a_headline() -> None:
    below = clean(f"{HEADLINE}\n\nFrom our own correspondent\n\n{BODY}")
    assert (below.text, below.byline) == (f"{HEADLINE}\n\n{BODY}", "our own correspondent")
    assert clean(f"The War Reporter\n\n{BODY}").title == "The War Reporter"


def test_section_headings_stay() -> None:
    first, second, third = BODY.split("\n\n")
    text = "\n\n".join([HEADLINE, first, "What the rebels have left:", second, third])
    assert clean(text.replace("\n\nWhat", "\n\n\n\nWhat")).text == text


def test_one_paragraph_without_punctuation_is_kept_whole() -> None:
    text = (
        "4 March 1997 Army enters Oranje Rebels left the town on Monday officials said Tweet Privacy Policy"
    )
    cleaned = clean(text, title="Army enters Oranje")
    assert cleaned.text == text
    assert (cleaned.published, cleaned.published_basis) == (date(1997, 3, 4), "dateline")


def test_title_of_the_record_wins_and_the_first_line_stays() -> None:
    cleaned = clean(f"{HEADLINE}\n\n{BODY}", title="Oranje entered")
    assert cleaned.title == "Oranje entered"
    assert cleaned.text.startswith(HEADLINE)


def test_a_first_sentence_is_no_title() -> None:
    assert clean(BODY).title is None


def test_masthead_gives_place_day_and_time() -> None:
    cleaned = clean(f"{HEADLINE}\n\nKinshasa | Published: March 4, 1997 11:05:09 PM\n\n{BODY}")
    assert cleaned.dateline == "Kinshasa"
    assert (cleaned.published, cleaned.published_time) == (date(1997, 3, 4), time(23, 5, 9))
    assert cleaned.published_basis == "masthead"


def test_published_goes_before_updated() -> None:
    raw = f"{HEADLINE}\n\nUpdated: 5 March 1997\n\nPublished: 4 March 1997\n\n{BODY}"
    assert clean(raw).published == date(1997, 3, 4)


def test_dateline_stays_in_the_text() -> None:
    cleaned = clean(f"{HEADLINE}\n\nKINSHASA (AFP) - {BODY}")
    assert cleaned.text == f"{HEADLINE}\n\nKINSHASA (AFP) - {BODY}"
    assert (cleaned.dateline, cleaned.agency) == ("KINSHASA", "AFP")


def test_agency_from_credit_and_signature() -> None:
    assert clean(f"{BODY}\n\nAssociated Press writer Jane Doe contributed to this report.").agency == "AP"
    assert clean(f"{BODY} -REUTERS").agency == "Reuters"


def test_text_as_it_stands_is_unchanged_but_dated() -> None:
    raw = f"By: |\r\n\r\nKinshasa | Published: March 4, 1997\r\n\r\n{BODY}\n\nShare this:"
    cleaned = as_it_stands(raw)
    assert cleaned.text == raw
    assert cleaned.cuts == ()
    assert [(piece.start, piece.end, piece.raw_start) for piece in cleaned.pieces] == [(0, len(raw), 0)]
    assert cleaned.published == date(1997, 3, 4)


@pytest.mark.parametrize(
    "hostile",
    [
        "a- " * 30_000,
        "\n" * 100_000,
        "Read more\n" * 20_000,
        "By A\n\n" * 5_000,
        ", A" * 50_000,
        "1A\n\n" * 20_000,
        "(" * 100_000,
        "Mc Gurk, aB" * 20_000,
        "May 1, " * 20_000,
        "Ab Cd, " * 30_000 + "(Reuters)",
        "\u00ad" * 100_000,
        "By the way (Reuters)\n\n" * 10_000,
        "Leave a comment\n\n" * 10_000,
        "By " + "A" * 140 + "!",
        "By " + "Ab-" * 45 + "!\n\n" + "B." * 70 + "?",
        "A | " * 40 + "\n\n" + "A (B) " * 40,
        "Brug Herald | World\n\n" * 5_000,
    ],
)
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    clean(hostile)
