"""A result, read back from the files that tell of it."""

from pathlib import Path
from typing import Any, get_args

import numpy as np

from partwise.config import Up
from partwise.errors import InputError
from partwise.files import read_json
from partwise.mesh import Mesh
from partwise.mesh.tables import npz_arrays, vertex_columns
from partwise.result.document import FORMAT, VERSION
from partwise.result.parts import LevelSegmentation, Part
from partwise.result.segmentation import Segmentation
from partwise.taxonomy import Level, Taxonomy, taxonomy_of

_NORMAL = ("nx", "ny", "nz")
RECORD = "result.json"
FILES = (RECORD, "faces.npz", "points.ply")
"""All that is read of a result; one of a point cloud has no faces.npz."""


def read_segmentation(folder: Path) -> Segmentation:
    """The segmentation that ``write_segmentation`` wrote, but for the materials of its mesh.

    InputError, with the file, where one is missing, damaged, of another version, or does not fit the others.
    """
    record = read_record(folder)
    taxonomy = record_taxonomy(folder, record)
    names = [name for number in taxonomy.real_levels for name in (f"level_{number}_class", f"level_{number}_instance")]
    columns = vertex_columns(folder / "points.ply", *_NORMAL, *names)
    points, normals = (np.stack([columns[name] for name in axes], 1) for axes in ("xyz", _NORMAL))
    arrays = [] if record.get("n_face") is None else npz_arrays(folder / "faces.npz", "vertices", "faces",
                                                                "source_face", *names)
    of_points, of_faces = [columns[name] for name in names], arrays[3:]
    try:
        mesh = Mesh(arrays[0], arrays[1]) if arrays else None
        if mesh is not None and any(array.shape != (len(mesh.faces),) for array in arrays[2:]):
            raise ValueError(f"faces.npz has {len(mesh.faces)} faces and another number of labels")
        levels = tuple(_level(record, taxonomy.level(number), of_points[2 * row:2 * row + 2],
                              of_faces[2 * row:2 * row + 2]) for row, number in enumerate(taxonomy.real_levels))
        if record["up"] not in set(get_args(Up)) - {"guess"}:
            raise ValueError(f"no axis is called {record['up']!r}")
        return Segmentation(taxonomy, points, normals, mesh, arrays[2] if arrays else None, levels,
                            bool(record["levels_agree"]), record["up"])
    except (InputError, KeyError, TypeError, ValueError, IndexError) as error:
        raise InputError(f"{folder}: its files do not belong together ({error}); segment the shape again") from error


def read_record(folder: Path) -> dict[str, Any]:
    """``result.json``; InputError where it is missing, something else, or of another version."""
    path = folder / RECORD
    record = read_json(path)
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise InputError(f"{path}: is no result of partwise; expected what `partwise segment` writes")
    if record.get("version") != VERSION:
        raise InputError(f"{path}: is a result of version {record.get('version')}, expected {VERSION}; segment the "
                         "shape again")
    return record


def record_taxonomy(folder: Path, record: dict[str, Any]) -> Taxonomy:
    """The taxonomy that a result is in; InputError for an unknown one."""
    try:
        return taxonomy_of(str(record.get("category")), record.get("taxonomy"))
    except InputError as error:
        raise InputError(f"{folder / RECORD}: {error}") from error


def _level(record: dict[str, Any], level: Level, of_points: list[np.ndarray],
           of_faces: list[np.ndarray]) -> LevelSegmentation:
    """One level, from class and part of points, and of faces if there are any."""
    listed = {one["level"]: one["parts"] for one in record["levels"]}[level.number]
    parts = tuple(Part(one["id"], one["class_id"], one["class"], one["confidence"], one["n_point"], one["n_face"],
                       np.array([one["box"]["min"], one["box"]["max"]]), one["parent"]) for one in listed)
    wrong = [part.class_name for part in parts if level.names[part.class_id] != part.class_name]
    if wrong:
        raise ValueError(f"level {level.number} has no class {wrong[0]} of this number")
    semantic, instance = _checked(of_points, parts)
    face_semantic, face_instance = _checked(of_faces, parts) if of_faces else (None, None)
    return LevelSegmentation(level.number, semantic, instance, face_semantic, face_instance, parts)


def _checked(arrays: list[np.ndarray], parts: tuple[Part, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Class and part of points or faces; ValueError where they are not those of the parts that are listed."""
    semantic, instance = (array.astype(np.int64) for array in arrays)
    class_of = {part.id: part.class_id for part in parts}
    for class_id, id in np.unique(np.stack([semantic, instance]), axis=1).T.tolist():
        if class_of.get(id) != class_id:
            raise ValueError(f"a part {id} of class {class_id} is not listed")
    return semantic, instance
