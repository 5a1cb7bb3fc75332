"""Tables of an evaluation's scores."""

from xml.etree.ElementTree import Element

from partwise.report.evaluation import LOSSES, POINT_SCORES, PROTOCOLS, Evaluation, LevelScores
from partwise.report.markup import Child, folded, node, table
from partwise.report.numbers import percent

_PROTOCOL = {"partnet": "PartNet", "released": "released"}
_OTHER = {"all": "counted", "ignore_other": "left out"}


def score_tables(evaluation: Evaluation) -> list[Element]:
    """Instances by level and protocol; points by level, with and without other."""
    return [node("div", _instances(evaluation), _points(evaluation), class_="beside"), *_consistency(evaluation)]


def _instances(evaluation: Evaluation) -> Element:
    heads = at_thresholds(evaluation.levels[0]) if evaluation.levels else []
    rows = [[str(level.number), _PROTOCOL[protocol], *map(percent, level.mean_ap[protocol]),
             *map(percent, level.shape_mean_ap[protocol])]
            for level in evaluation.levels for protocol in PROTOCOLS]
    return table(["level", "protocol", *heads, *heads], rows, 2, "Instances, %",
                 [("", 2), ("mean over classes", len(heads)), ("mean over shapes", len(heads))])


def _points(evaluation: Evaluation) -> Element:
    rows = [[str(level.number), _OTHER[kind], *(percent(level.semantic[kind][name]) for name in POINT_SCORES),
             *(f"{level.losses[kind][name]:.3f}" for name in LOSSES)] for level in evaluation.levels for kind in _OTHER]
    return table(["level", "points of other", "accuracy", "v1", "v2", "v3", "classes", "offset", "region"], rows, 2,
                 "Points, %, and losses", [("", 3), ("mIoU", 3), ("loss", 3)])


def _consistency(evaluation: Evaluation) -> list[Element]:
    pairs = [(name.split(" in "), share) for name, share in evaluation.consistency.items()]
    return [node("p", "; ".join(f"{percent(share)} % of the parts of level {fine} lie in one part of level {coarse}"
                                for (fine, coarse), share in pairs) + ".")] if pairs else []


def class_tables(evaluation: Evaluation) -> list[Element]:
    """A table a level: AP of every class under both protocols, and its IoU; the classes in the order of PartNet's."""
    return [folded(f"Level {level.number}: {len(level.classes)} classes", _class_table(level), opened=place == 0)
            for place, level in enumerate(evaluation.levels)]


def _class_table(level: LevelScores) -> Element:
    heads = at_thresholds(level)
    rows: list[list[Child]] = [
        [path(one.name), str(one.n_truth), str(one.n_predicted),
         *(percent(value) for protocol in PROTOCOLS for value in one.ap[protocol]), percent(one.iou)]
        for one in level.classes]
    counts = sum(one.n_truth for one in level.classes), sum(one.n_predicted for one in level.classes)
    rows.append([node("strong", "all, mean"), *map(str, counts),
                 *(percent(value) for protocol in PROTOCOLS for value in level.mean_ap[protocol]),
                 percent(level.semantic["all"]["miou_v2"])])
    return table(["class", "true", "found", *heads, *heads, "IoU"], rows, 1, "",
                 [("", 3), ("PartNet's protocol, %", len(heads)), ("released", len(heads)), ("points", 1)])


def at_thresholds(level: LevelScores) -> list[str]:
    """AP25, AP50, ..."""
    return [f"AP{100 * threshold:g}" for threshold in level.thresholds]


def path(name: str) -> Element:
    """A class, with what it is part of in a paler colour."""
    before, slash, last = name.rpartition("/")
    return node("span", *([node("span", before + slash, class_="pale")] if before else []), last)


def score_tiles(evaluation: Evaluation) -> list[tuple[str, str]]:
    """AP50 and mIoU of each level."""
    return [(f"level {level.number}: AP50", f"{percent(level.at_half(level.mean_ap['partnet']))} %")
            for level in evaluation.levels] + [
        (f"level {level.number}: mIoU", f"{percent(level.miou)} %") for level in evaluation.levels]
