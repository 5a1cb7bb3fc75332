import numpy as np
import pytest

from partwise.synth.categories.bottle import BODY, JUG_BODY, JUG_HANDLE, MOUTH, NECK, bottle
from partwise.synth.categories.bottle_tops import CLOSURE, LID


@pytest.fixture(scope="module")
def shapes():
    return [bottle(np.random.default_rng([11, index])) for index in range(250)]


def test_there_is_one_body_and_a_jug_has_a_handle_too(shapes):
    for parts in shapes:
        paths = [part.path for part in parts]
        assert paths.count(BODY) + paths.count(JUG_BODY) == 1
        assert (JUG_BODY in paths) == (JUG_HANDLE in paths)
        assert len({path.split("/")[1] for path in paths}) == 1
        assert paths.count(NECK) <= 1
        assert paths.count(MOUTH) <= 1


def _box(part):
    used = part.mesh.vertices[part.mesh.faces]
    return used.min((0, 1)), used.max((0, 1))


def test_tops_are_above_and_bodies_stand_lowest(shapes):
    for parts in shapes:
        body = next(part for part in parts if part.path in (BODY, JUG_BODY))
        floor, top = _box(body)[0][1], _box(body)[1][1]
        assert floor == pytest.approx(min(_box(part)[0][1] for part in parts), abs=1e-6)
        for part in parts:
            if part.path in (NECK, LID, CLOSURE):
                assert _box(part)[1][1] > floor + 0.6 * (top - floor)


def test_lengths_are_those_of_bottles(shapes):
    heights = [max(_box(part)[1][1] for part in parts) - min(_box(part)[0][1] for part in parts) for parts in shapes]
    assert min(heights) > 0.04
    assert 0.2 < float(np.median(heights)) < 0.35
    assert max(heights) < 0.6
