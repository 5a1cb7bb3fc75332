"""Lamps: on tables, desks and floors, at walls and ceilings, in streets."""

from numpy.random import Generator

from partwise.synth.categories.lamp.chandelier import chandelier
from partwise.synth.categories.lamp.desk import (
    arc_lamp,
    bankers_lamp,
    bracket_lamp,
    gooseneck_lamp,
    jointed_lamp,
    light_bar_lamp,
)
from partwise.synth.categories.lamp.heads import placed
from partwise.synth.categories.lamp.pendant import pendant_lamp
from partwise.synth.categories.lamp.street import street_lamp
from partwise.synth.categories.lamp.table_or_floor import (
    bodied_lamp,
    branched_lamp,
    candelabrum,
    globe_lamp,
    legged_lamp,
    panelled_lamp,
    pole_lamp,
    torchiere,
)
from partwise.synth.categories.lamp.wall import wall_lamp
from partwise.synth.chance import pick
from partwise.synth.parts import Part

# Chances in per cent; table and floor lamps are more than half, as among the models people make.
_FAMILIES = {bodied_lamp: 15, pole_lamp: 10, torchiere: 2.5, legged_lamp: 5, panelled_lamp: 4.5, globe_lamp: 3,
             branched_lamp: 3, candelabrum: 1, jointed_lamp: 8, gooseneck_lamp: 2.5, arc_lamp: 2.5, bracket_lamp: 2.5,
             bankers_lamp: 1, light_bar_lamp: 1, pendant_lamp: 17, chandelier: 9, wall_lamp: 8, street_lamp: 9}
_FIXED = (pendant_lamp, chandelier, wall_lamp)


def lamp(random: Generator) -> list[Part]:
    """A random lamp."""
    family = pick(random, _FAMILIES)
    parts = family(random)
    # free-standing lamps have no front: artists turn them as they like
    around = 0.0 if family in _FIXED else float(random.choice([0, 0, 90, 180, 270]))
    return placed(parts, around=around)
