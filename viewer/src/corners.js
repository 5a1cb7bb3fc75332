// Vertices at one place made one, and corners that look the same made one: less to draw, and smooth across seams.

/**
 * Indices in which vertices at the same place, within about a millionth of the shape, are one: files often repeat a
 * vertex for each face.
 */
export function weld(positions, indices) {
  const count = positions.length / 3;
  const cell = (i) => Math.round(positions[i] * 2 ** 20);
  const size = 2 ** Math.ceil(Math.log2(2 * count + 1));
  const table = new Int32Array(size).fill(-1);
  const place = new Uint32Array(count);
  for (let vertex = 0; vertex < count; vertex++) {
    const [x, y, z] = [cell(3 * vertex), cell(3 * vertex + 1), cell(3 * vertex + 2)];
    let slot = (Math.imul(x, 73856093) ^ Math.imul(y, 19349663) ^ Math.imul(z, 83492791)) & (size - 1);
    while (table[slot] >= 0) {
      const there = 3 * table[slot];
      if (cell(there) === x && cell(there + 1) === y && cell(there + 2) === z) break;
      slot = (slot + 1) & (size - 1);
    }
    if (table[slot] < 0) table[slot] = vertex;
    place[vertex] = table[slot];
  }
  return indices.map((vertex) => place[vertex]);
}

/**
 * The different ones among corners: {corners, index} with one corner of each kind and, for each corner, its kind.
 * `normals` are four bytes a corner, `atomOf` is the atom of each face.
 */
export function differentCorners(indices, normals, atomOf) {
  const whole = new Int32Array(normals.buffer);
  const latest = new Int32Array(indices.reduce((most, vertex) => Math.max(most, vertex), 0) + 1).fill(-1);
  const earlier = new Int32Array(indices.length);
  const corners = new Uint32Array(indices.length);
  const index = new Uint32Array(indices.length);
  let count = 0;
  for (let corner = 0; corner < indices.length; corner++) {
    const atom = atomOf[Math.floor(corner / 3)];
    let kind = latest[indices[corner]];
    while (kind >= 0 && (whole[corners[kind]] !== whole[corner] || atomOf[Math.floor(corners[kind] / 3)] !== atom)) {
      kind = earlier[kind];
    }
    if (kind < 0) {
      kind = count++;
      corners[kind] = corner;
      earlier[kind] = latest[indices[corner]];
      latest[indices[corner]] = kind;
    }
    index[corner] = kind;
  }
  return { corners: corners.slice(0, count), index };
}
