"""The parts of a shape as a scene of trimesh: a named node a part, nested as the tree."""

from collections.abc import Iterator

import numpy as np
import trimesh

from partwise.mesh.appearance import as_trimesh
from partwise.result.part_tree import PartNode, node_names, part_tree
from partwise.result.parts import SegmentedShape
from partwise.taxonomy import instance_colours


def parts_scene(found: SegmentedShape) -> trimesh.Scene:
    """A scene whose nodes are the part tree; leaves hold faces of the mesh, as they look there, or points.

    What has neither material nor colours takes the colour of its part at the finest level.
    """
    root = part_tree(found)
    names = dict(zip(map(id, root.walk()), node_names(root), strict=True))
    scene = trimesh.Scene(base_frame=names[id(root)])

    def add(node: PartNode, parent: str) -> None:
        name = names[id(node)]
        pieces = [] if node.children else leaf_geometry(found, node)
        if len(pieces) == 1:
            scene.add_geometry(pieces[0], node_name=name, geom_name=name, parent_node_name=parent)
            return
        scene.graph.update(frame_to=name, frame_from=parent, matrix=np.eye(4))
        for number, piece in enumerate(pieces, 1):
            scene.add_geometry(piece, node_name=f"{name}.{number}", geom_name=f"{name}.{number}", parent_node_name=name)
        for child in node.children:
            add(child, name)

    for child in root.children:
        add(child, scene.graph.base_frame)
    return scene


def leaves(found: SegmentedShape) -> Iterator[tuple[str, list[trimesh.Trimesh | trimesh.PointCloud]]]:
    """Name and geometry of each leaf of the part tree; leaves without geometry are left out."""
    root = part_tree(found)
    for name, node in zip(node_names(root), root.walk(), strict=True):
        pieces = [] if node.children else leaf_geometry(found, node)
        if pieces:
            yield name, pieces


def leaf_geometry(found: SegmentedShape, leaf: PartNode) -> list[trimesh.Trimesh | trimesh.PointCloud]:
    """A leaf's faces as meshes, one for each material, or its points; nothing where it has none."""
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
