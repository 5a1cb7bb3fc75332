"""Bottles and jugs: profiles turned about an axis or with square and oval sections, with all that closes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories import bottle_tops as tops
from partwise.synth.categories.bottle_tops import Finish
from partwise.synth.categories.vessels import (
    HANDLES,
    filled,
    handle,
    handle_path,
    outside,
    poured,
    rounded_profile,
    section,
    vessel,
    with_inside,
)
from partwise.synth.chance import pick
from partwise.synth.parts import Part, part_path
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import circle, cylinder, rod, torus

NORMAL = part_path("Bottle", "bottle/normal_bottle")
BODY = part_path("Bottle", "bottle/normal_bottle/body")
NECK = part_path("Bottle", "bottle/normal_bottle/neck")
MOUTH = part_path("Bottle", "bottle/normal_bottle/mouth")
HANDLE = part_path("Bottle", "bottle/normal_bottle/handle")
JUG = part_path("Bottle", "bottle/jug")
JUG_BODY = part_path("Bottle", "bottle/jug/body")
JUG_HANDLE = part_path("Bottle", "bottle/jug/handle")
JUG_MOUTH = part_path("Bottle", "bottle/jug/mouth")

Range = tuple[float, float]
Top = Callable[[np.random.Generator, Finish], list[Part]]


@dataclass(frozen=True)
class Family:
    """A kind of bottle: ranges of its lengths in centimetres, sections, and what closes it, with weights.

    softness : rounding of the two corners of the shoulder as a share of its length
    features : share of bodies with a waist, ribs or a bulge
    """

    weight: float
    radius: Range
    body: Range
    shoulder: Range
    neck_radius: Range
    neck: Range
    softness: Range
    sections: dict[str, float]
    tops: dict[Top, float]
    features: float = 0.1
    handle: float = 0.0


FAMILIES = [
    # wine: Bordeaux, Burgundy and sparkling, hock
    Family(0.10, (3.4, 4.0), (17, 20), (2.5, 4.5), (1.3, 1.6), (6, 9), (0.6, 1.0), {"round": 1},
           {tops.capsule: 0.5, tops.cork: 0.2, tops.screw_cap: 0.1, tops.open_mouth: 0.2}, 0.03),
    Family(0.06, (3.8, 4.8), (11, 16), (7, 11), (1.3, 1.7), (3, 7), (0.8, 1.0), {"round": 1},
           {tops.capsule: 0.4, tops.cork: 0.35, tops.open_mouth: 0.25}, 0.03),
    Family(0.03, (3.2, 3.8), (10, 15), (12, 18), (1.2, 1.5), (2, 6), (0.8, 1.0), {"round": 1},
           {tops.capsule: 0.5, tops.cork: 0.2, tops.open_mouth: 0.3}, 0.03),
    # beer
    Family(0.13, (2.9, 3.4), (9, 14), (2.5, 7), (1.2, 1.5), (2.5, 7), (0.5, 1.0), {"round": 1},
           {tops.crown_cap: 0.5, tops.swing_top: 0.12, tops.open_mouth: 0.28, tops.screw_cap: 0.1}, 0.08),
    # water and soft drinks
    Family(0.16, (2.9, 4.8), (11, 22), (3, 8), (1.2, 1.8), (1.5, 3.5), (0.4, 1.0), {"round": 0.85, "square": 0.15},
           {tops.screw_cap: 0.75, tops.sport_cap: 0.1, tops.open_mouth: 0.15}, 0.7),
    # spirits, oil and vinegar
    Family(0.11, (3.2, 5.0), (10, 20), (1, 4), (1.2, 1.8), (2.5, 7), (0.2, 0.9),
           {"round": 0.35, "square": 0.35, "oval": 0.3},
           {tops.screw_cap: 0.4, tops.stopper: 0.35, tops.cork: 0.1, tops.open_mouth: 0.15}, 0.1),
    # medicine, spices, ink
    Family(0.08, (2.0, 3.5), (4, 9), (0.4, 1.5), (1.4, 2.4), (0.8, 1.6), (0.2, 0.9), {"round": 0.75, "square": 0.25},
           {tops.screw_cap: 0.75, tops.dropper: 0.15, tops.open_mouth: 0.1}, 0.05),
    # sauces
    Family(0.07, (2.8, 3.8), (8, 14), (1.5, 7), (1.1, 1.8), (1.0, 4), (0.4, 1.0),
           {"round": 0.65, "oval": 0.2, "square": 0.15},
           {tops.screw_cap: 0.4, tops.nozzle: 0.3, tops.flip_top: 0.2, tops.open_mouth: 0.1}, 0.3),
    # shampoo, lotion and soap
    Family(0.12, (3.0, 4.5), (10, 18), (0.6, 3), (1.0, 1.6), (0.8, 1.6), (0.2, 1.0),
           {"round": 0.35, "oval": 0.45, "square": 0.2},
           {tops.pump: 0.4, tops.tall_cap: 0.35, tops.flip_top: 0.25}, 0.25),
    # cleaning agents: sprays and canisters
    Family(0.05, (3.5, 4.8), (12, 18), (4, 8), (1.1, 1.5), (1.2, 2.0), (0.5, 1.0), {"oval": 0.7, "round": 0.3},
           {tops.trigger: 0.8, tops.screw_cap: 0.2}, 0.3),
    Family(0.04, (5.5, 8.0), (14, 24), (4, 8), (1.6, 2.6), (1.2, 2.2), (0.5, 1.0), {"oval": 0.8, "square": 0.2},
           {tops.screw_cap: 0.9, tops.open_mouth: 0.1}, 0.1, 0.85),
    # milk, juice, carafes
    Family(0.05, (3.8, 5.0), (9, 14), (3, 7), (1.8, 2.6), (1.5, 5), (0.6, 1.0), {"round": 0.7, "square": 0.3},
           {tops.screw_cap: 0.35, tops.open_mouth: 0.5, tops.stopper: 0.15}, 0.1),
    # decanters and laboratory flasks
    Family(0.04, (5.0, 8.0), (2, 7), (4, 9), (1.3, 2.0), (6, 12), (0.9, 1.0), {"round": 0.9, "square": 0.1},
           {tops.stopper: 0.6, tops.open_mouth: 0.3, tops.cork: 0.1}, 0.05, 0.1),
    # scent
    Family(0.04, (2.2, 3.6), (4, 7), (0.2, 1.0), (0.6, 1.0), (0.6, 1.2), (0.1, 0.8),
           {"square": 0.5, "oval": 0.35, "round": 0.15}, {tops.tall_cap: 0.5, tops.stopper: 0.5}, 0.05),
    # drinking and vacuum flasks
    Family(0.07, (3.2, 4.2), (15, 22), (0.8, 4), (1.9, 3.0), (1.2, 2.5), (0.3, 0.9), {"round": 1},
           {tops.loop_cap: 0.4, tops.sport_cap: 0.35, tops.screw_cap: 0.25}, 0.3, 0.03),
]


@dataclass(frozen=True)
class Form:
    """A bottle's outer profile (k, 2) in metres, up to the rim, the heights of its cuts, and its section."""

    profile: np.ndarray
    shoulder: float
    neck: float
    radius: float
    neck_radius: float
    outline: np.ndarray

    @property
    def top(self) -> float:
        return float(self.profile[-1, 1])

    def radii_at(self, heights: np.ndarray) -> np.ndarray:
        side = self.profile[int(np.argmax(self.profile[:, 0] > 0.8 * self.radius)):]
        return np.interp(heights, np.maximum.accumulate(side[:, 1]), side[:, 0])

    def radius_at(self, height: float) -> float:
        return float(self.radii_at(np.array(height)))


def _between(random: np.random.Generator, limits: Range) -> float:
    return 0.01 * random.uniform(*limits)


def _outline(random: np.random.Generator, kind: str) -> np.ndarray:
    sides = int(random.choice([16, 24, 28, 32]))
    if kind == "oval":
        return section(random.uniform(0.4, 0.75), random.uniform(2, 4), sides)
    if kind == "square":
        depth = random.choice([1.0, 1.0, random.uniform(0.4, 0.9)])
        return section(depth, random.uniform(5, 14), sides)
    if random.random() < 0.06:  # faceted
        return circle(int(random.choice([6, 8, 10, 12])))
    return circle(sides)


def _form(random: np.random.Generator, family: Family) -> Form:
    radius, neck_radius = _between(random, family.radius), _between(random, family.neck_radius)
    outline = _outline(random, pick(random, family.sections))
    neck_radius = min(neck_radius, 0.95 * radius * float(np.abs(outline[:, 1]).max()))
    body, shoulder, neck = (_between(random, limits) for limits in (family.body, family.shoulder, family.neck))
    foot, softness = random.uniform(0.05, 0.3) * radius, random.uniform(*family.softness)
    lean, narrow = random.choice([1.0, 1.0, random.uniform(0.8, 1.1)]), random.uniform(0.88, 1.0)
    slope = float(np.hypot(shoulder, radius - neck_radius)) * softness
    start = body + shoulder
    punt = random.choice([0.0, 0.15, random.uniform(0.1, 0.8)]) * radius
    inside = 0.72 * radius * lean
    corners = [(0.0, punt, 0.0), (inside * 0.3, punt * 0.9, 0.05 * radius), (inside, 0.0, 0.1 * radius),
               (radius * lean, 0.0, foot), (radius, body, slope), (neck_radius, start, slope),
               (neck_radius * narrow, start + neck, 0.0)]
    profile = rounded_profile(corners, 6)
    if random.random() < family.features:
        profile = _featured(random, profile, 0.1 * body, 0.95 * body)
    cut = start + 0.1 * neck if softness < 0.6 else start + random.uniform(-0.15, 0.3) * min(neck, shoulder)
    return Form(profile, body, cut, radius, neck_radius, outline)


def _featured(random: np.random.Generator, profile: np.ndarray, low: float, high: float) -> np.ndarray:
    """A waist, ribs, a bulge, or a step for the label."""
    profile = filled(profile, (high - low) / 26)
    share = np.clip((profile[:, 1] - low) / (high - low), 0, 1)
    kind = random.integers(4)
    if kind == 0:  # one waist or several
        waves = int(random.choice([1, 1, 2, 3]))
        change = -random.uniform(0.06, 0.2) / waves ** 0.5 * np.sin(np.pi * waves * share) ** 2
    elif kind == 1:  # ribs, in a part of the height
        start, ribs = random.uniform(0, 0.5), int(random.integers(3, 7))
        inner = np.clip((share - start) / random.uniform(0.4, 1 - start), 0, 1)
        change = -random.uniform(0.02, 0.06) * np.sin(np.pi * ribs * inner) ** 2
    elif kind == 2:
        change = random.uniform(-0.12, 0.1) * np.sin(np.pi * share)
    else:
        start = random.uniform(0.0, 0.3)
        change = -random.uniform(0.02, 0.06) * ((share > start) & (share < random.uniform(0.6, 0.95)))
    on_side = profile[:, 0] > 0.5 * profile[:, 0].max()
    return np.stack([profile[:, 0] * np.where(on_side, 1 + change, 1), profile[:, 1]], 1)


def _cut(profile: np.ndarray, height: float) -> tuple[np.ndarray, np.ndarray]:
    """The profile below and above a height on its outer side."""
    above = profile[:, 1] > height
    first = len(profile) - int(np.argmin(above[::-1])) if not above.all() else 0
    first = min(max(first, 1), len(profile) - 1)
    before, after = profile[first - 1], profile[first]
    share = (height - before[1]) / max(after[1] - before[1], 1e-9)
    point = before + (after - before) * min(max(share, 0), 1)
    return np.concatenate([profile[:first], [point]]), np.concatenate([[point], profile[first:]])


STYLES = {"thin": 0.45, "solid": 0.25, "thick": 0.3}
"""How artists model glass: one sheet, closed pieces, or outside and inside."""


def _piece(profile: np.ndarray, form: Form, style: str, bottom: bool = False) -> Mesh:
    if style == "thick":
        wall = 0.08 * form.neck_radius + 0.0008
        floor = float(profile[0, 1]) + 2 * wall if bottom else None
        profile = with_inside(profile, wall, floor)
    blend = np.interp(profile[:, 1], [form.shoulder, form.neck], [0.0, 1.0])
    return vessel(profile, form.outline, blend, ends=style == "solid")


def _lip(random: np.random.Generator, form: Form) -> tuple[Mesh, float, float]:
    """A ring about the rim, with its radius and height."""
    inner = float(form.profile[-1, 0])
    radius, height = inner * random.uniform(1.08, 1.3), form.neck_radius * random.uniform(0.25, 0.9)
    low, edge = form.top - height, random.uniform(0.05, 0.45) * height
    profile = rounded_profile([(0.95 * inner, low, 0), (radius, low, edge), (radius, form.top, edge),
                               (0.8 * inner, form.top, 0), (0.8 * inner, low, 0)])
    return vessel(profile, circle(len(form.outline))), radius, height


def _glass(random: np.random.Generator, form: Form, closed: bool) -> tuple[list[Part], float]:
    """Body, neck and mouth, cut as annotators do; and the outer radius at the rim."""
    style = pick(random, STYLES)
    below, above = _cut(form.profile, form.neck)
    lip, radius = None, float(form.profile[-1, 0])
    if random.random() < (0.45 if closed else 0.85):
        lip, radius, _ = _lip(random, form)
    has_neck = random.random() < 0.8
    parts = [Part(BODY, _piece(below, form, style, bottom=True))]
    if has_neck:
        parts.append(Part(NECK, _piece(above, form, style)))
    else:
        parts = [Part(BODY, _piece(form.profile, form, style, bottom=True))]
    if lip is not None and random.random() < 0.75:
        parts.append(Part(MOUTH, lip))
    elif lip is not None:
        parts[-1] = Part(parts[-1].path, join(parts[-1].mesh, lip))
    return parts, radius


def _extras(random: np.random.Generator, form: Form, body: Mesh) -> tuple[Mesh, list[Part]]:
    """Labels, which mostly belong to the body, and things that have no name of their own."""
    others = []
    if random.random() < 0.3:  # a paper label about the body
        low, high = form.shoulder * random.uniform(0.1, 0.4), form.shoulder * random.uniform(0.6, 0.95)
        heights = np.linspace(low, high, 8)
        wall = np.array([[form.radius_at(height) * 1.008 + 0.0003, height] for height in heights])
        label = vessel(wall, form.outline)
        if random.random() < 0.12:
            others.append(Part(NORMAL, label, is_other=True))
        else:
            body = join(body, label)
    if random.random() < 0.05:  # what the bottle holds
        level = form.shoulder * random.uniform(0.3, 1.0)
        wall = np.array([[0, 0.004], *([form.radius_at(y) * 0.9, y] for y in np.linspace(0.004, level, 8)), [0, level]])
        others.append(Part(NORMAL, vessel(wall, form.outline), is_other=True))
    if random.random() < 0.03:  # string about the neck
        height = form.neck + 0.3 * (form.top - form.neck)
        ring = move(torus(1.08 * form.radius_at(height), 0.08 * form.neck_radius, 20), (0, height, 0))
        low = height - 2 * form.neck_radius
        end = (1.1 * form.radius_at(low), low, 0)
        cord = rod((form.neck_radius, height, 0), end, 0.06 * form.neck_radius, sides=6)
        others.append(Part(NORMAL, join(ring, cord), is_other=True))
    return body, others


def _side_handle(random: np.random.Generator, form: Form, low: float, high: float, path: str,
                 kinds: Sequence[str] = HANDLES[:4]) -> Part:
    """A handle on the side between two heights; thick or thin, round or flat."""
    reach = (high - low) * random.uniform(0.3, 0.6)
    thickness = (high - low) * random.uniform(0.07, 0.15)
    ends = [(form.radius_at(height) - 0.3 * thickness, height) for height in (high, low)]
    curve = handle_path(str(random.choice(kinds)), ends[0], ends[1], reach)
    mesh = handle(curve, thickness, thickness * random.uniform(0.9, 2.0), random.choice([2.0, 3.0, 6.0]))
    return Part(path, outside(mesh, form.radii_at, 0.3 * thickness))


def normal_bottle(random: np.random.Generator) -> list[Part]:
    weights = np.array([family.weight for family in FAMILIES])
    family = FAMILIES[int(random.choice(len(FAMILIES), p=weights / weights.sum()))]
    form = _form(random, family)
    top = pick(random, family.tops)
    parts, radius = _glass(random, form, top is not tops.open_mouth)
    body, others = _extras(random, form, parts[0].mesh)
    parts[0] = Part(BODY, body)
    room = (form.top - form.neck) * random.uniform(0.75, 1.0)
    parts += top(random, Finish(radius, form.top, room, form.radius, form.outline)) + others
    if random.random() < family.handle:
        low, high = form.shoulder * random.uniform(0.35, 0.6), form.shoulder + 0.6 * (form.neck - form.shoulder)
        parts.append(_side_handle(random, form, low, high, HANDLE))
    return parts


JUGS = [
    # stoneware and growlers; milk and canisters; pitchers
    Family(0.4, (6.0, 9.0), (9, 17), (4, 9), (1.6, 2.6), (2, 5), (0.7, 1.0), {"round": 1}, {}, 0.15),
    Family(0.25, (6.0, 8.0), (12, 18), (6, 10), (1.7, 2.4), (1.5, 2.5), (0.5, 0.9), {"square": 0.8, "oval": 0.2}, {}),
    Family(0.35, (5.0, 8.0), (9, 20), (2, 6), (3.5, 5.5), (2, 6), (0.7, 1.0), {"round": 0.9, "square": 0.1}, {}, 0.2),
]


def _jug_handles(random: np.random.Generator, form: Form, kind: int) -> list[Part]:
    middle = form.neck + 0.5 * (form.top - form.neck)
    if kind == 0 and random.random() < 0.3:  # a small ring at the neck
        size = form.neck_radius * random.uniform(0.5, 0.8)
        ring = turn(torus(size, 0.25 * size, 20), "x", 90)
        return [Part(JUG_HANDLE, move(ring, (form.radius_at(middle) + 0.8 * size, middle, 0)))]
    high = middle if kind != 1 else 0.3 * form.shoulder + 0.7 * form.neck
    low = form.shoulder * (random.uniform(0.75, 1.0) if kind == 0 else random.uniform(0.35, 0.7))
    first = _side_handle(random, form, low, high, JUG_HANDLE)
    if kind == 0 and random.random() < 0.3:  # an amphora
        return [first, Part(JUG_HANDLE, turn(first.mesh, "y", 180))]
    return [first]


def jug(random: np.random.Generator) -> list[Part]:
    kind = int(random.choice(3, p=[family.weight for family in JUGS]))
    form = _form(random, JUGS[kind])
    style = pick(random, {"thin": 0.35, "solid": 0.15, "thick": 0.5})
    handles = _jug_handles(random, form, kind)
    lip = _lip(random, form)[0] if random.random() < 0.6 else None
    body = _piece(form.profile, form, style, bottom=True)
    parts = [Part(JUG_BODY, body), *handles]
    if lip is not None and random.random() < 0.6:
        parts.append(Part(JUG_MOUTH, lip))
    elif lip is not None:
        parts[0] = Part(JUG_BODY, join(body, lip))
    if kind == 2:  # the spout is opposite the handle
        strength, above = random.uniform(0.15, 0.5), form.neck
        parts = [part if part.path == JUG_HANDLE else
                 Part(part.path, turn(poured(turn(part.mesh, "y", 180), above, strength), "y", 180)) for part in parts]
    elif random.random() < 0.5:
        plug = move(cylinder(form.neck_radius * random.uniform(0.75, 1.15), 1.4 * form.neck_radius),
                    (0, form.top + 0.2 * form.neck_radius, 0))
        parts.append(Part(JUG, plug, is_other=True))
    return parts


def bottle(random: np.random.Generator) -> list[Part]:
    """A random bottle, standing, its axis along y; one in twelve is a jug."""
    parts = jug(random) if random.random() < 0.08 else normal_bottle(random)
    angle = float(random.choice([0, 0, 90, 180, 270]))
    return [Part(part.path, turn(part.mesh, "y", angle), part.nodes, part.is_other) for part in parts]
