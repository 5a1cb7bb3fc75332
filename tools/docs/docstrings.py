"""The docstrings of partwise in the form that the site shows: their lists of names become Markdown lists.

A docstring says what its arguments or fields are in lines of ``name : text``, ``name, name : text`` or
``name : text; name : text``; a text goes on in lines that are indented.
"""

import re
from typing import Any

from griffe import Extension, Object

_NAMES = r"[a-z_]\w*(?:, [a-z_]\w*)*"
_ENTRY = re.compile(rf"({_NAMES}) : (.*)")


class Lists(Extension):
    """Rewrites every docstring as it is collected."""

    def on_instance(self, *, obj: Object, **_: Any) -> None:
        """Called by griffe for each module, class, function and attribute."""
        if obj.docstring is not None:
            obj.docstring.value = _without_tags(with_lists(obj.docstring.value))


def with_lists(text: str) -> str:
    """The text with an item of a Markdown list for each entry, apart from the paragraphs around."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        entry = _ENTRY.fullmatch(line)
        if entry:
            lines += [*([""] if not inside else []), f"- {_strong(entry[1])}: {_inner(entry[2])}"]
            inside = True
        elif inside and line.startswith("    "):
            lines.append(line)
        else:
            lines += [*([""] if inside and line.strip() else []), line]
            inside = False
    return "\n".join(lines)


def _without_tags(text: str) -> str:
    """The text with < for what stands in angle brackets, such as <category>, which is no HTML; code stays as it is."""
    return re.sub(r"(`+[^`]*`+)|<", lambda found: found[1] or "&lt;", text)


def _strong(names: str) -> str:
    return ", ".join(f"`{name}`" for name in names.split(", "))


def _inner(text: str) -> str:
    """Further entries on the same line, each as an item of its own."""
    return re.sub(rf"; ({_NAMES}) : ", lambda found: f"\n- {_strong(found[1])}: ", text)
