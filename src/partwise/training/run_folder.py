"""The folder of one training run: resolved configuration, JSON-lines log, checkpoints."""

import dataclasses
import json
from pathlib import Path
from typing import Any

from partwise.checkpoint import load_checkpoint
from partwise.config import TrainConfig
from partwise.errors import InputError
from partwise.files import make_folder, read_json, replacing, write_json

_FREE_ON_RESUME = {"out", "data", "resume", "iterations", "validate_every", "save_every", "log_every", "device",
                   "devices", "workers", "tensorboard", "taxonomy"}
"""Settings that a resumed run may change; all others decide what is learnt."""


class RunFolder:
    """Files of a run. ``open`` checks whether the folder may be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log_path = path / "log.jsonl"
        self.config_path = path / "training.json"
        self.best, self.last = path / "best", path / "last"

    def open(self, config: TrainConfig) -> None:
        """Make the folder and record the configuration; never touch a run that is there unless it is resumed."""
        exists = self.config_path.exists()
        if exists and not config.resume:
            raise InputError(f"{self.path}: already holds a run; add --resume to continue it, or choose another folder")
        if config.resume and not exists:
            raise InputError(f"{self.path}: holds no run to resume; leave out --resume to start one")
        make_folder(self.path)
        if config.resume:
            self.check_same(config)
        write_json(self.config_path, plain(config))

    def check_same(self, config: TrainConfig) -> None:
        """Raise InputError where the run that is there was made with settings that decide what is learnt and differ."""
        before, now = read_json(self.config_path), plain(config)
        changed = [f"{name} was {before.get(name)}, is {now[name]}" for name in now
                   if name not in _FREE_ON_RESUME and before.get(name) != now[name]]
        if changed:
            raise InputError(f"{self.path}: cannot be resumed with other settings: {'; '.join(changed)}")

    def finished(self, settings: dict[str, Any]) -> bool:
        """Whether the run has made all steps that settings ask for, and learnt its confidences if it is to have any.

        settings : as ``plain`` gives them, or as ``config_path`` holds them
        """
        if not self.last.exists() or load_checkpoint(self.last).iteration < settings["iterations"]:
            return False
        learns = settings["grouping"]["confidence"] == "learned"
        return not learns or load_checkpoint(self.best).config.iou_fit is not None

    def log(self, record: dict[str, Any]) -> None:
        """Append one line to the log."""
        with self.log_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    def records(self) -> list[dict[str, Any]]:
        """All whole lines of the log; a last line that was cut off is left out."""
        if not self.log_path.exists():
            return []
        found = []
        for line in self.log_path.read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                break
        return found

    def rewind(self, iteration: int) -> None:
        """Forget log lines after an iteration, which a resumed run will write again."""
        kept = [record for record in self.records() if record["iteration"] <= iteration]
        with replacing(self.log_path) as temporary:
            temporary.write_text("".join(json.dumps(record) + "\n" for record in kept), encoding="utf-8")


def plain(config: TrainConfig) -> dict[str, Any]:
    """The configuration as JSON values."""
    values: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(config), default=str))
    return values
