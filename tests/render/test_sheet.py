"""Sheets, galleries and PNG files."""

import sys

import numpy as np
import pytest

from partwise import InputError
from partwise.render import View, contact_sheet, gallery, save_png
from tests.render.shapes import BLUE, RED, cube

Image = pytest.importorskip("PIL.Image", reason="needs Pillow: pip install 'partwise[render]'")


def plain(value, shape=(40, 60)):
    return np.full((*shape, 3), value, np.uint8)


def test_images_keep_their_pixels_and_order():
    sheet = contact_sheet([[plain(10), plain(20)], [plain(30)]])
    places = {value: np.argwhere(sheet[..., 0] == value) for value in (10, 20, 30)}
    assert all(len(place) == 40 * 60 for place in places.values())
    assert places[10][:, 1].max() < places[20][:, 1].min()
    assert places[10][:, 0].max() < places[30][:, 0].min()
    assert places[10][:, 1].min() == places[30][:, 1].min()


def test_titles_are_written_below_and_headings_above():
    def ink(sheet):
        return (sheet != 255).any(2).sum(1)

    bare = contact_sheet([[plain(255)]])
    assert not ink(bare).any()
    below = contact_sheet([[plain(255)]], [["chair"]])
    assert ink(below)[-20:].any()
    assert not ink(below)[:40].any()
    above = contact_sheet([[plain(255)]], columns=["level"], heading="Chair")
    assert ink(above)[:40].any()
    assert not ink(above)[-40:].any()


def test_long_titles_stay_in_their_place():
    sheet = contact_sheet([[plain(255), plain(255)]], [["a very long title " * 9, ""]])
    columns = np.flatnonzero((sheet != 255).any((0, 2)))
    assert len(columns)
    assert columns.max() <= 4 + 60 + 1


@pytest.mark.parametrize(("rows", "titles"), [([], []), ([[]], []), ([[plain(1)], [plain(1, (41, 60))]], []),
                                              ([[plain(1)]], [["a", "b"]]), ([[np.zeros((4, 4), np.uint8)]], []),
                                              ([[plain(1)], []], [])])
def test_impossible_sheets(rows, titles):
    with pytest.raises(InputError):
        contact_sheet(rows, titles)


def test_png_comes_back(tmp_path):
    image = np.random.default_rng(0).integers(0, 256, (20, 30, 4), np.uint8)
    path = tmp_path / "new" / "folder" / "picture.png"
    for channels in (3, 4):
        save_png(path, image[..., :channels])
        with Image.open(path) as read:
            assert np.array_equal(np.asarray(read), image[..., :channels])
    assert [entry.name for entry in path.parent.iterdir()] == ["picture.png"]


def test_png_that_cannot_be_written(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"ends in \.png"):
        save_png(tmp_path / "picture.jpg", plain(1))
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        save_png(tmp_path / "folder.png", plain(1))
    (tmp_path / "old.png").write_bytes(b"old")
    monkeypatch.setattr(Image.Image, "save", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(InputError, match="No space left"):
        save_png(tmp_path / "old.png", plain(1))
    assert (tmp_path / "old.png").read_bytes() == b"old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder.png", "old.png"]


def test_without_pillow(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(InputError, match=r"pip install 'partwise\[render\]'"):
        save_png(tmp_path / "picture.png", plain(1))


def test_a_gallery_paints_each_shape_in_all_colours():
    shape = [(cube(), (RED, BLUE)), (cube((2, 0, 0)), (BLUE, BLUE))]
    sheet = gallery([shape, shape, shape], 32, View(0, 0), across=2, pictures=("one", "two")).astype(int)
    red = (sheet[..., 0] > sheet[..., 2] + 50).sum()
    blue = (sheet[..., 2] > sheet[..., 0] + 50).sum()
    assert red > 50
    assert blue == pytest.approx(3 * red, rel=0.1)  # of six boxes in two colours one in four is red
    named = gallery([shape, shape, shape], 32, across=2, pictures=("one", "two"), names=("a", "b", "c"), heading="x")
    assert named.shape[0] > sheet.shape[0]


def test_impossible_galleries():
    with pytest.raises(InputError, match="0 shapes"):
        gallery([], 32)
    with pytest.raises(InputError, match="without parts"):
        gallery([[]], 32)
    with pytest.raises(InputError, match="3 colours"):
        gallery([[(cube(), (RED,))]], 32)
    with pytest.raises(InputError, match="2 names"):
        gallery([[(cube(), (RED,) * 3)]], 32, names=("a", "b"))
