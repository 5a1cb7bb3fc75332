// The panel beside the picture: what the shape is, level, colours, the list, and a part's card.
import { createCard } from "./card.js";
import { COLOURINGS } from "./colours.js";
import { choice, element } from "./dom.js";
import { createList } from "./list.js";
import { count } from "./words.js";

export function createPanel(data, state, model, actions) {
  const level = choice("Level", model.levels.map(({ number }) => [number, String(number)]), actions.setLevel);
  const colouring = choice("Colour by", COLOURINGS, actions.setColouring);
  const list = createList(state, model, actions);
  const card = createCard(state);
  const parts = element("h2", { className: "count" });
  const all = element("button", { type: "button", className: "text", onclick: showAll }, "Show all");
  const status = element("p", { className: "unseen", role: "status" });
  const content = data.indices ? count(data.count, "face") : count(data.count, "point");
  const drawer = element("button", {
    type: "button", className: "drawer", "aria-label": "List of parts", onclick: actions.toggleDrawer,
  });
  const root = element("aside", { className: "panel", "aria-label": "Parts of the shape" },
    drawer,
    element("header", {}, element("h1", { title: data.title }, data.title),
      element("p", {}, `${data.category}, ${content}`)),
    element("div", { className: "settings" }, element("span", {}, "Level"), level.root,
      element("span", {}, "Colour"), colouring.root),
    ...(data.note ? [element("p", { className: "note" }, data.note)] : []),
    element("div", { className: "head" }, parts, all), list.root, card.root, status);

  /** The button goes, so the focus moves to the list. */
  function showAll() {
    list.focus();
    actions.showAll();
  }

  function update(changed) {
    const { values } = state;
    level.show(values.level);
    colouring.show(values.colouring);
    all.hidden = values.hidden.size === 0;
    root.classList.toggle("open", values.drawer);
    drawer.setAttribute("aria-expanded", String(values.drawer));
    list.update(changed);
    card.update();
    parts.textContent = count(model.levels.find(({ number }) => number === values.level).parts.length, "part");
    if (changed.has("selected")) status.textContent = values.selected ? `${values.selected.label} chosen` : "";
  }

  return { root, update };
}
