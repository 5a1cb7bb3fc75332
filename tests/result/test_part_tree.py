"""The exported tree, read back by the rule of PartNet's annotations, gives the labels it was made from."""

import dataclasses
import json

import numpy as np
import pytest
import trimesh

from partwise.config import GroupingConfig
from partwise.data.annotations import read_parts
from partwise.data.parts import label_points, part_classes
from partwise.result.files import write_segmentation
from partwise.result.part_tree import part_tree, partnet_form
from partwise.segmenter import Segmenter
from partwise.shape import NO_INSTANCE
from partwise.taxonomy import OTHER, load_taxonomy


@pytest.fixture(scope="module")
def segmenter(trained):
    return Segmenter.load(trained, device="cpu", grouping=GroupingConfig(bandwidth=0.3, tree=True))


@pytest.fixture(scope="module")
def mesh_file(chair_h5):
    return next(chair_h5.parent.joinpath("meshes").glob("*.glb"))


def check_labels(folder, found, owner, level_labels):
    """``owner``: leaf id of each point or face; ``level_labels``: its (class, instance) at a level."""
    (folder / "result.json").write_text((folder / "tree.json").read_text())
    taxonomy = load_taxonomy(found.category)
    parts, _ = read_parts(folder, {path: path for path in taxonomy.merging.values()})
    semantic, instance = label_points(owner, parts, part_classes(taxonomy))
    for level in found.levels:
        own_semantic, own_instance = level_labels(level)
        np.testing.assert_array_equal(semantic[level.level - 1], own_semantic)
        listed = own_semantic != OTHER
        pairs = set(zip(instance[level.level - 1][listed].tolist(), own_instance[listed].tolist(), strict=True))
        assert len(pairs) == len(set(own_instance[listed].tolist())) == len({one for one, _ in pairs})
        assert (instance[level.level - 1][~listed] == NO_INSTANCE).all()


def owners(count, found, kind):
    """Id of the leaf of each point or face; a number that no node has for those in none."""
    tree = part_tree(found)
    ids = {id(node): number for number, node in enumerate(tree.walk())}
    owner = np.full(count, 900_000)
    for node in tree.walk():
        own = getattr(node, kind)
        assert not len(own) or not node.children
        assert (owner[own] == 900_000).all()
        owner[own] = ids[id(node)]
    return owner


def test_faces_and_points_of_a_mesh(segmenter, mesh_file, tmp_path):
    found = segmenter(mesh_file)
    write_segmentation(tmp_path, found)
    check_labels(tmp_path, found, owners(len(found.points), found, "points"),
                 lambda level: (level.semantic, level.instance))
    check_labels(tmp_path, found, owners(len(found.mesh.faces), found, "faces"),
                 lambda level: (level.face_semantic, level.face_instance))


def test_leaf_meshes_are_the_mesh(segmenter, mesh_file, tmp_path):
    found = segmenter(mesh_file)
    write_segmentation(tmp_path, found)
    tree = json.loads((tmp_path / "tree.json").read_text())[0]
    assert tree["name"] == "chair"
    assert sorted(tree["objs"]) == sorted(path.stem for path in (tmp_path / "objs").iterdir())
    pieces = [trimesh.load(tmp_path / "objs" / f"{name}.obj", process=False) for name in tree["objs"]]
    kept = np.zeros(len(found.mesh.faces), bool)
    for level in found.levels:
        kept |= level.face_semantic != OTHER
    corners = found.mesh.vertices[found.mesh.faces[kept]]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1).sum() / 2
    assert sum(piece.area for piece in pieces) == pytest.approx(area, rel=1e-6)
    assert sum(len(piece.faces) for piece in pieces) == kept.sum()


def test_a_cloud_gets_vertices_alone_and_old_leaves_go(segmenter, tmp_path):
    random = np.random.default_rng(0)
    write_segmentation(tmp_path, segmenter(random.uniform(-1, 1, (300, 3))))
    (tmp_path / "objs/part-99999.obj").write_text("v 0 0 0\n")
    found = segmenter(random.uniform(-1, 1, (200, 3)))
    files = write_segmentation(tmp_path, found)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(files)
    vertices = sum((tmp_path / "objs" / path.name).read_text().count("v ") for path in (tmp_path / "objs").iterdir())
    kept = np.any([level.semantic != OTHER for level in found.levels], axis=0)
    assert vertices == kept.sum()


def test_the_form_is_partnets(segmenter, mesh_file):
    form, leaves = partnet_form(part_tree(segmenter(mesh_file)), of_mesh=True)
    ids = []

    def visit(node):
        ids.append(node["id"])
        assert set(node) - {"children"} == {"id", "name", "text", "objs", "parts"}
        for child in node.get("children", []):
            visit(child)
        if "children" in node:
            assert node["objs"] == [name for child in node["children"] for name in child["objs"]]

    visit(form)
    assert ids == list(range(len(ids)))
    assert set(form["objs"]) == set(leaves)


def test_levels_that_do_not_agree_have_no_tree(segmenter, mesh_file):
    found = dataclasses.replace(segmenter(mesh_file), levels_agree=False)
    with pytest.raises(ValueError, match="not made to agree"):
        part_tree(found)
