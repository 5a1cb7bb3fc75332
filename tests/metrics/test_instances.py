"""Instance scores against the published evaluators' numbers and a brute-force evaluator."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from partwise.errors import InputError
from partwise.metrics import Comparison, InstanceMetric, compare, compare_masks
from tests.metrics import brute_force

THRESHOLDS = (0.25, 0.5, 0.75)
INPUTS = ("semantic", "instance", "pred_semantic", "pred_instance", "entropy")


def random_labels(rng, n_point=150, n_class=5, n_instance=4):
    """A true labelling, and a prediction that agrees with it on 40 to 90 per cent of the points."""
    semantic = rng.integers(0, n_class, n_instance + 1)[part := rng.integers(0, n_instance + 1, n_point)]
    instance = np.where(semantic == 0, -1, part * 7)
    wrong = rng.random(n_point) < rng.uniform(0.1, 0.6)
    predicted = np.where(wrong, rng.integers(0, n_class, n_point), semantic)
    predicted_instance = np.where(predicted == 0, -1, np.where(wrong, 1000 + predicted, part * 3))
    # Multiples of 0.5 make exact sums and many equal confidences; above 1 the confidence is negative.
    entropy = rng.integers(0, 5, n_instance + 1)[part] * 0.5
    return semantic, instance, predicted, predicted_instance, entropy.astype(np.float32)


def random_masks(rng, n_point=60, n_class=4):
    """Arguments of compare_masks: overlapping masks, equal and negative confidences, some empty masks."""
    n_predicted, n_true = rng.integers(0, 9), rng.integers(0, 6)
    true_masks = rng.random((n_true, n_point)) < rng.choice([0.1, 0.4])
    masks = rng.random((n_predicted, n_point)) < 0.3
    for row in range(min(n_predicted, n_true)):
        if rng.random() < 0.7:
            masks[row] = true_masks[row] ^ (rng.random(n_point) < 0.1)
    if n_predicted:
        masks[0] &= rng.random() < 0.5
    if n_true:
        true_masks[-1] &= rng.random() < 0.8
    labels, true_labels = rng.integers(1, n_class, n_predicted), rng.integers(1, n_class, n_true)
    same = min(n_predicted, n_true)
    labels[:same] = true_labels[:same]
    return (masks, rng.random(n_predicted) < 0.9, rng.integers(-3, 3, n_predicted) / 4, labels, true_masks,
            rng.random(n_true) < 0.9, true_labels, rng.random(n_point) < 0.2)


def check(comparisons, brute_shapes, n_class):
    metric = InstanceMetric(n_class, THRESHOLDS)
    for comparison in comparisons:
        metric.add(comparison)
    scores = metric.result()
    for row, threshold in enumerate(THRESHOLDS):
        ap, mean_ap, shape_mean_ap = brute_force.evaluate(brute_shapes, n_class, threshold)
        expected = [np.nan if value is None else float(value) for value in (*ap, mean_ap, shape_mean_ap)]
        found = [*scores.ap[row], scores.mean_ap[row], scores.shape_mean_ap[row]]
        np.testing.assert_allclose(found, expected, atol=1e-12, rtol=0)
    return scores


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("protocol", ["partnet", "released"])
def test_golden(golden, number, protocol):
    cases = np.load(golden / f"metrics_{number}.npz", allow_pickle=False)
    metric = InstanceMetric(int(cases["n_class"]), THRESHOLDS)
    for labels in zip(*(cases[name] for name in INPUTS), strict=True):
        metric.add(compare(protocol, *labels))
    scores = metric.result()
    assert scores.n_shape == len(cases["semantic"])
    for row, per_cent in enumerate((25, 50, 75)):
        assert scores.mean_ap[row] == pytest.approx(cases[f"{protocol}_map_{per_cent}"], abs=1e-6)
        assert scores.shape_mean_ap[row] == pytest.approx(cases[f"{protocol}_shape_map_{per_cent}"], abs=1e-6)
        if protocol == "released":
            valid = cases[f"released_ap_valid_{per_cent}"]
            np.testing.assert_array_equal(~np.isnan(scores.ap[row]), valid)
            expected = cases[f"released_ap_{per_cent}"]
            np.testing.assert_allclose(scores.ap[row, valid], expected[valid], atol=1e-6)


@pytest.mark.parametrize("protocol", ["partnet", "released"])
@pytest.mark.parametrize("min_points", [0, 10])
def test_labels_equal_brute_force(protocol, min_points):
    rng = np.random.default_rng(1)
    seen = []
    for _ in range(15):
        shapes = [random_labels(rng) for _ in range(rng.integers(1, 6))]
        scores = check([compare(protocol, *labels, min_points=min_points) for labels in shapes],
                       [brute_force.from_labels(protocol, *labels, min_points) for labels in shapes], 5)
        seen.append(scores.mean_ap[1])
    assert 0.2 < np.mean(seen) < 0.95  # neither all found nor nothing: the cases do test something
    assert len(set(seen)) > 10


@given(st.integers(0, 25).flatmap(lambda n_point: st.tuples(*(
    arrays(dtype, n_point, elements=elements) for dtype, elements in (
        (np.uint8, st.integers(0, 2)), (np.int16, st.integers(-1, 2)), (np.int64, st.integers(0, 2)),
        (np.int64, st.integers(-1, 2)), (np.float32, st.sampled_from([0, 0.5, 2])))))), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_any_labels_equal_brute_force(labels, min_points):
    """Also ids that several classes share, negative ids of a class, ids of other, and no points at all."""
    semantic, instance, predicted, predicted_instance, entropy = labels
    semantic_of_ids = np.where(instance < 0, 0, semantic), instance, np.where(predicted_instance < 0, 0, predicted)
    for protocol in ("partnet", "released"):
        check([compare(protocol, *labels, min_points)],
              [brute_force.from_labels(protocol, *semantic_of_ids, predicted_instance, entropy, min_points)], 3)


def test_scores_of_shapes_are_those_of_each_alone():
    """A shape of other alone has none; the mean over the others is the shape mAP, and curves' means are AP."""
    rng = np.random.default_rng(7)
    shapes = [random_labels(rng) for _ in range(6)]
    shapes[2] = tuple(np.zeros_like(array) for array in shapes[2])
    metric = InstanceMetric(5, THRESHOLDS)
    rows = [metric.add(compare("partnet", *labels)) for labels in shapes]
    scores = metric.result()
    np.testing.assert_array_equal(scores.shape_ap, rows)
    for number, labels in enumerate(shapes):
        alone = [brute_force.evaluate([brute_force.from_labels("partnet", *labels)], 5, threshold)[2]
                 for threshold in THRESHOLDS]
        expected = [np.nan if value is None else float(value) for value in alone]
        np.testing.assert_allclose(scores.shape_ap[number], expected, atol=1e-12)
    assert np.isnan(scores.shape_ap).any(1).tolist() == [False, False, True, False, False, False]
    np.testing.assert_allclose(np.nanmean(scores.shape_ap, axis=0), scores.shape_mean_ap, atol=1e-15)
    np.testing.assert_array_equal(scores.precision.mean(2), scores.ap)
    empty = InstanceMetric(5).result()
    assert empty.shape_ap.shape == (0, 3)
    assert np.isnan(empty.shape_mean_ap).all()


def test_protocols_differ_where_truth_is_other():
    rng = np.random.default_rng(2)
    means = {protocol: [] for protocol in ("partnet", "released")}
    for _ in range(10):
        labels = random_labels(rng)
        for protocol, values in means.items():
            metric = InstanceMetric(5)
            metric.add(compare(protocol, *labels))
            values.append(metric.result().shape_mean_ap)
    assert not np.allclose(means["partnet"], means["released"], equal_nan=True)


def test_masks_equal_brute_force():
    rng = np.random.default_rng(3)
    seen = []
    for _ in range(60):
        shapes = [random_masks(rng) for _ in range(rng.integers(1, 5))]
        scores = check([compare_masks(*shape) for shape in shapes],
                       [brute_force.from_masks(*shape) for shape in shapes], 4)
        seen.append(scores.mean_ap[0])
    assert 0.1 < np.nanmean(seen) < 0.95


def test_masks_equal_labels():
    """Masks made from labels give the very same record, whatever the block of the product."""
    rng = np.random.default_rng(4)
    for n_point in (1, 40, 70_000):
        labels = random_labels(rng, n_point)
        expected = compare("partnet", *labels, min_points=0)
        predicted = sorted({(c, i) for c, i in zip(labels[2].tolist(), labels[3].tolist(), strict=True) if c})
        true = sorted({(c, i) for c, i in zip(labels[0].tolist(), labels[1].tolist(), strict=True) if c})
        masks = np.array([(labels[2] == c) & (labels[3] == i) for c, i in predicted]).reshape(-1, n_point)
        true_masks = np.array([(labels[0] == c) & (labels[1] == i) for c, i in true]).reshape(-1, n_point)
        confidence = np.array([np.float32(1 - labels[4][mask].mean(dtype=np.float64)) for mask in masks])
        found = compare_masks(masks, np.ones(len(masks), bool), confidence,
                              np.array([c for c, _ in predicted], int), true_masks, np.ones(len(true), bool),
                              np.array([c for c, _ in true], int), labels[0] == 0)
        for name in ("iou", "predicted_class", "confidence", "true_class"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def record(iou, predicted_class, confidence, true_class):
    iou = np.array(iou, float).reshape(len(predicted_class), len(true_class))
    return Comparison(iou, np.array(predicted_class, int), np.array(confidence, float),
                      np.array(true_class, int))


def scores_of(*records, n_class=3, thresholds=(0.5,)):
    metric = InstanceMetric(n_class, thresholds)
    for one in records:
        metric.add(one)
    return metric.result()


def test_nothing_added():
    scores = scores_of()
    assert np.isnan(scores.ap).all()
    assert np.isnan(scores.mean_ap).all()
    assert np.isnan(scores.shape_mean_ap).all()
    assert scores.n_shape == 0
    assert scores.n_truth.tolist() == scores.n_predicted.tolist() == [0, 0, 0]


def test_truth_without_prediction_is_zero():
    scores = scores_of(record([], [], [], [1]))
    np.testing.assert_array_equal(scores.ap, [[np.nan, 0, np.nan]])
    assert scores.mean_ap == scores.shape_mean_ap == 0


def test_prediction_without_truth():
    """No class to average over; the shape has a class that is predicted only, hence 0."""
    scores = scores_of(record([], [2], [0.5], []))
    assert np.isnan(scores.mean_ap).all()
    assert scores.shape_mean_ap == 0
    assert scores.n_predicted.tolist() == [0, 0, 1]


def test_empty_shape_is_left_out_of_the_shape_mean():
    scores = scores_of(record([0.9], [1], [0.5], [1]), record([], [], [], []))
    assert scores.shape_mean_ap == 1
    assert scores.n_shape == 2


def test_threshold_is_strict():
    assert scores_of(record([0.5], [1], [0.5], [1])).mean_ap == pytest.approx(1 / 101)
    assert scores_of(record([0.5000001], [1], [0.5], [1])).mean_ap == 1


def test_false_positive_uses_nothing_up_and_true_positive_does():
    first = scores_of(record([[0.4], [0.9]], [1, 1], [0.9, 0.1], [1]))
    assert first.mean_ap == pytest.approx((1 + 100 * 0.5) / 101)
    duplicate = scores_of(record([[0.9], [0.95]], [1, 1], [0.9, 0.1], [1]))
    assert duplicate.mean_ap == 1
    assert duplicate.n_predicted.tolist() == [0, 2, 0]


def test_second_best_truth_where_the_best_is_used_up():
    scores = scores_of(record([[0.9, 0.0], [0.8, 0.6]], [1, 1], [0.9, 0.1], [1, 1]))
    assert scores.mean_ap == 1


def test_negative_confidence_ranks_below_zero():
    """The wrong prediction at 0 comes before the right one at -2, over shapes too."""
    wrong, right = record([0.1], [1], [0.0], [1]), record([0.9], [1], [-2.0], [1])
    expected = (1 + 50 * 0.5) / 101  # recalls 0.01 ... 0.50 at precision 1/2; recall 0 at 1
    assert scores_of(right, wrong).mean_ap == pytest.approx(expected)
    assert scores_of(wrong, right).mean_ap == pytest.approx(expected)


def test_equal_confidences_keep_their_order():
    right, wrong = record([0.9], [1], [0.5], [1]), record([0.1], [1], [0.5], [1])
    assert scores_of(right, wrong).mean_ap == pytest.approx(51 / 101)
    assert scores_of(wrong, right).mean_ap == pytest.approx((1 + 50 * 0.5) / 101)


def test_first_of_equal_ious():
    """The first prediction could take either true instance; it takes the first, which the second needs."""
    scores = scores_of(record([[0.4, 0.4], [0.5, 0.0]], [1, 1], [0.9, 0.1], [1, 1]), thresholds=(0.25,))
    assert scores.mean_ap == pytest.approx(51 / 101)
    scores = scores_of(record([[0.4, 0.4], [0.0, 0.5]], [1, 1], [0.9, 0.1], [1, 1]), thresholds=(0.25,))
    assert scores.mean_ap == 1


def renumbered(rng, instance):
    """Other ids in the same order, close together or anywhere in int64; for other, any negative ids."""
    ids, rank = np.unique(np.maximum(instance, -1), return_inverse=True)
    fresh = np.unique(rng.integers(0, 2**int(rng.integers(8, 64)), 200))
    fresh = np.sort(rng.choice(fresh, len(ids), replace=False))
    return np.where(instance < 0, rng.integers(-2**63, 0, len(instance)), fresh[rank])


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_permuting_points_and_renumbering_instances_changes_nothing(seed):
    rng = np.random.default_rng(seed)
    labels = random_labels(rng, 300)
    order = rng.permutation(300)
    semantic, instance, predicted, predicted_instance, entropy = (array[order] for array in labels)
    for protocol in ("partnet", "released"):
        expected = compare(protocol, *labels)
        found = compare(protocol, semantic, renumbered(rng, instance), predicted,
                        renumbered(rng, predicted_instance), entropy)
        for name in ("iou", "predicted_class", "confidence", "true_class"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def test_id_with_two_classes_is_two_instances():
    ones = np.ones(30, int)
    predicted = np.repeat([1, 2], 15)
    comparison = compare("partnet", ones, ones, predicted, ones, np.zeros(30))
    assert comparison.predicted_class.tolist() == [1, 2]
    np.testing.assert_allclose(comparison.iou, [[0.5], [0.5]])


def test_small_types_and_no_points():
    """uint8 classes and int16 ids do not wrap around; a shape without points is an empty record."""
    semantic, instance = np.full(40, 200, np.uint8), np.full(40, 30_000, np.int16)
    comparison = compare("partnet", semantic, instance, semantic, instance, np.zeros(40, np.float32))
    assert comparison.predicted_class.tolist() == comparison.true_class.tolist() == [200]
    empty = compare("released", semantic[:0], instance[:0], semantic[:0], instance[:0], np.zeros(0))
    assert empty.iou.shape == (0, 0)


def test_record_is_small_for_a_huge_shape():
    part = np.arange(1_000_000) // 250_000
    comparison = compare("released", part, part, part, part, np.zeros(1_000_000))
    assert sum(array.nbytes for array in vars(comparison).values()) < 1000
    np.testing.assert_array_equal(comparison.iou, np.eye(3))


def traced(work):
    """What work returns, the bytes it left in memory, and the most it held."""
    tracemalloc.start()
    try:
        result = work()
        return result, *tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()


def test_a_metric_keeps_no_masks():
    """19 bytes a prediction (class, confidence, three flags) and some overhead a shape, whatever its points."""
    rng = np.random.default_rng(6)
    n_shape, n_instance, n_point = 20, 30, 6000
    metric = InstanceMetric(5)

    def add():
        for _ in range(n_shape):
            part = rng.integers(0, n_instance, n_point)
            metric.add(compare("partnet", 1 + part % 4, part, 1 + part % 4, part, np.zeros(n_point)))

    _, kept, _ = traced(add)
    assert metric.result().n_predicted.sum() == n_shape * n_instance
    # A mask would add 6,000 bytes, a table of IoU 7,200.
    assert 19 * n_instance <= kept / n_shape <= 19 * n_instance + 1000


def test_fragments_do_not_make_a_large_table():
    """A prediction of single points against many true instances: all by all would be 320 MB."""
    point = np.arange(20_000)
    ones = np.ones(20_000, int)
    found, _, peak = traced(lambda: compare("partnet", ones, point // 10, ones, point, np.zeros(20_000)))
    assert found.iou.shape == (0, 2000)
    assert peak < 10e6


def test_released_filters_after_deleting_other():
    """12 predicted points of which 3 are other: 9 remain, too few; and their entropy does not count."""
    semantic = np.repeat([0, 1], [3, 40])
    instance = np.where(semantic == 0, -1, 0)
    predicted_instance = np.repeat([0, 1], [12, 31])
    entropy = np.repeat([3.0, 0.5], [3, 40])
    labels = semantic, instance, np.ones(43, int), predicted_instance, entropy
    kept = compare("partnet", *labels)
    np.testing.assert_allclose(kept.confidence, [1 - (3 * 3 + 9 * 0.5) / 12, 0.5], rtol=1e-7)
    np.testing.assert_allclose(kept.iou[:, 0], [9 / 40, 31 / 40])
    deleted = compare("released", *labels)
    assert deleted.confidence.tolist() == [0.5]


@pytest.mark.parametrize(("thresholds", "words"), [((), "at least one"), ((0.5, 1.0), r"\[0, 1\)")])
def test_bad_thresholds(thresholds, words):
    with pytest.raises(InputError, match=words):
        InstanceMetric(3, thresholds)


def test_bad_input():
    with pytest.raises(InputError, match=r"1 \.\.\. 2"):
        InstanceMetric(3).add(record([0.5], [3], [0.5], [1]))
    ones = np.ones(20, int)
    with pytest.raises(InputError, match="NaN"):
        compare("partnet", ones, ones, ones, ones, np.full(20, np.nan))
    with pytest.raises(InputError, match=r"\(N,\)"):
        compare("partnet", ones, ones, ones, ones, np.zeros(19))
    with pytest.raises(InputError, match="partnet, released"):
        compare("coco", ones, ones, ones, ones, np.zeros(20))
