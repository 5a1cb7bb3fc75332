"""The categories of the procedural world: a function each, from a random generator to the parts of a shape."""

from importlib import import_module

from partwise.errors import InputError
from partwise.synth.shapes import MakeParts

CATEGORIES = {"Chair": "chair", "Table": "table", "StorageFurniture": "storage_furniture", "Lamp": "lamp",
              "Bed": "bed", "Bottle": "bottle", "Mug": "mug", "Scissors": "scissors"}
"""Module, and function in it, of each category."""


def category_function(category: str) -> MakeParts:
    """The function of a category by PartNet's name; InputError for one that the world does not have."""
    if category not in CATEGORIES:
        raise InputError(f"the procedural world has no category '{category}'; choose from {', '.join(CATEGORIES)}")
    name = CATEGORIES[category]
    make_parts: MakeParts = getattr(import_module(f"{__package__}.{name}"), name)
    return make_parts
