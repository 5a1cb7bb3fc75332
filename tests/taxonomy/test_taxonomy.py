import json

import numpy as np
import pytest

from partwise.errors import InputError
from partwise.taxonomy import (
    LEVELS,
    SPLITS,
    categories,
    category_error,
    class_colours,
    distinct_colours,
    instance_colours,
    load_taxonomy,
    partnet_splits,
    read_splits,
)

# Parts without other at levels 1, 2, 3 (- where PartNet has no such level) and shapes in train/val/test
COUNTS = """Bag 3/-/- 92/5/29 · Bed 3/9/14 133/24/37 · Bottle 5/-/8 315/37/84 · Bowl 3/-/- 131/18/39 ·
Chair 5/29/38 4489/617/1217 · Clock 5/-/10 406/50/98 · Dishwasher 2/4/6 111/19/51 ·
Display 2/-/3 633/104/191 · Door 2/3/4 149/25/51 ·
Earphone 5/-/9 147/28/53 · Faucet 7/-/11 435/81/132 · Hat 5/-/- 170/16/45 ·
Keyboard 2/-/- 111/14/31 · Knife 4/-/9 221/29/77 · Lamp 17/27/40 1554/234/419 · Laptop 2/-/- 306/45/82 ·
Microwave 2/4/5 133/12/39 · Mug 3/-/- 138/19/35 · Refrigerator 2/5/6 136/20/31 · Scissors 2/-/- 45/10/13 ·
StorageFurniture 6/18/23 1588/230/451 · Table 10/41/50 5707/843/1668 · TrashCan 4/-/10 221/37/63 ·
Vase 3/-/5 741/102/233"""
ROWS = [row.split() for row in COUNTS.split("·")]


def table(path):
    return [line.split() for line in path.read_text().splitlines() if line.strip()]


def test_all_categories():
    assert categories() == tuple(name for name, _, _ in ROWS)
    assert len(ROWS) == 24


@pytest.mark.parametrize(("name", "parts", "shapes"), ROWS)
def test_counts(name, parts, shapes):
    taxonomy = load_taxonomy(name)
    found = [str(level.n_class - 1) if level.is_real else "-" for level in taxonomy.levels]
    assert "/".join(found) == parts
    assert taxonomy.n_class == tuple(level.n_class for level in taxonomy.levels)
    split_of = list(partnet_splits(name).values())
    assert "/".join(str(split_of.count(split)) for split in SPLITS) == shapes


def test_totals():
    real = [load_taxonomy(name).real_levels for name in categories()]
    assert [sum(level in levels for levels in real) for level in LEVELS] == [24, 9, 17]
    assert sum(len(partnet_splits(name)) for name in categories()) == 25_900


@pytest.mark.parametrize("name", [name for name, _, _ in ROWS])
def test_equals_partnets_lists(shared, name):
    stats, taxonomy = shared / "data" / "partnet" / "stats", load_taxonomy(name)
    source = 1
    for level in taxonomy.levels:
        path = stats / "after_merging_label_ids" / f"{name}-level-{level.number}.txt"
        source = level.number if path.is_file() else source
        assert level.source == source
        wanted = table(stats / "after_merging_label_ids" / f"{name}-level-{source}.txt")
        assert list(level.paths) == [path for _, path, _ in wanted]
    assert list(taxonomy.merging.items()) == [
        (raw, merged) for raw, merged in table(stats / "merging_hierarchy_mapping" / f"{name}.txt")]
    for split in SPLITS:
        records = json.loads((stats / "train_val_test_split" / f"{name}.{split}.json").read_text())
        ids = {record["anno_id"] for record in records}
        assert len(ids) == len(records)
        assert {anno_id for anno_id, found in partnet_splits(name).items() if found == split} == ids
    assert read_splits(stats / "train_val_test_split", name) == partnet_splits(name)


def test_ids_and_names():
    level = load_taxonomy("Chair").level(1)
    assert level.names == ("other", "chair_head", "chair_back", "chair_arm", "chair_base", "chair_seat")
    assert [level.class_of[path] for path in level.paths] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", categories())
def test_names_are_distinct_and_paths_are_parts(name):
    taxonomy = load_taxonomy(name)
    for level in taxonomy.levels:
        assert len(set(level.names)) == level.n_class == len(level.paths) + 1
        assert set(level.paths) <= set(taxonomy.merging.values())


@pytest.mark.parametrize("name", categories())
@pytest.mark.parametrize(("child", "parent"), [(2, 1), (3, 1), (3, 2), (1, 1)])
def test_parents_are_the_longest_listed_prefix(name, child, parent):
    taxonomy = load_taxonomy(name)
    fine, coarse = taxonomy.level(child), taxonomy.level(parent)
    found = taxonomy.parents(child, parent)
    assert len(found) == fine.n_class
    assert found[0] == 0
    for path, number in zip(fine.paths, found[1:], strict=True):
        above = [listed for listed in coarse.paths if path == listed or path.startswith(listed + "/")]
        assert number == (coarse.paths.index(max(above, key=len)) + 1 if above else 0)


def test_known_parents():
    chair = load_taxonomy("Chair")
    fine, coarse = chair.level(3), chair.level(1)
    parents = dict(zip(fine.names, (coarse.names[number] for number in chair.parents(3, 1)), strict=True))
    assert parents["chair_base/regular_leg_base/leg"] == "chair_base"
    assert parents["footrest/chair_seat/seat_surface"] == "other"


def test_a_missing_level_repeats_the_coarser_one():
    bottle, bag = load_taxonomy("Bottle"), load_taxonomy("Bag")
    assert [level.source for level in bottle.levels] == [1, 1, 3]
    assert bottle.level(2).paths == bottle.level(1).paths
    assert [level.source for level in bag.levels] == [1, 1, 1]
    assert (bottle.real_levels, bag.real_levels) == ((1, 3), (1,))


@pytest.mark.parametrize(("name", "near"), [("chair", "Chair"), ("storage furniture", "StorageFurniture"),
                                            ("Fridge", "Refrigerator")])
def test_unknown_category_names_the_nearest(name, near):
    with pytest.raises(InputError, match=f"'{name}' is not .*nearest: .*{near}.*all: Bag, Bed"):
        load_taxonomy(name)
    assert "nearest" not in str(category_error("qqqq"))


def test_read_splits(tmp_path):
    (tmp_path / "Chair.train.json").write_text('[{"anno_id": "5"}, {"anno_id": 6, "model_id": "x"}]')
    (tmp_path / "Chair.test.json").write_text("[]")
    assert read_splits(tmp_path, "Chair") == {"5": "train", "6": "train"}
    assert read_splits(tmp_path, "Table") == {}
    for text, named in (("[1]", "anno_id"), ('{"a": 1}', "anno_id"), ('[{"id": 1}]', "anno_id"),
                        ("[", "JSON")):
        (tmp_path / "Chair.val.json").write_text(text)
        with pytest.raises(InputError, match=f"Chair.val.json.*{named}"):
            read_splits(tmp_path, "Chair")


def test_colours():
    level = load_taxonomy("Table").level(3)
    colours = class_colours(level)
    assert (colours.shape, colours.dtype) == ((level.n_class, 3), np.uint8)
    assert len(np.unique(colours, axis=0)) == level.n_class
    np.testing.assert_array_equal(colours[1:], distinct_colours(level.n_class - 1))
    assert distinct_colours(0).shape == (0, 3)


def test_colours_of_instances():
    instance = np.array([3, 0, 3, -1, 70_000, 2])
    colours = instance_colours(np.array([1, 4, 1, 4, 2, 0]), instance)
    assert (colours.shape, colours.dtype) == ((6, 3), np.uint8)
    np.testing.assert_array_equal(colours[:3], distinct_colours(4)[[3, 0, 3]])
    np.testing.assert_array_equal(colours[[3, 5]], [[150] * 3] * 2)
    np.testing.assert_array_equal(colours[4], distinct_colours(70_001)[-1])
    assert instance_colours(np.zeros(0, int), np.zeros(0, int)).shape == (0, 3)
