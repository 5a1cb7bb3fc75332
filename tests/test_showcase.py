"""The best and the worst shapes are kept, and come back from their file."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partwise.errors import InputError
from partwise.showcase import LARGEST, Showcase, ShownShape, read_shapes, write_shapes


def shown(index, score, count=20):
    rng = np.random.default_rng(index)
    return ShownShape(index, f"shape {index} é", score, rng.normal(size=(count, 3)).astype(np.float32),
                      rng.normal(size=(count, 3)).astype(np.float16), rng.integers(0, 9, (3, count)).astype(np.uint8),
                      rng.integers(-1, 9, (3, count)).astype(np.int32),
                      rng.integers(0, 9, (3, count)).astype(np.uint8),
                      rng.integers(-1, 40_000, (3, count)).astype(np.int32))


@given(st.lists(st.sampled_from([0, 0.25, 0.5, 0.75, 1]) | st.floats(0, 1)), st.integers(1, 4))
def test_the_ends_of_the_sorted_scores_are_kept(scores, count):
    showcase = Showcase(count)
    for index, score in enumerate(scores):
        showcase.offer(ShownShape(index, "", score, *[np.zeros(0)] * 6))
    ranked = sorted(scores)
    expected = ranked if len(ranked) <= 2 * count else ranked[:count] + ranked[-count:]
    assert [one.score for one in showcase.shapes] == expected
    assert len({one.index for one in showcase.shapes}) == len(expected)


def test_shapes_come_back_as_they_were(tmp_path):
    shapes = [shown(index, index / 3) for index in range(3)]
    write_shapes(tmp_path / "shapes.npz", shapes)
    found = read_shapes(tmp_path / "shapes.npz")
    for one, other in zip(shapes, found, strict=True):
        for field in fields(ShownShape):
            np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))
    write_shapes(tmp_path / "none.npz", [])
    assert read_shapes(tmp_path / "none.npz") == []


def test_a_huge_shape_is_thinned(chair_data):
    from partwise.data.store import Store
    from partwise.grouping.instances import LevelInstances

    shape = Store(chair_data / "Chair/test.h5").shape(0).take(np.arange(30_000) % 256)
    labels = np.arange(30_000)
    found = [LevelInstances(labels % 5, labels, *[np.zeros(0)] * 5)] * 3
    one = ShownShape.of(0, 1.0, shape, found)
    one.check()
    assert len(one.points) == LARGEST
    assert one.predicted_instance[2, -1] == 29_999
    np.testing.assert_array_equal(one.points, shape.points[one.predicted_instance[0]])


def test_damaged_files(tmp_path):
    path = tmp_path / "shapes.npz"
    with pytest.raises(InputError, match="evaluate again"):
        read_shapes(path)
    write_shapes(path, [shown(0, 0.5)])
    whole = path.read_bytes()
    path.write_bytes(whole[:len(whole) // 2])
    with pytest.raises(InputError, match="is not the file of shapes"):
        read_shapes(path)
    np.savez(path, points=np.zeros((1, 3, 3)))
    with pytest.raises(InputError, match="is not the file of shapes"):
        read_shapes(path)
    arrays = {field.name: np.array([getattr(shown(0, 0.5), field.name)]) for field in fields(ShownShape)}
    for name, value in (("true_class", np.zeros((1, 3, 7), np.uint8)), ("points", np.full((1, 20, 3), np.nan)),
                        ("name", np.array([{}], object)), ("score", np.array(["high"]))):
        np.savez(path, **{**arrays, name: value})
        with pytest.raises(InputError, match=r"shapes\.npz"):
            read_shapes(path)
