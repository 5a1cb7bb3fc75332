"""What the pages say is true: links lead somewhere, code runs."""

import re
from pathlib import Path

import numpy as np
import pytest

from partwise.synth.benchmark import bench_categories
from partwise.synth.parts import part_tree
from partwise.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert targets
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
