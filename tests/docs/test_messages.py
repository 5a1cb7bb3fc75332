"""Headings of docs/troubleshooting.md quote messages that partwise has."""

import ast
import re

from tests.docs.pages import ROOT

HEADINGS = re.findall(r"^### (.*)$", (ROOT / "docs/troubleshooting.md").read_text(), re.M)
OF_OTHERS = {"Python objects in dtype"}
"""Messages of NumPy, which those of partwise repeat."""


def texts() -> str:
    """Every text in the package's source, those put together of pieces joined, without the values in them."""
    found = []
    for path in (ROOT / "src/partwise").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                pieces = (part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)
                found.append("".join(map(str, pieces)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(found)


def test_quoted_messages_are_there():
    quoted = [message for heading in HEADINGS for message in re.findall(r"`([^`]+)`", heading)]
    assert len(quoted) > 12
    there = texts()
    assert [message for message in quoted if message not in there and message not in OF_OTHERS] == []
