"""Reading MTL files, the materials of OBJ files.

Our own reader, since what had to be left out must be said, and no more read than is used: trimesh's is silent about an
image that cannot be read, leaves opacity aside, and reads the images of all materials, each as often as it is named.
"""

import math
from collections.abc import Container, Iterable
from typing import Any

from trimesh.visual.material import PBRMaterial

from partwise.errors import InputError
from partwise.mesh.beside import Beside

_LONGEST = 1 << 24
"""Characters of a file; materials are a few hundred each."""


def materials_of(beside: Beside, files: Iterable[str], wanted: Container[str]) -> dict[str, PBRMaterial]:
    """The wanted materials of MTL files, by name; of several of one name the last.

    Colour, opacity, shininess and the image of the colour are kept; what cannot be read is a complaint of ``beside``.
    """
    found: dict[str, PBRMaterial] = {}
    images: dict[str, Any] = {}
    for file in dict.fromkeys(files):
        try:
            text = beside.get(file)[:_LONGEST].decode("utf-8-sig", errors="replace")
        except InputError:
            continue
        for name, values in _blocks(text).items():
            if name in wanted:
                found[name] = _material(name, values, beside, images)
    return found


def _blocks(text: str) -> dict[str, dict[str, str]]:
    """By material what follows each word, in lower case."""
    blocks: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        word, _, rest = line.strip().replace("\t", " ").partition(" ")
        if word.lower() == "newmtl":
            blocks[rest.strip()] = values = {}
        elif blocks:
            values[word.lower()] = rest.strip()
    return blocks


def _material(name: str, values: dict[str, str], beside: Beside, images: dict[str, Any]) -> PBRMaterial:
    colour = _numbers(values.get("kd", ""), [0.8, 0.8, 0.8], 1)
    opacity, = _numbers(values.get("d", ""), [1 - _numbers(values.get("tr", ""), [0.0], 1)[0]], 1)
    shininess, = _numbers(values.get("ns", ""), [0.0], 1000)
    image = _image(values["map_kd"], beside, images) if values.get("map_kd") else None
    if image is not None and not any(colour):
        colour = [1, 1, 1]  # exporters write black where the image says it all
    return PBRMaterial(name=name, baseColorFactor=[round(255 * share) for share in (*colour, opacity)],
                       baseColorTexture=image, metallicFactor=0.0, roughnessFactor=(2 / (shininess + 2)) ** 0.25,
                       alphaMode="OPAQUE" if opacity == 1 else "BLEND", doubleSided=True)


def _image(name: str, beside: Beside, images: dict[str, Any]) -> Any:
    """Pillow's image, each file once; None where it cannot be read."""
    if name not in images:
        try:
            images[name] = beside.image(beside.get(name), f"'{name}'")
        except InputError:
            images[name] = None
    return images[name]


def _numbers(text: str, usual: list[float], most: float) -> list[float]:
    """As many numbers as are usual, brought within [0, most]; the usual ones where they are not there."""
    try:
        found = [float(one) for one in text.split()[:len(usual)]]
    except ValueError:
        return usual
    there = len(found) == len(usual) and all(map(math.isfinite, found))
    return [min(max(one, 0.0), most) for one in found] if there else usual
