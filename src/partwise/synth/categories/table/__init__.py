"""Tables: dining, coffee, side, console tables, desks, pedestal and star tables, game and picnic tables."""

import numpy as np

from partwise.synth.categories.table import columns, desks, games, legged
from partwise.synth.chance import chance, pick
from partwise.synth.parts import Part, moved
from partwise.synth.placing import turn

__all__ = ["table"]

FAMILIES = {
    legged.legs_table: 29, legged.console: 1.2, legged.trestle: 4.5, legged.sled: 4.5, legged.crossed: 3,
    legged.slab_legs: 3.5, columns.pedestal_table: 9, columns.star_table: 8.5, desks.desk: 8.5, desks.drawer_table: 7.5,
    desks.shelf_table: 7, desks.panel_table: 5, desks.cabinet_table: 6, desks.corner_desk: 1.2,
    games.table_tennis: 2.4, games.pool_table: 2.6, games.picnic_table: 2.4,
}
"""How often each family is made: as it seems to be in PartNet, but game and picnic tables are far more frequent."""

EITHER_WAY = {legged.legs_table, legged.trestle, legged.crossed, legged.slab_legs, games.table_tennis,
              games.pool_table, games.picnic_table}
"""Families without a front, which stand along z as well."""


def table(random: np.random.Generator) -> list[Part]:
    """A random table or desk with its parts."""
    family = pick(random, FAMILIES)
    parts = family(random)
    if family in EITHER_WAY and chance(random, 0.25):
        return moved(parts, lambda mesh: turn(mesh, "y", 90))
    return parts
