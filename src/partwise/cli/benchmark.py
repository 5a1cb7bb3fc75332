"""``partwise benchmark``."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro
from tyro.conf import Fixed, SuppressFixed

from partwise.cli.benchmark_tables import show_results
from partwise.cli.train import Train, preset_values
from partwise.config import Protocol
from partwise.suite.scores import Metric, Score

if TYPE_CHECKING:
    from partwise.suite.data import CategoryData


@dataclass(frozen=True)
class Settings(Train):
    """Options of `partwise train`, for --train. Those of one run alone are filled in for each category."""

    data: Fixed[Path] = Path()
    category: Fixed[str] = ""
    out: Fixed[Path] = Path()
    finetune: Fixed[str | None] = None
    taxonomy: Fixed[Path | None] = None
    resume: Fixed[bool] = False
    devices: Fixed[int] = 1


@dataclass(frozen=True)
class Benchmark:
    """Prepare, train and test many categories one after the other, and make one table of their results.

    Each step is done where it is not done yet: the same command again goes on after an interruption, with a training
    where it was saved. A category that fails is named at the end, and the others go on. OUT gets a folder a category,
    a training run with its evaluation in it, and the table of all results in OUT, whoever wrote them, as table.csv,
    table.json, table.tex and table.html. Without --data only the table is made.

    The options of `partwise train` stand after those of this command; they need --train.
    """

    out: Path
    """Folder for the runs, OUT/<Category>, their evaluations, OUT/<Category>/test, and the tables."""
    settings: Annotated[Settings, tyro.conf.arg(name=""), SuppressFixed]
    data: Path | None = None
    """Folder of a folder a category, each with PartNet's files (ins_seg_h5) or with stores."""
    categories: tuple[str, ...] = ("all",)
    """Categories, such as Chair Table; all: those that are found."""
    train: bool = False
    """Train too; else what is tested must be there."""
    models: Path | None = None
    """Test these: a folder with a model a category, MODELS/<Category>, or `shipped` for those that come with partwise.
    The runs in OUT if not given."""
    stores: Path | None = None
    """Folder for the stores made of PartNet's files; OUT/stores if not given."""
    split: str = "test"
    """Split to test on."""
    limit: int | None = None
    """Number of shapes of each category to test on, from the start; all if not given."""
    shard: str | None = None
    """Do the share of one of several machines, such as 2/4 on the second of four. All need the same data and options;
    the shares are equal in shapes that go through the network."""
    metric: tuple[Metric, ...] = ("AP50",)
    """Scores to show and to write as LaTeX; CSV, JSON and HTML hold all."""
    protocol: tuple[Protocol, ...] = ("partnet", "released")
    """Protocols to show: points labelled other stay, or are left out as in the released program."""
    json: bool = False
    """Print what table.json holds, for programs, instead of tables."""

    def run(self) -> None:
        """Do what is to be done, write the tables, print them, and name what failed."""
        from partwise.errors import InputError
        from partwise.suite.data import find_data
        from partwise.suite.results import read_results, with_results
        from partwise.suite.write import to_json, write_tables

        self._check()
        found = {} if self.data is None else find_data(self.data)
        names = self._names([*found, *with_results(self.out, self.split)])
        failures = self._run([found[name] for name in names if name in found]) if self.data else {}
        results = read_results(self.out, names, self.split, failures)
        tables = [results.table(Score(metric, protocol)) for metric in self.metric for protocol in self.protocol]
        paths = write_tables(self.out, results, tables)
        if self.json:
            print(to_json(results), end="")
        else:
            show_results(results, tables)
            print(f"tables: {', '.join(map(str, paths))}")
        if failures:
            raise InputError(f"{len(failures)} of {len(names)} categories failed: {', '.join(failures)}; the others "
                             "are done, and the same command tries again")

    def _check(self) -> None:
        from partwise.errors import InputError

        self.settings.check()
        if self.train and self.models is not None:
            raise InputError("--train and --models: what is trained is what is tested; leave one of them out")
        if self.data is None and (self.train or self.models or self.shard):
            raise InputError("--train, --models and --shard need --data, the shapes to work on")
        usual = Settings(**preset_values(["--preset", "default"]))
        if not self.train and replace(self.settings, device="auto") != usual:
            raise InputError("options of training, such as --preset, do nothing without --train; add it or leave them "
                             "out")

    def _names(self, found: Sequence[str]) -> list[str]:
        """The categories of the table; InputError for one that is unknown, or neither in the data nor in OUT."""
        from partwise.errors import InputError
        from partwise.taxonomy import load_taxonomy

        if self.categories == ("all",):
            if not found:
                raise InputError(f"{self.out}: holds no results on {self.split} yet; name shapes to test with --data")
            return sorted(set(found))
        for name in self.categories:
            load_taxonomy(name)
            if name not in found:
                raise InputError(f"{name}: is neither in {self.data or 'data (no --data)'} nor has results in "
                                 f"{self.out}; there are {', '.join(sorted(set(found))) or 'none'}")
        return sorted(set(self.categories))

    def _run(self, data: "Sequence[CategoryData]") -> dict[str, str]:
        from partwise.files import make_folder
        from partwise.nn.memory import keep_freed_memory
        from partwise.suite.category import Plan
        from partwise.suite.run import run_categories
        from partwise.suite.shards import work

        training = self.settings if self.train else None
        works = {one.category: work(one, training, self.split, self.limit) for one in data}
        works = self._share(works)
        plan = Plan(make_folder(self.out), self.stores or self.out / "stores", self.models, training, self.split,
                    self.limit, self.settings.device)
        keep_freed_memory()
        try:
            return run_categories(plan, [one for one in data if one.category in works], works, _tell)
        except KeyboardInterrupt:
            print("stopped; what is done is kept, and the same command goes on", file=sys.stderr)
            raise

    def _share(self, works: Mapping[str, int]) -> dict[str, int]:
        """What this machine is to do."""
        from partwise.suite.shards import parse_shard, shard

        if self.shard is None:
            return dict(works)
        chosen = shard(works, *parse_shard(self.shard))
        _tell(f"share {self.shard}: {', '.join(chosen) or 'nothing'}")
        return {name: works[name] for name in chosen}


def benchmark_defaults(arguments: Sequence[str]) -> Benchmark:
    """The command's defaults, those of training from the preset that the arguments name."""
    missing: Any = tyro.MISSING
    return Benchmark(out=missing, settings=Settings(**preset_values(arguments)))


def _tell(line: str) -> None:
    """A line on how far the work is, for people."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr)
