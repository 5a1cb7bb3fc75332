"""What a run tells: a progress bar, the JSON-lines log and, if wanted, TensorBoard."""

import time
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import torch

from partwise.config import TrainConfig
from partwise.errors import InputError
from partwise.progress import progress_bar
from partwise.training.run_folder import RunFolder


class Journal:
    """Records of a run; a context manager. Losses are averaged over the steps between two lines of the log.

    silent : write nothing and show nothing, for all but one of several processes
    """

    def __init__(self, config: TrainConfig, run: RunFolder, start: int, silent: bool = False) -> None:
        self._config, self._run, self._silent = config, run, silent
        self._bar = progress_bar("loss {task.fields[loss]}")
        self._task = self._bar.add_task(f"train {config.category}", total=config.iterations, completed=start, loss="-")
        self._bar.disable = self._bar.disable or silent
        self._writer = None if silent else _tensorboard_writer(config)
        self._sums: dict[str, torch.Tensor] = {}
        self._count, self._since = 0, time.perf_counter()

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

    def step(self, iteration: int, rate: float, losses: dict[str, torch.Tensor], penalty: torch.Tensor) -> None:
        """Note the losses of one step; ``penalty`` is the weight penalty times its factor."""
        for name, value in {**losses, "weight_penalty": penalty}.items():
            self._sums[name] = self._sums.get(name, 0) + value.detach()
        self._count += 1
        self._bar.update(self._task, completed=iteration)
        if iteration % self._config.log_every == 0 or iteration == self._config.iterations:
            seconds = (time.perf_counter() - self._since) / self._count
            means = {name: float(value) / self._count for name, value in self._sums.items()}
            self._bar.update(self._task, loss=f"{means['total']:.3f}")
            self._write(iteration, "train", {**means, "learning_rate": rate, "seconds_per_step": seconds})
            self._sums, self._count, self._since = {}, 0, time.perf_counter()

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
