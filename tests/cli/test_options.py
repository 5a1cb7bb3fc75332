"""What several commands share."""

import pytest

from partwise.cli.options import numbers_by_split
from partwise.errors import InputError


def test_numbers_by_split():
    assert numbers_by_split(["train=4000", "my-val=0"], int, "") == {"train": 4000, "my-val": 0}
    assert numbers_by_split(["train=0.8", "val=.2"], float, "") == {"train": 0.8, "val": 0.2}
    assert numbers_by_split([], int, "") == {}


@pytest.mark.parametrize("texts", [["train"], ["train="], ["=1"], ["train=0.5"], ["train=two"], ["../train=1"],
                                   ["train=1", "train=2"]])
def test_other_forms_of_splits(texts):
    with pytest.raises(InputError, match=f"--split {texts[-1]}: expected .* such as train=4000"):
        numbers_by_split(texts, int, "train=4000")
