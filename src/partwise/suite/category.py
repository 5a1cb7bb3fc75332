"""What a benchmark does for one category: prepare, train, test; each only where it is not done."""

from dataclasses import dataclass, replace
from pathlib import Path

from partwise.checkpoint import Checkpoint, load_checkpoint
from partwise.config import Device, TrainConfig
from partwise.data.store import Store
from partwise.errors import InputError
from partwise.evaluate import evaluate, inputs_checksum, write_report
from partwise.files import read_json
from partwise.models import ModelCard, shipped_models
from partwise.report.evaluation import METRICS
from partwise.segmenter import Segmenter
from partwise.suite.data import CategoryData
from partwise.training import train
from partwise.training.run_folder import RunFolder, plain

SHIPPED = Path("shipped")
"""Stands for the models that come with partwise, where there is no folder of this name."""


@dataclass(frozen=True)
class Plan:
    """What is to be done for every category.

    out : holds a folder a category, which is that of its training run, with its evaluation in it
    stores : folder for the stores of what is prepared
    models : holds a model a category, or ``SHIPPED``; None for the runs in ``out``
    training : settings but for data, category and folder; None to test alone
    split, limit : the shapes to test on, and how many from the start; None for all
    """

    out: Path
    stores: Path
    models: Path | None
    training: TrainConfig | None
    split: str
    limit: int | None
    device: Device

    def run(self, data: CategoryData) -> list[str]:
        """Do what is not done and say what that was; nothing, where all was done before.

        InputError, TrainingError: what any of the steps raises. KeyboardInterrupt: after Ctrl-C, when the training
        has saved.
        """
        stores = data.stores(self.stores, None if self.training else (self.split,))
        steps = []
        if self.training and self._train(data.category, stores, self.training):
            steps.append("trained")
        if self._test(data.category, stores):
            steps.append("tested")
        return steps

    def _train(self, category: str, stores: Path, training: TrainConfig) -> bool:
        config = replace(training, data=stores, category=category, out=self.out / category)
        run = RunFolder(config.out)
        there = run.config_path.exists()
        if there:
            run.check_same(config)
        if there and run.finished(plain(config)):
            return False
        train(replace(config, resume=there))
        return True

    def _test(self, category: str, stores: Path) -> bool:
        model, checkpoint = self._model(category)
        store = Store(stores / category / f"{self.split}.h5")
        inputs = inputs_checksum(checkpoint, checkpoint.config.grouping, store, self.limit)
        folder = self.out / category / self.split
        if _inputs_of(folder / METRICS) == inputs:
            return False
        report = evaluate(Segmenter(checkpoint, self.device), store, self.limit)
        write_report(folder, report, {"model": model, "iteration": checkpoint.iteration, "inputs": inputs})
        return True

    def _model(self, category: str) -> tuple[str, Checkpoint]:
        """Name and checkpoint of what is to be tested."""
        if self.models == SHIPPED and not SHIPPED.exists():
            card = _shipped(category)
            return card.name, load_checkpoint(card.folder, category)
        folder = (self.models or self.out) / category
        if self.models is None and self.training is None:
            _check_finished(RunFolder(folder))
        return str(folder), load_checkpoint(folder, category)


def _check_finished(run: RunFolder) -> None:
    if not run.config_path.exists():
        raise InputError(f"{run.path}: holds no training run to test; add --train, or name models with --models")
    if not run.finished(read_json(run.config_path)):
        raise InputError(f"{run.path}: its training is not finished; add --train to finish it, or test it as it is "
                         "with `partwise evaluate`")


def _shipped(category: str) -> ModelCard:
    card = next((one for one in shipped_models() if one.category == category), None)
    if card is None:
        raise InputError(f"no model of {category} comes with partwise; train one, or leave the category out")
    card.check()
    return card


def _inputs_of(metrics: Path) -> str | None:
    """The checksum of what an evaluation was made from; None where there is none, or it is damaged."""
    try:
        values = read_json(metrics)
    except InputError:
        return None
    return values.get("inputs") if isinstance(values, dict) else None
