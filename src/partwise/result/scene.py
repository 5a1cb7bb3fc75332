"""The parts of a shape as a scene of trimesh: a named node a part, nested as the tree."""

import numpy as np
import trimesh

from partwise.mesh.appearance import as_trimesh
from partwise.result.part_tree import PartNode
from partwise.result.parts import SegmentedShape
from partwise.taxonomy import instance_colours

Pieces = dict[str, list[trimesh.Trimesh | trimesh.PointCloud]]
"""By the names of leaves that have geometry: their faces as meshes, one for each material, or their points."""
_FAR = 100.0
"""Extents of the shape from the zero point, beyond which the 24 bits of GLB's coordinates would wear it down."""


def leaf_pieces(found: SegmentedShape, tree: PartNode) -> Pieces:
    """The geometry of all leaves of a segmentation's tree, as it looks in the input.

    What has neither material nor colours takes the colour of its part at the finest level.
    """
    pieces = {leaf.unique_name: _geometry(found, leaf) for leaf in tree.leaves()}
    return {name: own for name, own in pieces.items() if own}


def placed(scene: trimesh.Scene) -> trimesh.Scene:
    """The scene; of one far from the zero point, as scans on a map are, coordinates are near it and nodes move them."""
    low, high = scene.bounds if scene.bounds is not None else np.zeros((2, 3))
    if np.abs([low, high]).max() <= _FAR * (high - low).max():
        return scene
    middle = np.round((low + high) / 2)
    for name, geometry in scene.geometry.items():
        scene.geometry[name] = geometry.copy().apply_translation(-middle)
    scene.apply_translation(middle)
    return scene


def parts_scene(tree: PartNode, pieces: Pieces) -> trimesh.Scene:
    """A scene whose nodes are the part tree; leaves hold their pieces."""
    scene = trimesh.Scene(base_frame=tree.unique_name)

    def add(node: PartNode, parent: str) -> None:
        name, own = node.unique_name, pieces.get(node.unique_name, [])
        if len(own) == 1:
            scene.add_geometry(own[0], node_name=name, geom_name=name, parent_node_name=parent)
            return
        scene.graph.update(frame_to=name, frame_from=parent, matrix=np.eye(4))
        for number, piece in enumerate(own, 1):
            scene.add_geometry(piece, node_name=f"{name}.{number}", geom_name=f"{name}.{number}", parent_node_name=name)
        for child in node.children:
            add(child, name)

    for child in tree.children:
        add(child, scene.graph.base_frame)
    return scene


def _geometry(found: SegmentedShape, leaf: PartNode) -> list[trimesh.Trimesh | trimesh.PointCloud]:
    finest = found.levels[-1]
    if found.mesh is None:
        if not len(leaf.points):
            return []
        colours = instance_colours(finest.semantic[leaf.points], finest.instance[leaf.points])
        return [trimesh.PointCloud(found.points[leaf.points], colours)]
    if not len(leaf.faces) or finest.face_semantic is None or finest.face_instance is None:
        return []
    first = leaf.faces[:1]
    colour = instance_colours(finest.face_semantic[first], finest.face_instance[first])[0]
    look = found.mesh.appearance
    return list(as_trimesh(found.mesh.vertices, found.mesh.faces[leaf.faces],
                           None if look is None else look.take(leaf.faces), colour.tolist()))
