"""The command line: one file a command, each a dataclass whose fields are the options."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import tyro
from tyro.conf import OmitSubcommandPrefixes, subcommand

from partwise.cli.evaluate import Evaluate
from partwise.cli.inspect import Inspect
from partwise.cli.prepare import Annotations, Partnet
from partwise.cli.score import Score
from partwise.cli.segment import Segment
from partwise.cli.toy import Toy
from partwise.cli.train import Train, train_defaults
from partwise.errors import InputError, TrainingError


@dataclass(frozen=True)
class Prepare:
    """Turn PartNet's files into the stores that training and testing read."""

    source: Annotated[Partnet, subcommand("partnet")] | Annotated[Annotations, subcommand("annotations")]

    def run(self) -> None:
        self.source.run()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 for unusable input, 2 for a wrong command line, 130 for Ctrl-C."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    commands = (Annotated[Toy, subcommand("toy")] | Annotated[Prepare, subcommand("prepare")]
                | Annotated[Inspect, subcommand("inspect")]
                | Annotated[Train, subcommand("train", default=train_defaults(arguments))]
                | Annotated[Evaluate, subcommand("evaluate")] | Annotated[Score, subcommand("score")]
                | Annotated[Segment, subcommand("segment")])
    command = tyro.cli(commands, prog="partwise", args=arguments, config=(OmitSubcommandPrefixes,),
                       description="3D part instance segmentation at three levels of detail.")
    try:
        command.run()
    except (InputError, TrainingError) as error:
        print(f"partwise: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("partwise: interrupted", file=sys.stderr)
        return 130
    return 0
