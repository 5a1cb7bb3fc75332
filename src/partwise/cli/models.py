"""``partwise models``: the models that come with partwise."""

from dataclasses import asdict, dataclass

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
        table = new_table(f"{len(cards)} models; scores in % on shapes that they have not seen",
                          ["model", "trained on", "licence"], ["preset", "steps", "level", "AP50", "mIoU"])
        for card in cards:
            first = [card.name, card.data, card.licence, card.preset, str(card.iterations)]
            for level, scores in card.scores.items():
                table.add_row(*first, level, *percent([scores["AP50"], scores["mIoU"]]))
                first = [""] * 5
            table.add_section()
        show(table)
        for tested_on in sorted({card.tested_on for card in cards}):
            print(f"tested on {tested_on}; AP50 under PartNet's protocol")
