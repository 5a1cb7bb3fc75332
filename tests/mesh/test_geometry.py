import time

import numpy as np
import pytest
import trimesh

from partwise.errors import InputError
from partwise.mesh import Mesh, PointCloud, estimate_normals, sample

TRIANGLE = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])


def as_mesh(shape: trimesh.Trimesh) -> Mesh:
    return Mesh(shape.vertices, shape.faces)


class TestConstructors:
    def test_converts(self):
        mesh = Mesh(TRIANGLE.tolist(), np.array([[0, 1, 2]], np.uint8))
        assert mesh.vertices.dtype == np.float64
        assert mesh.faces.dtype == np.int64
        assert PointCloud(TRIANGLE.astype(np.float32)).points.dtype == np.float32
        assert PointCloud(np.array([[1, 2, 3]])).points.dtype == np.float64

    @pytest.mark.parametrize(("vertices", "faces", "message"), [
        (np.zeros((0, 3)), [[0, 1, 2]], "no vertices"),
        (TRIANGLE, np.zeros((0, 3), int), "no faces"),
        (TRIANGLE, [[0, 1, 3]], "1 of 1 faces use vertices that do not exist.*0 to 2, found 0 to 3"),
        (TRIANGLE, [[-1, 1, 2]], "found -1 to 2"),
        (TRIANGLE, np.array([[2 ** 64 - 1, 0, 1]], np.uint64), "do not exist"),
        (TRIANGLE, [[0.0, 1.0, 2.0]], "expected integers"),
        (TRIANGLE, [[0, 1, 2, 0]], r"expected integers \(F, 3\)"),
        (TRIANGLE[:, :2], [[0, 1, 2]], r"shape \(3, 2\)"),
        ([[0, 0, np.nan], [1, np.inf, 0], [0, 1, np.nan]], [[0, 1, 2]],
         "of 3 vertices, 2 have NaN and 1 have inf"),
    ])
    def test_mesh_refuses(self, vertices, faces, message):
        with pytest.raises(InputError, match=message):
            Mesh(np.asarray(vertices), np.asarray(faces))

    @pytest.mark.parametrize(("points", "normals", "message"), [
        (np.zeros((0, 3)), None, "no points"),
        (np.full((2, 3), np.nan), None, "2 have NaN"),
        (TRIANGLE, TRIANGLE[:2], "2 normals for 3 points"),
        (TRIANGLE, np.full((3, 3), np.inf), "of 3 normals, 0 have NaN and 3 have inf"),
        (np.array([["a", "b", "c"]]), None, "expected numbers"),
    ])
    def test_cloud_refuses(self, points, normals, message):
        with pytest.raises(InputError, match=message):
            PointCloud(points, normals)


class TestSample:
    def test_points_lie_on_their_faces(self):
        mesh = as_mesh(trimesh.creation.torus(1.0, 0.3))
        found = sample(mesh, 3000, 1)
        corners = mesh.vertices[mesh.faces[found.face_index]]
        inside = trimesh.triangles.points_to_barycentric(corners, found.points)
        assert inside.min() > -1e-9
        expected = trimesh.triangles.normals(corners)[0]
        np.testing.assert_allclose(found.normals, expected, atol=1e-9)
        distance = ((found.points - corners[:, 0]) * expected).sum(1)
        assert np.abs(distance).max() < 1e-12

    def test_faces_are_drawn_by_area(self):
        rng = np.random.default_rng(0)
        vertices = rng.normal(size=(120, 3)) * rng.uniform(0.1, 3, (40, 1)).repeat(3, 0)
        mesh = Mesh(vertices, np.arange(120).reshape(40, 3))
        area = trimesh.Trimesh(vertices, mesh.faces, process=False).area_faces
        count = 200_000
        drawn = np.bincount(sample(mesh, count, 2).face_index, minlength=40)
        expected = count * area / area.sum()
        chi_square = ((drawn - expected) ** 2 / expected).sum()
        assert 39 - 5 * np.sqrt(78) < chi_square < 39 + 5 * np.sqrt(78)  # 39 degrees of freedom, 5 sigma

    def test_is_uniform_within_a_face(self):
        points = sample(Mesh(TRIANGLE, [[0, 1, 2]]), 100_000, 3).points
        np.testing.assert_allclose(points.mean(0), [1 / 3, 1 / 3, 0], atol=0.005)
        covariance = np.array([[2, -1], [-1, 2]]) / 36
        np.testing.assert_allclose(np.cov(points[:, :2].T), covariance, atol=0.001)

    def test_seed(self):
        mesh = as_mesh(trimesh.creation.icosphere())
        first, again, other = (sample(mesh, 50, seed).points for seed in (4, 4, 5))
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, other)

    def test_faces_without_area_are_never_drawn(self):
        unused = [9e9, 0, 0]
        vertices = np.concatenate([TRIANGLE, [[0.3, 0.3, 0.3], [0.6, 0.6, 0.6], unused]])
        mesh = Mesh(vertices, [[0, 0, 1], [0, 1, 2], [0, 3, 4], [1, 1, 1]])
        assert set(sample(mesh, 2000, 0).face_index) == {1}

    @pytest.mark.parametrize("scale", [1e-200, 1e-3, 1.0, 1e200, 1.7e308])
    def test_any_scale(self, scale):
        found = sample(Mesh(scale * (TRIANGLE - 0.5) * 2, [[0, 1, 2]]), 10, 0)
        assert np.isfinite(found.points).all()
        np.testing.assert_allclose(found.normals, np.tile([0, 0, 1.0], (10, 1)))

    def test_refuses(self):
        with pytest.raises(InputError, match="none of the 2 faces has an area"):
            sample(Mesh(TRIANGLE, [[0, 0, 1], [2, 2, 2]]), 5, 0)
        with pytest.raises(InputError, match="cannot sample 0 points"):
            sample(Mesh(TRIANGLE, [[0, 1, 2]]), 0, 0)


class TestNormals:
    def test_of_a_sphere(self):
        exact = trimesh.creation.icosphere(5).vertices
        found = estimate_normals(exact * 3 + [10, -20, 5])
        assert np.degrees(np.arccos(np.clip(np.abs((found * exact).sum(1)), 0, 1))).max() < 2

    def test_against_a_loop(self):
        points = np.random.default_rng(0).normal(size=(200, 3))
        found = estimate_normals(points, neighbours=8)
        for point, normal in zip(points, found, strict=True):
            near = points[np.argsort(((points - point) ** 2).sum(1))[:8]]
            expected = np.linalg.svd(near - near.mean(0))[2][2]
            assert abs(normal @ expected) == pytest.approx(1, abs=1e-6)

    def test_does_not_depend_on_the_order(self):
        points = np.random.default_rng(1).normal(size=(300, 3))
        order = np.random.default_rng(2).permutation(300)
        np.testing.assert_allclose(estimate_normals(points)[order], estimate_normals(points[order]))

    @pytest.mark.parametrize("points", [
        [[1, 2, 3]], [[0, 0, 0], [1, 1, 1]], np.ones((50, 3)), np.outer(np.arange(40), [1.0, 2, 3]),
        np.outer(np.arange(40, dtype=np.float32), np.float32([0.1, 0.2, 0.3])), np.zeros((5, 3))])
    def test_where_no_plane_is_defined(self, points):
        points = np.asarray(points, np.float64)
        np.testing.assert_array_equal(estimate_normals(points), np.tile([0, 0, 1.0], (len(points), 1)))

    @pytest.mark.parametrize("scale", [1e-200, 1e-9, 1e9, 1e300])
    def test_any_scale(self, scale):
        points = np.random.default_rng(3).random((100, 3)) * [1, 0, 1]
        np.testing.assert_allclose(np.abs(estimate_normals(scale * points)), np.tile([0, 1.0, 0], (100, 1)),
                                   atol=1e-6)

    def test_three_points(self):
        found = np.abs(estimate_normals(TRIANGLE))
        np.testing.assert_allclose(found, np.tile([0, 0, 1.0], (3, 1)), atol=1e-12)

    def test_none_and_not_finite(self):
        assert estimate_normals(np.zeros((0, 3))).shape == (0, 3)
        with pytest.raises(InputError, match="1 have NaN"):
            estimate_normals(np.array([[0, 0, 0], [np.nan, 0, 0]]))

    def test_many_equal_points_are_no_trap(self):
        points = np.repeat(np.random.default_rng(4).random((10, 3)), 20_000, axis=0)
        started = time.perf_counter()
        found = estimate_normals(points)
        assert time.perf_counter() - started < 10  # a tree of equal points would take minutes
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1)

    def test_more_than_one_block(self, monkeypatch):
        points = np.random.default_rng(5).normal(size=(500, 3))
        whole = estimate_normals(points)
        monkeypatch.setattr("partwise.mesh.geometry._CHUNK", 64)
        np.testing.assert_allclose(estimate_normals(points), whole)


def test_estimated_normals_of_a_flat_surface_agree():
    random = np.random.default_rng(0)
    flat = np.column_stack([random.uniform(-1, 1, (2000, 2)), random.normal(0, 0.005, 2000)])
    for turn in (np.eye(3), trimesh.transformations.rotation_matrix(np.pi / 4, (1, 0, 0))[:3, :3],
                 trimesh.transformations.rotation_matrix(np.pi / 2, (0, 1, 0))[:3, :3]):
        normals = estimate_normals(flat @ turn.T)
        assert (normals @ normals[0] > 0).all()
