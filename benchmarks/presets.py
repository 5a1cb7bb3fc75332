"""How fast the network of preset small is beside that of preset default, which has the published size.

Run: python -m benchmarks.presets [--json FILE]

Both see the same synthetic chairs and take turns; the least time of each counts. Inference is octree and network of one
shape; a training step is octree, network, losses and gradients of a batch, without the optimizer.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import tyro

from benchmarks.measure import Comparison, chairs, in_turns, show_comparisons
from benchmarks.network import N_CLASS
from partwise.config import PRESETS, LossConfig, NetworkConfig
from partwise.data.batches import Batch, collate
from partwise.data.sample import make_sample
from partwise.nn.blocks import folded
from partwise.nn.losses import total_loss
from partwise.nn.memory import keep_freed_memory
from partwise.nn.network import Network


@dataclass(frozen=True)
class Settings:
    """Measure both networks."""

    batch: int = 8
    """Chairs of a training step."""
    rounds: int = 10
    """How often each takes its turn."""
    json: Path | None = None
    """File for all numbers."""


def infer(network: Network, batch: Batch) -> None:
    with torch.inference_mode():
        network(network.build_octree(*batch[:4]), batch.points)


def step(network: Network, batch: Batch) -> None:
    network.zero_grad()
    outputs = network(network.build_octree(*batch[:4]), batch.points)
    total_loss(batch.level_losses(outputs, LossConfig()), LossConfig()).backward()


def compare(n_point: int, settings: Settings) -> list[Comparison]:
    """Inference and training on chairs of so many points."""
    learning = [Network(config, N_CLASS) for config in (PRESETS["small"]["network"], NetworkConfig())]
    ready = [folded(network, torch.device("cpu")) for network in learning]
    with chairs(settings.batch, n_point) as store:
        samples = [make_sample(store.shape(index)) for index in range(settings.batch)]
    one, many = collate(samples[:1]), collate(samples)
    once = in_turns(settings.rounds, *(lambda network=network: infer(network, one) for network in ready))
    steps = in_turns(max(settings.rounds // 3, 1),
                     *(lambda network=network: step(network, many) for network in learning))
    return [Comparison(f"one shape of {n_point:,} points", *(1e3 * seconds for seconds in once)),
            Comparison(f"training step, batch {settings.batch} of {n_point:,} points",
                       *(1e3 * seconds for seconds in steps))]


def main(settings: Settings) -> None:
    keep_freed_memory()
    rows = [row for n_point in (2_500, 10_000) for row in compare(n_point, settings)]
    show_comparisons("The networks of two presets", "small", "default", rows)
    if settings.json:
        settings.json.write_text(json.dumps([asdict(row) for row in rows], indent=2))


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
