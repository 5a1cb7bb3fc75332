import numpy as np
import pytest
import trimesh

from partwise.errors import InputError
from partwise.mesh import Mesh, PointCloud, as_geometry

SPHERE = trimesh.creation.icosphere(1)
CLOUD = np.random.default_rng(0).normal(size=(20, 3))
UNIT = CLOUD / np.linalg.norm(CLOUD, axis=1, keepdims=True)


@pytest.mark.parametrize("thing", [SPHERE, trimesh.Scene(SPHERE), Mesh(SPHERE.vertices, SPHERE.faces)])
def test_meshes(thing):
    mesh = as_geometry(thing)
    np.testing.assert_array_equal(mesh.vertices[mesh.faces], SPHERE.triangles)


def test_clouds(tmp_path):
    np.save(tmp_path / "a.npy", CLOUD)
    path = tmp_path / "a.npy"
    for thing in (CLOUD, trimesh.PointCloud(CLOUD), PointCloud(CLOUD), path, str(path)):
        cloud = as_geometry(thing)
        np.testing.assert_array_equal(cloud.points, CLOUD)
        assert cloud.normals is None
    np.testing.assert_allclose(as_geometry(np.hstack([CLOUD, 3 * UNIT])).normals, UNIT, atol=1e-12)
    assert as_geometry(np.hstack([CLOUD, 0 * UNIT])).normals is None


@pytest.mark.parametrize(("thing", "message"), [
    (None, "NoneType"), (np.zeros((3, 4)), r"shape \(3, 4\)"), (7, "int"), (np.zeros((0, 3)), "no points"),
    (trimesh.Scene(), "empty"), ("none.ply", "no such file"), (np.full((2, 3), np.nan), "NaN"),
    (np.array([["a", "b", "c"]]), "expected numbers")])
def test_ugly(thing, message):
    with pytest.raises(InputError, match=message):
        as_geometry(thing)
