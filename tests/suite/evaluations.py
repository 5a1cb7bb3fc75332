"""Evaluations with chosen scores, for tests of tables."""

import math
from pathlib import Path

from partwise.report.evaluation import KINDS, POINT_SCORES, PROTOCOLS, Evaluation, LevelScores
from partwise.suite.results import Column, Results


def level_scores(number: int, ap50: float) -> LevelScores:
    """A level whose scores all differ: AP50 as given, under the released protocol 0.01 more."""
    def of_protocols(shift: float) -> dict[str, list[float]]:
        return {name: [ap50 + shift + 0.01 * place + 0.1 * step for step in (1, 0, -1)]
                for place, name in enumerate(PROTOCOLS)}

    semantic = {kind: {name: ap50 + 0.2 + 0.01 * place + 0.001 * step for step, name in enumerate(POINT_SCORES)}
                for place, kind in enumerate(KINDS)}
    return LevelScores(number, [0.25, 0.5, 0.75], [], of_protocols(0), of_protocols(0.05), semantic, {})


def column(category: str, n_shape: int = 5, **ap50: float) -> Column:
    """A category with AP50 of its levels, level_1=..."""
    levels = [level_scores(int(name[-1]), value) for name, value in ap50.items()]
    return Column(category, Evaluation(Path("out") / category / "test", f"models/{category}", 30, category, "test",
                                       n_shape, {}, levels, [], [], []))


def some_results() -> Results:
    """Bag has level 1, Bed all, Bottle 1 and 3; Chair has failed, and Mug has no result yet."""
    return Results("test", (
        column("Bag", 29, level_1=0.5), column("Bed", level_1=0.4, level_2=0.3, level_3=0.2),
        column("Bottle", level_1=0.6, level_3=math.nan), Column("Chair", None, "its 50 % & more_parts are bad"),
        Column("Mug", None)))
