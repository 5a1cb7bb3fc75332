"""What a segmenter returns."""

from typing import Any

import trimesh

from partwise.result.document import document
from partwise.result.part_tree import part_tree
from partwise.result.parts import SegmentedShape
from partwise.result.scene import leaf_pieces, parts_scene


class Segmentation(SegmentedShape):
    """The parts of one shape, and the forms in which they are handed on; ``SegmentedShape`` lists the fields."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, as in ``result.json``: everything but the arrays of points and faces."""
        return document(self, part_tree(self))

    def to_trimesh(self) -> trimesh.Scene:
        """A scene of trimesh: a named node a part, nested as the part tree, with the materials of the input."""
        tree = part_tree(self)
        return parts_scene(tree, leaf_pieces(self, tree))
