"""Tables and trees on the terminal, all of one look."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table
    from rich.tree import Tree


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


def show_parts(title: str, record: dict[str, Any]) -> None:
    """Print the part tree of a result's record: of each part its confidence and size, in the units of the input."""
    from rich.console import Console
    from rich.markup import escape
    from rich.tree import Tree

    def add(branch: "Tree", node: dict[str, Any]) -> None:
        size = ""
        if "box" in node:
            extent = (high - low for low, high in zip(node["box"]["min"], node["box"]["max"], strict=True))
            sides = " x ".join(f"{one:.3g}" for one in extent)
            size = f"  [cyan]{100 * node['confidence']:.0f} %[/]  [dim]{sides}[/]"
        below = branch.add(f"{node['text'] if 'box' in node else '[dim]' + node['text'] + '[/]'}{size}")
        for child in node.get("children", ()):
            add(below, child)

    root = record["tree"][0]
    shown = Tree(f"[bold]{escape(title)}[/]: {record['category']}, {record['up']} up; confidence and size of each part")
    for child in root.get("children", ()):
        add(shown, child)
    Console(highlight=False).print(shown)
