// Parts moved away from the middle of the shape, so that one sees those inside.
import { unite } from "./geometry.js";

const REACH = 1.4;

const middle = (box) => [0, 1, 2].map((axis) => (box[axis] + box[axis + 3]) / 2);

/** How far each atom is moved, as [x, y, z]: with the part of the level that it is in. */
export function offsets(model, boxes, level, amount) {
  const centre = middle(unite(boxes));
  const moved = new Array(model.atomCount);
  for (const part of model.levels.find(({ number }) => number === level).parts) {
    if (!part.atoms.length) continue;
    const own = middle(unite(part.atoms.map((atom) => boxes[atom])));
    const offset = own.map((value, axis) => REACH * amount * (value - centre[axis]));
    for (const atom of part.atoms) moved[atom] = offset;
  }
  return moved;
}
