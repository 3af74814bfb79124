"""The spaCy side: finding and loading a model, sentence boundaries, a predicate-argument view of a parse."""

from frontlog.language.model import DEFAULT_MODEL, ModelInfo, find_model, load_model, model_info

__all__ = ["DEFAULT_MODEL", "ModelInfo", "find_model", "load_model", "model_info"]
