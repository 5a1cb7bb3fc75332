"""How a shape stands: the network knows shapes with y up and their front towards +z."""

from itertools import permutations, product
from typing import get_args

import numpy as np

from partwise.config import Up


def upright(up: Up) -> np.ndarray:
    """(3, 3) rotation about a horizontal axis, for column vectors, that turns the axis ``up`` to +y.

    z becomes y and -y becomes z, as from modelling programs with z up; x becomes y and -y becomes x.
    """
    rows = {"y": ("x", "y", "z"), "-y": ("x", "-y", "-z"), "z": ("x", "z", "-y"), "-z": ("x", "-z", "y"),
            "x": ("-y", "x", "z"), "-x": ("y", "-x", "z")}[up]
    return np.array([_axis(name) for name in rows])


def all_rotations() -> np.ndarray:
    """(24, 3, 3) all rotations that take axes to axes, the identity first."""
    signed = [np.array([_axis(name) for name in order]) * np.array(signs)[:, None]
              for order in permutations("xyz") for signs in product((1.0, -1.0), repeat=3)]
    return np.stack([one for one in signed if np.linalg.det(one) > 0])


def up_axis(rotation: np.ndarray) -> Up:
    """Which axis a rotation of ``all_rotations`` turns to +y."""
    return next(name for name in get_args(Up)[:-1] if np.array_equal(rotation @ _axis(name), _axis("y")))


def _axis(name: str) -> np.ndarray:
    return np.eye(3)["xyz".index(name[-1])] * (-1.0 if name[0] == "-" else 1.0)
