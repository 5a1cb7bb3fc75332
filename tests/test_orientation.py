import numpy as np
import pytest

from partwise.orientation import all_rotations, up_axis, upright


@pytest.mark.parametrize("up", ["x", "-x", "y", "-y", "z", "-z"])
def test_upright_turns_the_axis_up_and_keeps_left_left_where_it_can(up):
    rotation = upright(up)
    axis = np.eye(3)["xyz".index(up[-1])] * (-1 if up[0] == "-" else 1)
    np.testing.assert_array_equal(rotation @ axis, [0, 1, 0])
    assert np.linalg.det(rotation) == pytest.approx(1)
    assert up_axis(rotation) == up
    if up[-1] != "x":
        np.testing.assert_array_equal(rotation @ [1, 0, 0], [1, 0, 0])


def test_all_rotations():
    rotations = all_rotations()
    assert rotations.shape == (24, 3, 3)
    np.testing.assert_array_equal(rotations[0], np.eye(3))
    assert len({one.tobytes() for one in rotations + 0.0}) == 24
    for one in rotations:
        np.testing.assert_array_equal(one @ one.T, np.eye(3))
        assert np.linalg.det(one) == pytest.approx(1)
    ups = [up_axis(one) for one in rotations]
    assert {up: ups.count(up) for up in ups} == {"x": 4, "-x": 4, "y": 4, "-y": 4, "z": 4, "-z": 4}
