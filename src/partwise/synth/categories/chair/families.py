"""Which chairs there are and how common each family is; what all chairs share in the end."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from partwise.synth.categories.chair.arms import arms
from partwise.synth.categories.chair.backs import back
from partwise.synth.categories.chair.folding import deck_chair, director, folding, x_lounge
from partwise.synth.categories.chair.footrests import foot_plate, foot_ring, ottoman
from partwise.synth.categories.chair.legs import draw_stance, leg_base, panel_base, sled_base
from partwise.synth.categories.chair.paths import CHAIR
from partwise.synth.categories.chair.plan import draw_plan
from partwise.synth.categories.chair.seats import seat
from partwise.synth.categories.chair.sheets import (
    bent_panel,
    cantilever,
    lounger,
    shell,
    tube_back,
    wire_base,
    wire_chair,
    zigzag,
)
from partwise.synth.categories.chair.sofas import upholstered, wing_chair
from partwise.synth.categories.chair.stands import pedestal_base, star_base
from partwise.synth.categories.chair.tubs import chaise, tub
from partwise.synth.categories.chair.wooden import adirondack, bench, blocks, chunky, lounge, windsor
from partwise.synth.chance import between, chance, pick
from partwise.synth.parts import Part
from partwise.synth.placing import move, stretch, turn
from partwise.synth.solids import ball, cushion, cylinder

Family = Callable[[np.random.Generator], list[Part]]


def dining(random: np.random.Generator) -> list[Part]:
    """Any seat, back and arms on four legs: the plain chair in all its forms."""
    tall = pick(random, {(0.34, 0.62): 5, (0.6, 0.85): 1, (0.2, 0.36): 0.8})
    plan = draw_plan(random, back=tall, height=pick(random, {(0.4, 0.5): 8, (0.28, 0.4): 1}))
    parts = seat(random, plan) + back(random, plan) + leg_base(random, plan)
    return parts + (arms(random, plan) if chance(random, 0.27) else [])


def bar_stool(random: np.random.Generator) -> list[Part]:
    """A mostly high seat with a low back or none on braced legs, a sled, a pedestal or a star; a rest for the feet."""
    plan = draw_plan(random, width=(0.34, 0.46), depth=(0.34, 0.44), back=(0.16, 0.42),
                     height=pick(random, {(0.58, 0.8): 4, (0.36, 0.56): 1}),
                     shape=pick(random, {"square": 2, "soft": 2, "oval": 2, "bow": 1}))
    base = pick(random, {"legs": 5, "pedestal": 3, "sled": 0.8, "star": 0.8})
    parts = seat(random, plan, central=base in ("pedestal", "star"))
    kind = pick(random, {"board": 3, "cushion": 2, "hoop": 2, "bars": 1, "rail": 2, "ladder": 1, "filled": 1})
    backed = chance(random, 0.7)
    if backed:
        parts += back(random, plan, kind)
    if base == "legs":
        parts += leg_base(random, plan, extra="none" if chance(random, 0.8) else "foot", braced=0.92)
    elif base == "sled":
        parts += sled_base(random, plan)
    else:
        parts += pedestal_base(random, plan) if base == "pedestal" else star_base(random, plan)
        if chance(random, 0.5):
            parts += pick(random, {foot_ring: 1.5, foot_plate: 1})(random, plan)
    return parts + (arms(random, plan) if backed and chance(random, 0.15) else [])


def office(random: np.random.Generator) -> list[Part]:
    """A cushioned seat on a star with casters, a gas lift and levers; the back on a spine, arms as T or L."""
    plan = draw_plan(random, width=(0.43, 0.55), depth=(0.42, 0.52), height=(0.42, 0.54), thick=(0.04, 0.11),
                     back=(0.34, 0.78), lean=(2, 16),
                     shape=pick(random, {"soft": 4, "square": 1, "narrow": 1, "bow": 1}))
    kind = pick(random, {"cushion": 6, "pad": 2, "board": 1, "framed": 0.5, "tractor": 0.2})
    parts = seat(random, plan, kind, central=True)
    kind = pick(random, {"cushion": 5, "board": 2, "filled": 2, "hoop": 0.5, "ladder": 0.4, "rail": 0.5})
    parts += back(random, plan, kind, head=0.28) + star_base(random, plan, casters=chance(random, 0.85))
    if chance(random, 0.62):
        parts += arms(random, plan, pick(random, {"office": 5, "frame": 2.5, "bars": 0.6, "block": 0.4}))
    return parts


def swivel(random: np.random.Generator) -> list[Part]:
    """Seat and back of any kind on a pedestal or a star without casters."""
    plan = draw_plan(random, height=(0.38, 0.5))
    base = pick(random, {pedestal_base: 3, star_base: 1.5})
    parts = seat(random, plan, central=True) + back(random, plan, head=0.08) + base(random, plan)
    if chance(random, 0.3):
        parts += arms(random, plan, pick(random, {"bars": 1, "frame": 2, "office": 1}))
    if chance(random, 0.15):
        parts += foot_plate(random, plan)
    return parts


def rocking(random: np.random.Generator) -> list[Part]:
    """A wooden armchair on rockers with a high back of bars or slats."""
    plan = draw_plan(random, width=(0.46, 0.56), height=(0.4, 0.48), back=(0.5, 0.8), lean=(8, 20))
    kind = pick(random, {"bars": 4, "ladder": 3, "filled": 1.5, "hoop": 1, "splat": 1, "board": 1})
    parts = seat(random, plan) + back(random, plan, kind, head=0.1)
    size = between(random, 0.014, 0.024)
    stance = draw_stance(random, plan, size * 1.5, between(random, 0, 0.04))
    parts += leg_base(random, plan, stance=stance, size=size, extra="rocker", braced=0.7)
    return parts + (arms(random, plan, pick(random, {"bars": 5, "frame": 1})) if chance(random, 0.75) else [])


def stacking(random: np.random.Generator) -> list[Part]:
    """A thin seat and back on a frame of bent tube: school and conference chairs, often with a writing table."""
    plan = draw_plan(random, width=(0.4, 0.5), thick=(0.01, 0.04), back=(0.34, 0.5), lean=(6, 18), shape=pick(
        random, {"soft": 2, "square": 1, "narrow": 1}))
    radius = between(random, 0.008, 0.014)
    parts = seat(random, plan, pick(random, {"board": 3, "cushion": 2}))
    parts += tube_back(random, plan, 0.46 * plan.rear_width, plan.under, radius)
    if chance(random, 0.45):
        parts += sled_base(random, plan)
    else:
        parts += leg_base(random, plan, size=radius, extra=pick(random, {"none": 3, "foot": 2}), braced=0.35)
    if chance(random, 0.5):
        parts += arms(random, plan, pick(random, {"table": 4, "frame": 3, "bars": 1}))
    return parts


def mixed(random: np.random.Generator) -> list[Part]:
    """Seat and back on a base that is none of the usual ones, at times without a back or with a footstool."""
    plan = draw_plan(random)
    base = pick(random, {sled_base: 3, panel_base: 2, wire_base: 1})
    parts = seat(random, plan) + base(random, plan)
    if chance(random, 0.92):
        parts += back(random, plan, head=0.06) + (arms(random, plan) if chance(random, 0.3) else [])
    return parts + (ottoman(random, plan, plan.depth / 2) if chance(random, 0.08) else [])


FAMILIES: dict[Family, float] = {
    dining: 26, office: 9.5, upholstered: 12, bent_panel: 6, tub: 5.5, shell: 4, windsor: 4.5, lounge: 4.5, swivel: 4,
    bar_stool: 4, stacking: 4, cantilever: 3.5, folding: 2.2, wing_chair: 3, blocks: 2.5, chunky: 3, mixed: 2.5,
    rocking: 2.2, bench: 1.6, deck_chair: 1.8, zigzag: 1.8, lounger: 1.8, chaise: 1.4, director: 1.2, x_lounge: 1.2,
    wire_chair: 1.0, adirondack: 1.2,
}
"""How often each family is drawn, in parts of about a hundred."""


def chair(random: np.random.Generator) -> list[Part]:
    """A random chair: y is up, the sitter looks along +z, lengths are metres."""
    family = pick(random, FAMILIES)
    parts = family(random)
    if family in (upholstered, wing_chair, tub, lounge, chaise) and chance(random, 0.07):
        parts += pillow(random, parts)
    if chance(random, 0.08):
        parts += trifles(random, parts)
    factors = np.exp(random.normal(0, (0.07, 0.06, 0.07)))
    return [replace(part, mesh=stretch(part.mesh, factors)) for part in parts]


def pillow(random: np.random.Generator, parts: list[Part]) -> list[Part]:
    """A loose cushion that leans on the back: nothing that PartNet names."""
    seats = np.concatenate([part.mesh.vertices for part in parts if "/seat_surface/" in part.path])
    size = between(random, 0.3, 0.42)
    mesh = turn(cushion((size, size, 0.13), 0.5, 16), "x", -between(random, 10, 30))
    z = float(np.quantile(seats[:, 2], 0.2))
    at = (between(random, -0.05, 0.05), float(np.quantile(seats[:, 1], 0.9)) + 0.42 * size, z + 0.08)
    return [Part(CHAIR, move(mesh, at), is_other=True)]


def trifles(random: np.random.Generator, parts: list[Part]) -> list[Part]:
    """Screws, knobs or labels on some part: leaves without a name, beside that part in the tree."""
    host = parts[int(random.integers(len(parts)))]
    path = host.path.rsplit("/", 1)[0]
    nodes = tuple((above, token) for above, token in host.nodes if path.startswith(above))
    mesh = pick(random, {"ball": 1, "disc": 1})
    solid = ball(between(random, 0.006, 0.014), 8) if mesh == "ball" else cylinder(between(random, 0.008, 0.02),
                                                                                   0.012, 10)
    triangles = host.mesh.vertices[host.mesh.faces].mean(1)
    spots = triangles[random.integers(len(triangles), size=int(random.integers(1, 6)))]
    return [Part(path, move(solid, spot), nodes, is_other=True) for spot in spots]
