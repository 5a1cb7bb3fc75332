"""What the page asks for, checked: nothing that it sends is taken on trust."""

import math
from collections.abc import Collection, Mapping
from typing import Any, get_args

from aiohttp import web

from partwise.app.analysis import Analysis, Settings, split_by_grouping
from partwise.app.corrections import merge, reclass, split_connected
from partwise.config import Up
from partwise.errors import InputError
from partwise.result.segmentation import Segmentation

MOST_POINTS = 1_000_000


def settings_of(body: Mapping[str, Any], models: Collection[str]) -> Settings:
    """Settings from what the page sent; InputError for what it cannot have meant.

    models : names of those that may be asked for
    """
    model, bandwidth, points = body.get("model"), body.get("bandwidth"), body.get("points")
    if model is not None and model not in models:
        raise InputError(f"category: found {model!r}, expected one of {', '.join(models)}, or none to recognise it")
    if bandwidth is not None and not (_is_number(bandwidth) and 0 < bandwidth < math.inf):
        raise InputError(f"bandwidth: found {bandwidth!r}, expected a positive number")
    if points is not None and not (_is_number(points) and points == int(points) and 1 <= points <= MOST_POINTS):
        raise InputError(f"points: found {points!r}, expected a whole number from 1 to {MOST_POINTS:,}")
    up = next((one for one in get_args(Up) if one == body.get("up")), None)
    if up is None:
        raise InputError(f"up: found {body.get('up')!r}, expected one of {', '.join(get_args(Up))}")
    return Settings(model, bandwidth, None if points is None else int(points), up)


def corrected(shown: Analysis, body: Mapping[str, Any]) -> Segmentation:
    """The correction that the page asks for: ``what`` to do, ``level``, ``parts``, and ``class``."""
    what, level, parts = body.get("what"), body.get("level"), body.get("parts")
    if not (isinstance(level, int) and isinstance(parts, list) and parts
            and all(isinstance(one, int) for one in parts)):
        raise InputError("a correction names a level and at least one part")
    if what == "merge":
        return merge(shown.found, level, parts)
    if what == "reclass":
        return reclass(shown.found, level, parts[0], str(body.get("class")))
    if what == "split into pieces":
        return split_connected(shown.found, level, parts[0])
    if what == "split by grouping":
        return split_by_grouping(shown, level, parts[0])
    raise InputError(f"{what!r} is no correction; known are merge, reclass, split into pieces, split by grouping")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


async def body_of(request: web.Request) -> dict[str, Any]:
    """The JSON object that a request carries; InputError where it is none."""
    try:
        body = await request.json()
    except ValueError as error:
        raise InputError(f"the request is not valid JSON ({error})") from error
    if not isinstance(body, dict):
        raise InputError("the request is no JSON object")
    return body
