"""Runs independent tasks in worker processes, with a progress bar and a clean stop."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from partwise.errors import InputError
from partwise.progress import progress_bar

Task = TypeVar("Task")
Result = TypeVar("Result")
Advance = Callable[[int], None]
"""Called by a task with the number of shapes that it has just finished; raises where the task is to stop."""

_worker: tuple[Any, Any] | None = None
"""In a worker process: the event that asks it to stop, and the count of shapes done, shared by all."""


def run_tasks(function: Callable[[Task, Advance], Result], tasks: Sequence[Task], total: int,
              workers: int | None = None) -> list[Result]:
    """Results of ``function(task, advance)`` in the order of ``tasks``.

    function : importable function; it cleans up after itself when ``advance`` raises.
    total : number of shapes in all tasks, for the progress bar, which appears only on a terminal.
    workers : processes; None for one a CPU; 1 for none beside this one.

    An exception, Ctrl-C included, stops all tasks and is raised here.
    """
    if workers is not None and workers < 1:
        raise InputError(f"workers must be at least 1, found {workers}")
    count = min(available_cpus() if workers is None else workers, len(tasks))
    with progress_bar() as progress:
        bar = progress.add_task("shapes", total=total)
        if count <= 1:
            return [function(task, lambda done: progress.update(bar, advance=done)) for task in tasks]
        return _run_in_pool(function, tasks, count, lambda done: progress.update(bar, completed=done))


def available_cpus() -> int:
    """CPUs that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run_in_pool(function: Callable[[Task, Advance], Result], tasks: Sequence[Task], workers: int,
                 show: Callable[[int], None]) -> list[Result]:
    # Spawned, not forked: a fork would copy the locks of the progress bar's and of NumPy's threads.
    context = multiprocessing.get_context("spawn")
    stop, done = context.Event(), context.Value("l", 0)
    with ProcessPoolExecutor(workers, context, _start_worker, (stop, done)) as pool:
        try:
            futures = [pool.submit(_run, function, task) for task in tasks]
            pending = set(futures)
            while pending:
                finished, pending = wait(pending, timeout=0.2)
                show(done.value)
                for future in finished:
                    future.result()
            return [future.result() for future in futures]
        except BrokenProcessPool as error:
            raise InputError("a worker process was killed, perhaps for lack of memory; run again with fewer "
                             "workers: what is finished is kept") from error
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def _start_worker(stop: Any, done: Any) -> None:
    global _worker
    _worker = stop, done
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which asks for a clean stop
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(function: Callable[[Task, Advance], Result], task: Task) -> Result:
    return function(task, _advance)


def _advance(count: int) -> None:
    assert _worker is not None
    stop, done = _worker
    if stop.is_set():
        raise KeyboardInterrupt
    with done.get_lock():
        done.value += count
