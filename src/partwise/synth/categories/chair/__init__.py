"""Chairs: families that put seats, backs, arms and bases together."""

from partwise.synth.categories.chair.families import chair

__all__ = ["chair"]
