"""How fast the network is beside the same network of ocnn's own modules, and how its cost grows.

Run: python -m benchmarks.network [--full] [--json FILE]

Both have preset paper's form and the same weights, build their octrees from the same synthetic chairs, and take turns;
the least time of each counts. Inference is one shape at a time, which neither has seen before. A training step is
octree, network, losses and gradients of a batch, without the optimizer. Freed memory is kept for both, as partwise's
commands do; a line tells what ocnn's step takes without that. ``--full`` adds how time and memory grow with the batch
and with the octree's depth, each case in a process of its own.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import tyro

from benchmarks.measure import Comparison, alone, chairs, in_turns, once, resident_peak, show_comparisons
from benchmarks.ocnn_network import OcnnNetwork
from benchmarks.ocnn_network import build_octree as build_their_octree
from partwise.cli.tables import new_table, show
from partwise.config import AugmentationConfig, LossConfig, NetworkConfig
from partwise.data.batches import Batch, TrainingSamples, collate, training_batches
from partwise.data.sample import make_sample
from partwise.data.store import Store
from partwise.nn.blocks import folded
from partwise.nn.losses import total_loss
from partwise.nn.memory import keep_freed_memory
from partwise.nn.network import LevelOutput, Network
from partwise.nn.octree import build_octree
from partwise.taxonomy import load_taxonomy

N_CLASS = load_taxonomy("Chair").n_class


@dataclass(frozen=True)
class Settings:
    """Measure the network."""

    shapes: int = 24
    """Chairs to segment one by one."""
    batch: int = 8
    """Chairs of a training step."""
    rounds: int = 3
    """How often each takes its turn."""
    full: bool = False
    """Also measure how time and memory grow."""
    json: Path | None = None
    """File for all numbers."""


def networks(config: NetworkConfig) -> tuple[Network, OcnnNetwork]:
    torch.manual_seed(0)
    network = Network(config, N_CLASS)
    return network, OcnnNetwork(config, N_CLASS).load(network)


def inference(store: Store, settings: Settings) -> list[Comparison]:
    """Every shape is new when its time is taken: with a size that it has seen before, oneDNN is faster.

    The shapes after the first ``settings.shapes`` warm both up.
    """
    network, theirs = networks(NetworkConfig())
    ours, theirs = folded(network, torch.device("cpu")), theirs.eval()

    def run_ours(batch: Batch) -> list[LevelOutput]:
        return ours(ours.build_octree(*batch[:4]), batch.points)

    def run_theirs(batch: Batch) -> list[tuple[torch.Tensor, torch.Tensor]]:
        return theirs(build_their_octree(*batch[:4], 6), *batch[:1], *batch[2:4])

    rows = []
    with torch.inference_mode():
        for index in reversed(range(len(store))):
            batch = collate([make_sample(store.shape(index))])
            ours_ms, theirs_ms = (1e3 * seconds for seconds in once(lambda: run_ours(batch), lambda: run_theirs(batch)))  # noqa: B023
            octree = build_octree(*batch[:4], depth=6)
            expected = theirs(build_their_octree(*batch[:4], 6), *batch[:1], *batch[2:4], octree.signal)
            for one, (logits, _) in zip(run_ours(batch), expected, strict=True):
                assert float((one.logits - logits).abs().max()) <= 1e-4 * float(logits.abs().max())
            if index < settings.shapes:
                rows.append(Comparison(f"one shape, {octree.layers[6].count:,} finest nodes", ours_ms, theirs_ms))
    rows.sort(key=lambda row: row.first)
    both = Comparison(f"inference, {len(rows)} new shapes one by one", sum(row.first for row in rows),
                      sum(row.second for row in rows))
    return [rows[0], rows[-1], both]


def training(batch: Batch, settings: Settings) -> list[Comparison]:
    network, theirs = networks(NetworkConfig())

    def step(model: torch.nn.Module, outputs: Callable[[], list[LevelOutput]]) -> None:
        model.zero_grad()
        total_loss(batch.level_losses(outputs(), LossConfig()), LossConfig()).backward()

    def outputs_of_theirs() -> list[LevelOutput]:
        octree = build_their_octree(*batch[:4], 6)
        return [LevelOutput(logits, offset[:, :3], offset[:, 3:])
                for logits, offset in theirs(octree, batch.points, batch.batch_index, batch.batch_size)]

    def run_ours() -> None:
        step(network, lambda: network(network.build_octree(*batch[:4]), batch.points))

    def run_theirs() -> None:
        step(theirs, outputs_of_theirs)

    given_back = in_turns(1, run_theirs)[0]
    kept = keep_freed_memory()
    ours, least = in_turns(settings.rounds, run_ours, run_theirs)
    what = f"training step, batch {batch.batch_size}"
    rows = [Comparison(what, 1e3 * ours, 1e3 * least)]
    return [*rows, Comparison(f"{what}, ocnn giving freed memory back", 1e3 * ours, 1e3 * given_back)] if kept else rows


def octree(batch: Batch, settings: Settings) -> Comparison:
    network = Network(NetworkConfig(), N_CLASS)
    seconds = in_turns(4 * settings.rounds, lambda: network.build_octree(*batch[:4]),
                       lambda: build_their_octree(*batch[:4], 6))
    return Comparison(f"octrees, batch {batch.batch_size} (ours with interpolation tables)",
                      *(1e3 * one for one in seconds))


def loading(store: Store, batch_size: int, step: float) -> dict[int, tuple[float, float]]:
    """By number of workers: milliseconds that a batch takes to make, and those that a step of ``step`` ms, or of a
    second if that is less, waits."""
    found = {}
    samples = TrainingSamples(store, store.n_point, AugmentationConfig(), 0)
    for workers in (0, 1, 2):
        batches = iter(training_batches(samples, 0, 14, batch_size, workers=workers))
        next(batches)
        start = time.perf_counter()
        for _ in range(8):
            next(batches)
        made = (time.perf_counter() - start) / 8
        waits = []
        for batch in batches:
            waits.append(time.perf_counter() - start)
            del batch
            time.sleep(min(step / 1e3, 1))  # the processor is free meanwhile, as it is where a GPU works
            start = time.perf_counter()
        found[workers] = 1e3 * made, 1e3 * float(np.mean(waits[1:])) if workers else 1e3 * made
    return found


def growth_case(what: str, config: NetworkConfig, batch_size: int, train: bool) -> dict[str, Any]:
    """Seconds and additional peak memory of one forward pass, or one step; for a process of its own."""
    keep_freed_memory()
    network = Network(config, N_CLASS)
    network = network if train else folded(network, torch.device("cpu"))
    with chairs(batch_size) as store:
        batch = collate([make_sample(store.shape(index)) for index in range(batch_size)])

    def run() -> None:
        with torch.inference_mode(not train):
            outputs = network(network.build_octree(*batch[:4]), batch.points)
        if train:
            total_loss(batch.level_losses(outputs, LossConfig()), LossConfig()).backward()

    resident_peak()
    before = resident_peak()
    seconds = in_turns(2, run)[0]
    layers = network.build_octree(*batch[:4]).layers
    return {"what": what, "nodes": sum(layer.count for layer in layers.values()), "seconds": seconds,
            "memory": resident_peak() - before}


def growth() -> list[dict[str, Any]]:
    paper = NetworkConfig()
    channels = {5: (128, 256, 256, 256), 6: paper.channels, 7: (64, *paper.channels), 8: (64, 64, *paper.channels)}
    deep = {depth: replace(paper, depth=depth, channels=own) for depth, own in channels.items()}
    cases = [(f"inference, batch {size}", paper, size, False) for size in (1, 2, 4, 8, 16)]
    cases += [(f"training step, batch {size}", paper, size, True) for size in (1, 2, 4, 8)]
    cases += [(f"inference, depth {depth}", config, 1, False) for depth, config in deep.items()]
    return [alone(growth_case, *case) for case in cases]


def main(settings: Settings) -> None:
    with chairs(max(settings.shapes + 16, settings.batch)) as store:
        batch = collate([make_sample(store.shape(index)) for index in range(settings.batch)])
        steps = training(batch, settings)
        rows = [*inference(store, settings), *steps, octree(batch, settings)]
        loads = loading(store, settings.batch, steps[0].first)
    show_comparisons("Preset paper, chairs of 10,000 points", "partwise", "ocnn", rows)
    table = new_table(f"Loading batches of {settings.batch}, augmented", [],
                      ["workers", "ms a batch", "a step waits ms", "of its time %"])
    for workers, (made, waits) in loads.items():
        table.add_row(str(workers), f"{made:.1f}", f"{waits:.2f}", f"{100 * waits / (steps[0].first + waits):.2f}")
    show(table)
    grown = growth() if settings.full else []
    if grown:
        table = new_table("How the network's cost grows", [""], ["nodes", "seconds", "s a million nodes", "extra MB"])
        for one in grown:
            table.add_row(one["what"], f"{one['nodes']:,}", f"{one['seconds']:.3f}",
                          f"{1e6 * one['seconds'] / one['nodes']:.2f}", f"{one['memory']:.0f}")
        show(table)
    if settings.json:
        settings.json.write_text(json.dumps({"comparison": [asdict(row) for row in rows], "loading": loads,
                                             "growth": grown}, indent=2))


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
