"""The files that tell of a segmentation. docs/result-files.md describes them."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import trimesh

from partwise.config import PartFormat
from partwise.errors import InputError
from partwise.files import make_folder, replacing, write_json
from partwise.mesh import write_ply
from partwise.result.document import document, of_input_faces
from partwise.result.part_tree import part_tree
from partwise.result.scene import Pieces, leaf_pieces, parts_scene, placed
from partwise.result.segmentation import Segmentation
from partwise.taxonomy import instance_colours


def write_segmentation(folder: Path, found: Segmentation, source: str = "", model: str = "",
                       part_format: PartFormat = "glb") -> dict[str, Any]:
    """Write a segmentation and return what ``result.json`` holds: everything but arrays.

    ``parts.glb``: the shape, a named node a part, nested as the tree. ``parts/``: each leaf of the tree as a file of
    its own. ``points.ply``: the points, coloured, with class and part of each level. ``faces.npz``, for a mesh: class
    and part of each face. ``result.json`` comes last: where it is, the others are. What an earlier result left is
    replaced or removed. InputError: a point cloud as STL.
    """
    if found.mesh is None and part_format == "stl":
        raise InputError("the parts of a point cloud cannot be written as STL, which holds faces; choose glb, obj or "
                         "ply")
    make_folder(folder)
    for name in ("result.json", "faces.npz"):  # of an earlier result, which may have been a mesh
        (folder / name).unlink(missing_ok=True)
    tree = part_tree(found)
    pieces = leaf_pieces(found, tree)
    _export(parts_scene(tree, pieces), folder / "parts.glb")
    _write_points(folder / "points.ply", found)
    if found.mesh is not None:
        with replacing(folder / "faces.npz") as temporary:
            np.savez_compressed(temporary, allow_pickle=False, **_face_arrays(found))
    _write_parts(folder / "parts", pieces, part_format)
    record = document(found, tree, source, model)
    write_json(folder / "result.json", record, indent=None)
    return record


def _export(scene: trimesh.Scene, path: Path) -> None:
    with replacing(path) as temporary:
        (placed(scene) if path.suffix == ".glb" else scene).export(str(temporary), file_type=path.suffix[1:])


def _write_points(path: Path, found: Segmentation) -> None:
    finest, labels = found.levels[-1], dict[str, np.ndarray]()
    for level in found.levels:
        labels |= {f"level_{level.level}_class": level.semantic, f"level_{level.level}_instance": level.instance}
    write_ply(path, found.points, found.normals, instance_colours(finest.semantic, finest.instance), labels)


def _face_arrays(found: Segmentation) -> dict[str, np.ndarray]:
    """The mesh that parts were cut from, and labels of its faces and of the input's."""
    if found.mesh is None or found.source_face is None:
        return {}
    arrays = {"vertices": found.mesh.vertices, "faces": found.mesh.faces.astype(np.int32),
              "source_face": found.source_face.astype(np.int32)}
    for level in found.levels:
        if level.face_semantic is None or level.face_instance is None:
            continue
        classes = np.zeros(1 + max(part.id for part in level.parts), np.int32)
        classes[[part.id for part in level.parts]] = [part.class_id for part in level.parts]
        of_input = of_input_faces(found, level.face_instance)
        arrays |= {f"level_{level.level}_class": level.face_semantic.astype(np.int32),
                   f"level_{level.level}_instance": level.face_instance.astype(np.int32),
                   f"input_level_{level.level}_class": classes[of_input],
                   f"input_level_{level.level}_instance": of_input.astype(np.int32)}
    return arrays


def _write_parts(folder: Path, pieces: Pieces, part_format: PartFormat) -> None:
    """The leaves, all of them or none: the folder of an earlier result goes when the new one is whole."""
    fresh = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for name, own in pieces.items():
        path = fresh / f"{name}.{part_format}"
        if part_format == "glb" or not isinstance(own[0], trimesh.Trimesh):
            _export(trimesh.Scene(own), path)
        else:
            joined = trimesh.util.concatenate([trimesh.Trimesh(one.vertices, one.faces, process=False) for one in own])
            joined.export(str(path), file_type=part_format)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
