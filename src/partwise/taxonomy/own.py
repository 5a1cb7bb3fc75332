"""Taxonomies of one's own: a category, and its parts as a tree of names.

Parts at depth 1 of the tree are the classes of level 1, those at depth 2 of level 2, those at depth 3 of level 3. A
part without parts of its own stands for itself at the finer levels too.
"""

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from partwise.errors import InputError
from partwise.taxonomy.taxonomy import LEVELS, Level, Taxonomy, categories, load_taxonomy

MOST_PARTS = 255
"""In a tree; class ids have a byte, and one of them is other."""
_LONGEST = 60
_CATEGORY = re.compile(r"\w[\w-]*")
_NAME = re.compile(r"\w[\w .+-]*")
_RESERVED = ("other", "other_leaf")


def taxonomy_of(category: str, tree: Mapping[str, Any] | None) -> Taxonomy:
    """The taxonomy that a store, a checkpoint or a result says it is of: PartNet's own without a tree.

    tree : names of parts, each with the tree of what is below it, such as {"seat": {}, "base": {"leg": {}}}
    InputError as ``load_taxonomy`` and ``own_taxonomy``. There is one object of each.
    """
    return load_taxonomy(category) if tree is None else _own(category, json.dumps(tree))


@cache
def _own(category: str, tree: str) -> Taxonomy:
    return own_taxonomy(category, json.loads(tree))


def own_taxonomy(category: str, tree: Mapping[str, Any], origin: Mapping[str, str] | None = None) -> Taxonomy:
    """A taxonomy from a category's name and the tree of its parts.

    origin : class of another taxonomy -> part of this one, such as "chair/chair_seat" -> "seat"

    Part paths begin with the category. InputError, with the part, for a category of PartNet's, names that files cannot
    bear, no part, too many, and a tree deeper than three.
    """
    _check_category(category)
    nodes = []
    for path, is_leaf in _walk(category, tree):
        nodes.append((path, path.count("/"), is_leaf))
        if len(nodes) > MOST_PARTS:
            raise InputError(f"{category} has more than {MOST_PARTS} parts, the most that a taxonomy may have")
    if not nodes:
        raise InputError(f"{category} has no parts; list at least one, such as `parts: [seat, back]`")
    deepest = max(depth for _, depth, _ in nodes)
    levels = [Level(number, source, tuple(path for path, depth, is_leaf in nodes
                                          if depth == source or (is_leaf and depth < source)))
              for number, source in ((number, min(number, deepest)) for number in LEVELS)]
    paths = [path for path, _, _ in nodes]
    merging = {path: path for path in paths} | _origins(category, paths, origin or {})
    return Taxonomy(category, (levels[0], levels[1], levels[2]), merging, _plain(tree))


def _check_category(category: Any) -> None:
    if not isinstance(category, str) or not _CATEGORY.fullmatch(category) or len(category) > _LONGEST:
        raise InputError(f"category {category!r}: expected a name of letters, digits, - and _, such as OfficeChair")
    clash = next((one for one in categories() if one.lower() == re.sub("[_-]", "", category.lower())), None)
    if clash:
        raise InputError(f"category '{category}': PartNet has a category {clash}, whose parts are fixed; choose "
                         f"another name, such as My{clash}")


def _walk(above: str, tree: Any) -> Iterator[tuple[str, bool]]:
    """Path of each part, and whether it is a leaf; parents first."""
    if not isinstance(tree, Mapping):
        raise InputError(f"part '{_short(above)}': expected the names of its parts, found {tree!r}")
    for name, below in tree.items():
        path = f"{above}/{name}"
        if not isinstance(name, str) or not _NAME.fullmatch(name) or len(name) > _LONGEST or name != name.strip():
            raise InputError(f"part '{_short(path)}': {name!r} is no name; expected letters, digits, spaces, . + - and "
                             f"_, at most {_LONGEST}, beginning with a letter or digit")
        if name.lower() in _RESERVED:
            raise InputError(f"part '{_short(path)}': '{name}' stands for what is of no part; choose another name")
        if path.count("/") > len(LEVELS):
            raise InputError(f"part '{_short(path)}': is at depth {path.count('/')}, and there are {len(LEVELS)} "
                             "levels; leave out a level above it")
        yield path, not below
        yield from _walk(path, below)


def _origins(category: str, paths: list[str], origin: Mapping[str, str]) -> dict[str, str]:
    """Path elsewhere -> path of this taxonomy."""
    known = None
    for source, part in origin.items():
        if f"{category}/{part}" not in paths:
            raise InputError(f"from {source}: '{part}' is no part of {category}; parts are {_some(map(_short, paths))}")
        if source.startswith(f"{category}/"):
            continue  # a part that an earlier version of this taxonomy had
        known = known or {path for name in categories() for level in load_taxonomy(name).levels for path in level.paths}
        if source not in known:
            near = difflib.get_close_matches(source, known, n=3, cutoff=0.3)
            raise InputError(f"from {source}: no category of PartNet's has this class; nearest: {', '.join(near)}")
    return {source: f"{category}/{part}" for source, part in origin.items()}


def _short(path: str) -> str:
    """The path without the category, as people write it."""
    return path.partition("/")[2] or path


def _some(names: Iterator[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:12]) + (", ..." if len(listed) > 12 else "")


def _plain(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(below) for name, below in tree.items()}
