"""``partwise score``: prediction files in PartNet's form against PartNet's truth."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tyro.conf import Positional

from partwise.cli.tables import new_table, percent, show

if TYPE_CHECKING:
    from rich.table import Table

    from partwise.score import ScoreReport
    from partwise.taxonomy import Taxonomy


@dataclass(frozen=True)
class Score:
    """Score prediction files in PartNet's form, of any system, by PartNet's instance protocol.

    Prints the average precision of every class at each IoU threshold, its mean over classes, and the mean
    over shapes (shape mAP).
    """

    gt_dir: Positional[Path]
    """Folder with PartNet's truth (gt_mask, gt_mask_label, ...) in <split>-NN.h5, or the folder that holds it
    as <category>-<level>."""
    pred_dir: Positional[Path]
    """Folder with predictions (mask, valid, conf, label) in files of the same names, or the folder that holds
    it as <category>-<level>."""
    level: int
    """Level of detail: 1 (coarse), 2 or 3 (fine)."""
    category: str | None = None
    """PartNet's name of the category, such as Chair."""
    taxonomy: Path | None = None
    """Instead: file (YAML) of the taxonomy of your own that the labels are of."""
    thresholds: tuple[float, ...] = (0.25, 0.5, 0.75)
    """IoU that a prediction must exceed to be right."""
    split: str = "test"
    """First part of the file names."""
    json: bool = False
    """Print every number as JSON on standard output, and nothing else."""

    def run(self) -> None:
        """Score and print."""
        from partwise.score import score

        report = score(self.gt_dir, self.pred_dir, self._category(), self.level, self.thresholds, self.split)
        if self.json:
            import json

            print(json.dumps(report.to_dict(), indent=2, allow_nan=False))
            return
        show(_table(report))

    def _category(self) -> "str | Taxonomy":
        from partwise.errors import InputError
        from partwise.taxonomy import read_taxonomy

        if self.category is not None and self.taxonomy is None:
            return self.category
        if self.category is None and self.taxonomy is not None:
            return read_taxonomy(self.taxonomy)
        raise InputError("what the labels mean: give either --category, such as Chair, or --taxonomy, a file of parts "
                         "of your own")


def _table(report: "ScoreReport") -> "Table":
    """One row a class, then the means."""
    scores = report.scores
    table = new_table(f"{report.category}, level {report.level}: PartNet's protocol, {scores.n_shape} shapes, %",
                      ["class"], [*(f"AP{100 * one:g}" for one in scores.thresholds), "true", "predicted"])
    for class_id in range(1, len(report.names)):
        table.add_row(report.names[class_id], *percent(scores.ap[:, class_id]),
                      str(scores.n_truth[class_id]), str(scores.n_predicted[class_id]))
    table.add_section()
    table.add_row("mean (mAP)", *percent(scores.mean_ap), str(scores.n_truth.sum()), str(scores.n_predicted.sum()))
    table.add_row("shape mAP", *percent(scores.shape_mean_ap))
    return table
