"""What holds of every segmentation whose levels agree, however it came about."""

from itertools import pairwise

import numpy as np

from partwise.result.part_tree import part_tree
from partwise.taxonomy import OTHER


def labels(level):
    """(N + F,) part of each point and face."""
    return level.instance if level.face_instance is None else np.concatenate([level.instance, level.face_instance])


def check_laws(found):
    taxonomy = found.taxonomy
    for level in found.levels:
        check_level(found, level, taxonomy.level(level.level))
    for coarse, fine in pairwise(found.levels):
        check_nesting(coarse, fine, taxonomy)
    leaves = [node for node in part_tree(found).walk() if not node.children]
    points = np.sort(np.concatenate([leaf.points for leaf in leaves]))
    np.testing.assert_array_equal(points, np.arange(len(found.points)))
    if found.mesh is not None:
        faces = np.sort(np.concatenate([leaf.faces for leaf in leaves]))
        np.testing.assert_array_equal(faces, np.arange(len(found.mesh.faces)))


def check_level(found, level, classes):
    assert [part.id for part in level.parts] == np.unique(labels(level)).tolist()
    for part in level.parts:
        own = level.instance == part.id
        assert part.n_point == own.sum()
        assert (level.semantic[own] == part.class_id).all()
        assert part.class_name == classes.names[part.class_id]
        assert np.isfinite(part.box).all()
        assert (part.box[0] <= part.box[1]).all()
        if part.n_point:
            np.testing.assert_array_equal(part.box, [found.points[own].min(0), found.points[own].max(0)])
        if level.face_instance is not None:
            assert part.n_face == (level.face_instance == part.id).sum()
            assert (level.face_semantic[level.face_instance == part.id] == part.class_id).all()


def check_nesting(coarse, fine, taxonomy):
    above = {part.id: part for part in coarse.parts}
    parents = taxonomy.parents(fine.level, coarse.level)
    for part in fine.parts:
        if part.class_id == OTHER:
            assert part.parent is None
            continue
        holders = np.unique(labels(coarse)[labels(fine) == part.id]).tolist()
        assert {above[id].class_id for id in holders} == {parents[part.class_id]}
        assert holders == [part.parent] or (part.parent is None and parents[part.class_id] == OTHER)
        path = taxonomy.level(fine.level).paths[part.class_id - 1]
        if path in taxonomy.level(coarse.level).paths:
            np.testing.assert_array_equal(labels(fine) == part.id, labels(coarse) == holders[0])
