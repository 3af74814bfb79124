"""The driver for one machine: batches of distinct passages to worker processes, results in order.

A worker that dies (killed, out of memory) breaks the pool; the batches that were not done are sent to a new
one. ``multiprocessing.Pool`` would wait for the dead worker for ever.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from frontlog.errors import RunError
from frontlog.events.analysis import analyse_with_model
from frontlog.records import PassageAnalysis

_ATTEMPTS = 3


def analyse_all(
    texts: Sequence[str],
    *,
    model: str | None,
    workers: int,
    batch_size: int,
    on_done: Callable[[int], None] = lambda _: None,
) -> dict[str, PassageAnalysis]:
    """Analyse each distinct text once: text to analysis, whatever the number of workers.

    ``on_done`` is told the number of passages after each batch. Raises ``RunError`` when worker processes
    keep dying.
    """
    distinct = sorted(set(texts))
    batches = [distinct[i : i + batch_size] for i in range(0, len(distinct), batch_size)]
    results: dict[int, list[PassageAnalysis]] = {}
    if workers <= 1 or len(batches) <= 1:
        for number, batch in enumerate(batches):
            results[number] = analyse_with_model(batch, model)
            on_done(len(batch))
    else:
        _in_processes(batches, results, model, min(workers, len(batches)), on_done)
    return {
        text: analysis
        for number, batch in enumerate(batches)
        for text, analysis in zip(batch, results[number], strict=True)
    }


def _in_processes(
    batches: Sequence[Sequence[str]],
    results: dict[int, list[PassageAnalysis]],
    model: str | None,
    workers: int,
    on_done: Callable[[int], None],
) -> None:
    # "spawn" starts clean: a forked process inherits locks that threads of the parent may hold.
    context = multiprocessing.get_context("spawn")
    for _ in range(_ATTEMPTS):
        todo = [number for number in range(len(batches)) if number not in results]
        if not todo:
            return
        try:
            with ProcessPoolExecutor(workers, mp_context=context) as pool:
                futures = {pool.submit(analyse_with_model, batches[n], model): n for n in todo}
                for future in as_completed(futures):
                    results[futures[future]] = future.result()
                    on_done(len(batches[futures[future]]))
        except BrokenProcessPool:
            continue
    if any(number not in results for number in range(len(batches))):
        raise RunError(
            f"worker processes died {_ATTEMPTS} times (out of memory?); run again with fewer --workers"
        )
