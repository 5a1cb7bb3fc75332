// Colours of parts, by part, by class or by confidence.

export const COLOURINGS = [["part", "Part"], ["class", "Class"], ["confidence", "Confidence"]];

/** From unsure to sure: told apart by brightness too, so that it needs no colour vision. */
const RAMP = ["#7a1f4b", "#c8504c", "#eea35c", "#b9d08b", "#58b09c"];

/** Colour of a part as [red, green, blue] in 0..255. */
export function partColour(part, colouring) {
  return colouring === "confidence" ? confidenceColour(part.confidence) : rgb(part.colours[colouring]);
}

export function confidenceColour(confidence) {
  const place = Math.min(1, Math.max(0, confidence)) * (RAMP.length - 1);
  const below = Math.min(RAMP.length - 2, Math.floor(place));
  const [one, other] = [rgb(RAMP[below]), rgb(RAMP[below + 1])];
  return one.map((value, i) => Math.round(value + (place - below) * (other[i] - value)));
}

export const rampCss = () => `linear-gradient(to right, ${RAMP.join(", ")})`;

export const css = ([red, green, blue]) => `rgb(${red} ${green} ${blue})`;

function rgb(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** 0..255 as stored in files to 0..1 as light adds up. */
export function linear(value) {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
