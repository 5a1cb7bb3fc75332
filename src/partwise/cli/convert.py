"""``partwise convert``: weights of the released TensorFlow program as a checkpoint of ours."""

from dataclasses import dataclass
from pathlib import Path

from tyro.conf import Positional


@dataclass(frozen=True)
class Convert:
    """Turn a checkpoint of the released TensorFlow program into a model that every other command takes.

    TensorFlow is not needed. Every variable of the network is used exactly once; the optimizer's are left out.
    """

    checkpoint: Positional[Path]
    """Prefix of the checkpoint, such as model/iter100000.ckpt for the file model/iter100000.ckpt.index, or a folder
    with a file named checkpoint, which names one."""
    category: str
    """PartNet category that it was trained on, such as Chair."""
    out: Path
    """Folder to write; it must not hold anything."""
    predicts_other: bool = False
    """It was trained with delete_0 off, and so has learnt which points are other."""
    json: bool = False
    """Print what was converted as JSON."""

    def run(self) -> None:
        """Convert, and tell what was found."""
        import json
        from dataclasses import asdict

        from partwise.released.weights import convert

        found = convert(self.checkpoint, self.category, self.out, self.predicts_other)
        checkpoint, network = found.checkpoint, found.checkpoint.config.network
        if self.json:
            print(json.dumps({"checkpoint": str(self.checkpoint), "out": str(self.out), "category": self.category,
                              "iteration": checkpoint.iteration, "variables": found.used, "ignored": found.ignored,
                              "network": asdict(network)}))
            return
        print(f"{self.out}: {self.category}, {checkpoint.iteration} iterations; {found.used} variables of a network of "
              f"depth {network.depth} and {', '.join(map(str, network.channels))} channels; {len(found.ignored)} "
              "variables of the optimizer left out")
