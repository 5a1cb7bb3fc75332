// Normals of the corners of faces: smooth across shallow edges, sharp across others.

/**
 * Int8 normals, four a corner of which the last is 0, for (F, 3) vertex indices. Vertices must have been welded.
 *
 * A corner's normal is the mean of those of the faces around its vertex that differ by less than the crease angle,
 * each as large as its face. Windings may disagree, so a normal and its opposite count as the same.
 */
export function cornerNormals(positions, indices, crease = 40) {
  const faces = faceNormals(positions, indices);
  const { start, around } = facesAround(indices);
  const least = Math.cos((crease * Math.PI) / 180);
  const normals = new Int8Array(4 * indices.length);
  for (let corner = 0; corner < indices.length; corner++) {
    const own = 3 * Math.floor(corner / 3);
    const [ox, oy, oz] = [faces.unit[own], faces.unit[own + 1], faces.unit[own + 2]];
    let [x, y, z] = [0, 0, 0];
    for (let i = start[indices[corner]]; i < start[indices[corner] + 1]; i++) {
      const other = 3 * around[i];
      const [ux, uy, uz] = [faces.unit[other], faces.unit[other + 1], faces.unit[other + 2]];
      const cosine = ox * ux + oy * uy + oz * uz;
      if (Math.abs(cosine) < least) continue;
      const weight = Math.sign(cosine) * faces.area[around[i]];
      x += weight * ux;
      y += weight * uy;
      z += weight * uz;
    }
    const length = Math.hypot(x, y, z) || 1;
    normals[4 * corner] = Math.round((127 * x) / length);
    normals[4 * corner + 1] = Math.round((127 * y) / length);
    normals[4 * corner + 2] = Math.round((127 * z) / length);
  }
  return normals;
}

function faceNormals(positions, indices) {
  const count = indices.length / 3;
  const edge = (from, to, axis) => positions[to + axis] - positions[from + axis];
  const unit = new Float32Array(3 * count);
  const area = new Float32Array(count);
  for (let face = 0; face < count; face++) {
    const [a, b, c] = [3 * indices[3 * face], 3 * indices[3 * face + 1], 3 * indices[3 * face + 2]];
    const [px, py, pz] = [edge(a, b, 0), edge(a, b, 1), edge(a, b, 2)];
    const [qx, qy, qz] = [edge(a, c, 0), edge(a, c, 1), edge(a, c, 2)];
    const [x, y, z] = [py * qz - pz * qy, pz * qx - px * qz, px * qy - py * qx];
    const length = Math.hypot(x, y, z);
    area[face] = length;
    if (length === 0) continue;
    unit[3 * face] = x / length;
    unit[3 * face + 1] = y / length;
    unit[3 * face + 2] = z / length;
  }
  return { unit, area };
}

/** The faces around each vertex: around[start[v]] to around[start[v + 1] - 1]. */
function facesAround(indices) {
  let count = 0;
  for (const vertex of indices) count = Math.max(count, vertex + 1);
  const start = new Uint32Array(count + 1);
  for (const vertex of indices) start[vertex + 1]++;
  for (let i = 0; i < count; i++) start[i + 1] += start[i];
  const next = start.slice();
  const around = new Uint32Array(indices.length);
  for (let corner = 0; corner < indices.length; corner++) around[next[indices[corner]]++] = Math.floor(corner / 3);
  return { start, around };
}
