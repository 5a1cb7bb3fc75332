"""The parts of a shape as one tree."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from partwise.result.parts import SegmentedShape
from partwise.taxonomy import OTHER

REST = "other_leaf"
"""Name of the leaf for what a part holds beside its listed parts; PartNet's own."""


def _nothing() -> np.ndarray:
    return np.zeros(0, np.int64)


@dataclass
class PartNode:
    """One node of a shape's part tree.

    path : part path, such as "chair/chair_base"
    unique_name : last element of the path, numbered where several nodes of the tree have it: "leg-2"
    parts : id of the part that the node is, by level; empty for a group that no level lists, as a chair's star base
    children : the nodes below
    points, faces : int64 indices of what is in this node, but in none below; only leaves have any
    """

    path: str
    unique_name: str = ""
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

    def leaves(self) -> list["PartNode"]:
        """The nodes that have none below, in the order of ``walk``."""
        return [node for node in self.walk() if not node.children]


def part_tree(found: SegmentedShape) -> PartNode:
    """The tree of a segmentation; of its finest level alone where the levels were not made to agree.

    Every point and face is in exactly one leaf. What a part holds beside its parts at the next level is in a leaf of
    its own, ``other_leaf``, and so is at the root what is other at all levels. Groups that no level lists are there
    once in each parent.
    """
    taxonomy = found.taxonomy
    root = PartNode(taxonomy.levels[0].paths[0].partition("/")[0])
    nodes = [root]
    point_owner = np.zeros(len(found.points), np.int64)
    face_owner = np.zeros(0 if found.mesh is None else len(found.mesh.faces), np.int64)
    above: dict[int, PartNode] = {}
    for level in found.levels if found.levels_agree else found.levels[-1:]:
        here: dict[int, PartNode] = {}
        for part in level.parts:
            if part.class_id == OTHER:
                continue
            parent = root if part.parent is None or not above else above[part.parent]
            here[part.id] = node = _descend(parent, taxonomy.level(level.level).paths[part.class_id - 1])
            node.parts[level.level] = part.id
            nodes.append(node)
            point_owner[level.instance == part.id] = len(nodes) - 1
            if level.face_instance is not None:
                face_owner[level.face_instance == part.id] = len(nodes) - 1
        above = here
    for node, points, faces in zip(nodes, _rows(point_owner, len(nodes)), _rows(face_owner, len(nodes)), strict=True):
        _give(node, points, faces, node is root)
    _name(root)
    return root


def _rows(owner: np.ndarray, count: int) -> list[np.ndarray]:
    """The rows, ascending, that each of ``count`` nodes owns."""
    ends = np.cumsum(np.bincount(owner, minlength=count))
    return np.split(np.argsort(owner, kind="stable"), ends[:-1])


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


def _give(node: PartNode, points: np.ndarray, faces: np.ndarray, is_root: bool) -> None:
    if (node.children or is_root) and (len(points) or len(faces)):
        node.children.append(PartNode(f"{node.path}/{REST}", points=points, faces=faces))
    elif len(points) or len(faces):
        node.points, node.faces = points, faces


def _name(root: PartNode) -> None:
    """Give each node a name of its own, also to file systems that take Seat for seat, and beside a part named leg-1."""
    several = Counter(node.name.lower() for node in root.walk())
    taken = {name for name, found in several.items() if found == 1}
    numbers = {name: itertools.count(1) for name in several}
    for node in root.walk():
        name = node.name.lower()
        if several[name] == 1:
            node.unique_name = node.name
        else:
            number = next(one for one in numbers[name] if f"{name}-{one}" not in taken)
            node.unique_name = f"{node.name}-{number}"
            taken.add(node.unique_name.lower())
