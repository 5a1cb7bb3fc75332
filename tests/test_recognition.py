"""Which of the models that come with partwise a shape needs."""

import numpy as np
import pytest

from partwise import recognition
from partwise.cli import main
from partwise.errors import InputError
from partwise.models import shipped_models
from partwise.recognition import Recogniser
from partwise.synth.categories import category_function
from partwise.synth.shapes import make_shape


@pytest.fixture(scope="module")
def recogniser():
    return Recogniser("cpu")


def test_shapes_that_it_has_not_seen(recogniser):
    right = []
    for card in shipped_models():
        for index in range(3):
            shape = make_shape(category_function(card.category), card.category, "test", index, 4321, 3000)
            guesses = recogniser(shape.arrays["pts"])
            assert sum(guess.probability for guess in guesses) == pytest.approx(1)
            assert sorted(guesses, key=lambda guess: -guess.probability) == list(guesses)
            assert {guess.model for guess in guesses} == {one.name for one in shipped_models()}
            right.append(guesses[0].model == card.name)
    assert np.mean(right) > 0.8


def test_a_shape_lying_down_when_told_so(recogniser):
    shape = make_shape(category_function("Table"), "Table", "test", 0, 4321, 3000)
    lying = shape.arrays["pts"] @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]).T  # y up becomes -z up
    standing, turned = recogniser(shape.arrays["pts"]), recogniser(lying, up="-z")
    assert {one.model: pytest.approx(one.probability, abs=0.05) for one in standing} == {
        one.model: one.probability for one in turned}


def test_other_weights_than_those_published(tmp_path, monkeypatch):
    path = tmp_path / "recogniser.safetensors"
    path.write_bytes(recognition.WEIGHTS.read_bytes()[:-1] + b"\1")
    monkeypatch.setattr(recognition, "WEIGHTS", path)
    with pytest.raises(InputError, match="is not the file that was published"):
        Recogniser("cpu")


def test_segment_with_no_options_says_what_it_takes_a_shape_for(chair_h5, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    chair = sorted(chair_h5.parent.joinpath("meshes").glob("*.glb"))[0]
    (tmp_path / "broken.glb").write_text("text")
    assert main(["segment", str(chair), "broken.glb"]) == 1
    printed = capsys.readouterr()
    assert f"{chair.name}: taken for a " in printed.err
    assert "broken.glb" in printed.err
    assert {path.name for path in (tmp_path / "parts" / chair.stem).iterdir()} == {
        "parts", "parts.glb", "points.ply", "faces.npz", "result.json", "view.html"}
    assert main(["segment", str(chair), "--up", "guess"]) == 1
    assert "add --category" in capsys.readouterr().err
    assert main(["segment", str(chair), "--category", "chair", "--model", "table"]) == 1
    assert "give one of them" in capsys.readouterr().err
