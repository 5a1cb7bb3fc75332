import os
import signal
import time
from pathlib import Path

import pytest

from partwise.data.jobs import run_tasks
from partwise.errors import InputError


def square(task, advance):
    advance(1)
    return task * task


def fail_on_three(task, advance):
    if task == 3:
        raise RuntimeError("three")
    return square(task, advance)


def kill_itself(task, advance):
    os.kill(os.getpid(), signal.SIGKILL)


def wait_until_stopped(task, advance):
    """The first task fails once the second has begun, which then must be stopped and clean up."""
    folder, leads = task
    if leads:
        while not (folder / "begun").exists():
            time.sleep(0.01)
        raise RuntimeError("leader failed")
    (folder / "begun").touch()
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            advance(0)
            time.sleep(0.01)
    finally:
        (folder / "cleaned").write_text("late" if time.monotonic() >= deadline else "stopped")


def test_results_are_in_order_for_any_number_of_workers():
    for workers in (1, 2):
        assert run_tasks(square, list(range(7)), 7, workers) == [0, 1, 4, 9, 16, 25, 36]
    assert run_tasks(square, [], 0) == []


@pytest.mark.parametrize("workers", [0, -1])
def test_too_few_workers(workers):
    with pytest.raises(InputError, match=f"at least 1, found {workers}"):
        run_tasks(square, [1], 1, workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_is_passed_on(workers):
    with pytest.raises(RuntimeError, match="three"):
        run_tasks(fail_on_three, [1, 2, 3, 4], 4, workers)


def test_a_failure_stops_the_other_workers(tmp_path: Path):
    with pytest.raises(RuntimeError, match="leader failed"):
        run_tasks(wait_until_stopped, [(tmp_path, True), (tmp_path, False)], 2, workers=2)
    assert (tmp_path / "cleaned").read_text() == "stopped"


def test_a_killed_worker_is_explained():
    with pytest.raises(InputError, match="fewer workers"):
        run_tasks(kill_itself, [1, 2], 2, workers=2)
