"""The scores that a table may be of, by name."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from partwise.config import Protocol

if TYPE_CHECKING:
    from partwise.report.evaluation import LevelScores

Metric = Literal["AP25", "AP50", "AP75", "shape-AP25", "shape-AP50", "shape-AP75", "accuracy", "mIoU-v1", "mIoU-v2",
                 "mIoU-v3"]
"""AP is a mean over classes, shape-AP over shapes; accuracy and mIoU are of points."""

_POINT_SCORES = {"accuracy": "accuracy", "mIoU-v1": "miou_v1", "mIoU-v2": "miou_v2", "mIoU-v3": "miou_v3"}
_KIND = {"partnet": "all", "released": "ignore_other"}
_OF_INSTANCES = {"partnet": "PartNet's protocol", "released": "the released program's protocol"}
_OF_POINTS = {"partnet": "points of other counted", "released": "points of other left out"}


@dataclass(frozen=True)
class Score:
    """A number of a level of an evaluation."""

    metric: Metric
    protocol: Protocol

    def of(self, level: "LevelScores") -> float:
        """The number, in [0, 1]; NaN where it is not defined."""
        if self.metric in _POINT_SCORES:
            return level.semantic[_KIND[self.protocol]][_POINT_SCORES[self.metric]]
        values = level.shape_mean_ap if self.metric.startswith("shape-") else level.mean_ap
        return values[self.protocol][level.thresholds.index(int(self.metric[-2:]) / 100)]

    @property
    def title(self) -> str:
        return f"{self.metric}, {(_OF_POINTS if self.metric in _POINT_SCORES else _OF_INSTANCES)[self.protocol]}"


ALL_SCORES = tuple(Score(metric, protocol) for metric in get_args(Metric) for protocol in get_args(Protocol))
