"""``partwise compare``."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tyro.conf import Positional

from partwise.cli.tables import new_table, percent, show

if TYPE_CHECKING:
    from rich.table import Table

    from partwise.report import Comparison


@dataclass(frozen=True)
class Compare:
    """Put runs beside each other: scores with their differences to the first, settings that differ, curves.

    Prints the scores; --out makes an HTML page of everything, which needs nothing beside itself.
    """

    run_folders: Positional[tuple[Path, ...]]
    """Two folders or more, of training runs or of evaluations; the first is what the others are compared with."""
    out: Path | None = None
    """Page to write; none if not given."""
    split: str = "test"
    """Compare the evaluations on this split."""
    json: bool = False
    """Print scores and settings as JSON, for programs, instead of a table."""

    def run(self) -> None:
        """Compare, write the page and print the table."""
        import json

        from partwise.report import compare, comparison_page, read_run, write_page

        comparison = compare([read_run(folder) for folder in self.run_folders], self.split)
        if self.out is not None:
            write_page(self.out, comparison_page(comparison))
        if self.json:
            print(json.dumps(comparison.to_dict(), indent=2))
            return
        _show(comparison)
        if self.out is not None:
            print(f"page: {self.out}")


def _show(comparison: "Comparison") -> None:
    if comparison.scores:
        show(_scores(comparison))
    if comparison.settings:
        show(_settings(comparison))
    for note in comparison.notes:
        print(f"note: {note}")


def _scores(comparison: "Comparison") -> "Table":
    table = new_table(f"Scores in %, and differences to {comparison.names[0]}", ["level", "score"], comparison.names)
    for row in comparison.scores:
        first, *others = percent(row.values)
        changes = [f"{100 * change:+.1f}" if change == change else "" for change in row.differences[1:]]
        table.add_row(row.level, row.score, first,
                      *(f"{value} {change:>6}" for value, change in zip(others, changes, strict=True)))
    return table


def _settings(comparison: "Comparison") -> "Table":
    table = new_table("Settings that differ", ["setting"], comparison.names)
    for row in comparison.setting_rows():
        table.add_row(*row)
    return table
