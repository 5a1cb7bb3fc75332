"""Storage furniture: cabinets, chests of drawers, bookcases, wardrobes, kitchens, racks."""

import numpy as np

from partwise.synth.categories.storage_furniture import bookcases, chests, kitchens
from partwise.synth.chance import pick
from partwise.synth.parts import Part

__all__ = ["storage_furniture"]

FAMILIES = {
    chests.chest_of_drawers: 14, chests.night_stand: 8, chests.filing_cabinet: 5, chests.sideboard: 14,
    chests.wardrobe: 9, bookcases.bookcase: 11, bookcases.cube_shelf: 4, bookcases.staggered_shelf: 3,
    bookcases.rack: 3.5, bookcases.ladder_shelf: 1.2, bookcases.hutch: 5, bookcases.corner_shelf: 0.8,
    bookcases.box_shelves: 2, bookcases.slatted_shelf: 1, kitchens.base_unit: 9, kitchens.wall_unit: 4,
    kitchens.tall_unit: 4, kitchens.counter_run: 5, kitchens.cart: 2.5, kitchens.corner_unit: 1.2,
}
"""How often each family is made, as it seems to be among PartNet's shapes."""


def storage_furniture(random: np.random.Generator) -> list[Part]:
    """A random cabinet, chest, shelf or other storage furniture with its parts."""
    return pick(random, FAMILIES)(random)
