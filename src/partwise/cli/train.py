"""``partwise train``."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import tyro

from partwise.config import PRESETS, TrainConfig


@dataclass(frozen=True)
class Train(TrainConfig):
    """Train the network of one category on stores that `partwise prepare` wrote.

    The run folder gets the resolved configuration, a log (log.jsonl) and the best and last checkpoint. Ctrl-C saves;
    --resume continues. The defaults shown are those of the chosen preset.
    """

    preset: Literal["default", "small", "paper", "finetune"] = "default"
    """default: the published network with what pays beyond the published method; small: half of its channels, 40
    minutes on a CPU; paper: the published settings; finetune: a few minutes from a trained model, taken if --finetune
    names one. Other options override it."""

    def run(self) -> None:
        """Train, and say where the run is or how to resume it."""
        from partwise.nn.memory import keep_freed_memory
        from partwise.training import train

        keep_freed_memory()
        try:
            folder = train(self)
        except KeyboardInterrupt:
            print(f"stopped; the last checkpoint is in {self.out / 'last'}; "
                  "continue with the same command and --resume", file=sys.stderr)
            raise
        print(f"run: {folder}")


def train_defaults(arguments: Sequence[str]) -> Train:
    """The command's defaults: the preset that the arguments name, with nothing for what has no default."""
    missing: Any = tyro.MISSING
    return Train(data=missing, category="", out=missing, **preset_values(arguments))


def preset_values(arguments: Sequence[str]) -> dict[str, Any]:
    """Values of the preset that the arguments name, its own name among them."""
    names = [after for before, after in pairwise(arguments) if before == "--preset"]
    names += [one.partition("=")[2] for one in arguments if one.startswith("--preset=")]
    finetuned = any(one.partition("=")[0] == "--finetune" for one in arguments)
    name = names[-1] if names and names[-1] in PRESETS else "finetune" if finetuned else "default"
    return {**PRESETS[name], "preset": name}
