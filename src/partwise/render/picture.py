"""Drawing a scene to an image."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from partwise.errors import InputError
from partwise.render.camera import Camera
from partwise.render.light import Lamps
from partwise.render.raster import DepthBuffer
from partwise.render.scene import ColouredMesh, Item, View
from partwise.render.surface import Surface

LARGEST = 2048
SAMPLES = 3
"""Samples a pixel in each direction."""
_CHUNK = 1 << 19
_WHITE = 255
_BALL = 0.5
"""How much a point is shaded as a ball, beside as a piece of the surface it lies on."""


def draw(items: Sequence[Item], size: int = 600, view: View | None = None, transparent: bool = False) -> np.ndarray:
    """Draw meshes and point clouds, framed and lit; the same input gives the same picture.

    items : whatever is to be seen together; nothing gives an empty picture
    size : pixels a side, 16 to 2048
    view : from the front right above if None
    transparent : with an alpha channel instead of a white background

    Returns (size, size, 3) uint8, or (size, size, 4) with straight alpha. InputError: the size is out of range.
    """
    return paint(expose(items, size, view), colours_of(items), transparent)


@dataclass(frozen=True)
class Exposure:
    """What is seen at each sample, before colours.

    size : pixels a side
    ids : (size * SAMPLES, size * SAMPLES) int64 number of the face or point, counted through all items with meshes
        first; -1 for background
    light : the same shape, float32 brightness
    """

    size: int
    ids: np.ndarray
    light: np.ndarray


def expose(items: Sequence[Item], size: int = 600, view: View | None = None) -> Exposure:
    """All of drawing but the colours, so that one scene can be painted in several; see ``draw``."""
    if not 16 <= size <= LARGEST:
        raise InputError(f"the size of the picture is {size} pixels, expected 16 to {LARGEST}")
    samples = size * SAMPLES
    if not items:
        return Exposure(size, np.full((samples, samples), -1, np.int64), np.zeros((samples, samples), np.float32))
    view = view or View()
    surface = Surface.of(items, view.axes())
    camera = Camera.framing(surface, view.field_of_view, samples)
    screen = camera.project(surface.vertices)[surface.faces]
    buffer = DepthBuffer.empty(samples)
    buffer.add_triangles(screen)
    buffer.add_balls(camera.project(surface.centres), surface.radii * camera.nearness(surface.centres) * camera.scale,
                     camera.depth_radii(surface.centres, surface.radii), len(screen))
    ids, depths, light = buffer.ids(), buffer.depths(), np.zeros(samples ** 2, np.float32)
    lamps = Lamps(surface)
    for seen in _pieces(np.flatnonzero(ids >= 0)):
        row, column = np.divmod(seen, samples)
        points = camera.unproject(column, row, depths[seen])
        normals = _normals(surface, screen, ids[seen], points, column, row)
        light[seen] = lamps.light(points, normals, row % SAMPLES * SAMPLES + column % SAMPLES)
    return Exposure(size, ids.reshape(samples, samples), light.reshape(samples, samples))


def _pieces(places: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(places), _CHUNK):
        yield places[start:start + _CHUNK]


def _normals(surface: Surface, screen: np.ndarray, ids: np.ndarray, points: np.ndarray, columns: np.ndarray,
             rows: np.ndarray) -> np.ndarray:
    """(n, 3) unit normals towards the viewer at visible samples."""
    normals = np.empty((len(ids), 3))
    on_face = ids < len(screen)
    face, ball = ids[on_face], ids[~on_face] - len(screen)
    weights = _barycentric(screen[face], columns[on_face], rows[on_face])
    normals[on_face] = np.einsum("nc,ncd->nd", weights, surface.corner_normals[face])
    outwards = (points[~on_face] - surface.centres[ball]) / surface.radii[ball, None]
    flat = surface.normals[ball]
    normals[~on_face] = _BALL * outwards + np.where(flat[:, 2:] < 0, -1, 1) * flat
    normals *= np.where(normals[:, 2:] < 0, -1, 1)
    normals /= np.maximum(np.sqrt(np.einsum("nd,nd->n", normals, normals)), 1e-12)[:, None]
    return normals


def _barycentric(corners: np.ndarray, columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(n, 3) weights of the corners (n, 3, 3) of triangles at samples, within [0, 1]."""
    sides = corners[:, :, :2] - np.stack([columns, rows], 1)[:, None]
    following, last = sides[:, [1, 2, 0]], sides[:, [2, 0, 1]]
    areas = following[..., 0] * last[..., 1] - following[..., 1] * last[..., 0]
    areas *= np.sign(areas.sum(1, keepdims=True))
    areas = np.maximum(areas, 0) + 1e-12
    weights: np.ndarray = areas / areas.sum(1, keepdims=True)
    return weights


def colours_of(items: Sequence[Item]) -> np.ndarray:
    """(P, 3) uint8 colours in the order of ``Exposure.ids``: all faces, then all points."""
    ordered = sorted(items, key=lambda item: not isinstance(item, ColouredMesh))
    return np.concatenate([np.zeros((0, 3), np.uint8), *(np.asarray(item.colours) for item in ordered)])


def paint(exposure: Exposure, colours: np.ndarray, transparent: bool = False) -> np.ndarray:
    """The picture, (size, size, 3 or 4) uint8; ``colours`` (P, 3) uint8 are those of ``colours_of``."""
    seen = exposure.ids >= 0
    shaded = np.zeros((*exposure.ids.shape, 3), np.float32)
    if seen.any():
        shaded[seen] = np.minimum(colours[exposure.ids[seen]] * exposure.light[seen, None], 255)
    size = exposure.size
    cells = (size, SAMPLES, size, SAMPLES)
    total = shaded.reshape(*cells, 3).sum((1, 3))
    cover = seen.reshape(cells).mean((1, 3), dtype=np.float32)[..., None]
    mean = total / SAMPLES ** 2
    if not transparent:
        return np.rint(mean + _WHITE * (1 - cover)).astype(np.uint8)
    straight = mean / np.maximum(cover, 1e-6)
    return np.rint(np.concatenate([straight, 255 * cover], -1)).astype(np.uint8)
