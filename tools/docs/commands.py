"""What the page of commands shows of a command, from what `partwise COMMAND --help` prints, so that it is never old."""

import os
import re
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, field
from io import StringIO

from partwise.cli import main

_RULE = re.compile("-{20,}")
_ENDING = re.compile(r" \((?:default: (.*)|(required))\)$")
_SWITCH = {"True": "on", "False": "off"}


@dataclass
class Option:
    """name : as the help shows it, such as "--out PATH"; text : what it does, and its default."""

    name: str
    text: str = ""

    def row(self) -> str:
        """Of a Markdown table: its names and default, and what it does."""
        # [[PATH [PATH ...]]] and [PATH [PATH ...]] stand for one or more, {None}|INT for a value that may be left out
        name = re.sub(r"\[+(.+?) \[.*\]$", r"\1 ...", self.name.replace("{None}|", ""))
        ending = _ENDING.search(self.text)
        default = (ending[1] or ending[2] or "") if ending else ""
        lines = [f"`{one}`" for one in name.split(", ")]
        if default not in ("", "None"):
            lines.append(default if default == "required" else f"default: {_SWITCH.get(default, default)}")
        return f"| {'<br>'.join(lines)} | {_escaped(_ENDING.sub('', self.text))} |"


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "&#124;")


@dataclass
class Group:
    """Options that the help shows under one title."""

    title: str
    options: list[Option] = field(default_factory=list)

    def table(self) -> str:
        """The options in Markdown, with their title unless it says nothing."""
        rows = [one.row() for one in self.options if not one.name.startswith("-h,")]
        positional = self.title == "positional arguments"
        title = "" if positional or self.title == "options" else f"**{self.title.capitalize()}**\n\n"
        head = "argument" if positional else "option"
        return "\n".join([f"{title}| {head} | |", "|---|---|", *rows]) if rows else ""


def help_of(command: str) -> str:
    """What ``partwise COMMAND --help`` prints: one column, no boxes, since StringIO has no encoding to draw them in."""
    printed, before = StringIO(), os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "100"
    try:
        with redirect_stdout(printed), suppress(SystemExit):
            main([*command.split(), "--help"])
    finally:
        del os.environ["COLUMNS"]
        if before is not None:
            os.environ["COLUMNS"] = before
    return printed.getvalue()


def groups_of(text: str) -> list[Group]:
    """The groups of a help text: a title over a rule, and options, whose texts stand beside them or indented below.

    A second rule ends a description of the group, which is not kept.
    """
    groups: list[Group] = []
    before = ""
    for line in text.splitlines():
        inside = line.strip()
        if _RULE.fullmatch(inside):
            if before.endswith(("options", "arguments", "subcommands")):
                groups.append(Group(before))
            else:
                groups[-1].options.clear()
        elif groups and re.match(r" {2,3}\S", line):
            name, _, beside = inside.partition("  ")
            groups[-1].options.append(Option(name, beside.strip()))
        elif line.startswith("   ") and groups and groups[-1].options:  # titles have one space before them
            groups[-1].options[-1].text = f"{groups[-1].options[-1].text} {inside}".strip()
        before = inside
    return groups


def command_section(command: str) -> str:
    """What a command does, and its options, in Markdown; ValueError where there is no such command."""
    text = help_of(command)
    start, _, rest = text.partition("\n\n")
    if not start.startswith(f"usage: partwise {command} "):
        raise ValueError(f"there is no command 'partwise {command}'")
    description = re.split(r"\n {1,2}\S.*\n *-{20,}", rest)[0].strip()
    return "\n\n".join([_escaped(description), *filter(None, (one.table() for one in groups_of(text)))])
