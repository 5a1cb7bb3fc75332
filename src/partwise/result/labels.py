"""The labels of a segmentation in a form that is easy to change, and the segmentation that they make."""

from dataclasses import dataclass, replace

import numpy as np

from partwise.result.parts import LevelSegmentation, Part
from partwise.result.segmentation import Segmentation
from partwise.taxonomy import OTHER, Level


@dataclass
class Labels:
    """What every point and face is at every level; a change is made in place.

    levels : the L levels of the category, coarse to fine
    ids : (L, N + F) int64 part of each point, and then of each face
    classes, confidence : by level, of each id; an id that no point and no face has is no part
    """

    levels: list[Level]
    ids: np.ndarray
    classes: list[np.ndarray]
    confidence: list[np.ndarray]

    @classmethod
    def of(cls, found: Segmentation) -> "Labels":
        """A copy of the labels of a segmentation."""
        ids = np.stack([level.instance if level.face_instance is None
                        else np.concatenate([level.instance, level.face_instance]) for level in found.levels])
        classes, confidence = list[np.ndarray](), list[np.ndarray]()
        for level in found.levels:
            known = [part.id for part in level.parts]
            classes.append(np.zeros(max(known) + 1, np.int64))
            confidence.append(np.zeros(max(known) + 1))
            classes[-1][known] = [part.class_id for part in level.parts]
            confidence[-1][known] = [part.confidence for part in level.parts]
        return cls([found.taxonomy.level(level.level) for level in found.levels], ids, classes, confidence)

    def class_of(self, row: int) -> np.ndarray:
        """(N + F,) class of each point and face at a level."""
        found: np.ndarray = self.classes[row][self.ids[row]]
        return found

    def path(self, row: int, class_id: int) -> str | None:
        """The part path of a class; None for other."""
        return None if class_id == OTHER else self.levels[row].paths[class_id - 1]

    def same_class(self, row: int, class_id: int, there: int) -> int | None:
        """The class at level ``there`` of the very part that is a class at level ``row``; None if it lists none."""
        path = self.path(row, class_id)
        return None if path is None else self.levels[there].class_of.get(path)

    def add(self, row: int, class_id: int, confidence: float) -> int:
        """A new id, of a part that is still without points and faces."""
        self.classes[row] = np.append(self.classes[row], class_id)
        self.confidence[row] = np.append(self.confidence[row], confidence)
        return len(self.classes[row]) - 1

    def segmentation(self, found: Segmentation) -> Segmentation:
        """The segmentation ``found`` with these labels."""
        return replace(found, levels=tuple(self._level(row, found) for row in range(len(self.levels))))

    def _level(self, row: int, found: Segmentation) -> LevelSegmentation:
        count = len(found.points)
        ids, classes = self.ids[row], self.class_of(row)
        parts = tuple(self._part(row, int(id), found) for id in np.unique(ids))
        meshed = found.mesh is not None
        return LevelSegmentation(self.levels[row].number, classes[:count], ids[:count],
                                 classes[count:] if meshed else None, ids[count:] if meshed else None, parts)

    def _part(self, row: int, id: int, found: Segmentation) -> Part:
        own = np.flatnonzero(self.ids[row] == id)
        points, faces = own[own < len(found.points)], own[own >= len(found.points)] - len(found.points)
        places = found.points[points]
        if found.mesh is not None and not len(points):  # so small that no point was sampled on it
            places = found.mesh.vertices[found.mesh.faces[faces]].reshape(-1, 3)
        class_id = int(self.classes[row][id])
        return Part(id, class_id, self.levels[row].names[class_id], float(self.confidence[row][id]), len(points),
                    None if found.mesh is None else len(faces), np.stack([places.min(0), places.max(0)]),
                    self._parent(row, id, own[0]))

    def _parent(self, row: int, id: int, example: int) -> int | None:
        if row == 0 or self.classes[row][id] == OTHER:
            return None
        holder = int(self.ids[row - 1, example])
        return None if self.classes[row - 1][holder] == OTHER else holder
