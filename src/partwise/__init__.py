"""3D part instance segmentation at three levels of detail."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partwise.errors import InputError
    from partwise.result.parts import LevelSegmentation, Part
    from partwise.result.segmentation import Segmentation
    from partwise.segmenter import Segmenter

__all__ = ["InputError", "LevelSegmentation", "Part", "Segmentation", "Segmenter"]
__version__ = "0.1.0"

_HOME = {"InputError": "partwise.errors", "LevelSegmentation": "partwise.result.parts", "Part": "partwise.result.parts",
         "Segmentation": "partwise.result.segmentation", "Segmenter": "partwise.segmenter"}


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``import partwise`` and ``partwise --help`` need no torch."""
    if name not in _HOME:
        raise AttributeError(f"module 'partwise' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)
