"""Find and load the language model: the shipped one, a folder, or an installed spaCy package."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spacy
import spacy.about
from spacy.language import Language
from spacy.training import Corpus
from spacy.util import get_minor_version, get_model_lower_version, is_compatible_version

import frontlog.language.sentences  # noqa: F401  (registers the component)
from frontlog.errors import UsageError
from frontlog.language.clearnlp import is_clearnlp
from frontlog.language.norms import add_norms

DEFAULT_MODEL = "en_frontlog_accurate"
# Short names for --model.
ALIASES = {"fast": "en_frontlog_small", "accurate": "en_frontlog_accurate"}

_PACKAGE = Path(__file__).resolve().parent.parent
# A checkout has the models beside the package's source root, a wheel inside the package.
_MODEL_FOLDERS = (_PACKAGE.parent.parent / "models", _PACKAGE / "models")


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which language model is used: its name, version, components, and where it lies."""

    name: str
    version: str
    path: str
    components: tuple[str, ...]
    spacy_version: str

    def as_dict(self) -> dict[str, object]:
        """The same as plain data, for ``model info --json`` and ``run.json``."""
        return {
            "name": self.name,
            "version": self.version,
            "path": self.path,
            "components": list(self.components),
            "spacy_version": self.spacy_version,
        }

    @property
    def label(self) -> str:
        """Name and version as they stand in the ``model`` column: ``en_frontlog_accurate-0.2.0``."""
        return f"{self.name}-{self.version}"


def shipped_models() -> list[str]:
    """Names of the models that come with the package."""
    names = {
        path.parent.name
        for folder in _MODEL_FOLDERS
        if folder.is_dir()
        for path in folder.glob("*/meta.json")
    }
    return sorted(names)


def find_model(name: str | None = None) -> Path:
    """Folder of a model: an alias, a shipped name, a path, or an installed spaCy package; None for the default.

    Raises ``UsageError`` where there is no such model; the message lists what there is.

    >>> find_model("fast").name
    'en_frontlog_small'
    """
    asked = DEFAULT_MODEL if name is None else name
    wanted = ALIASES.get(asked, asked)
    for folder in _MODEL_FOLDERS:
        if "/" not in wanted and (folder / wanted / "meta.json").is_file():
            return folder / wanted
    path = Path(asked)
    if path.is_dir():
        if (path / "meta.json").is_file() and (path / "config.cfg").is_file():
            return path
        raise UsageError(f"--model {asked!r}: the folder holds no spaCy model (no meta.json or config.cfg)")
    # The package is looked at, not imported: what it would run is none of our business. A folder on the path of
    # Python that is no package (its origin is None) counts for nothing.
    if wanted.isidentifier() and (spec := find_spec(wanted)) is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        if not spec.submodule_search_locations or not (package / "meta.json").is_file():
            raise UsageError(f"--model {asked!r}: the Python package of that name is not a spaCy model")
        meta = _meta(package)
        inner = package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
        if not (inner / "meta.json").is_file() or not (inner / "config.cfg").is_file():
            raise UsageError(
                f"--model {asked!r}: the installed package lacks its model ({inner.name}); install it again"
            )
        return inner
    if wanted != asked:
        raise UsageError(
            f"--model {asked!r}: the model {wanted} did not come with this frontlog. "
            f"Shipped: {', '.join(shipped_models()) or 'none'}"
        )
    if _SPACY_NAME.fullmatch(asked):
        raise UsageError(
            f"--model {asked!r}: not installed. With a network, `python -m spacy download {asked}` gets it; "
            f"offline, choose a shipped one: {', '.join(shipped_models()) or 'none'}"
        )
    raise UsageError(
        f"--model {asked!r}: no such model. Shipped: {', '.join(shipped_models()) or 'none'}. "
        "A folder of a spaCy model or the name of an installed one (en_core_web_sm) works too."
    )


# The models that spaCy publishes: en_core_web_sm, en_core_web_trf.
_SPACY_NAME = re.compile(r"en_(?:core|dep|ent)_(?:web|news)_\w+")


def training_script() -> Path:
    """The script that trains the shipped model; ``UsageError`` where only the package is installed."""
    script = _MODEL_FOLDERS[0] / "train.py"
    if not script.is_file():
        raise UsageError(
            "model train: the training scripts stand in models/ of a checkout; clone the repository"
        )
    return script


def _meta(path: Path) -> Mapping[str, Any]:
    try:
        meta = json.loads((path / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{_called(path)}: meta.json cannot be read ({error}); install the model again"
        ) from error
    if not isinstance(meta, dict):
        raise UsageError(f"{_called(path)}: meta.json is not an object; install the model again")
    lacking = [
        key for key in ("lang", "name", "version") if not isinstance(meta.get(key), str) or not meta[key]
    ]
    if lacking or not isinstance(meta.get("pipeline", []), list):
        raise UsageError(
            f"{_called(path)}: meta.json has no {lacking[0] if lacking else 'pipeline'}; install the model again"
        )
    return meta


def _called(path: Path) -> str:
    return f"model {path.resolve().name}"


def _checked_meta(path: Path) -> Mapping[str, Any]:
    """A model's meta data; ``UsageError`` for a model of another spaCy, or one that needs a package we lack.

    Another patch version of the same minor version will do, as spaCy itself has it.
    """
    meta = _meta(path)
    wanted, current = str(meta.get("spacy_version") or ""), spacy.about.__version__
    if wanted and is_compatible_version(current, wanted) is False:
        lowest = get_model_lower_version(wanted)
        if lowest is None or get_minor_version(lowest) != get_minor_version(current):
            raise UsageError(
                f"{_called(path)}: made for spaCy {wanted}, but this is spaCy {current}; install a version of it that "
                "fits, or choose another with --model"
            )
    needed = meta.get("requirements")
    for line in needed if isinstance(needed, list) else ():
        if package := re.match(
            r"[a-z][\w.-]*", str(line), re.I
        ):  # "spacy-curated-transformers>=0.2.2,<1.0.0"
            try:
                distribution(package[0])
            except PackageNotFoundError as error:
                raise _lacks(path, package[0]) from error
    return meta


def _lacks(path: Path, package: str) -> UsageError:
    return UsageError(
        f"{_called(path)}: needs the Python package {package}, which is not installed; "
        f"`pip install {package}`, or choose another with --model"
    )


# Components and layers that are no part of spaCy, by how their names begin, and the package that has them.
_PROVIDERS = {
    "spacy-transformers.": "spacy-transformers",
    "transformer": "spacy-transformers",
    "spacy-curated-transformers.": "spacy-curated-transformers",
    "curated_transformer": "spacy-curated-transformers",
    "spacy-experimental.": "spacy-experimental",
    "experimental_": "spacy-experimental",
    "llm": "spacy-llm",
}
_UNKNOWN_PART = re.compile(r"(?:Could not find function|Can't find factory for) '([^']+)'")


def load_pipeline(path: Path) -> Language:
    """Load a model folder and try it on a sentence; ``UsageError`` with one line for one that does not work."""
    _checked_meta(path)
    if not (path / "vocab" / "strings.json").is_file():  # spaCy would do without, and fail on the first text
        raise UsageError(f"{_called(path)}: vocab/strings.json is missing; install the model again")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on versions: what matters of them has been checked
            nlp = spacy.load(path)
            [(token.pos_, token.dep_, token.lemma_, token.ent_type_) for token in nlp("Rebels took Goma.")]
    except Exception as error:  # spaCy raises many kinds for a damaged folder; each means the same to a user
        unknown = _UNKNOWN_PART.search(str(error))
        for start, package in _PROVIDERS.items() if unknown else ():
            if unknown and unknown[1].startswith(start):
                raise _lacks(path, package) from error
        if unknown:
            raise UsageError(
                f"{_called(path)}: needs {unknown[1]!r}, which no installed package has; install the package "
                "that it was made with, or choose another with --model"
            ) from error
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UsageError(
            f"{_called(path)}: cannot be loaded with spaCy {spacy.about.__version__} ({reason}); install it again "
            "or choose another with --model"
        ) from error
    return nlp


def model_info(name: str | None = None) -> ModelInfo:
    """Describe the model that ``load_model(name)`` would load, without loading it."""
    path = find_model(name)
    meta = _checked_meta(path)
    return ModelInfo(
        name=f"{meta['lang']}_{meta['name']}",
        version=meta["version"],
        path=str(path),
        components=tuple(meta.get("pipeline", ())),
        spacy_version=str(meta.get("spacy_version", "")),
    )


@lru_cache(maxsize=2)
def load_model(name: str | None = None) -> Language:
    """Load a model, ready for ``nlp.pipe``: with our sentence boundaries in front of its parser.

    A model with ClearNLP labels (``en_core_web_*``) gets its parses rewritten as Universal Dependencies. Raises
    ``UsageError`` with one clear line for a model that is missing, damaged, of another spaCy version, or
    without a parser or entities.
    """
    path = find_model(name)
    nlp = load_pipeline(path)
    missing = [component for component in ("parser", "ner") if component not in nlp.pipe_names]
    if missing:
        raise UsageError(
            f"{_called(path)}: has no {' and no '.join(missing)}; frontlog needs a parse and entities"
        )
    add_norms(nlp)
    if "frontlog_sentences" not in nlp.pipe_names:
        nlp.add_pipe("frontlog_sentences", before="parser")
    if is_clearnlp(nlp.pipe_labels.get("parser", ())):
        nlp.add_pipe("frontlog_universal", last=True)
    return nlp


# What `model evaluate` shows, in the order of the pipeline.
SCORES = ("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las", "ents_p", "ents_r", "ents_f")


def evaluate_model(data: Path, name: str | None = None, *, gold_tokens: bool = False) -> dict[str, Any]:
    """Score a model on a ``.spacy`` file of annotated text, as spaCy's scorer does (0 to 1).

    Keys are spaCy's: ``tag_acc``, ``pos_acc``, ``lemma_acc``, ``dep_uas``, ``dep_las``, ``ents_p``, ``ents_r``,
    ``ents_f`` and ``ents_per_type``; what the data does not annotate is left out. The text is tokenised anew and
    sentence boundaries are the parser's own; with ``gold_tokens`` both are the file's, as published scores of parsers
    have it. Raises ``UsageError`` for a file that is missing or no spaCy data.

    >>> evaluate_model(Path("build/ud-ewt-test.spacy"))["dep_las"]  # doctest: +SKIP
    0.8236
    """
    if not data.is_file() or data.suffix != ".spacy":
        raise UsageError(
            f"{data}: not a .spacy file; give one of annotated text (models/prepare.py makes them)"
        )
    nlp = load_pipeline(find_model(name))
    try:
        examples = list(Corpus(data, gold_preproc=gold_tokens)(nlp))
    except Exception as error:  # what spaCy raises depends on where the bytes stop making sense
        raise UsageError(f"{data}: cannot be read as spaCy training data ({type(error).__name__})") from error
    scores = nlp.evaluate(examples)
    found = {key: scores[key] for key in SCORES if scores.get(key) is not None}
    if not any(example.reference.has_annotation("DEP") for example in examples):
        found = {key: value for key, value in found.items() if not key.startswith("dep_")}
    if scores.get("ents_per_type") and found.get("ents_f") is not None:
        found["ents_per_type"] = scores["ents_per_type"]
    return found
