"""Tables as files: CSV, JSON, LaTeX and a page."""

import csv
import io
import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from partwise.files import replacing
from partwise.metrics.plain import plain
from partwise.report.evaluation import Evaluation
from partwise.report.numbers import MISSING
from partwise.suite.page import results_page
from partwise.suite.results import Results
from partwise.suite.scores import ALL_SCORES
from partwise.suite.table import AVERAGES, CAVEAT, PUBLISHED, Table, percent

FORMAT, VERSION = "partwise-benchmark", 1
_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
            **{sign: "\\" + sign for sign in "&%$#_{}"}}


def write_tables(out: Path, results: Results, tables: Sequence[Table]) -> list[Path]:
    """Write ``out/table.csv``, .json, .tex and .html and return their paths.

    tables : those that LaTeX holds and the page shows first; the other files hold all
    """
    texts = {"csv": to_csv(results), "json": to_json(results), "tex": to_latex(results, tables),
             "html": results_page(results, tables)}
    paths = [out / f"table.{form}" for form in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8", errors="replace")  # of folders' names
    return paths


def to_csv(results: Results) -> str:
    """All scores in per cent: a row a level, one of averages over levels, and one with the average over tasks."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["score in %", "protocol", "level", *(column.category for column in results.columns), "average"])
    for table in map(results.table, ALL_SCORES):
        tasks: list[float | None] = [*[None] * len(table.categories), table.over_tasks]
        for name, values in [*table.rows(), ("average of tasks", tasks)]:
            writer.writerow([table.score.metric, table.score.protocol, name, *map(_exact, values)])
    return text.getvalue()


def _exact(value: float | None) -> str:
    return "" if value is None else "nan" if math.isnan(value) else f"{100 * value:.4f}"


def to_dict(results: Results) -> dict[str, Any]:
    """Everything as plain values, scores in [0, 1]; None for one that is not defined, no entry where there is none."""
    return {"format": FORMAT, "version": VERSION, "split": results.split, "published": PUBLISHED, "caveat": CAVEAT,
            "averages": AVERAGES, "notes": results.notes,
            "categories": {column.category: _about(column.evaluation) for column in results.columns},
            "tables": [_table(results.table(score)) for score in ALL_SCORES]}


def _about(evaluation: Evaluation | None) -> dict[str, Any] | None:
    if evaluation is None:
        return None
    return {name: getattr(evaluation, name) for name in ("model", "iteration", "n_shape")}


def _table(table: Table) -> dict[str, Any]:
    rows = {name: {head: plain([value])[0] for head, value in zip(table.heads, values, strict=True)
                   if value is not None} for name, values in table.rows()}
    return {"metric": table.score.metric, "protocol": table.score.protocol, "rows": rows,
            "over_categories": table.over_categories, "over_tasks": table.over_tasks,
            "n_category": table.n_category, "n_task": table.n_task}


def to_json(results: Results) -> str:
    """``to_dict`` as text."""
    return json.dumps(to_dict(results), indent=2, allow_nan=False) + "\n"


def to_latex(results: Results, tables: Sequence[Table]) -> str:
    """A table environment a table; captions hold what must stand beside the figures, comments what else is to know."""
    head = ["Needs \\usepackage{booktabs} and \\usepackage{graphicx}.", *results.notes]
    comments = "".join(f"% {' '.join(line.split())}\n" for line in head)
    return comments + "\n".join(_latex_table(table) for table in tables)


def _latex_table(table: Table) -> str:
    heads = " & ".join(rf"\rotatebox{{90}}{{{latex(name)}}}" for name in table.heads)
    *levels, last = [_latex_row(name, values) for name, values in table.rows()]
    lines = "\n".join(levels)
    caption = latex(f"{table.score.title}, in %. {AVERAGES} {table.summary()} {PUBLISHED} {CAVEAT}")
    return rf"""\begin{{table*}}
\centering
\caption{{{caption}}}
\medskip
\resizebox{{\ifdim\width>\linewidth\linewidth\else\width\fi}}{{!}}{{%
\begin{{tabular}}{{l*{{{len(table.heads)}}}{{r}}}}
\toprule
level & {heads} \\
\midrule
{lines}
\midrule
{last}
\bottomrule
\end{{tabular}}}}
\end{{table*}}
"""


def _latex_row(name: str, values: Sequence[float | None]) -> str:
    return " & ".join([name, *("--" if value == MISSING else value for value in map(percent, values))]) + r" \\"


def latex(text: str) -> str:
    """Text that LaTeX prints as it is."""
    return re.sub(r"[\\~^&%$#_{}]", lambda found: _SPECIAL[found[0]], text)
