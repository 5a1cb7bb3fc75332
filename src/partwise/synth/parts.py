"""Parts of a shape and their places in PartNet's tree: labels are right since they are given where a part is made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from partwise.errors import InputError
from partwise.mesh import Mesh
from partwise.synth.placing import mirror
from partwise.taxonomy import Taxonomy, load_taxonomy


@dataclass(frozen=True)
class Part:
    """A leaf of the part tree.

    path : its full path after PartNet's merging, or for other leaves that of the node it hangs from
    mesh : its surface
    nodes : (path, token) pairs: parts with the same token share that ancestor's node, others do not
    is_other : a leaf without a name of its own; it counts to its ancestors' levels and is other at finer ones
    """

    path: str
    mesh: Mesh
    nodes: tuple[tuple[str, object], ...] = ()
    is_other: bool = False

    def ancestors(self) -> list[tuple[str, object]]:
        """Path and token of the nodes above this leaf, from the root down; None is the token of shared nodes."""
        elements, tokens = self.path.split("/"), dict(self.nodes)
        paths = ["/".join(elements[:length]) for length in range(1, len(elements) + self.is_other)]
        return [(path, tokens.get(path)) for path in paths]


def part_path(category: str, path: str) -> str:
    """``path`` itself, after a check; use it for module constants, so that a wrong one fails at import."""
    if path not in set(load_taxonomy(category).merging.values()):
        raise InputError(f"'{path}' is not in PartNet's part tree of {category} after merging")
    return path


def paths_below(category: str, root: str) -> Callable[[str], str]:
    """A function from what follows ``root`` in a path to the whole path, checked as ``part_path`` does."""
    return lambda rest: part_path(category, f"{root}/{rest}")


def one(path: str, parts: Iterable[Part]) -> list[Part]:
    """The parts as members of one tree node of ``path`` that is theirs alone, such as one of two arms."""
    token = object()
    return [replace(part, nodes=(*part.nodes, (path, token))) for part in parts]


def moved(parts: Iterable[Part], function: Callable[[Mesh], Mesh]) -> list[Part]:
    """The same parts with their meshes sent through a function; nodes stay shared with the originals."""
    return [replace(part, mesh=function(part.mesh)) for part in parts]


def again(parts: Iterable[Part], function: Callable[[Mesh], Mesh] = lambda mesh: mesh) -> list[Part]:
    """A copy as new instances: nodes that were made by ``one`` become new ones, shared as in the original."""
    tokens: dict[object, object] = {}
    return [replace(part, mesh=function(part.mesh),
                    nodes=tuple((path, tokens.setdefault(token, object())) for path, token in part.nodes))
            for part in parts]


def both_sides(parts: Iterable[Part]) -> list[Part]:
    """The parts and their mirror images in x, as instances of their own."""
    parts = list(parts)
    return parts + again(parts, lambda mesh: mirror(mesh, "x"))


def part_tree(parts: list[Part], taxonomy: Taxonomy) -> tuple[list[dict[str, Any]], list[int]]:
    """PartNet's records ``{part_name, leaf_id_list}`` of all tree nodes, parents first, and each part's leaf id.

    Parts share the node of an ancestor path unless ``one`` set them apart. A node's leaf id list names the leaves
    below it; ids count the nodes of the tree, other leaves included.
    """
    known = set(taxonomy.merging.values())
    names: dict[tuple[object, ...], str | None] = {}  # node -> its path; None for other leaves
    below: dict[tuple[object, ...], list[int]] = {}  # node -> parts below it
    leaves: list[tuple[object, ...]] = []
    for index, part in enumerate(parts):
        if part.path not in known:
            raise InputError(f"part '{part.path}' is not in PartNet's part tree of {taxonomy.category}")
        key: tuple[object, ...] = ()
        for path, token in part.ancestors():
            key = (*key, path, token)
            names[key] = path
            below.setdefault(key, []).append(index)
        leaves.append((*key, part.path, index))
        names[leaves[-1]] = None if part.is_other else part.path
        below[leaves[-1]] = [index]
    ids = {key: number for number, key in enumerate(names)}
    leaf_ids = [ids[leaf] for leaf in leaves]
    nodes = [{"part_name": path, "leaf_id_list": [leaf_ids[index] for index in below[key]]}
             for key, path in names.items() if path is not None]
    return nodes, leaf_ids
