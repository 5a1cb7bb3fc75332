"""Beds: single and double ones, day beds, cribs, bunk beds and loft beds."""

from numpy.random import Generator

from partwise.synth.categories.bed.bunk import bunk_bed, loft_bed, trundle_bed
from partwise.synth.categories.bed.regular import crib, day_bed, divan_bed, legged_bed, platform_bed, posted_bed
from partwise.synth.chance import pick
from partwise.synth.parts import Part

_FAMILIES = {legged_bed: 30, divan_bed: 13, platform_bed: 8, posted_bed: 14, day_bed: 5, crib: 4, bunk_bed: 19,
             loft_bed: 5, trundle_bed: 2}


def bed(random: Generator) -> list[Part]:
    """A random bed; its head is at -z."""
    return pick(random, _FAMILIES)(random)
