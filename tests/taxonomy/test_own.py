"""Taxonomies of one's own: what their files may say, and which classes follow."""

import json

import pytest

from partwise.errors import InputError
from partwise.taxonomy import OTHER, load_taxonomy, own_taxonomy, read_taxonomy, taxonomy_of

CHAIR = """
category: OfficeChair
parts:
  seat:
  back: [frame, cushion]
  base:
    column:
    foot: [leg, caster]
from:
  chair/chair_seat: seat
  chair/chair_base/regular_leg_base/leg: base/foot/leg
"""


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        path = tmp_path / "my.yaml"
        path.write_text(text, encoding="utf-8")
        return read_taxonomy(path)
    return read_text


def names(taxonomy):
    return [level.names[1:] for level in taxonomy.levels]


def test_depths_are_levels(read):
    found = read(CHAIR)
    assert found.category == "OfficeChair"
    assert names(found) == [("seat", "back", "base"),
                            ("seat", "back/frame", "back/cushion", "base/column", "base/foot"),
                            ("seat", "back/frame", "back/cushion", "base/column", "base/foot/leg", "base/foot/caster")]
    assert found.real_levels == (1, 2, 3)
    assert found.parents(3, 2) == (OTHER, 1, 2, 3, 4, 5, 5)
    assert found.parents(2, 1) == (OTHER, 1, 2, 2, 3, 3)


def test_fewer_levels_repeat_the_finest(read):
    flat = read("{category: Pump, parts: [housing, wheel]}")
    assert names(flat) == [("housing", "wheel")] * 3
    assert flat.real_levels == (1,)
    two = read("category: Pump\nparts:\n- housing: [lid]\n- wheel\n- bolts: hexagonal")
    assert names(two) == [("housing", "wheel", "bolts"), *[("housing/lid", "wheel", "bolts/hexagonal")] * 2]
    assert two.real_levels == (1, 2)


def test_other_words(read):
    found = read(CHAIR)
    assert found.called("chair/chair_seat/seat_surface/seat_single_surface") == "OfficeChair/seat"
    assert found.called("chair/chair_base/regular_leg_base/leg") == "OfficeChair/base/foot/leg"
    assert found.called("chair/chair_base") is None
    assert found.called("OfficeChair/back/frame") == "OfficeChair/back/frame"
    renamed = read("category: OfficeChair\nparts: [sitting]\nfrom: {OfficeChair/seat: sitting}")
    assert renamed.called("OfficeChair/seat") == "OfficeChair/sitting"


def test_what_is_written_down_of_it_is_the_same(read):
    found = read(CHAIR)
    again = taxonomy_of(found.category, json.loads(json.dumps(found.tree)))
    assert again.agrees_with(found)
    assert found.agrees_with(again)
    assert taxonomy_of(found.category, found.tree) is again
    assert not own_taxonomy("OfficeChair", {"seat": {}}).agrees_with(found)
    assert taxonomy_of("Chair", None) is load_taxonomy("Chair")


@pytest.mark.parametrize(("text", "message"), [
    ("", "is empty"),
    ("category: [", "is not YAML"),
    ("- seat", r"line 1: expected `category:`"),
    ("parts: [seat]", "has no 'category:'"),
    ("category: Pump", "has no 'parts:'"),
    ("category: Pump\nparts:", "Pump has no parts"),
    ("category: Pump\nparts: []", "Pump has no parts"),
    ("category:\nparts: [lid]", "line 1: expected the category's name"),
    ("category: 12\nparts: [lid]", 'line 1: 12 is no text in YAML; put it in quotes: "12"'),
    ("category: a/b\nparts: [lid]", "category 'a/b': expected a name of letters"),
    ("category: chair\nparts: [lid]", "PartNet has a category Chair.*MyChair"),
    ("category: storage_furniture\nparts: [lid]", "PartNet has a category StorageFurniture"),
    ("category: Pump\nparts: [lid]\nclasses: 3", "line 3: unknown field 'classes'"),
    ("category: Pump\ncategory: Pump\nparts: [lid]", "line 2: 'category' is there twice"),
    ("category: Pump\nparts:\n  lid:\n  lid:", "line 4: 'lid' is there twice"),
    ("category: Pump\nparts:\n- lid\n- [rotor, lid]", "line 4: 'lid' is there twice"),
    ("category: Pump\nparts: [yes]", "line 2: yes is no text in YAML; put it in quotes"),
    ("category: Pump\nparts: ['']", "line 2: expected the name of a part"),
    ("category: Pump\nparts: {lid: {' ': }}", "line 2: expected a name"),
    ("category: Pump\nparts: [lid/knob]", "part 'lid/knob': 'lid/knob' is no name"),
    ("category: Pump\nparts: [../lid]", "is no name"),
    ("category: Pump\nparts: ['lid ']", "is no name"),
    ("category: Pump\nparts: [other]", "'other' stands for what is of no part"),
    ("category: Pump\nparts: {a: {b: {c: [d]}}}", "part 'a/b/c/d': is at depth 4, and there are 3 levels"),
    ("category: Pump\nparts: &a [*a]", "too deep or too large|recursive"),
    (f"category: Pump\nparts: [{', '.join(f'p{number}' for number in range(256))}]", "more than 255 parts"),
    ("category: Pump\nparts: !!python/object/apply:os.getcwd []", "Pump has no parts"),
    ("category: Pump\nparts: [lid]\nfrom: [lid]", "line 3: expected lines such as"),
    ("category: Pump\nparts: [lid]\nfrom: {chair/chair_seat: lit}", "'lit' is no part of Pump; parts are lid"),
    ("category: Pump\nparts: [lid]\nfrom: {chair/chair_seet: lid}", "nearest: chair/chair_seat"),
])
def test_what_is_wrong_is_said(read, text, message):
    with pytest.raises(InputError, match=message) as error:
        read(text)
    assert "my.yaml" in str(error.value)


def test_no_file_and_no_text(tmp_path):
    with pytest.raises(InputError, match=r"none.yaml: no such file"):
        read_taxonomy(tmp_path / "none.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"binary.yaml: cannot be read as text"):
        read_taxonomy(tmp_path / "binary.yaml")


@pytest.mark.parametrize("tree", [[], {"seat": 3}, {"seat": None}, {3: {}}, "seat"])
def test_records_that_are_no_tree(tree):
    with pytest.raises(InputError):
        own_taxonomy("Pump", tree)


def test_the_most_parts_fit_a_byte():
    found = own_taxonomy("Pump", {f"p{number}": {} for number in range(255)})
    assert found.n_class == (256, 256, 256)
