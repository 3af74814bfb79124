"""Finding and loading a model: the shipped one, folders, and one clear line for what cannot be used."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import spacy
import spacy.about
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from frontlog.errors import UsageError
from frontlog.language import DEFAULT_MODEL, ModelInfo, evaluate_model, find_model, load_model, model_info
from frontlog.language import model as model_module
from frontlog.language.model import ALIASES, shipped_models


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_model()


@pytest.fixture(autouse=True)
def _no_cached_models() -> Iterator[None]:
    yield
    if load_model.cache_info().currsize > 1:
        load_model.cache_clear()


@lru_cache
def blank(components: tuple[str, ...]) -> Language:
    nlp = spacy.blank("en")
    for name in components:
        pipe = nlp.add_pipe(name)
        if name in {"parser", "ner"}:
            pipe.add_label("nsubj" if name == "parser" else "GPE")  # type: ignore[attr-defined]
    if components:
        nlp.initialize()
    return nlp


def save_blank(path: Path, *components: str) -> Path:
    """A spaCy pipeline with untrained components, saved to a folder."""
    blank(components).to_disk(path)
    return path


def change_meta(folder: Path, **changes: object) -> Path:
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    (folder / "meta.json").write_text(json.dumps(meta | changes), encoding="utf-8")
    return folder


def change_config(folder: Path, old: str, new: str) -> Path:
    config = (folder / "config.cfg").read_text(encoding="utf-8")
    assert old in config
    (folder / "config.cfg").write_text(config.replace(old, new), encoding="utf-8")
    return folder


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


@pytest.mark.parametrize("package", ["json", "pytest", "spacy", "sys", "bisect"])
def test_a_python_package_that_is_no_model_says_so(package: str) -> None:
    with pytest.raises(UsageError, match="not a spaCy model"):
        find_model(package)


def test_a_file_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "model.txt"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="--model"):
        find_model(str(path))


@pytest.mark.parametrize("name", ["en_core_web_sm", "en_core_web_trf", "en_core_news_md"])
def test_a_spacy_model_that_is_not_installed_says_how_to_get_it(name: str) -> None:
    with pytest.raises(UsageError, match=f"python -m spacy download {name}") as error:
        find_model(name)
    assert f"offline, choose a shipped one: {DEFAULT_MODEL}" in str(error.value)


def test_an_installed_model_package_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "en_own_parser"
    package.mkdir()
    inner = save_blank(package / "en_own_parser-1.2.0", "parser", "ner")
    (package / "__init__.py").write_text("raise RuntimeError('imported')", encoding="utf-8")
    shutil.copy(inner / "meta.json", package)
    change_meta(package, name="own_parser", version="1.2.0")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_model("en_own_parser") == inner
    shutil.rmtree(inner)
    with pytest.raises(UsageError, match=r"lacks its model \(en_own_parser-1\.2\.0\)"):
        find_model("en_own_parser")
    (package / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match=r"meta\.json cannot be read"):
        find_model("en_own_parser")


def test_a_folder_on_the_path_of_python_is_no_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en_core_web_sm").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(UsageError, match="not installed"):
        find_model("en_core_web_sm")


def test_aliases_stand_for_shipped_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_module, "_MODEL_FOLDERS", (tmp_path,))
    for alias, name in ALIASES.items():
        with pytest.raises(UsageError, match=f"'{alias}': the model {name} did not come"):
            find_model(alias)
        assert find_model(str(save_blank(tmp_path / name))) == find_model(alias) == tmp_path / name


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


@pytest.mark.parametrize("content", ["", "{", "[]", '"text"', "\ufeff{", "null", "{}", '{"lang": "en"}'])
def test_a_damaged_meta_file_is_a_usage_error(tmp_path: Path, content: str) -> None:
    folder = save_blank(tmp_path / "own")
    (folder / "meta.json").write_text(content, encoding="utf-8")
    for use in (model_info, load_model):
        with pytest.raises(UsageError, match=r"meta\.json"):
            use(str(folder))


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
        ("config.cfg", "[nlp]\nlang = "),
        ("config.cfg", "not a config"),
        ("parser/model", "broken"),
        ("ner/model", ""),
        ("vocab/strings.json", "{"),
        ("tokenizer", "broken"),
        ("tok2vec/model", None),
        ("ner/moves", None),
        ("tagger/cfg", None),  # without these spaCy loads the model, and fails on the first text
        ("morphologizer/cfg", None),
        ("trainable_lemmatizer/trees", None),
    ],
)
def test_a_damaged_copy_of_the_model_is_a_usage_error(tmp_path: Path, file: str, content: str | None) -> None:
    copy = tmp_path / "damaged"
    shutil.copytree(find_model(), copy)
    assert (copy / file).is_file()
    if content is None:
        (copy / file).unlink()
    else:
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


def test_a_model_cut_short_is_a_usage_error(tmp_path: Path) -> None:
    copy = tmp_path / "cut"
    shutil.copytree(find_model(), copy)
    data = (copy / "parser" / "model").read_bytes()
    (copy / "parser" / "model").write_bytes(data[: len(data) // 2])
    with pytest.raises(UsageError, match="cannot be loaded"):
        load_model(str(copy))


def test_a_model_without_its_vocabulary_is_a_usage_error(tmp_path: Path) -> None:
    folder = save_blank(tmp_path / "own", "parser", "ner")
    shutil.rmtree(folder / "vocab")
    with pytest.raises(UsageError, match=r"vocab/strings\.json is missing"):
        load_model(str(folder))


@pytest.mark.parametrize("wanted", [">=3.5,<3.6", ">=4.0.0,<4.1.0", "<3.0"])
def test_a_model_of_another_spacy_names_both_versions(tmp_path: Path, wanted: str) -> None:
    folder = change_meta(save_blank(tmp_path / "old", "parser", "ner"), spacy_version=wanted)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # spaCy only warns
        for use in (model_info, load_model):
            with pytest.raises(UsageError) as error:
                use(str(folder))
            assert wanted in str(error.value)
            assert f"this is spaCy {spacy.about.__version__}" in str(error.value)


@pytest.mark.parametrize("wanted", [">=3.8.99,<3.9.0", ">=3.0"])
def test_another_patch_version_is_loaded_without_a_warning(tmp_path: Path, wanted: str) -> None:
    minor = spacy.about.__version__.rsplit(".", 1)[0]
    folder = save_blank(tmp_path / "near", "parser", "ner")
    change_meta(folder, spacy_version=wanted.replace("3.8", minor))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "parser" in load_model(str(folder)).pipe_names


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('factory = "ner"', 'factory = "transformer"', "package spacy-transformers"),
        ('factory = "ner"', 'factory = "curated_transformer"', "package spacy-curated-transformers"),
        ("spacy.HashEmbedCNN.v2", "spacy-transformers.TransformerListener.v1", "package spacy-transformers"),
        ("spacy.HashEmbedCNN.v2", "acme.Encoder.v1", "'acme.Encoder.v1', which no installed package has"),
    ],
)
def test_a_part_that_no_package_has_is_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    folder = change_config(save_blank(tmp_path / "own", "parser", "ner"), old, new)
    with pytest.raises(UsageError, match=words) as error:
        load_model(str(folder))
    assert "\n" not in str(error.value)


def test_a_package_that_the_model_asks_for_is_named(tmp_path: Path) -> None:
    folder = save_blank(tmp_path / "own", "parser", "ner")
    assert model_info(str(change_meta(folder, requirements=["spacy>=3.0", "- a remark"]))).version
    change_meta(folder, requirements=["no-such-transformers>=0.2.2,<1.0.0"])
    with pytest.raises(UsageError, match="needs the Python package no-such-transformers,"):
        model_info(str(folder))


def test_only_a_parser_with_clearnlp_labels_is_rewritten(tmp_path: Path, nlp: Language) -> None:
    own = spacy.blank("en")
    parser: Any = own.add_pipe("parser")
    for label in ("nsubj", "prep", "pobj"):
        parser.add_label(label)
    own.add_pipe("ner").add_label("GPE")  # type: ignore[attr-defined]
    own.initialize()
    own.to_disk(tmp_path / "clearnlp")
    loaded = load_model(str(tmp_path / "clearnlp"))
    assert loaded.pipe_names == ["frontlog_sentences", "parser", "ner", "frontlog_universal"]
    assert "frontlog_universal" not in nlp.pipe_names


# --- at the command line ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "info", "evaluate"])
@pytest.mark.parametrize("trouble", ["missing", "empty", "meta", "old", "not installed", "alias", "package"])
def test_every_command_says_in_one_line_what_is_wrong(
    tmp_path: Path,
    frontlog: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    trouble: str,
) -> None:
    folder = tmp_path / "own"
    if trouble == "empty":
        folder.mkdir()
    elif trouble in {"meta", "old"}:
        save_blank(folder, "parser", "ner")
        change_meta(folder, spacy_version=">=3.5,<3.6")
        if trouble == "meta":
            (folder / "meta.json").write_text("{", encoding="utf-8")
    if trouble == "alias":
        monkeypatch.setitem(ALIASES, "tiny", "en_frontlog_tiny")
    name, words = {
        "missing": (folder, "no such model"),
        "empty": (folder, "holds no spaCy model"),
        "meta": (folder, "meta.json cannot be read"),
        "old": (folder, "made for spaCy >=3.5,<3.6"),
        "not installed": ("en_core_web_sm", "python -m spacy download en_core_web_sm"),
        "alias": ("tiny", "en_frontlog_tiny did not come with this frontlog"),
        "package": ("json", "not a spaCy model"),
    }[trouble]
    said_in_one_line(frontlog(*call(tmp_path, command), "--model", name), words)


@pytest.mark.parametrize("command", ["run", "evaluate"])
@pytest.mark.parametrize("trouble", ["config", "part", "vocab", "package"])
def test_commands_that_load_say_in_one_line_what_is_wrong(
    tmp_path: Path, frontlog: Callable[..., Any], command: str, trouble: str
) -> None:
    folder = save_blank(tmp_path / "own", "parser", "ner")
    words = "cannot be loaded"
    if trouble == "config":
        (folder / "config.cfg").write_text("[nlp]\nlang = ", encoding="utf-8")
    elif trouble == "part":
        shutil.rmtree(folder / "ner")
    elif trouble == "vocab":
        shutil.rmtree(folder / "vocab")
        words = "vocab/strings.json is missing"
    else:
        change_config(folder, 'factory = "ner"', 'factory = "curated_transformer"')
        words = "pip install spacy-curated-transformers"
    said_in_one_line(frontlog(*call(tmp_path, command), "--model", folder), words)


def call(tmp_path: Path, command: str) -> list[object]:
    if command == "info":
        return ["model", "info"]
    if command == "run":
        (tmp_path / "a.txt").write_text("Rebels took Goma on Sunday.", encoding="utf-8")
        return ["run", tmp_path / "a.txt", "--out", tmp_path / "out"]
    doc = Doc(spacy.blank("en").vocab, words=["Rebels", "left"], tags=["NNS", "VBD"])
    DocBin(docs=[doc]).to_disk(tmp_path / "data.spacy")
    return ["model", "evaluate", tmp_path / "data.spacy"]


def said_in_one_line(result: Any, words: str) -> None:
    assert result.status == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.startswith("frontlog: ")
    assert len(result.stderr.splitlines()) == 1
    assert "Warning" not in result.stderr


# --- scores ---------------------------------------------------------------------------------------


def test_scores_are_left_out_where_the_data_has_no_annotation(tmp_path: Path) -> None:
    vocab = spacy.blank("en").vocab
    docs = DocBin(docs=[Doc(vocab, words=["Rebels", "took", "Goma", "."], tags=["NNS", "VBD", "NNP", "."])])
    docs.to_disk(tmp_path / "tags.spacy")
    scores = evaluate_model(tmp_path / "tags.spacy")
    assert 0.5 <= scores["tag_acc"] <= 1.0
    assert not {"dep_las", "ents_f"} & set(scores)


def test_scores_with_the_tokens_of_the_file(tmp_path: Path) -> None:
    # "Assads" and "forces" are two words here, where the text has "Assadsforces" without a space.
    words, spaces = ["Assads", "forces", "took", "the", "town", "."], [False, True, True, True, False, True]
    deps = ["nmod:poss", "nsubj", "ROOT", "det", "obj", "punct"]
    doc = Doc(spacy.blank("en").vocab, words=words, spaces=spaces, heads=[1, 2, 2, 4, 2, 2], deps=deps)
    DocBin(docs=[doc]).to_disk(tmp_path / "parse.spacy")
    anew = evaluate_model(tmp_path / "parse.spacy")
    as_given = evaluate_model(tmp_path / "parse.spacy", gold_tokens=True)
    assert anew["dep_uas"] < as_given["dep_uas"]


@pytest.mark.parametrize("name", ["missing.spacy", "text.txt", "noise.spacy"])
def test_data_that_cannot_be_scored(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.txt").write_text("no annotation")
    (tmp_path / "noise.spacy").write_bytes(b"\x00\x01 no DocBin")
    with pytest.raises(UsageError, match=name.replace(".", r"\.")):
        evaluate_model(tmp_path / name)
