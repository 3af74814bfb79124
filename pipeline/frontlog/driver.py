"""The driver for one machine: batches of distinct passages to worker processes, results in order.

A worker that dies (killed, out of memory) breaks the pool; the batches that were not done are sent to a new
one. ``multiprocessing.Pool`` would wait for the dead worker for ever.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

from frontlog.errors import RunError
from frontlog.events.analysis import analyse_with_model
from frontlog.records import PassageAnalysis
from frontlog.state import State

_ATTEMPTS = 3


def analyse_all(
    texts: Sequence[str],
    *,
    model: str | None,
    workers: int,
    batch_size: int,
    state: State,
    on_done: Callable[[int], None] = lambda _: None,
) -> dict[str, PassageAnalysis]:
    """Analyse each distinct text once: text to analysis, whatever the number of workers.

    Batches that ``state`` holds from a run that was stopped are not done again. ``on_done`` is told the number
    of passages after each batch. Raises ``RunError`` when worker processes keep dying.
    """
    distinct = sorted(set(texts))
    batches = [distinct[i : i + batch_size] for i in range(0, len(distinct), batch_size)]
    results: dict[int, list[PassageAnalysis]] = {}

    def keep(number: int, analyses: list[PassageAnalysis], *, new: bool = True) -> None:
        results[number] = analyses
        if new:
            state.save(batches[number], analyses)
        on_done(len(batches[number]))

    for number, batch in enumerate(batches):
        earlier = state.load(batch)
        if earlier is not None:
            keep(number, earlier, new=False)
    todo = [number for number in range(len(batches)) if number not in results]
    if workers <= 1 or len(todo) <= 1:
        for number in todo:
            keep(number, analyse_with_model(batches[number], model))
    else:
        _in_processes(batches, todo, keep, model, min(workers, len(todo)))
    return {
        text: analysis
        for number, batch in enumerate(batches)
        for text, analysis in zip(batch, results[number], strict=True)
    }


def _end_with_parent() -> None:
    """Start a thread that ends this worker when the main process is gone: a killed run leaves no workers behind."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _in_processes(
    batches: Sequence[Sequence[str]],
    numbers: Sequence[int],
    keep: Callable[[int, list[PassageAnalysis]], None],
    model: str | None,
    workers: int,
) -> None:
    # "spawn" starts clean: a forked process inherits locks that threads of the parent may hold.
    context = multiprocessing.get_context("spawn")
    todo = list(numbers)
    for _ in range(_ATTEMPTS):
        others = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent)
        futures: dict[Future[list[PassageAnalysis]], int] = {}
        # The pool starts its workers one by one on submit; one that starts while the pool breaks may fail to
        # start (ValueError, OSError: its pipe is closed already).
        with suppress(BrokenProcessPool, ValueError, OSError):
            for number in todo:
                futures[pool.submit(analyse_with_model, batches[number], model)] = number
        try:
            for future in as_completed(futures):
                with suppress(BrokenProcessPool, CancelledError):
                    keep(futures[future], future.result())
                    todo.remove(futures[future])
        finally:
            pool.shutdown(wait=not todo, cancel_futures=True)
            # A worker that starts while the pool breaks is forgotten by the pool and would be waited for at exit.
            for child in set(multiprocessing.active_children()) - others:
                child.kill()
                child.join()
        if not todo:
            return
    raise RunError(
        f"worker processes died {_ATTEMPTS} times (out of memory?); run again with fewer --workers: "
        "what was done is kept"
    )
