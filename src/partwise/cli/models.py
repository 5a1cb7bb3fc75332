"""``partwise models``: the models that come with partwise."""

from dataclasses import asdict, dataclass
from math import nan

from partwise.cli.tables import new_table, percent, show


@dataclass(frozen=True)
class Models:
    """List the models that come with partwise: what they were trained on, how good they are, and their licence.

    Use one by its name: `partwise segment chair.glb --model chair --out parts`.
    """

    json: bool = False
    """Print everything as JSON, with the checksums of the files."""

    def run(self) -> None:
        """Print the list."""
        import json

        from partwise.models import shipped_models

        cards = shipped_models()
        if self.json:
            print(json.dumps([asdict(card) for card in cards], indent=2))
            return
        levels = ("1", "2", "3")
        table = new_table(f"{len(cards)} models; AP50 and mIoU in % at levels 1, 2, 3, of shapes they have not seen",
                          ["model"], [f"{score} {level}" for score in ("AP50", "mIoU") for level in levels])
        for card in cards:
            table.add_row(card.name, *percent(card.scores[level][score] if level in card.scores else nan
                                              for score in ("AP50", "mIoU") for level in levels))
        show(table)
        for card in cards:
            print(f"{card.name}: {card.licence}; preset {card.preset}, {card.iterations} steps on {card.data}")
        for tested_on in sorted({card.tested_on for card in cards}):
            print(f"tested on {tested_on}; AP50 under PartNet's protocol; - where a category has no such level")
