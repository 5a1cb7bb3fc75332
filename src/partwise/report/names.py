"""Names shortened to what tells them apart."""

from collections.abc import Sequence


def short_names(names: Sequence[str]) -> list[str]:
    """Each name's last elements between slashes, as few as make it another than those of all other names."""
    return [_shortest(name, [other for other in names if other != name]) for name in names]


def _shortest(name: str, others: Sequence[str]) -> str:
    elements = name.split("/")
    tails = ("/".join(elements[start:]) for start in range(len(elements) - 1, -1, -1))
    return next((tail for tail in tails if not any(f"/{other}".endswith(f"/{tail}") for other in others)), name)
