// What people can do; mouse, keys, list and embedding page all do it by these.
import { standIn } from "./model.js";

export function createActions(state, model) {
  const { values } = state;
  const hide = (hidden) => state.set({ hidden });
  const actions = {
    setLevel(level) {
      if (!model.levels.some(({ number }) => number === level)) return;
      state.set({ level, selected: standIn(model, values.selected, level), hovered: null });
    },
    selected: () => values.selected,
    chosen: () => values.selected ?? values.hovered,
    select: (part) => state.set({ selected: part }),
    hover: (part) => state.set({ hovered: part }),
    setColouring: (colouring) => state.set({ colouring }),
    setExplode: (explode) => state.set({ explode: Math.min(1, Math.max(0, explode)) }),

    /** A part is shown, hidden, or some of what it is made of is. */
    visibility(part) {
      const hidden = part.atoms.filter((atom) => values.hidden.has(atom)).length;
      if (!hidden) return "shown";
      return hidden === part.atoms.length ? "hidden" : "mixed";
    },
    toggle(part) {
      const hidden = new Set(values.hidden);
      const show = actions.visibility(part) !== "shown";
      for (const atom of part.atoms) show ? hidden.delete(atom) : hidden.add(atom);
      hide(hidden);
    },
    isIsolated: (part) => values.hidden.size === model.atomCount - part.atoms.length && values.hidden.size > 0
      && actions.visibility(part) === "shown",
    /** Hides all others; once more, shows all. */
    isolate(part) {
      if (actions.isIsolated(part)) return hide(new Set());
      const hidden = new Set(Array.from({ length: model.atomCount }, (_, atom) => atom));
      for (const atom of part.atoms) hidden.delete(atom);
      return hide(hidden);
    },
    showAll: () => hide(new Set()),
    toggleDrawer: () => state.set({ drawer: !values.drawer }),
  };
  return actions;
}
