"""Scores of single shapes, and pictures of the best and the worst, truth beside prediction."""

import base64
import math
from importlib.util import find_spec
from io import BytesIO
from xml.etree.ElementTree import Element

import numpy as np

from partwise.mesh import PointCloud
from partwise.render.picture import expose, paint
from partwise.render.scene import ColouredPoints, View
from partwise.report.evaluation import Evaluation, ShapeScores
from partwise.report.markup import folded, node, table
from partwise.report.numbers import percent
from partwise.report.plot import Line, figure, legend, line_plot
from partwise.showcase import ShownShape

SIZE = 200
"""Pixels a side of a picture."""
_COLOURS = 160
"""Of a picture's palette, which makes it a quarter as large."""


def can_draw() -> bool:
    """Whether Pillow is there, which writes the pictures."""
    return find_spec("PIL") is not None


def shape_scores(evaluation: Evaluation) -> list[Element]:
    """How the scores of shapes are spread, and all of them, the worst first; nothing where they are not known."""
    if not evaluation.shapes:
        return []
    lines = []
    for level in evaluation.levels:
        found = sorted(_half(evaluation, one, level.number) for one in evaluation.shapes)
        found = [value for value in found if not math.isnan(value)]
        lines.append(Line(f"level {level.number}", [(place + 0.5) / len(found) for place in range(len(found))], found,
                          level.number - 1))
    key = legend([(line.name, line.colour) for line in lines])
    spread = line_plot(lines, "AP50 of shapes, from the worst to the best", "share of shapes", (0, 1), (0, 1))
    return [key, figure("AP50 of shapes, from the worst to the best", spread),
            folded(f"All {len(evaluation.shapes)} shapes, the worst first", _table(evaluation))]


def _table(evaluation: Evaluation) -> Element:
    numbers = [level.number for level in evaluation.levels]

    def mean(one: ShapeScores) -> float:
        found = [value for value in (_half(evaluation, one, number) for number in numbers) if not math.isnan(value)]
        return sum(found) / len(found) if found else math.inf

    rows = [[one.name, *(percent(_half(evaluation, one, number)) for number in numbers),
             *(percent(one.miou[number]) for number in numbers)] for one in sorted(evaluation.shapes, key=mean)]
    heads = [f"level {number}" for number in numbers]
    return table(["shape", *heads, *heads], rows, 1, "", [("", 1), ("AP50, %", len(heads)), ("mIoU, %", len(heads))])


def _half(evaluation: Evaluation, one: ShapeScores, number: int) -> float:
    level = evaluation.level(number)
    return math.nan if level is None else level.at_half(one.ap[number])


def pictures(evaluation: Evaluation) -> list[Element]:
    """The worst and the best shapes; nothing where there are none, a sentence where they cannot be drawn."""
    if not evaluation.shown:
        return []
    if not can_draw():
        return [node("p", "Pictures of shapes need Pillow, which was not installed when this page was made: ",
                     node("code", "pip install 'partwise[render]'"), class_="note")]
    middle = math.ceil(len(evaluation.shown) / 2)
    groups = [("The worst", evaluation.shown[:middle]), ("The best", evaluation.shown[:middle - 1:-1])]
    return [node("p", "By AP at IoU 0.5 under PartNet's protocol, mean over levels. A predicted part has the colour of "
                 "the true part of its class that it fits best, if any; points of other are grey."),
            *(part for title, shapes in groups if shapes for part in (
                node("h4", title), node("div", *(_card(evaluation, one) for one in shapes), class_="cards")))]


def _card(evaluation: Evaluation, shown: ShownShape) -> Element:
    """Two rows of pictures, truth above prediction, a column for each level."""
    numbers = [level.number for level in evaluation.levels]
    truth, found = drawn(shown, numbers)
    heads = [f"level {number}{score and ': '}{score}" for number in numbers
             for score in [score_words(evaluation, shown, number)]]
    cells = [node("span"), *(node("b", head) for head in heads)]
    for name, images in (("truth", truth), ("found", found)):
        cells += [node("span", name), *(_image(image, f"{name}, level {number}, shape {shown.name}")
                                        for image, number in zip(images, numbers, strict=True))]
    return node("figure", node("figcaption", f"Shape {shown.name}"),
                node("div", *cells, class_="levels", style=f"--levels:{len(numbers)}"), class_="card")


def score_words(evaluation: Evaluation, shown: ShownShape, level: int) -> str:
    """What a shape scored at a level, such as "AP50 62"; nothing where that is not known."""
    if not evaluation.shapes:
        return ""
    return f"AP50 {percent(_half(evaluation, evaluation.shapes[shown.index], level))}"


def drawn(shown: ShownShape, levels: list[int], size: int = SIZE, view: View | None = None,
          transparent: bool = True) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Pictures (size, size, 3 or 4) of truth and of prediction at the levels; the shape is lit once."""
    cloud = PointCloud(shown.points, shown.normals.astype(np.float32))
    exposure = expose([ColouredPoints(cloud)], size, view)
    pairs = [shown.part_colours(level - 1) for level in levels]
    true, found = ([paint(exposure, colours[side], transparent) for colours in pairs] for side in (0, 1))
    return true, found


def _image(image: np.ndarray, text: str) -> Element:
    from PIL import Image

    buffer = BytesIO()
    whole = Image.fromarray(image).quantize(_COLOURS, method=Image.Quantize.FASTOCTREE)
    whole.save(buffer, format="PNG", optimize=True)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return node("img", src=f"data:image/png;base64,{data}", alt=text, width=SIZE, height=SIZE)
