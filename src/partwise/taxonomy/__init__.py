"""Categories and their parts at three levels of detail: PartNet's, and one's own."""

from partwise.taxonomy.colours import class_colours, distinct_colours, instance_colours
from partwise.taxonomy.own import own_taxonomy, taxonomy_of
from partwise.taxonomy.own_file import read_taxonomy
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
           "category_error", "class_colours", "distinct_colours", "instance_colours", "load_taxonomy", "own_taxonomy",
           "partnet_splits", "read_splits", "read_taxonomy", "taxonomy_of"]
