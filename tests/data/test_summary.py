from dataclasses import asdict

import numpy as np
import pytest

from partwise.data.prepare import prepare_annotations
from partwise.data.store import Store, StoreWriter
from partwise.data.summary import count_instances, find_stores, summarise
from partwise.errors import InputError
from partwise.shape import Shape
from partwise.taxonomy import load_taxonomy
from tests.data.test_annotations import REAL


def shape_of(semantic, instance):
    semantic, instance = np.array([semantic] * 3, np.uint8), np.array([instance] * 3, np.int16)
    points = np.random.default_rng(0).normal(size=(semantic.shape[1], 3)).astype(np.float32)
    return Shape(points, points, semantic, instance, "m", "1")


def write(path, shapes, category="Chair", n_point=6):
    with StoreWriter(path, load_taxonomy(category), "val", n_point) as writer:
        writer.append(shapes)
    return path


def test_counts_by_hand(tmp_path):
    shapes = [shape_of([0, 1, 1, 3, 3, 3], [-1, 0, 0, 5, 2, 2]),
              shape_of([0, 0, 0, 3, 3, 3], [-1, -1, -1, 1, 1, 1])]
    summary = summarise(Store(write(tmp_path / "val.h5", shapes)))
    assert (summary.category, summary.split, summary.shapes, summary.points) == ("Chair", "val", 2, 6)
    level = summary.levels[0]
    assert (level.level, level.real, level.source) == (1, True, 1)
    assert (level.instances, level.mean_instances, level.min_instances, level.max_instances) == (4, 2.0, 1, 3)
    assert level.other == pytest.approx(4 / 12)
    assert [(row.id, row.name, row.shapes, row.instances) for row in level.classes] == [
        (1, "chair_head", 1, 1), (2, "chair_back", 0, 0), (3, "chair_arm", 2, 3), (4, "chair_base", 0, 0),
        (5, "chair_seat", 0, 0)]


def test_no_shapes_and_only_other(tmp_path):
    level = summarise(Store(write(tmp_path / "a.h5", []))).levels[2]
    assert (level.instances, level.mean_instances, level.max_instances, level.other) == (0, None, None, None)
    level = summarise(Store(write(tmp_path / "b.h5", [shape_of([0] * 6, [-1] * 6)]))).levels[2]
    assert (level.instances, level.mean_instances, level.max_instances, level.other) == (0, 0, 0, 1)


def test_repeated_levels_are_marked(tmp_path):
    summary = summarise(Store(write(tmp_path / "a.h5", [shape_of([1] * 6, [0] * 6)], "Bottle")))
    assert [(level.level, level.real, level.source) for level in summary.levels] == [
        (1, True, 1), (2, False, 1), (3, True, 3)]


@pytest.mark.parametrize("seed", range(5))
def test_count_instances_equals_brute_force(seed):
    random = np.random.default_rng(seed)
    class_of = random.integers(1, 8, 40)
    instance = random.integers(-1, 40, 200).astype(np.int16)
    semantic = np.where(instance >= 0, class_of[instance], 0).astype(np.uint8)
    wanted = [len({number for number, name in zip(instance, semantic, strict=True) if name == row})
              for row in range(9)]
    wanted[0] = 0
    assert count_instances(semantic, instance, 9).tolist() == wanted


def test_finds_stores(tmp_path):
    first, second = tmp_path / "Chair" / "val.h5", tmp_path / "Bowl" / "test.h5"
    for path in (first, second):
        path.parent.mkdir()
        write(path, [])
    (tmp_path / "Chair" / ".train.1.partial.h5").touch()
    assert find_stores([tmp_path]) == [second, first]
    assert find_stores([first, tmp_path / "Bowl"]) == [first, second]
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match="none: holds no stores"):
        find_stores([tmp_path / "none"])


def test_real_shapes_end_to_end(shared, tmp_path):
    """Everything that is known of the real shapes, from raw folders to the summary of their stores."""
    results = prepare_annotations(shared / "data" / "partnet" / "data_v0", tmp_path, workers=1)
    assert sum(result.n_shape for result in results) == len(REAL)
    for result in results:
        store = Store(result.path)
        summary = asdict(summarise(store))
        for level, found in enumerate(summary["levels"]):
            expected = [REAL[anno_id][level] for anno_id in store.anno_id]
            if expected[0] is None:
                assert not found["real"]
                continue
            counts = [row[1] for row in expected]
            assert found["instances"] == sum(counts)
            assert (found["min_instances"], found["max_instances"]) == (min(counts), max(counts))
            assert sum(row["shapes"] for row in found["classes"]) == sum(row[0] for row in expected)
            labelled = 100 - 100 * found["other"]
            assert labelled == pytest.approx(np.mean([row[2] for row in expected]), abs=0.006)
