import numpy as np
import pytest
import trimesh

from partwise.mesh import read_geometry, write_ply

RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(50, 3)).astype(np.float32)
NORMALS = (POINTS / np.linalg.norm(POINTS, axis=1, keepdims=True)).astype(np.float32)
COLOURS = RNG.integers(0, 256, (50, 3)).astype(np.uint8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cloud_round_trip(tmp_path, dtype):
    points = (POINTS * 1.1).astype(dtype)
    attributes = {"level_1_class": np.arange(50, dtype=np.uint8), "level_1_instance": np.arange(50) - 1}
    write_ply(tmp_path / "a.ply", points, NORMALS, COLOURS, attributes)
    cloud = read_geometry(tmp_path / "a.ply")
    assert cloud.points.dtype == dtype
    np.testing.assert_array_equal(cloud.points, points)
    np.testing.assert_allclose(cloud.normals, NORMALS, atol=1e-6)
    reference = trimesh.load(tmp_path / "a.ply")
    np.testing.assert_allclose(reference.vertices, points)
    np.testing.assert_array_equal(reference.colors[:, :3], COLOURS)
    vertex = reference.metadata["_ply_raw"]["vertex"]
    assert list(vertex["properties"]) == ["x", "y", "z", "nx", "ny", "nz", "red", "green", "blue",
                                          "level_1_class", "level_1_instance"]
    for name, values in attributes.items():
        assert vertex["data"][name].dtype == np.int32
        np.testing.assert_array_equal(vertex["data"][name], values)


def test_without_normals_and_attributes(tmp_path):
    write_ply(tmp_path / "a.ply", POINTS, None, COLOURS)
    assert read_geometry(tmp_path / "a.ply").normals is None


@pytest.mark.parametrize("change", [
    {"normals": NORMALS[1:]}, {"colours": COLOURS / 255}, {"colours": COLOURS[:, :2]},
    {"attributes": {"x": np.zeros(50, int)}}, {"attributes": {"two words": np.zeros(50, int)}},
    {"attributes": {"a": np.zeros(49, int)}}, {"attributes": {"a": np.zeros(50)}},
    {"attributes": {"a": np.full(50, 2 ** 31)}}])
def test_wrong_arrays_leave_no_file(tmp_path, change):
    arrays = {"points": POINTS, "normals": NORMALS, "colours": COLOURS} | change
    with pytest.raises(ValueError):
        write_ply(tmp_path / "a.ply", **arrays)
    assert not list(tmp_path.iterdir())
