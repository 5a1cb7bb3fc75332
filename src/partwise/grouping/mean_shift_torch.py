"""Mean shift on the device of a tensor, for votes that a GPU has computed.

Seeds, the ranking of modes and the numbering are those of the other formulation, on the host; what takes time, the
climbs of all seeds and the search for the nearest mode, runs on the device. Sums are in double precision and in no
particular order there, so that where a distance is a rounding error away from the bandwidth, or from another, a point
may go to another cluster than in :func:`partwise.grouping.mean_shift.mean_shift`.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import torch

from partwise.grouping.mean_shift import MAX_STEP, by_group, checked, group_of, modes, numbered, seeds

BLOCK = 2**22
"""Pairs of points that are compared at once: some 100 bytes each."""
_WRAP = 2**20


class Cells(NamedTuple):
    """Points sorted by the cell of a grid that they are in.

    points : (N, 3) float64; group : (N,) int64; size : edge of a cell
    key : (N,) int64, ascending: equal for points of one group and cell
    """

    points: torch.Tensor
    group: torch.Tensor
    size: float
    key: torch.Tensor


def mean_shift_torch(points: torch.Tensor, bandwidth: float, group: torch.Tensor | None = None) -> torch.Tensor:
    """Cluster points on their device; points of different groups never see each other.

    points : (N, 3) float32 or float64; bandwidth : radius of the kernel, > 0; group : (N,) any integers

    Returns (N,) int64 ids on the same device, numbered as by ``mean_shift``, and raises InputError as that does.
    Beside the points it takes memory for ``BLOCK`` pairs, or for one seed and all points near it if they are more.
    """
    device = points.device
    host, bandwidth, labels = checked(points.detach().cpu().numpy(), bandwidth,
                                      None if group is None else group.cpu().numpy())
    if len(host) == 0:
        return torch.zeros(0, dtype=torch.int64, device=device)
    order, start = by_group(labels)
    host, row_group = host[order], group_of(start)
    seed, seed_group = seeds(host, start, bandwidth)

    def there(array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(array).to(device)

    places = there(host).double()
    mean, count = _climb(_cells(places, there(row_group), bandwidth), there(seed), there(seed_group), bandwidth)
    mode, mode_start = modes(mean.cpu().numpy(), count.cpu().numpy(), seed_group, bandwidth)
    found = _nearest(places, there(mode).double(), there(mode_start[row_group]), there(mode_start[row_group + 1]))
    return there(numbered(found.cpu().numpy(), order))


def _cells(points: torch.Tensor, group: torch.Tensor, bandwidth: float) -> Cells:
    size = 1.001 * bandwidth  # rounded, a quotient must not take a point at the bandwidth two cells away
    key = _key(_cell(points, size), group)
    order = torch.argsort(key)
    return Cells(points[order], group[order], size, key[order])


def _cell(points: torch.Tensor, size: float) -> torch.Tensor:
    """(N, 3) int64 cell of each point. The grid comes round every million cells, so no point is too far away."""
    return torch.remainder(torch.floor(points / size), _WRAP).long()


def _key(cell: torch.Tensor, group: torch.Tensor) -> torch.Tensor:
    """One number for cell and group; other cells and groups may share it, but not those beside a cell."""
    x, y, z = ((cell + 7919 * group[:, None]) % _WRAP).unbind(1)
    return (x * _WRAP + y) * _WRAP + z


def _climb(cells: Cells, seed: torch.Tensor, group: torch.Tensor,
           bandwidth: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Where the climbs of (S, 3) seeds end, and the (S,) int64 number of points in reach; all seeds step at once."""
    mean, count = seed.clone(), torch.zeros_like(group)
    active = torch.arange(len(seed), device=seed.device)
    for _ in range(MAX_STEP + 1):
        if len(active) == 0:
            break
        total, found = _add_up(cells, mean[active].double(), group[active], bandwidth)
        count[active] = found
        active, total, found = active[found > 0], total[found > 0], found[found > 0]
        new = (total / found[:, None]).to(mean.dtype)
        moves = torch.linalg.norm(new - mean[active], dim=1) > 1e-3 * bandwidth
        mean[active] = new
        active = active[moves]
    return mean, count


def _add_up(cells: Cells, centre: torch.Tensor, group: torch.Tensor,
            radius: float) -> tuple[torch.Tensor, torch.Tensor]:
    """(S, 3) float64 sums and (S,) int64 numbers of the points in the balls around (S, 3) centres."""
    total, count = torch.zeros_like(centre), torch.zeros_like(group)
    offsets = torch.tensor(list(product((-1, 0, 1), repeat=3)), device=centre.device)
    for own in torch.arange(len(centre), device=centre.device).split(BLOCK // len(offsets)):
        beside = (_cell(centre[own], cells.size)[:, None] + offsets).flatten(0, 1)
        keys = _key(beside, group[own].repeat_interleave(len(offsets)))
        first, last = torch.searchsorted(cells.key, keys), torch.searchsorted(cells.key, keys, right=True)
        for part, row in _pairs(first, last):
            seed = own[part // len(offsets)]
            inside = (cells.points[row] - centre[seed]).square().sum(1) <= radius**2
            inside &= cells.group[row] == group[seed]
            total.index_add_(0, seed[inside], cells.points[row[inside]])
            count.index_add_(0, seed[inside], torch.ones_like(seed[inside]))
    return total, count


def _nearest(points: torch.Tensor, target: torch.Tensor, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
    """(N,) int64 row of the target nearest to each point among its rows first ... last - 1; of several the first."""
    least, found = torch.full_like(points[:, 0], torch.inf), last.clone()
    for index, row in _pairs(first, last):
        distance = (points[index] - target[row]).square().sum(1)
        least.scatter_reduce_(0, index, distance, "amin")
        found.scatter_reduce_(0, index, torch.where(distance == least[index], row, last[index]), "amin")
    return found


def _pairs(first: torch.Tensor, last: torch.Tensor) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Every index paired with each of its rows first[index] ... last[index] - 1, about BLOCK pairs at a time.

    All pairs of an index come in the same block.
    """
    count = last - first
    end = count.cumsum(0)
    begin = end - count
    sizes = torch.unique_consecutive((end - 1) // BLOCK, return_counts=True)[1].tolist()
    for own in torch.arange(len(count), device=count.device).split(sizes):
        index = own.repeat_interleave(count[own])
        place = begin[own[0]] + torch.arange(len(index), device=count.device)
        yield index, first[index] + place - begin[index]
