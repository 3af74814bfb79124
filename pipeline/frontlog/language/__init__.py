"""The spaCy side: finding and loading a model, sentence boundaries, a predicate-argument view of a parse."""

from frontlog.language.model import (
    DEFAULT_MODEL,
    ModelInfo,
    evaluate_model,
    find_model,
    load_model,
    model_info,
    training_script,
)

__all__ = [
    "DEFAULT_MODEL",
    "ModelInfo",
    "evaluate_model",
    "find_model",
    "load_model",
    "model_info",
    "training_script",
]
