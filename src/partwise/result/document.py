"""``result.json``: what was found in a shape, for programs. docs/result-files.md describes it."""

from typing import Any

import numpy as np

from partwise.result.part_tree import PartNode
from partwise.result.parts import Part, SegmentedShape

FORMAT = "partwise-segmentation"
VERSION = 3


def document(found: SegmentedShape, tree: PartNode, source: str = "", model: str = "") -> dict[str, Any]:
    """Plain values for JSON: all but the arrays of points and faces.

    tree : that of the segmentation
    source, model : names to record
    """
    return {"format": FORMAT, "version": VERSION, "source": source, "model": model, "category": found.category,
            **({} if found.taxonomy.tree is None else {"taxonomy": found.taxonomy.tree}),
            "up": found.up, "n_point": len(found.points),
            "n_face": None if found.source_face is None else int(found.source_face[-1]) + 1,
            "levels_agree": found.levels_agree,
            "levels": [{"level": level.level, "parts": [part.to_dict() for part in level.parts]}
                       for level in found.levels],
            "tree": tree_document(found, tree)}


def tree_document(found: SegmentedShape, tree: PartNode) -> list[dict[str, Any]]:
    """The part tree in the form of PartNet's ``result_after_merging.json``, with more to each node.

    Of PartNet: ``id`` (a running number), ``name`` and ``text`` (last element of the path), ``objs`` (names of the
    leaves below that have faces or, of a cloud, points: those of the files in ``parts/``) and, unless it is a leaf,
    ``children``. Ours: ``path``; ``parts``, the id by level of the part that the node is; its ``confidence`` and
    ``box`` there; and for a leaf of a mesh ``faces``, the faces of the input that are its own for the most part, as
    runs [start, stop].
    """
    numbers = {node.unique_name: number for number, node in enumerate(tree.walk())}
    faces = _input_faces(found, tree)

    def own_name(leaf: PartNode) -> list[str]:
        return [leaf.unique_name] if len(leaf.points if faces is None else leaf.faces) else []

    def form(node: PartNode) -> dict[str, Any]:
        children = [form(child) for child in node.children]
        written = {"id": numbers[node.unique_name], "name": node.name, "text": node.name.replace("_", " "),
                   "path": node.path,
                   "objs": [name for child in children for name in child["objs"]] if children else own_name(node),
                   "parts": {str(level): part for level, part in node.parts.items()}}
        part = _part_of(found, node)
        if part is not None:
            written |= {"confidence": part.confidence, "box": part.to_dict()["box"]}
        if children:
            return {**written, "children": children}
        return written if faces is None else {**written, "faces": faces[node.unique_name]}

    return [form(tree)]


def _part_of(found: SegmentedShape, node: PartNode) -> Part | None:
    """The part that a node is, at the finest level that lists it."""
    if not node.parts:
        return None
    level = max(node.parts)
    return next(part for part in found.level(level).parts if part.id == node.parts[level])


def _input_faces(found: SegmentedShape, tree: PartNode) -> dict[str, list[list[int]]] | None:
    """Runs of faces of the input by the name of their leaf: a face that was split goes where most of its area is."""
    if found.mesh is None:
        return None
    leaves = tree.leaves()
    owner = np.zeros(len(found.mesh.faces), np.int64)
    for number, leaf in enumerate(leaves):
        owner[leaf.faces] = number
    owners = of_input_faces(found, owner)
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    runs: dict[str, list[list[int]]] = {leaf.unique_name: [] for leaf in leaves}
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(owners)], strict=True):
        runs[leaves[owners[start]].unique_name].append([start, stop])
    return runs


def of_input_faces(found: SegmentedShape, values: np.ndarray) -> np.ndarray:
    """(F,) labels of the input's faces from those of the segmentation's, of which most of the area decides."""
    if found.mesh is None or found.source_face is None:
        raise ValueError("a point cloud has no faces")
    source = found.source_face
    result: np.ndarray = values[np.flatnonzero(np.diff(source, prepend=-1))]  # the first piece of each
    pieces = np.flatnonzero(np.bincount(source)[source] > 1)
    if len(pieces):
        names, ids = np.unique(values[pieces], return_inverse=True)
        cut, row = np.unique(source[pieces], return_inverse=True)
        share = np.zeros((len(cut), len(names)))
        np.add.at(share, (row, ids), found.mesh.facets.doubled_area[pieces] + np.finfo(np.float64).tiny)
        result[cut] = names[share.argmax(1)]
    return result
