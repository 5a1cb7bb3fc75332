"""A whole page: head, table of contents, sections, all in one file."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from xml.etree.ElementTree import Element

from partwise.errors import InputError
from partwise.files import make_folder, replacing
from partwise.report.markup import document, node


@dataclass(frozen=True)
class Section:
    """A part of the page; the table of contents names it. One without content is left out.

    level : 2 for sections, 3 for those within the section before
    """

    title: str
    content: Sequence[Element]
    level: int = 2


def page(title: str, subtitle: str, sections: Sequence[Section], notes: Sequence[str] = ()) -> str:
    """The page as HTML; ``notes`` say, before all else, what is missing."""
    sections = [section for section in sections if section.content]
    contents = node("nav", *(node("a", section.title, href=f"#{number}", class_=f"in{section.level}")
                             for number, section in enumerate(sections)), aria_label="contents")
    head = node("header", node("h1", title), node("p", subtitle, class_="pale"))
    missing = [node("ul", *(node("li", note) for note in notes), class_="note")] if notes else []
    body = [node("section", node(f"h{section.level}", section.title), *section.content, id=number)
            for number, section in enumerate(sections)]
    style = resources.files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    return document(title, style, contents, node("main", head, *missing, *body))


def tiles(facts: Sequence[tuple[str, str]]) -> Element:
    """Names with their values, large, side by side."""
    return node("dl", *(node("div", node("dt", name), node("dd", value)) for name, value in facts), class_="tiles")


def write_page(path: Path, html: str) -> None:
    """Write a page, whole or not at all; InputError where that is impossible."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder; name a file for the page, such as {path / 'report.html'}")
    make_folder(path.parent)
    with replacing(path) as temporary:
        temporary.write_text(html, encoding="utf-8", errors="replace")  # names of files may hold what UTF-8 cannot
