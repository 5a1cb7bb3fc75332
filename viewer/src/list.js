// The list of parts as a tree: one row a part, those of finer levels below the part that holds them.
import { css, partColour } from "./colours.js";
import { element, icon, iconButton } from "./dom.js";
import { rowsOf } from "./model.js";
import { percent } from "./words.js";

export function createList(state, model, actions) {
  const root = element("ul", { className: "list", role: "tree", "aria-label": "Parts" });
  let rows = [];
  let current = 0;

  function build() {
    rows = rowsOf(model, state.values.level).map((row, index) => ({ ...row, ...createRow(row, index) }));
    const focused = root.contains(root.getRootNode().activeElement);
    root.replaceChildren(...rows.map(({ item }) => item));
    current = Math.max(0, rows.findIndex(isSelected));
    if (focused) focusRow(current);
  }

  function createRow({ part, depth, label, drawn }, index) {
    const swatch = element("span", { className: "swatch", hidden: !drawn });
    const eye = iconButton("eye", `Hide ${part.label}`, act(() => actions.toggle(part)));
    const only = iconButton("only", `Show only ${part.label}`, act(() => actions.isolate(part)));
    eye.tabIndex = only.tabIndex = -1;
    const item = element("li", {
      role: "treeitem", className: "row", tabIndex: -1, title: part.class, "aria-level": depth + 1,
      "aria-label": `${part.label}, ${percent(part.confidence)}`,
      onclick: () => { focusRow(index); choose(index); },
      onpointerenter: (event) => event.pointerType !== "touch" && actions.hover(part),
      onpointerleave: () => actions.hover(null),
      onfocus: () => { current = index; showTabStop(); },
    }, swatch, element("span", { className: "name" }, label),
    element("span", { className: "number" }, percent(part.confidence)), only, eye);
    item.style.setProperty("--depth", depth);
    return { item, swatch, eye, only };
  }

  const act = (action) => (event) => {
    event.stopPropagation();
    action();
  };

  function choose(index) {
    actions.select(isSelected(rows[index]) ? null : rows[index].part);
  }

  const holds = ({ part, same }, wanted) => part === wanted || same.includes(wanted);
  const isSelected = (row) => state.values.selected !== null && holds(row, state.values.selected);

  function showTabStop() {
    rows.forEach(({ item }, index) => { item.tabIndex = index === current ? 0 : -1; });
  }

  function focusRow(index) {
    current = Math.min(rows.length - 1, Math.max(0, index));
    rows[current]?.item.focus();
  }

  function parentOf(index) {
    let above = index - 1;
    while (above >= 0 && rows[above].depth >= rows[index].depth) above--;
    return Math.max(0, above);
  }

  root.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1,
      ArrowLeft: parentOf(current), ArrowRight: current + (rows[current + 1]?.depth > rows[current]?.depth ? 1 : 0) };
    const own = { h: () => actions.toggle(rows[current].part), i: () => actions.isolate(rows[current].part) };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in steps) focusRow(steps[event.key]);
    else if (event.key in own) own[event.key]();
    else if (event.target === rows[current].item && ["Enter", " "].includes(event.key)) choose(current);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function update(changed) {
    const { values } = state;
    if (changed.has("level")) build();
    const restyle = changed.has("level") || changed.has("colouring");
    for (const row of rows) {
      if (restyle) row.swatch.style.background = css(partColour(row.part, values.colouring));
      row.item.setAttribute("aria-selected", String(isSelected(row)));
      row.item.classList.toggle("hovered", values.hovered !== null && holds(row, values.hovered));
      showVisibility(row);
    }
    showTabStop();
    if (!changed.has("selected") && !changed.has("level")) return;
    rows.find(isSelected)?.item.scrollIntoView({ block: "nearest" });
  }

  function showVisibility({ part, item, eye, only }) {
    const seen = actions.visibility(part);
    if (item.dataset.seen !== seen) eye.replaceChildren(icon(seen === "shown" ? "eye" : "closed"));
    item.dataset.seen = seen;
    eye.setAttribute("aria-pressed", seen === "mixed" ? "mixed" : String(seen === "hidden"));
    only.setAttribute("aria-pressed", String(actions.isIsolated(part)));
  }

  return { root, update, focus: () => focusRow(current) };
}
