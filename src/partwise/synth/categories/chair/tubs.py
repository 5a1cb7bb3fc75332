"""Chairs with a wall bent about the sitter, and chaises longues."""

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.chair.legs import leg_base
from partwise.synth.categories.chair.paths import (
    ARM,
    ARM_SOFA,
    BACK_PANEL,
    PEDESTAL,
    SEAT_FRAME,
    SEAT_PANEL,
    SEAT_SUPPORT,
    SOFA_FOOT,
)
from partwise.synth.categories.chair.plan import Plan, draw_plan, seat_outline
from partwise.synth.categories.chair.shapes import (
    evenly,
    fillet,
    grown,
    lay,
    outline,
    panel,
    shaped,
)
from partwise.synth.categories.chair.stands import foot_base, pedestal_base, star_base
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, one
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import loft, rounded_box


def _wall(path: np.ndarray, low: float, tops: np.ndarray, thick: float, flare: float, edge: float) -> Mesh:
    """A padded wall along a path (k, 2) in x and z, up to ``tops`` (k,), leaning outwards by ``flare``."""
    ahead = np.gradient(path, axis=0)
    normals = np.stack([-ahead[:, 1], ahead[:, 0]], 1) / np.linalg.norm(ahead, axis=1, keepdims=True)
    rings = []
    for point, normal, top in zip(path, normals, tops, strict=True):
        section = outline(thick, top - low, 0.1 * edge * thick, 0.49 * edge * thick, step=9.0)
        reach = section[:, 0] + flare * (section[:, 1] / max(tops.max() - low, 1e-6))
        rings.append(np.stack([point[0] + normal[0] * reach, low + section[:, 1], point[1] + normal[1] * reach], 1))
    return loft(np.stack(rings))


def tub(random: np.random.Generator) -> list[Part]:
    """A wall bent about the sitter, cut into arms and back, with a seat inside, on any base."""
    plan = draw_plan(random, width=(0.52, 0.78), depth=(0.5, 0.72), height=(0.36, 0.5), thick=(0.06, 0.2),
                     shape="square")
    thick = pick(random, {between(random, 0.015, 0.04): 1, between(random, 0.05, 0.15): 3})
    arm, top = plan.height + between(random, 0.08, 0.26), plan.height + between(random, 0.22, 0.5)
    low = pick(random, {plan.under - between(random, 0, 0.08): 3, plan.height - 0.02: 1})
    x, front = plan.width / 2, plan.depth / 2 - pick(random, {0.0: 2, between(random, 0, 0.15): 1})
    corners = np.array([[x, front], [1.02 * x, plan.rear], [-1.02 * x, plan.rear], [-x, front]])
    path = evenly(fillet(corners, between(random, 0.15, 1.0) * x, 10), 37)[::-1]
    share = np.abs(np.linspace(-1, 1, 37))
    ramp = between(random, 0.3, 0.62)
    tops = arm + (max(top, arm) - arm) * np.clip((0.75 - share) / ramp, 0, 1) ** between(random, 0.7, 2)
    tops = tops - np.clip(share - 0.7, 0, 1) * between(random, -0.1, 0.4)
    tops, flare, edge = np.maximum(tops, low + 0.1), between(random, 0, 0.09), between(random, 0.2, 1)
    cut = int(random.integers(9, 14))
    pieces = [_wall(path[start:stop + 1], low, tops[start:stop + 1], thick, flare, edge)
              for start, stop in ((0, cut), (cut, 36 - cut), (36 - cut, 36))]
    inside = grown(np.stack([path[::-1, 0], -path[::-1, 1]], 1), -0.4 * thick)
    back = [Part(BACK_PANEL, pieces[1])]
    if chance(random, 0.12):
        back = [Part(BACK_PANEL, join(*pieces))]
    else:
        back += one(ARM, [Part(ARM_SOFA, pieces[0])]) + one(ARM, [Part(ARM_SOFA, pieces[2])])
    return back + _tub_seat(random, plan, inside) + _tub_base(random, plan, inside)


def _tub_seat(random: np.random.Generator, plan: Plan, inside: np.ndarray) -> list[Part]:
    """A cushion within the wall, often on a body."""
    split = between(random, 0.4, 0.8) * plan.thick if chance(random, 0.6) else 0.0
    dome, thick = between(random, 0, 0.025), plan.thick - split
    cushion = lay(panel(inside, thick, between(random, 0.3, 0.9), dome), plan.height - thick / 2 - dome)
    if split == 0:
        return [Part(SEAT_PANEL, cushion)]
    body = lay(panel(inside, split, 0.1), plan.under + split / 2 + 0.003)
    return [Part(SEAT_PANEL, cushion), Part(pick(random, {SEAT_SUPPORT: 3, SEAT_FRAME: 1}), body)]


def _tub_base(random: np.random.Generator, plan: Plan, inside: np.ndarray) -> list[Part]:
    low = plan.under
    shrunk = Plan(0.9 * plan.width, 0.9 * plan.depth, low + 0.02, 0.02, plan.back, 0, 0.9 * inside, 0.85)
    kind = pick(random, {"solid": 2.5, "feet": 2, "legs": 3, "star": 1.8, "pedestal": 1.4})
    if kind == "solid":
        mesh = lay(panel(grown(inside, between(random, -0.06, 0.03)), low + 0.004, 0.05), (low + 0.004) / 2)
        return [Part(pick(random, {PEDESTAL: 3, SOFA_FOOT: 1}), mesh)]
    if kind == "star":
        return star_base(random, shrunk)
    if kind == "pedestal":
        return pedestal_base(random, shrunk)
    if kind == "legs":
        return leg_base(random, shrunk, extra="none", braced=0.15)
    height = 0.06
    body = lay(panel(inside, low - height + 0.004, 0.05), (low + height + 0.004) / 2)
    return [Part(pick(random, {SEAT_SUPPORT: 2, SOFA_FOOT: 1}), body),
            *foot_base(random, 0.8 * plan.width, 0.8 * plan.depth, height)]


def chaise(random: np.random.Generator) -> list[Part]:
    """A long seat for the legs too, with a sloping back and at most one arm."""
    depth, width, height = between(random, 1.1, 1.6), between(random, 0.55, 0.8), between(random, 0.34, 0.46)
    thick, back = between(random, 0.08, 0.2), between(random, 0.3, 0.5)
    plan = Plan(width, depth, height, thick, back, between(random, 8, 40), seat_outline(random, "square", width, depth))
    seat = panel(outline(width, depth, between(random, 0.01, 0.2), 0.01) - [0, depth / 2], thick,
                 between(random, 0.3, 0.9), 0.01)
    rest = panel(shaped(outline(width, back, 0.01, between(random, 0.01, 0.1))), between(random, 0.06, 0.16), 0.8, 0.02)
    parts = [Part(SEAT_PANEL, lay(seat, height - thick / 2)),
             Part(BACK_PANEL, move(turn(rest, "x", -plan.lean), (0, height - 0.02, plan.rear + 0.05)))]
    if chance(random, 0.4):
        side, long = pick(random, {1: 1, -1: 1}), between(random, 0.3, 0.7) * depth
        arm = rounded_box((0.1, between(random, 0.14, 0.24) + thick, long), 0.03)
        parts += one(ARM, [Part(ARM_SOFA, move(arm, (side * (width / 2 + 0.04), height - 0.02, plan.rear + long / 2)))])
    if chance(random, 0.5):
        return parts + foot_base(random, width, depth, plan.under)
    return parts + leg_base(random, plan, extra="none", braced=0.1)
