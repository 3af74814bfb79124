"""frontlog: who took which place, from whom, when, and who says so.

>>> from frontlog.run import run_pipeline            # doctest: +SKIP
>>> run_pipeline(["articles/"], "out/")              # doctest: +SKIP
"""

__version__ = "0.1.0"
