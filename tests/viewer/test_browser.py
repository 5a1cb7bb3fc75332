"""The page in a real browser: what people do, and what they then see."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from partwise.mesh import Mesh
from partwise.orientation import upright
from partwise.viewer import view_data, write_view
from tests.viewer.browser import Viewed, difference
from tests.viewer.test_page import UGLY, ugly

pytestmark = pytest.mark.slow

SEAT, BACK = "chair seat", "chair back"


@pytest.fixture
def view(browser, tmp_path):
    """Opens a segmentation; at the end there must have been no request but for the file, and no complaint."""
    opened = []

    def open_view(found, title="chair.glb", **settings):
        path = tmp_path / f"view-{len(opened)}.html"
        write_view(path, found, title)
        settings = {"viewport": {"width": 900, "height": 620}, "reduced_motion": "reduce", **settings}
        context = browser.new_context(**settings)
        context.set_default_timeout(20_000)
        viewed = Viewed(context.new_page())
        opened.append((viewed, context, path.as_uri()))
        viewed.page.goto(path.as_uri())
        return viewed

    yield open_view
    for viewed, context, address in opened:
        context.close()
        assert viewed.requests == [address]
        assert viewed.complaints == []


def test_it_shows_the_shape_and_its_parts(view, chair):
    viewed = view(chair)
    picture = viewed.picture()
    assert 0.1 < difference(picture, np.broadcast_to(picture[3, 3], picture.shape)) < 0.9
    assert viewed.page.title() == "chair.glb"
    assert f"{len(chair.mesh.faces)} faces" in viewed.page.locator("header").inner_text()
    rows = viewed.rows().evaluate_all("all => all.map(one => one.ariaLabel)")
    assert rows == ["chair seat, 97 %", "chair back, 81 %", "chair base, 62 %", "chair arm 1, 55 %",
                    "chair arm 2, 48 %"]
    viewed.row(SEAT).hover()
    card = viewed.page.locator(".card").inner_text()
    assert "97 %" in card
    assert "0.5 \u00d7 0.06 \u00d7 0.5" in card
    assert f"{chair.level(1).parts[0].n_face} faces" in card


def test_what_the_model_finds(view, found, found_in_cloud):
    for one in (found, found_in_cloud):
        viewed = view(one)
        for level in one.levels:
            viewed.button(str(level.level)).click()
            assert viewed.page.locator(".row .swatch:not([hidden])").count() == len(level.parts)
            picture = viewed.picture()
            assert difference(picture, np.broadcast_to(picture[3, 3], picture.shape)) > 0.05


def test_levels_and_the_tree(view, chair):
    viewed = view(chair)
    coarse = viewed.picture()
    viewed.button("2").click()
    assert viewed.button("2").get_attribute("aria-pressed") == "true"
    assert difference(coarse, viewed.picture()) > 0.01
    rows = viewed.rows().evaluate_all("all => all.map(one => [one.ariaLevel, one.querySelector('.name').textContent])")
    assert rows == [["1", "chair seat"], ["2", "seat surface"], ["1", "chair back"], ["2", "back surface"],
                    ["1", "chair base"], *(["2", f"leg {number}"] for number in (1, 2, 3, 4)),
                    ["1", "chair arm 1"], ["2", "arm horizontal bar 1"],
                    ["1", "chair arm 2"], ["2", "arm horizontal bar 2"]]
    assert viewed.page.locator(".row .swatch:not([hidden])").count() == len(chair.level(2).parts)
    viewed.button("3").click()
    rows = viewed.rows().evaluate_all("all => all.map(one => [one.ariaLevel, one.querySelector('.name').textContent])")
    assert rows[1:3] == [["2", "seat surface"], ["3", "seat single surface"]]
    assert rows[6:8] == [["1", "chair base"], ["2", "leg 1"]]  # the same at both levels: one row
    viewed.page.keyboard.press("1")
    assert difference(coarse, viewed.picture()) == 0


def test_a_level_that_the_category_lacks_has_no_button(view, chair):
    viewed = view(replace(chair, levels=(chair.level(1), chair.level(3)), levels_agree=False))
    assert viewed.page.get_by_role("group", name="Level").get_by_role("button").all_inner_texts() == ["1", "3"]


def test_pointing_goes_both_ways(view, chair):
    viewed = view(chair)
    before = viewed.picture()
    x, y = viewed.inside(BACK)
    viewed.page.mouse.move(x, y)
    viewed.page.locator(".row.hovered").wait_for()
    assert viewed.page.locator(".row.hovered").get_attribute("aria-label").startswith(BACK)
    assert viewed.page.locator(".label").inner_text().startswith(BACK)
    from_picture = viewed.picture()
    assert from_picture[y, x].sum() > before[y, x].sum() + 20
    viewed.page.mouse.move(4, 300)
    viewed.page.locator(".row.hovered").wait_for(state="detached")
    assert difference(before, viewed.picture()) == 0
    viewed.row(BACK).hover()
    assert difference(from_picture, viewed.picture()) == 0


def test_choosing_goes_both_ways_and_fades_the_others(view, chair):
    viewed = view(chair)
    before = viewed.picture()
    place, other = viewed.inside(SEAT), viewed.inside(BACK)
    viewed.page.mouse.click(*place)
    viewed.page.mouse.move(4, 300)
    assert viewed.row(SEAT).get_attribute("aria-selected") == "true"
    chosen = viewed.picture()
    ground = chosen[3, 3]
    assert np.abs(chosen[other[::-1]] - ground).max() < 0.5 * np.abs(before[other[::-1]] - ground).max()
    np.testing.assert_array_equal(chosen[place[::-1]], before[place[::-1]])
    viewed.page.keyboard.press("Escape")
    assert difference(before, viewed.picture()) == 0
    viewed.row(SEAT).click()
    viewed.page.mouse.move(4, 300)
    assert difference(chosen, viewed.picture()) == 0
    viewed.button("3").click()
    assert viewed.row(SEAT).get_attribute("aria-selected") == "true"
    viewed.row("seat single surface").click()
    viewed.button("1").click()  # which has no such part, but the one that holds it
    assert viewed.row(SEAT).get_attribute("aria-selected") == "true"


def test_turning_moving_zooming_and_back(view, chair):
    viewed = view(chair)
    mouse, keyboard = viewed.page.mouse, viewed.page.keyboard
    pictures = [viewed.picture()]

    def changed():
        mouse.move(4, 300)
        pictures.append(viewed.picture())
        return difference(pictures[-2], pictures[-1]) > 0.02

    def drag(button):
        mouse.move(250, 300)
        mouse.down(button=button)
        mouse.move(330, 330, steps=4)
        mouse.up(button=button)

    drag("left")
    assert changed()
    assert viewed.page.locator(".row[aria-selected=true]").count() == 0
    drag("right")
    assert changed()
    mouse.move(300, 300)
    mouse.wheel(0, -400)
    assert changed()
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "+", "-"):
        keyboard.press(key)
        assert changed(), key
    keyboard.press("f")
    assert changed()
    assert difference(pictures[0], pictures[-1]) == 0


def test_hiding_isolating_and_showing_all(view, chair):
    viewed = view(chair)
    before = viewed.picture()
    assert viewed.mask(SEAT).mean() > 0.01
    viewed.row(SEAT).hover()
    viewed.button(f"Hide {SEAT}").click()
    viewed.page.mouse.move(4, 300)
    assert viewed.mask(SEAT).mean() < 0.001
    assert viewed.row(SEAT).get_attribute("data-seen") == "hidden"
    viewed.button("3").click()
    assert viewed.page.locator(".row[data-seen=hidden]").count() >= 1
    viewed.button("1").click()
    viewed.button("Show all").click()
    assert difference(before, viewed.picture()) == 0
    viewed.row(SEAT).hover()
    viewed.button(f"Show only {SEAT}").click()
    viewed.page.mouse.move(4, 300)
    assert viewed.mask(SEAT).mean() > 0.01
    assert viewed.mask(BACK).mean() < 0.001
    viewed.button(f"Show only {SEAT}").click(force=True)
    viewed.page.mouse.move(4, 300)
    assert difference(before, viewed.picture()) == 0


def test_the_list_by_keys(view, chair):
    viewed = view(chair)
    keyboard = viewed.page.keyboard
    viewed.rows().first.focus()
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    assert viewed.rows().nth(1).get_attribute("aria-selected") == "true"
    keyboard.press("h")
    assert viewed.rows().nth(1).get_attribute("data-seen") == "hidden"
    keyboard.press("a")
    keyboard.press("End")
    keyboard.press("i")
    seen = viewed.rows().evaluate_all("all => all.map(one => one.dataset.seen)")
    assert seen == ["hidden"] * (len(seen) - 1) + ["shown"]
    keyboard.press("2")
    assert viewed.page.evaluate("document.querySelector('#view > div').shadowRoot.activeElement.role") == "treeitem"
    keyboard.press("c")
    assert viewed.button("Class").get_attribute("aria-pressed") == "true"


def test_exploding_and_back(view, chair):
    viewed = view(chair)
    viewed.button("2").click()
    before = viewed.picture()
    slider = viewed.page.get_by_role("slider", name="Explode")
    slider.fill("70")
    apart = viewed.picture()
    assert difference(before, apart) > 0.05
    x, y = viewed.inside("seat surface")
    viewed.page.mouse.move(x, y)
    viewed.page.locator(".row.hovered").wait_for()
    assert "seat" in viewed.page.locator(".row.hovered").get_attribute("aria-label")
    viewed.page.mouse.move(4, 300)
    slider.fill("0")
    assert difference(before, viewed.picture()) < 0.002  # the camera went and came back


def test_colours_and_legends(view, chair):
    viewed = view(chair)
    by_part = viewed.picture()
    assert viewed.page.locator(".legend").is_hidden()
    viewed.button("Class").click()
    classes = {part.class_name.rpartition("/")[2].replace("_", " ") for part in chair.level(1).parts}
    assert set(viewed.page.locator(".legend li").all_inner_texts()) == classes
    expected = next(part for part in view_data(chair, "")["levels"][0]["parts"] if part["class"] == "chair_seat")
    assert bytes(viewed.swatch(SEAT).astype(int).tolist()).hex() == expected["colours"]["class"][1:]
    by_class = viewed.picture()
    viewed.button("Confidence").click()
    assert "100 %" in viewed.page.locator(".legend").inner_text()
    assert difference(by_class, viewed.picture()) > 0.02
    viewed.button("Part").click()
    assert difference(by_part, viewed.picture()) == 0
    assert bytes(viewed.swatch(SEAT).astype(int).tolist()).hex() == expected["colours"]["part"][1:]


def test_a_picture_to_keep(view, chair):
    viewed = view(chair, title="my chair/2.glb")
    with viewed.page.expect_download() as download:
        viewed.button("Save a picture").click()
    assert download.value.suggested_filename == "my-chair-2.glb.png"
    saved = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert saved.format == "PNG"
    assert difference(np.array(saved.convert("RGB"), float), viewed.picture()) < 0.002


def test_light_and_dark(view, chair):
    viewed = view(chair, color_scheme="dark")
    assert viewed.picture()[3, 3].max() < 60
    viewed.button("Light or dark").click()
    assert viewed.picture()[3, 3].min() > 220
    viewed = view(chair)
    assert viewed.picture()[3, 3].min() > 220
    viewed.page.emulate_media(color_scheme="dark")
    assert viewed.picture()[3, 3].max() < 60


def test_on_a_phone(view, chair):
    viewed = view(chair, viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    tall = viewed.page.locator("canvas").bounding_box()
    assert tall["width"] == 390
    assert viewed.page.get_by_role("tree").is_hidden()
    viewed.page.touchscreen.tap(*viewed.inside(SEAT))
    assert SEAT in viewed.page.locator(".card").inner_text()
    drawer = viewed.button("List of parts")
    drawer.tap()
    assert drawer.get_attribute("aria-expanded") == "true"
    assert viewed.page.get_by_role("tree").is_visible()
    assert viewed.row(SEAT).get_attribute("aria-selected") == "true"
    viewed.settle()
    assert viewed.page.locator("canvas").bounding_box()["height"] < tall["height"]
    wide = viewed.page.evaluate("document.documentElement.scrollWidth")
    assert wide == 390


def test_a_cloud(view, chair_cloud):
    viewed = view(chair_cloud, title="scan.ply")
    assert f"{len(chair_cloud.points):,} points" in viewed.page.locator("header").inner_text()
    x, y = viewed.inside(SEAT)
    viewed.page.mouse.click(x, y)
    assert viewed.row(SEAT).get_attribute("aria-selected") == "true"


def test_a_shape_lying_down_is_shown_standing(view, chair):
    lying = replace(chair, mesh=Mesh(chair.mesh.vertices @ upright("z"), chair.mesh.faces), up="z")
    assert difference(view(chair).picture(), view(lying).picture()) < 0.002
    assert difference(view(chair).picture(), view(replace(lying, up="y")).picture()) > 0.02


def test_ugly_names_are_text(view, chair):
    viewed = view(ugly(chair), title=UGLY)
    viewed.settle()
    assert viewed.page.locator("h1").text_content() == UGLY
    assert viewed.page.title() == UGLY
    assert viewed.page.locator("img").count() == 0


def test_without_webgl_there_are_words_and_the_list(browser, chair, tmp_path):
    write_view(tmp_path / "view.html", chair, "chair")
    page = browser.new_page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto((tmp_path / "view.html").as_uri())
    assert "WebGL 2 is missing" in page.get_by_role("alert").inner_text()
    page.get_by_role("treeitem").first.click()
    assert page.get_by_role("treeitem").first.get_attribute("aria-selected") == "true"
    page.get_by_role("button", name="3", exact=True).click()
    page.close()


def test_a_lost_picture_comes_back(view, chair):
    viewed = view(chair)
    before = viewed.picture()
    viewed.page.evaluate("""() => {
        const canvas = document.querySelector("#view > div").shadowRoot.querySelector("canvas");
        window.context = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
        window.context.loseContext();
    }""")
    alert = viewed.page.get_by_role("alert")
    alert.wait_for()
    assert "graphics processor" in alert.inner_text()
    viewed.page.evaluate("window.context.restoreContext()")
    alert.wait_for(state="hidden")
    assert difference(before, viewed.picture()) == 0


def test_data_of_another_version_are_refused_in_words(browser, chair, tmp_path):
    write_view(tmp_path / "view.html", chair, "chair")
    text = (tmp_path / "view.html").read_text().replace('"version":1', '"version":2')
    (tmp_path / "view.html").write_text(text)
    page = browser.new_page()
    page.goto((tmp_path / "view.html").as_uri())
    assert "version 2; this viewer reads version 1" in page.locator("body").inner_text()
    page.close()


def test_another_page_embeds_it(view, chair, chair_cloud):
    viewed = view(chair)
    told = viewed.page.evaluate("""data => {
        const place = document.createElement("div");
        place.style.cssText = "width: 500px; height: 400px; position: fixed; inset: 0";
        document.body.append(place);
        const viewer = PartwiseViewer.createViewer(place, data[0]);
        const told = [];
        viewer.on("select", (part) => told.push(part));
        viewer.on("level", (level) => told.push(level));
        const stop = viewer.on("visibility", ({ hidden }) => told.push(hidden > 0));
        viewer.setLevel(2);
        viewer.setLevel(9);
        viewer.select({ level: 2, id: 0 });
        viewer.isolate({ level: 2, id: 0 });
        stop();
        viewer.showAll();
        viewer.setData(data[1]);
        told.push(place.firstChild.shadowRoot.querySelector("h1").textContent);
        viewer.dispose();
        told.push(place.childElementCount);
        return told;
    }""", json.loads(json.dumps([view_data(chair, "one"), view_data(chair_cloud, "two")])))
    assert told == [2, {"level": 2, "id": 0}, True, "two", 0]
    viewed.row(SEAT).click()
    assert viewed.row(SEAT).get_attribute("aria-selected") == "true"
