"""Backs: boards, cushions, posts and rails with bars, slats, lattices, splats and panels, hoops; head rests.

They are made upright, in front of z = 0 and behind it, over y = 0 for the seat's upper face, and then bent and
leant by what `set_back` returns.
"""

from collections.abc import Callable

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.chair.paths import (
    BACK_CONNECTOR,
    BACK_HOOP,
    BACK_PANEL,
    BACK_POST,
    BACK_RAIL,
    BACK_SLAT,
    BACK_SPINDLE,
    BACK_SUPPORT,
    HEAD_CONNECTOR,
    HEADREST,
)
from partwise.synth.categories.chair.plan import Plan
from partwise.synth.categories.chair.shapes import (
    Stick,
    ellipse,
    evenly,
    fillet,
    flat_stick,
    grown,
    hoop,
    outline,
    panel,
    round_stick,
    shaped,
)
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, both_sides, moved
from partwise.synth.placing import move, turn, warp
from partwise.synth.solids import circle, tube

Setting = Callable[[Mesh], Mesh]


def set_back(random: np.random.Generator, plan: Plan, bow: float | None = None, inset: float = 0.012) -> Setting:
    """From the upright plane to the seat's rear: bowed about the sitter, curved along its height and leant."""
    if bow is None:
        bow = pick(random, {0.0: 3, between(random, 0.01, 0.07): 2})
    if plan.reach < 1:
        bow, inset = max(bow, 0.22 * plan.depth), inset + 0.04
    curl, lumbar = pick(random, {0.0: 3, between(random, 0, 0.07): 2}), pick(random, {0.0: 4, 0.015: 1, 0.03: 1})

    def place(points: np.ndarray) -> np.ndarray:
        share = points[:, 1] / plan.back
        ahead = points[:, 2] + bow * (2 * points[:, 0] / plan.width) ** 2
        ahead += lumbar * np.sin(2 * np.pi * np.clip(share, 0, 1)) - curl * np.clip(share, 0, None) ** 2
        return np.stack([points[:, 0], points[:, 1], ahead], 1)

    return lambda mesh: move(turn(warp(mesh, place), "x", -plan.lean), (0, plan.height, plan.rear + inset))


def board_outline(random: np.random.Generator, width: float, height: float) -> np.ndarray:
    """The outline of a back: rectangle, rounded, arched, tapered, waisted, oval or shield."""
    kind = pick(random, {"plain": 4, "rounded": 4, "arch": 1.5, "oval": 0.7, "shield": 0.5})
    if kind == "oval":
        return ellipse(width, height, between(random, 0.6, 1))
    if kind == "arch":
        return outline(width, height, between(random, 0, 0.05), between(random, 0.35, 0.5) * width)
    radius = 0.0 if kind == "plain" else between(random, 0.02, 0.12)
    points = outline(width, height, between(random, 0, radius), radius)
    if kind == "shield":
        return shaped(points, between(random, 1.1, 1.5), 0.0, between(random, 0, 0.06))
    return shaped(points, between(random, 0.78, 1.15), pick(random, {0.0: 3, between(random, 0.03, 0.14): 1}),
                  pick(random, {0.0: 2, between(random, -0.03, 0.07): 1}))


def back(random: np.random.Generator, plan: Plan, kind: str | None = None, head: float = 0.04) -> list[Part]:
    """A back of a kind of `KINDS` on the seat's rear; ``head`` is the chance of a head rest."""
    kind = kind or pick(random, {"board": 5, "cushion": 2.2, "bars": 3.4, "ladder": 2.6, "lattice": 0.8, "filled": 2,
                                   "hoop": 1.6, "splat": 1.0, "rail": 1.3})
    parts = KINDS[kind](random, plan)
    if chance(random, head):
        parts += headrest(random, plan)
    return moved(parts, set_back(random, plan))


def _board(random: np.random.Generator, plan: Plan) -> list[Part]:
    thick = between(random, 0.008, 0.045)
    return _lifted(random, plan, thick, edge=between(random, 0, 0.9), dome=0.0)


def _cushion(random: np.random.Generator, plan: Plan) -> list[Part]:
    thick = between(random, 0.03, 0.09)
    return _lifted(random, plan, thick, edge=between(random, 0.4, 0.95), dome=between(random, 0, 0.03))


def _lifted(random: np.random.Generator, plan: Plan, thick: float, edge: float, dome: float) -> list[Part]:
    """A panel on the seat, or above it on posts, a central support or connectors; maybe with a board behind."""
    width = between(random, 0.85, 1.08) * plan.rear_width
    gap = pick(random, {0.0: 2, between(random, 0.04, 0.35) * plan.back: 1.5})
    low = -pick(random, {0.0: 1, plan.thick: 1}) if gap == 0 else gap
    points = board_outline(random, width, plan.back - low) + [0, low]
    parts = [Part(BACK_PANEL, panel(points, thick, edge, dome))]
    if chance(random, 0.08):
        behind = panel(grown(points, between(random, 0, 0.01)), 0.012)
        parts.append(Part(BACK_SUPPORT, move(behind, (0, 0, -thick / 2 - 0.004))))
    return parts + (props(random, plan, low + 0.03, width, thick) if gap > 0 else [])


def props(random: np.random.Generator, plan: Plan, top: float, width: float, thick: float) -> list[Part]:
    """What holds a panel whose lower edge is above the seat."""
    kind = pick(random, {"posts": 4, "long": 2, "spine": 2, "connectors": 2.2})
    behind = -thick / 2
    low = -plan.thick * between(random, 0.1, 1)
    if kind == "spine":
        stick = flat_stick(between(random, 0.04, 0.12), between(random, 0.01, 0.03))
        high = top + between(random, 0.0, 0.5) * (plan.back - top)
        return [Part(BACK_SUPPORT, stick.run((0, low, 0.01), (0, high, behind)))]
    stick = slim_stick(random, between(random, 0.008, 0.018))
    x = between(random, 0.25, 0.42) * width
    if kind == "connectors":
        return both_sides([Part(BACK_CONNECTOR, stick.run((x, low, 0), (x, top, behind)))])
    high = top if kind == "posts" else plan.back * between(random, 0.8, 0.99)
    return both_sides([Part(BACK_POST, stick.run((x, low, 0), (x, high, behind)))])


def slim_stick(random: np.random.Generator, size: float) -> Stick:
    """A round, square or flat bar with enough points to bend."""
    kind = pick(random, {"round": 3, "square": 2, "flat": 2})
    if kind == "round":
        return round_stick(size)
    return flat_stick(2 * size * (1 if kind == "square" else between(random, 1.3, 2.2)), 1.8 * size)


def spindle_stick(random: np.random.Generator, size: float) -> Stick:
    """A bar of a back: round, swelling, turned or a flat slat."""
    kind = pick(random, {"round": 3, "swell": 1.5, "turned": 1, "flat": 3.5})
    if kind == "flat":
        return flat_stick(size * between(random, 2, 5), size * between(random, 0.8, 1.4))
    radii = {"round": np.ones(7), "swell": np.array([0.75, 0.9, 1.2, 1.35, 1.2, 0.9, 0.7]),
             "turned": np.array([1, 0.7, 1.4, 0.8, 1.0, 1.3, 0.7, 1.4, 0.7, 1])}[kind]
    return Stick(0.9 * size * circle(8), radii)


def _frame(random: np.random.Generator, plan: Plan) -> tuple[list[Part], float, float, float]:
    """Two posts with a top rail; returns also the half width, low and high y of the opening between them."""
    size = between(random, 0.010, 0.022)
    stick = slim_stick(random, size)
    reach = float(np.ptp(stick.section[:, 0])) / 2
    x = plan.rear_width / 2 * (0.86 if plan.reach < 1 else 1) - reach - between(random, 0, 0.01)
    flare = between(random, 0.9, 1.15) if chance(random, 0.4) else 1.0
    tall = pick(random, {"over": 3, "between": 3, "through": 1})
    rail = between(random, 0.025, 0.1) if tall != "between" or chance(random, 0.6) else 2 * size
    high = plan.back - (0.5 * rail if tall == "over" else 0)
    low = -plan.thick * between(random, 0, 1)
    posts = both_sides([Part(BACK_POST, stick.run((x, low, 0), (x * flare, high, 0)))])
    width = {"over": 2 * x * flare + 2 * reach + between(random, 0, 0.03), "between": 2 * x * flare,
             "through": 2 * x * flare}[tall]
    top = plan.back - (between(random, 0.02, 0.06) if tall == "through" else 0)
    points = shaped(outline(width, rail, between(random, 0, 0.01), pick(random, {0.0: 2, 0.6 * rail: 1})),
                    1.0, 0.0, pick(random, {0.0: 2, between(random, -0.01, 0.05): 1})) + [0, top - rail]
    crest = Part(BACK_RAIL, panel(points, size * between(random, 1.2, 1.9), between(random, 0.1, 0.8)))
    return [*posts, crest], x - 0.7 * reach, 0.0, top - rail


def _low_rail(random: np.random.Generator, half: float, at: float) -> Part:
    stick = flat_stick(between(random, 0.02, 0.045), between(random, 0.012, 0.025))
    return Part(BACK_RAIL, stick.run((-half, at, 0), (half, at, 0), up=(0, 0, 1)))


def _opening(random: np.random.Generator, plan: Plan, rail: float) -> tuple[list[Part], float, float, float]:
    """`_frame` with, by a chance, a lower rail above the seat."""
    parts, half, low, high = _frame(random, plan)
    if chance(random, rail):
        low = between(random, 0.08, 0.35) * high
        parts.append(_low_rail(random, half, low))
    return parts, half, low, high


def bars(random: np.random.Generator, half: float, low: float, high: float, count: int | None = None) -> list[Part]:
    """Vertical bars over the opening's width, side by side or fanning out."""
    count = count or int(random.integers(1, 13) if half < 0.4 else random.integers(5, 21))
    size = min(between(random, 0.005, 0.012), 0.35 * half / count)
    stick = spindle_stick(random, size)
    used = half * count / (count + 1) * between(random, 0.75, 1)
    fan = between(random, 0.8, 1) if chance(random, 0.3) else 1.0
    at = np.linspace(-used, used, count) if count > 1 else np.zeros(1)
    return [Part(BACK_SPINDLE, stick.run((fan * x, low - 0.008, 0), (x, high + 0.008, 0))) for x in at]


def _bars(random: np.random.Generator, plan: Plan) -> list[Part]:
    parts, half, low, high = _opening(random, plan, 0.5)
    return parts + bars(random, half, low, high)


def slats(random: np.random.Generator, half: float, low: float, high: float, count: int | None = None) -> list[Part]:
    """Horizontal bars; all straight, or each arched."""
    count = count or int(pick(random, {1: 1.5, 2: 2, 3: 3, 4: 2, 5: 1.2, 6: 1, 7: 0.7, 8: 0.6, 10: 0.4, 12: 0.3}))
    pitch = (high - low) / (count + between(random, 0.2, 0.9))
    tall, thick = pitch * between(random, 0.25, 0.8), between(random, 0.007, 0.016)
    crest = pick(random, {0.0: 3, between(random, 0, 0.35) * pitch: 1})
    radius = pick(random, {0.0: 2, 0.3 * tall: 1})
    points = shaped(outline(2 * half, tall, radius, radius), 1.0, 0.0, crest)
    mesh = panel(points, thick, 0.3)
    if chance(random, 0.25):
        mesh = round_stick(thick * 0.7, 9).run((-half, 0, 0), (half, 0, 0))
    first = high - pitch * (count - 1) - tall - between(random, 0.1, 0.5) * pitch
    return [Part(BACK_SLAT, move(mesh, (0, first + pitch * index, 0))) for index in range(count)]


def _ladder(random: np.random.Generator, plan: Plan) -> list[Part]:
    parts, half, low, high = _opening(random, plan, 0.25)
    low = max(low, between(random, 0.1, 0.35) * high)
    return parts + slats(random, half + 0.004, low, high)


def _lattice(random: np.random.Generator, plan: Plan) -> list[Part]:
    """Bars both ways, or a cross of two diagonals."""
    parts, half, low, high = _opening(random, plan, 0.6)
    stick = flat_stick(between(random, 0.008, 0.02), between(random, 0.008, 0.014))
    if chance(random, 0.35):
        return parts + [Part(BACK_SPINDLE, stick.run((-side * half, low, 0.001 * side),
                                                     (side * half, high, 0.001 * side)))
                        for side in (1, -1)]
    upright = [Part(BACK_SPINDLE, stick.run((x, low - 0.005, 0), (x, high + 0.005, 0)))
               for x in np.linspace(-half, half, int(random.integers(2, 7)) + 2)[1:-1]]
    across = [Part(BACK_SLAT, stick.run((-half, y, 0), (half, y, 0)))
              for y in np.linspace(low, high, int(random.integers(1, 5)) + 2)[1:-1]]
    return parts + upright + across


def _filled(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A panel or pad in a frame of posts and rails, or in one holistic frame."""
    if chance(random, 0.45):
        points = board_outline(random, plan.rear_width * between(random, 0.85, 1), plan.back + 0.5 * plan.thick)
        points = points - [0, 0.5 * plan.thick]
        width, thick = between(random, 0.018, 0.05), between(random, 0.018, 0.04)
        dome = between(random, 0, 0.025)
        pad = panel(grown(points, 0.004 - width), thick * between(random, 0.4, 0.9), 0.6, dome, dome)
        return [Part(BACK_HOOP, hoop(points, width, thick)), Part(BACK_PANEL, pad)]
    parts, half, low, high = _opening(random, plan, 0.65)
    gap = between(random, 0.02, 0.06) if chance(random, 0.3) else -0.004
    points = outline(2 * (half - gap), high - low + 0.006) + [0, low - 0.003]
    return [*parts, Part(BACK_PANEL, panel(points, between(random, 0.008, 0.03), 0.6, between(random, 0, 0.02)))]


def _splat(random: np.random.Generator, plan: Plan) -> list[Part]:
    """One broad shaped board in the middle between the posts."""
    parts, half, low, high = _opening(random, plan, 0.4)
    width = half * between(random, 0.35, 0.9)
    points = shaped(outline(width, high - low + 0.01), between(random, 0.8, 1.6), between(random, -0.3, 0.4))
    path = pick(random, {BACK_PANEL: 3, BACK_SPINDLE: 1})
    return [*parts, Part(path, panel(points + [0, low - 0.005], between(random, 0.007, 0.015), 0.2))]


def _hoop(random: np.random.Generator, plan: Plan) -> list[Part]:
    """One bent tube from the seat up, across and down again, with a filling."""
    radius, width = between(random, 0.007, 0.014), plan.rear_width * (0.8 if plan.reach < 1 else 0.95)
    points = bow_path(width, plan.back, between(random, 0.03, 0.5) * width, between(random, 0.85, 1.25))
    parts = [Part(BACK_HOOP, tube(np.insert(points, 2, 0, axis=1), radius, circle(10)))]
    kind = pick(random, {"panel": 2.5, "bars": 2, "slats": 1.5, "band": 1})
    if kind == "bars":
        return parts + inside_bars(random, points, int(random.integers(2, 10)))
    half = 0.97 * min(float(points[0, 0]), float(points[:, 0].max()))
    if kind == "slats":
        return parts + slats(random, half, 0.15 * plan.back, 0.9 * plan.back)
    low = plan.back * (between(random, 0.35, 0.6) if kind == "band" else between(random, 0.0, 0.3))
    filling = outline(2 * half + radius, 0.95 * plan.back - low, 0.01, 0.3 * half) + [0, low]
    return [*parts, Part(BACK_PANEL, panel(filling, between(random, 0.008, 0.03), 0.7, between(random, 0, 0.02)))]


def bow_path(width: float, height: float, radius: float, spread: float) -> np.ndarray:
    """(26, 2) points of an open bow standing on y = 0, its top ``spread`` times as wide as its foot."""
    foot, top = width / 2, width / 2 * spread
    return evenly(fillet(np.array([[foot, 0], [top, height], [-top, height], [-foot, 0]]), radius, 9), 26)


def inside_bars(random: np.random.Generator, bow: np.ndarray, count: int) -> list[Part]:
    """Vertical bars from the seat up to a bow (m, 2)."""
    stick = spindle_stick(random, between(random, 0.0045, 0.008))
    half = float(np.abs(bow[:, 0]).max())
    foot = half * between(random, 0.6, 0.85)
    parts = []
    for share in (np.arange(count) + 0.5) / count * 2 - 1:
        end = _meet(bow, np.array([share * foot, 0.0]), np.array([share * half * 0.95, bow[:, 1].max() * 1.2]))
        parts.append(Part(BACK_SPINDLE, stick.run((share * foot, -0.008, 0), (end[0], end[1], 0))))
    return parts


def _meet(bow: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Where a ray from start towards end leaves the bow."""
    ray, reach = end - start, bow - start
    side = ray[0] * reach[:, 1] - ray[1] * reach[:, 0]
    crossing = np.flatnonzero(np.sign(side[:-1]) != np.sign(side[1:]))
    if not len(crossing):
        return np.asarray(end)
    index = crossing[np.argmax(bow[crossing, 1])]
    share = side[index] / (side[index] - side[index + 1])
    return np.asarray(bow[index] + share * (bow[index + 1] - bow[index]))


def _rail(random: np.random.Generator, plan: Plan) -> list[Part]:
    """One broad rail high up, on two posts or a central support."""
    tall, width = between(random, 0.08, 0.22), plan.rear_width * between(random, 0.85, 1.15)
    radius = pick(random, {0.0: 1, between(random, 0, 0.5) * tall: 2})
    points = shaped(outline(width, tall, radius, radius), 1.0, 0.0, pick(random, {0.0: 2, 0.03: 1}))
    points = points + [0, plan.back - tall]
    thick = between(random, 0.012, 0.03)
    parts = [Part(BACK_PANEL, panel(points, thick, 0.4))]
    if chance(random, 0.3):
        stick = flat_stick(between(random, 0.04, 0.14), between(random, 0.01, 0.03))
        path = pick(random, {BACK_SUPPORT: 2, BACK_SPINDLE: 1})
        return [*parts, Part(path, stick.run((0, -0.01, -0.3 * thick), (0, plan.back - 0.6 * tall, -0.3 * thick)))]
    stick = slim_stick(random, between(random, 0.009, 0.02))
    x = min(0.46 * plan.rear_width, 0.42 * width)
    return parts + both_sides([Part(BACK_POST, stick.run((x, -0.01, 0), (x, plan.back - 0.4 * tall, 0)))])


def headrest(random: np.random.Generator, plan: Plan, thick: float | None = None) -> list[Part]:
    """A pad over the back, often on one or two connectors; made upright as a back is."""
    width, tall = between(random, 0.3, 0.75) * plan.rear_width, between(random, 0.09, 0.2)
    thick = thick or between(random, 0.03, 0.08)
    gap = pick(random, {-0.01: 1, between(random, 0.02, 0.07): 2.5})
    low = plan.back + gap
    points = shaped(outline(width, tall, 0.03, between(random, 0.03, 0.1)), between(random, 0.85, 1.1)) + [0, low]
    parts = [Part(HEADREST, panel(points, thick, 0.9, between(random, 0, 0.02)))]
    if gap < 0:
        return parts
    stick = slim_stick(random, between(random, 0.006, 0.012))
    ends = ((0, low - gap - 0.06, -0.01), (0, low + 0.4 * tall, -0.01))
    if chance(random, 0.4):
        return [*parts, Part(HEAD_CONNECTOR, flat_stick(between(random, 0.05, 0.1), 0.015).run(*ends))]
    x = between(random, 0.15, 0.35) * width
    return parts + both_sides([Part(HEAD_CONNECTOR, stick.run(*(np.add(end, (x, 0, 0)) for end in ends)))])


KINDS = {"board": _board, "cushion": _cushion, "bars": _bars, "ladder": _ladder, "lattice": _lattice,
         "filled": _filled, "hoop": _hoop, "splat": _splat, "rail": _rail}
