"""Colours from files."""

import numpy as np
import pytest

from partwise import InputError
from partwise.mesh import PointCloud, write_mesh_ply, write_ply
from partwise.render import read_item
from partwise.render.scene import PLAIN
from partwise.taxonomy import distinct_colours
from tests.render.shapes import cube


@pytest.fixture
def mesh_path(tmp_path):
    path = tmp_path / "mesh.ply"
    write_mesh_ply(path, cube().vertices, cube().faces, np.arange(36, dtype=np.uint8).reshape(12, 3))
    return path


@pytest.fixture
def cloud_path(tmp_path):
    path = tmp_path / "cloud.ply"
    write_ply(path, np.random.default_rng(0).normal(size=(5, 3)), None, np.arange(15, dtype=np.uint8).reshape(5, 3))
    return path


def labels(folder, **arrays):
    np.savez(folder / "labels.npz", **arrays)
    return folder / "labels.npz"


def test_colours_of_faces_and_points(mesh_path, cloud_path):
    assert np.array_equal(read_item(mesh_path).colours, np.arange(36).reshape(12, 3))
    assert np.array_equal(read_item(cloud_path).colours, np.arange(15).reshape(5, 3))
    assert isinstance(read_item(cloud_path).cloud, PointCloud)


def test_colours_of_vertices_are_averaged(tmp_path):
    path = tmp_path / "vertices.ply"
    path.write_text("ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\nproperty float y\nproperty float z\n"
                    "property uchar red\nproperty uchar green\nproperty uchar blue\nelement face 1\n"
                    "property list uchar int vertex_indices\nend_header\n"
                    "0 0 0 30 0 0\n1 0 0 60 0 0\n1 1 0 90 3 0\n0 1 0 90 0 9\n4 0 1 2 3\n")
    assert read_item(path).colours.tolist() == [[60, 1, 0], [70, 1, 3]]


def test_without_colours_all_is_grey(tmp_path):
    (tmp_path / "plain.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    (tmp_path / "plain.xyz").write_text("0 0 0\n1 0 0\n")
    (tmp_path / "plain.ply").write_text("ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\n"
                                        "property float z\nend_header\n0 0 0\n")
    for suffix, count in (("obj", 1), ("xyz", 2), ("ply", 1)):
        assert read_item(tmp_path / f"plain.{suffix}").colours.tolist() == [list(PLAIN)] * count


def test_colours_of_parts(tmp_path, mesh_path, cloud_path):
    path = labels(tmp_path, face_level_2_class=np.repeat([0, 3, 3], 4), face_level_2_instance=np.repeat([0, 1, 5], 4),
                  level_1_class=np.array([1, 1, 0, 2, 2]), level_1_instance=np.array([0, 0, 1, 2, -1]))
    of_faces = read_item(mesh_path, path, 2).colours
    assert np.array_equal(of_faces[::4], [[150] * 3, distinct_colours(6)[1], distinct_colours(6)[5]])
    assert len(np.unique(of_faces, axis=0)) == 3
    of_points = read_item(cloud_path, path, 1).colours
    assert np.array_equal(of_points, [*distinct_colours(1), *distinct_colours(1), [150] * 3, distinct_colours(3)[2],
                                      [150] * 3])


def test_labels_that_do_not_fit(tmp_path, mesh_path):
    good = {"face_level_1_class": np.ones(12, int), "face_level_1_instance": np.zeros(12, int)}
    with pytest.raises(InputError, match="face_level_3_class"):
        read_item(mesh_path, labels(tmp_path, **good), 3)
    with pytest.raises(InputError, match="expected 1, 2 or 3"):
        read_item(mesh_path, labels(tmp_path, **good), 4)
    with pytest.raises(InputError, match=r"12 faces of .*mesh\.ply"):
        read_item(mesh_path, labels(tmp_path, **{name: values[:5] for name, values in good.items()}))
    with pytest.raises(InputError, match="expected integers"):
        read_item(mesh_path, labels(tmp_path, **{name: values + 0.5 for name, values in good.items()}))
    (tmp_path / "text.npz").write_text("labels")
    with pytest.raises(InputError, match=r"text\.npz: is not an \.npz"):
        read_item(mesh_path, tmp_path / "text.npz")
    with pytest.raises(InputError, match=r"none\.npz: cannot be read \(No such file"):
        read_item(mesh_path, tmp_path / "none.npz")
