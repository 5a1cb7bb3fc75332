"""The parts of a shape as one tree, and its form in PartNet's ``result_after_merging.json``."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from partwise.result.segmentation import Segmentation
from partwise.taxonomy import OTHER, load_taxonomy

REST = "other_leaf"
"""Name of the leaf for what a part holds beside its listed parts; PartNet's own."""


def _nothing() -> np.ndarray:
    return np.zeros(0, np.int64)


@dataclass
class PartNode:
    """One node of a shape's part tree.

    path : part path, such as "chair/chair_base"
    parts : id of the part that the node is, by level; empty for a group that no level lists, as a chair's star base
    children : the nodes below
    points, faces : int64 indices of what is in this node, but in none below; only leaves have any
    """

    path: str
    parts: dict[int, int] = field(default_factory=dict)
    children: list["PartNode"] = field(default_factory=list)
    points: np.ndarray = field(default_factory=_nothing)
    faces: np.ndarray = field(default_factory=_nothing)

    @property
    def name(self) -> str:
        """Last element of the path."""
        return self.path.rpartition("/")[2]

    def walk(self) -> Iterator["PartNode"]:
        """This node and all below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


def part_tree(found: Segmentation) -> PartNode:
    """The tree of a segmentation whose levels agree; ValueError where they were not made to.

    Every point and face that is not other at all levels is in exactly one leaf. What a part holds beside its parts at
    the next level is in a leaf of its own, ``other_leaf``. Groups that no level lists are there once in each parent.
    """
    if not found.levels_agree:
        raise ValueError("the levels of this segmentation were not made to agree, so its parts form no tree; "
                         "segment with grouping.tree")
    taxonomy = load_taxonomy(found.category)
    root = PartNode(taxonomy.levels[0].paths[0].partition("/")[0])
    nodes = [root]
    point_owner = np.zeros(len(found.points), np.int64)
    face_owner = np.zeros(0 if found.mesh is None else len(found.mesh.faces), np.int64)
    above: dict[int, PartNode] = {}
    for level in found.levels:
        here: dict[int, PartNode] = {}
        for part in level.parts:
            if part.class_id == OTHER:
                continue
            parent = root if part.parent is None else above[part.parent]
            here[part.id] = node = _descend(parent, taxonomy.level(level.level).paths[part.class_id - 1])
            node.parts[level.level] = part.id
            nodes.append(node)
            point_owner[level.instance == part.id] = len(nodes) - 1
            if level.face_instance is not None:
                face_owner[level.face_instance == part.id] = len(nodes) - 1
        above = here
    for number, node in enumerate(nodes[1:], 1):
        _give(node, np.flatnonzero(point_owner == number), np.flatnonzero(face_owner == number))
    return root


def _descend(parent: PartNode, path: str) -> PartNode:
    """A new node below a parent, with the groups between; the parent itself if it is of this path."""
    if path == parent.path:
        return parent
    name, _, rest = path[len(parent.path) + 1:].partition("/")
    group_path = f"{parent.path}/{name}"
    if rest:
        group = next((one for one in parent.children if one.path == group_path and not one.parts), None)
        if group is None:
            group = PartNode(group_path)
            parent.children.append(group)
        return _descend(group, path)
    node = PartNode(path)
    parent.children.append(node)
    return node


def _give(node: PartNode, points: np.ndarray, faces: np.ndarray) -> None:
    if node.children and (len(points) or len(faces)):
        node.children.append(PartNode(f"{node.path}/{REST}", points=points, faces=faces))
    elif len(points) or len(faces):
        node.points, node.faces = points, faces


def partnet_form(root: PartNode, of_mesh: bool) -> tuple[dict[str, Any], dict[str, PartNode]]:
    """The tree as PartNet writes it, and the leaves by the name of their mesh: those with faces or, if the shape is
    not ``of_mesh`` but a cloud, with points.

    A node is ``{id, name, text, objs, children}``: a running number, the last element of the path twice, the names of
    the meshes of all leaves below and, unless it is a leaf, its children. ``parts`` is ours: the id by level of the
    part in ``parts.json`` that the node is.
    """
    numbers = {id(node): number for number, node in enumerate(root.walk())}
    leaves: dict[str, PartNode] = {}

    def form(node: PartNode) -> dict[str, Any]:
        children = [form(child) for child in node.children]
        objs = [name for child in children for name in child["objs"]]
        if len(node.faces if of_mesh else node.points):
            objs = [f"part-{numbers[id(node)]}"]
            leaves[objs[0]] = node
        written = {"id": numbers[id(node)], "name": node.name, "text": node.name.replace("_", " "), "objs": objs,
                   "parts": {str(level): part for level, part in node.parts.items()}}
        return {**written, "children": children} if children else written

    return form(root), leaves
