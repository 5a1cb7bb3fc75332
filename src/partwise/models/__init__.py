"""The models that come with partwise, by name.

They were trained on the procedural world alone, so nothing of PartNet's is in them and they are as free as the code.
``models.json`` lists them; each is a checkpoint folder with its matrices in half precision.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from partwise.checkpoint import Checkpoint, load_checkpoint
from partwise.errors import InputError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class ModelCard:
    """What is to know of a model before using it.

    name : by which it is loaded, such as "chair"
    category : PartNet's name
    preset : of ``partwise train``
    iterations : training steps
    data : what it was trained on
    licence : of the weights
    tested_on : the shapes that the scores are of
    scores : "AP50" (mean over classes, PartNet's protocol), "mIoU" (per class over all points, other left out) by
        real level, in [0, 1]
    sha256 : checksum of each file, as hexadecimal digits
    """

    name: str
    category: str
    preset: str
    iterations: int
    data: str
    licence: str
    tested_on: str
    scores: dict[str, dict[str, float]]
    sha256: dict[str, str]

    @property
    def folder(self) -> Path:
        return FOLDER / self.name

    def check(self) -> None:
        """Raise InputError where a file is missing or another than the one that was published."""
        for file, expected in self.sha256.items():
            check_file(self.folder / file, expected)


def shipped_models() -> tuple[ModelCard, ...]:
    """The models that come with this version, in alphabetical order."""
    records = json.loads((FOLDER / "models.json").read_text(encoding="utf-8"))
    return tuple(ModelCard(**record) for record in records)


def shipped_model(model: str | Path) -> ModelCard | None:
    """The card of the model that ``load_model`` takes by this name; None where it is a folder or there is none."""
    if Path(model).exists():
        return None
    return next((one for one in shipped_models() if _plain(one.name) == _plain(str(model))), None)


def load_model(model: str | Path, category: str | None = None) -> Checkpoint:
    """A model by name, or a checkpoint or run by its folder, which wins where both are there.

    category : that the model must be of; None accepts any
    Raises InputError as ``load_checkpoint`` and ``ModelCard.check`` do, and where there is no such model.
    """
    card = shipped_model(model)
    if Path(model).exists() or (card is None and len(Path(model).parts) > 1):
        return load_checkpoint(Path(model), category)
    if card is None:
        names = ", ".join(one.name for one in shipped_models())
        raise InputError(f"{model}: no such model nor folder; models that come with partwise: {names}; or give a "
                         "checkpoint or the folder of a training run")
    card.check()
    return load_checkpoint(card.folder, category)


def check_file(path: Path, sha256: str) -> None:
    """Raise InputError where a file is missing or another than the one that was published."""
    if not path.is_file():
        raise InputError(f"{path}: is missing; install partwise again")
    if file_checksum(path) != sha256:
        raise InputError(f"{path}: is not the file that was published (its SHA-256 should be {sha256}); install "
                         "partwise again")


def file_checksum(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(name: str) -> str:
    """Chair, chair; StorageFurniture, storage-furniture."""
    return "".join(letter for letter in name.lower() if letter.isalnum())
