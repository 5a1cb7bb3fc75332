// Elements in one expression. Text is always text, never markup.

/** An element with properties, attributes (aria-*, role, data-*), listeners (on*) and children. */
export function element(tag, settings = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const ICONS = {
  eye: "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10Z M10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8Z",
  closed: "M2.5 8.5s2.7 4.5 7.5 4.5 7.5-4.5 7.5-4.5 M5 11.6 3.6 14 M10 13v2.8 M15 11.6l1.4 2.4",
  only: "M10 3v3 M10 14v3 M3 10h3 M14 10h3 M10 8.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6Z",
  fit: "M3.5 7.5v-4h4 M12.5 3.5h4v4 M16.5 12.5v4h-4 M7.5 16.5h-4v-4",
  camera: "M3 6.5h3l1.4-2h5.2l1.4 2h3v9.5H3Z M10 8.4a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6Z",
  theme: "M10 3.2a6.8 6.8 0 1 0 0 13.6Z M10 3.2a6.8 6.8 0 0 1 0 13.6",
  help: "M7.4 7.4A2.6 2.6 0 1 1 10 10.4v1.4 M10 14.6v.1 M10 2.6a7.4 7.4 0 1 0 0 14.8 7.4 7.4 0 0 0 0-14.8Z",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick) {
  return element("button", { type: "button", className: "icon", title: label, "aria-label": label, onclick },
    icon(name));
}

/** Buttons of which one is pressed: {root, show(value)}. `choices` are [value, text] pairs. */
export function choice(label, choices, onchoose) {
  const buttons = choices.map(([value, text]) => [value,
    element("button", { type: "button", onclick: () => onchoose(value) }, text)]);
  return {
    root: element("div", { className: "choice", role: "group", "aria-label": label }, ...buttons.map(([, one]) => one)),
    show(value) {
      for (const [own, button] of buttons) button.setAttribute("aria-pressed", String(own === value));
    },
  };
}
