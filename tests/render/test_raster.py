"""The depth buffer, against a loop over all samples."""

import numpy as np
import pytest

from partwise.render import raster
from partwise.render.raster import DepthBuffer

SIZE = 24


def brute_force(corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(SIZE * SIZE,) number of the nearest triangle or -1, and its depth, by barycentric coordinates."""
    ids, depths = np.full((SIZE, SIZE), -1), np.full((SIZE, SIZE), np.inf)
    for number, corner in enumerate(corners):
        system = np.concatenate([corner[:, :2].T, np.ones((1, 3))])
        for row in range(SIZE):
            for column in range(SIZE):
                weights = np.linalg.solve(system, [column, row, 1])
                depth = weights @ corner[:, 2]
                if weights.min() >= 0 and depth < depths[row, column]:
                    ids[row, column], depths[row, column] = number, depth
    return ids.ravel(), depths.ravel()


@pytest.mark.parametrize("chunk", [7, 1 << 20])
def test_triangles_like_brute_force(chunk, monkeypatch):
    monkeypatch.setattr(raster, "_CHUNK", chunk)
    rng = np.random.default_rng(0)
    corners = rng.uniform([-4, -4, 0], [SIZE + 4, SIZE + 4, 1], (12, 3, 3))  # some reach beyond the picture
    buffer = DepthBuffer.empty(SIZE)
    buffer.add_triangles(corners)
    ids, depths = brute_force(corners)
    assert 0.3 < (ids >= 0).mean() < 1
    assert len(np.unique(ids)) > 6
    assert np.array_equal(buffer.ids(), ids)
    assert np.allclose(buffer.depths()[ids >= 0], depths[ids >= 0], atol=1e-6)
    assert (buffer.depths()[ids < 0] > 1).all()


def test_neighbours_leave_no_crack():
    # a fan around a sample and edges through samples: every sample of the square belongs to a triangle
    ring = np.array([[2, 2], [11, 2], [20, 2], [20, 11], [20, 20], [11, 20], [2, 20], [2, 11]], float)
    corners = np.array([[[11, 11], one, other] for one, other in zip(ring, np.roll(ring, -1, 0), strict=True)])
    corners = np.concatenate([corners, np.full((8, 3, 1), 0.5)], 2)
    buffer = DepthBuffer.empty(SIZE)
    buffer.add_triangles(corners)
    covered = (buffer.ids() >= 0).reshape(SIZE, SIZE)
    assert covered[2:21, 2:21].all()
    assert covered.sum() == 19 * 19


def test_triangles_without_area_draw_next_to_nothing():
    point, line = [[5, 5, 0.5]] * 3, [[3.5, 2.2, 0], [7.5, 6.2, 0], [5.5, 4.2, 1]]
    buffer = DepthBuffer.empty(SIZE)
    buffer.add_triangles(np.array([point, line], float))
    assert (buffer.ids() >= 0).sum() <= 1


def test_no_triangles():
    buffer = DepthBuffer.empty(SIZE)
    buffer.add_triangles(np.zeros((0, 3, 3)))
    buffer.add_balls(np.zeros((0, 3)), np.zeros(0), np.zeros(0))
    assert (buffer.ids() == -1).all()


@pytest.mark.parametrize("chunk", [50, 1 << 20])
def test_balls_like_brute_force(chunk, monkeypatch):
    monkeypatch.setattr(raster, "_CHUNK", chunk)
    rng = np.random.default_rng(1)
    centres = rng.uniform([-2, -2, 0.3], [SIZE + 2, SIZE + 2, 0.7], (15, 3))
    radii = rng.uniform(0.2, 7, 15)
    buffer = DepthBuffer.empty(SIZE)
    buffer.add_balls(centres, radii, radii / 30, first_id=100)
    down, across = np.mgrid[:SIZE, :SIZE].reshape(2, -1)
    away = ((across[:, None] - centres[:, 0]) ** 2 + (down[:, None] - centres[:, 1]) ** 2) / radii ** 2
    depths = np.where(away <= 1, centres[:, 2] - radii / 30 * np.sqrt(np.maximum(1 - away, 0)), np.inf)
    expected = np.where(depths.min(1) < np.inf, depths.argmin(1) + 100, -1)
    assert 0.3 < (expected >= 0).mean() < 1
    assert np.array_equal(buffer.ids(), expected)
