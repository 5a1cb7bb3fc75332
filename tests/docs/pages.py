"""The pages, and the code on them."""

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.S | re.M)


@dataclass(frozen=True)
class Block:
    """Code on a page: its language, its text without the indentation of a list around it, and its line."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}, line {self.line}"

    def commands(self) -> list[str]:
        """The commands of a block of shell, one a line, without comments."""
        lines = re.sub(r"\\\n *", "", self.text).splitlines()
        return [line for line in (re.sub(r"(^|\s+)#.*", "", line).rstrip() for line in lines) if line]


def blocks_of(page: Path) -> list[Block]:
    """All code on a page, in order."""
    text = page.read_text()
    return [Block(page.name, text.count("\n", 0, found.start()) + 2, found[2], dedent(found[3]))
            for found in _BLOCK.finditer(text)]


def spans_of(page: Path) -> list[str]:
    """Commands within sentences, such as `partwise train --help`."""
    prose = _BLOCK.sub("", page.read_text())
    return [" ".join(span.split()) for span in re.findall(r"(?<!`)`(partwise [^`]+)`", prose)]
