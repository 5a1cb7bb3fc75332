"""Windsor and Adirondack chairs, benches, chairs of blocks and thick boards, lounge chairs with framed cushions."""

from dataclasses import replace

import numpy as np

from partwise.synth.categories.chair.arms import arms
from partwise.synth.categories.chair.backs import back, bow_path, inside_bars, set_back, spindle_stick
from partwise.synth.categories.chair.footrests import ottoman
from partwise.synth.categories.chair.legs import (
    draw_leg,
    draw_stance,
    leg_base,
    plain_leg,
    stretcher_stick,
    stretchers,
)
from partwise.synth.categories.chair.paths import (
    ARM,
    ARM_BAR,
    ARM_POST,
    ARM_SOFA,
    BACK_HOOP,
    BACK_PANEL,
    BACK_POST,
    BACK_RAIL,
    BACK_SPINDLE,
    BACK_SUPPORT,
    LEG,
    SEAT_BAR,
    SEAT_PANEL,
    STRETCHER,
)
from partwise.synth.categories.chair.plan import Plan, draw_plan
from partwise.synth.categories.chair.seats import dished, seat, slab
from partwise.synth.categories.chair.shapes import (
    evenly,
    fillet,
    flat_stick,
    lay,
    outline,
    panel,
    shaped,
)
from partwise.synth.categories.chair.stands import foot_base, plinth
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, both_sides, moved, one
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import ball, circle, rounded_box, tube


def windsor(random: np.random.Generator) -> list[Part]:
    """A saddle seat with sticks set into it: splayed legs below, spindles under a bow or crest rail above."""
    plan = draw_plan(random, width=(0.4, 0.52), depth=(0.38, 0.46), thick=(0.025, 0.05), back=(0.42, 0.68),
                     lean=(6, 18),
                     shape=pick(random, {"bow": 2, "soft": 2, "oval": 1.5}))
    mesh = slab(plan, plan.height, plan.thick, edge=between(random, 0.3, 0.9))
    parts = [Part(SEAT_PANEL, dished(mesh, plan, between(random, 0.1, 0.5) * plan.thick))]
    size = between(random, 0.012, 0.021)
    stance = draw_stance(random, plan, between(random, 0.05, 0.09), between(random, 0.04, 0.1))
    parts += leg_base(random, plan, stance=stance, size=size, extra=pick(random, {"none": 8, "rocker": 1}), braced=0)
    parts += stretchers(random, stance, stretcher_stick(random, size), pick(random, {"H": 4, "box": 1.5, "X": 0.4}))
    width, count = plan.rear_width * between(random, 0.8, 0.95), int(random.integers(4, 12))
    place = set_back(random, plan, bow=between(random, 0.02, 0.06), inset=0.03)
    if chance(random, 0.6):
        bow = bow_path(width, plan.back, between(random, 0.35, 0.6) * width, between(random, 1.0, 1.25))
        radius = between(random, 0.007, 0.012)
        upright = [Part(BACK_HOOP, tube(np.insert(bow, 2, 0, axis=1), radius, circle(8)))]
        upright += inside_bars(random, bow, count)
        if chance(random, 0.15):
            upright += _middle_splat(random, plan)
    else:
        upright = _comb(random, plan, width, count)
    parts += moved(upright, place)
    return parts + (_stick_arms(random, plan) if chance(random, 0.35) else [])


def _middle_splat(random: np.random.Generator, plan: Plan) -> list[Part]:
    points = shaped(outline(0.09, 0.97 * plan.back), 1.2, between(random, -0.4, 0.4))
    return [Part(BACK_PANEL, panel(points, 0.012, 0.2))]


def _comb(random: np.random.Generator, plan: Plan, width: float, count: int) -> list[Part]:
    """Spindles, the outer two often as posts, under a curved crest rail."""
    tall, flare = between(random, 0.04, 0.1), between(random, 1.0, 1.25)
    points = shaped(outline(width * flare + between(random, 0.01, 0.06), tall, 0.01, between(random, 0.1, 0.9) * tall),
                    between(random, 0.95, 1.1), 0.0, between(random, 0, 0.03))
    parts = [Part(BACK_RAIL, panel(points + [0, plan.back - tall], between(random, 0.012, 0.022), 0.5))]
    thin, thick = (spindle_stick(random, size) for size in (between(random, 0.005, 0.008),
                                                            between(random, 0.009, 0.014)))
    for index, x in enumerate(np.linspace(-0.5, 0.5, count + 2) * width):
        outer = index in (0, count + 1)
        line = ((x, -0.01, 0), (flare * x, plan.back - 0.7 * tall, 0))
        parts.append(Part(BACK_POST, thick.run(*line)) if outer else Part(BACK_SPINDLE, thin.run(*line)))
    return parts


def _stick_arms(random: np.random.Generator, plan: Plan) -> list[Part]:
    """An arm rail on each side, sometimes going on behind the spindles, on short sticks."""
    above = between(random, 0.17, 0.24)
    y, x = plan.height + above, plan.width / 2 + between(random, 0, 0.04)
    rear, front = plan.back_z(above) - 0.005, between(random, 0.05, 0.16)
    corners = np.array([[x + 0.02, y, front], [x, y, rear], [-x, y, rear], [-x - 0.02, y, front]])
    path = evenly(fillet(corners, 0.8 * x, 9), 31)
    around = chance(random, 0.5)
    cut = 10 if around else 11
    section = flat_stick(between(random, 0.03, 0.06), between(random, 0.014, 0.024), 0.006).section
    side = [Part(ARM_BAR, tube(path[:cut + 1], 1.0, section, up=(0, 1, 0)))]
    stick, count = spindle_stick(random, between(random, 0.007, 0.012)), int(random.integers(1, 5))
    for z in np.linspace(front - 0.05, 0.45 * rear, count) if count > 1 else [front - 0.05]:
        at = path[:cut][np.argmin(np.abs(path[:cut, 2] - z))]
        foot = [min(at[0] - 0.02, 0.46 * plan.width), plan.height - 0.01, 0.85 * z - 0.02]
        side.append(Part(ARM_POST, stick.run(foot, at)))
    parts = both_sides(one(ARM, side))
    if around:
        parts.append(Part(BACK_RAIL, tube(path[cut:-cut], 1.0, section, up=(0, 1, 0))))
    return parts


def adirondack(random: np.random.Generator) -> list[Part]:
    """A low garden chair: planks slope to the rear, a fan of boards as back, broad flat arms on the front legs."""
    width, depth = between(random, 0.5, 0.62), between(random, 0.5, 0.6)
    front_y, rear_y = between(random, 0.34, 0.42), between(random, 0.2, 0.29)
    count, thick = int(random.integers(4, 8)), 0.02
    board = flat_stick(depth / count * 0.86, thick, points=2)
    front, rear = depth / 2, -depth / 2
    share = (np.arange(count) + 0.5) / count
    slope = float(np.degrees(np.arctan2(front_y - rear_y, depth)))
    plank = turn(board.run((-width / 2, 0, 0), (width / 2, 0, 0), up=(0, 1, 0)), "x", -slope)
    parts = [Part(SEAT_BAR, move(plank, (0, rear_y + s * (front_y - rear_y), rear + s * depth))) for s in share]
    side, x, tail = flat_stick(between(random, 0.08, 0.12), 0.025, points=2), width / 2 - 0.02, between(random, 0.15,
                                                                                                        0.35)
    low = np.ptp(side.section[:, 0]) / 2
    parts += both_sides([Part(LEG, side.run((x, front_y - 0.06, front), (x, low, rear - tail), up=(1, 0, 0)))])
    arm_y, outer = front_y + between(random, 0.16, 0.24), width / 2 + 0.03
    post = flat_stick(0.025, between(random, 0.08, 0.12), points=2)
    whole = chance(random, 0.5)  # the front leg reaches the arm in one piece
    parts += both_sides([Part(LEG, post.run((outer - 0.02, 0, front - 0.08),
                                            (outer - 0.02, arm_y if whole else front_y, front - 0.08)))])
    points = shaped(outline(between(random, 0.1, 0.16), depth + 0.1, 0.02, 0.02), between(random, 0.5, 1)) - [0,
                                                                                                              depth / 2]
    arm = [Part(ARM_BAR, move(lay(panel(points, 0.022), arm_y), (outer + 0.02, 0, 0.05)))]
    if not whole:
        arm.append(Part(ARM_POST, post.run((outer - 0.02, front_y, front - 0.08), (outer - 0.02, arm_y, front - 0.08))))
    parts += both_sides(one(ARM, arm))
    return parts + _fan(random, width, rear_y, rear, arm_y)


def _fan(random: np.random.Generator, width: float, low: float, z: float, arm_y: float) -> list[Part]:
    """The boards of an Adirondack's back, on one or two bars behind."""
    count, tall = int(random.integers(4, 9)), between(random, 0.65, 0.9)
    lean, spread = between(random, 18, 32), between(random, 1.0, 1.3)
    pitch = 0.92 * width / count
    arch, parts = between(random, 0.0, 0.15), []
    for x in (np.arange(count) - (count - 1) / 2) * pitch:
        height = tall - arch * (2 * x / width) ** 2
        points = shaped(outline(0.88 * pitch, height, 0.0, pick(random, {0.02: 1})), spread)
        points[:, 0] += x * (1 + (spread - 1) * points[:, 1] / tall)
        parts.append(Part(BACK_SPINDLE, panel(points, 0.018, 0.2)))
    for y in (0.06, (arm_y - low) * 1.02):
        bar = rounded_box((0.95 * width, 0.06, 0.022), 0.004, 1)
        parts.append(Part(pick(random, {BACK_SUPPORT: 1, BACK_RAIL: 2}), move(bar, (0, y, -0.018))))
    return moved(parts, lambda mesh: move(turn(mesh, "x", -lean), (0, low - 0.01, z)))


def bench(random: np.random.Generator) -> list[Part]:
    """A seat for two or three, mostly slatted or a board, on four or six legs."""
    plan = draw_plan(random, width=(0.9, 1.5), depth=(0.38, 0.52), height=(0.4, 0.47), back=(0.32, 0.5), shape="square")
    parts = seat(random, plan, pick(random, {"slats": 3, "board": 2, "aprons": 2, "cushion": 1, "framed": 0.6}))
    parts += back(random, plan, pick(random, {"bars": 2, "ladder": 3, "board": 1, "filled": 1, "lattice": 1,
                                                "cushion": 0.6}))
    size = between(random, 0.018, 0.035)
    stance = draw_stance(random, plan, size, 0.0)
    leg = draw_leg(random, size)
    parts += leg_base(random, plan, stance=stance, leg=leg, size=size, extra="none", braced=0.5)
    if chance(random, 0.25):
        middle = [1e-3, 1, 1]
        parts += [Part(LEG, leg(stance.front_foot * middle, stance.front_top * middle)),
                  Part(LEG, leg(stance.rear_foot * middle, stance.rear_top * middle))]
    return parts + (arms(random, plan, pick(random, {"bars": 4, "frame": 1, "block": 1}))
                    if chance(random, 0.6) else [])


def blocks(random: np.random.Generator) -> list[Part]:
    """Boards and blocks down to the ground: side boards are arms, or legs below and arms above."""
    plan = draw_plan(random, width=(0.44, 0.7), depth=(0.44, 0.68), height=(0.36, 0.46), thick=(0.03, 0.3),
                     back=(0.28, 0.6),
                     lean=(0, 18), shape="square")
    board, arm = between(random, 0.02, 0.1), plan.height + between(random, 0.08, 0.26)
    x, deep = plan.width / 2 + board / 2, plan.depth + between(random, 0, 0.08)
    parts = [Part(SEAT_PANEL, move(rounded_box((plan.width + 0.004, plan.thick, plan.depth),
                                               between(random, 0.002, 0.04), 2),
                                   (0, plan.height - plan.thick / 2, 0)))]
    rise, slope = arm + pick(random, {0.0: 1, 0.05: 1}), between(random, -0.1, 0.3)

    def side(low: float, high: float) -> np.ndarray:
        points = outline(deep, high - low) - [0, 0]
        points[:, 1] -= np.where(points[:, 1] > 0.9 * (high - low),
                                 (points[:, 0] / deep + 0.5) * slope * (high - plan.height), 0)
        return points

    def upright(low: float, high: float) -> Part:
        mesh = turn(panel(side(low, high), board, 0.2), "y", -90)
        return Part(ARM_SOFA if high > plan.height + 0.01 else LEG, move(mesh, (x, low, 0.0)))

    armless = chance(random, 0.25)
    cut = armless or chance(random, 0.5)
    if cut:
        slope_above, slope = slope, 0.0
        parts += both_sides([upright(0, plan.height)])
        slope = slope_above
    if not armless:
        parts += both_sides(one(ARM, [upright(plan.height - 0.002 if cut else 0, rise)]))
    low = pick(random, {0.0: 1, plan.under: 1.5, plan.height: 1})
    wide = pick(random, {plan.width: 1, plan.width + 2 * board: 1})
    rest = panel(shaped(outline(wide, plan.height + plan.back - low, 0, between(random, 0, 0.08)),
                        between(random, 0.9, 1)),
                 between(random, 0.02, 0.1), 0.3)
    hinge = (0, plan.height - low, 0)
    parts.append(Part(BACK_PANEL, move(turn(rest, "x", -plan.lean if low > 0 else 0, hinge), (0, low, plan.rear))))
    return parts + _block_base(random, plan, cut)


def chunky(random: np.random.Generator) -> list[Part]:
    """Boards and posts that are thick for the chair's size: thrones, children's and toy chairs."""
    plan = draw_plan(random, width=(0.28, 0.5), depth=(0.28, 0.46), height=(0.28, 0.46), thick=(0.04, 0.13),
                     back=(0.26, 0.75), lean=(0, 8), shape="square")
    size, thick = (plan.width, plan.thick, plan.depth), between(random, 0.04, 0.11)
    edge = pick(random, {0.0: 1, between(random, 0.002, 0.02): 2}) + 0.001
    parts = [Part(SEAT_PANEL, move(rounded_box(size, edge, 1), (0, plan.height - plan.thick / 2, 0)))]
    low = pick(random, {plan.under: 1, plan.height - 0.01: 2})
    tall = plan.height + plan.back - low
    rest = panel(shaped(outline(plan.width * between(random, 0.85, 1.02), tall, 0,
                                pick(random, {0.0: 1, between(random, 0.02, 0.5) * plan.width: 2})),
                        between(random, 0.85, 1.05), 0.0, pick(random, {0.0: 2, between(random, 0.02, 0.08): 1})),
                 thick, between(random, 0.05, 0.6))
    if chance(random, 0.2):
        rest = join(rest, move(ball(between(random, 0.02, 0.05), 10), (0, tall, 0)))
    behind = plan.rear + thick * pick(random, {0.5: 3, -0.4: 1})
    parts.append(Part(BACK_PANEL, move(turn(rest, "x", -plan.lean, (0, plan.height - low, 0)), (0, low, behind))))
    if chance(random, 0.65):
        arm = (between(random, 0.05, 0.11), between(random, 0.05, 0.2), plan.depth * between(random, 0.6, 1.0))
        x = plan.width / 2 - arm[0] * between(random, 0.2, 0.5)
        mesh = move(rounded_box(arm, edge, 1), (x, plan.height + arm[1] / 2 - 0.004, plan.rear + 0.01 + arm[2] / 2))
        parts += both_sides(one(ARM, [Part(ARM_SOFA, mesh)]))
    size_of_leg = between(random, 0.022, 0.045)
    return parts + leg_base(random, plan, leg=plain_leg(random, size_of_leg), size=size_of_leg, braced=0.2,
                            extra=pick(random, {"none": 8, "runner": 1, "rocker": 0.5}))


def _block_base(random: np.random.Generator, plan: Plan, legs: bool) -> list[Part]:
    if legs and chance(random, 0.5):
        bar = rounded_box((plan.width, between(random, 0.04, 0.14), 0.02), 0.003, 1)
        return [Part(STRETCHER, move(bar, (0, between(random, 0.3, 0.8) * plan.under,
                                           between(random, -0.4, 0.4) * plan.depth)))]
    if legs:
        return []
    if plan.under > 0.12 or chance(random, 0.5):
        return plinth(random, plan.width * 0.98, plan.depth * between(random, 0.85, 1), plan.under + 0.003)
    return foot_base(random, plan.width, plan.depth, plan.under + 0.003)


def lounge(random: np.random.Generator) -> list[Part]:
    """A low wooden or tube frame with thick cushions, broad arms and a seat that falls to the rear."""
    plan = draw_plan(random, width=(0.5, 0.66), depth=(0.5, 0.64), height=(0.32, 0.42), thick=(0.05, 0.15),
                     back=(0.38, 0.62),
                     lean=(10, 30), shape="square")
    tilt, size = between(random, 0, 8), between(random, 0.012, 0.026)
    front = plan.depth / 2
    top = seat(random, plan, pick(random, {"cushion": 4, "pad": 2, "framed": 2, "slats": 0.7}))
    top += back(random, plan, pick(random, {"cushion": 5, "filled": 2, "ladder": 1, "bars": 1, "board": 1}),
                head=0.12)
    stance = draw_stance(random, plan, pick(random, {-0.5 * size: 2, 2 * size: 1}), None)
    fall = float(np.tan(np.radians(tilt))) * (plan.depth - 0.04)
    stance = replace(stance, rear_top=stance.rear_top - [0, fall, 0])
    parts = moved(top, lambda mesh: turn(mesh, "x", -tilt, (0, plan.under, front)))
    parts += leg_base(random, plan, stance=stance, size=size, braced=0.3)
    if chance(random, 0.75):
        parts += moved(arms(random, replace(plan, lean=plan.lean + 0.4 * tilt),
                            pick(random, {"bars": 4, "frame": 2})),
                       lambda mesh: turn(mesh, "x", -0.35 * tilt, (0, plan.under, front)))
    return parts + (ottoman(random, plan, front) if chance(random, 0.1) else [])
