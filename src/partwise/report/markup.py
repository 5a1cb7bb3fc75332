"""Trees of HTML and SVG elements; the library that writes them escapes whatever is text."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

Child = Element | str


def node(tag: str, *children: Child, **attributes: object) -> Element:
    """An element with its children in order.

    attributes : ``class_`` is written class, and _ within a name as -; None is left out
    """
    element = Element(tag, {name.rstrip("_").replace("_", "-"): str(value) for name, value in attributes.items()
                            if value is not None})
    append(element, *children)
    return element


def append(element: Element, *children: Child) -> None:
    """Add children, elements or text, after those that are there."""
    for child in children:
        if isinstance(child, Element):
            element.append(child)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + child
        else:
            element.text = (element.text or "") + child


def table(head: Sequence[Child], rows: Iterable[Sequence[Child]], words: int = 1, caption: str = "",
          groups: Sequence[tuple[str, int]] = ()) -> Element:
    """A table whose first ``words`` columns are text and whose others are numbers, to be scrolled where it is wide.

    groups : a row above the head, of titles and how many columns each spans
    """
    top = node("thead")
    if groups:
        top.append(node("tr", *(node("th", title, colspan=span, class_="group") for title, span in groups)))
    top.append(node("tr", *(_cell("th", child, place < words) for place, child in enumerate(head))))
    body = node("tbody", *(node("tr", *(_cell("td", child, place < words) for place, child in enumerate(row)))
                           for row in rows))
    whole = node("table", *([node("caption", caption)] if caption else []), top, body)
    return node("div", whole, class_="wide")


def _cell(tag: str, child: Child, is_word: bool) -> Element:
    return node(tag, child, class_=None if is_word else "number")


def folded(summary: str, *children: Child, opened: bool = False) -> Element:
    """Children that a click on the summary shows."""
    return node("details", node("summary", summary), *children, open="" if opened else None)


def document(title: str, style: str, *children: Child) -> str:
    """A whole HTML file that needs nothing beside itself."""
    html = node("html", lang="en")
    head = SubElement(html, "head")
    append(head, node("meta", charset="utf-8"),
           node("meta", name="viewport", content="width=device-width, initial-scale=1"),
           node("meta", name="color-scheme", content="light dark"), node("title", title), node("style", style))
    html.append(node("body", *children))
    return "<!doctype html>\n" + tostring(html, encoding="unicode", method="html") + "\n"
