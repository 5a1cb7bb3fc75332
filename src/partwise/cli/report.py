"""``partwise report``."""

from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional


@dataclass(frozen=True)
class Report:
    """Make one HTML page of a training run and its evaluations: curves, scores, confusions, pictures, settings.

    The page needs nothing beside itself: mail it, print it, open it anywhere. Pictures of the best and the worst
    shapes need partwise[render].
    """

    run_folder: Positional[Path]
    """Folder of a training run, with the evaluations that lie in or beside it, or of one evaluation."""
    out: Path | None = None
    """Page to write; report.html in the folder if not given."""

    def run(self) -> None:
        """Read, write the page, and say where it is and what it lacks."""
        from partwise.report import read_run, report, write_page

        run = read_run(self.run_folder)
        path = self.run_folder / "report.html" if self.out is None else self.out
        write_page(path, report(run))
        for sentence in run.missing:
            print(f"missing: {sentence}")
        print(f"page: {path}")
