"""Training one category."""

from partwise.training.loop import train

__all__ = ["train"]
