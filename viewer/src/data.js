// The data of one segmentation, as partwise writes them: decoded and checked.

const FORMAT = "partwise-view";
const VERSION = 1;
const TYPES = { float32: Float32Array, int8: Int8Array, uint16: Uint16Array, uint32: Uint32Array };

/** Data with typed arrays in place of base64; throws an Error in words where they cannot be shown. */
export function decode(data) {
  if (data?.format !== FORMAT) throw new Error(`These are no data of a partwise view (format "${data?.format}").`);
  if (data.version !== VERSION) {
    throw new Error(`These data have version ${data.version}; this viewer reads version ${VERSION}.`);
  }
  const decoded = {
    ...data,
    positions: decodeArray(data.positions),
    indices: data.indices && decodeArray(data.indices),
    normals: data.normals && decodeArray(data.normals),
    levels: data.levels.map((level) => ({ ...level, ids: decodeArray(level.ids) })),
  };
  const count = (decoded.indices ?? decoded.positions).length / 3;
  for (const { level, ids } of decoded.levels) {
    if (ids.length !== count) throw new Error(`Level ${level} has ${ids.length} labels for a shape of ${count}.`);
  }
  return { ...decoded, count };
}

function decodeArray({ type, base64 }) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new TYPES[type](bytes.buffer);
}
