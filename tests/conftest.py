"""Fixtures shared by all tests."""

import shutil
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="session")
def golden() -> Path:
    """Folder of expected arrays."""
    return GOLDEN


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of development data beside the checkout; tests that need it skip where it is absent."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("needs the development data in ../shared, which is not part of the project")
    return folder


@pytest.fixture(scope="session")
def chair_h5(tmp_path_factory) -> Path:
    """A small world in PartNet's layout: 12, 4 and 4 chairs of 256 points, with the meshes of the test split."""
    from partwise.synth.categories import category_function
    from partwise.synth.world import write_world

    folder = tmp_path_factory.mktemp("world")
    write_world(folder / "h5", "Chair", category_function("Chair"), {"train": 12, "val": 4, "test": 4}, 256, 0,
                {"test": folder / "meshes"}, workers=1)
    return folder / "h5"


@pytest.fixture(scope="session")
def chair_data(chair_h5, tmp_path_factory) -> Path:
    """The small world prepared: <folder>/Chair/{train,val,test}.h5."""
    from partwise.data.prepare import prepare_partnet

    folder = tmp_path_factory.mktemp("data")
    prepare_partnet(chair_h5, folder, ["Chair"], workers=1)
    return folder


@pytest.fixture(scope="session")
def trained(chair_data, tmp_path_factory) -> Path:
    """The folder of a run of a few steps of a very small network."""
    from partwise.training import train
    from tests.training.settings import settings

    return train(settings(chair_data, tmp_path_factory.mktemp("runs") / "chair"))


@pytest.fixture(scope="session")
def evaluated(trained, chair_data, tmp_path_factory) -> Path:
    """A copy of the run whose folder ``test`` is its evaluation."""
    from partwise.cli import main

    folder = shutil.copytree(trained, tmp_path_factory.mktemp("evaluated") / "chair")
    assert main(["evaluate", "--model", str(folder), "--data", str(chair_data), "--out", str(folder / "test"),
                 "--device", "cpu", "--json"]) == 0
    return folder


@pytest.fixture
def run_folder(evaluated, tmp_path) -> Path:
    """A copy of that, for a test to change."""
    return shutil.copytree(evaluated, tmp_path / "chair")


@pytest.fixture(scope="module")
def browser():
    """Chromium; for a module and no longer, since no event loop can run in this thread while it is open."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs the playwright wheel")
    from tests.viewer.browser import start_browser

    with sync_api.sync_playwright() as playwright:
        browser = start_browser(playwright)
        yield browser
        browser.close()
