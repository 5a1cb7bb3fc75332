"""Which shape belongs to which split: PartNet's lists, or a folder of lists in PartNet's form."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from partwise.errors import InputError
from partwise.files import read_json

SPLITS = ("train", "val", "test")
UNLISTED = "unlisted"
"""Split of shapes that stand in no list."""

Splits = Mapping[str, str]
"""Annotation id -> split, of one category."""


@cache
def _facts() -> dict[str, dict[str, list[int]]]:
    text = resources.files(__package__).joinpath("splits.json").read_text(encoding="utf-8")
    facts: dict[str, dict[str, list[int]]] = json.loads(text)
    return facts


@cache
def partnet_splits(category: str) -> Splits:
    """PartNet's published split of a category."""
    return {str(anno_id): split for split in SPLITS for anno_id in _facts()[category][split]}


def read_splits(folder: Path, category: str) -> Splits:
    """Read ``<category>.<split>.json`` lists of records with an ``anno_id``; a missing list is an empty one."""
    splits: dict[str, str] = {}
    for split in SPLITS:
        path = folder / f"{category}.{split}.json"
        if not path.is_file():
            continue
        records = read_json(path)
        try:
            splits.update({str(record["anno_id"]): split for record in records})
        except (TypeError, KeyError) as error:
            raise InputError(f"{path}: expected a list of records with an 'anno_id', as in PartNet's "
                             "train_val_test_split") from error
    return splits
