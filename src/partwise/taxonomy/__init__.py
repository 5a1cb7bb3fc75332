"""PartNet's categories and their parts at three levels of detail."""

from partwise.taxonomy.colours import class_colours, distinct_colours, instance_colours
from partwise.taxonomy.splits import SPLITS, UNLISTED, Splits, partnet_splits, read_splits
from partwise.taxonomy.taxonomy import (
           LEVELS,
           OTHER,
           Level,
           Taxonomy,
           categories,
           category_error,
           load_taxonomy,
)

__all__ = ["LEVELS", "OTHER", "SPLITS", "UNLISTED", "Level", "Splits", "Taxonomy", "categories",
           "category_error", "class_colours", "distinct_colours", "instance_colours", "load_taxonomy", "partnet_splits",
           "read_splits"]
