// The viewer: everything put together, in an element that a page gives it.
import { createActions } from "./actions.js";
import { decode } from "./data.js";
import { COLOURINGS } from "./colours.js";
import { element } from "./dom.js";
import { offsets } from "./explode.js";
import { listenToKeys } from "./keys.js";
import { createLegend } from "./legend.js";
import { writeColours, writePlaces } from "./looks.js";
import { createModel } from "./model.js";
import { createPanel } from "./panel.js";
import { createPointer } from "./pointer.js";
import { createStage } from "./scene.js";
import { createState } from "./state.js";
import { createTheme } from "./theme.js";
import { createTools } from "./tools.js";
import styles from "./viewer.css";

const NO_WEBGL = "This browser cannot draw in 3D: WebGL 2 is missing or switched off. The list of parts works all the "
  + "same. To see the shape, open this file in another browser, or switch on hardware acceleration.";
const LOST = "The graphics processor was reset. The picture comes back by itself, or when the page is loaded again.";

const EVENTS = { select: "selected", hover: "hovered", level: "level", colouring: "colouring", visibility: "hidden",
  explode: "explode" };

/**
 * Shows a segmentation in an element, which it fills; the element's page keeps everything outside of it.
 *
 * Parts are named {level, id}. Events are those of EVENTS; "draw" comes after each picture, and "theme" with "light" or
 * "dark" when that changes. Throws an Error in words
 * where the data cannot be shown; without WebGL the list is there, and words in place of the picture.
 */
export function createViewer(parent, data) {
  const host = element("div");
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  shadow.adoptedStyleSheets = [sheet];
  const handlers = Object.fromEntries([...Object.keys(EVENTS), "draw", "theme"].map((name) => [name, new Set()]));
  const emit = (name, value) => handlers[name].forEach((handler) => handler(value));

  const canvas = element("canvas", { tabIndex: 0, role: "application", "aria-label": "The shape; arrow keys turn it" });
  const message = element("p", { className: "message", role: "alert", hidden: true });
  const legendPlace = element("div", { className: "legend-place" });
  const panelPlace = element("div", { className: "panel-place" });
  let session = null;
  const pointer = createPointer(canvas, (x, y) => session.pick(x, y), () => session.actions);
  const tools = createTools({
    fit: () => stage?.fit(),
    save: () => save(),
    toggleTheme: () => theme.toggle(),
    explode: (amount) => session.actions.setExplode(amount),
  });
  const view = element("div", { className: "stage" }, canvas, legendPlace, tools.buttons, tools.slider, message,
    pointer.root);
  const root = element("div", { className: "viewer" }, view, panelPlace, tools.help);
  shadow.append(root);
  parent.append(host);

  const stage = startStage(canvas, message, () => emit("draw"));
  const theme = createTheme(root, (name, background, strength) => {
    stage?.setBackground(background, strength);
    emit("theme", name);
  });
  const resizing = new ResizeObserver(() => stage?.resize(view.clientWidth, view.clientHeight));
  const stopKeys = listenToKeys(root, canvas, () => stage, () => session.actions, nextColours);

  function setData(fresh, kept = {}) {
    const decoded = decode(fresh);
    const model = createModel(decoded);
    session?.dispose();
    session = createSession(decoded, model, kept, { stage, tools, legendPlace, panelPlace, emit });
  }

  function nextColours() {
    const names = COLOURINGS.map(([name]) => name);
    session.actions.setColouring(names[(names.indexOf(session.state.values.colouring) + 1) % names.length]);
  }

  async function save() {
    if (!stage) return;
    const url = URL.createObjectURL(await stage.picture());
    element("a", { href: url, download: `${session.title.replace(/[^\p{L}\p{N}._-]+/gu, "-")}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  function dispose() {
    resizing.disconnect();
    stopKeys();
    for (const one of [session, pointer, theme, stage]) one?.dispose();
    host.remove();
  }

  try {
    setData(data);
  } catch (error) {
    dispose();
    throw error;
  }
  stage?.resize(view.clientWidth, view.clientHeight);
  stage?.fit();
  resizing.observe(view);

  const named = (part) => part && session.model.part(part.level, part.id);
  return {
    /** Shows other data; with `keep`, such as for the same shape, from where one looks now and at the same level. */
    setData(fresh, { keep = false } = {}) {
      const { level, colouring, explode, drawer } = session.state.values;
      setData(fresh, keep ? { level, colouring, explode, drawer } : {});
      if (!keep) stage?.fit();
    },
    setLevel: (level) => session.actions.setLevel(level),
    setColouring: (colouring) => session.actions.setColouring(colouring),
    setExplode: (amount) => session.actions.setExplode(amount),
    setTheme: (name) => theme.set(name),
    select: (part) => session.actions.select(named(part)),
    toggle: (part) => session.actions.toggle(named(part)),
    isolate: (part) => session.actions.isolate(named(part)),
    showAll: () => session.actions.showAll(),
    focus: () => canvas.focus({ preventScroll: true }),
    picture: () => stage?.picture() ?? Promise.resolve(null),
    /** Calls `handler` at each event; returns a function that stops it. */
    on(event, handler) {
      handlers[event].add(handler);
      return () => handlers[event].delete(handler);
    },
    dispose,
  };
}

function startStage(canvas, message, onDraw) {
  const say = (text) => {
    message.textContent = text;
    message.hidden = !text;
  };
  try {
    canvas.addEventListener("webglcontextlost", () => say(LOST));
    canvas.addEventListener("webglcontextrestored", () => say(""));
    return createStage(canvas, onDraw);
  } catch {
    say(NO_WEBGL);
    return null;
  }
}

/** All that belongs to one set of data: its state, list and legend, and its shape on the stage. */
function createSession(data, model, kept, { stage, tools, legendPlace, panelPlace, emit }) {
  const state = createState({ level: model.levels[0].number, selected: null, hovered: null, hidden: new Set(),
    colouring: "part", explode: 0, drawer: false, ...kept });
  const actions = createActions(state, model);
  const panel = createPanel(data, state, model, actions);
  const legend = createLegend(state, model);
  const drawable = stage?.setShape(data, model);
  panelPlace.replaceChildren(panel.root);
  legendPlace.replaceChildren(legend.root);

  function draw(changed) {
    const { values } = state;
    const has = (...names) => names.some((name) => changed.has(name));
    if (has("level", "colouring", "selected", "hovered")) writeColours(drawable.looks, model, values);
    if (has("hidden", "explode") || (has("level") && values.explode > 0)) {
      const moved = offsets(model, drawable.boxes, values.level, values.explode);
      writePlaces(drawable.looks, moved, values.hidden);
      stage.placed(moved, values.hidden);
    }
    stage.invalidate();
  }

  function update(changed) {
    panel.update(changed);
    legend.update(changed);
    tools.show(state.values);
    if (drawable) draw(changed);
  }

  update(new Set(Object.keys(state.values)));
  state.listen(update);
  state.listen((changed) => {
    for (const [event, name] of Object.entries(EVENTS)) if (changed.has(name)) emit(event, told(state.values[name]));
  });
  return {
    state,
    model,
    actions,
    title: data.title,
    pick(x, y) {
      const atom = stage?.pick(x, y) ?? null;
      return atom === null ? null : model.partOfAtom(state.values.level, atom);
    },
    dispose() {
      panelPlace.replaceChildren();
      legendPlace.replaceChildren();
    },
  };

  function told(value) {
    if (value instanceof Set) return { hidden: value.size };
    return value?.atoms ? { level: value.level, id: value.id } : value;
  }
}
