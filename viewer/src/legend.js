// What the colours mean.
import { css, partColour, rampCss } from "./colours.js";
import { element } from "./dom.js";
import { className } from "./model.js";

export function createLegend(state, model) {
  const root = element("section", { className: "legend", "aria-label": "Colours" });

  function classes() {
    const parts = model.levels.find(({ number }) => number === state.values.level).parts;
    const first = new Map([...parts].reverse().map((part) => [part.class_id, part]));
    return [...first.values()].sort((one, other) => (one.class_id || Infinity) - (other.class_id || Infinity));
  }

  function classLegend() {
    return element("ul", {}, ...classes().map((part) => {
      const swatch = element("span", { className: "swatch" });
      swatch.style.background = css(partColour(part, "class"));
      return element("li", { title: part.class }, swatch, className(part.class));
    }));
  }

  function confidenceLegend() {
    const ramp = element("div", { className: "ramp" });
    ramp.style.background = rampCss();
    return element("div", {}, ramp, element("div", { className: "ends" }, ...["0 %", "50 %", "100 %"]
      .map((text) => element("span", {}, text))));
  }

  function update(changed) {
    if (!changed.has("colouring") && !changed.has("level")) return;
    const { colouring } = state.values;
    root.hidden = colouring === "part";
    root.replaceChildren(element("h2", {}, colouring === "class" ? "Class" : "Confidence"),
      colouring === "class" ? classLegend() : confidenceLegend());
  }

  return { root, update };
}
