// What is known of the part that is pointed at or, if none is, of the selected one.
import { css, confidenceColour, partColour } from "./colours.js";
import { element } from "./dom.js";
import { count, percent, size } from "./words.js";

export function createCard(state) {
  const root = element("section", { className: "card", "aria-label": "Part" });

  function update() {
    const part = state.values.hovered ?? state.values.selected;
    root.classList.toggle("empty", !part);
    root.replaceChildren(...(part ? details(part) : [element("p", {}, "Point at a part, or choose one.")]));
  }

  function details(part) {
    const swatch = element("span", { className: "swatch" });
    swatch.style.background = css(partColour(part, state.values.colouring));
    const content = part.n_face === null ? count(part.n_point, "point") : count(part.n_face, "face");
    return [
      element("h2", {}, swatch, part.label),
      element("dl", {}, ...[
        ["Class", part.class.replaceAll("_", " ").replaceAll("/", " › ")],
        ["Confidence", percent(part.confidence), bar(part.confidence)],
        ["Size", element("span", { title: "x × y × z, in the units of the input" }, size(part.box))],
        ["Level", `${part.level}, ${content}`],
      ].flatMap(([name, ...value]) => [element("dt", {}, name), element("dd", {}, ...value)])),
    ];
  }

  return { root, update };
}

function bar(confidence) {
  const filled = element("span");
  filled.style.width = `${100 * Math.min(1, Math.max(0, confidence))}%`;
  filled.style.background = css(confidenceColour(confidence));
  return element("span", { className: "bar", "aria-hidden": "true" }, filled);
}
