"""The exported tree, read back by the rule of PartNet's annotations, gives the labels it was made from."""

import dataclasses
import json

import numpy as np
import pytest

from partwise.config import GroupingConfig
from partwise.data.annotations import read_parts
from partwise.data.parts import label_points, part_classes
from partwise.result.document import tree_document
from partwise.result.part_tree import part_tree
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
    (folder / "result.json").write_text(json.dumps(tree_document(found, part_tree(found))))
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
    check_labels(tmp_path, found, owners(len(found.points), found, "points"),
                 lambda level: (level.semantic, level.instance))
    check_labels(tmp_path, found, owners(len(found.mesh.faces), found, "faces"),
                 lambda level: (level.face_semantic, level.face_instance))


@pytest.mark.parametrize("agree", [True, False])
def test_every_point_and_face_is_in_one_leaf(segmenter, mesh_file, agree):
    found = dataclasses.replace(segmenter(mesh_file, split=True), levels_agree=agree)
    root = part_tree(found)
    for kind, count in (("points", len(found.points)), ("faces", len(found.mesh.faces))):
        together = np.concatenate([getattr(node, kind) for node in root.walk()])
        assert sorted(together.tolist()) == list(range(count))
    names = [node.unique_name for node in root.walk()]
    assert len(set(names)) == len(names)


def test_the_form_is_partnets(segmenter, mesh_file):
    found = segmenter(mesh_file)
    form = tree_document(found, part_tree(found))[0]
    ids, faces = [], []

    def visit(node):
        ids.append(node["id"])
        assert {"id", "name", "text", "objs", "path", "parts"} <= set(node)
        for child in node.get("children", []):
            visit(child)
        if "children" in node:
            assert node["objs"] == [name for child in node["children"] for name in child["objs"]]
        else:
            faces.extend(face for run in node["faces"] for face in range(*run))

    visit(form)
    assert ids == list(range(len(ids)))
    assert sorted(faces) == list(range(len(found.mesh.faces)))
