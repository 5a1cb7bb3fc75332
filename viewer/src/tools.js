// Buttons over the picture, the slider that pulls parts apart, and help.
import { element, iconButton } from "./dom.js";
import { KEYS } from "./keys.js";

export function createTools({ fit, save, toggleTheme, explode }) {
  const help = createHelp();
  const slider = element("input", {
    type: "range", min: 0, max: 100, value: 0, "aria-label": "Explode",
    oninput: () => explode(Number(slider.value) / 100),
  });
  return {
    buttons: element("div", { className: "tools", role: "toolbar", "aria-label": "View" },
      iconButton("fit", "Fit to the window", fit), iconButton("camera", "Save a picture", save),
      iconButton("theme", "Light or dark", toggleTheme), iconButton("help", "Help", () => help.showModal())),
    slider: element("label", { className: "explode" }, element("span", {}, "Explode"), slider),
    help,
    show({ explode: amount }) { slider.value = Math.round(100 * amount); },
  };
}

function createHelp() {
  const keys = KEYS.flatMap(([key, what]) => [element("dt", {}, key), element("dd", {}, what)]);
  return element("dialog", { "aria-label": "Help" },
    element("h2", {}, "Mouse and touch"),
    element("p", {}, "Drag to turn, drag with the right button or two fingers to move, wheel or pinch to zoom. "
      + "Click a part, in the picture or in the list, to choose it."),
    element("h2", {}, "Keys"), element("dl", {}, ...keys),
    element("form", { method: "dialog" }, element("button", { className: "text" }, "Close")));
}
