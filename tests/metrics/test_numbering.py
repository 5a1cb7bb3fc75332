"""Numbering of instances against sorted pairs, for ids anywhere in int64."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from partwise.errors import InputError
from partwise.metrics import number_instances, predicted_instances

INT64 = np.iinfo(np.int64)
IDS = st.one_of(st.integers(-2, 4), st.sampled_from([INT64.min, -10**15, 999, 10**15, INT64.max - 1, INT64.max]))


def brute_force(semantic, instance, min_points):
    pairs = list(zip(semantic.tolist(), instance.tolist(), strict=True))
    kept = sorted({(c, i) for c, i in pairs if c != 0 and i >= 0 and pairs.count((c, i)) > min_points})
    return [kept.index(pair) if pair in kept else -1 for pair in pairs], [c for c, _ in kept]


@given(st.integers(0, 30).flatmap(lambda n_point: st.tuples(
    arrays(np.int64, n_point, elements=IDS), arrays(np.int64, n_point, elements=IDS))), st.integers(0, 2))
@settings(max_examples=100, deadline=None)
def test_any_int64_equals_brute_force(labels, min_points):
    index, classes = number_instances(*labels, min_points)
    assert (index.tolist(), classes.tolist()) == brute_force(*labels, min_points)
    assert index.dtype == classes.dtype == np.int64


@pytest.mark.parametrize(("semantic", "instance"), [
    (np.uint8, np.uint64), (np.uint8, np.int8), (np.int32, np.uint16), (bool, np.int64), (np.int64, np.float32)])
def test_number_types(semantic, instance):
    index, classes = number_instances(np.array([0, 1, 1, 1], semantic), np.array([5, 100, 0, 100], instance))
    assert index.tolist() == [-1, 1, 0, 1]
    assert classes.tolist() == [1, 1]


def test_memory_follows_the_points():
    """Two far ids cost no more than two near ones: no table as long as the largest id."""
    instance = np.arange(10_000) % 2 * 10**9
    tracemalloc.start()
    index, _ = number_instances(np.ones(10_000, np.int64), instance)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert index.tolist() == [0, 1] * 5000
    assert peak < 2e6


def test_predicted_instances():
    """An instance of min_points points is left out; the confidence is that of all points of the others."""
    found = predicted_instances(np.repeat([2, 1, 0], [4, 3, 9]), np.repeat([7, 7, 7], [4, 3, 9]),
                                np.append([0.5, 1, 3, 3.5], np.zeros(12)), min_points=3)
    assert found.index.tolist() == [0] * 4 + [-1] * 12
    assert (found.classes.tolist(), found.confidence.tolist()) == ([2], [-1])
    none = predicted_instances(np.zeros(0, int), np.zeros(0, int), np.zeros(0))
    assert len(none.index) == len(none.classes) == len(none.confidence) == 0
    with pytest.raises(InputError, match="NaN"):
        predicted_instances(np.ones(20, int), np.ones(20, int), np.full(20, np.inf))
