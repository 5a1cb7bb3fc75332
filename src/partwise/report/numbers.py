"""Numbers as people read them, and the marks of an axis."""

import math

MISSING = "-"
"""Stands for a number that is not defined."""
_ALIKE = 1e-9
"""Numbers that differ by a smaller share are the same to an axis."""


def percent(value: float) -> str:
    """A share in per cent with one decimal."""
    return MISSING if math.isnan(value) else f"{100 * value:.1f}"


def difference(value: float, first: float) -> str:
    """How much a share is above or below the first, in per cent of all, with its sign; nothing where undefined."""
    return "" if math.isnan(value - first) else f"{100 * (value - first):+.1f}"


def short(value: float) -> str:
    """A number of any size in few digits, such as 12k, 0.003 or 5e-06."""
    if not math.isfinite(value):
        return MISSING
    if abs(value) >= 1000 and value == round(value, -2):
        return f"{value / 1000:g}k"
    return f"{value:.4g}"


def count(value: object) -> str:
    """A whole number with its thousands set apart."""
    return f"{value:,.0f}" if isinstance(value, int | float) else MISSING


def seconds(value: float) -> str:
    """A time to three digits."""
    return MISSING if math.isnan(value) else f"{value:.3g}"


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """About ``count`` round numbers, evenly spaced, the first at most ``low``, the last at least ``high``."""
    size = max(abs(low), abs(high)) or 1
    if high - low < _ALIKE * size:
        low, high = low - size / 2, high + size / 2
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 1 - math.floor(math.log10(step))) for number in range(first, last + 1)]


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten around two positive numbers."""
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    return [10.0 ** power for power in range(first, max(last, first + 1) + 1)]
