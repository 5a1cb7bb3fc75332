"""The command line: one file a command, each a dataclass whose fields are the options."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

import tyro
from tyro.conf import OmitSubcommandPrefixes, subcommand

from partwise.cli.benchmark import Benchmark, benchmark_defaults
from partwise.cli.compare import Compare
from partwise.cli.convert import Convert
from partwise.cli.evaluate import Evaluate
from partwise.cli.export import Onnx, Records
from partwise.cli.inspect import Inspect
from partwise.cli.models import Models
from partwise.cli.prepare import Annotations, Partnet, Results, Tfrecord
from partwise.cli.render import Render
from partwise.cli.report import Report
from partwise.cli.score import Score
from partwise.cli.segment import Segment
from partwise.cli.synth import Synth
from partwise.cli.train import Train, train_defaults
from partwise.cli.view import View
from partwise.errors import InputError, TrainingError


class Command(Protocol):
    """What every command is."""

    def run(self) -> None: ...


@dataclass(frozen=True)
class Prepare:
    """Turn PartNet's files, the released program's, or results of your own into the stores that training reads."""

    source: (Annotated[Partnet, subcommand("partnet")] | Annotated[Annotations, subcommand("annotations")]
             | Annotated[Tfrecord, subcommand("tfrecord")] | Annotated[Results, subcommand("results")])

    def run(self) -> None:
        self.source.run()


@dataclass(frozen=True)
class Export:
    """Write models and data in the forms of other programs."""

    form: Annotated[Onnx, subcommand("onnx")] | Annotated[Records, subcommand("tfrecord")]

    def run(self) -> None:
        self.form.run()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    0: done; 1: unusable input or a failed training; 2: a wrong command line; 130: Ctrl-C; 141: the reader of
    standard output went away.
    """
    try:
        _parse(sys.argv[1:] if arguments is None else list(arguments)).run()
    except (InputError, TrainingError) as error:
        print(f"partwise: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("partwise: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # such as `partwise inspect ... | head`; Python would complain once more when it closes the stream
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        print(f"partwise: {error}", file=sys.stderr)  # such as a full disk; the message names the file
        return 1
    return 0


def _parse(arguments: Sequence[str]) -> Command:
    commands = (Annotated[Synth, subcommand("synth")]
                | Annotated[Prepare, subcommand("prepare")]
                | Annotated[Inspect, subcommand("inspect")]
                | Annotated[Train, subcommand("train", default=train_defaults(arguments))]
                | Annotated[Evaluate, subcommand("evaluate")]
                | Annotated[Benchmark, subcommand("benchmark", default=benchmark_defaults(arguments))]
                | Annotated[Score, subcommand("score")]
                | Annotated[Report, subcommand("report")] | Annotated[Compare, subcommand("compare")]
                | Annotated[Segment, subcommand("segment")] | Annotated[View, subcommand("view")]
                | Annotated[Convert, subcommand("convert")] | Annotated[Export, subcommand("export")]
                | Annotated[Models, subcommand("models")] | Annotated[Render, subcommand("render")])
    command: Command = tyro.cli(commands, prog="partwise", args=arguments, config=(OmitSubcommandPrefixes,),
                                description="3D part instance segmentation at three levels of detail.")
    return command
