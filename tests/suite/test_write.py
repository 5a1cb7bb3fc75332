"""The table's files hold its numbers; what must stand beside them is there."""

import csv
import io
import json
import re
import shutil
import subprocess

import pytest

from partwise.suite.page import results_page
from partwise.suite.scores import ALL_SCORES, Score
from partwise.suite.table import AVERAGES, CAVEAT, PUBLISHED, percent
from partwise.suite.write import latex, to_csv, to_json, to_latex
from tests.report.parsed import Page
from tests.suite.evaluations import some_results

RESULTS = some_results()
TABLES = [RESULTS.table(Score("AP50", "partnet")), RESULTS.table(Score("mIoU-v2", "released"))]


def shown(table):
    return [[name, *map(percent, values)] for name, values in table.rows()]


def test_csv_holds_every_score():
    head, *rows = csv.reader(io.StringIO(to_csv(RESULTS)))
    assert head == ["score in %", "protocol", "level", "Bag", "Bed", "Bottle", "Chair", "Mug", "average"]
    assert len(rows) == 5 * len(ALL_SCORES)
    of_ap50 = [row[2:] for row in rows if row[:2] == ["AP50", "partnet"]]
    assert of_ap50 == [
        ["1", "50.0000", "40.0000", "60.0000", "", "", "50.0000"],
        ["2", "", "30.0000", "", "", "", "30.0000"],
        ["3", "", "20.0000", "nan", "", "", "20.0000"],
        ["average", "50.0000", "30.0000", "60.0000", "", "", "46.6667"],
        ["average of tasks", "", "", "", "", "", "40.0000"]]


def test_json_holds_everything():
    values = json.loads(to_json(RESULTS))
    assert (values["published"], values["caveat"], values["averages"]) == (PUBLISHED, CAVEAT, AVERAGES)
    assert values["notes"] == RESULTS.notes
    assert values["categories"]["Bed"] == {"model": "models/Bed", "iteration": 30, "n_shape": 5}
    assert values["categories"]["Chair"] is None
    assert len(values["tables"]) == len(ALL_SCORES)
    table = next(one for one in values["tables"] if (one["metric"], one["protocol"]) == ("AP50", "partnet"))
    assert table["rows"]["3"] == {"Bed": 0.2, "Bottle": None, "average": 0.2}
    assert table["over_tasks"] == TABLES[0].over_tasks
    assert (table["n_category"], table["n_task"]) == (3, 5)


def test_latex_has_a_cell_for_every_column():
    text = to_latex(RESULTS, TABLES)
    assert text.count(r"\begin{table*}") == text.count(r"\end{table*}") == 2
    body = text[:text.index(r"\end{table*}")]
    rows = [line.removesuffix(r" \\").split(" & ") for line in body.splitlines() if line.endswith(r"\\")]
    heads, *cells = rows
    assert [re.sub(r"\\rotatebox\{90\}\{(.*)\}", r"\1", head) for head in heads] == ["level", *TABLES[0].heads]
    assert [[cell.strip().replace("--", "-") for cell in row] for row in cells] == shown(TABLES[0])
    assert rf"*{{{len(TABLES[0].heads)}}}{{r}}" in body
    assert latex(CAVEAT) in body
    assert latex(PUBLISHED) in body
    assert all(line.startswith("%") for line in text.splitlines() if "more_parts" in line)
    uncommented = re.sub(r"^%.*$|(?<!\\)%$", "", text, flags=re.M)
    assert not re.search(r"(?<!\\)[%#$_]", uncommented)
    assert uncommented.count("{") == uncommented.count("}")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs LaTeX with booktabs and graphicx")
def test_latex_compiles(tmp_path):
    text = "\n".join([r"\documentclass{article}", r"\usepackage{booktabs}", r"\usepackage{graphicx}",
                      r"\begin{document}", to_latex(RESULTS, TABLES), r"\end{document}"])
    (tmp_path / "page.tex").write_text(text)
    subprocess.run(["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "page.tex"], cwd=tmp_path, check=True,
                   stdout=subprocess.DEVNULL)
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_latex_prints_text_as_it_is():
    assert latex(r"50 % of a_b & {c} \d ~ ^ # $") == (
        r"50 \% of a\_b \& \{c\} \textbackslash{}d \textasciitilde{} \textasciicircum{} \# \$")


def test_the_page_shows_what_was_asked_for_and_folds_the_rest():
    page = Page(results_page(RESULTS, TABLES))
    heads = ["level", *TABLES[0].heads]
    tables = [rows for rows in page.tables if rows[0] == heads]
    assert len(tables) == len(ALL_SCORES)
    assert [rows[1:] for rows in tables[:2]] == [shown(table) for table in TABLES]
    assert page.count("details") == len(ALL_SCORES) - 2
    for text in (PUBLISHED, CAVEAT, AVERAGES, TABLES[0].summary(), *RESULTS.notes):
        assert text in page.text
    assert not [attributes for tag, attributes in page.elements if "src" in attributes or tag in ("link", "script")]
