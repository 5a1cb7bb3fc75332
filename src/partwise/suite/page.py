"""The table as a page."""

from collections.abc import Sequence
from datetime import datetime
from xml.etree.ElementTree import Element

from partwise.report.markup import Child, folded, node
from partwise.report.markup import table as html_table
from partwise.report.numbers import MISSING, count
from partwise.report.page import Section, page
from partwise.suite.results import Results
from partwise.suite.scores import ALL_SCORES
from partwise.suite.table import AVERAGES, CAVEAT, PUBLISHED, Table, percent


def results_page(results: Results, tables: Sequence[Table]) -> str:
    """One HTML file that needs nothing beside itself: the tables asked for, then all others to be opened."""
    made = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    others = [table for table in map(results.table, ALL_SCORES) if table not in tables]
    sections = [
        Section("Results", [*(part for table in tables for part in _shown(table)), node("p", AVERAGES, class_="pale")]),
        Section("Beside the published figure", [node("p", PUBLISHED), node("p", CAVEAT)]),
        Section("Other scores", [folded(table.score.title, *_shown(table)) for table in others]),
        Section("Categories", [_categories(results)])]
    tested = sum(column.evaluation is not None for column in results.columns)
    return page("Results of all categories", f"{tested} categories on {results.split}, {made}", sections, results.notes)


def _shown(table: Table) -> list[Element]:
    rows: list[list[Child]] = [[name, *map(percent, values)] for name, values in table.rows()]
    rows[-1] = [node("strong", cell) for cell in rows[-1]]
    heads = [node("span", name) for name in table.heads]
    return [node("div", html_table(["level", *heads], rows, 1, f"{table.score.title}, %"), class_="upright-heads"),
            node("p", table.summary())]


def _categories(results: Results) -> Element:
    rows = []
    for column in results.columns:
        one = column.evaluation
        facts = [MISSING] * 4 if one is None else [one.model, str(one.folder), count(one.iteration), str(one.n_shape)]
        rows.append([column.category, *facts])
    return html_table(["category", "model", "evaluation", "steps", "shapes"], rows, 3)
