// Keys, as long as the focus is in the viewer.

export const KEYS = [
  ["1 2 3", "level"],
  ["arrows", "turn"],
  ["Shift + arrows", "move"],
  ["+ −", "zoom"],
  ["F", "fit to the window"],
  ["H", "hide or show the chosen part"],
  ["I", "show the chosen part alone, or all again"],
  ["A", "show all"],
  ["C", "next colours"],
  ["Esc", "choose nothing"],
];

const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const TURN = Math.PI / 24;
const ZOOM = 0.85;

/** Listens on `root`. `getStage` returns the stage, or null where there is none. */
export function listenToKeys(root, canvas, getStage, getActions, nextColours) {
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typed = event.target.matches("input, select, textarea");
    if ((typed || root.querySelector("dialog[open]")) && event.key !== "Escape") return;
    if (event.target === canvas && moveCamera(event, getStage())) event.preventDefault();
    else commands(event.key.toLowerCase());
  }

  function commands(key) {
    const actions = getActions();
    const part = actions.chosen();
    if (/^[1-3]$/.test(key)) actions.setLevel(Number(key));
    else if (key === "h" && part) actions.toggle(part);
    else if (key === "i" && part) actions.isolate(part);
    else if (key === "a") actions.showAll();
    else if (key === "c") nextColours();
    else if (key === "f") getStage()?.fit();
    else if (key === "escape") actions.select(null);
  }

  root.addEventListener("keydown", onKey);
  return () => root.removeEventListener("keydown", onKey);
}

function moveCamera(event, stage) {
  if (!stage) return false;
  const { controls } = stage;
  if (event.key in ARROWS) {
    const [x, y] = ARROWS[event.key];
    if (event.shiftKey) controls.pan(40 * x, 40 * y);
    else [controls.rotateLeft(TURN * x), controls.rotateUp(TURN * y)];
  } else if (["+", "="].includes(event.key)) controls.dollyIn(ZOOM);
  else if (["-", "−"].includes(event.key)) controls.dollyOut(ZOOM);
  else return false;
  stage.invalidate();
  return true;
}
