"""The page of several runs."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from partwise.report.comparison import Comparison
from partwise.report.evaluation import LevelScores
from partwise.report.markup import Child, folded, node, table
from partwise.report.numbers import MISSING, count, difference, percent, seconds
from partwise.report.page import Section, page
from partwise.report.plot import Line, figure, legend, line_plot
from partwise.report.precision import mean_curve, precision_plot
from partwise.report.scores import path
from partwise.report.training import curve, seconds_per_step

_COLOURS = 8
_CURVES = {"total": "Total loss of validation", "miou": "mIoU of validation",
           **{f"level_{level}/miou": f"mIoU of validation, level {level}" for level in (1, 2, 3)}}


def comparison_page(comparison: Comparison) -> str:
    """The comparison as one HTML file: scores, settings that differ, curves over each other, classes."""
    first = comparison.names[0]
    sections = [
        Section("Runs", [_runs(comparison)]),
        Section("Scores", [node("p", f"In %, with the difference to {first}. Instances under PartNet's protocol unless "
                                "it says released; points of other left out of mIoU (v2) and accuracy."),
                           _scores(comparison)] if comparison.scores else []),
        Section("Settings that differ", _settings(comparison)),
        Section("Curves of training", _training(comparison)),
        Section("Precision and recall", _precision(comparison)),
        Section("AP50 of classes", _classes(comparison))]
    return page(f"{len(comparison.runs)} runs compared", ", ".join(comparison.names), sections, comparison.notes)


def _runs(comparison: Comparison) -> Element:
    rows: list[list[Child]] = []
    for place, (name, run, one) in enumerate(zip(comparison.names, comparison.runs, comparison.evaluations,
                                                 strict=True)):
        a_step = MISSING if run.training is None else seconds(seconds_per_step(run.training))
        rows.append([node("span", node("i", class_=f"key fill{place % _COLOURS}"), name), run.category,
                     str(run.folder), MISSING if one is None else f"{one.n_shape} of {one.split}",
                     MISSING if one is None else count(one.iteration), a_step])
    return table(["run", "category", "folder", "shapes", "steps", "seconds a step"], rows, 4)


def _scores(comparison: Comparison) -> Element:
    rows: list[list[Child]] = [[row.level, row.score, *compared(row.values)] for row in comparison.scores]
    return table(["level", "score", *comparison.names], rows, 2)


def compared(values: Sequence[float]) -> list[Child]:
    """The first value, and the others each with its difference to the first."""
    cells: list[Child] = [percent(values[0])]
    for value in values[1:]:
        change = value - values[0]
        kind = "up" if change > 0.0005 else "down" if change < -0.0005 else "pale"
        cells.append(node("span", percent(value), " ", node("small", difference(value, values[0]), class_=kind)))
    return cells


def _settings(comparison: Comparison) -> list[Element]:
    trained = sum(run.training is not None for run in comparison.runs)
    if not comparison.settings:
        return [node("p", "None." if trained > 1 else "There are not two trainings to compare.")]
    return [table(["setting", *comparison.names], comparison.setting_rows(), 1)]


def _training(comparison: Comparison) -> list[Element]:
    trainings = [(place, name, run.training) for place, (name, run) in enumerate(
        zip(comparison.names, comparison.runs, strict=True)) if run.training is not None]
    plots = []
    for key, title in {"training": "Total loss of training", **_CURVES}.items():
        lines = [curve(one.steps, "total", name, place % _COLOURS) if key == "training" else
                 curve(one.validations, key, name, place % _COLOURS, dots=True) for place, name, one in trainings]
        if any(line.x for line in lines):
            plots.append(figure(title, line_plot(lines, title, y_range=(0, 1) if "miou" in key else None)))
    return [_legend(comparison), node("div", *plots, class_="plots")] if plots else []


def _legend(comparison: Comparison) -> Element:
    return legend([(name, place % _COLOURS) for place, name in enumerate(comparison.names)])


def _levels(comparison: Comparison) -> dict[int, list[LevelScores | None]]:
    numbers = sorted({level.number for one in comparison.evaluations if one is not None for level in one.levels})
    return {number: [None if one is None else one.level(number) for one in comparison.evaluations]
            for number in numbers}


def _precision(comparison: Comparison) -> list[Element]:
    plots = []
    for number, levels in _levels(comparison).items():
        lines: list[Line | None] = [None if level is None else mean_curve(level, name, place % _COLOURS)
                                    for place, (level, name) in enumerate(zip(levels, comparison.names, strict=True))]
        known = [line for line in lines if line is not None]
        if known:
            title = f"Level {number}, mean over classes, IoU 0.5"
            plots.append(figure(title, precision_plot(known, title)))
    return [_legend(comparison), node("div", *plots, class_="plots")] if plots else []


def _classes(comparison: Comparison) -> list[Element]:
    tables = []
    for number, levels in _levels(comparison).items():
        by_name = [{} if level is None else {one.name: level.at_half(one.ap["partnet"]) for one in level.classes}
                   for level in levels]
        names = dict.fromkeys(name for one in by_name for name in one)
        rows: list[list[Child]] = [[path(name), *compared([one.get(name, float("nan")) for one in by_name])]
                                   for name in names]
        tables.append(folded(f"Level {number}", table(["class", *comparison.names], rows, 1), opened=number == 1))
    return tables
