// Pointing at parts in the picture: hover with a mouse, choose with a click or tap, and a label at the pointer.
import { element } from "./dom.js";
import { percent } from "./words.js";

const STILL = 5;

/** `pick(x, y)` returns the part there or null. Returns {root, dispose}; `root` is the label. */
export function createPointer(canvas, pick, getActions) {
  const root = element("div", { className: "label", hidden: true });
  let pressed = null;
  let pending = 0;

  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  function label(part, [x, y]) {
    root.hidden = !part;
    if (!part) return;
    root.textContent = `${part.label}  ${percent(part.confidence)}`;
    const beyond = x + root.offsetWidth + 24 > canvas.clientWidth;
    root.style.transform = `translate(${beyond ? x - root.offsetWidth - 12 : x + 14}px, ${Math.max(4, y - 34)}px)`;
  }

  /** Once a picture at most: a mouse tells of its moves more often than anyone can see. */
  function hover(event) {
    if (event.buttons || event.pointerType === "touch") return;
    const at = place(event);
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => {
      const part = pick(...at);
      canvas.style.cursor = part ? "pointer" : "grab";
      getActions().hover(part);
      label(part, at);
    });
  }

  function leave() {
    cancelAnimationFrame(pending);
    getActions().hover(null);
    root.hidden = true;
  }

  function down(event) {
    pressed = event.isPrimary && event.button === 0 ? [event.clientX, event.clientY] : null;
    root.hidden = true;
  }

  function up(event) {
    if (!pressed || !event.isPrimary) return;
    const moved = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]);
    pressed = null;
    if (moved > STILL) return;
    const part = pick(...place(event));
    getActions().select(part === getActions().selected() ? null : part);
  }

  const listeners = { pointermove: hover, pointerleave: leave, pointerdown: down, pointerup: up };
  for (const [name, listener] of Object.entries(listeners)) canvas.addEventListener(name, listener);
  return {
    root,
    dispose() {
      cancelAnimationFrame(pending);
      for (const [name, listener] of Object.entries(listeners)) canvas.removeEventListener(name, listener);
    },
  };
}
