"""examples/segment.ipynb runs as it stands, without Jupyter, and shows what it printed and drew."""

import contextlib
import io
import json

import pytest

from tests.docs.pages import ROOT

CELLS = json.loads((ROOT / "examples/segment.ipynb").read_text())["cells"]
CODE = [cell for cell in CELLS if cell["cell_type"] == "code"]


def printed(cell: dict) -> str:
    return "".join("".join(output["text"]) for output in cell["outputs"] if output["output_type"] == "stream")


def test_its_output_is_there():
    pictures = [output["data"]["image/png"] for cell in CODE for output in cell["outputs"]
                if "image/png" in output.get("data", {})]
    assert len(pictures) == 1
    assert 10_000 < len(pictures[0]) < 400_000
    assert sum(bool(printed(cell)) for cell in CODE) == len(CODE) - 2  # of a model and of a picture nothing is printed
    assert [cell["execution_count"] for cell in CODE] == list(range(1, len(CODE) + 1))
    assert not any(output["output_type"] == "error" for cell in CODE for output in cell["outputs"])


@pytest.mark.slow
def test_it_runs():
    pytest.importorskip("PIL")
    names: dict[str, object] = {}
    for cell in CODE:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec("".join(cell["source"]), names)
        assert bool(said.getvalue()) == bool(printed(cell))  # the numbers may differ a little between processors
    finest = names["found"].levels[-1]
    assert any(part.class_name.endswith("/leg") for part in finest.parts)
    assert names["scene"].geometry
