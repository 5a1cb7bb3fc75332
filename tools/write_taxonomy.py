"""Restate PartNet's lists (its repository's ``stats`` folder) as partwise's own taxonomy files.

Run: python tools/write_taxonomy.py STATS_DIR
"""

import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src" / "partwise" / "taxonomy"


def lines(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines() if line.strip()]


def category(stats: Path, name: str) -> dict:
    levels = {}
    for number in (1, 2, 3):
        path = stats / "after_merging_label_ids" / f"{name}-level-{number}.txt"
        if path.is_file():
            levels[str(number)] = [part for _, part, _ in lines(path)]
    merging = dict(lines(stats / "merging_hierarchy_mapping" / f"{name}.txt"))
    return {"levels": levels, "merging": merging}


def split(stats: Path, name: str, part: str) -> list[int]:
    records = json.loads((stats / "train_val_test_split" / f"{name}.{part}.json").read_text())
    return sorted(int(record["anno_id"]) for record in records)


def main() -> None:
    stats = Path(sys.argv[1])
    names = sorted(path.stem for path in (stats / "merging_hierarchy_mapping").glob("*.txt"))
    taxonomy = {name: category(stats, name) for name in names}
    (TARGET / "categories.json").write_text(json.dumps(taxonomy, indent=1) + "\n")
    splits = {name: {part: split(stats, name, part) for part in ("train", "val", "test")} for name in names}
    (TARGET / "splits.json").write_text(json.dumps(splits, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
