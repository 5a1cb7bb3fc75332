"""Where the network runs."""

import torch

from partwise.config import Device
from partwise.errors import InputError


def choose_device(name: Device) -> torch.device:
    """The torch device of a name; auto takes a CUDA GPU where there is one. InputError if it is not there."""
    available = torch.cuda.is_available()
    if name == "cuda" and not available:
        raise InputError("device cuda is not available here; choose cpu or auto")
    return torch.device("cuda" if available and name != "cpu" else "cpu")
