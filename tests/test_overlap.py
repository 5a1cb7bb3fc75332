"""Order, failures and limits of the three stages."""

import threading
import time

import pytest

from partwise.errors import InputError
from partwise.overlap import overlap


def half(number):
    if number % 2:
        raise InputError(f"{number} is odd")
    return number // 2


@pytest.mark.parametrize("batch_size", [1, 2, 3, 10])
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_results_come_in_order_and_failures_in_their_place(count, batch_size):
    batches = []

    def compute(halves):
        batches.append(len(halves))
        return [number * 10 for number in halves]

    def finish(number, ten_times):
        if number == 2:
            raise InputError("two")
        return number, ten_times

    found = list(overlap(range(count), half, compute, finish, batch_size))
    assert len(found) == count
    for number, result in enumerate(found):
        if number % 2:
            assert str(result) == f"{number} is odd"
        elif number == 4:
            assert str(result) == "two"
        else:
            assert result == (number // 2, number * 5)
    assert sum(batches) == (count + 1) // 2
    assert all(1 <= one <= batch_size for one in batches)


@pytest.mark.parametrize("stage", ["prepare", "compute", "finish"])
def test_other_exceptions_end_the_iteration(stage):
    def broken(*_):
        raise ZeroDivisionError(stage)

    stages = {"prepare": lambda item: item, "compute": lambda items: items, "finish": lambda item, _: item,
              stage: broken}
    with pytest.raises(ZeroDivisionError, match=stage):
        list(overlap(range(5), stages["prepare"], stages["compute"], stages["finish"]))


def test_at_most_four_batches_are_alive():
    alive, most, lock = 0, 0, threading.Lock()

    def count(step):
        nonlocal alive, most
        with lock:
            alive += step
            most = max(most, alive)

    def prepare(item):
        count(1)
        return item

    def finish(item, _):
        count(-1)
        time.sleep(0.001)
        return item

    assert list(overlap(iter(range(60)), prepare, lambda items: items, finish, 4)) == list(range(60))
    assert most <= 16  # two batches ahead, one computed, one being finished


def test_the_stages_run_at_the_same_time():
    """Each stage waits for the next item's earlier stage: without overlap this would never end."""
    prepared, computed = [threading.Event() for _ in range(3)], [threading.Event() for _ in range(3)]

    def prepare(item):
        prepared[item].set()
        return item

    def compute(items):
        for item in items:
            assert item == 2 or prepared[item + 1].wait(10)
            computed[item].set()
        return items

    def finish(item, _):
        assert item == 2 or computed[item + 1].wait(10)
        return item

    assert list(overlap(range(3), prepare, compute, finish)) == [0, 1, 2]


def test_leaving_early_stops_the_work():
    begun = []

    def prepare(item):
        begun.append(item)
        return item

    results = overlap(range(1000), prepare, lambda items: items, lambda item, _: item)
    assert next(results) == 0
    results.close()
    assert len(begun) < 10
