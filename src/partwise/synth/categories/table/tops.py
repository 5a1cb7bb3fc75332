"""Table tops: their outlines, and what they are made of."""

from typing import NamedTuple

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.table.paths import BAR, BOARD, DROPLEAF, FRAME_BAR, GLASS, SURFACE
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.cells import Cell, around, board
from partwise.synth.parts import Part
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import circle, cylinder, loft, prism, rounded_rectangle

STRAIGHT = {"rectangle": 8, "rounded": 2.5, "boat": 0.6, "chamfered": 0.5, "curved": 0.4}
ROUND = {"circle": 5, "ellipse": 1.5, "polygon": 0.6, "super": 0.7}
KINDS = {"board": 9, "glass": 1.8, "framed": 1.2, "framed_glass": 0.8, "slats": 1.6, "tiles": 0.45, "split": 0.5,
         "double": 0.9}


class Size(NamedTuple):
    """Of a whole table: x, y and z; y is the height of the upper side of its top."""

    width: float
    height: float
    depth: float


class Top(NamedTuple):
    """A table top: its parts, the height of its lower side, its outline (m, 2), and whether it is round."""

    parts: list[Part]
    below: float
    outline: np.ndarray
    round: bool

    @property
    def corner(self) -> float:
        """Share of its width and depth at which corners are still below it: 1 for a rectangle, 0.7 for a disc."""
        return float((np.abs(self.outline) / np.abs(self.outline).max(0)).min(1).max())


def outline(random: np.random.Generator, size: Size, kind: str) -> np.ndarray:
    """(m, 2) points in x and z about the origin, counter-clockwise."""
    half = np.array([size.width, size.depth]) / 2
    if kind == "rounded":
        corner = between(random, 0.02, 0.5) * min(size.width, size.depth)
        return rounded_rectangle(size.width, size.depth, corner, 6)
    if kind == "chamfered":
        cut = 0.12 * half.min() * 2
        x, z = half
        return np.array([[x, z - cut], [x - cut, z], [cut - x, z], [-x, z - cut], [-x, cut - z], [cut - x, -z],
                         [x - cut, -z], [x, cut - z]])
    if kind in ("boat", "curved"):
        along, bow = np.linspace(1, -1, 13), between(random, 0.05, 0.2) * (1 if kind == "boat" else -0.6)
        z = half[1] * (1 - max(bow, 0) + bow * (1 - along**2))
        return np.concatenate([np.stack([half[0] * along, z], 1), np.stack([-half[0] * along, -z], 1)])
    if kind == "polygon":
        return half * circle(int(random.choice([6, 8, 12])))
    ring = circle(40)
    if kind == "super":
        ring = np.sign(ring) * np.abs(ring) ** between(random, 0.4, 0.8)
    return half * ring


def half_round(size: Size) -> np.ndarray:
    """A half disc whose straight side is at the back."""
    angle = np.linspace(0, np.pi, 25)
    ring = np.stack([np.cos(angle), np.sin(angle)], 1) * [size.width / 2, size.depth]
    return ring - [0, size.depth / 2]


def slab(shape: np.ndarray, thickness: float, edge: str = "plain") -> Mesh:
    """A plate from y = -thickness to 0 with an edge: plain, bevel, under (cut below), round or ogee."""
    profiles: dict[str, list[tuple[float, float]]] = {
        "plain": [(-1, 0), (0, 0)], "bevel": [(-1, 0), (-0.25, 0), (0, 0.25)],
        "under": [(-1, 1.2), (-0.35, 0), (0, 0)],
        "round": [(-1, 0.35), (-0.8, 0.1), (-0.5, 0), (-0.2, 0.1), (0, 0.35)],
        "ogee": [(-1, 0.6), (-0.6, 0.5), (-0.5, 0.15), (-0.2, 0), (0, 0.1)]}
    reach = np.abs(shape).max(0)
    rings = [np.stack([ring[:, 0], np.full(len(ring), rise * thickness), ring[:, 1]], 1)
             for rise, inset in profiles[edge] for ring in [shape * (1 - inset * thickness / reach)]]
    return loft(np.stack(rings))


def make_top(random: np.random.Generator, size: Size, kinds: dict[str, float] = KINDS,
             shapes: dict[str, float] | None = None) -> Top:
    """A top whose upper side is at the height of the table."""
    shape = pick(random, shapes or {**STRAIGHT, **ROUND})
    is_round = shape in ROUND
    if shape in ("circle", "polygon"):
        size = size._replace(width=min(size.width, size.depth * 1.3), depth=min(size.width, size.depth * 1.3))
    kind = pick(random, kinds)
    if shape not in ("rectangle", "rounded") and kind not in ("glass", "double"):
        kind = "framed_glass" if kind == "framed_glass" and is_round else "board"
    border = outline(random, size, "rectangle" if kind in ("framed", "slats", "tiles", "split") else shape)
    if shape == "rectangle" or kind in ("framed", "slats", "tiles", "split"):
        border = rounded_rectangle(size.width, size.depth)
    parts, below = _BUILD[kind](random, size, border)
    if kind == "double":  # what stands below fits the lower plate
        border = border * np.abs(parts[-1].mesh.vertices[:, [0, 2]]).max(0) / np.abs(border).max(0)
    return Top(parts, below, border, is_round)


def edge_kind(random: np.random.Generator) -> str:
    return pick(random, {"plain": 6, "bevel": 1.5, "under": 1, "round": 1, "ogee": 0.6})


def _board(random: np.random.Generator, size: Size, border: np.ndarray) -> tuple[list[Part], float]:
    thick = between(random, 0.015, 0.05) * (1.6 if chance(random, 0.15) else 1)
    return [Part(BOARD, move(slab(border, thick, edge_kind(random)), (0, size.height, 0)))], size.height - thick


def _glass(random: np.random.Generator, size: Size, border: np.ndarray) -> tuple[list[Part], float]:
    thick = between(random, 0.006, 0.014)
    return [Part(GLASS, move(slab(border, thick), (0, size.height, 0)))], size.height - thick


def _double(random: np.random.Generator, size: Size, border: np.ndarray) -> tuple[list[Part], float]:
    """A plate on a smaller or larger second one."""
    upper, lower = between(random, 0.012, 0.03), between(random, 0.012, 0.05)
    parts = [Part(pick(random, {BOARD: 3, GLASS: 1}), move(slab(border, upper), (0, size.height, 0))),
             Part(BOARD, move(slab(border * between(random, 0.88, 1.02), lower), (0, size.height - upper, 0)))]
    return parts, size.height - upper - lower


def frame_bars(room: Cell, wide: float, bevel: float = 0.0) -> list[Part]:
    """Four bars around a flat cell, as a picture frame."""
    inner = room.grown(x=-wide, z=-wide)
    bars = [room._replace(back=inner.front), room._replace(front=inner.back),
            room._replace(right=inner.left, back=inner.back, front=inner.front),
            room._replace(left=inner.right, back=inner.back, front=inner.front)]
    return [Part(FRAME_BAR, board(bar, bevel)) for bar in bars]


def _framed(random: np.random.Generator, size: Size, border: np.ndarray) -> tuple[list[Part], float]:
    thick, wide = between(random, 0.02, 0.06), between(random, 0.03, 0.1)
    room = around(size.width, thick, size.depth, size.height - thick)
    field = room.grown(x=-wide, z=-wide)._replace(top=room.top - pick(random, {0.0: 2, 0.3 * thick: 1, -0.004: 1}))
    return [*frame_bars(room, wide, 0.003), Part(BOARD, board(field))], room.bottom


def _framed_glass(random: np.random.Generator, size: Size, border: np.ndarray) -> tuple[list[Part], float]:
    """A low rim around a pane, which is at the lower side so that legs and columns reach it."""
    thick, wide = between(random, 0.01, 0.025), between(random, 0.03, 0.09)
    if len(border) > 4:
        inner = border * (1 - wide / np.abs(border).max(0))
        ring = _ring(border, inner, thick)
        pane = slab(inner * 1.01, 0.008)
        return [Part(FRAME_BAR, move(ring, (0, size.height, 0))),
                Part(GLASS, move(pane, (0, size.height - thick + 0.008, 0)))], size.height - thick
    room = around(size.width, thick, size.depth, size.height - thick)
    inset = room.grown(x=0.005 - wide, z=0.005 - wide)._replace(top=room.bottom + 0.008)
    return [*frame_bars(room, wide, 0.003), Part(GLASS, board(inset))], room.bottom


def _ring(outer: np.ndarray, inner: np.ndarray, thick: float) -> Mesh:
    """A flat band between two outlines of the same number of points, from y = -thick to 0."""
    def at(line: np.ndarray, y: float) -> np.ndarray:
        return np.stack([line[:, 0], np.full(len(line), y), line[:, 1]], 1)

    return loft(np.stack([at(outer, -thick), at(outer, 0), at(inner, 0), at(inner, -thick)]), closed=True)


def _slats(random: np.random.Generator, size: Size, border: np.ndarray) -> tuple[list[Part], float]:
    """Planks with gaps, along or across, with or without a frame."""
    thick, gap = between(random, 0.015, 0.035), between(random, 0.004, 0.02)
    room = around(size.width, thick, size.depth, size.height - thick)
    parts: list[Part] = []
    if chance(random, 0.45):
        parts, room = frame_bars(room, 0.06), room.grown(x=-0.058, z=-0.058)
    else:
        parts = _battens(room)
    span = room.depth if chance(random, 0.6) else room.width
    strips = np.ones(int(np.clip(span / between(random, 0.06, 0.14), 3, 14)))
    if span == room.width:
        return parts + [Part(BAR, board(strip, 0.002)) for strip in room.columns(strips, gap)], room.bottom
    turned = room._replace(left=room.back, right=room.front).columns(strips, gap)
    return parts + [Part(BAR, board(room._replace(back=strip.left, front=strip.right), 0.002))
                    for strip in turned], room.bottom


def _battens(room: Cell) -> list[Part]:
    """Two bars in each direction below the slats."""
    low = room._replace(bottom=room.bottom - 0.02, top=room.bottom + 0.001).grown(x=-0.04, z=-0.04)
    return frame_bars(low, 0.04)


def _tiles(random: np.random.Generator, size: Size, border: np.ndarray) -> tuple[list[Part], float]:
    """A frame with a grid of tiles on a board."""
    thick, wide = between(random, 0.025, 0.05), between(random, 0.03, 0.07)
    room = around(size.width, thick, size.depth, size.height - thick)
    field = room.grown(x=-wide, z=-wide)
    tiles = field._replace(bottom=room.top - 0.012)
    across, deep = int(random.integers(2, 6)), int(random.integers(1, 4))
    parts = frame_bars(room, wide, 0.003)
    for column in tiles.columns(np.ones(across), 0.004):
        for strip in column._replace(left=column.back, right=column.front).columns(np.ones(deep), 0.004):
            parts.append(Part(BOARD, board(column._replace(back=strip.left, front=strip.right), 0.002)))
    bed = board(field._replace(top=tiles.bottom))
    return [*parts, Part(SURFACE, bed, is_other=True)], room.bottom


def _split(random: np.random.Generator, size: Size, border: np.ndarray) -> tuple[list[Part], float]:
    """Two or three boards, as in a table that can be pulled out."""
    thick, count = between(random, 0.02, 0.045), int(random.integers(2, 4))
    room = around(size.width, thick, size.depth, size.height - thick)
    return [Part(BOARD, board(cell, 0.003)) for cell in room.columns(np.ones(count), between(random, 0.001, 0.003))
            ], room.bottom


_BUILD = {"board": _board, "glass": _glass, "framed": _framed, "framed_glass": _framed_glass, "slats": _slats,
          "tiles": _tiles, "split": _split, "double": _double}


def drop_leaves(random: np.random.Generator, top: Top, size: Size) -> list[Part]:
    """Leaves at both ends or sides, hanging or raised; half round at round tables."""
    thick, raised = size.height - top.below, chance(random, 0.35)
    ends = chance(random, 0.5)
    span, start = (size.depth, size.width / 2) if ends else (size.width, size.depth / 2)
    reach = between(random, 0.25, 0.5) * min(span, 0.9 * size.height)
    if chance(random, 0.4):
        angle = np.linspace(-np.pi / 2, np.pi / 2, 17)
        shape = np.stack([reach * np.cos(angle), span / 2 * np.sin(angle)], 1)
    else:
        shape = np.array([[0, -span / 2], [reach, -span / 2], [reach, span / 2], [0, span / 2]])
    leaf = move(prism(shape, thick), (0.003, -thick / 2, 0))
    leaf = leaf if raised else turn(leaf, "z", -between(random, 80, 92))
    leaf = move(leaf, (start, size.height, 0))
    parts = [Part(DROPLEAF, turn(leaf, "y", angle)) for angle in (0, 180)]
    if not ends:
        parts = [Part(DROPLEAF, turn(move(turn(part.mesh, "y", 90), (0, 0, 0)), "y", 0)) for part in parts]
    return parts


def apron(random: np.random.Generator, top: Top, x: float, z: float, thick: float) -> tuple[list[Part], float]:
    """Boards on edge under the top, between corners at (x, z); a band at round tops. Also their height."""
    high = between(random, 0.04, 0.12)
    if top.round:
        wide = np.abs(top.outline).max(0)
        inset = between(random, 0.8, 0.93)
        band = _ring(top.outline * inset, top.outline * (inset - 0.02 / wide), high)
        return [Part(FRAME_BAR, move(band, (0, top.below + 0.001, 0)))], high
    arch = between(random, 0.2, 0.5) if chance(random, 0.15) else 0.0
    parts = []
    for side in (-1, 1):
        parts.append(Part(FRAME_BAR, move(_rail(2 * x, high, thick, arch), (0, top.below, side * z))))
        parts.append(Part(FRAME_BAR, move(turn(_rail(2 * z, high, thick, arch), "y", 90), (side * x, top.below, 0))))
    return parts, high


def _rail(length: float, high: float, thick: float, arch: float) -> Mesh:
    """A board on edge along x, from y = -high to 0; its lower edge is arched."""
    along = np.linspace(-0.5, 0.5, 11 if arch else 2)
    low = -high + arch * high * np.cos(np.pi * along) ** 0.8 * (1 if arch else 0)
    rings = [[(length * at, y, -thick / 2), (length * at, y, thick / 2), (length * at, 0.001, thick / 2),
              (length * at, 0.001, -thick / 2)] for at, y in zip(along, low, strict=True)]
    return loft(np.array(rings))


def standoffs(top_below: float, spots: list[tuple[float, float]], radius: float, height: float) -> list[Mesh]:
    """Short cylinders below a top."""
    return [move(cylinder(radius, height, 12), (x, top_below - height / 2, z)) for x, z in spots]


def merged(parts: list[Part]) -> Mesh:
    return join(*(part.mesh for part in parts))
