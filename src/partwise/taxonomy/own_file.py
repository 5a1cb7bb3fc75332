"""A taxonomy of one's own as a file of YAML: ``category``, ``parts`` and, if wanted, ``from``.

The nodes of the file are read, not values that a loader made of them: so every complaint has a line, a name given
twice is noticed, and nothing is constructed but text.
"""

from pathlib import Path
from typing import Any

import yaml

from partwise.errors import InputError
from partwise.taxonomy.own import MOST_PARTS, own_taxonomy
from partwise.taxonomy.taxonomy import Taxonomy

_FIELDS = ("category", "parts", "from")
_DEEPEST = 8  # to read; the taxonomy itself says in words that three levels are the most


def read_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy of one's own. docs/your-own-parts.md describes the file.

    InputError, with the line, for what is no such file; and whatever ``own_taxonomy`` finds.
    """
    fields = _Reader(path).fields(_composed(path))
    for name in ("category", "parts"):
        if name not in fields:
            raise InputError(f"{path}: has no '{name}:'; expected `category: OfficeChair` and `parts:` with the names "
                             "of its parts below")
    try:
        return own_taxonomy(fields["category"], fields["parts"], fields.get("from"))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _composed(path: Path) -> yaml.Node:
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), yaml.SafeLoader)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; expected a taxonomy, such as my.yaml") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as text ({error})") from error
    except yaml.YAMLError as error:
        raise InputError(f"{path}: is not YAML ({' '.join(str(error).split())})") from error
    if root is None:
        raise InputError(f"{path}: is empty; expected `category:` and `parts:`")
    return root


class _Reader:
    """Turns the nodes of one file into text and mappings of text."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0

    def fields(self, root: yaml.Node) -> dict[str, Any]:
        """The values of the file's fields."""
        found: dict[str, Any] = {}
        for name, node in self._entries(root, "`category:` and `parts:`").items():
            if name == "category":
                found[name] = self._text(node, "the category's name")
            elif name == "parts":
                found[name] = self._tree(node, _DEEPEST)
            elif name == "from":
                found[name] = {source: self._text(part, "the name of a part") for source, part in
                               self._entries(node, "lines such as `chair/chair_seat: seat`").items()}
            else:
                raise self._error(node, f"unknown field '{name}'; expected {', '.join(_FIELDS)}")
        return found

    def _tree(self, node: yaml.Node, depth: int) -> dict[str, Any]:
        """Parts: a mapping of names to what is below them, a list of names, a single name, or nothing."""
        self._count += 1
        if depth == 0 or self._count > 2 * MOST_PARTS:
            raise self._error(node, "the tree of parts is too deep or too large")
        if self._is_nothing(node):
            return {}
        if isinstance(node, yaml.ScalarNode):
            return {self._text(node, "the name of a part"): {}}
        if isinstance(node, yaml.SequenceNode):
            found: dict[str, Any] = {}
            for one in node.value:
                for name, below in self._tree(one, depth - 1).items():
                    self._refuse_twice(one, name, found)
                    found[name] = below
            return found
        return {name: self._tree(below, depth - 1)
                for name, below in self._entries(node, "names of parts").items()}

    def _entries(self, node: yaml.Node, expected: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, f"expected {expected}")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._text(key, "a name")
            self._refuse_twice(key, name, found)
            found[name] = value
        return found

    def _refuse_twice(self, node: yaml.Node, name: str, found: dict[str, Any]) -> None:
        if name in found:
            raise self._error(node, f"'{name}' is there twice; give each its own name, or leave one out")

    def _text(self, node: yaml.Node, expected: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or self._is_nothing(node) or not str(node.value).strip():
            raise self._error(node, f"expected {expected}")
        if node.tag != "tag:yaml.org,2002:str":
            raise self._error(node, f"{node.value} is no text in YAML; put it in quotes: \"{node.value}\"")
        return str(node.value)

    def _is_nothing(self, node: yaml.Node) -> bool:
        return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"

    def _error(self, node: yaml.Node, words: str) -> InputError:
        return InputError(f"{self._path}, line {node.start_mark.line + 1}: {words}")
