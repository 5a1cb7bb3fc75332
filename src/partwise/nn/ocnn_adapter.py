"""The only file that knows ocnn: it builds octrees there and hands over plain tables.

ocnn's convolutions and interpolation are what ours are held against, in tests and in ``benchmarks/``.

``import ocnn`` also imports ocnn's image models and with them torchvision, which many installations lack or have
in a version that does not fit their torch. Nothing here needs it, so it is kept out of that import.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

import torch


def _resnet18(*arguments: Any, **options: Any) -> Any:
    """Stand-in in ocnn's image models: fetch the real function when it is called, if it ever is."""
    from torchvision.models import resnet18  # type: ignore[import-untyped, unused-ignore]

    return resnet18(*arguments, **options)


@contextmanager
def _without_torchvision() -> Iterator[None]:
    """Let ``import torchvision.models`` find a stand-in, unless the real one has been imported already."""
    if "torchvision.models" in sys.modules:
        yield
        return
    before = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "torchvision"}
    package, models = ModuleType("torchvision"), ModuleType("torchvision.models")
    models.resnet18 = _resnet18  # type: ignore[attr-defined]
    package.models = models  # type: ignore[attr-defined]
    sys.modules.update({"torchvision": package, "torchvision.models": models})
    try:
        yield
    finally:
        del sys.modules["torchvision"], sys.modules["torchvision.models"]
        sys.modules.update(before)


@cache
def import_ocnn() -> ModuleType:
    """Import ocnn whether torchvision is there, broken or missing."""
    with _without_torchvision():
        import ocnn
    return ocnn  # type: ignore[no-any-return, unused-ignore]


FULL_DEPTH = 2
"""Layers down to this depth hold all cells of the cube."""


class OcnnOctree:
    """Node tables of a batch of shapes.

    points : (N, 3) inside the open cube (-1, 1)^3
    batch_index : (N,) int64, every shape of 0 ... batch_size - 1 has a point
    nempty : tables over the non-empty nodes only, else over all nodes (the empty siblings too)

    cell : (N,) int64, the non-empty finest node of each point
    """

    def __init__(self, points: torch.Tensor, batch_index: torch.Tensor, batch_size: int, depth: int,
                 nempty: bool) -> None:
        ocnn = import_ocnn()
        cloud = ocnn.octree.Points(points, batch_id=batch_index.view(-1, 1), batch_size=batch_size)
        self._octree = ocnn.octree.Octree(depth, FULL_DEPTH, batch_size, points.device)
        self.cell: torch.Tensor = self._octree.build_octree(cloud)
        self._octree.construct_all_neigh()
        self._nempty = nempty

    def count(self, depth: int) -> int:
        """Number of nodes of a layer."""
        counts = self._octree.nnum_nempty if self._nempty else self._octree.nnum
        return int(counts[depth])

    def nonempty_rows(self, depth: int) -> torch.Tensor:
        """(m,) rows of the non-empty nodes among the nodes of a layer."""
        if self._nempty:
            return torch.arange(self.count(depth), device=self.cell.device)
        rows: torch.Tensor = self._octree.nempty_index(depth)
        return rows

    def child_slots(self, depth: int) -> torch.Tensor:
        """(m,) place of each non-empty node of a layer in the list of 8 children of each non-empty parent."""
        slots: torch.Tensor = self._octree.nempty_index(depth)
        return slots

    def neighbours(self, depth: int) -> torch.Tensor:
        """(n, 27) integer rows of the 3^3 neighbours, z fastest; -1 where there is none."""
        table: torch.Tensor = self._octree.get_neigh(depth, "333", 1, self._nempty)
        return table
