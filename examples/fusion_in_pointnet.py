"""The fusion module in another network: a small PointNet with and without it.

    python examples/fusion_in_pointnet.py [STEPS]

Shapes are tables of boxes, made as they are needed: a top, three to six legs, and a foot rest between some of the legs.
The network finds for each point its class (top, leg, foot rest) and the offset to the centre of its part. Both networks
see the same shapes in the same order. Prints the losses on shapes that neither has seen, then exports the one with
fusion for any number of points. Takes less than a minute on one core.
"""

import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from partwise.nn.fusion import fuse

N_CLASS, N_POINT, BATCH = 3, 512, 8


def layer(channels_in: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(channels_in, channels_out), nn.BatchNorm1d(channels_out), nn.ReLU())


class PointNet(nn.Module):
    """Class logits (N, 3) and offsets to part centres (N, 3) of the points of a batch of shapes."""

    def __init__(self, fusion: bool) -> None:
        super().__init__()
        self.fusion = fusion
        self.points = nn.Sequential(layer(3, 64), layer(64, 128))
        self.classes = nn.Sequential(layer(256, 64), nn.Linear(64, N_CLASS))
        self.features = layer(256, 64)
        self.offsets = nn.Sequential(layer(128 if fusion else 64, 64), nn.Linear(64, 3))

    def forward(self, points: torch.Tensor, batch_index: torch.Tensor,
                batch_size: int) -> tuple[torch.Tensor, torch.Tensor]:
        own = self.points(points)
        shape = torch.stack([own[batch_index == one].amax(0) for one in range(batch_size)])  # PointNet's global feature
        both = torch.cat([own, shape[batch_index]], 1)
        logits, features = self.classes(both), self.features(both)
        if self.fusion:
            probability = logits.softmax(1).detach()
            features = torch.cat([features, fuse(features, probability, batch_index, batch_size)], 1)
        return logits, self.offsets(features)


def table(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points (N_POINT, 3) in the boxes of a table, their classes, and the centres of their boxes."""
    height, radius = random.uniform(0.4, 1), random.uniform(0.4, 0.8)
    angles = np.arange(count := random.integers(3, 7)) * 2 * np.pi / count + random.uniform(0, np.pi)
    feet = radius * np.stack([np.cos(angles), np.sin(angles)], 1)
    boxes = [(0, (0, height, 0), (1.2 * radius, 0.05, 1.2 * radius))]
    boxes += [(1, (x, height / 2, z), (0.04, height / 2, 0.04)) for x, z in feet]
    if random.random() < 0.5:
        boxes.append((2, (0, height / 4, 0), (radius / 2, 0.03, radius / 2)))
    classes, centres, halves = (np.array(one) for one in zip(*boxes, strict=True))
    box = random.integers(0, len(boxes), N_POINT)
    return centres[box] + halves[box] * random.uniform(-1, 1, (N_POINT, 3)), classes[box], centres[box]


def batch(random: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Points, shape, class and offset to the centre of the part, of all points of some tables."""
    points, classes, centres = (np.concatenate(one) for one in zip(*(table(random) for _ in range(BATCH)), strict=True))
    points, offsets = (torch.from_numpy(one.astype(np.float32)) for one in (points, centres - points))
    return points, torch.arange(BATCH).repeat_interleave(N_POINT), torch.from_numpy(classes), offsets


def losses(network: PointNet, random: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Cross-entropy of classes and mean absolute error of offsets, of a new batch."""
    points, batch_index, classes, offsets = batch(random)
    logits, found = network(points, batch_index, BATCH)
    return F.cross_entropy(logits, classes), F.l1_loss(found, offsets)


def trained(fusion: bool, steps: int) -> PointNet:
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    network = PointNet(fusion)
    optimizer = torch.optim.Adam(network.parameters(), 0.003)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = 0.003 * (1 - step / steps)
        optimizer.zero_grad()
        sum(losses(network, random)).backward()
        optimizer.step()
    return network.eval()


@torch.no_grad()
def mean_losses(network: PointNet) -> list[float]:
    random = np.random.default_rng(1)
    return torch.tensor([losses(network, random) for _ in range(20)]).mean(0).tolist()


@torch.no_grad()
def exported(network: PointNet) -> torch.export.ExportedProgram:
    """The network for one shape of any number of points, without Python."""
    points, batch_index, _, _ = batch(np.random.default_rng(2))
    rows = torch.export.Dim.DYNAMIC
    return torch.export.export(network, (points, torch.zeros_like(batch_index), 1),
                               dynamic_shapes=({0: rows}, {0: rows}, None))


def main(steps: int) -> None:
    for fusion in (False, True):
        start = time.perf_counter()
        network = trained(fusion, steps)
        seconds = time.perf_counter() - start
        classes, offsets = mean_losses(network)
        print(f"{'with' if fusion else 'without'} fusion: cross-entropy {classes:.4f}, L1 of offsets {offsets:.4f}, "
              f"{steps} steps in {seconds:.0f} s")
    program = exported(network).module()
    points, index, _, _ = batch(np.random.default_rng(3))
    one = (points[:100], index[:100], 1)
    with torch.no_grad():
        difference = max(float((a - b).abs().max()) for a, b in zip(program(*one), network(*one), strict=True))
    print(f"exported; largest difference for a shape of 100 points: {difference:.1e}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
