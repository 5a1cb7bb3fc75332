"""The tables of `partwise benchmark` on the terminal."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from partwise.cli.tables import new_table, show

if TYPE_CHECKING:
    from partwise.suite.results import Results
    from partwise.suite.table import Table

_STUB = len("average")
_GAP = 3  # between columns
_NARROWEST = len("100.0")


def show_results(results: "Results", tables: "Sequence[Table]") -> None:
    """Print tables and, once, what must stand beside them."""
    from rich.console import Console

    from partwise.suite.table import AVERAGES, CAVEAT, PUBLISHED

    width = Console().width
    for table in tables:
        _show_table(table, width)
        print(f"{_wrapped(table.summary(), width)}\n")
    for text in (AVERAGES, PUBLISHED, CAVEAT, *(f"Note: {note}" for note in results.notes)):
        print(_wrapped(text, width))


def _wrapped(text: str, width: int) -> str:
    """Lines that end between words; names of files stay whole."""
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def _show_table(table: "Table", width: int) -> None:
    """In as many pieces, one below the other, as the width of the terminal asks for."""
    from partwise.suite.table import percent

    heads = [_broken(name) for name in table.heads]
    for first, end in _pieces([_width(head) for head in heads], width):
        title = f"{table.score.title}, %" if first == 0 else ""
        piece = new_table(title, ["level"], heads[first:end])
        for name, values in table.rows():
            piece.add_row(name, *map(percent, values[first:end]))
        show(piece)


def _broken(name: str) -> str:
    """A name such as StorageFurniture on two lines."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "\n", name)


def _width(head: str) -> int:
    return max(_NARROWEST, *map(len, head.split("\n"))) + _GAP


def _pieces(widths: Sequence[int], width: int) -> Iterator[tuple[int, int]]:
    """First and end of runs of columns that fit a width, at least one each."""
    first, used = 0, _STUB
    for place, one in enumerate(widths):
        if used + one > width and place > first:
            yield first, place
            first, used = place, _STUB
        used += one
    yield first, len(widths)
