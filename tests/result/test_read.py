"""Results, read back."""

import json

import numpy as np
import pytest

from partwise.errors import InputError
from partwise.result.document import VERSION
from partwise.result.files import write_segmentation
from partwise.result.read import read_segmentation
from partwise.result.translate import translated
from tests.app.laws import check_laws, labels


def test_what_was_written_is_read(chair, chair_cloud, found_in_cloud, office, tmp_path):
    for number, one in enumerate([chair, chair_cloud, found_in_cloud, translated(chair, office)]):
        write_segmentation(tmp_path / str(number), one)
        again = read_segmentation(tmp_path / str(number))
        check_laws(again)
        assert again.taxonomy.agrees_with(one.taxonomy)
        np.testing.assert_array_equal(again.points, one.points)
        for own, read in zip(one.levels, again.levels, strict=True):
            np.testing.assert_array_equal(labels(own), labels(read))
        if one.mesh is not None:
            np.testing.assert_array_equal(again.mesh.vertices, one.mesh.vertices)
            np.testing.assert_array_equal(again.mesh.faces, one.mesh.faces)
        assert again.to_dict() == one.to_dict()


def edited(folder, change):
    path = folder / "result.json"
    record = json.loads(path.read_text())
    change(record)
    path.write_text(json.dumps(record))


def without_level(folder):
    arrays = dict(np.load(folder / "faces.npz"))
    del arrays["level_1_class"]
    np.savez(folder / "faces.npz", **arrays)


def shorter(folder):
    arrays = dict(np.load(folder / "faces.npz"))
    np.savez(folder / "faces.npz", **{**arrays, "level_1_class": arrays["level_1_class"][:-1]})


@pytest.mark.parametrize(("damage", "message"), [
    (lambda f: (f / "result.json").unlink(), "result.json"),
    (lambda f: (f / "result.json").write_text("[]"), "is no result of partwise"),
    (lambda f: edited(f, lambda r: r.update(version=1)), f"version 1, expected {VERSION}; segment"),
    (lambda f: edited(f, lambda r: r.update(category="Chairs")), "result.json: category 'Chairs'.*nearest: Chair"),
    (lambda f: edited(f, lambda r: r.update(category="Chair", taxonomy={"seat": {}})), "PartNet has a category Chair"),
    (lambda f: edited(f, lambda r: r["levels"].pop()), "do not belong together"),
    (lambda f: edited(f, lambda r: r["levels"][0]["parts"].pop()), "a part 4 of class 3 is not listed"),
    (lambda f: edited(f, lambda r: r["levels"][0]["parts"][0].update(class_id=1)), "has no class chair_"),
    (lambda f: edited(f, lambda r: r["levels"][0]["parts"][0].update(class_id=99)), "do not belong together"),
    (lambda f: edited(f, lambda r: r.update(up="north")), "do not belong together"),
    (lambda f: (f / "points.ply").unlink(), "points.ply: cannot be read"),
    (lambda f: (f / "points.ply").write_bytes(b"ply"), "points.ply: this is not a PLY"),
    (lambda f: (f / "faces.npz").write_bytes(b"PK"), "faces.npz: is not an .npz"),
    (without_level, "faces.npz: has no level_1_class"),
    (shorter, "another number of labels"),
])
def test_what_is_damaged_is_said(chair, tmp_path, damage, message):
    write_segmentation(tmp_path, chair)
    damage(tmp_path)
    with pytest.raises(InputError, match=message) as error:
        read_segmentation(tmp_path)
    assert str(tmp_path) in str(error.value)
