"""How fast a shape is segmented from points to instances at three levels, and how the cost grows to a million points.

Run: python -m benchmarks.segment [--model MODEL] [--full] [--json FILE]

The reference is the network of ocnn's own modules and scikit-learn's mean shift, class by class; the same points, the
same weights, the models loaded, in turns, the least time of each. The votes of an untrained network scatter, as those
of hard shapes do. MODEL adds a trained one, which does more than the reference: it sees the points in sets of as many
as it was trained on, where the reference sees all at once, and makes a tree of the parts. ``--full`` adds clouds of
1,000 to a million points, each in a process of its own, of which the network sees 10,000, and all.
"""

import json
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
import tyro
from sklearn.cluster import MeanShift
from threadpoolctl import ThreadpoolController

from benchmarks.measure import alone, chairs, in_turns, resident_peak
from benchmarks.ocnn_network import OcnnNetwork
from benchmarks.ocnn_network import build_octree as build_their_octree
from partwise.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from partwise.cli.tables import new_table, show
from partwise.config import ModelConfig
from partwise.grouping.instances import entropies, votes
from partwise.mesh import PointCloud, write_ply
from partwise.models import load_model
from partwise.nn.memory import keep_freed_memory
from partwise.nn.network import LevelOutput, Network
from partwise.normalisation import enclosing_ball
from partwise.overlap import overlap
from partwise.result.files import write_segmentation
from partwise.segmenter import Prepared, Segmenter
from partwise.taxonomy import load_taxonomy

N_POINT = 10_000


@dataclass(frozen=True)
class Settings:
    """Measure segmentation from end to end."""

    model: str | None = None
    """Model of chairs: the name of one that comes with partwise, a checkpoint, or the folder of a training run."""
    shapes: int = 2
    """Chairs of 10,000 points to segment one by one."""
    files: int = 12
    """Files of a folder."""
    rounds: int = 2
    """How often each takes its turn."""
    full: bool = False
    """Also measure clouds of up to a million points."""
    json: Path | None = None
    """File for all numbers."""


@dataclass(frozen=True)
class Comparison:
    """Milliseconds a shape; of them those of the networks alone."""

    what: str
    ours: float
    theirs: float
    our_network: float
    their_network: float


class Reference:
    """What one would put together from ocnn, NumPy and scikit-learn."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        config = checkpoint.config
        self.depth, self.grouping = config.network.depth, config.grouping
        self.network = OcnnNetwork(config.network, config.n_class).load(checkpoint.network).eval()
        self.threads = ThreadpoolController()

    @torch.inference_mode()
    def outputs(self, points: np.ndarray, normals: np.ndarray) -> list[tuple[torch.Tensor, torch.Tensor]]:
        cloud, index = torch.from_numpy(points), torch.zeros(len(points), dtype=torch.long)
        octree = build_their_octree(cloud, torch.from_numpy(normals), index, 1, self.depth)
        return self.network(octree, cloud, index, 1)

    def __call__(self, points: np.ndarray, normals: np.ndarray) -> list[np.ndarray]:
        """Instance ids of levels 1, 2, 3."""
        points = enclosing_ball(points).normalise(points)
        found = []
        for logits, offset in self.outputs(points, normals):
            probability, offset = logits.softmax(1).numpy(), offset.numpy()
            vote = votes(points, offset[:, :3], offset[:, 3:], self.grouping.push)
            with self.threads.limit(limits=1):  # with which scikit-learn is fastest here
                found.append(cluster(vote, probability.argmax(1), self.grouping.bandwidth))
            entropies(probability)
        return found


def cluster(vote: np.ndarray, semantic: np.ndarray, bandwidth: float) -> np.ndarray:
    instance, count = np.empty(len(vote), np.int64), 0
    for label in np.unique(semantic):
        own = semantic == label
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            instance[own] = MeanShift(bandwidth=bandwidth, bin_seeding=True).fit(vote[own]).labels_ + count
        count = instance[own].max() + 1
    return instance


def compare(what: str, checkpoint: Checkpoint, settings: Settings) -> Comparison:
    segmenter, reference = Segmenter(checkpoint, "cpu"), Reference(checkpoint)
    times = []
    with chairs(settings.shapes, N_POINT) as store:
        for shape in store:
            cloud = PointCloud(shape.points, shape.normals)
            seen = segmenter.prepare(cloud)
            points, normals = seen.normalised, seen.directions
            whole = in_turns(settings.rounds, lambda: segmenter(cloud), lambda: reference(points, normals))  # noqa: B023
            network = in_turns(settings.rounds, lambda: segmenter.outputs([seen]),  # noqa: B023
                               lambda: reference.outputs(points, normals))  # noqa: B023
            times.append([*whole, *network])
    return Comparison(what, *(1e3 * np.mean(times, axis=0)).tolist())


def folder(checkpoint: Checkpoint, settings: Settings) -> tuple[float, float]:
    """Milliseconds a file: read, segmented and written one after the other, and overlapped as the command does it."""
    segmenter = Segmenter(checkpoint, "cpu")
    with TemporaryDirectory() as name, chairs(settings.files, N_POINT) as store:
        out = Path(name)
        files = [out / f"{shape.anno_id}.ply" for shape in store]
        for shape, file in zip(store, files, strict=True):
            write_ply(file, shape.points, shape.normals, np.zeros((N_POINT, 3), np.uint8), {})

        def finish(file: Path, prepared: Prepared, outputs: list[LevelOutput]) -> None:
            write_segmentation(out / file.stem, segmenter.finish(prepared, outputs))

        def one_by_one() -> None:
            for file in files:
                prepared = segmenter.prepare(file)
                finish(file, prepared, segmenter.outputs([prepared])[0])

        def overlapped() -> None:
            list(overlap(files, lambda file: (file, segmenter.prepare(file)),
                         lambda jobs: segmenter.outputs([prepared for _, prepared in jobs]),
                         lambda job, outputs: finish(*job, outputs), segmenter.batch_size))

        serial, together = in_turns(settings.rounds, one_by_one, overlapped)
    return 1e3 * serial / settings.files, 1e3 * together / settings.files


def untrained() -> Checkpoint:
    torch.manual_seed(0)
    config = ModelConfig("Chair", load_taxonomy("Chair").n_class)
    return Checkpoint(config, Network(config.network, config.n_class).eval())


def growth_case(checkpoint: Path, n_point: int, all_of_them: bool) -> dict[str, Any]:
    """Seconds and additional peak memory of one cloud; for a process of its own."""
    keep_freed_memory()
    segmenter = Segmenter(load_checkpoint(checkpoint), "cpu", n_point if all_of_them else None)
    with chairs(1, n_point) as store:
        cloud = PointCloud(store.shape(0).points, store.shape(0).normals)
    segmenter(PointCloud(cloud.points[:1000], cloud.normals[:1000]))  # compiled, or loaded
    resident_peak()
    before = resident_peak()
    seconds = in_turns(1, lambda: segmenter(cloud))[0]
    return {"points": n_point, "all": all_of_them, "seconds": seconds, "memory": resident_peak() - before}


def growth(checkpoint: Checkpoint) -> list[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        save_checkpoint(Path(folder) / "model", checkpoint)
        return [alone(growth_case, Path(folder) / "model", n_point, all_of_them)
                for all_of_them in (False, True) for n_point in (1_000, 10_000, 100_000, 1_000_000)]


def main(settings: Settings) -> None:
    keep_freed_memory()
    models = {"untrained": untrained()}
    if settings.model:
        models["trained"] = load_model(settings.model, "Chair")
    rows = [compare(what, checkpoint, settings) for what, checkpoint in models.items()]
    table = new_table("A chair of 10,000 points to instances of three levels", ["model"],
                      ["partwise ms", "of it network", "reference ms", "of it network", "ratio"])
    for row in rows:
        table.add_row(row.what, f"{row.ours:.0f}", f"{row.our_network:.0f}", f"{row.theirs:.0f}",
                      f"{row.their_network:.0f}", f"{row.theirs / row.ours:.1f}")
    show(table)
    serial, together = folder(list(models.values())[-1], settings)
    print(f"A folder of {settings.files} clouds, {list(models)[-1]}: {serial:.0f} ms a file one after the other, "
          f"{together:.0f} overlapped\n")
    grown = growth(models["untrained"]) if settings.full else []
    if grown:
        table = new_table("Clouds of many points, untrained, preset paper", ["network sees"],
                          ["points", "seconds", "s a million", "extra MB"])
        for one in grown:
            per_million = 1e6 * one["seconds"] / one["points"]
            table.add_row("all points" if one["all"] else "10,000 at most", f"{one['points']:,}",
                          f"{one['seconds']:.2f}", f"{per_million:.1f}", f"{one['memory']:.0f}")
        show(table)
    if settings.json:
        settings.json.write_text(json.dumps({"comparison": [asdict(row) for row in rows], "growth": grown,
                                             "folder": {"one by one": serial, "overlapped": together}}, indent=2))


if __name__ == "__main__":
    main(tyro.cli(Settings, description=__doc__))
