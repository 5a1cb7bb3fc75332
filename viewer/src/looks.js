// A small texture that says of each atom how it looks: its colour, emphasis, offset and whether it is shown.
import { DataTexture, FloatType, RGBAFormat } from "three";
import { linear, partColour } from "./colours.js";

export const ATOMS_PER_ROW = 256;
const TEXELS = 2;
const EMPHASIS = { none: 0, hovered: 1, faded: 2 };

export function createLooks(atomCount) {
  const rows = Math.max(1, Math.ceil(atomCount / ATOMS_PER_ROW));
  const array = new Float32Array(4 * TEXELS * ATOMS_PER_ROW * rows);
  const texture = new DataTexture(array, TEXELS * ATOMS_PER_ROW, rows, RGBAFormat, FloatType);
  return { array, texture };
}

/** Writes colours and emphasis; a selected part fades the others. */
export function writeColours({ array, texture }, model, { level, colouring, selected, hovered }) {
  const chosen = new Set(selected?.atoms);
  const pointed = new Set(hovered?.atoms);
  for (const part of model.levels.find(({ number }) => number === level).parts) {
    const colour = partColour(part, colouring).map(linear);
    for (const atom of part.atoms) {
      const faded = selected && !chosen.has(atom) ? EMPHASIS.faded : EMPHASIS.none;
      array.set([...colour, pointed.has(atom) ? EMPHASIS.hovered : faded], 8 * atom);
    }
  }
  texture.needsUpdate = true;
}

/** Writes where atoms are, [x, y, z] each, and whether they are shown. */
export function writePlaces({ array, texture }, moved, hidden) {
  moved.forEach((offset, atom) => array.set([...offset, hidden.has(atom) ? 0 : 1], 8 * atom + 4));
  texture.needsUpdate = true;
}
