"""Reading PartNet's raw annotation folders, ``data_v0/<anno_id>``: a part tree and a labelled point cloud."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from partwise.data.parts import Part, label_points, part_classes, unit_normals
from partwise.errors import InputError
from partwise.files import numeric_order, read_json
from partwise.shape import Shape
from partwise.taxonomy import load_taxonomy

META, TREE = "meta.json", "result.json"
POINTS = "point_sample/sample-points-all-pts-nor-rgba-10000.txt"
LABELS = "point_sample/sample-points-all-label-10000.txt"
FILES = (META, TREE, POINTS, LABELS)
"""The files of an annotation folder that are read."""


@dataclass(frozen=True)
class Meta:
    """What ``meta.json`` says: the shape's names and its category, perhaps one the benchmark lacks."""

    category: str
    anno_id: str
    model_id: str


def read_meta(folder: Path) -> Meta:
    """Read ``meta.json``; InputError where it is missing or names no category."""
    meta = _read_json(folder / META)
    if not isinstance(meta, dict) or not isinstance(meta.get("model_cat"), str):
        raise InputError(f"{folder / META}: expected an object with a text 'model_cat', PartNet's category")
    return Meta(meta["model_cat"], str(meta.get("anno_id", folder.name)), str(meta.get("model_id", "")))


def find_annotations(source: Path) -> tuple[list[tuple[Path, Meta]], list[str]]:
    """Annotation folders in ``source``, in numeric order, and a message for each folder that is none.

    Raises InputError where there is no annotation at all, or where ``source`` itself is one.
    """
    if not source.is_dir():
        raise InputError(f"{source}: no such folder; expected PartNet's data_v0, with a folder a shape")
    if (source / META).is_file():
        raise InputError(f"{source}: is the annotation of one shape; give the folder that holds it, "
                         f"{source.resolve().parent}")
    folders = sorted((path for path in source.iterdir() if path.is_dir() and not path.name.startswith(".")),
                     key=numeric_order)
    found, failures = [], []
    for folder in folders:
        try:
            found.append((folder, read_meta(folder)))
        except InputError as error:
            failures.append(str(error))
    if not found:
        first = f"; the first of its {len(folders)} folders: {failures[0]}" if failures else ""
        raise InputError(f"{source}: holds no annotations; expected PartNet's data_v0 with a folder a shape, "
                         f"such as 179/{META}{first}")
    return found, failures


def read_annotation(folder: Path) -> Shape:
    """Read one annotation folder as a labelled shape.

    Points are centred on their bounding box and divided by the largest radius, as in PartNet's benchmark
    files; normals have unit length. Raises InputError for missing or malformed files, for a category that the
    benchmark does not have, and for a point whose leaf is not in the tree.
    """
    meta = read_meta(folder)
    try:
        taxonomy = load_taxonomy(meta.category)
    except InputError as error:
        raise InputError(f"{folder / META}: {error}") from error
    parts, leaves = read_parts(folder, taxonomy.merging)
    points, normals = _read_points(folder / POINTS)
    leaf = _read_table(folder / LABELS, np.int64, columns=1)[:, 0]
    if len(leaf) != len(points):
        raise InputError(f"{folder / LABELS}: has {len(leaf)} labels, but {POINTS} has {len(points)} points")
    stray = leaf[~np.isin(leaf, leaves)]
    if stray.size:
        raise InputError(f"{folder / LABELS}: {stray.size} points have leaf ids, such as {int(stray[0])}, "
                         f"that are no leaves of {TREE}; the two files belong to different annotations")
    try:
        semantic, instance = label_points(leaf, parts, part_classes(taxonomy))
    except InputError as error:
        raise InputError(f"{folder / TREE}: {error}") from error
    return Shape(points, normals, semantic, instance, meta.model_id, meta.anno_id)


def read_parts(folder: Path, merging: dict[str, str]) -> tuple[list[Part], list[int]]:
    """Parts of a raw annotation after PartNet's merging, parents before children, and the ids of all leaves.

    merging : path in a raw annotation -> path after merging; nodes with another path are no parts.
    """
    tree = _read_json(folder / TREE)
    if not isinstance(tree, list) or len(tree) != 1:
        raise InputError(f"{folder / TREE}: expected a list of one root node")
    parts: list[Part] = []
    all_leaves: list[int] = []
    stack: list[tuple[Any, str, tuple[list[int], ...]]] = [(tree[0], "", (all_leaves,))]
    while stack:
        node, prefix, above = stack.pop()
        if not _is_node(node):
            raise InputError(f"{folder / TREE}: expected nodes with an integer 'id', a text 'name' and, "
                             f"unless leaves, a list of 'children'; found {str(node)[:200]}")
        path = f"{prefix}/{node['name']}" if prefix else node["name"]
        if path in merging:
            leaves: list[int] = []
            parts.append(Part(merging[path], leaves))
            above = (*above, leaves)
        children = node.get("children", [])
        stack += [(child, path, above) for child in reversed(children)]
        if not children:
            for ids in above:
                ids.append(node["id"])
    return parts, all_leaves


def _is_node(node: Any) -> bool:
    return (isinstance(node, dict) and type(node.get("id")) is int and isinstance(node.get("name"), str)
            and isinstance(node.get("children", []), list))


def _read_points(path: Path) -> tuple[np.ndarray, np.ndarray]:
    table = _read_table(path, np.float64, columns=6)
    if not np.isfinite(table).all():
        raise InputError(f"{path}: has NaN or infinite values")
    points, normals = table[:, :3], table[:, 3:]
    points = points - (points.min(0) + points.max(0)) / 2
    radius = float(np.linalg.norm(points, axis=1).max())
    if radius == 0:
        raise InputError(f"{path}: all points are the same, so the shape has no size")
    return (points / radius).astype(np.float32), unit_normals(normals).astype(np.float32)


def _read_json(path: Path) -> Any:
    if not path.is_file():
        raise InputError(f"{path}: no such file; an annotation folder holds {', '.join(FILES)}")
    return read_json(path)


def _read_table(path: Path, dtype: type, columns: int) -> np.ndarray:
    """(rows, columns) array of the first columns of a text file of numbers, at least one row."""
    if not path.is_file():
        raise InputError(f"{path}: no such file; an annotation folder holds {', '.join(FILES)}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of an empty file, which is an error below
            table: np.ndarray = np.loadtxt(path, dtype=dtype, usecols=range(columns), ndmin=2, comments=None)
    except (ValueError, OSError) as error:
        raise InputError(f"{path}: expected {columns} or more numbers a line ({error})") from error
    if not len(table):
        raise InputError(f"{path}: is empty")
    return table
