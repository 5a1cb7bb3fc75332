"""Headboards and footboards: panels, cushions, bars in a frame, shelves. Each is one mesh, as PartNet merges them."""

import numpy as np
from numpy.random import Generator

from partwise.mesh import Mesh
from partwise.synth.chance import pick
from partwise.synth.placing import join, move, turn
from partwise.synth.solids import ball, beam, box, rod, rounded_box, sheet, smooth, torus, tube


def headboard(random: Generator, width: float, low: float, high: float, wings: bool = True) -> Mesh:
    """A board between the heights ``low`` and ``high`` behind z = 0; with ``wings`` it may be wider than ``width``."""
    make = pick(random, {_panel: 3, _arched: 2, _upholstered: 3, _framed: 2, _bars: 2.5, _wire: 1.2, _shelves: 1,
                         _winged: 0.8 * wings})
    mesh = make(random, width, high - low)
    before = mesh.vertices[np.abs(mesh.vertices[:, 0]) < 0.4 * width]  # wings may reach forward beside the mattress
    return move(mesh, (0, low, -before[:, 2].max() if len(before) else 0))


def footboard(random: Generator, width: float, low: float, high: float) -> Mesh:
    """Likewise before z = 0."""
    make = pick(random, {_panel: 4, _arched: 1.5, _framed: 2, _bars: 2, _wire: 1, _upholstered: 1})
    mesh = make(random, width, high - low)
    return move(mesh, (0, low, -mesh.vertices[:, 2].min()))


def _panel(random: Generator, width: float, height: float) -> Mesh:
    thick = random.uniform(0.025, 0.08)
    board = move(box((width, height, thick), 0.1 * thick), (0, height / 2, 0))
    if random.random() < 0.3:  # horizontal planks before it
        count = int(random.integers(2, 5))
        plank = box((0.94 * width, 0.9 * height / count, 0.02), 0.004)
        return join(board, *(move(plank, (0, (n + 0.5) * height / count, thick / 2)) for n in range(count)))
    if random.random() < 0.25:
        return join(board, move(box((width + 0.06, 0.04, thick + 0.03), 0.008), (0, height, 0)))
    return board


def _outline(random: Generator, width: float, height: float, steps: int = 25) -> tuple[np.ndarray, np.ndarray]:
    """x, and the upper edge's height: an arch, a camel back, scallops or a cut-away arch."""
    x = np.linspace(-1, 1, steps)
    form = pick(random, {"arch": 3, "camel": 2, "crown": 1, "dip": 0.3})
    edge = {"arch": np.sqrt(np.maximum(1 - 0.95 * x**2, 0)), "camel": 0.5 + 0.5 * np.cos(np.pi * x),
            "crown": np.exp(-(3 * x) ** 2), "dip": x**2}[form]
    rise = random.uniform(0.15, 0.45)
    return x * width / 2, height * (1 - rise + rise * edge / max(edge.max(), 1e-9))


def _arched(random: Generator, width: float, height: float) -> Mesh:
    """A board whose upper edge is curved, seldom with a moulding along it."""
    x, edge = _outline(random, width, height)
    share = np.linspace(0, 1, 5)
    grid = np.stack([np.stack([x, edge * part, 0 * x], 1) for part in share])
    board = sheet(grid, random.uniform(0.03, 0.08))
    if random.random() < 0.5:
        return join(board, tube(np.stack([x, edge, 0 * x], 1), random.uniform(0.02, 0.04)))
    return board


def _upholstered(random: Generator, width: float, height: float) -> Mesh:
    """A soft board: one block, upright or square cushions, or tufted with buttons."""
    thick = random.uniform(0.06, 0.14)
    form = pick(random, {"block": 3, "columns": 2, "tiles": 1, "tufted": 1})
    block = move(rounded_box((width, height, thick), 0.4 * thick, 3), (0, height / 2, 0))
    if form == "block":
        return block
    if form == "tufted":
        return join(block, *(move(ball(0.018, 6), (x * width, y * height, thick / 2))
                             for y in np.linspace(0.45, 0.85, 3) for x in np.linspace(-0.42, 0.42, 6)))
    columns, rows = int(random.integers(2, 7)), 1 if form == "columns" else int(random.integers(2, 4))
    cell = (width / columns, height / rows)
    soft = rounded_box((0.98 * cell[0], 0.98 * cell[1], 0.8 * thick), 0.3 * thick, 2)
    back = move(box((width, height, 0.4 * thick)), (0, height / 2, 0))
    return join(back, *(move(soft, ((c - (columns - 1) / 2) * cell[0], (r + 0.5) * cell[1], 0.4 * thick))
                        for c in range(columns) for r in range(rows)))


def _uprights(width: float, height: float, thick: float) -> list[Mesh]:
    post = box((thick, height, thick), 0.1 * thick)
    return [move(post, (side * (width - thick) / 2, height / 2, 0)) for side in (-1, 1)]


def _framed(random: Generator, width: float, height: float) -> Mesh:
    """Posts and rails around one to four thinner panels."""
    thick, count = random.uniform(0.04, 0.08), int(random.integers(1, 5))
    bottom = height * random.uniform(0.05, 0.4)
    rail = box((width, 1.5 * thick, 0.9 * thick), 0.1 * thick)
    inner = box((width - thick, height - bottom, 0.35 * thick))
    muntins = [move(box((0.8 * thick, height - bottom, 0.8 * thick)), (x, (height + bottom) / 2, 0))
               for x in np.linspace(-width / 2, width / 2, count + 1)[1:-1]]
    return join(*_uprights(width, height, thick), *muntins, move(rail, (0, height - 0.7 * thick, 0)),
                move(rail, (0, bottom, 0)), move(inner, (0, (height + bottom) / 2, 0)))


def _bars(random: Generator, width: float, height: float) -> Mesh:
    """Posts with upright or level bars between rails of wood."""
    thick, bottom = random.uniform(0.035, 0.07), height * random.uniform(0.0, 0.4)
    rail = box((width, 1.4 * thick, 0.8 * thick), 0.1 * thick)
    top = move(rail, (0, height - 0.7 * thick, 0))
    if random.random() < 0.6:
        count, round_bars = int(random.integers(4, 14)), random.random() < 0.5
        bar = rod((0, bottom, 0), (0, height - thick, 0), 0.25 * thick, sides=8) if round_bars else \
            beam((0, bottom, 0), (0, height - thick, 0), random.uniform(0.5, 1.2) * thick, 0.4 * thick)
        between = [move(bar, (x, 0, 0)) for x in np.linspace(-width / 2, width / 2, count + 2)[1:-1]]
        between.append(move(rail, (0, bottom + 0.7 * thick, 0)))
    else:
        levels = np.linspace(bottom + 0.7 * thick, height - 0.7 * thick, int(random.integers(2, 5)))
        between = [move(box((width, random.uniform(0.06, 0.14), 0.5 * thick)), (0, y, 0)) for y in levels[:-1]]
    return join(*_uprights(width, height * random.choice([1, 1, 1.08]), thick), top, *between)


def _wire(random: Generator, width: float, height: float) -> Mesh:
    """A bent tube of metal with thin bars or rings in it."""
    radius, half = random.uniform(0.012, 0.022), width / 2
    shoulder = height * random.uniform(0.6, 0.9)
    right = np.array([(0, height, 0), (0.6 * half, 0.97 * height, 0), (half, shoulder, 0), (half, 0.6 * shoulder, 0),
                      (half, 0, 0)])
    path = smooth(np.concatenate([right[:0:-1] * (-1, 1, 1), right]), 36)
    low = 0.3 * height
    parts = [tube(path, radius), rod((-half, low, 0), (half, low, 0), 0.8 * radius)]
    for x in np.linspace(-half, half, int(random.integers(5, 14)))[1:-1]:
        top = np.interp(x, path[9:27, 0], path[9:27, 1])
        parts.append(rod((x, low, 0), (x, top, 0), 0.5 * radius, sides=8))
    if random.random() < 0.35:
        ring = turn(torus(0.14 * height, 0.5 * radius, 18), "x", 90)
        parts += [move(ring, (x, 0.62 * height, 0)) for x in (-0.5 * half, 0, 0.5 * half)]
    return join(*parts)


def _shelves(random: Generator, width: float, height: float) -> Mesh:
    """A bookcase headboard."""
    depth, thick = random.uniform(0.18, 0.3), 0.022
    levels = np.linspace(thick / 2, height - thick / 2, int(random.integers(3, 5)))
    boards = [move(box((width, thick, depth)), (0, y, 0)) for y in levels]
    sides = [move(box((thick, height, depth)), (x, height / 2, 0))
             for x in np.linspace(-width / 2, width / 2, int(random.integers(2, 5)))]
    back = move(box((width, height, 0.012)), (0, height / 2, -depth / 2))
    return join(back, *boards, *sides)


def _winged(random: Generator, width: float, height: float) -> Mesh:
    """A soft board that turns forward at its sides, or that is wider than the bed."""
    thick = random.uniform(0.06, 0.1)
    if random.random() < 0.5:
        wide = width + random.uniform(0.6, 1.1)
        return move(rounded_box((wide, 0.8 * height, 0.6 * thick), 0.01, 2), (0, 0.6 * height, 0))
    block = move(rounded_box((width + 3 * thick, height, thick), 0.3 * thick, 2), (0, height / 2, 0))
    reach = random.uniform(0.18, 0.3)
    wing = rounded_box((thick, height, reach), 0.3 * thick, 2)
    x, z = (width + 2.2 * thick) / 2, (reach - thick) / 2
    return join(block, *(move(wing, (side * x, height / 2, z)) for side in (-1, 1)))


