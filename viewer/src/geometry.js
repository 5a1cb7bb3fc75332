// What is drawn: faces or points, with normals and atoms.
import { BufferAttribute, BufferGeometry, Int8BufferAttribute, IntType } from "three";
import { differentCorners, weld } from "./corners.js";
import { cornerNormals } from "./normals.js";

/** Geometry of decoded data; `atomOf` is the atom of each face or point. */
export function createGeometry(data, { atomOf, atomCount }) {
  const geometry = new BufferGeometry();
  const add = (positions, normals, atoms) => {
    geometry.setAttribute("position", new BufferAttribute(positions, 3));
    geometry.setAttribute("normal", new Int8BufferAttribute(normals, 4, true));
    geometry.setAttribute("atom", atomAttribute(atoms, atomCount));
  };
  if (!data.indices) {
    add(data.positions, padded(data.normals), atomOf);
    return geometry;
  }
  const indices = weld(data.positions, data.indices);
  const normals = cornerNormals(data.positions, indices);
  const { corners, index } = differentCorners(indices, normals, atomOf);
  geometry.setIndex(new BufferAttribute(index, 1));
  add(rows(data.positions, corners.map((corner) => indices[corner]), 3), rows(normals, corners, 4),
    corners.map((corner) => atomOf[Math.floor(corner / 3)]));
  return geometry;
}

/** The chosen rows of an array of `width` columns. */
function rows(array, chosen, width) {
  const taken = new array.constructor(width * chosen.length);
  for (let i = 0; i < chosen.length; i++) {
    for (let column = 0; column < width; column++) taken[width * i + column] = array[width * chosen[i] + column];
  }
  return taken;
}

/** Four bytes a normal: graphics processors want attributes at multiples of four. */
function padded(normals) {
  const wide = new Int8Array((normals.length / 3) * 4);
  for (let i = 0; i < normals.length; i++) wide[4 * Math.floor(i / 3) + (i % 3)] = normals[i];
  return wide;
}

function atomAttribute(atoms, atomCount) {
  const attribute = new BufferAttribute(atomCount > 65536 ? atoms : Uint16Array.from(atoms), 1);
  attribute.gpuType = IntType;
  return attribute;
}

/** Box of each atom as [minX, minY, minZ, maxX, maxY, maxZ], in the space of the geometry. */
export function atomBoxes(geometry, atomCount) {
  const boxes = Array.from({ length: atomCount }, () => [1, 1, 1, -1, -1, -1].map((sign) => sign * Infinity));
  const { position, atom } = geometry.attributes;
  for (let i = 0; i < position.count; i++) {
    const box = boxes[atom.array[i]];
    for (let axis = 0; axis < 3; axis++) {
      const value = position.array[3 * i + axis];
      if (value < box[axis]) box[axis] = value;
      if (value > box[axis + 3]) box[axis + 3] = value;
    }
  }
  return boxes;
}

export function unite(boxes) {
  return boxes.reduce((all, box) => all.map((value, i) => (i < 3 ? Math.min : Math.max)(value, box[i])));
}
