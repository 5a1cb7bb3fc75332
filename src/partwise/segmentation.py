"""The parts found in one shape, and the files that tell of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from partwise.files import make_folder, replacing, write_json
from partwise.mesh import Mesh, write_mesh_ply, write_ply
from partwise.taxonomy import instance_colours

FORMAT = "partwise-segmentation"
VERSION = 1


@dataclass(frozen=True)
class Part:
    """One instance at one level.

    id : its number at this level, as in the ``instance`` arrays
    class_id, class_name : its class; 0, "other", for points of no listed part
    confidence : 1 - mean entropy of the class probabilities over its points; may be negative
    n_point, n_face : points and, for a mesh, faces that carry its id
    box : (2, 3) lower and upper corner of its points, in the units of the input
    """

    id: int
    class_id: int
    class_name: str
    confidence: float
    n_point: int
    n_face: int | None
    box: np.ndarray

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"id": self.id, "class_id": self.class_id, "class": self.class_name, "confidence": self.confidence,
                "n_point": self.n_point, "n_face": self.n_face,
                "box": {"min": self.box[0].tolist(), "max": self.box[1].tolist()}}


@dataclass(frozen=True)
class LevelSegmentation:
    """All parts at one level.

    level : 1, 2 or 3
    semantic, instance : (N,) int64 class and part id of each point
    face_semantic, face_instance : (F,) int64 of each face; None for a point cloud
    parts : every id that a point or face carries, in ascending order
    """

    level: int
    semantic: np.ndarray
    instance: np.ndarray
    face_semantic: np.ndarray | None
    face_instance: np.ndarray | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Segmentation:
    """The parts of one shape at the levels that its category has.

    category : PartNet's name
    points, normals : (N, 3) in the units of the input: the points of a cloud, or those sampled on a mesh
    mesh : the input, if it was one
    levels : coarse to fine
    """

    category: str
    points: np.ndarray
    normals: np.ndarray
    mesh: Mesh | None
    levels: tuple[LevelSegmentation, ...]

    def level(self, number: int) -> LevelSegmentation:
        """Level 1, 2 or 3; KeyError where the category lacks it."""
        for level in self.levels:
            if level.level == number:
                return level
        raise KeyError(f"{self.category} has levels {[level.level for level in self.levels]}, not {number}")

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: everything but the arrays of points and faces."""
        return {"format": FORMAT, "version": VERSION, "category": self.category, "n_point": len(self.points),
                "n_face": None if self.mesh is None else len(self.mesh.faces),
                "levels": [{"level": level.level, "parts": [part.to_dict() for part in level.parts]}
                           for level in self.levels]}


def write_segmentation(folder: Path, found: Segmentation, source: str = "") -> list[Path]:
    """Write a segmentation and return the files.

    ``parts.json``: the parts of each level. ``labels.npz``: ``points``, and per level k ``level_k_class`` and
    ``level_k_instance`` of each point, and for a mesh ``face_level_k_class`` and ``face_level_k_instance`` of each
    face in the order of the input. ``level-k.ply``: points coloured by instance, with class and instance as
    properties. ``level-k-mesh.ply``, for a mesh: its faces in the same colours.
    """
    make_folder(folder)
    written = [folder / "parts.json", folder / "labels.npz"]
    write_json(written[0], {"source": source, **found.to_dict()})
    with replacing(written[1]) as temporary:
        np.savez_compressed(temporary, allow_pickle=False, **_label_arrays(found))
    for level in found.levels:
        written.append(folder / f"level-{level.level}.ply")
        write_ply(written[-1], found.points, found.normals, instance_colours(level.semantic, level.instance),
                  {"class": level.semantic, "instance": level.instance})
        if found.mesh is not None and level.face_semantic is not None and level.face_instance is not None:
            written.append(folder / f"level-{level.level}-mesh.ply")
            write_mesh_ply(written[-1], found.mesh.vertices, found.mesh.faces,
                           instance_colours(level.face_semantic, level.face_instance))
    return written


def _label_arrays(found: Segmentation) -> dict[str, np.ndarray]:
    arrays = {"points": found.points}
    for level in found.levels:
        named = {f"level_{level.level}_class": level.semantic, f"level_{level.level}_instance": level.instance,
                 f"face_level_{level.level}_class": level.face_semantic,
                 f"face_level_{level.level}_instance": level.face_instance}
        arrays.update({name: values.astype(np.int32) for name, values in named.items() if values is not None})
    return arrays
