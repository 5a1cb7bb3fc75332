"""The parts found in one shape."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from partwise.config import Up
from partwise.mesh import Mesh
from partwise.taxonomy import Taxonomy


@dataclass(frozen=True)
class Part:
    """One instance at one level.

    id : its number at this level, as in the ``instance`` arrays
    class_id, class_name : its class; 0, "other", for points of no listed part
    confidence : of its class and extent, in [0, 1]: 1 - mean entropy of the class probabilities over its points, or
        with a model that has learnt it the IoU to expect
    n_point, n_face : points and, for a mesh, faces that carry its id
    box : (2, 3) lower and upper corner of its points, in the units of the input
    parent : id of the part at the next coarser level that holds it; None where there is none, as at level 1, or
        where the levels were not made to agree
    """

    id: int
    class_id: int
    class_name: str
    confidence: float
    n_point: int
    n_face: int | None
    box: np.ndarray
    parent: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"id": self.id, "class_id": self.class_id, "class": self.class_name, "confidence": self.confidence,
                "n_point": self.n_point, "n_face": self.n_face, "parent": self.parent,
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
class SegmentedShape:
    """The parts of one shape at the levels that its category has.

    taxonomy : what the classes are
    points, normals : (N, 3) in the units of the input: the points of a cloud, or those sampled on a mesh
    mesh : the input, if it was one; where faces were split, with smaller ones in place of those that span parts
    source_face : (F,) int64 the face of the input that each face of ``mesh`` is or is a piece of; None for a cloud
    levels : coarse to fine
    levels_agree : whether every part lies in one part of the next coarser level (``part_tree`` then gives the tree)
    up : axis of the input that was taken to point up
    """

    taxonomy: Taxonomy
    points: np.ndarray
    normals: np.ndarray
    mesh: Mesh | None
    source_face: np.ndarray | None
    levels: tuple[LevelSegmentation, ...]
    levels_agree: bool = False
    up: Up = "y"

    @property
    def category(self) -> str:
        """PartNet's name, or that of a taxonomy of one's own."""
        return self.taxonomy.category

    def level(self, number: int) -> LevelSegmentation:
        """Level 1, 2 or 3; KeyError where the category lacks it."""
        for level in self.levels:
            if level.level == number:
                return level
        raise KeyError(f"{self.category} has levels {[level.level for level in self.levels]}, not {number}")
