import numpy as np
import pytest

from partwise.synth.categories.mug import BODY, CONTENT, HANDLE, mug


@pytest.fixture(scope="module")
def shapes():
    return [mug(np.random.default_rng([12, index])) for index in range(200)]


def test_most_mugs_have_one_body_and_one_handle(shapes):
    counts = []
    for parts in shapes:
        paths = [part.path for part in parts if not part.is_other]
        assert paths.count(BODY) == 1
        counts.append(paths.count(HANDLE))
    assert set(counts) == {0, 1, 2}
    assert counts.count(1) > 0.85 * len(counts)


def _radii(part):
    used = part.mesh.vertices[np.unique(part.mesh.faces)]
    return np.hypot(used[:, 0], used[:, 2]), used[:, 1]


def test_handles_stay_out_of_the_cup_and_stick_out_of_it(shapes):
    checked = 0
    for parts in shapes:
        handles = [part for part in parts if part.path == HANDLE]
        for part in handles:
            body, heights = _radii(parts[0])
            near, _ = _radii(part)
            assert near.max() > body.max() * 1.02
            assert near.min() > 0.6 * body[heights > 0.05 * heights.max()].min()
            checked += 1
    assert checked > 150


def test_most_cups_are_open_with_a_wall(shapes):
    """Seen from above, the floor inside is reached through the rim, and lies above the foot."""
    walled = 0
    for parts in shapes:
        radius, height = _radii(parts[0])
        on_axis = height[radius < 1e-9]
        assert len(on_axis), "no bottom"
        assert on_axis.max() < 0.3 * height.max()
        walled += len(np.unique(np.round(on_axis, 6))) > 1
    assert walled > 0.8 * len(shapes)


def test_content_is_within_the_cup(shapes):
    checked = 0
    for parts in shapes:
        body = _radii(parts[0])[0].max()
        for part in parts:
            if part.path == CONTENT:
                radius, _ = _radii(part)
                assert np.median(radius) <= 1.05 * body
                checked += 1
    assert checked
