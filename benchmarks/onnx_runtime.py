"""How fast an exported network is in ONNX Runtime, beside the same network in torch.

Run: python -m benchmarks.onnx_runtime [--shapes N] [--rounds N] [--json FILE]

Both get the same number of threads, the same synthetic chairs one by one, and take turns; the least time of each shape
counts, summed over the shapes. Octrees are built by ocnn and torch there, by NumPy here. Outputs must agree to 1e-4.
Needs partwise[onnx].
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
import torch
import tyro

from benchmarks.measure import chairs, in_turns
from benchmarks.segment import untrained
from partwise.checkpoint import Checkpoint
from partwise.cli.tables import new_table, show
from partwise.data.batches import Batch, collate
from partwise.data.sample import make_sample
from partwise.data.store import Store
from partwise.models import load_model
from partwise.nn.blocks import folded
from partwise.nn.memory import keep_freed_memory
from partwise.nn.network import LevelOutput, Network
from partwise.onnx.octree import octree_tables
from partwise.onnx.write import write_onnx


@dataclass(frozen=True)
class Settings:
    """Measure ONNX Runtime."""

    shapes: int = 8
    """Chairs."""
    rounds: int = 5
    """How often each takes its turn at a chair."""
    json: Path | None = None
    """File for all numbers."""


@dataclass(frozen=True)
class Comparison:
    """Milliseconds a shape, and the largest difference of an output in units of the largest value of its kind."""

    what: str
    torch: float
    onnx: float
    difference: float


def session(checkpoint: Checkpoint) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    with TemporaryDirectory() as folder:
        write_onnx(Path(folder) / "network.onnx", checkpoint)
        return onnxruntime.InferenceSession(Path(folder) / "network.onnx", options)


def tables_of(batch: Batch, network: Network) -> dict[str, np.ndarray]:
    config = network.config
    return octree_tables(batch.points.numpy(), batch.normals.numpy(), config.depth,
                         config.depth - len(config.channels) + 1, config.nempty)


def largest_difference(levels: list[LevelOutput], arrays: list[np.ndarray]) -> float:
    tensors = [tensor for level in levels for tensor in vars(level).values() if tensor is not None]
    return max(float(np.abs(tensor.numpy() - array).max() / np.abs(array).max())
               for tensor, array in zip(tensors, arrays, strict=True))


@torch.inference_mode()
def compare(what: str, checkpoint: Checkpoint, store: Store, settings: Settings) -> Iterator[Comparison]:
    """Of the octrees, then of the network alone."""
    fast, runtime = folded(checkpoint.network, torch.device("cpu")), session(checkpoint)
    octrees, outputs, difference = np.zeros(2), np.zeros(2), 0.0
    for index in range(settings.shapes):
        batch = collate([make_sample(store.shape(index))])
        octree, tables = fast.build_octree(*batch[:4]), tables_of(batch, fast)
        difference = max(difference, largest_difference(fast(octree, batch.points), runtime.run(None, tables)))
        octrees += in_turns(settings.rounds, lambda: fast.build_octree(*batch[:4]), lambda: tables_of(batch, fast))  # noqa: B023
        outputs += in_turns(settings.rounds, lambda: fast(octree, batch.points), lambda: runtime.run(None, tables))  # noqa: B023
    assert difference <= 1e-4
    yield Comparison(f"{what}, octree", *(1e3 * octrees / settings.shapes), 0.0)
    yield Comparison(f"{what}, network", *(1e3 * outputs / settings.shapes), difference)


def main(settings: Settings) -> None:
    keep_freed_memory()
    rows = []
    for checkpoint, n_point, name in ((load_model("chair"), 2_500, "preset small (the chair model)"),
                                      (untrained(), 10_000, "preset paper (untrained)")):
        with chairs(settings.shapes, n_point) as store:
            rows += compare(f"{name}, {n_point:,} points", checkpoint, store, settings)
    table = new_table(f"One at a time, {torch.get_num_threads()} thread(s) each; mean of {settings.shapes} chairs",
                      [""], ["torch ms", "ONNX Runtime ms", "ratio", "largest difference"])
    for row in rows:
        table.add_row(row.what, f"{row.torch:.1f}", f"{row.onnx:.1f}", f"{row.torch / row.onnx:.2f}",
                      f"{row.difference:.0e}" if row.difference else "")
    show(table)
    if settings.json:
        settings.json.write_text(json.dumps([asdict(row) for row in rows], indent=2))


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
