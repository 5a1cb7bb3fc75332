"""Colours of parts, and what is confused with what."""

import numpy as np
import pytest

from partwise.report.confusion import shares
from partwise.report.pictures import SIZE, drawn
from partwise.showcase import ShownShape


def shape(true_class, true_instance, predicted_class, predicted_instance):
    count = len(true_class)
    rng = np.random.default_rng(0)
    labels = [np.tile(np.array(one), (3, 1)) for one in (true_class, true_instance, predicted_class,
                                                         predicted_instance)]
    return ShownShape(0, "x", 0.5, rng.normal(size=(count, 3)).astype(np.float32), np.ones((count, 3), np.float16),
                      *labels)


def test_a_part_found_has_the_colour_of_the_true_one():
    """Ids mean nothing: they are other numbers in the truth than in what is found."""
    one = shape([1, 1, 1, 2, 2, 0], [7, 7, 9, 4, 4, -1], [1, 1, 1, 2, 2, 0], [30, 30, 20, 10, 10, -1])
    truth, found = one.part_colours(0)
    np.testing.assert_array_equal(truth, found)
    assert len(np.unique(truth[:5], axis=0)) == 3
    assert (truth[5] == truth[5][0]).all()  # grey


def test_another_class_or_a_second_piece_has_a_colour_of_its_own():
    one = shape([1] * 6 + [2] * 2, [0] * 6 + [1] * 2, [1] * 4 + [1] * 2 + [3] * 2, [0] * 4 + [1] * 2 + [2] * 2)
    truth, found = one.part_colours(0)
    np.testing.assert_array_equal(truth[:4], found[:4])
    own = {tuple(colour) for colour in found[[4, 6]].tolist()}
    assert len(own) == 2
    assert not own & {tuple(colour) for colour in truth.tolist()}


def test_nothing_true_or_nothing_found():
    for one in (shape([0, 0], [-1, -1], [1, 1], [0, 0]), shape([1, 1], [0, 0], [0, 0], [0, 0])):
        colours = one.part_colours(0)
        assert sorted(len(set(map(tuple, side.tolist()))) for side in colours) == [1, 1]
        assert (colours[0] != colours[1]).any()


def test_pictures_of_a_shape():
    one = shape([1] * 200, [0] * 200, [1] * 200, [0] * 100 + [1] * 100)
    truth, found = drawn(one, [1, 3])
    assert [image.shape for image in truth + found] == [(SIZE, SIZE, 4)] * 4
    np.testing.assert_array_equal(truth[0][..., 3], found[0][..., 3])
    assert (truth[0] != found[0]).any()


def test_shares_of_points():
    np.testing.assert_allclose(shares(np.array([[3, 1], [0, 0]])), [[0.75, 0.25], [0, 0]])
    assert shares(np.array([[10**12, 0], [1, 1]]))[1] == pytest.approx([0.5, 0.5])
