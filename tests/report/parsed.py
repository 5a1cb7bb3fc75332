"""A page as a browser would see it: tags, texts, tables."""

from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "img", "br", "hr", "input", "link"}


class Page(HTMLParser):
    """Elements in order, with their attributes; the rows of every table; all text outside the style sheet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, Any]]] = []
        self.tables: list[list[list[str]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open:
            return
        self.texts.append(data)
        if "table" in self.open and {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def table(self, *head: str) -> list[list[str]]:
        """The rows below this head, in the first table that has it."""
        for rows in self.tables:
            if list(head) in rows:
                return rows[rows.index(list(head)) + 1:]
        raise AssertionError(f"no table has the head {head}")

    def count(self, tag: str, **attributes: str) -> int:
        return sum(name == tag and all(found.get(key.rstrip("_")) == value for key, value in attributes.items())
                   for name, found in self.elements)
