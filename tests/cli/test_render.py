"""``partwise render`` as a shell would call it."""

import json
import subprocess
import sys

import numpy as np
import pytest

from partwise.cli import main
from partwise.mesh import write_ply
from partwise.report.pictures import drawn
from partwise.showcase import read_shapes
from tests.render.shapes import cube, write_coloured

Image = pytest.importorskip("PIL.Image", reason="needs Pillow: pip install 'partwise[render]'")


@pytest.fixture
def files(tmp_path):
    write_coloured(tmp_path / "mesh.ply", cube(), np.full((12, 3), (200, 0, 0), np.uint8))
    write_ply(tmp_path / "cloud.ply", cube().vertices, None, np.full((8, 3), (0, 0, 200), np.uint8))
    return [tmp_path / "mesh.ply", tmp_path / "cloud.ply"]


def render(*arguments):
    return main(["render", *(str(argument) for argument in arguments)])


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image).astype(int)


def test_one_file(files, tmp_path, capsys):
    assert render(files[0], "--out", tmp_path / "new/x.png", "--size", 48) == 0
    image = pixels(tmp_path / "new/x.png")
    assert image.shape == (48, 48, 3)
    assert (image[24, 24] > [100, -1, -1]).all()
    assert image[24, 24, 2] == 0
    assert "x.png" in capsys.readouterr().out


def result(folder):
    folder.mkdir()
    (folder / "result.json").write_text(json.dumps(
        {"format": "partwise-segmentation", "levels": [{"level": 1}, {"level": 3}]}))
    labels = {f"level_{level}_{what}": values for level in (1, 3)
              for what, values in (("class", np.ones(12, int)), ("instance", np.arange(12) * (level == 3)))}
    np.savez(folder / "faces.npz", vertices=cube().vertices, faces=cube().faces, **labels)
    return folder


def test_views_levels_and_transparency(files, tmp_path):
    chair = result(tmp_path / "chair")
    assert render(chair, "--out", tmp_path / "a.png", "--size", 48, "--levels", 3, "--azimuth", -50, "--elevation", 40,
                  "--transparent") == 0
    assert render(files[0], "--out", tmp_path / "b.png", "--size", 48, "--transparent") == 0
    one, other = pixels(tmp_path / "a.png"), pixels(tmp_path / "b.png")
    assert one.shape == (48, 48, 4)
    assert (one[..., 3] != other[..., 3]).any()
    assert len(np.unique(one[one[..., 3] == 255], axis=0)) > len(np.unique(other[other[..., 3] == 255], axis=0))


def test_a_result_is_a_row_of_its_levels(tmp_path):
    one, two = result(tmp_path / "one"), result(tmp_path / "two")
    assert render(one, two, "--out", tmp_path / "x.png", "--size", 48, "--explode", 0.5) == 0
    sheet = pixels(tmp_path / "x.png")
    assert sheet.shape[0] > 2 * 48
    assert sheet.shape[1] > 2 * 48
    left, right = sheet[:60, :sheet.shape[1] // 2], sheet[:60, sheet.shape[1] // 2:]
    assert len(np.unique(right.reshape(-1, 3), axis=0)) > len(np.unique(left.reshape(-1, 3), axis=0))


def test_several_files_are_one_sheet(files, tmp_path):
    assert render(*files, files[0], "--out", tmp_path / "x.png", "--size", 48) == 0
    sheet = pixels(tmp_path / "x.png")
    assert sheet.shape[0] > 2 * 48
    assert sheet.shape[1] > 2 * 48
    red, blue = sheet[..., 0] - sheet[..., 2] > 60, sheet[..., 2] - sheet[..., 0] > 60
    assert np.nonzero(red)[0].max() > sheet.shape[0] / 2
    assert np.nonzero(blue)[1].min() > sheet.shape[1] / 2


@pytest.mark.parametrize(("arguments", "what"), [
    (["none.ply", "--out", "x.png"], "no such file"), (["mesh.ply", "--out", "x.jpg"], "ends in .png"),
    (["mesh.ply", "--out", "x.png", "--size", "3"], "16 to 2048"),
    (["mesh.ply", "--out", "x.png", "--elevation", "95"], "elevation"),
    (["mesh.ply", "cloud.ply", "--out", "x.png", "--transparent"], "--transparent"),
    (["empty", "--out", "x.png"], "result.json"), (["--out", "x.png"], "no file")])
def test_errors(arguments, what, files, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    assert main(["render", *arguments]) == 1
    assert what in capsys.readouterr().err
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["cloud.ply", "empty", "mesh.ply"]


def test_a_level_that_a_result_lacks(tmp_path, capsys):
    assert render(result(tmp_path / "one"), "--out", tmp_path / "x.png", "--levels", 2) == 1
    assert "has no level 2; it has 1, 3" in capsys.readouterr().err


def test_help_is_read_without_pillow_or_torch():
    code = ("import sys; sys.modules['PIL'] = None; from partwise.cli.render import Render; "
            "assert 'torch' not in sys.modules and 'trimesh' not in sys.modules")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_evaluation_is_truth_beside_what_was_found(evaluated, tmp_path):
    """A row a shape, of which the worst comes first."""
    folder = evaluated / "test"
    assert render(folder, "--out", tmp_path / "all.png", "--size", 32) == 0
    shown = read_shapes(folder / "shapes.npz")
    assert render(folder, "--out", tmp_path / "one.png", "--size", 32, "--shapes", shown[0].name, "--levels", 3) == 0
    whole, one = pixels(tmp_path / "all.png"), pixels(tmp_path / "one.png")
    assert len(shown) == 4
    assert whole.shape[0] > 4 * 32
    assert 6 * 32 < whole.shape[1] < 7 * 36
    truth, found = drawn(shown[0], [3], 32, transparent=False)
    gap = 4
    assert np.array_equal(one[gap:gap + 32, gap:gap + 32], truth[0])
    assert np.array_equal(one[gap:gap + 32, 2 * gap + 32:2 * (gap + 32)], found[0])
    assert np.array_equal(whole[gap:gap + 32, 5 * (gap + 32) + gap:6 * (gap + 32)], found[0])


@pytest.mark.parametrize(("arguments", "what"), [
    (["--shapes", "nobody"], "keeps no shape nobody; it has "), (["--levels", "4"], "has no level 4; it has 1, 2, 3"),
    (["--transparent"], "--transparent is for one picture")])
def test_what_an_evaluation_lacks(arguments, what, evaluated, tmp_path, capsys):
    assert render(evaluated / "test", "--out", tmp_path / "x.png", "--size", 32, *arguments) == 1
    assert what in capsys.readouterr().err
    assert not (tmp_path / "x.png").exists()
