"""Footrests: a stool of the chair's own, a leg rest that belongs to a recliner, a plate or bar for the feet."""

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.chair.paths import FOOTREST, FOOTREST_BASE, FOOTREST_SUPPORT, FOOTREST_SURFACE
from partwise.synth.categories.chair.plan import Plan
from partwise.synth.categories.chair.shapes import flat_stick, pillar, round_stick, stand, tube_along
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, moved, one
from partwise.synth.placing import join, mirror, move, turn
from partwise.synth.solids import circle, cylinder, rounded_box, rounded_rectangle


def ottoman(random: np.random.Generator, plan: Plan, front: float) -> list[Part]:
    """A stool before the chair, whose rear is near z = ``front``: a cushion, often a support, legs or a post."""
    width, depth = plan.width * between(random, 0.8, 1.05), between(random, 0.35, 0.55)
    top, thick = plan.height - between(random, 0.0, 0.06), between(random, 0.06, 0.14)
    z = front + depth / 2 + between(random, 0.03, 0.2)
    parts = [Part(FOOTREST_SURFACE, move(rounded_box((width, thick, depth), 0.4 * thick), (0, top - thick / 2, z)))]
    under = top - thick + 0.005
    if chance(random, 0.75):
        board = between(random, 0.02, 0.4 * under)
        size = (0.96 * width, board, 0.96 * depth)
        parts.append(Part(FOOTREST_SUPPORT, move(rounded_box(size, 0.01, 2), (0, under - board / 2, z))))
        under -= board - 0.003
    return one(FOOTREST, [*parts, Part(FOOTREST_BASE, _stool_base(random, width, depth, under, z))])


def _stool_base(random: np.random.Generator, width: float, depth: float, height: float, z: float) -> Mesh:
    if chance(random, 0.25):
        plate, post = cylinder(0.36 * width, 0.02), cylinder(0.03, height, 12)
        return join(move(plate, (0, 0.01, z)), move(post, (0, height / 2, z)))
    size = between(random, 0.012, 0.03)
    section = pick(random, {"round": 1, "square": 1})
    mesh = pillar([size * between(random, 0.5, 1), size], circle(10) if section == "round" else rounded_rectangle(2, 2))
    x, reach = width / 2 - 2 * size, depth / 2 - 2 * size
    legs = [stand(mesh, (x, 0, z + side * reach), (x, height, z + side * reach)) for side in (1, -1)]
    return join(*legs, *(mirror(leg) for leg in legs))


def leg_rest(random: np.random.Generator, plan: Plan, front: float) -> list[Part]:
    """A pad that has swung up before a recliner's seat, on a board and two links."""
    width, long = plan.width * between(random, 0.8, 1), between(random, 0.28, 0.45)
    thick, tilt = between(random, 0.04, 0.1), between(random, 0, 65)
    tilt = min(tilt, float(np.degrees(np.arcsin(np.clip((plan.height - thick - 0.06) / long, 0, 1)))))
    hinge = (0, plan.height - 0.5 * thick, front + 0.01)
    pad = move(rounded_box((width, thick, long), 0.45 * thick), (0, 0, long / 2))
    parts = [Part(FOOTREST_SURFACE, pad)]
    if chance(random, 0.8):
        board = move(rounded_box((0.9 * width, 0.02, 0.9 * long), 0.005, 1), (0, -thick / 2 - 0.006, long / 2))
        parts.append(Part(FOOTREST_SUPPORT, board))
    parts = moved(parts, lambda mesh: move(turn(mesh, "x", tilt), hinge))
    if chance(random, 0.7):
        stick, x = flat_stick(0.012, 0.03, points=2), 0.35 * width
        end = turn(pad, "x", tilt).vertices.mean(0) + hinge - [0, 0.5 * thick, 0]
        link = stick.run((x, plan.under - 0.03, front - 0.12), (x, end[1], end[2]), up=(0, 1, 0))
        parts.append(Part(FOOTREST_BASE, join(link, mirror(link))))
    return one(FOOTREST, parts)


def foot_plate(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A plate or bar for the feet on two bars from under the seat's front."""
    front = plan.depth / 2
    y, z = max(plan.height - between(random, 0.3, 0.42), 0.05), front + between(random, 0.06, 0.2)
    x = 0.32 * plan.width
    stick = round_stick(0.009, 2)
    bar = stick.run((x, plan.under + 0.004, front - 0.08), (x, y, z))
    parts = [Part(FOOTREST_BASE, join(bar, mirror(bar)))]
    if chance(random, 0.5):
        plate = turn(rounded_box((2 * x + 0.06, 0.015, between(random, 0.1, 0.2)), 0.004, 1), "x",
                     between(random, 0, 25))
        return one(FOOTREST, [*parts, Part(FOOTREST_SURFACE, move(plate, (0, y, z)))])
    rest = tube_along(np.array([[-x - 0.03, y, z], [x + 0.03, y, z]]), between(random, 0.01, 0.018))
    return one(FOOTREST, [*parts, Part(FOOTREST_SURFACE, rest)])


def foot_ring(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A ring about a bar stool's column, held by spokes."""
    y, radius = plan.height * between(random, 0.3, 0.45), between(random, 0.13, 0.19)
    angle = np.linspace(0, 2 * np.pi, 25)[:-1]
    ring = np.stack([radius * np.cos(angle), np.full(24, y), radius * np.sin(angle)], 1)
    spoke = round_stick(0.007, 2).run((0, y, 0), (0, y, radius), up=(0, 1, 0))
    spokes = join(*(turn(spoke, "y", 120 * index) for index in range(3)))
    return one(FOOTREST, [Part(FOOTREST_SURFACE, tube_along(ring, 0.01, closed=True)), Part(FOOTREST_BASE, spokes)])

