"""The page in a real browser: a file in, parts shown, corrected, taken away."""

import io
import json
import threading
import zipfile
from base64 import b64encode
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from partwise.app.analysis import Settings
from tests.app.running import running
from tests.viewer.browser import Viewed, difference

pytestmark = pytest.mark.slow

DROP = """async ([name, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  for (const kind of ["dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture(scope="module")
def mesh(chair_h5):
    return sorted(chair_h5.parent.joinpath("meshes").glob("*.glb"))[0]


@pytest.fixture
def opened(browser):
    """Opens the page of a server; at the end it must have asked nothing of others, and complained of nothing."""
    contexts = []

    def open_page(client, **settings):
        context = browser.new_context(reduced_motion="reduce", accept_downloads=True, **settings)
        context.set_default_timeout(30_000)
        viewed = Viewed(context.new_page())
        contexts.append((context, viewed, client))
        viewed.page.goto(client.address)
        done(viewed)
        return viewed

    yield open_page
    for context, viewed, client in contexts:
        assert viewed.complaints == []
        assert all(one.startswith((client.address, "blob:", "data:", "about:")) for one in viewed.requests)
        context.close()


@pytest.fixture(scope="module")
def client():
    with running() as client:
        yield client


def drop(viewed, name, data):
    viewed.page.evaluate(DROP, [name, b64encode(data).decode()])


def done(viewed):
    """Waits until nothing is being done."""
    viewed.page.wait_for_function("() => !document.getElementById('open').disabled")


def correction(viewed, name):
    viewed.page.locator("footer").get_by_role("button", name=name).click()
    done(viewed)


def canvas(viewed):
    """(H, W, 3) pixels of the shape and what lies over it."""
    viewed.settle()
    return np.array(Image.open(io.BytesIO(viewed.page.locator("canvas").screenshot())).convert("RGB"), float)


def error(viewed):
    return viewed.page.get_by_role("alert").first


def test_from_a_dropped_file_to_a_corrected_result(client, opened, mesh, tmp_path):
    viewed = opened(client)
    drop(viewed, "my chair.glb", mesh.read_bytes())
    viewed.row("chair seat").wait_for()
    done(viewed)
    assert viewed.page.title() == "my chair.glb \u2013 partwise"
    assert "Recognised" in viewed.page.locator("#category option").first.inner_text()
    before = viewed.rows().count()
    viewed.rows().nth(0).click()
    viewed.button("Merge with…").click()
    assert viewed.page.locator("footer").get_by_role("button", name="Merge", exact=True).is_disabled()
    viewed.rows().nth(1).click()
    correction(viewed, "Merge 2 parts")
    assert viewed.rows().count() == before - 1
    viewed.button("Undo").click()
    done(viewed)
    assert viewed.rows().count() == before
    assert viewed.button("Undo").is_hidden()

    viewed.row("chair seat").click()
    viewed.page.get_by_label("Class").select_option("other")
    done(viewed)
    assert viewed.row("chair seat").count() == 0
    with viewed.page.expect_download() as download:
        viewed.button("Download").click()
    assert download.value.suggested_filename == "my chair-parts.zip"
    download.value.save_as(tmp_path / "result.zip")
    with zipfile.ZipFile(tmp_path / "result.zip") as archive:
        written = json.loads(archive.read("result.json"))
        assert "view.html" in archive.namelist()
    names = [part["class"] for part in written["levels"][0]["parts"]]
    assert len(names) == before
    assert "other" in names
    assert "chair_seat" not in names


def test_the_level_and_the_view_stay_through_a_correction(client, opened, mesh):
    viewed = opened(client)
    viewed.page.set_input_files("#file", mesh)
    viewed.row("chair seat").wait_for()
    done(viewed)
    viewed.button("3").click()
    picture = canvas(viewed)
    viewed.rows().last.click()
    viewed.page.get_by_label("Class").select_option("other")
    done(viewed)
    assert viewed.button("3").get_attribute("aria-pressed") == "true"
    viewed.button("Undo").click()
    done(viewed)
    viewed.page.locator("[aria-selected=true]").click()
    viewed.page.mouse.move(5, 300)
    assert difference(canvas(viewed), picture) < 0.01


def test_another_category_and_settings(client, opened, mesh):
    viewed = opened(client)
    viewed.page.set_input_files("#file", mesh)
    viewed.row("chair seat").wait_for()
    done(viewed)
    viewed.page.get_by_label("Category").select_option("table")
    done(viewed)
    assert "Table" in viewed.page.locator("#view header").inner_text()
    viewed.page.get_by_text("Settings").click()
    viewed.page.get_by_label("Points").fill("500")
    viewed.page.get_by_label("Bandwidth").fill("0.07")
    viewed.button("Run again").click()
    done(viewed)
    assert viewed.page.get_by_label("Bandwidth").get_attribute("placeholder") == "0.07"
    assert len(next(reversed(client.page.sessions._open.values())).newest().found.points) == 500


def test_what_is_wrong_is_said_and_the_next_file_works(client, opened, mesh):
    viewed = opened(client)
    drop(viewed, "notes.docx", b"words")
    assert "notes.docx: unknown suffix" in error(viewed).inner_text()
    drop(viewed, "words.glb", b"these are words")
    viewed.page.get_by_text("words.glb: this is not a GLB file").wait_for()
    done(viewed)
    assert viewed.page.get_by_text("Drop a mesh").is_visible()
    drop(viewed, "chair.glb", mesh.read_bytes())
    viewed.row("chair seat").wait_for()
    done(viewed)
    assert error(viewed).is_hidden()


def test_a_name_is_never_markup(client, opened, mesh):
    viewed = opened(client)
    name = "<img src=x onerror=alert(1)>.glb"
    drop(viewed, name, mesh.read_bytes())
    viewed.row("chair seat").wait_for()
    done(viewed)
    assert viewed.page.title() == f"{name} \u2013 partwise"
    drop(viewed, "<b>bold.glb", b"words")
    viewed.page.get_by_text("<b>bold.glb: this is not").wait_for()
    done(viewed)


def test_a_closed_page_leaves_nothing(client, opened, mesh):
    viewed = opened(client)
    viewed.page.set_input_files("#file", mesh)
    viewed.row("chair seat").wait_for()
    done(viewed)
    own = next(reversed(client.page.sessions._open.values()))
    viewed.page.goto("about:blank")
    for _ in range(200):
        if not Path(own.folder.name).exists():
            break
        viewed.page.wait_for_timeout(50)
    assert own.id not in client.page.sessions._open
    assert not Path(own.folder.name).exists()


def test_cancelling(client, opened, mesh):
    viewed = opened(client)
    gate = threading.Event()
    client.page.sessions._thread.submit(gate.wait)
    drop(viewed, "chair.glb", mesh.read_bytes())
    viewed.button("Cancel").click()
    gate.set()
    done(viewed)
    assert viewed.page.get_by_text("Drop a mesh").is_visible()
    assert error(viewed).is_hidden()


def test_a_phone_and_a_file_named_before(opened, mesh):
    with running(mesh) as client:
        viewed = opened(client, viewport={"width": 390, "height": 780}, has_touch=True, color_scheme="dark")
        viewed.button("Download").wait_for()
        done(viewed)
        width = viewed.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
        assert viewed.page.evaluate("document.documentElement.dataset.theme") == "dark"
        viewed.button("Light or dark").click()
        assert viewed.page.evaluate("document.documentElement.dataset.theme") == "light"


def test_on_a_phone_the_list_stays_open_through_a_correction(opened, mesh):
    with running(mesh, settings=Settings(model="chair")) as client:
        viewed = opened(client, viewport={"width": 390, "height": 780}, has_touch=True)
        viewed.button("Download").wait_for()
        done(viewed)
        drawer = viewed.button("List of parts")
        assert drawer.get_attribute("aria-expanded") == "false"
        assert viewed.rows().first.is_hidden()
        drawer.click()
        viewed.rows().first.click()
        correction(viewed, "Split by grouping")
        assert drawer.get_attribute("aria-expanded") == "true"
        assert viewed.rows().first.is_visible()
        drawer.click()
        assert viewed.rows().first.is_hidden()
