"""What a run tells: a progress bar, the JSON-lines log and, if wanted, TensorBoard."""

import time
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import torch
from torch import nn

from partwise.config import TrainConfig
from partwise.errors import InputError
from partwise.nn.losses import weight_penalty
from partwise.progress import progress_bar
from partwise.training.run_folder import RunFolder


class Journal:
    """Records of a run; a context manager. A line of the log holds the losses of its own step.

    silent : write nothing and show nothing, for all but one of several processes
    """

    def __init__(self, config: TrainConfig, run: RunFolder, start: int, silent: bool = False) -> None:
        self._config, self._run, self._silent = config, run, silent
        self._bar = progress_bar("loss {task.fields[loss]}")
        self._task = self._bar.add_task(f"train {config.category}", total=config.iterations, completed=start, loss="-")
        self._bar.disable = self._bar.disable or silent
        self._writer = None if silent else _tensorboard_writer(config)
        self._since = start, time.perf_counter()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self._bar)
            if self._writer is not None:
                stack.callback(self._writer.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._stack.close()

    def step(self, iteration: int, rate: float, losses: dict[str, torch.Tensor], network: nn.Module) -> None:
        """Show how far the run is and, every ``log_every`` steps, log the losses of this step."""
        self._bar.update(self._task, completed=iteration)
        if iteration % self._config.log_every and iteration != self._config.iterations:
            return
        now = time.perf_counter()
        seconds, self._since = (now - self._since[1]) / (iteration - self._since[0]), (iteration, now)
        values = {name: value.item() for name, value in losses.items()}
        values["weight_penalty"] = self._config.optimizer.weight_decay * weight_penalty(network).item()
        self._bar.update(self._task, loss=f"{values['total']:.3f}")
        self._write(iteration, "train", {**values, "learning_rate": rate, "seconds_per_step": seconds})

    def validation(self, iteration: int, scores: dict[str, float]) -> None:
        """Note the scores of a validation."""
        self._write(iteration, "val", scores)
        self.say(f"{iteration}: validation loss {scores['total']:.4f}, mIoU {100 * scores['miou']:.2f} %")

    def say(self, text: str) -> None:
        """A line for people, above the progress bar."""
        if not self._silent:
            self._bar.console.print(text, highlight=False)

    def _write(self, iteration: int, phase: str, values: dict[str, float]) -> None:
        """One line of the log, and the same numbers for TensorBoard."""
        if self._silent:
            return
        self._run.log({"iteration": iteration, "phase": phase, **values})
        if self._writer is not None:
            for name, value in values.items():
                self._writer.add_scalar(f"{phase}/{name}", value, iteration)


def _tensorboard_writer(config: TrainConfig) -> Any:
    if not config.tensorboard:
        return None
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise InputError("--tensorboard needs TensorBoard: pip install 'partwise[tensorboard]'") from error
    return SummaryWriter(str(config.out / "tensorboard"))
