// Numbers as people read them.

/** A confidence in per cent: one that is reckoned may be a little below 0 or above 1. */
export const percent = (share) => `${Math.round(100 * Math.min(1, Math.max(0, share)))} %`;

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** Edges of a box in the units of the input, three digits each. */
export function size({ min, max }) {
  return max.map((value, axis) => digits(value - min[axis])).join(" × ");
}

function digits(value) {
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)) return value.toExponential(2);
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 6 });
}
