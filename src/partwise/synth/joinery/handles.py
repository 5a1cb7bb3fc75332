"""Handles of drawers and doors."""

from typing import NamedTuple

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.chance import between, pick
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import ball, box, circle, cushion, lathe, prism, rod, smooth, torus, tube

KINDS = {"knob": 4, "bow": 3, "bar": 3, "rail": 2, "cup": 1, "ring": 1, "block": 1.5, "lip": 1, "plate": 0.7}


class HandleStyle(NamedTuple):
    """Handles of one shape look alike.

    kind : one of ``KINDS``
    length : along the handle, thickness : across, reach : how far it stands off
    profile : (k, 2) of a knob, radius and height in units of the thickness
    """

    kind: str
    length: float
    thickness: float
    reach: float
    profile: np.ndarray


def handle_style(random: np.random.Generator) -> HandleStyle:
    kind = pick(random, KINDS)
    neck, head = between(random, 0.25, 0.5), between(random, 0.7, 1.2)
    profile = np.array([[neck * 1.4, 0], [neck, 0.15], [neck, 0.5], [head, 0.75], [head, 1], [head * 0.6, 1.15]])
    return HandleStyle(kind, between(random, 0.08, 0.2), between(random, 0.008, 0.016), between(random, 0.02, 0.04),
                       profile)


def handle(style: HandleStyle, room: float = 1.0) -> Mesh:
    """A handle that lies along x, centred, mounted on the plane z = 0 and standing off to +z.

    room : the length that there is for it
    """
    length, thick, reach = min(style.length, 0.7 * room), style.thickness, style.reach
    if style.kind == "knob":
        return turn(lathe(style.profile * [1.2 * thick, reach], 12), "x", 90)
    if style.kind == "bow":
        return _bow(length, thick, reach)
    if style.kind == "bar":
        return _bar(length, thick, reach)
    if style.kind == "rail":
        grip = move(box((length, thick, 0.5 * thick)), (0, 0, reach))
        post = move(box((0.6 * thick, 0.8 * thick, reach)), (0, 0, reach / 2))
        return join(grip, *(move(post, (x, 0, 0)) for x in (-0.46 * length, 0.46 * length)))
    if style.kind == "cup":
        return cushion((max(0.6 * length, 0.05), 0.035, 2 * reach), 0.8, 12)
    if style.kind == "ring":
        ring = turn(torus(0.022, 0.0035, 16), "x", 80)
        return join(move(turn(prism(0.018 * circle(12), 0.005), "x", 90), (0, 0, 0.002)),
                    move(ball(0.007, 8), (0, 0, 0.008)), move(ring, (0, -0.02, 0.011)))
    if style.kind == "block":
        return move(box((max(0.5 * length, 0.02), 1.6 * thick, reach), 0.15 * thick), (0, 0, reach / 2))
    if style.kind == "lip":
        return move(box((0.9 * room, 0.6 * thick, 0.6 * reach)), (0, 0, 0.3 * reach))
    return move(box((length, 2.5 * thick, 0.006)), (0, 0, 0.003))


def _bow(length: float, thick: float, reach: float) -> Mesh:
    half = length / 2
    path = smooth([(-half, 0, 0), (-0.8 * half, 0, 0.75 * reach), (0, 0, reach), (0.8 * half, 0, 0.75 * reach),
                   (half, 0, 0)], 11)
    return tube(path, thick / 2, circle(8))


def _bar(length: float, thick: float, reach: float) -> Mesh:
    half = length / 2
    posts = [rod((x, 0, 0), (x, 0, reach), 0.35 * thick, sides=8) for x in (-0.75 * half, 0.75 * half)]
    return join(rod((-half, 0, reach), (half, 0, reach), thick / 2, sides=10), *posts)
