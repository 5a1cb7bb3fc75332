"""What the pages say is true; tests/docs runs their code and builds the site."""

import re

import numpy as np
import pytest

from partwise.cli import main
from partwise.cli.train import train_defaults
from partwise.synth.benchmark import bench_categories
from partwise.synth.parts import part_tree
from partwise.taxonomy import load_taxonomy
from tests.docs.pages import PAGES, ROOT


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).is_file()] == []


def test_the_example_category_makes_a_stool():
    code = re.search(r"```python\n(.*?)```", (ROOT / "docs/procedural-world.md").read_text(), re.S)
    names = {}
    exec(code[1], names)
    parts = names["stool"](np.random.default_rng(0))
    nodes, leaf_ids = part_tree(parts, load_taxonomy("Chair"))
    assert len(parts) == len(set(leaf_ids)) == 5
    assert sum(node["part_name"].endswith("/leg") for node in nodes) == 4
    low, high = (np.concatenate([part.mesh.vertices for part in parts]).min(0),
                 np.concatenate([part.mesh.vertices for part in parts]).max(0))
    assert (low[1], high[1]) == pytest.approx((0, 0.475))
    assert low[0] == pytest.approx(-high[0])


def test_the_benchmark_table_is_the_benchmark():
    text = (ROOT / "docs/procedural-world.md").read_text()
    rows = {row[0]: [cell.strip("` ") for cell in row[1:]] for row in (
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.endswith("` |"))}
    for category, bench in bench_categories().items():
        assert rows[category] == [str(bench.seed), *(str(count) for count in bench.counts.values()),
                                  bench.labels["test"][:12]]


MOVING_OVER = (ROOT / "docs/from-the-released-program.md").read_text()
COMMAND_OF_SECTION = {"Data": "prepare tfrecord", "Weights": "convert"}


def moving_over_options() -> set[tuple[str, str]]:
    """Every option of ours that the page names, with its command: as written before it, else that of the section."""
    found = set()
    for section in MOVING_OVER.split("\n## ")[1:]:
        usual = COMMAND_OF_SECTION.get(section.partition("\n")[0], "train")
        spans = re.findall(r"^ *(partwise .*?)(?: *#.*)?$", section, re.M)
        spans += re.findall(r"(?<!`)`((?:--|partwise )[^`]+)`", section)
        for span in spans:
            command = re.match(r"partwise ((?:prepare|export) \w+|\w+)", span)
            found |= {(command[1] if command else usual, option) for option in re.findall(r"--[a-z][\w.-]*", span)}
    return found


def test_moving_over_names_options_that_there_are(capsys):
    named = moving_over_options()
    assert len(named) > 45
    for command in {command for command, _ in named}:
        with pytest.raises(SystemExit):
            main([*command.split(), "--help"])
        there = set(re.findall(r"--[a-z][\w.-]*", capsys.readouterr().out))
        assert {option for where, option in named if where == command} - there == set(), command


def test_all_categories_names_options_and_files_that_there_are(capsys):
    text = (ROOT / "docs/all-categories.md").read_text()
    with pytest.raises(SystemExit):
        main(["benchmark", "--help"])
    there = set(re.findall(r"--[a-z][\w.-]*", capsys.readouterr().out))
    named = set(re.findall(r"--[a-z][\w.-]*", text))
    assert named - there == {"--category", "--resume", "--devices"}  # which the page says that there are not
    assert len(named) > 12


def published_value(option: str) -> list[str]:
    """The paper preset's value of an option of ``partwise train``, as words."""
    value = train_defaults(["--preset", "paper"])
    for name in option.removeprefix("--").replace("-", "_").split("."):
        value = getattr(value, name)
    values = value if isinstance(value, tuple) else (value,)
    return ["all" if one is None else "on" if one is True else f"{one:g}" if isinstance(one, (int, float)) else one
            for one in values]


def test_moving_over_tells_the_defaults():
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in MOVING_OVER.splitlines()]
    rows = [row for row in rows if len(row) == 4 and row[3] and re.search("(^|; )`--", row[2])]
    assert len(rows) == 16
    for _, _, ours, default in rows:
        told = [f"{float(word):g}" if re.match(r"\d", word) else word for word in re.findall(r"[\w.-]+", default)]
        options = [option for option in re.findall(r"`(--[\w.-]+)`", ours) if ".no-" not in option]
        wanted = [word for option in options for word in published_value(option)]
        assert told in (wanted, list(dict.fromkeys(wanted))), ours  # one word may stand for several equal defaults
