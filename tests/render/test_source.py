"""Colours from files."""

import json

import numpy as np
import pytest

from partwise import InputError
from partwise.mesh import PointCloud, write_ply
from partwise.render import read_item, result_items, result_levels
from partwise.render.scene import PLAIN
from partwise.taxonomy import distinct_colours
from tests.render.shapes import cube, write_coloured


@pytest.fixture
def mesh_path(tmp_path):
    path = tmp_path / "mesh.ply"
    write_coloured(path, cube(), np.arange(36, dtype=np.uint8).reshape(12, 3))
    return path


@pytest.fixture
def cloud_path(tmp_path):
    path = tmp_path / "cloud.ply"
    write_ply(path, np.random.default_rng(0).normal(size=(5, 3)), None, np.arange(15, dtype=np.uint8).reshape(5, 3))
    return path


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


@pytest.fixture
def result(tmp_path):
    """Of a cube whose faces are in three parts at level 2, one of class other."""
    (tmp_path / "result.json").write_text(json.dumps({"format": "partwise-segmentation", "levels": [{"level": 2}]}))
    np.savez(tmp_path / "faces.npz", vertices=cube().vertices, faces=cube().faces,
             level_2_class=np.repeat([0, 3, 3], 4), level_2_instance=np.repeat([0, 1, 5], 4))
    return tmp_path


def test_colours_of_parts(result):
    assert result_levels(result) == [2]
    item, = result_items(result, 2)
    assert np.array_equal(item.colours[::4], [[150] * 3, distinct_colours(6)[1], distinct_colours(6)[5]])
    assert len(np.unique(item.colours, axis=0)) == 3
    np.testing.assert_array_equal(item.mesh.faces, cube().faces)


def test_parts_of_a_cloud(tmp_path):
    classes, instances = np.array([1, 1, 0, 2, 2]), np.array([0, 0, 1, 2, 3])
    write_ply(tmp_path / "points.ply", np.eye(5, 3), None, np.zeros((5, 3), np.uint8),
              {"level_1_class": classes, "level_1_instance": instances})
    item, = result_items(tmp_path, 1)
    np.testing.assert_array_equal(item.colours, [*distinct_colours(1), *distinct_colours(1), [150] * 3,
                                                 distinct_colours(3)[2], distinct_colours(4)[3]])


def test_exploded_parts_keep_their_form_and_move_outwards(tmp_path):
    middle = cube().vertices[cube().faces].mean(1)[:, 0]
    part = np.digitize(middle, [-0.45, 0.45])  # left side, what is between, right side
    np.savez(tmp_path / "faces.npz", vertices=cube().vertices, faces=cube().faces, level_1_class=part + 1,
             level_1_instance=part)
    near, far = (result_items(tmp_path, 1, explode)[0].mesh for explode in (0.0, 0.5))
    moved = far.vertices[far.faces] - near.vertices[near.faces]
    for number, expected in enumerate((-0.25, 0, 0.25)):
        np.testing.assert_allclose(moved[part == number], np.broadcast_to([expected, 0, 0], (
            (part == number).sum(), 3, 3)), atol=1e-12)


def test_results_that_cannot_be_drawn(result, tmp_path):
    with pytest.raises(InputError, match="level_3_class"):
        result_items(result, 3)
    (result / "faces.npz").write_text("labels")
    with pytest.raises(InputError, match=r"faces\.npz: is not an \.npz"):
        result_items(result, 2)
    (result / "result.json").write_text("[]")
    with pytest.raises(InputError, match="is no result"):
        result_levels(result)
    (result / "faces.npz").unlink()
    with pytest.raises(InputError, match=r"points\.ply: cannot be read \(No such file"):
        result_items(result, 2)
