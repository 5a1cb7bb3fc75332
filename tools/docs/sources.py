"""Files outside docs/ that pages link to, as pages of the site."""

import re
from pathlib import Path

NOTEBOOK = "examples/segment.ipynb"
"""It has a page of its own, notebook.md."""

_LINK = re.compile(r"\]\(\.\./([^)#]+)\)")
_LANGUAGE = {".py": "python", ".sh": "sh", ".json": "json", ".yaml": "yaml"}
_HIDDEN = "---\nsearch:\n  exclude: true\n---\n\n"


def linked_sources(markdown: str) -> list[str]:
    """Paths, from the root, of the files outside docs/ that a page links to, without the notebook."""
    return [path for path in _LINK.findall(markdown) if path != NOTEBOOK]


def source_page(path: str) -> str:
    """A page that shows a file; one in Markdown is the page itself, without its own links to other files."""
    text = Path(path).read_text()
    if path.endswith(".md"):
        return _HIDDEN + re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]+\)", r"\1", text)
    fence = "`" * 4
    return f"{_HIDDEN}# {path}\n\n{fence}{_LANGUAGE.get(Path(path).suffix, 'text')}\n{text}{fence}\n"


def to_source_pages(markdown: str) -> str:
    """A page of docs/ with its links to files outside leading to their pages."""
    return _LINK.sub(lambda found: "](notebook.md)" if found[1] == NOTEBOOK else f"](source/{found[1]}.md)", markdown)
