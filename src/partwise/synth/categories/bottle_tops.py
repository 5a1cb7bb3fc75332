"""What closes a bottle: caps, corks, stoppers, pumps, sprays and the rest, each on a round neck."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from partwise.mesh import Mesh
from partwise.synth.categories.vessels import handle, handle_path, rounded_profile, section, turned, vessel
from partwise.synth.parts import Part, part_path
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import ball, beam, box, circle, cone, cylinder, rod, smooth, torus, tube

LID = part_path("Bottle", "bottle/normal_bottle/lid")
CLOSURE = part_path("Bottle", "bottle/normal_bottle/closure")
HANDLE = part_path("Bottle", "bottle/normal_bottle/handle")


@dataclass(frozen=True)
class Finish:
    """The end of a bottle that a top sits on.

    radius : outer radius of the neck
    top : height of the rim
    room : length of the neck that a top may cover
    body_radius : of the body below
    outline : (m, 2) of the body's section, for caps as wide as the body
    """

    radius: float
    top: float
    room: float
    body_radius: float
    outline: np.ndarray


def _ridged(profile: np.ndarray, ridges: int, depth: float) -> Mesh:
    """A lathed piece with ridges down its sides."""
    outline = circle(2 * ridges)
    outline[::2] *= 1 - depth
    return vessel(profile, outline, ends=True)


def screw_cap(random: np.random.Generator, finish: Finish) -> list[Part]:
    """A plastic or metal cap; some ridged, domed or in two steps, some with the ring that stays on the neck."""
    radius = finish.radius * random.uniform(1.08, 1.3)
    height = min(radius * random.uniform(0.7, 2.2), finish.room + 1.2 * radius)
    low = finish.top - min(finish.room, 0.85 * height)
    high, edge = low + height, random.uniform(0.0, 0.3) * radius
    narrow, dome = radius * random.uniform(0.85, 1.0), random.choice([0.0, 0.0, 0.1]) * radius
    profile = rounded_profile([(0.9 * radius, low, 0), (radius, low, 0.02 * radius), (narrow, high, edge),
                               (0.3 * narrow, high + dome, 0), (0.01 * radius, high + dome, 0)])
    if random.random() < 0.2:  # a foot wider than the rest
        step = low + 0.3 * height
        profile = np.concatenate([[[radius, low], [1.12 * radius, low], [1.12 * radius, step], [radius, step]],
                                  profile[profile[:, 1] > step]])
    ridged = random.random() < 0.4
    cap = _ridged(profile, int(random.integers(16, 30)), 0.05) if ridged else turned(profile, 28)
    parts = [Part(LID, cap)]
    if random.random() < 0.3 and finish.room > 0.9 * height:
        ring = turned(np.array([[0.8 * radius, -1], [radius, -1], [radius, 1], [0.8 * radius, 1]])
                     * [1, 0.06 * height], 28)
        parts.append(Part(str(random.choice([CLOSURE, LID])), move(ring, (0, low - 0.1 * height, 0))))
    return parts


def tall_cap(random: np.random.Generator, finish: Finish) -> list[Part]:
    """A cap nearly as wide as the body, with the body's section: shampoo, scent, sprays."""
    width = finish.body_radius * random.uniform(0.6, 1.0)
    width = max(width, 1.15 * finish.radius / float(np.abs(finish.outline[:, 1]).max()))
    low = finish.top - finish.room
    high = finish.top + width * random.uniform(0.15, 1.0)
    edge, narrow = random.uniform(0, 0.25) * width, random.uniform(0.85, 1.0)
    profile = rounded_profile([(0.0, low, 0), (width, low, 0.05 * width), (width * narrow, high, edge),
                               (0.0, high, 0)])
    return [Part(LID, vessel(profile, finish.outline))]


def flip_top(random: np.random.Generator, finish: Finish) -> list[Part]:
    """A cap with a lid on a hinge, closed or open, over a small spout."""
    radius = finish.radius * random.uniform(1.15, 1.7)
    low, height = finish.top - finish.room, finish.room + radius * random.uniform(0.4, 1.0)
    cover = radius * random.uniform(0.25, 0.6)
    parts = [Part(LID, move(cylinder(radius, height), (0, low + height / 2, 0)))]
    lid = turned(rounded_profile([(0, 0, 0), (radius, 0, 0), (radius, cover, 0.3 * cover), (0, cover, 0)]), 24)
    angle = 0.0 if random.random() < 0.6 else random.uniform(60, 190)
    lid = turn(move(lid, (0, low + height + 0.001, 0)), "x", -angle, (0, low + height, -radius))
    parts.append(Part(str(random.choice([LID, LID, CLOSURE])), lid))
    if angle > 0:
        spout = move(cone(0.3 * radius, 0.2 * radius, 0.4 * radius, 12), (0, low + height + 0.2 * radius, 0))
        parts.append(Part(str(random.choice([CLOSURE, LID])), spout))
    return parts


def crown_cap(random: np.random.Generator, finish: Finish) -> list[Part]:
    """The crimped cap of a beer bottle."""
    radius, height = 1.18 * finish.radius, 0.45 * finish.radius
    low = finish.top - 0.7 * height
    profile = np.array([[radius, low], [0.93 * radius, low + 0.6 * height], [0.75 * radius, low + height],
                        [0.01 * radius, low + 1.05 * height]])
    return [Part(LID, _ridged(profile, 21, 0.07))]


def capsule(random: np.random.Generator, finish: Finish) -> list[Part]:
    """Foil over the upper neck of a wine bottle; below, some have a cork that is hidden by it."""
    radius, length = 1.1 * finish.radius, finish.room * random.uniform(0.35, 0.95)
    low, high = finish.top - length, finish.top + 0.002
    bulge = random.choice([1.0, 1.1]) * radius
    profile = rounded_profile([(radius, low, 0), (radius, high - 0.25 * length, 0), (bulge, high - 0.2 * length, 0),
                               (bulge, high, 0.1 * radius), (0.0, high + 0.001, 0)])
    parts = [Part(LID, vessel(profile, circle(24)))]
    if random.random() < 0.2:
        parts.append(Part(CLOSURE, move(cylinder(0.7 * finish.radius, 0.6 * length, 16),
                                        (0, high - 0.35 * length, 0))))
    return parts


def cork(random: np.random.Generator, finish: Finish) -> list[Part]:
    """A cork that sticks out a little, or the mushroom of sparkling wine, at times with its wire."""
    inside = 0.78 * finish.radius
    depth, out = inside * random.uniform(0.5, 2.0), inside * random.uniform(0.3, 1.6)
    parts = [Part(CLOSURE, move(cone(0.9 * inside, inside * random.uniform(1.0, 1.2), depth + out, 20),
                                (0, finish.top + (out - depth) / 2, 0)))]
    if random.random() < 0.25:
        head = rounded_profile([(0, 0, 0), (1.25, 0, 0.1), (1.35, 0.9, 0.5), (0, 1.1, 0)]) * inside
        parts = [Part(CLOSURE, join(parts[0].mesh, move(turned(head, 20), (0, finish.top + 0.5 * out, 0))))]
    return parts


def stopper(random: np.random.Generator, finish: Finish) -> list[Part]:
    """A plug with a head: a ball, a disc, a cone, a faceted block."""
    radius = finish.radius
    plug = move(cone(0.6 * radius, 0.75 * radius, radius, 16), (0, finish.top - 0.3 * radius, 0))
    size, base = radius * random.uniform(1.0, 1.9), finish.top + 0.1 * radius
    kind = random.integers(5)
    if kind == 0:
        head = move(ball(size, int(random.choice([6, 8, 18]))), (0, base + 0.9 * size, 0))
    elif kind == 1:
        height = size * random.uniform(0.5, 1.2)
        head = turned(rounded_profile([(0, base, 0), (size, base, 0.1 * size), (size, base + height, 0.2 * size),
                                      (0, base + height, 0)]), 24)
    elif kind == 2:
        outline = section(1.0, random.uniform(2, 8), 24)
        head = vessel(rounded_profile([(0, base, 0), (0.6 * size, base, 0), (size, base + size, 0.2 * size),
                                       (0, base + 1.6 * size, 0)]), outline)
    elif kind == 3:
        head = move(box((1.6 * size, 1.3 * size, 1.6 * size), 0.15 * size), (0, base + 0.65 * size, 0))
    else:
        drop = smooth([(0.5, 0), (0.45, 0.3), (1.0, 0.9), (0.6, 1.7), (0.05, 2.3)], 12) * size
        head = move(turned(np.abs(drop), 20), (0, base, 0))
    if random.random() < 0.35:
        return [Part(CLOSURE, plug), Part(LID, head)]
    return [Part(str(random.choice([CLOSURE, LID])), join(plug, head))]


def sport_cap(random: np.random.Generator, finish: Finish) -> list[Part]:
    """A cap with a drinking valve, some below a clear hood."""
    radius = 1.15 * finish.radius
    low, collar = finish.top - min(finish.room, radius), random.uniform(0.5, 1.0) * radius
    high = max(low + collar, finish.top)
    base = turned(rounded_profile([(0, low, 0), (radius, low, 0), (radius, high, 0.1 * radius),
                                  (0.5 * radius, high + 0.5 * radius, 0.2 * radius), (0.4 * radius, high + radius, 0),
                                  (0, high + radius, 0)]), 24)
    valve = turned(rounded_profile([(0, 0, 0), (0.5, 0, 0), (0.36, 0.4, 0.2), (0.5, 0.8, 0.2), (0, 0.85, 0)])
                  * radius, 20)
    parts = [Part(LID, base), Part(CLOSURE, move(valve, (0, high + 0.7 * radius, 0)))]
    if random.random() < 0.3:
        hood = rounded_profile([(0.92, 0, 0), (0.85, 1.7, 0.3), (0, 1.75, 0)]) * radius
        parts.append(Part(LID, move(vessel(hood, circle(24)), (0, high, 0))))
    return parts


def pump(random: np.random.Generator, finish: Finish) -> list[Part]:
    """A lotion pump: collar, stem and a head with a nozzle."""
    radius = finish.radius * random.uniform(1.1, 1.3)
    low, collar = finish.top - finish.room, finish.room + radius * random.uniform(0.2, 0.6)
    high, stem = low + collar, radius * random.uniform(0.6, 2.2)
    body = turned(rounded_profile([(0, low, 0), (radius, low, 0), (radius, high, 0.1 * radius),
                                  (0.5 * radius, high + 0.3 * radius, 0.1 * radius), (0, high + 0.3 * radius, 0)]), 24)
    pipe, head_y = rod((0, high, 0), (0, high + stem + 0.3 * radius, 0), 0.22 * radius), high + 0.3 * radius + stem
    reach, drop = radius * random.uniform(1.4, 3.0), radius * random.uniform(0.0, 0.9)
    width = radius * random.uniform(0.3, 0.5)
    spout = smooth([(0, 0, 0), (0.5 * reach, 0.05 * reach, 0), (0.9 * reach, 0, 0),
                    (reach, -drop - 0.1 * reach, 0)], 10)
    head = join(cylinder(radius * random.uniform(0.5, 0.9), 0.5 * radius, 20),
                tube(spout, np.linspace(1.0, 0.6, 10) * width, section(0.9, 3.0, 10)))
    head = turn(move(head, (0, head_y, 0)), "y", random.choice([0, -90, 180]))
    top = str(random.choice([LID, CLOSURE, CLOSURE]))
    if random.random() < 0.3:
        return [Part(top, join(body, pipe, head))]
    return [Part(CLOSURE if top == LID else LID, body), Part(top, join(pipe, head))]


def trigger(random: np.random.Generator, finish: Finish) -> list[Part]:
    """A spray head with a trigger; the trigger counts as a handle on some."""
    radius = finish.radius * random.uniform(1.1, 1.3)
    collar = cylinder(radius, finish.room + 0.3 * radius)
    low = finish.top - finish.room
    high, size = finish.top + 0.3 * radius, radius * random.uniform(1.5, 2.1)
    head = tube(np.array([(-1.0, 1.1, 0), (-0.7, 1.25, 0), (0.2, 1.2, 0), (1.3, 1.15, 0)]) * size,
                np.array([0.25, 0.42, 0.38, 0.32]) * size, section(0.9, 4.0, 12))
    neck = beam((0, -0.1 * size, 0), (0, 1.1 * size, 0), 0.7 * size, 0.7 * size, 0.8)
    nozzle = turn(cone(0.3 * size, 0.22 * size, 0.35 * size, 12), "z", -90)
    curve = smooth(np.array([(0.75, 0.95, 0), (0.8, 0.5, 0), (0.6, -0.1, 0), (0.95, -0.6, 0)]) * size, 10)
    lever = tube(curve, 0.09 * size, section(3.0, 3.0, 8))
    lift: Callable[[Mesh], Mesh] = lambda mesh: move(mesh, (0, high, 0))  # noqa: E731
    main = str(random.choice([LID, CLOSURE]))
    lever_path = HANDLE if random.random() < 0.4 else main
    return [Part(str(random.choice([LID, CLOSURE])), move(collar, (0, (low + high) / 2, 0))),
            Part(main, lift(join(head, neck, move(nozzle, (1.4 * size, 1.15 * size, 0))))),
            Part(lever_path, lift(lever))]


def nozzle(random: np.random.Generator, finish: Finish) -> list[Part]:
    """The pointed cap of glue, ketchup and mustard; some have a small cap at the tip."""
    radius = finish.radius * random.uniform(1.1, 1.35)
    low, collar = finish.top - finish.room, finish.room + random.uniform(0.1, 0.3) * radius
    length, tip = radius * random.uniform(1.4, 3.0), radius * random.uniform(0.12, 0.3)
    base, high = random.uniform(0.55, 0.95) * radius, low + collar
    profile = rounded_profile([(0, low, 0), (radius, low, 0), (radius, high, 0.1 * radius),
                               (base, high + 0.05 * radius, 0.3 * radius), (tip, high + length, 0),
                               (0, high + length, 0)])
    parts = [Part(LID, turned(profile, 24))]
    if random.random() < 0.4:
        parts.append(Part(CLOSURE, move(cone(1.9 * tip, 1.5 * tip, 0.25 * length, 14), (0, high + 0.98 * length, 0))))
    return parts


def dropper(random: np.random.Generator, finish: Finish) -> list[Part]:
    """A ridged collar and a rubber bulb; at times the glass pipe hangs inside."""
    radius, low = 1.15 * finish.radius, finish.top - finish.room
    high = finish.top + 0.5 * radius
    collar = _ridged(np.array([[radius, low], [radius, high], [0.6 * radius, high]]), 20, 0.05)
    bulb = np.abs(smooth([(0.62, 0), (0.5, 0.4), (0.55, 1.3), (0.4, 2.0), (0.02, 2.2)], 12)) * radius
    pieces = [move(turned(bulb, 20), (0, high, 0))]
    if random.random() < 0.4:
        pieces.append(rod((0, finish.top * 0.2, 0), (0, high, 0), 0.25 * radius))
    return [Part(LID, collar), Part(CLOSURE, join(*pieces))]


def swing_top(random: np.random.Generator, finish: Finish) -> list[Part]:
    """A porcelain stopper held by wire."""
    radius = finish.radius
    plug = turned(rounded_profile([(0, -0.3, 0), (0.8, -0.3, 0), (1.0, 0.1, 0.1), (0.9, 0.8, 0.4), (0, 0.95, 0)])
                 * radius, 20)
    low, high = -min(2.2 * radius, finish.room), 0.55 * radius
    wires = [tube(smooth([(0.2 * radius, high, 0), (side * 1.25 * radius, high * 0.6, 0),
                          (side * 1.2 * radius, 0.5 * low, 0.1 * radius), (side * 1.05 * radius, low, 0)], 10),
                  0.1 * radius, circle(6)) for side in (-1, 1)]
    ring = move(torus(1.05 * radius, 0.1 * radius, 20), (0, low, 0))
    wire = move(join(*wires, ring), (0, finish.top, 0))
    return [Part(LID if random.random() < 0.5 else CLOSURE, move(plug, (0, finish.top, 0))), Part(CLOSURE, wire)]


def loop_cap(random: np.random.Generator, finish: Finish) -> list[Part]:
    """The cap of a flask with a loop or a hinged handle to carry it by."""
    parts = screw_cap(random, finish)
    lid = parts[0].mesh.vertices
    radius, high = float(np.abs(lid[:, 0]).max()), float(lid[:, 1].max())
    thickness = radius * random.uniform(0.12, 0.3)
    if random.random() < 0.6:
        curve = handle_path(str(random.choice(["c", "d", "square"])), (0, 0.8 * radius), (0, -0.8 * radius),
                            radius * random.uniform(0.7, 1.3))
        loop = move(turn(handle(curve, thickness, thickness * random.uniform(1, 2.5)), "z", 90), (0, high, 0))
    else:
        curve = handle_path("c", (0.9 * radius, high), (0.9 * radius, high - 1.2 * radius), 0.8 * radius)
        loop = handle(curve, thickness, thickness * random.uniform(1, 2))
    return [*parts, Part(HANDLE, turn(loop, "y", random.choice([0, 90])))]


def open_mouth(random: np.random.Generator, finish: Finish) -> list[Part]:
    return []
