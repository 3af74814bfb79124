"""Readers of public corpora, on small files of our own in exactly their formats."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
import spacy
from corpora import (
    Passage,
    map_gmb,
    place_label,
    read_gmb,
    read_re3d,
    read_treebank,
    read_wikigold,
    read_wnut,
    split_of,
)

CONLLU = """\
# newdoc id = made-1
# global.Entity = GRP-etype-infstat-salience-centering-minspan-link-identity
# newpar
# sent_id = made-1-1
# text = General Amir Saleh left al-Bab's gate on Friday.
1\tGeneral\tGeneral\tPROPN\tNNP\tNumber=Sing\t4\tnsubj\t4:nsubj\tEntity=(1-person-new-nnnnn-cf1-1-coref-Amir_Saleh
2\tAmir\tAmir\tPROPN\tNNP\tNumber=Sing\t1\tflat\t1:flat\t_
3\tSaleh\tSaleh\tPROPN\tNNP\tNumber=Sing\t1\tflat\t1:flat\tEntity=1)
4\tleft\tleave\tVERB\tVBD\tTense=Past\t0\troot\t0:root\t_
5-6\tal-Bab's\t_\t_\t_\t_\t_\t_\t_\t_
5\tal-Bab\tal-Bab\tPROPN\tNNP\tNumber=Sing\t7\tnmod:poss\t7:nmod:poss\tEntity=(2-object-new-nnnnn-cf2-1-sgl(3-place-new-nnnnn-cf3-1-sgl-Al_Bab
6\t's\t's\tPART\tPOS\t_\t5\tcase\t5:case\tEntity=3)
7\tgate\tgate\tNOUN\tNN\tNumber=Sing\t4\tobj\t4:obj\tEntity=2)
8\ton\ton\tADP\tIN\t_\t9\tcase\t9:case\t_
9\tFriday\tFriday\tPROPN\tNNP\tNumber=Sing\t4\tobl\t4:obl\tEntity=(4-time-new-nnnnn-cf4-1-sgl)|SpaceAfter=No
10\t.\t.\tPUNCT\t.\t_\t4\tpunct\t4:punct\t_

# sent_id = made-1-2
# text = He went.
1\tHe\the\tPRON\tPRP\t_\t2\tnsubj\t2:nsubj\tEntity=(1-person-giv:act-nnnnn-cf1-1-ana-Amir_Saleh)
2\twent\tgo\tVERB\tVBD\t_\t0\troot\t0:root\tSpaceAfter=No
3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t2:punct\t_

# newpar
# sent_id = made-1-3
1\tDone\tdo\tVERB\tVBN\t_\t0\troot\t0:root\t_

"""


def found(passage: Passage) -> set[tuple[str, str]]:
    return {(" ".join(passage.words[a:b]), label) for a, b, label in passage.entities or ()}


def test_a_treebank_is_read_by_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "train.conllu"
    path.write_text(CONLLU, encoding="utf-8")
    first, second = read_treebank(path)
    assert first.to_doc(spacy.blank("en").vocab).text.startswith(
        "General Amir Saleh left al-Bab's gate on Friday. He"
    )
    assert [i for i, start in enumerate(first.starts) if start] == [0, 10]
    assert first.heads[10:] == [11, 11, 11]  # counted in the paragraph, the root heading itself
    assert first.deps[11] == "ROOT"
    assert second.words == ["Done"]
    assert second.entities is None


def test_names_among_the_mentions_of_gum(tmp_path: Path) -> None:
    path = tmp_path / "train.conllu"
    path.write_text(CONLLU, encoding="utf-8")
    first, _ = read_treebank(path, entities=True)
    # The title is left out; the pronoun is no name.
    assert found(first) == {("Amir Saleh", "PERSON"), ("al-Bab", "GPE"), ("Friday", "DATE")}


def test_gmb_sentences(tmp_path: Path) -> None:
    path = tmp_path / "ner.csv.gz"
    rows = [
        ("Sentence: 1", "Iraqi", "JJ", "B-gpe"), ("", "troops", "NNS", "O"), ("", "left", "VBD", "O"),
        ("", "Basra", "NNP", "B-geo"), ("", "on", "IN", "O"), ("", "Monday", "NNP", "B-tim"),
        ("", "night", "NN", "I-tim"), ("", ",", ",", "O"), ("", "President", "NNP", "B-per"),
        ("", "Talabani", "NNP", "I-per"), ("", "said", "VBD", "O"), ("", ".", ".", "O"),
        ("Sentence: 2", "Hurricane", "NNP", "B-nat"), ("", "Ida", "NNP", "I-nat"), ("", "passed", "VBD", "O"),
    ]  # fmt: skip
    text = "Sentence #,Word,POS,Tag\n" + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode("latin-1")))
    first, second = read_gmb(path)
    assert found(first) == {
        ("Iraqi", "NORP"), ("Basra", "GPE"), ("Monday night", "TIME"), ("Talabani", "PERSON"),
    }  # fmt: skip
    assert first.spaces[6] is False  # no space before the comma
    assert found(second) == set()
    assert second.unknown == {0, 1}  # a kind that we have no label for stays open


@pytest.mark.parametrize(
    ("tag", "words", "expected"),
    [
        ("gpe", "Syria", ("GPE", 0)),
        ("gpe", "Syrians", ("NORP", 0)),
        ("geo", "Euphrates River", ("LOC", 0)),
        ("geo", "Bagram Air Base", ("FAC", 0)),
        ("geo", "West Bank", ("LOC", 0)),
        ("tim", "two hours", ("TIME", 0)),
        ("tim", "last week", ("DATE", 0)),
        ("per", "Prime Minister Ehud Olmert", ("PERSON", 2)),
        ("per", "President", None),
        ("art", "Scud", ("WEAPON", 0)),
        ("art", "Nobel Prize", ("PRODUCT", 0)),
        ("org", "Taliban", ("ORG", 0)),
    ],
)
def test_gmb_labels(tag: str, words: str, expected: tuple[str, int] | None) -> None:
    assert map_gmb(tag, words.split()) == expected


def test_a_place_is_labelled_by_its_last_word() -> None:
    assert [place_label(text) for text in ("Port", "Tigris river", "Menagh Air Base", "South Africa")] == [
        "GPE", "LOC", "FAC", "GPE",
    ]  # fmt: skip


def test_wikigold_and_wnut_leave_open_what_they_do_not_tell(tmp_path: Path) -> None:
    wikigold = tmp_path / "wikigold.txt"
    wikigold.write_text(
        "-DOCSTART- O\n\nThe O\nSpanish I-MISC\nking O\nvisited O\nNew I-LOC\nYork I-LOC\n. O\n"
    )
    (passage,) = read_wikigold(wikigold)
    assert (found(passage), passage.unknown) == ({("New York", "GPE")}, {1})
    wnut = tmp_path / "wnut.conll"
    wnut.write_text(
        "watching\tO\nStar\tB-creative-work\nWars\tI-creative-work\nin\tO\nParis\tB-location\n\t\n"
    )
    (passage,) = read_wnut(wnut)
    assert (found(passage), passage.unknown) == ({("Paris", "GPE")}, {1, 2})


def test_nominal_mentions_of_re3d_are_left_open(tmp_path: Path) -> None:
    text = "Foreign Secretary Ann Brown met the commander in Erbil on Monday.\n\nShe thanked the task force."
    mentions = [
        ("Foreign Secretary Ann Brown", "Person"), ("the commander", "Person"), ("Erbil", "Location"),
        ("Monday", "Temporal"), ("She", "Person"), ("the task force", "Organisation"),
    ]  # fmt: skip
    folder = tmp_path / "Made"
    folder.mkdir()
    (folder / "documents.json").write_text(json.dumps({"_id": "D1", "text": text}) + "\n")
    (folder / "entities.json").write_text(
        "".join(
            json.dumps(
                {
                    "documentId": "D1",
                    "type": kind,
                    "begin": text.index(words),
                    "end": text.index(words) + len(words),
                }
            )
            + "\n"
            for words, kind in mentions
        )
    )
    (_, first), (document, second) = read_re3d(tmp_path)
    assert document == "D1"
    assert found(first) == {("Ann Brown", "PERSON"), ("Erbil", "GPE"), ("Monday", "DATE")}
    assert {first.words[i] for i in first.unknown} == {"Foreign", "Secretary", "the", "commander"}
    assert found(second) == set()
    assert {second.words[i] for i in second.unknown} == {"She", "the", "task", "force"}


def test_what_is_not_known_is_missing_in_the_doc_and_not_outside() -> None:
    passage = Passage(["Ann", "Brown", "met", "him"], [True] * 4, entities=[(0, 2, "PERSON")], unknown={3})
    doc = passage.to_doc(spacy.blank("en").vocab)
    assert [token.ent_iob_ for token in doc] == ["B", "I", "O", ""]
    assert passage.entity_tags() == ["B-PERSON", "L-PERSON", "O", "-"]


def test_a_text_never_stands_on_both_sides() -> None:
    texts = [f"Sentence number {n} ." for n in range(3000)]
    counts = {split: sum(split_of(text) == split for text in texts) for split in ("train", "dev", "test")}
    assert [split_of(text) for text in texts] == [split_of(text) for text in texts]
    assert 0.07 < counts["test"] / 3000 < 0.13
    assert 0.07 < counts["dev"] / 3000 < 0.13
