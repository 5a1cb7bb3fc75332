"""``partwise evaluate``."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from partwise.evaluate import Report


@dataclass(frozen=True)
class Evaluate:
    """Measure a trained model on a prepared split: AP, shape AP, mIoU, accuracy and losses at every level.

    Instance scores come under two protocols: PartNet's, which is the one to report, and that of the released
    program, which deletes points labelled other before anything else and so scores higher.
    """

    model: Path
    """Checkpoint, or folder of a training run, of which the best checkpoint is taken."""
    data: Path
    """Folder of stores that `partwise prepare` wrote; holds <category>/<split>.h5."""
    out: Path
    """Folder for metrics.json."""
    split: str = "test"
    """Split to measure on."""
    limit: int | None = None
    """Number of shapes to measure, from the start; all if not given."""
    bandwidth: float | None = None
    """Bandwidth of mean shift; that of the model if not given."""
    write_partnet: Path | None = None
    """Folder for prediction and truth files in PartNet's own form, for PartNet's own evaluator."""
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    """Where the network runs."""
    json: bool = False
    """Print the numbers as JSON instead of tables."""

    def run(self) -> None:
        """Evaluate, write metrics.json and print the tables."""
        import json

        from partwise.checkpoint import load_checkpoint
        from partwise.cli.options import grouping_with
        from partwise.data.store import Store
        from partwise.evaluate import evaluate
        from partwise.files import make_folder, write_json
        from partwise.segmenter import Segmenter

        checkpoint = load_checkpoint(self.model)
        segmenter = Segmenter(checkpoint, self.device, grouping=grouping_with(checkpoint.config, self.bandwidth))
        store = Store(self.data / checkpoint.config.category / f"{self.split}.h5")
        make_folder(self.out)
        report = evaluate(segmenter, store, self.limit, self.write_partnet)
        numbers = {"model": str(self.model), "iteration": checkpoint.iteration, **report.to_dict()}
        write_json(self.out / "metrics.json", numbers)
        if self.json:
            print(json.dumps(numbers))
            return
        _print(report)
        print(f"all numbers: {self.out / 'metrics.json'}")


def _print(report: "Report") -> None:
    from rich.console import Console
    from rich.table import Table

    from partwise.cli.options import percent

    console = Console()
    summary = Table(title=f"{report.category}, {report.n_shape} shapes of {report.split} (%)")
    for column in ("level", "protocol", "AP25", "AP50", "AP75", "shape AP50", "accuracy", "mIoU v1", "v2", "v3"):
        summary.add_column(column, justify="left" if column in ("level", "protocol") else "right")
    for level in report.levels:
        for protocol, scores in level.instances.items():
            semantic = level.semantic["all" if protocol == "partnet" else "ignore_other"]
            summary.add_row(str(level.level.number), protocol, *map(percent, scores.mean_ap),
                            percent(scores.shape_mean_ap[1]), percent(semantic.accuracy), percent(semantic.miou_v1),
                            percent(semantic.miou_v2), percent(semantic.miou_v3))
    for level in report.levels:
        scores = level.instances["partnet"]
        classes = Table(title=f"level {level.level.number}, PartNet's protocol (%)")
        for column in ("class", "instances", "AP25", "AP50", "AP75", "IoU"):
            classes.add_column(column, justify="left" if column == "class" else "right")
        for class_id in range(1, level.level.n_class):
            if scores.n_truth[class_id] or scores.n_predicted[class_id]:
                classes.add_row(level.level.names[class_id], str(scores.n_truth[class_id]),
                                *map(percent, scores.ap[:, class_id]),
                                percent(level.semantic["all"].iou_per_class[class_id]))
        console.print(classes)
    console.print(summary)
