"""Scores a run's tables against gold files: which events were found, and which of their cells are right.

``gold`` reads and checks gold files, ``matching`` says which found event answers to which gold event,
``scoring`` counts, ``report`` shows the scores and lists the errors.
"""

from frontlog.evaluation.gold import GoldDocument, GoldEvent, load_gold
from frontlog.evaluation.report import errors, render, write_errors
from frontlog.evaluation.scoring import Counts, Ratio, Scores, evaluate

__all__ = [
    "Counts",
    "GoldDocument",
    "GoldEvent",
    "Ratio",
    "Scores",
    "errors",
    "evaluate",
    "load_gold",
    "render",
    "write_errors",
]
