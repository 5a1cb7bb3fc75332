"""The shapes of many categories in one folder, in PartNet's form or as stores."""

from dataclasses import dataclass
from pathlib import Path

from partwise.data.partnet import find_categories, n_shape_of
from partwise.data.prepare import prepare_partnet
from partwise.data.store import Store
from partwise.errors import InputError
from partwise.files import numbered_files
from partwise.taxonomy import SPLITS


@dataclass(frozen=True)
class CategoryData:
    """The shapes of one category.

    source : the folder that holds the category's folder
    prepared : whether they are stores, ``<split>.h5``, and not PartNet's files, ``<split>-NN.h5`` and ``.json``
    counts : shapes of each split, 0 for one that is not there or cannot be read
    """

    category: str
    source: Path
    prepared: bool
    counts: dict[str, int]

    def stores(self, out: Path, splits: tuple[str, ...] | None) -> Path:
        """The folder of stores that holds this category's; PartNet's files are prepared in ``out``.

        splits : those that are needed; None for all that are there
        InputError as ``prepare_partnet`` does.
        """
        if self.prepared:
            return self.source
        prepare_partnet(self.source, out, [self.category], splits, workers=1)
        return out


def find_data(source: Path) -> dict[str, CategoryData]:
    """The categories of PartNet's that a folder holds; InputError where it holds none.

    A folder of a category that holds both forms counts as PartNet's.
    """
    return {category: _category_data(source, category) for category in find_categories(source)[0]}


def _category_data(source: Path, category: str) -> CategoryData:
    files = {split: numbered_files(source / category, split) for split in SPLITS}
    if any(files.values()):
        return CategoryData(category, source, False, {split: sum(map(n_shape_of, of)) for split, of in files.items()})
    counts = {path.stem: _length(path) for path in sorted((source / category).glob("[!.]*.h5"))}
    return CategoryData(category, source, True, counts)


def _length(path: Path) -> int:
    try:
        return len(Store(path))
    except InputError:
        return 0
