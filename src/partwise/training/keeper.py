"""What of a run is kept: the best checkpoint by validation, and the last."""

import torch

from partwise.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from partwise.config import ModelConfig, TrainConfig
from partwise.data.store import Store
from partwise.nn.network import Network
from partwise.training.confidence import with_iou_fit
from partwise.training.journal import Journal
from partwise.training.run_folder import RunFolder
from partwise.training.validation import validate


class Keeper:
    """Validates a network now and then, and saves checkpoints.

    network : the one to validate and to save
    optimizer : whose state resuming needs
    held_out : shapes to validate on; without them there is no best checkpoint
    """

    def __init__(self, config: TrainConfig, run: RunFolder, model: ModelConfig, held_out: Store | None,
                 network: Network, optimizer: torch.optim.Optimizer) -> None:
        self._config, self._run, self._model, self._held_out = config, run, model, held_out
        self._network, self._optimizer = network, optimizer
        self._best = load_checkpoint(run.best).scores["miou"] if run.best.exists() else -1.0

    def after(self, iteration: int, stop: bool, journal: Journal) -> None:
        """Validate and save where this iteration is the one for it, or the last for now."""
        finished = iteration == self._config.iterations
        if self._held_out is not None and (iteration % self._config.validate_every == 0 or finished):
            scores = validate(self._network, self._held_out, self._config)
            journal.validation(iteration, scores)
            if scores["miou"] > self._best:
                self._best = scores["miou"]
                save_checkpoint(self._run.best, Checkpoint(self._model, self._network, iteration, scores))
        if iteration % self._config.save_every == 0 or finished or stop:
            save_checkpoint(self._run.last, Checkpoint(self._model, self._network, iteration), self._optimizer)

    def finish(self) -> None:
        """Let the best checkpoint learn its confidences, if it is to have any."""
        if self._held_out is not None and self._config.grouping.confidence == "learned":
            best = load_checkpoint(self._run.best)
            save_checkpoint(self._run.best, with_iou_fit(best, self._held_out, self._config.device))
