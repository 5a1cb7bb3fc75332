"""3D part instance segmentation at three levels of detail."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partwise.errors import InputError
    from partwise.segmenter import Segmenter

__all__ = ["InputError", "Segmenter"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import on first use, so that ``import partwise`` and ``partwise --help`` need no torch."""
    if name == "Segmenter":
        from partwise.segmenter import Segmenter
        return Segmenter
    if name == "InputError":
        from partwise.errors import InputError
        return InputError
    raise AttributeError(f"module 'partwise' has no attribute '{name}'")
