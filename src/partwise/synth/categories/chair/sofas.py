"""Upholstered chairs: armchairs, club and wing chairs, recliners."""

from dataclasses import dataclass, replace

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.chair.backs import headrest
from partwise.synth.categories.chair.footrests import leg_rest, ottoman
from partwise.synth.categories.chair.legs import draw_leg, leg_base, sled_base
from partwise.synth.categories.chair.paths import (
    ARM,
    ARM_BAR,
    ARM_POST,
    ARM_SOFA,
    BACK_HOOP,
    BACK_PANEL,
    BACK_POST,
    BACK_SUPPORT,
    BACK_SURFACE,
    PEDESTAL,
    SEAT_FRAME,
    SEAT_PANEL,
    SEAT_SUPPORT,
    SOFA_FOOT,
)
from partwise.synth.categories.chair.plan import Plan
from partwise.synth.categories.chair.shapes import (
    ellipse,
    flat_stick,
    lay,
    outline,
    panel,
    shaped,
)
from partwise.synth.categories.chair.stands import foot_base, plinth, star_base
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part, both_sides, moved, one
from partwise.synth.placing import join, move, stretch, turn
from partwise.synth.solids import ball, rounded_box


@dataclass(frozen=True)
class Sofa:
    """Main lengths of an upholstered chair; its body's middle is x = z = 0.

    width, depth : over all
    clear : height of the body's underside above the ground
    seat, arm, top : heights of the cushion's upper face, of the arms and of the back
    arm_thick, back_thick : how thick arms and back are
    cushion : thickness of the seat's cushion
    """

    width: float
    depth: float
    clear: float
    seat: float
    arm: float
    top: float
    arm_thick: float
    back_thick: float
    cushion: float

    @property
    def inner(self) -> float:
        """Width between the arms."""
        return self.width - 2 * self.arm_thick

    @property
    def body(self) -> float:
        """Height of the body's upper face, under the cushion."""
        return self.seat - self.cushion

    def plan(self, width: float) -> Plan:
        """The seat and back as other parts of chairs want them, for the body as what legs stand under."""
        return Plan(width, self.depth, self.clear + 0.02, 0.02, self.top - self.seat, 0.0,
                    outline(width, self.depth) - [0, self.depth / 2])


def _draw(random: np.random.Generator) -> Sofa:
    seat = between(random, 0.36, 0.48)
    wide = between(random, 1.1, 1.5) if chance(random, 0.05) else between(random, 0.6, 0.98)
    cushion = between(random, 0.06, 0.2)
    clear = pick(random, {0.0: 1.5, between(random, 0.02, 0.1): 5, between(random, 0.1, 0.2): 3})
    back = pick(random, {between(random, 0.22, 0.36): 2, between(random, 0.36, 0.7): 4})
    arm = seat + min(between(random, 0.08, 0.27), back + 0.02)
    return Sofa(wide, between(random, 0.6, 0.92), min(clear, seat - cushion - 0.06), seat,
                seat + back if chance(random, 0.08) else arm, seat + back, between(random, 0.06, 0.2) * (wide / 0.85),
                between(random, 0.09, 0.26), cushion)


def upholstered(random: np.random.Generator, winged: float = 0.15) -> list[Part]:
    """An armchair: body, seat and back cushions, sofa arms, base; sometimes wings, a head rest or a footrest."""
    sofa = _draw(random)
    bars = chance(random, 0.08)
    over = bars or chance(random, 0.42)  # the arms stand on the body instead of beside it
    lean, armless = between(random, 0, 16), chance(random, 0.07)
    if armless:
        sofa = replace(sofa, arm_thick=between(random, 0.0, 0.02))
    parts = _sofa_seat(random, sofa, sofa.width if over or armless else sofa.inner + 0.01,
                        armless or not over)
    parts += _sofa_back(random, sofa, lean, not armless and chance(random, 0.45))
    if bars and not armless:
        parts += _open_arms(random, sofa)
    elif not armless:
        low = sofa.body - 0.01 if over else pick(random, {sofa.clear: 5, 0.0: 1})
        parts += _sofa_arms(random, sofa, low)
        if chance(random, winged):
            parts += _wings(random, sofa, lean)
    parts += _sofa_base(random, sofa)
    if chance(random, 0.12):
        plan = Plan(sofa.inner, sofa.depth, sofa.seat, sofa.cushion, sofa.top - sofa.seat, 0, np.zeros((1, 2)))
        parts += pick(random, {leg_rest: 1, ottoman: 1})(random, plan, sofa.depth / 2)
    return parts


def _sofa_seat(random: np.random.Generator, sofa: Sofa, body_width: float, block: bool) -> list[Part]:
    """A body with one or two cushions on it, or one thick block if that may be."""
    rear = -sofa.depth / 2 + 0.4 * sofa.back_thick
    long = sofa.depth / 2 - rear
    as_seat = 0.6 if body_width == sofa.width else 2.4
    body_path = pick(random, {SEAT_SUPPORT: as_seat, SEAT_FRAME: 0.6 * as_seat, SOFA_FOOT: 4,
                              PEDESTAL: 4 if sofa.clear == 0 else 0})
    over = between(random, -0.02, 0.03)
    if block and chance(random, 0.4):
        size = (body_width, sofa.seat - sofa.clear, long)
        solid = rounded_box(size, between(random, 0.0, 0.03 if body_width == sofa.width else 0.07) + 0.004)
        return [Part(SEAT_PANEL, move(solid, (0, sofa.seat - size[1] / 2, (sofa.depth / 2 + rear) / 2)))]
    size = (body_width, sofa.body - sofa.clear, sofa.depth - 0.02)
    parts = [Part(body_path, move(rounded_box(size, between(random, 0.004, 0.03), 2), (0, sofa.body - size[1] / 2, 0)))]
    count = 2 if sofa.inner > 0.85 and chance(random, 0.7) else 1
    width = sofa.inner / count - 0.004
    puff = between(random, 0, 0.03)
    points = outline(width, long + over, between(random, 0.01, 0.08), 0.02) - [0, (long + over) / 2]
    mesh = lay(panel(points, sofa.cushion - puff, between(random, 0.3, 0.98), puff),
               sofa.seat - puff - (sofa.cushion - puff) / 2)
    centre = (sofa.depth / 2 + over + rear) / 2
    return parts + [Part(SEAT_PANEL, move(mesh, ((index - (count - 1) / 2) * (width + 0.004), 0, centre)))
                    for index in range(count)]


def _sofa_back(random: np.random.Generator, sofa: Sofa, lean: float, between_arms: bool) -> list[Part]:
    """A thick back from the body or the ground up, maybe with cushions, buttons or a head rest."""
    width = sofa.inner if between_arms else sofa.width * between(random, 0.93, 1.0)
    low = pick(random, {sofa.body - 0.03: 2, sofa.clear + 0.01: 3})
    tall = sofa.top - low
    edge = between(random, 0.1, 0.25) * sofa.back_thick / 0.2
    points = shaped(outline(width, tall, 0.01, pick(random, {edge * 0.3: 3, edge: 2, 0.4 * tall: 1})),
                    pick(random, {1.0: 3, between(random, 0.82, 1.12): 2}), 0.0,
                    pick(random, {0.0: 3, between(random, 0.02, 0.1): 1.5}))
    loose = chance(random, 0.4) and sofa.back_thick > 0.13
    thick = sofa.back_thick * (0.55 if loose else 1.0)
    main = panel(points, thick, between(random, 0.15, 0.98), 0.0 if loose else between(random, 0, 0.04))
    path = pick(random, {BACK_SUPPORT: 1.5, BACK_HOOP: 1.5, BACK_PANEL: 1}) if loose else BACK_PANEL
    parts = [Part(path, main)]
    if loose:
        parts += _back_cushions(random, sofa, low, thick)
    elif chance(random, 0.12):
        parts += _buttons(random, width, tall, 0.5 * thick + 0.012)
    if chance(random, 0.05):
        plan = Plan(width, sofa.depth, sofa.seat, 0.1, tall, 0, points)
        parts += headrest(random, plan, 0.6 * sofa.back_thick)
    z = -sofa.depth / 2 + sofa.back_thick / 2
    hinge = sofa.seat - low
    return moved(parts, lambda mesh: move(turn(mesh, "x", -lean, (0, hinge, 0)), (0, low, z)))


def _back_cushions(random: np.random.Generator, sofa: Sofa, low: float, thick: float) -> list[Part]:
    """One or two pads before the back's frame."""
    count = 2 if sofa.inner > 0.85 else 1
    tall = (sofa.top - sofa.seat) * between(random, 0.85, 1.1)
    deep = sofa.back_thick - thick + 0.03
    points = outline(sofa.inner / count - 0.006, tall, between(random, 0.02, 0.07), between(random, 0.02, 0.1))
    pad = panel(points, 0.7 * deep, 0.95, 0.4 * deep)
    return [Part(BACK_PANEL, move(pad, ((index - (count - 1) / 2) * sofa.inner / count, sofa.seat - low,
                                        0.5 * sofa.back_thick)))
            for index in range(count)]


def _buttons(random: np.random.Generator, width: float, tall: float, z: float) -> list[Part]:
    """Tufting: leaves without a name of their own."""
    button = stretch(ball(between(random, 0.008, 0.014), 6), (1, 1, 0.5))
    columns, rows = int(random.integers(2, 5)), int(random.integers(1, 4))
    return [Part(BACK_SURFACE, move(button, (x, y, z)), is_other=True)
            for x in np.linspace(-0.3, 0.3, columns) * width for y in np.linspace(0.6, 0.85, rows) * tall]


def _sideways(mesh: Mesh, x: float, y: float, z: float) -> Mesh:
    """What was made in the xy plane, seen from the right: its x points to the front."""
    return move(turn(mesh, "y", -90), (x, y, z))


def _sofa_arms(random: np.random.Generator, sofa: Sofa, low: float) -> list[Part]:
    """Box, rolled, flared, sloped or rounded arms from ``low`` up."""
    thick, tall = sofa.arm_thick, sofa.arm - low
    long = sofa.depth * between(random, 0.85 if low > sofa.clear + 0.1 else 0.95, 1.0)
    z = -sofa.depth / 2 + long / 2 if chance(random, 0.7) else sofa.depth / 2 - long / 2
    kind = pick(random, {"box": 4, "rolled": 2, "flared": 1.2, "sloped": 2.2, "swoop": 0.9})
    if kind in ("sloped", "swoop"):  # a swoop comes down from the back's top
        fall = between(random, -0.1, 0.35) * tall
        if kind == "swoop":
            fall = (sofa.top - sofa.arm) * between(random, 0.7, 1)
            tall += fall
        points = outline(long, tall, 0.0, between(random, 0.0, 0.15))
        ahead = ((points[:, 0] / long + 0.5) * points[:, 1] / tall).clip(0)  # rounding must not make it negative
        points[:, 1] -= ahead ** between(random, 0.5, 2) * fall
        mesh = _sideways(panel(points, thick, between(random, 0.2, 0.95)), 0, low, z)
    else:
        section = outline(thick, tall, 0.004, pick(random, {0.01: 1, 0.45 * thick: 1.5}))
        if kind == "flared":
            section[:, 0] += (section[:, 1] / tall) ** 2 * between(random, 0.03, 0.12)
        mesh = move(panel(section, long, between(random, 0.02, 0.12)), (0, low, z))
        if kind == "rolled":
            roll = thick * between(random, 0.45, 0.7)
            drum = panel(ellipse(2 * roll, 2 * roll, 1, 20) - [0, roll], long + 0.01, 0.1)
            mesh = join(mesh, move(drum, (0.3 * roll, sofa.arm - roll, z)))
    x = sofa.width / 2 - thick / 2
    parts = [Part(ARM_SOFA, move(mesh, (x, 0, 0)))]
    if chance(random, 0.08):
        pad = rounded_box((1.05 * thick, 0.03, 0.8 * long), 0.012, 2)
        parts.append(Part(ARM_BAR, move(pad, (x, sofa.arm + 0.01, z))))
    return both_sides(one(ARM, parts))


def _open_arms(random: np.random.Generator, sofa: Sofa) -> list[Part]:
    """Wooden arms on the body's sides (a fauteuil)."""
    x, front, rear = sofa.width / 2 - 0.04, 0.25 * sofa.depth, -sofa.depth / 2 + 0.4 * sofa.back_thick
    bar = flat_stick(between(random, 0.03, 0.06), between(random, 0.02, 0.04), 0.008)
    leg = draw_leg(random, between(random, 0.014, 0.024))
    rest = bar.run((x, sofa.arm, rear), (x, sofa.arm - 0.01, front + 0.05), up=(0, 1, 0),
                   sag=(0, between(random, 0, 0.03), 0))
    post = leg(np.array([x - 0.02, sofa.body - 0.06, front + 0.03]), np.array([x, sofa.arm - 0.005, front]))
    parts = [Part(ARM_BAR, rest), Part(ARM_POST, post)]
    if chance(random, 0.4):
        parts.append(Part(ARM_POST, move(post, (0, 0, -0.55 * sofa.depth))))
    return both_sides(one(ARM, parts))


def _wings(random: np.random.Generator, sofa: Sofa, lean: float) -> list[Part]:
    """Panels from the arms up beside the head."""
    low, high = sofa.arm - 0.03, sofa.top - between(random, 0, 0.06)
    deep, thick = between(random, 0.1, 0.28), between(random, 0.35, 0.8) * sofa.arm_thick
    if high - low < 0.1:
        return []
    points = outline(deep, high - low, 0.0, between(random, 0.03, 0.6) * deep)
    points[:, 0] -= np.clip(points[:, 0], 0, None) * (points[:, 1] / (high - low)) * between(random, 0, 0.7)
    mesh = turn(_sideways(panel(points, thick, 0.7), 0, 0, 0), "x", -lean)
    z = -sofa.depth / 2 + 0.5 * sofa.back_thick + deep / 2 - np.tan(np.radians(lean)) * (low - sofa.seat)
    path = pick(random, {BACK_POST: 1.5, BACK_PANEL: 1})
    return both_sides([Part(path, move(mesh, (sofa.width / 2 - sofa.arm_thick / 2, low, z)))])


def _sofa_base(random: np.random.Generator, sofa: Sofa) -> list[Part]:
    """Feet, legs, a plinth, or nothing where the body stands on the ground itself."""
    if sofa.clear == 0:
        return []
    if sofa.clear > 0.1:
        plan = sofa.plan(sofa.width)
        base = pick(random, {"legs": 3, "feet": 2, "star": 0.4, "sled": 0.4})
        if base == "legs":
            return leg_base(random, plan, size=between(random, 0.014, 0.03), braced=0.1, extra="none")
        if base == "sled":
            return sled_base(random, plan)
        if base == "star":
            return star_base(random, plan, casters=False)
    elif chance(random, 0.12):
        return plinth(random, sofa.width - between(random, 0.02, 0.16), sofa.depth - between(random, 0.02, 0.16),
                      sofa.clear + 0.005)
    return foot_base(random, sofa.width, sofa.depth, sofa.clear)


def wing_chair(random: np.random.Generator) -> list[Part]:
    return upholstered(random, winged=1.0)
