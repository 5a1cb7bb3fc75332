"""Seats: boards, cushions, cushions on frames, slats, saddles and what supports them."""

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.chair.paths import (
    SEAT_BAR,
    SEAT_FRAME,
    SEAT_FRAME_BAR,
    SEAT_PANEL,
    SEAT_SUPPORT,
)
from partwise.synth.categories.chair.plan import Plan
from partwise.synth.categories.chair.shapes import flat_stick, grown, hoop, lay, panel
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, both_sides
from partwise.synth.placing import move, warp
from partwise.synth.solids import cylinder, rounded_box


def slab(plan: Plan, top: float, thick: float, by: float = 0.0, edge: float = 0.3, dome: float = 0.0) -> Mesh:
    """The seat's outline grown by ``by`` as a board whose upper face is at ``top``."""
    return lay(panel(grown(plan.outline, by), thick, edge, dome), top - thick / 2)


def dished(mesh: Mesh, plan: Plan, depth: float) -> Mesh:
    """Hollowed like a saddle: deepest behind the middle, with a ridge between the thighs at the front."""
    def function(points: np.ndarray) -> np.ndarray:
        x, z = 2 * points[:, 0] / plan.width, 2 * points[:, 2] / plan.depth
        hollow = np.clip(1 - x * x, 0, 1) * np.clip(1 - (z + 0.15) ** 2, 0,
                                                    1) - 0.5 * np.exp(-18 * x * x) * np.clip(z, 0, 1)
        return points - np.stack([0 * x, depth * hollow, 0 * x], 1)

    return warp(mesh, function)


def waterfall(mesh: Mesh, plan: Plan, drop: float) -> Mesh:
    """The front edge rolled down."""
    def function(points: np.ndarray) -> np.ndarray:
        ahead = np.clip(points[:, 2] / plan.depth, 0, None) * 2
        return points - np.stack([0 * ahead, drop * ahead ** 4, 0 * ahead], 1)

    return warp(mesh, function)


def seat(random: np.random.Generator, plan: Plan, kind: str | None = None, central: bool = False) -> list[Part]:
    """A seat from ``plan.under`` to ``plan.height``; kind is board, cushion, pad, framed, aprons, slats or tractor.

    central : it stands on a post, so that one that is open in the middle has a plate below
    """
    square = plan.reach == 1.0 and len(plan.outline) < 60
    kind = kind or pick(random, {"board": 4, "cushion": 3.2, "pad": 1.6, "framed": 1.8,
                                   "aprons": 1.6 if square else 0.1, "slats": 0.9 if square else 0.0, "tractor": 0.35})
    maker = {"board": _board, "cushion": _cushion, "pad": _pad, "framed": _framed, "aprons": _aprons,
             "slats": _slats, "tractor": _tractor}[kind]
    parts = maker(random, plan)
    if central and kind in ("framed", "aprons", "slats"):
        return [*parts, Part(SEAT_SUPPORT, slab(plan, plan.under + 0.01, 0.012, -0.008))]
    if kind in ("board", "cushion", "pad", "framed") and chance(random, 0.12):
        parts += seat_supports(random, plan)
    return parts


def _board(random: np.random.Generator, plan: Plan) -> list[Part]:
    mesh = slab(plan, plan.height, plan.thick, edge=between(random, 0, 0.9))
    if chance(random, 0.3):
        mesh = dished(mesh, plan, between(random, 0.2, 0.6) * plan.thick)
    if chance(random, 0.25):
        mesh = waterfall(mesh, plan, between(random, 0.01, 0.04))
    return [Part(SEAT_PANEL, mesh)]


def _cushion(random: np.random.Generator, plan: Plan) -> list[Part]:
    dome = between(random, 0.0, 0.025)
    mesh = slab(plan, plan.height - dome, plan.thick - dome, edge=between(random, 0.4, 0.95), dome=dome)
    return [Part(SEAT_PANEL, waterfall(mesh, plan, between(random, 0, 0.03)))]


def _pad(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A cushion on a board: two surfaces, or the board as its support."""
    board = plan.thick * between(random, 0.3, 0.5)
    path = pick(random, {SEAT_PANEL: 1, SEAT_SUPPORT: 1.3})
    cushion = slab(plan, plan.height - 0.006, plan.thick - board, -between(random, 0, 0.025), 0.9, 0.008)
    return [Part(path, slab(plan, plan.under + board, board)), Part(SEAT_PANEL, cushion)]


def _framed(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A frame about a cushion, cane or board."""
    width = between(random, 0.02, 0.055)
    frame = lay(hoop(plan.outline, width, plan.thick), plan.height - plan.thick / 2)
    rise = between(random, -0.006, 0.02)
    inner = slab(plan, plan.height + rise - 0.004, max(0.5 * plan.thick, 0.012) + rise, 0.004 - width, 0.7,
                 between(random, 0, 0.015))
    return [Part(SEAT_FRAME, frame), Part(SEAT_PANEL, inner)]


def apron_bars(plan: Plan, high: float, low: float, width: float, inset: float) -> list[Part]:
    """Four rails under the seat between the legs' tops."""
    x, z, y = plan.width / 2 - inset, plan.depth / 2 - inset, (low + high) / 2
    stick = flat_stick(width, high - low, points=2)
    near, far = 0.88 * x, x  # seats are often narrower at the rear
    narrow = near if np.ptp(plan.outline[plan.outline[:, 1] > 0.45 * plan.depth, 0]) < 0.93 * plan.width else far
    ends = [Part(SEAT_FRAME_BAR, stick.run((-half, y, at), (half, y, at), up=(0, 1, 0)))
            for half, at in ((far, z), (narrow, -z))]
    return ends + both_sides([Part(SEAT_FRAME_BAR, stick.run((narrow, y, -z), (far, y, z), up=(0, 1, 0)))])


def _aprons(random: np.random.Generator, plan: Plan) -> list[Part]:
    board = between(random, 0.012, max(0.014, 0.5 * plan.thick))
    top = plan.height - board
    rails = apron_bars(plan, top + 0.002, top - between(random, 0.025, 0.07), between(random, 0.012, 0.025),
                       between(random, 0.012, 0.035))
    if chance(random, 0.5):
        return [*rails, Part(SEAT_PANEL, slab(plan, plan.height, board))]
    dome = between(random, 0, 0.02)
    return [*rails, Part(SEAT_PANEL, slab(plan, plan.height - dome, board, edge=0.9, dome=dome))]


def _slats(random: np.random.Generator, plan: Plan) -> list[Part]:
    """Slats from side to side or from front to rear, in a frame or on two bars."""
    count, thick = int(random.integers(4, 13)), between(random, 0.01, 0.02)
    lengthwise = chance(random, 0.4)
    along, across = (plan.depth, plan.width) if lengthwise else (plan.width, plan.depth)
    share = between(random, 0.5, 0.9)
    stick = flat_stick(share * across / count, thick, pick(random, {0.0: 1, 0.3 * thick: 1}))
    dip = between(random, 0.0, 0.025) if chance(random, 0.4) else 0.0
    parts = []
    for at in (np.arange(count) + 0.5) / count * across - across / 2:
        y = plan.height - thick / 2 - (dip * (1 - (2 * at / across) ** 2) if not lengthwise else 0)
        start, end = (((at, y, -along / 2), (at, y, along / 2)) if lengthwise
                      else ((-along / 2, y, at), (along / 2, y, at)))
        parts.append(Part(SEAT_BAR, stick.run(start, end, up=(0, 1, 0), sag=(0, -dip if lengthwise else 0, 0))))
    high = plan.height - thick + 0.002
    if chance(random, 0.5):
        return parts + apron_bars(plan, high, min(high - 0.02, plan.under), between(random, 0.015, 0.03), 0.02)
    frame = lay(hoop(plan.outline, between(random, 0.02, 0.04), plan.thick),
                plan.height - dip - plan.thick / 2 - 0.25 * thick)
    return [*parts, Part(SEAT_FRAME, frame)]


def _tractor(random: np.random.Generator, plan: Plan) -> list[Part]:
    mesh = slab(plan, plan.height, min(plan.thick, 0.025), edge=0.5)

    def pan(points: np.ndarray) -> np.ndarray:
        rise = np.clip(-2 * points[:, 2] / plan.depth, 0, None) ** 2 + 0.5 * (2 * points[:, 0] / plan.width) ** 4
        return points + np.stack([0 * rise, 0.05 * rise, 0 * rise], 1)

    mesh = warp(dished(mesh, plan, between(random, 0.02, 0.05)), pan)
    depth = max(plan.thick - 0.02, 0.02)
    post = move(cylinder(0.05, depth, 14), (0, plan.under + depth / 2 - 0.035, 0))
    return [Part(SEAT_PANEL, mesh), Part(SEAT_SUPPORT, post)]


def seat_supports(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A plate, bars or a cross under the seat."""
    thick = between(random, 0.008, 0.03)
    y = plan.under - thick / 2 + 0.002
    if chance(random, 0.5):
        size = (between(random, 0.4, 0.8) * plan.width * plan.reach, thick,
                between(random, 0.4, 0.8) * plan.depth * plan.reach)
        return [Part(SEAT_SUPPORT, move(rounded_box(size, 0.3 * thick, 1), (0, y, 0)))]
    stick = flat_stick(between(random, 0.02, 0.05), thick, points=2)
    x, z = between(random, 0.2, 0.4) * plan.width * plan.reach, 0.4 * plan.depth * plan.reach
    return both_sides([Part(SEAT_SUPPORT, stick.run((x, y, -z), (x, y, z), up=(0, 1, 0)))])
