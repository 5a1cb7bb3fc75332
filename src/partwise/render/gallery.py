"""Many shapes on one sheet, each in the colours of several levels."""

from collections.abc import Sequence

import numpy as np

from partwise.errors import InputError
from partwise.mesh import Mesh
from partwise.render.picture import expose, paint
from partwise.render.scene import ColouredMesh, View
from partwise.render.sheet import contact_sheet

Colour = Sequence[int] | np.ndarray
"""Red, green and blue, 0 to 255."""
Shape = Sequence[tuple[Mesh, Sequence[Colour]]]
"""The parts of a shape, each with its colour in every picture, such as those of levels 1, 2 and 3."""


def gallery(shapes: Sequence[Shape], size: int = 200, view: View | None = None, across: int = 3,
            pictures: Sequence[str] = ("level 1", "level 2", "level 3"), names: Sequence[str] = (),
            heading: str = "") -> np.ndarray:
    """A contact sheet of shapes, each drawn once for every name in ``pictures``, side by side.

    shapes : per shape its parts with their colours, as many as ``pictures``
    size : pixels a side of one picture
    across : shapes in a row
    names : one a shape, written below it; none if empty

    Returns (H, W, 3) uint8. InputError: no shape, a shape without parts, a part with another number of colours.
    """
    if not shapes or across < 1 or (names and len(names) != len(shapes)):
        raise InputError(f"a gallery needs shapes, at least one in a row, and a name for each or for none; found "
                         f"{len(shapes)} shapes, {across} in a row, {len(names)} names")
    count = len(pictures)
    drawn = [image for shape in shapes for image in _drawn(shape, size, view, count)]
    below = [(name if place == count // 2 else "") for name in names or [""] * len(shapes) for place in range(count)]
    starts = range(0, len(drawn), across * count)
    return contact_sheet([drawn[start:start + across * count] for start in starts],
                         [below[start:start + across * count] for start in starts],
                         list(pictures) * min(across, len(shapes)), heading, count)


def _drawn(shape: Shape, size: int, view: View | None, count: int) -> list[np.ndarray]:
    """A shape's pictures; it is lit once and painted in each set of colours."""
    wrong = [len(colours) for _, colours in shape if len(colours) != count]
    if wrong or not shape:
        raise InputError(f"every part of a shape needs {count} colours; found {wrong or 'a shape without parts'}")
    exposure = expose([ColouredMesh(mesh) for mesh, _ in shape], size, view)
    n_face = [len(mesh.faces) for mesh, _ in shape]
    return [paint(exposure, np.repeat(np.array([colours[number] for _, colours in shape], np.uint8), n_face, axis=0))
            for number in range(count)]
