"""Progress of long work, on standard error; silent where that is not a terminal."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


def progress_bar(*extra: str) -> Progress:
    """A bar with description, count and time left; ``extra`` are further columns in rich's text form."""
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                    *(TextColumn(text) for text in extra), console=Console(stderr=True),
                    disable=not sys.stderr.isatty())
