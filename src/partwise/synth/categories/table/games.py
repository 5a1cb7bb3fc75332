"""Tables for games and picnics: table tennis, pool, picnic tables with benches."""

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.chance import between, chance, pick
from partwise.synth.joinery.cells import Cell, around, board
from partwise.synth.joinery.legs import LegStyle, leg, leg_style
from partwise.synth.parts import Part, paths_below
from partwise.synth.placing import join, move
from partwise.synth.solids import ball, beam, box, cylinder, rounded_box

_path = paths_below("Table", "table")

NET = _path("game_table/ping_pong_table/ping_pong_net")
TENNIS_TOP = _path("game_table/ping_pong_table/tabletop/tabletop_surface")
TENNIS_BAR = _path("game_table/ping_pong_table/table_base/regular_leg_base/bar_stretcher")
TENNIS_LEG = _path("game_table/ping_pong_table/table_base/regular_leg_base/leg")
TENNIS_BASE = _path("game_table/ping_pong_table/table_base")
BALL = _path("game_table/pool_table/pool_ball")
POOL_TOP = _path("game_table/pool_table/tabletop/tabletop_surface")
POOL_FRAME = _path("game_table/pool_table/tabletop/tabletop_frame")
POOL_BAR = _path("game_table/pool_table/tabletop/tabletop_frame/bar")
POOL_LEG = _path("game_table/pool_table/table_base/regular_leg_base/leg")
PICNIC_TOP = _path("picnic_table/regular_table/tabletop/tabletop_surface")
PICNIC_LEG = _path("picnic_table/regular_table/table_base/regular_leg_base/leg")
PICNIC_BASE = _path("picnic_table/regular_table/table_base/regular_leg_base")
BENCH = _path("picnic_table/bench")
BENCH_CONNECTOR = _path("picnic_table/bench_connector")


def table_tennis(random: np.random.Generator) -> list[Part]:
    """A board or two halves, a net with posts across the middle, legs with stretchers; its length along x or z."""
    width, depth, height = between(random, 2.4, 2.8), between(random, 1.3, 1.55), 0.76
    thick = between(random, 0.02, 0.05)
    top = around(width, thick, depth, height - thick)
    halves = top.columns(np.ones(2), between(random, 0.004, 0.02)) if chance(random, 0.6) else [top]
    parts = [Part(TENNIS_TOP, board(half, 0.003)) for half in halves]
    over, high = between(random, 0.0, 0.15), 0.155
    net = [board(Cell(-0.003, 0.003, height - 0.001, height + high, -depth / 2 - over, depth / 2 + over))]
    net += [move(cylinder(0.012, high + 0.03, 10), (0, height + high / 2 - 0.015, side * (depth / 2 + over - 0.005)))
            for side in (-1, 1)]
    if over > 0.02:
        net += [move(box((0.04, 0.02, over + 0.05)), (0, height - thick - 0.005, side * (depth / 2 + over / 2 - 0.02)))
                for side in (-1, 1)]
    parts.append(Part(NET, join(*net)))
    parts += _tennis_legs(random, width, depth, height - thick)
    if chance(random, 0.3):
        strip = around(width - 0.1, 0.06, depth - 0.1, height - thick - 0.06)
        parts += [Part(TENNIS_BASE, board(strip._replace(front=strip.back + 0.02)), is_other=True),
                  Part(TENNIS_BASE, board(strip._replace(back=strip.front - 0.02)), is_other=True)]
    return parts


def _tennis_legs(random: np.random.Generator, width: float, depth: float, below: float) -> list[Part]:
    style = leg_style(random, between(random, 0.035, 0.07), pick(random, {"square": 3, "round": 1}))
    xs = [-0.42, 0.42] if chance(random, 0.5) else [-0.44, -0.08, 0.08, 0.44]
    z, parts = depth * between(random, 0.3, 0.42), []
    high = between(random, 0.15, 0.9) * below
    for x in xs:
        parts += [Part(TENNIS_LEG, leg(style, (x * width, below + 0.001, side * z), (x * width, 0, side * z)))
                  for side in (-1, 1)]
        parts.append(Part(TENNIS_BAR, beam((x * width, high, -z), (x * width, high, z), 0.03, 0.04, up=(0, 1, 0))))
    return parts


def pool_table(random: np.random.Generator) -> list[Part]:
    """A bed of cloth in a frame of cushions with pockets, on four or six heavy legs; often with balls."""
    width, depth, height = between(random, 1.9, 2.8), between(random, 1.0, 1.5), between(random, 0.76, 0.86)
    rail, thick, deep = between(random, 0.1, 0.16), between(random, 0.04, 0.07), between(random, 0.1, 0.28)
    bed = around(width, 0.03, depth, height - 0.07).grown(x=0.01 - rail, z=0.01 - rail)
    parts = [Part(POOL_TOP, board(bed))]
    frame = around(width, thick, depth, height - thick)
    pocket = 0.05
    for side in (-1, 1):
        z = side * (depth - rail) / 2
        half = width / 2 - rail - 1.5 * pocket
        for along in (-1, 1):
            bar = rounded_box((half, thick, rail), 0.25 * thick, 2)
            parts.append(Part(POOL_BAR, move(bar, (along * (half / 2 + 0.7 * pocket), frame.centre[1], z))))
        end = rounded_box((rail, thick, depth - 2 * rail - 0.5 * pocket), 0.25 * thick, 2)
        parts.append(Part(POOL_BAR, move(end, (side * (width - rail) / 2, frame.centre[1], 0))))
    parts += _pool_apron(random, width, depth, height - thick, deep, rail)
    parts += _pool_legs(random, width, depth, height - thick - deep)
    return parts + (_balls(random, bed) if chance(random, 0.85) else [])


def _pool_apron(random: np.random.Generator, width: float, depth: float, top: float, deep: float,
                rail: float) -> list[Part]:
    """The skirt below the cushions, and corner pockets."""
    skirt = around(width - 0.04, deep, depth - 0.04, top - deep + 0.002)
    inner = skirt.grown(x=-0.03, z=-0.03)
    panels = [skirt._replace(right=inner.left), skirt._replace(left=inner.right),
              skirt._replace(back=inner.front).grown(x=-0.03), skirt._replace(front=inner.back).grown(x=-0.03)]
    parts = [Part(POOL_BAR, board(panel)) for panel in panels]
    spots = [(x, z) for x in (-(width - rail) / 2, 0.0, (width - rail) / 2)
             for z in (-(depth - rail) / 2, (depth - rail) / 2)]
    if chance(random, 0.7):
        cup = cylinder(0.6 * rail, 0.09, 16)
        parts += [Part(POOL_FRAME, move(cup, (x, top + 0.01, z)), is_other=True) for x, z in spots]
    return parts


def _pool_legs(random: np.random.Generator, width: float, depth: float, below: float) -> list[Part]:
    thick = between(random, 0.1, 0.2)
    style = leg_style(random, thick, pick(random, {"turned": 3, "square": 3, "cabriole": 1, "round": 1}))
    xs = [-1, 1] if chance(random, 0.75) else [-1, 0, 1]
    x, z = width / 2 - 0.5 * thick - 0.025, depth / 2 - 0.5 * thick - 0.025
    return [Part(POOL_LEG, leg(style, (at * x, below + 0.01, side * z), (at * x, 0, side * z), (at or 0.1, side)))
            for at in xs for side in (-1, 1)]


def _balls(random: np.random.Generator, bed: Cell) -> list[Part]:
    """A rack of balls in a triangle, or scattered ones."""
    radius, shape = 0.029, ball(0.029, 8)
    if chance(random, 0.5):
        spots = [(0.2 * bed.width + row * 1.74 * radius, (2 * column - row) * radius)
                 for row in range(5) for column in range(row + 1)]
    else:
        spots = [(between(random, -0.4, 0.4) * bed.width, between(random, -0.4, 0.4) * bed.depth)
                 for _ in range(int(random.integers(1, 10)))]
    return [Part(BALL, move(shape, (x, bed.top + radius - 0.001, z))) for x, z in spots]


def picnic_table(random: np.random.Generator) -> list[Part]:
    """Planks on A-frames that carry a bench at both sides, or separate benches."""
    width, depth, height = between(random, 1.3, 2.2), between(random, 0.65, 0.85), between(random, 0.7, 0.78)
    thick, seat = between(random, 0.03, 0.05), between(random, 0.4, 0.46)
    out, x = depth / 2 + between(random, 0.18, 0.3), width * between(random, 0.3, 0.4)
    top = around(width, thick, depth, height - thick)
    parts = [Part(PICNIC_TOP, _planks(random, top))]
    plank = LegStyle("square", 0.04, 0.04, 2.4, 0.0, 0.0, np.zeros((2, 2)))
    foot_z = out + between(random, -0.12, 0.08)
    for end in (-x, x):
        for side in (-1, 1):
            parts.append(Part(PICNIC_LEG, leg(plank, (end, height - thick, side * 0.35 * depth),
                                              (end, 0, side * foot_z))))
        arm = board(Cell(end - 0.02, end + 0.02, seat - thick - 0.09, seat - thick, -out - 0.1, out + 0.1))
        parts.append(Part(BENCH_CONNECTOR, move(arm, (0.04 if end < 0 else -0.04, 0.001, 0))))
    for side in (-1, 1):
        room = around(width, thick, between(random, 0.2, 0.28), seat - thick)
        parts.append(Part(BENCH, move(_planks(random, room), (0, 0, side * out))))
    if chance(random, 0.5):
        y = height - thick - 0.04
        parts += [Part(PICNIC_BASE, beam((end, y, -0.42 * depth), (end, y, 0.42 * depth), 0.04, 0.08, up=(0, 1, 0)),
                       is_other=True) for end in (-x, x)]
    return parts


def _planks(random: np.random.Generator, room: Cell) -> Mesh:
    """Planks along x side by side, as one part."""
    count = max(1, round(room.depth / between(random, 0.11, 0.16)))
    strips = room._replace(left=room.back, right=room.front).columns(np.ones(count), 0.008 if count > 1 else 0)
    return join(*(board(room._replace(back=strip.left, front=strip.right), 0.003) for strip in strips))
