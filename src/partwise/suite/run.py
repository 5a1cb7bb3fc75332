"""The loop over categories: what fails is noted, the others go on."""

import time
from collections.abc import Callable, Mapping, Sequence

from partwise.data.prepare import notice
from partwise.errors import InputError, TrainingError
from partwise.suite.category import Plan
from partwise.suite.data import CategoryData


def run_categories(plan: Plan, data: Sequence[CategoryData], works: Mapping[str, int],
                   tell: Callable[[str], None]) -> dict[str, str]:
    """Do what is not done of each category; return a message for each that failed, which goes to stderr at once too.

    works : cost of each category, for the time left
    tell : called with a line for people after each category
    """
    failures: dict[str, str] = {}
    clock = _Clock(dict(works))
    for place, one in enumerate(data, 1):
        clock.start()
        try:
            steps = plan.run(one)
        except (InputError, TrainingError, OSError) as error:
            notice(f"failed: {one.category}: {error}")
            failures[one.category] = str(error)
            steps = ["failed"]
        seconds = clock.stop(one.category, bool(steps))
        done = f"{' and '.join(steps)} in {duration(seconds)}" if steps else "done before"
        tell(f"[{place}/{len(data)}] {one.category}: {done}{clock.left()}")
    return failures


class _Clock:
    """Foretells the time of what is to come from that of what was done; categories done before count for neither."""

    def __init__(self, works: dict[str, int]) -> None:
        self._to_come, self._done, self._seconds = works, 0, 0.0

    def start(self) -> None:
        self._since = time.monotonic()

    def stop(self, category: str, worked: bool) -> float:
        """Seconds since the start."""
        seconds = time.monotonic() - self._since
        cost = self._to_come.pop(category)
        if worked:
            self._done, self._seconds = self._done + cost, self._seconds + seconds
        return seconds

    def left(self) -> str:
        rest = sum(self._to_come.values())
        return f"; about {duration(self._seconds * rest / self._done)} left" if rest and self._done else ""


def duration(seconds: float) -> str:
    """A time as people say it, such as 40 s, 12 min or 3.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
