"""A training run, its evaluations, or both, found from the name of one folder."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from partwise.errors import InputError
from partwise.files import read_json
from partwise.report.evaluation import METRICS, Evaluation, read_evaluation

SETTINGS, LOG = "training.json", "log.jsonl"
Record = dict[str, float]


@dataclass(frozen=True)
class Training:
    """What `partwise train` wrote.

    settings : by dotted name, such as network.depth
    steps, validations : the log's numbers, "iteration" among them; NaN where they are not numbers
    best : iteration and scores of the best checkpoint; None without one
    missing : sentences on what this run lacks or is damaged
    """

    folder: Path
    settings: dict[str, Any]
    steps: list[Record]
    validations: list[Record]
    best: tuple[int, Record] | None
    missing: list[str]


@dataclass(frozen=True)
class Run:
    """What lies in, or belongs to, one folder: a training, evaluations of what it learnt, or both."""

    folder: Path
    training: Training | None
    evaluations: list[Evaluation]

    @property
    def category(self) -> str:
        return self.evaluations[0].category if self.training is None else str(self.training.settings.get("category"))

    @property
    def missing(self) -> list[str]:
        """Sentences on what is not there."""
        training = [] if self.training is None else self.training.missing
        return training + [sentence for one in self.evaluations for sentence in one.missing]


def read_run(folder: Path) -> Run:
    """Read a training run with the evaluations in or beside it, or an evaluation with the run it is of or lies in.

    InputError where the folder is neither, or a file is not what partwise writes.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name one that `partwise train` or `partwise evaluate` wrote")
    if (folder / SETTINGS).exists():
        evaluations = [read_evaluation(one) for one in _evaluations_of(folder)]
        return Run(folder, read_training(folder), evaluations)
    if (folder / METRICS).exists():
        evaluation = read_evaluation(folder)
        return Run(folder, _training_of(evaluation), [evaluation])
    raise InputError(f"{folder}: holds neither a training run ({SETTINGS}) nor an evaluation ({METRICS}); name a "
                     "folder that `partwise train` or `partwise evaluate` wrote")


def read_training(folder: Path) -> Training:
    """Read a run's folder; lines of the log that are damaged are left out and named in ``missing``."""
    settings = read_json(folder / SETTINGS)
    if not isinstance(settings, dict):
        raise InputError(f"{folder / SETTINGS}: is not the settings that `partwise train` writes")
    missing: list[str] = []
    records = _read_log(folder / LOG, missing)
    by_phase = {phase: [numbers for found, numbers in records if found == phase] for phase in ("train", "val")}
    if not by_phase["val"]:
        missing.append(f"{folder / LOG}: holds no validation; there is one every `--validate-every` steps where "
                       "the data has shapes of the split val")
    broken = sum(math.isnan(value) for _, record in records for value in record.values())
    if broken:
        missing.append(f"{folder / LOG}: {broken} of its numbers are NaN or infinite; curves have gaps there")
    return Training(folder, _flat(settings), by_phase["train"], by_phase["val"], _best(folder), missing)


def _read_log(path: Path, missing: list[str]) -> list[tuple[str, Record]]:
    """Phase and numbers of every whole line."""
    if not path.exists():
        missing.append(f"{path}: not there, so there are no curves of the training")
        return []
    found, damaged = [], 0
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            record = json.loads(line)
            numbers = _finite(record)
            int(numbers["iteration"])
            found.append((str(record["phase"]), numbers))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            damaged += 1
    if damaged:
        missing.append(f"{path}: {damaged} {'line is' if damaged == 1 else 'lines are'} damaged and left out")
    return found


def _finite(values: dict[str, Any]) -> Record:
    """The numbers among the values; NaN for those that are infinite too."""
    return {name: float(value) if math.isfinite(value) else math.nan for name, value in values.items()
            if isinstance(value, int | float)}


def _best(folder: Path) -> tuple[int, Record] | None:
    path = folder / "best" / "config.json"
    if not path.exists():
        return None
    record = read_json(path)
    if not isinstance(record, dict) or not isinstance(record.get("scores"), dict):
        raise InputError(f"{path}: is not the configuration of a checkpoint that `partwise train` writes")
    return int(_finite(record).get("iteration", 0)), _finite(record["scores"])


def _flat(values: dict[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= _flat(value, f"{before}{name}.") if isinstance(value, dict) else {before + name: value}
    return found


def _evaluations_of(run: Path) -> list[Path]:
    """Folders of evaluations in a run, and of those beside it whose model is the run's."""
    inside = [one for one in [run, *sorted(run.iterdir())] if (one / METRICS).is_file()]
    beside = [path.parent for path in sorted(run.resolve().parent.glob(f"*/{METRICS}"))
              if path.parent != run.resolve() and run.resolve() in _owners(_model_of(path))]
    return inside + beside


def _model_of(metrics: Path) -> str:
    """The model that an evaluation names; nothing where the file, which may be anybody's, says none."""
    try:
        values = read_json(metrics)
    except InputError:
        return ""
    return str(values.get("model", "")) if isinstance(values, dict) else ""


def _owners(model: str) -> list[Path]:
    """The folders that may be the run of a model: the run itself may be named, or one of its checkpoints."""
    return [Path(model).resolve(), Path(model).resolve().parent] if model else []


def _training_of(evaluation: Evaluation) -> Training | None:
    """The run that an evaluation lies in or is of."""
    for folder in (evaluation.folder.resolve().parent, *_owners(evaluation.model)):
        if (folder / SETTINGS).exists():
            training = read_training(folder)
            return training if training.settings.get("category") == evaluation.category else None
    return None
