"""Finding and loading a model: the shipped one, folders, and one clear line for what cannot be used."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from frontlog.errors import UsageError
from frontlog.language import DEFAULT_MODEL, ModelInfo, evaluate_model, find_model, load_model, model_info
from frontlog.language.model import shipped_models


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_model()


@pytest.fixture(autouse=True)
def _no_cached_models() -> Iterator[None]:
    yield
    if load_model.cache_info().currsize > 1:
        load_model.cache_clear()


def save_blank(path: Path, *components: str) -> Path:
    """A spaCy pipeline with untrained components, saved to a folder."""
    nlp = spacy.blank("en")
    for name in components:
        pipe = nlp.add_pipe(name)
        if name in {"parser", "ner"}:
            pipe.add_label("nsubj" if name == "parser" else "GPE")  # type: ignore[attr-defined]
    if components:
        nlp.initialize()
    nlp.to_disk(path)
    return path


# --- finding --------------------------------------------------------------------------------------


def test_the_shipped_model_is_found_by_default_and_by_name() -> None:
    assert find_model() == find_model(None) == find_model(DEFAULT_MODEL)
    assert find_model().is_dir()
    assert DEFAULT_MODEL in shipped_models()


def test_a_folder_is_found_by_its_path(tmp_path: Path) -> None:
    folder = save_blank(tmp_path / "own")
    assert find_model(str(folder)) == folder


@pytest.mark.parametrize(
    "name", ["en_no_such_model", "no/such/folder", "../missing", "en core", "xx-yy", " "]
)
def test_an_unknown_name_is_named_with_what_there_is(name: str) -> None:
    with pytest.raises(UsageError) as error:
        find_model(name)
    message = str(error.value)
    assert repr(name) in message
    assert "--model" in message
    assert DEFAULT_MODEL in message
    assert "\n" not in message


def test_a_folder_that_holds_no_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no spaCy model") as error:
        find_model(str(tmp_path))
    assert str(tmp_path) in str(error.value)


@pytest.mark.parametrize("missing", ["meta.json", "config.cfg"])
def test_a_folder_with_half_a_model_holds_none(tmp_path: Path, missing: str) -> None:
    folder = save_blank(tmp_path / "half")
    (folder / missing).unlink()
    with pytest.raises(UsageError, match="holds no spaCy model"):
        find_model(str(folder))


@pytest.mark.parametrize("package", ["json", "pytest", "spacy"])
def test_a_python_package_that_is_no_model_says_so(package: str) -> None:
    with pytest.raises(UsageError, match="not a spaCy model"):
        find_model(package)


def test_a_file_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "model.txt"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="--model"):
        find_model(str(path))


# --- describing -----------------------------------------------------------------------------------


def test_info_describes_without_loading() -> None:
    info = model_info()
    assert info.name == DEFAULT_MODEL
    assert {"parser", "ner"} <= set(info.components)
    assert Path(info.path) == find_model()
    assert info.label == f"{DEFAULT_MODEL}-{info.version}"
    assert json.loads(json.dumps(info.as_dict())) == {
        "name": info.name,
        "version": info.version,
        "path": info.path,
        "components": list(info.components),
        "spacy_version": info.spacy_version,
    }


def test_label_joins_name_and_version() -> None:
    assert ModelInfo("en_x", "1.2.3", "p", (), "").label == "en_x-1.2.3"


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"', "\ufeff{", "null"])
def test_a_damaged_meta_file_is_a_usage_error(tmp_path: Path, content: str) -> None:
    folder = save_blank(tmp_path / "own")
    (folder / "meta.json").write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"meta\.json"):
        model_info(str(folder))


# --- loading --------------------------------------------------------------------------------------


def test_the_shipped_model_parses_and_finds_entities(nlp: Language) -> None:
    assert nlp.pipe_names.index("frontlog_sentences") < nlp.pipe_names.index("parser")
    doc = nlp("Gen. Ali left Mosul. He went to Baghdad.")
    assert [sent.text for sent in doc.sents] == ["Gen. Ali left Mosul.", "He went to Baghdad."]
    assert {"Mosul", "Baghdad"} <= {ent.text for ent in doc.ents}


def test_the_acronym_is_not_taken_for_the_verb(nlp: Language) -> None:
    doc = nlp("IS fighters seized the town.")
    assert doc[0].pos_ != "AUX"
    assert doc[1].dep_ == "nsubj"


def test_loading_twice_gives_the_same_object(nlp: Language) -> None:
    assert load_model() is load_model()


@pytest.mark.parametrize(
    ("components", "words"),
    [
        ((), "no parser and no ner"),
        (("parser",), "no ner"),
        (("ner",), "no parser"),
        (("sentencizer",), "no parser"),
    ],
)
def test_a_model_without_parse_or_entities_says_which(
    tmp_path: Path, components: tuple[str, ...], words: str
) -> None:
    folder = save_blank(tmp_path / "own", *components)
    with pytest.raises(UsageError, match=words) as error:
        load_model(str(folder))
    assert "own" in str(error.value)


def test_a_model_of_one_s_own_with_both_is_loaded_with_our_sentences(tmp_path: Path) -> None:
    nlp = load_model(str(save_blank(tmp_path / "own", "parser", "ner")))
    assert nlp.pipe_names == ["frontlog_sentences", "parser", "ner"]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("meta.json", "{"),
        ("config.cfg", "[nlp]\nlang = "),
        ("config.cfg", "not a config"),
        ("parser/model", "broken"),
        ("ner/model", ""),
        ("vocab/strings.json", "{"),
        ("tokenizer", "broken"),
    ],
)
def test_a_damaged_copy_of_the_model_is_a_usage_error(tmp_path: Path, file: str, content: str) -> None:
    copy = tmp_path / "damaged"
    shutil.copytree(find_model(), copy)
    assert (copy / file).is_file()
    (copy / file).write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be loaded") as error:
        load_model(str(copy))
    assert "damaged" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_copy_with_a_missing_part_is_a_usage_error(tmp_path: Path) -> None:
    copy = tmp_path / "partial"
    shutil.copytree(find_model(), copy)
    shutil.rmtree(copy / "parser")
    with pytest.raises(UsageError, match="cannot be loaded"):
        load_model(str(copy))


# --- scores ---------------------------------------------------------------------------------------


def test_scores_are_left_out_where_the_data_has_no_annotation(tmp_path: Path) -> None:
    vocab = spacy.blank("en").vocab
    docs = DocBin(docs=[Doc(vocab, words=["Rebels", "took", "Goma", "."], tags=["NNS", "VBD", "NNP", "."])])
    docs.to_disk(tmp_path / "tags.spacy")
    scores = evaluate_model(tmp_path / "tags.spacy")
    assert 0.5 <= scores["tag_acc"] <= 1.0
    assert not {"dep_las", "ents_f"} & set(scores)


@pytest.mark.parametrize("name", ["missing.spacy", "text.txt", "noise.spacy"])
def test_data_that_cannot_be_scored(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.txt").write_text("no annotation")
    (tmp_path / "noise.spacy").write_bytes(b"\x00\x01 no DocBin")
    with pytest.raises(UsageError, match=name.replace(".", r"\.")):
        evaluate_model(tmp_path / name)
