"""Files outside docs/ that pages link to, as pages of the site."""

import re
from pathlib import Path

_LINK = re.compile(r"\]\(\.\./([^)#]+)\)")
_LANGUAGE = {".py": "python", ".sh": "sh", ".json": "json"}
_HIDDEN = "---\nsearch:\n  exclude: true\n---\n\n"


def linked_sources(markdown: str) -> list[str]:
    """Paths, from the root, of the files outside docs/ that a page links to; those of folders are left out."""
    return [path for path in _LINK.findall(markdown) if Path(path).is_file()]


def source_page(path: str) -> str:
    """A page that shows a file; one in Markdown is the page itself, without its own links to other files."""
    text = Path(path).read_text()
    if path.endswith(".md"):
        return _HIDDEN + re.sub(r"\[([^\]]+)\]\((?!https?:)[^)]+\)", r"\1", text)
    fence = "`" * 4
    return f"{_HIDDEN}# {path}\n\n{fence}{_LANGUAGE.get(Path(path).suffix, 'text')}\n{text}{fence}\n"


def to_source_pages(markdown: str) -> str:
    """The page with its links to files outside docs/ leading to their pages."""
    return _LINK.sub(lambda found: f"](source/{found[1]}.md)" if Path(found[1]).is_file() else found[0], markdown)
