"""Batches of samples as tensors, in an order that a seed and a position fix completely."""

import signal
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from partwise.config import AugmentationConfig, LossConfig
from partwise.data.augmentation import augment
from partwise.data.sample import Sample, make_sample, thin
from partwise.data.store import Store
from partwise.nn.losses import LevelLoss, LevelTarget, level_loss
from partwise.nn.network import LevelOutput
from partwise.taxonomy import LEVELS


class Batch(NamedTuple):
    """Shapes one after the other.

    points, normals : (N, 3) float32 of all shapes
    batch_index : (N,) int64 shape of each point
    batch_size : number of shapes
    (so far what a network's ``build_octree`` takes)
    semantic : (3, N) int64
    instance_centre, region_centre : (3, N, 3) float32
    instance_size : (3, N) float32
    """

    points: torch.Tensor
    normals: torch.Tensor
    batch_index: torch.Tensor
    batch_size: int
    semantic: torch.Tensor
    instance_centre: torch.Tensor
    region_centre: torch.Tensor
    instance_size: torch.Tensor

    def target(self, level: int) -> LevelTarget:
        """Targets of level 1, 2 or 3."""
        return LevelTarget(self.semantic[level - 1], self.instance_centre[level - 1], self.region_centre[level - 1],
                           self.instance_size[level - 1])

    def level_losses(self, outputs: list[LevelOutput], config: LossConfig) -> list[LevelLoss]:
        """Losses of levels 1, 2, 3 of a network's outputs for this batch; see ``level_loss``."""
        return [level_loss(output, self.target(level), self.points, self.batch_index, self.batch_size, config)
                for level, output in zip(LEVELS, outputs, strict=True)]

    def to(self, device: torch.device) -> "Batch":
        moved = {name: getattr(self, name).to(device) for name in self._fields if name != "batch_size"}
        return self._replace(**moved)


def collate(samples: list[Sample]) -> Batch:
    """Join samples to a batch."""
    def join(name: str, axis: int) -> torch.Tensor:
        return torch.from_numpy(np.concatenate([getattr(sample, name) for sample in samples], axis))

    sizes = [len(sample.points) for sample in samples]
    batch_index = torch.from_numpy(np.repeat(np.arange(len(samples)), sizes))
    return Batch(join("points", 0), join("normals", 0), batch_index, len(samples), join("semantic", 1),
                 join("instance_centre", 1), join("region_centre", 1), join("instance_size", 1))


class TrainingSamples(Dataset[Sample]):
    """An endless sequence of augmented samples: every shape once an epoch, in an order drawn for each epoch.

    The sample at a position depends on the seed and the position alone, so a run that is resumed, or loaded by
    any number of workers, sees the same numbers.
    """

    def __init__(self, store: Store, n_point: int, augmentation: AugmentationConfig | None, seed: int) -> None:
        self.store, self.n_point, self.augmentation, self.seed = store, n_point, augmentation, seed

    def __getitem__(self, position: int) -> Sample:
        epoch, place = divmod(position, len(self.store))
        shape = self.store.shape(int(_order(self.seed, epoch, len(self.store))[place]))
        sample = make_sample(thin(shape, self.n_point, np.random.default_rng([self.seed, 2, position])))
        if self.augmentation is None:
            return sample
        return augment(sample, self.augmentation, np.random.default_rng([self.seed, 1, position]))


@lru_cache(maxsize=2)
def _order(seed: int, epoch: int, count: int) -> np.ndarray:
    return np.random.default_rng([seed, 0, epoch]).permutation(count)


def training_batches(samples: TrainingSamples, start: int, stop: int, batch_size: int, *, rank: int = 0,
                     world_size: int = 1, workers: int = 0) -> Iterable[Batch]:
    """Batches of the iterations start ... stop - 1; each of ``world_size`` processes gets its share of a batch."""
    share = batch_size // world_size
    positions = [iteration * batch_size + rank * share + offset
                 for iteration in range(start, stop) for offset in range(share)]
    loader: DataLoader[Sample] = DataLoader(samples, share, sampler=positions, collate_fn=collate,
                                            num_workers=workers, worker_init_fn=_ignore_interrupts)
    return loader


def validation_batches(store: Store, n_point: int, batch_size: int) -> Iterator[Batch]:
    """All shapes of a store in order, thinned to at most ``n_point`` points that do not change."""
    for start in range(0, len(store), batch_size):
        rows = range(start, min(start + batch_size, len(store)))
        yield collate([make_sample(thin(store.shape(index), n_point, np.random.default_rng(index)))
                       for index in rows])


def _ignore_interrupts(_: int) -> None:
    """Ctrl-C reaches every process of the terminal; the training process decides when to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
