"""``partwise inspect``: what is in a store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tyro.conf import Positional

from partwise.cli.tables import new_table, show

if TYPE_CHECKING:
    from rich.table import Table

    from partwise.data.summary import LevelSummary, StoreSummary


@dataclass(frozen=True)
class Inspect:
    """Show what prepared data holds: shapes, points, and the classes and instances of each level."""

    files: Positional[tuple[Path, ...]]
    """Stores, or folders whose stores are all shown."""
    json: bool = False
    """Print the numbers as JSON, for programs, instead of tables."""

    def run(self) -> None:
        import json
        from dataclasses import asdict

        from partwise.data.store import Store
        from partwise.data.summary import find_stores, summarise
        from partwise.errors import InputError
        paths = find_stores(self.files)
        if not paths:
            raise InputError("inspect: no files given; name stores or folders of stores")
        summaries = []
        for path in paths:
            store = Store(path)
            summaries.append(summarise(store))
            store.close()
            if not self.json:
                _show(summaries[-1])
        if self.json:
            print(json.dumps([asdict(summary) for summary in summaries], indent=2, ensure_ascii=False))


def _show(summary: StoreSummary) -> None:
    from rich.console import Console
    console = Console()
    console.print(summary.path, markup=False, highlight=False, soft_wrap=True)
    console.print(f"{summary.category}, {summary.split}: {summary.shapes} shapes of {summary.points} points",
                  highlight=False)
    for level in summary.levels:
        if level.real:
            show(_table(level))
        else:
            console.print(f"Level {level.level}: {summary.category} has no such level, repeats level {level.source}\n",
                          highlight=False)


def _headline(level: LevelSummary) -> str:
    if level.mean_instances is None or level.other is None:
        return f"Level {level.level}: no shapes"
    return (f"Level {level.level}: {level.instances} instances, {level.mean_instances:.2f} a shape "
            f"({level.min_instances} to {level.max_instances}); {level.other:.2%} of points other")


def _table(level: LevelSummary) -> Table:
    table = new_table(_headline(level), ["id", "class"], ["shapes", "instances"])
    for row in level.classes:
        table.add_row(str(row.id), row.name, str(row.shapes), str(row.instances))
    return table
