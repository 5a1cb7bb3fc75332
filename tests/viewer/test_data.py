"""The data, decoded again, are those of the segmentation."""

import json
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest

from partwise.mesh import Mesh
from partwise.orientation import upright
from partwise.taxonomy import class_colours, instance_colours, load_taxonomy
from partwise.viewer import view_data


def decoded(array):
    return np.frombuffer(b64decode(array["base64"]), np.dtype(array["type"]).newbyteorder("<"))


def coordinates(data):
    return decoded(data["positions"]).reshape(-1, 3) * data["scale"] + np.array(data["origin"])


def test_a_mesh(found):
    data = json.loads(json.dumps(view_data(found, "a chair"), allow_nan=False))
    assert (data["format"], data["version"], data["title"], data["note"]) == ("partwise-view", 1, "a chair", None)
    assert data["normals"] is None
    corners = coordinates(data)[decoded(data["indices"]).reshape(-1, 3)]
    np.testing.assert_allclose(corners, found.mesh.vertices[found.mesh.faces], atol=1e-6 * data["scale"])
    for level, own in zip(data["levels"], found.levels, strict=True):
        assert level["level"] == own.level
        np.testing.assert_array_equal(decoded(level["ids"]), own.face_instance)
        without = [{name: value for name, value in part.items() if name != "colours"} for part in level["parts"]]
        assert without == [part.to_dict() for part in own.parts]


def test_a_cloud(found_in_cloud):
    data = view_data(found_in_cloud, "a cloud")
    assert data["indices"] is None
    np.testing.assert_allclose(coordinates(data), found_in_cloud.points, atol=1e-6 * data["scale"])
    np.testing.assert_allclose(decoded(data["normals"]).reshape(-1, 3) / 127, found_in_cloud.normals, atol=0.005)
    for level, own in zip(data["levels"], found_in_cloud.levels, strict=True):
        np.testing.assert_array_equal(decoded(level["ids"]), own.instance)


def test_colours_are_those_of_the_ply_files(found):
    for level, own in zip(view_data(found, "")["levels"], found.levels, strict=True):
        of_face = {part["id"]: part["colours"]["part"] for part in level["parts"]}
        expected = instance_colours(own.face_semantic, own.face_instance)
        assert [of_face[id] for id in own.face_instance.tolist()] == ["#" + bytes(row.tolist()).hex()
                                                                     for row in expected]
        by_class = class_colours(load_taxonomy(found.category).level(own.level))
        for part in level["parts"]:
            assert part["colours"]["class"] == "#" + bytes(by_class[part["class_id"]].tolist()).hex()


@pytest.mark.parametrize(("factor", "offset"), [(1e30, 0.0), (1e-30, 0.0), (1.0, 5e8)])
def test_any_size_and_place(found, factor, offset):
    vertices = found.mesh.vertices * factor + offset
    data = view_data(replace(found, mesh=Mesh(vertices, found.mesh.faces)), "")
    assert np.abs(decoded(data["positions"])).max() == pytest.approx(1)
    np.testing.assert_allclose(coordinates(data)[decoded(data["indices"])], vertices[found.mesh.faces].reshape(-1, 3),
                               atol=1e-6 * data["scale"], rtol=0)


def test_vertices_of_no_face_are_left_out(found):
    vertices = np.concatenate([[[1e6, 1e6, 1e6]], found.mesh.vertices])
    data = view_data(replace(found, mesh=Mesh(vertices, found.mesh.faces + 1)), "")
    plain = view_data(found, "")
    assert (data["positions"], data["indices"]) == (plain["positions"], plain["indices"])


def test_a_single_point(found_in_cloud):
    levels = tuple(replace(level, semantic=level.semantic[:1], instance=level.instance[:1])
                   for level in found_in_cloud.levels)
    one = replace(found_in_cloud, points=found_in_cloud.points[:1], normals=found_in_cloud.normals[:1], levels=levels)
    np.testing.assert_array_equal(coordinates(view_data(one, "")), one.points)


def test_many_parts_take_wider_numbers(found):
    level = found.levels[0]
    far = replace(level, face_instance=level.face_instance + 70_000)
    ids = view_data(replace(found, levels=(far,)), "")["levels"][0]["ids"]
    assert ids["type"] == "uint32"
    np.testing.assert_array_equal(decoded(ids), far.face_instance)


def test_too_many_faces_become_points_and_too_many_points_fewer(found):
    data = view_data(found, "", most=len(found.mesh.faces) - 1)
    assert data["indices"] is None
    assert f"{len(found.mesh.faces):,} faces" in data["note"]
    assert len(coordinates(data)) == min(len(found.points), len(found.mesh.faces) - 1)
    cloud = replace(found, mesh=None, levels=tuple(replace(level, face_semantic=None, face_instance=None)
                                                   for level in found.levels))
    data = view_data(cloud, "", most=100)
    assert data["note"] == f"Shown are 100 of {len(found.points):,} points."
    rows = [np.linalg.norm(found.points - point, axis=1).argmin() for point in coordinates(data)]
    assert np.diff(rows).min() > 0
    np.testing.assert_array_equal(decoded(data["levels"][2]["ids"]), found.level(3).instance[rows])


@pytest.mark.parametrize("up", ["x", "-y", "-z"])
def test_the_rotation_turns_the_shape_upright(found, up):
    turn = np.array(view_data(replace(found, up=up), "")["upright"]).reshape(3, 3)
    np.testing.assert_array_equal(turn, upright(up))
