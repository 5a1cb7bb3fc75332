import math

import numpy as np

from partwise.metrics.consistency import ConsistencyMetric


def share(fine, coarse, fine_class=None, coarse_class=None, min_points=0, parents=(0, 1, 0)):
    fine, coarse = np.array(fine), np.array(coarse)
    metric = ConsistencyMetric(np.array(parents), min_points)
    metric.add(np.ones_like(fine) if fine_class is None else np.array(fine_class), fine,
               np.ones_like(coarse) if coarse_class is None else np.array(coarse_class), coarse)
    return metric.result()


def test_inside_and_astride():
    assert share([0, 0, 1, 1], [0, 0, 0, 0]) == 1
    assert share([0, 0, 1, 1], [0, 1, 1, 1]) == 0.5
    assert share([0] * 100, [0] * 95 + [1] * 5) == 1
    assert share([0] * 100, [0] * 94 + [1] * 6) == 0


def test_what_is_not_counted():
    assert math.isnan(share([0, 0], [0, 1], fine_class=[2, 2]))  # a class without a parent
    assert math.isnan(share([0, 0], [0, 1], fine_class=[0, 0]))  # other
    assert share([0, 0, 0, 1], [0, 0, 0, 0], min_points=2) == 1
    assert math.isnan(share([0, 0], [0, 0], min_points=2))


def test_other_holds_nothing():
    assert share([0, 0, 1, 1], [0, 0, 1, 1], coarse_class=[0, 0, 1, 1]) == 0.5
