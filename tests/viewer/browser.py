"""A page of the viewer in a real browser, and what tests do there."""

import io
import shutil
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from PIL import Image

ARGUMENTS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"]
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def start_browser(playwright: Any) -> Any:
    """Chromium with graphics in software; skips where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("needs Chromium, such as Debian's package chromium")
    return playwright.chromium.launch(executable_path=program, args=ARGUMENTS)


@dataclass
class Viewed:
    """A page, and what it asked for and complained of since it was opened."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        self.page.on("console", lambda one: one.type in ("error", "warning") and self.complaints.append(one.text))
        self.page.on("dialog", lambda one: self.complaints.append(one.message))

    def settle(self) -> None:
        """Until all is drawn, and where that is slow once more, smoothly."""
        self.page.evaluate(TWO_FRAMES)
        self.page.locator("canvas[data-edges=smooth]").wait_for()

    def picture(self) -> np.ndarray:
        """(H, W, 3) float pixels of the stage, after all is drawn, without what lies over it."""
        self.settle()
        hide = ".legend, .label, .tools, .explode { visibility: hidden }"
        taken = Image.open(io.BytesIO(self.page.locator("canvas").screenshot(style=hide)))
        return np.array(taken.convert("RGB"), float)

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name, exact=True)

    def rows(self) -> Any:
        return self.page.get_by_role("treeitem")

    def row(self, name: str) -> Any:
        return self.page.locator(f".row[aria-label^='{name},']")

    def swatch(self, name: str) -> np.ndarray:
        """(3,) colour of a part in the list."""
        text = self.row(name).locator(".swatch").evaluate("one => getComputedStyle(one).backgroundColor")
        return np.array([float(one) for one in text[4:-1].replace(",", " ").split()])

    def mask(self, name: str) -> np.ndarray:
        """(H, W) whether a pixel has the hue of a part in the list, however it is lit."""
        linear = (self.picture() / 255) ** 2.2
        wanted = (self.swatch(name) / 255) ** 2.2
        cosine = linear @ wanted / (np.linalg.norm(linear, axis=2) * np.linalg.norm(wanted) + 1e-9)
        return cosine > 0.995

    def inside(self, name: str) -> tuple[int, int]:
        """A place on the canvas, with some of the same part all around it."""
        mask = self.mask(name)
        around = mask.copy()
        for step in range(1, 5):
            for axis in (0, 1):
                around &= np.roll(mask, step, axis) & np.roll(mask, -step, axis)
        places = np.argwhere(around)
        assert len(places), f"{name} is not to be seen"
        row, column = places[len(places) // 2]
        return int(column), int(row)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Share of pixels that differ visibly."""
    return float((np.abs(one - other).max(2) > 6).mean())
