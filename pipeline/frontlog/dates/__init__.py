"""Time expressions: found in English text, parsed, and resolved against an anchor date.

``read_dates`` does all of it for a text. ``find_timexes`` needs the text alone, ``normalise`` an expression and the
date that it is counted from.
"""

from .cells import date_cell, precision
from .expressions import hangs_on_context, split_range
from .narrative import Anchors, ends, read_dates, read_expression, resolve
from .normalise import normalise
from .recognise import find_timexes

__all__ = [
    "Anchors",
    "date_cell",
    "ends",
    "find_timexes",
    "hangs_on_context",
    "normalise",
    "precision",
    "read_dates",
    "read_expression",
    "resolve",
    "split_range",
]
