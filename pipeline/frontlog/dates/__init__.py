"""Time expressions: found in English text, parsed, and resolved against an anchor date.

``find_timexes`` needs the text alone, ``normalise`` an expression and the date that it is counted from.
"""

from .cells import date_cell, precision
from .expressions import hangs_on_context, split_range
from .normalise import normalise
from .recognise import find_timexes

__all__ = ["date_cell", "find_timexes", "hangs_on_context", "normalise", "precision", "split_range"]
