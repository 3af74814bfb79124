"""Find and load the language model: the shipped one, a folder, or an installed spaCy package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spacy
import spacy.about
from spacy.language import Language
from spacy.training import Corpus

import frontlog.language.sentences  # noqa: F401  (registers the component)
from frontlog.errors import UsageError
from frontlog.language.norms import add_norms

DEFAULT_MODEL = "en_frontlog_small"

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
        """Name and version as they stand in the ``model`` column: ``en_frontlog_small-0.1.0``."""
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
    """Folder of a model: a shipped name, a path, or the name of an installed spaCy package; None for the default.

    Raises ``UsageError`` where there is no such model; the message lists what there is.

    >>> find_model().name
    'en_frontlog_small'
    """
    wanted = DEFAULT_MODEL if name is None else name
    for folder in _MODEL_FOLDERS:
        if "/" not in wanted and (folder / wanted / "meta.json").is_file():
            return folder / wanted
    path = Path(wanted)
    if path.is_dir():
        if (path / "meta.json").is_file() and (path / "config.cfg").is_file():
            return path
        raise UsageError(f"--model {wanted!r}: the folder holds no spaCy model (no meta.json or config.cfg)")
    if wanted.isidentifier() and find_spec(wanted) is not None:
        module = import_module(wanted)
        if (
            module.__file__
            and (package := Path(module.__file__).parent)
            and (package / "meta.json").is_file()
        ):
            meta = json.loads((package / "meta.json").read_text(encoding="utf-8"))
            return package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
        raise UsageError(f"--model {wanted!r}: the Python package of that name is not a spaCy model")
    raise UsageError(
        f"--model {wanted!r}: no such model. Shipped: {', '.join(shipped_models()) or 'none'}. "
        "A folder of a spaCy model or the name of an installed one (en_core_web_sm) works too."
    )


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
            f"model {path.name}: meta.json cannot be read ({error}); install the model again"
        ) from error
    if not isinstance(meta, dict):
        raise UsageError(f"model {path.name}: meta.json is not an object; install the model again")
    return meta


def model_info(name: str | None = None) -> ModelInfo:
    """Describe the model that ``load_model(name)`` would load, without loading it."""
    path = find_model(name)
    meta = _meta(path)
    return ModelInfo(
        name=f"{meta.get('lang', 'xx')}_{meta.get('name', path.name)}",
        version=str(meta.get("version", "0")),
        path=str(path),
        components=tuple(meta.get("pipeline", ())),
        spacy_version=str(meta.get("spacy_version", "")),
    )


@lru_cache(maxsize=2)
def load_model(name: str | None = None) -> Language:
    """Load a model, ready for ``nlp.pipe``: with our sentence boundaries in front of its parser.

    Raises ``UsageError`` with one clear line for a model that is missing, damaged, of another spaCy
    version, or without a parser or entities.
    """
    path = find_model(name)
    try:
        nlp = spacy.load(path)
    except Exception as error:  # spaCy raises many kinds for a damaged folder; each means the same to a user
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(
            f"model {path.name}: cannot be loaded with spaCy {spacy.about.__version__} ({reason}); install it again "
            "or choose another with --model"
        ) from error
    missing = [component for component in ("parser", "ner") if component not in nlp.pipe_names]
    if missing:
        raise UsageError(
            f"model {path.name}: has no {' and no '.join(missing)}; frontlog needs a parse and entities"
        )
    add_norms(nlp)
    if "frontlog_sentences" not in nlp.pipe_names:
        nlp.add_pipe("frontlog_sentences", before="parser")
    return nlp


# What `model evaluate` shows, in the order of the pipeline.
SCORES = ("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las", "ents_p", "ents_r", "ents_f")


def evaluate_model(data: Path, name: str | None = None) -> dict[str, Any]:
    """Score a model on a ``.spacy`` file of annotated text, as spaCy's scorer does (0 to 1).

    Keys are spaCy's: ``tag_acc``, ``pos_acc``, ``lemma_acc``, ``dep_uas``, ``dep_las``, ``ents_p``, ``ents_r``,
    ``ents_f`` and ``ents_per_type``; what the data does not annotate is left out. The text is tokenised anew, and
    sentence boundaries are the parser's own. Raises ``UsageError`` for a file that is missing or no spaCy data.

    >>> evaluate_model(Path("build/ud-ewt-test.spacy"))["dep_las"]  # doctest: +SKIP
    0.8236
    """
    if not data.is_file() or data.suffix != ".spacy":
        raise UsageError(
            f"{data}: not a .spacy file; give one of annotated text (models/prepare.py makes them)"
        )
    nlp = spacy.load(find_model(name))
    try:
        examples = list(Corpus(data)(nlp))
    except Exception as error:  # what spaCy raises depends on where the bytes stop making sense
        raise UsageError(f"{data}: cannot be read as spaCy training data ({type(error).__name__})") from error
    scores = nlp.evaluate(examples)
    found = {key: scores[key] for key in SCORES if scores.get(key) is not None}
    if not any(example.reference.has_annotation("DEP") for example in examples):
        found = {key: value for key, value in found.items() if not key.startswith("dep_")}
    if scores.get("ents_per_type") and found.get("ents_f") is not None:
        found["ents_per_type"] = scores["ents_per_type"]
    return found
