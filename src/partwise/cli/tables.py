"""Tables on the terminal, all of one look."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def new_table(title: str, words: Sequence[str], numbers: Sequence[str]) -> "Table":
    """A table with columns of words, which fold where the terminal is narrow, and then of numbers."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False)
    for column in words:
        table.add_column(column, overflow="fold")
    for column in numbers:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def show(*tables: "Table") -> None:
    """Print tables on standard output."""
    from rich.console import Console

    console = Console()
    for table in tables:
        # above the table, since rich would break a title at the table's width
        console.print(table.title, style="bold", highlight=False, soft_wrap=True)
        table.title = None
        console.print(table)


def percent(values: Iterable[float]) -> list[str]:
    """Shares in per cent with one decimal; "-" for one that is not defined."""
    return ["-" if value != value else f"{100 * value:.1f}" for value in values]
