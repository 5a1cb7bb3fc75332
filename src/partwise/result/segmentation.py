"""What a segmenter returns."""

from typing import Any

import trimesh

from partwise.result.document import document
from partwise.result.parts import SegmentedShape
from partwise.result.scene import parts_scene


class Segmentation(SegmentedShape):
    """The parts of one shape, and the forms in which they are handed on; ``SegmentedShape`` lists the fields."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, as in ``result.json``: everything but the arrays of points and faces."""
        return document(self)

    def to_trimesh(self) -> trimesh.Scene:
        """A scene of trimesh: a named node a part, nested as the part tree, with the materials of the input."""
        return parts_scene(self)
