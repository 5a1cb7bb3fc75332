"""Shares of several machines: all of the work, none of it twice, about the same each."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partwise.config import TrainConfig
from partwise.errors import InputError
from partwise.suite.data import CategoryData
from partwise.suite.shards import parse_shard, shard, work
from partwise.taxonomy import categories


@given(st.dictionaries(st.sampled_from(categories()), st.integers(0, 10 ** 6)), st.integers(1, 6))
def test_shares_are_a_partition_whose_loads_differ_by_one_category_at_most(works, count):
    shares = [shard(works, number, count) for number in range(1, count + 1)]
    assert sorted(name for share in shares for name in share) == sorted(works)
    loads = [sum(max(works[name], 1) for name in share) for share in shares]
    assert max(loads) - min(loads) <= max([max(one, 1) for one in works.values()], default=0)
    assert set(shares[0]) == set(shard(dict(reversed(works.items())), 1, count))


def test_the_largest_is_alone_where_it_is_as_much_as_all_others():
    works = {"Bag": 10, "Bed": 10, "Bowl": 10, "Chair": 40}
    assert shard(works, 1, 2) == ["Chair"]
    assert shard(works, 2, 2) == ["Bag", "Bed", "Bowl"]


def test_work_is_counted_in_shapes_that_go_through_the_network():
    data = CategoryData("Bag", Path(), True, {"train": 1000, "val": 7, "test": 20})
    config = TrainConfig(Path(), "Bag", Path(), iterations=10, batch_size=4, validate_every=4)
    assert work(data, None, "test", None) == 20
    assert work(data, None, "test", 5) == 5
    assert work(data, config, "test", None) == 3 * 40 + 3 * 7 + 20


@pytest.mark.parametrize("text", ["", "2", "0/3", "4/3", "1/0", "a/b", "1/2/3", "-1/2", "1.5/2"])
def test_other_forms_are_errors(text):
    with pytest.raises(InputError, match="such as 2/4"):
        parse_shard(text)


def test_the_form():
    assert parse_shard("2/4") == (2, 4)
