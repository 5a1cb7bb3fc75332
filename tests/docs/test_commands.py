"""Every command and every piece of Python on the pages does what it should: it runs."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path

import pytest

from partwise.cli import _parse, main
from tests.docs.changes import ELSEWHERE, INSTEAD, NEEDS, NOT_RUN, PYTHON_ELSEWHERE
from tests.docs.pages import PAGES, ROOT, Block, blocks_of, spans_of

RUN_HERE = [page for page in PAGES if blocks_of(page) and page.name not in ELSEWHERE]
BLOCKS = [block for page in PAGES for block in blocks_of(page)]
SHELL = [block for block in BLOCKS if block.language == "sh"]
_FOR_A_SHELL = re.compile(r"[|&;$<>]")
_OF_SEVERAL_LINES = re.compile(r"(for|while|if|cd) ")


def is_run(command: str) -> bool:
    return not command.strip().startswith(tuple(NOT_RUN))


def test_languages_are_known():
    assert {block.language for block in BLOCKS} <= {"sh", "python", "math", "yaml"}
    assert len(SHELL) > 50


def test_every_change_is_needed():
    commands = [command.strip() for block in SHELL for command in block.commands()]
    text = "\n".join(commands)
    assert [start for start in NOT_RUN if not any(one.startswith(start) for one in commands)] == []
    assert [old for old in INSTEAD if old not in text] == []
    for page, test in {**PYTHON_ELSEWHERE, **ELSEWHERE}.items():
        assert f"docs/{page}" in (ROOT / test).read_text()


@pytest.mark.parametrize("block", SHELL, ids=str)
def test_commands_of_partwise_are_parsed(block):
    """Quicker than running them, and those too that are not run."""
    for command in block.commands():
        for part in re.split(r"\||&&|;", command):
            words = shlex.split(part.partition(">")[0])
            if words[:1] == ["partwise"]:
                _parse(words[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_options_in_sentences_are_there(page, capsys):
    for span in spans_of(page):
        command = re.match(r"partwise ((?:prepare|export) [a-z]+|[a-z]+)", span)
        if command is None:
            assert span in ("partwise COMMAND --help", "partwise --help"), span
            continue
        with pytest.raises(SystemExit) as left:
            main([*command[1].split(), "--help"])
        printed = capsys.readouterr().out
        assert left.value.code == 0, span
        assert set(re.findall(r"--[a-z][\w.-]*", span)) <= set(re.findall(r"--[a-z][\w.-]*", printed)), span


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN_HERE, ids=lambda page: page.name)
def test_code_runs(page, brought, chair_data, trained, tmp_path, monkeypatch, capsys):
    folder = shutil.copytree(brought, tmp_path / "here")
    for name in NEEDS.get(page.name, ()):
        shutil.copytree({"data": chair_data, "runs": trained.parent}[name], folder / name)
    (folder / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(folder)
    names: dict[str, object] = {}
    for block in blocks_of(page):
        if block.language == "sh":
            run_shell(block)
        elif block.language == "python" and page.name not in PYTHON_ELSEWHERE:
            exec(compile(block.text, str(block), "exec"), names)


def run_shell(block: Block) -> None:
    """Plain commands of partwise in this process, which has loaded torch; everything else in a shell."""
    commands = [command for command in block.commands() if is_run(command)]
    for old, new in INSTEAD.items():
        commands = [command.replace(old, new) for command in commands]
    if any(_OF_SEVERAL_LINES.match(command) for command in commands):
        commands = ["\n".join(commands)]
    for command in commands:
        if _FOR_A_SHELL.search(command) or not command.startswith("partwise "):
            run_in_shell(block, command)
        else:
            words = [match for word in shlex.split(command)[1:] for match in sorted(glob(word)) or [word]]
            assert main(words) == 0, f"{block}: {command}"


def run_in_shell(block: Block, script: str) -> None:
    programs = Path.cwd().parent / "bin"
    programs.mkdir(exist_ok=True)
    for name, arguments in (("partwise", "-m partwise"), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n')
        (programs / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-e", "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{block}:\n{script}\n{done.stdout}\n{done.stderr}"
