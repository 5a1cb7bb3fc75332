"""Arms that go with a seat and a back: bars, bent frames, pads on posts, writing tables. Each arm is one node."""

import numpy as np

from partwise.synth.categories.chair.paths import ARM, ARM_BAR, ARM_CONNECTOR, ARM_FRAME, ARM_POST, ARM_SOFA, ARM_TABLE
from partwise.synth.categories.chair.plan import Plan
from partwise.synth.categories.chair.shapes import (
    fillet,
    flat_stick,
    lay,
    outline,
    panel,
    round_stick,
    shaped,
    tube_along,
)
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, both_sides, one
from partwise.synth.placing import move
from partwise.synth.solids import rounded_box, smooth, tube


def arms(random: np.random.Generator, plan: Plan, kind: str | None = None) -> list[Part]:
    """A pair of arms, or one that carries a writing table; kind is bars, frame, office, block or table."""
    kind = kind or pick(random, {"bars": 6, "frame": 2.2, "block": 0.8, "table": 1.2})
    if kind == "table":
        return writing_table(random, plan)
    maker = {"bars": _bars, "frame": _frame, "office": _office, "block": _block}[kind]
    return both_sides(one(ARM, maker(random, plan)))


def _heights(random: np.random.Generator, plan: Plan) -> tuple[float, float, float]:
    """x of the right arm, its height above the seat, z of its front end."""
    return (plan.middle_width / 2 + between(random, -0.012, 0.016),
            min(between(random, 0.16, 0.27), 0.75 * plan.back), plan.depth * between(random, 0.0, 0.45))


def _bars(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A rest from the back to one or two posts on the seat."""
    x, above, front = _heights(random, plan)
    y, rear = plan.height + above, plan.back_z(above) - 0.005
    width, thick = between(random, 0.02, 0.07), between(random, 0.014, 0.035)
    inner = min(x, plan.rear_width / 2) - between(random, 0, 0.02)
    path = np.array([[inner, y + between(random, -0.01, 0.03), rear],
                     [x + between(random, 0, 0.02), y, rear / 2 + front / 2],
                     [x, y - between(random, 0, 0.02), front + between(random, 0, 0.06)]])
    path = smooth(path, 8) if chance(random, 0.6) else path
    section = flat_stick(width, thick, pick(random, {0.0: 1, 0.4 * thick: 2})).section
    parts = [Part(ARM_BAR, tube(path, 1.0, section, up=(0, 1, 0)))]
    low = plan.height - between(random, 0, 1) * plan.thick
    wide, deep = random.uniform(0.014, 0.035, 2)
    stick = round_stick(wide / 2, 2) if chance(random, 0.5) else flat_stick(wide, deep, points=2)
    count = pick(random, {1: 6, 2: 2, 3: 0.6, 5: 0.3})
    slant = pick(random, {0.0: 2, between(random, -0.09, 0.04): 1})
    for at in np.linspace(front, 0.55 * rear, count) if count > 1 else [front]:
        parts.append(Part(ARM_POST, stick.run((x - 0.012, low, at + slant), (x, y, at))))
    if chance(random, 0.08):
        parts.append(_connector(plan, x, plan.height + 0.4 * above, plan.back_z(0.4 * above)))
    return parts


def _connector(plan: Plan, x: float, y: float, z: float) -> Part:
    """A block between an arm and the back or seat."""
    inner = min(x, plan.rear_width / 2) - 0.02
    return Part(ARM_CONNECTOR, move(rounded_box((x - inner + 0.03, 0.025, 0.035), 0.006, 1), ((x + inner) / 2, y, z)))


def _frame(random: np.random.Generator, plan: Plan) -> list[Part]:
    """One bent tube or strip: from the seat's front up and back, or a closed loop beside the seat."""
    x, above, front = _heights(random, plan)
    y, low = plan.height + above, plan.under
    rear = plan.back_z(above)
    kind = pick(random, {"open": 4, "loop": 3, "arch": 2})
    front += pick(random, {0.0: 2, between(random, -0.03, 0.06): 1})
    radius = between(random, 0.03, 0.12)
    if kind == "open":
        points = fillet(np.array([[x - 0.01, low, front - 0.04], [x, y, front], [x - 0.01, y + 0.01, rear]]), radius)
    elif kind == "arch":
        points = smooth(np.array([[x, low, front], [x, y - 0.03, front + 0.02], [x, y, 0], [x, y - 0.05, rear * 0.9],
                                  [x, low, rear * 0.7]]), 20)
    else:
        corner = [[x, low, 0.6 * rear], [x, low, front], [x, y, front + 0.03], [x, y, 0.8 * rear]]
        points = fillet(np.array([*corner, corner[0], corner[1]]), radius)[3:-3]
    if chance(random, 0.6):
        parts = [Part(ARM_FRAME, tube_along(points, between(random, 0.008, 0.02)))]
    else:
        section = flat_stick(between(random, 0.03, 0.06), between(random, 0.01, 0.025)).section
        parts = [Part(ARM_FRAME, tube(points, 1.0, section[:, ::-1] * [-1, 1], up=(1, 0, 0)))]
    if chance(random, 0.3):
        pad = rounded_box((0.05, 0.025, between(random, 0.18, 0.28)), 0.01, 2)
        parts.append(Part(ARM_BAR, move(pad, (x, y + 0.012, 0.5 * (front + 0.7 * rear)))))
    if chance(random, 0.2):
        parts.append(_connector(plan, x, low, 0.2 * front))
    return parts


def _office(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A pad on a post that starts at a bar under the seat, as a T or an L."""
    x, above = plan.width / 2 + between(random, 0.0, 0.05), between(random, 0.17, 0.26)
    y, z = plan.height + above, between(random, -0.06, 0.03)
    wide, long = between(random, 0.05, 0.09), between(random, 0.2, 0.3)
    points = shaped(outline(wide, long, 0.02, 0.03), between(random, 0.8, 1.1)) - [0, long / 2]
    pad = lay(panel(points, between(random, 0.02, 0.04), 0.8), y, z + between(random, 0, 0.05))
    stick = flat_stick(between(random, 0.02, 0.03), between(random, 0.03, 0.07), 0.006, points=2)
    low = plan.under - 0.005
    slant = pick(random, {0.0: 2, between(random, -0.1, 0.04): 1})
    foot = x if chance(random, 0.75) else 0.46 * plan.width * plan.reach  # out on a bar, or on the seat itself
    parts = [Part(ARM_BAR, move(pad, (x, 0, 0))), Part(ARM_POST, stick.run((foot, low, z + slant), (x, y, z)))]
    if foot == x:
        under = flat_stick(0.06, 0.012, points=2).run((0.3 * plan.width, low, z + slant), (x + 0.012, low, z + slant),
                                                      up=(0, 1, 0))
        parts.append(Part(pick(random, {ARM_BAR: 2.5, ARM_CONNECTOR: 1}), under))
    if chance(random, 0.15):
        sleeve = stick.run((x, low + 0.25 * above, z + 0.7 * slant), (x, low + 0.6 * above, z + 0.35 * slant))
        parts.append(Part(ARM_POST, move(sleeve, (0.006, 0, 0))))
    return parts


def _block(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A closed side on the seat's edge."""
    thick, above = between(random, 0.03, 0.09), between(random, 0.14, 0.24)
    low = pick(random, {plan.height - 0.005: 2, plan.under: 1})
    front, rear = 0.5 * plan.depth - between(random, 0, 0.06), plan.rear
    points = shaped(outline(front - rear, plan.height + above - low, 0.0, between(random, 0, 0.06)),
                    between(random, 0.8, 1))
    board = panel(points, thick, between(random, 0.1, 0.9))
    upright = board.vertices[:, [2, 1, 0]] * [1, 1, -1] + [plan.width / 2 - thick / 2, low, (front + rear) / 2]
    return [Part(ARM_SOFA, type(board)(upright, board.faces))]


def writing_table(random: np.random.Generator, plan: Plan) -> list[Part]:
    """A tablet on a post or bent bar at one side, sometimes with a plain arm at the other."""
    side = pick(random, {1: 1, -1: 3})
    x, y = side * (plan.width / 2 + 0.01), plan.height + between(random, 0.2, 0.28)
    wide, long = between(random, 0.22, 0.34), between(random, 0.32, 0.52)
    points = shaped(outline(wide, long, between(random, 0.02, 0.1), between(random, 0.02, 0.1)),
                    between(random, 0.5, 1)) - [0, long / 2]
    z = between(random, 0.08, 0.2)
    table = lay(panel(points, between(random, 0.012, 0.022), 0.3), y, z)
    radius = between(random, 0.009, 0.014)
    under = plan.under - 0.6 * radius
    post = np.array([[0.5 * x, under, 0.1 * plan.depth], [x, under, 0.2 * plan.depth], [x, y - 0.006, z - 0.05]])
    parts = [Part(ARM_TABLE, move(table, (x - side * 0.25 * wide, 0, 0))),
             Part(ARM_POST, tube_along(fillet(post, 0.05), radius))]
    if chance(random, 0.6):
        bar = np.array([[x, y - 0.008, z + 0.1], [x, y - 0.008, plan.back_z(0.22)]])
        parts.append(Part(ARM_BAR, tube_along(bar, radius)))
    if chance(random, 0.3):
        parts.append(Part(ARM_CONNECTOR, move(rounded_box((0.06, 0.02, 0.06), 0.004, 1),
                                              (x - side * 0.02, y - 0.016, z))))
    other = [part for part in arms(random, plan, "bars") if side * part.mesh.vertices[:, 0].mean() < 0]
    return one(ARM, parts) + (other if chance(random, 0.35) else [])
