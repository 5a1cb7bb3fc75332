import json

import pytest

from partwise.cli.inspect import Inspect
from partwise.errors import InputError
from tests.data.test_summary import shape_of, write


def test_json_is_all_that_is_printed(tmp_path, capsys):
    write(tmp_path / "a.h5", [shape_of([0, 1, 1, 3, 3, 3], [-1, 0, 0, 5, 2, 2])])
    write(tmp_path / "b.h5", [])
    Inspect((tmp_path,), json=True).run()
    first, second = json.loads(capsys.readouterr().out)
    assert (first["category"], first["shapes"], first["points"], second["shapes"]) == ("Chair", 1, 6, 0)
    assert first["levels"][0]["classes"][2] == {"id": 3, "name": "chair_arm", "shapes": 1, "instances": 2}
    assert second["levels"][0]["other"] is None


def test_tables(tmp_path, capsys):
    path = write(tmp_path / "a.h5", [shape_of([0, 1, 1, 3, 3, 3], [-1, 0, 0, 5, 2, 2])], "Bottle")
    Inspect((path,)).run()
    printed = " ".join(capsys.readouterr().out.split())
    assert "Bottle, val: 1 shapes of 6 points" in printed
    assert "Level 1: 3 instances, 3.00 a shape (3 to 3); 16.67% of points other" in printed
    assert "repeats level 1" in printed


def test_no_files():
    with pytest.raises(InputError, match="no files given"):
        Inspect(()).run()
