"""``partwise evaluate``."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from partwise.cli.tables import new_table, percent, show
from partwise.config import CloudFormat, Device

if TYPE_CHECKING:
    from rich.table import Table

    from partwise.evaluate import LevelReport, Report


@dataclass(frozen=True)
class Evaluate:
    """Measure a trained model on a prepared split: AP, shape AP, mIoU, accuracy and losses at every level.

    Instance scores come under two protocols: PartNet's, which is the one to report, and that of the released
    program, which deletes points labelled other before anything else and so scores higher.
    """

    model: Path
    """Name of a model that comes with partwise (`partwise models` lists them), checkpoint, or folder of a training
    run, of which the best checkpoint is taken."""
    data: Path
    """Folder of stores that `partwise prepare` wrote; holds <category>/<split>.h5."""
    out: Path
    """Folder for metrics.json, and for details.json and shapes.npz, of which `partwise report` makes a page."""
    split: str = "test"
    """Split to measure on."""
    limit: int | None = None
    """Number of shapes to measure, from the start; all if not given."""
    bandwidth: float | None = None
    """Bandwidth of mean shift; that of the model if not given."""
    push: float | None = None
    """How far votes are pushed away from the centre of their semantic region; as the model says if not given."""
    write_partnet: Path | None = None
    """Folder for prediction and truth files in PartNet's own form, for PartNet's own evaluator."""
    dump: int = 0
    """Number of shapes, from the start, to write as coloured clouds to OUT/dump/<shape>, which must not be there yet:
    true and predicted classes and parts, and the points shifted to the voted centres, at each level."""
    dump_format: CloudFormat = "ply"
    """Format of these clouds; ply holds the labels too."""
    device: Device = "auto"
    """Where the network runs."""
    json: bool = False
    """Print the numbers as JSON instead of tables."""

    def run(self) -> None:
        """Evaluate, write the files and print the tables."""
        import json

        from partwise.cli.options import grouping_with
        from partwise.data.store import Store
        from partwise.dump import Dump
        from partwise.evaluate import evaluate, inputs_checksum, write_report
        from partwise.files import make_folder
        from partwise.models import load_model
        from partwise.nn.memory import keep_freed_memory
        from partwise.segmenter import Segmenter

        checkpoint = load_model(self.model)
        grouping = grouping_with(checkpoint.config, self.bandwidth, self.push)
        segmenter = Segmenter(checkpoint, self.device, grouping=grouping)
        store = Store(self.data / checkpoint.config.category / f"{self.split}.h5")
        make_folder(self.out)
        keep_freed_memory()
        dump = Dump(self.out / "dump", self.dump, self.dump_format) if self.dump else None
        report = evaluate(segmenter, store, self.limit, self.write_partnet, dump)
        inputs = inputs_checksum(checkpoint, segmenter.grouping, store, self.limit)
        numbers = write_report(self.out, report, {"model": str(self.model), "iteration": checkpoint.iteration,
                                                  "inputs": inputs})
        if self.json:
            print(json.dumps(numbers))
            return
        _print(report)
        print(f"all numbers: {self.out / 'metrics.json'}")
        if dump is not None:
            print(f"clouds: {dump.folder}")


def _print(report: "Report") -> None:
    show(*map(_class_table, report.levels), _instance_table(report), _semantic_table(report))
    for pair, share in report.consistency.items():
        fine, _, coarse = pair.split()
        print(f"parts of level {fine} that lie in one part of level {coarse}: {percent([share])[0]} %")


def _class_table(report: "LevelReport") -> "Table":
    """Classes that occur in truth or prediction."""
    table = new_table(f"Level {report.level.number} under PartNet's protocol, %", ("class",),
                      ("true", "predicted", "AP25", "AP50", "AP75", "IoU"))
    scores, iou = report.instances["partnet"], report.semantic["all"].iou_per_class
    for class_id in range(1, report.level.n_class):
        counts = int(scores.n_truth[class_id]), int(scores.n_predicted[class_id])
        if any(counts):
            table.add_row(report.level.names[class_id], *map(str, counts),
                          *percent([*scores.ap[:, class_id], iou[class_id]]))
    return table


def _instance_table(report: "Report") -> "Table":
    table = new_table(f"{report.category}, {report.n_shape} shapes of {report.split}: instances, %",
                      ("level", "protocol"), ("AP25", "AP50", "AP75", "shape AP25", "AP50", "AP75"))
    for level in report.levels:
        for protocol, scores in level.instances.items():
            table.add_row(str(level.level.number), protocol, *percent(scores.mean_ap),
                          *percent(scores.shape_mean_ap))
    return table


def _semantic_table(report: "Report") -> "Table":
    table = new_table("Points labelled other counted or left out: accuracy and mIoU in %, losses", ("level", "other"),
                      ("accuracy", "mIoU v1", "v2", "v3", "entropy", "offset", "region"))
    for level in report.levels:
        for kind, other in (("all", "in"), ("ignore_other", "out")):
            scores, losses = level.semantic[kind], level.losses[kind]
            table.add_row(str(level.level.number), other, *percent([
                scores.accuracy, scores.miou_v1, scores.miou_v2, scores.miou_v3]), *(
                f"{losses[name]:.3f}" for name in ("segmentation", "offset", "region_offset")))
    return table
