"""Who acts: armed actors, their sides and their usual short names."""

from __future__ import annotations

from frontlog.actors.identify import identify
from frontlog.actors.lexicon import Lexicon, load_lexicon
from frontlog.actors.references import is_anaphor, resolve_anaphor
from frontlog.actors.scan import abbreviations, find_actors
from frontlog.actors.sides import joined_name, same_side
from frontlog.actors.sources import is_source, source_kind

__all__ = [
    "Lexicon",
    "abbreviations",
    "find_actors",
    "identify",
    "is_anaphor",
    "is_source",
    "joined_name",
    "load_lexicon",
    "resolve_anaphor",
    "same_side",
    "source_kind",
]
