"""Lamp heads: the shade with what is in it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.categories.lamp.shapes import bulb, rim, shade
from partwise.synth.chance import pick
from partwise.synth.parts import Part, moved
from partwise.synth.placing import join, mirror, move, turn
from partwise.synth.solids import Point, cone, cylinder, rod

HANGING = {"empire": 2.0, "drum": 2.0, "coolie": 2.5, "cone": 2.0, "bell": 2.0, "spot": 2.0, "dome": 3.0, "tulip": 1.0,
           "trumpet": 1.0, "globe": 2.0, "saucer": 0.7, "onion": 0.6, "barrel": 0.7}
SPOTS = {"spot": 4.0, "cone": 3.0, "dome": 3.0, "empire": 1.5, "coolie": 1.0, "trumpet": 0.7, "globe": 0.4, "drum": 0.6}


class HeadPaths(NamedTuple):
    """Places of a head's parts in one subtype of lamps; without ``bulb`` a bulb is other below ``head``."""

    head: str
    shade: str
    bulb: str | None


class Head(NamedTuple):
    """Meshes of a head that hangs from the origin, its opening below."""

    shade: Mesh
    bulb: Mesh | None
    socket: Mesh | None


def hanging(random: Generator, radius: float, height: float, styles: Mapping[str, float] = HANGING,
            bulbs: float = 0.5) -> Head:
    """A head that hangs from the origin by its socket; ``bulbs`` is the chance of a bulb."""
    cover = shade(random, pick(random, styles), radius, height)
    top, inside = rim(cover)
    length = min(0.35 * top, random.uniform(0.25, 0.6) * radius)
    wide = max(inside, 0.16 * radius) * 1.1 if inside < 0.35 * radius else 0.16 * radius
    socket = move(cone(wide, wide * random.uniform(0.5, 0.9), length, 14), (0, -length / 2, 0))
    cover = move(cover, (0, -top - random.uniform(0.2, 0.7) * length, 0))
    if inside > 0.35 * radius:  # a wide opening above needs something that reaches to the wall
        socket = join(socket, _spider(inside, -0.75 * length, 0.02 * radius))
    light = None
    if random.random() < bulbs:
        size = min(0.3 * radius, 0.2 * top, 0.05) * random.uniform(0.8, 1.2)
        light = move(mirror(bulb(random, size), "y"), (0, -0.97 * length, 0))
    if random.random() < 0.88:  # most artists model socket and shade as one
        return Head(join(cover, socket), light, None)
    return Head(cover, light, socket)


def _spider(radius: float, y: float, wire: float) -> Mesh:
    spoke = rod((-radius, y, 0), (radius, y, 0), wire, sides=6)
    return join(spoke, turn(spoke, "y", 90))


def placed(parts: Iterable[Part], at: Point = (0, 0, 0), around: float = 0.0) -> list[Part]:
    """The parts at another place, turned about the y axis through the origin after that."""
    return moved(parts, lambda mesh: turn(move(mesh, at), "y", around))


def upright(head: Head) -> Head:
    """The head upside down: it stands on the origin, its opening above."""
    return Head(*(None if mesh is None else mirror(mesh, "y") for mesh in head))  # type: ignore[arg-type]


def head_parts(head: Head, paths: HeadPaths) -> list[Part]:
    """The head's meshes with their places in the tree."""
    parts = [Part(paths.shade, head.shade)]
    if head.bulb is not None:
        parts.append(Part(paths.bulb, head.bulb) if paths.bulb else Part(paths.head, head.bulb, is_other=True))
    if head.socket is not None:
        parts.append(Part(paths.head, head.socket, is_other=True))
    return parts


def candle(random: Generator, width: float, height: float) -> Mesh:
    """A candle's tube that stands on a small dish."""
    dish = cone(1.1 * width, random.uniform(1.8, 2.8) * width, 0.8 * width, 14)
    return join(move(cylinder(width, height, 10), (0, height / 2, 0)), move(dish, (0, 0.4 * width, 0)))
