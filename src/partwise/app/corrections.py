"""Corrections of a segmentation by hand: merge, split, reclass. Each returns a new one whose levels agree.

That is: every listed part lies in one part of the next coarser level, unless that is other; its class belongs to that
part's class; and where two levels list the same part, it is one part at both. So a correction at one level may change
what lies above and below, and never more of it than that takes. Ids of parts that stay do not change. A confidence
stays what the network said; that of merged parts is the mean over their points.
"""

from collections.abc import Sequence

import numpy as np

from partwise.app.pieces import connected_pieces, faces_like_points
from partwise.errors import InputError
from partwise.result.labels import Labels
from partwise.result.parts import Part
from partwise.result.segmentation import Segmentation
from partwise.taxonomy import OTHER


def merge(found: Segmentation, level: int, parts: Sequence[int]) -> Segmentation:
    """Make one part of several of a level; it is what the largest of them is, and lies where that lies.

    What lies below is kept where it may be below the merged part, and else joins the largest part there. A part of
    class other is taken up by any other part. InputError: fewer than two parts, an unknown one.
    """
    row, known = _row(found, level), [_part(found, level, id) for id in dict.fromkeys(parts)]
    if len(known) < 2:
        raise InputError("merging takes at least two parts; choose one more")
    labels = Labels.of(found)
    target = max(known, key=lambda part: (part.class_id != OTHER, part.n_point))
    inside = np.isin(labels.ids[row], [part.id for part in known])
    weights = [max(part.n_point, 1) for part in known]
    labels.confidence[row][target.id] = np.average([part.confidence for part in known], weights=weights)
    if target.class_id != OTHER:
        labels.ids[:row, inside] = labels.ids[:row, labels.ids[row] == target.id][:, :1]
    labels.ids[row, inside] = target.id
    _settle_below(labels, inside, row)
    return labels.segmentation(found)


def reclass(found: Segmentation, level: int, part: int, class_name: str) -> Segmentation:
    """Give a part another class of its level, by the name that ``Level.names`` has for it; "other" is one.

    If its class belongs to another part of the coarser level, it goes to the nearest such part, or to a new one. What
    lies below and cannot be below its class becomes the only class that can, or other. InputError: unknown class or
    part.
    """
    row, own = _row(found, level), _part(found, level, part)
    labels = Labels.of(found)
    names = labels.levels[row].names
    if class_name not in names:
        raise InputError(f"level {level} of {found.category} has no class '{class_name}'; it has: {', '.join(names)}")
    if own.class_name == class_name:
        return found
    inside = labels.ids[row] == part
    labels.classes[row][part] = names.index(class_name)
    if class_name != names[OTHER]:
        _settle_above(labels, found, inside, row)
    _settle_below(labels, inside, row)
    return labels.segmentation(found)


def split_connected(found: Segmentation, level: int, part: int) -> Segmentation:
    """Make a part of each connected piece of a part: faces that touch, or points that lie close together.

    InputError: unknown part, or it is a single piece.
    """
    own = _part(found, level, part)
    return _split(found, level, own, connected_pieces(found, *_elements(found, level, part)),
                  "is a single connected piece")


def split(found: Segmentation, level: int, part: int, piece: np.ndarray) -> Segmentation:
    """Split a part as its points say.

    piece : (n_point,) int, the piece of each point of the part, in the order of ``found.points``; faces follow the
        points nearest to them
    InputError: unknown part, or all its points are of one piece.
    """
    own = _part(found, level, part)
    if np.shape(piece) != (own.n_point,):
        raise InputError(f"pieces have shape {np.shape(piece)}, expected ({own.n_point},): one for each point")
    points, faces = _elements(found, level, part)
    whole = len(np.unique(piece)) < 2
    pieces = np.zeros(len(points) + len(faces), np.int64) if whole else faces_like_points(found, points, faces, piece)
    return _split(found, level, own, pieces, "is of a single piece")


def _split(found: Segmentation, level: int, part: Part, pieces: np.ndarray, whole: str) -> Segmentation:
    row = _row(found, level)
    if len(np.unique(pieces)) < 2:
        raise InputError(f"this part ({part.class_name}) {whole} and stays as it is")
    labels = Labels.of(found)
    inside = np.flatnonzero(labels.ids[row] == part.id)
    for there in range(len(labels.levels)):
        finer, same = there >= row, labels.same_class(row, part.class_id, there) is not None
        if finer or same:
            _divide(labels, inside, there, pieces)
    return labels.segmentation(found)


def _divide(labels: Labels, inside: np.ndarray, row: int, pieces: np.ndarray) -> None:
    """Cut each part of a level inside of ``inside`` by (M,) pieces; its largest piece keeps its id."""
    before = labels.ids[row, inside]
    for id in np.unique(before):
        own = inside[before == id]
        numbers, size = np.unique(pieces[before == id], return_counts=True)
        if row and labels.classes[row][id] == OTHER and (labels.ids[row] == id).sum() > len(own):
            continue  # what is other may lie in several parts, and does
        for number in numbers[np.argsort(-size, kind="stable")][1:]:
            fresh = labels.add(row, labels.classes[row][id], labels.confidence[row][id])
            labels.ids[row, own[pieces[before == id] == number]] = fresh


def _settle_above(labels: Labels, found: Segmentation, inside: np.ndarray, row: int) -> None:
    """Move a part whose class is new into coarser parts of the classes that it belongs to."""
    part = labels.ids[row, inside][0]
    class_id, confidence = int(labels.classes[row][part]), labels.confidence[row][part]
    for there in reversed(range(row)):
        wanted = found.taxonomy.parents(labels.levels[there + 1].number, labels.levels[there].number)[class_id]
        same = labels.same_class(there + 1, class_id, there) is not None
        if not same and labels.classes[there][labels.ids[there, inside][0]] == wanted:
            return
        near = None if same else _nearest(labels, found, inside, there, wanted)
        if near is not None and wanted != OTHER:
            labels.ids[:there + 1, inside] = labels.ids[:there + 1, labels.ids[there] == near][:, :1]
            return
        labels.ids[there, inside] = labels.add(there, wanted, confidence) if near is None else near
        class_id = wanted
        if class_id == OTHER:
            return


def _nearest(labels: Labels, found: Segmentation, inside: np.ndarray, row: int, class_id: int) -> int | None:
    """The part of a class at a level whose middle is nearest to that of what is inside; None if there is none."""
    places = found.points if found.mesh is None else np.concatenate(
        [found.points, found.mesh.vertices[found.mesh.faces].mean(1)])
    middle = places[inside].mean(0)
    candidates = np.unique(labels.ids[row, ~inside & (labels.class_of(row) == class_id)])
    distances = [np.linalg.norm(places[~inside & (labels.ids[row] == id)].mean(0) - middle) for id in candidates]
    return int(candidates[np.argmin(distances)]) if len(candidates) else None


def _settle_below(labels: Labels, inside: np.ndarray, row: int) -> None:
    """Give what is inside classes at finer levels that belong to those at the level above."""
    for there in range(row + 1, len(labels.levels)):
        for holder in np.unique(labels.ids[there - 1, inside]):
            _settle_in(labels, np.flatnonzero(inside & (labels.ids[there - 1] == holder)), there,
                       int(labels.classes[there - 1][holder]), labels.confidence[there - 1][holder])


def _settle_in(labels: Labels, own: np.ndarray, row: int, above: int, confidence: float) -> None:
    """The same for the elements of one part, of class ``above``, of the level before."""
    coarse, fine = labels.levels[row - 1], labels.levels[row]
    belongs = np.array([True, *(coarse.class_holding(path) == above for path in fine.paths)])
    classes = labels.class_of(row)[own]
    same = labels.same_class(row - 1, above, row)
    # a part that this level lists too is one part here as well, whole
    moved = own[~belongs[classes] | (classes == same) | ((classes == OTHER) & (same is not None))]
    if not len(moved):
        return
    fitting = labels.ids[row, own[belongs[classes] & (classes != OTHER) & ((classes == same) | (same is None))]]
    if len(fitting):
        labels.ids[row, moved] = np.bincount(fitting).argmax()
        return
    possible = np.flatnonzero(belongs)[1:]
    class_id = same if same is not None else int(possible[0]) if len(possible) == 1 and above != OTHER else OTHER
    labels.ids[row, moved] = labels.add(row, class_id, confidence)


def _row(found: Segmentation, level: int) -> int:
    if not found.levels_agree:
        raise InputError("the levels of this segmentation were not made to agree, so it has no tree to correct; use a "
                         "model trained with grouping.tree")
    numbers = [one.level for one in found.levels]
    if level not in numbers:
        raise InputError(f"{found.category} has no level {level}; it has: {', '.join(map(str, numbers))}")
    return numbers.index(level)


def _part(found: Segmentation, level: int, id: int) -> Part:
    part = next((one for one in found.levels[_row(found, level)].parts if one.id == id), None)
    if part is None:
        raise InputError(f"level {level} has no part {id}; it may have been merged or split meanwhile")
    return part


def _elements(found: Segmentation, level: int, part: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and faces of a part."""
    own = found.level(level)
    faces = np.zeros(0, np.int64) if own.face_instance is None else np.flatnonzero(own.face_instance == part)
    return np.flatnonzero(own.instance == part), faces
