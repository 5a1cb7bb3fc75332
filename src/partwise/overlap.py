"""Three stages of work on many items at once: the next are prepared and the last finished while one is computed."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

from partwise.errors import InputError

Item = TypeVar("Item")
Prepared = TypeVar("Prepared")
Output = TypeVar("Output")
Result = TypeVar("Result")


def overlap(items: Iterable[Item], prepare: Callable[[Item], Prepared],
            compute: Callable[[list[Prepared]], list[Output]], finish: Callable[[Prepared, Output], Result],
            batch_size: int = 1) -> Iterator[Result | InputError]:
    """finish(one, compute([one, ...])) of each prepared item, in the items' order.

    ``prepare`` and ``finish`` run in one background thread each, one item at a time and in order; ``compute`` runs in
    the caller's thread, on up to ``batch_size`` items. At most four batches are in memory. An InputError of
    ``prepare`` or ``finish`` takes the place of the item's result, and the other items go on; any other exception
    ends the iteration.
    """
    iterator = iter(items)
    preparing: deque[Future[Prepared]] = deque()
    finishing: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(1, "prepare") as before, ThreadPoolExecutor(1, "finish") as after:
        def look_ahead() -> None:
            ahead = 2 * batch_size - len(preparing)
            preparing.extend(before.submit(prepare, item) for item in islice(iterator, ahead))

        try:
            look_ahead()
            while preparing:
                batch = [preparing.popleft() for _ in range(min(batch_size, len(preparing)))]
                ready = [one.result() for one in batch if not _failed(one)]
                look_ahead()
                outputs = iter(compute(ready) if ready else [])
                finished = [one if _failed(one) else after.submit(finish, one.result(), next(outputs))
                            for one in batch]
                while finishing:  # those of the batch before
                    yield _outcome(finishing.popleft())
                finishing.extend(finished)
            while finishing:
                yield _outcome(finishing.popleft())
        finally:
            for waiting in (*preparing, *finishing):
                waiting.cancel()


def _failed(future: Future[Any]) -> bool:
    """Wait; whether it is the item's own fault that there is no value."""
    return isinstance(future.exception(), InputError)


def _outcome(future: Future[Any]) -> Any:
    error = future.exception()
    return error if isinstance(error, InputError) else future.result()
