// The bar below the viewer: what can be done with the part that is chosen.

const className = (path) => path.slice(path.lastIndexOf("/") + 1).replaceAll("_", " ");
const readable = (path) => path.replaceAll("_", " ").replaceAll("/", " › ");

/** `correct({what, level, parts, class})` does it; `select(part)` chooses in the viewer. Fills `root`. */
export function createCorrections(root, correct, select) {
  let labels = new Map();
  let classes = {};
  let chosen = null;
  let gathered = null;

  const key = ({ level, id }) => `${level} ${id}`;
  const part = (one) => labels.get(key(one));

  function element(tag, settings, ...children) {
    const made = Object.assign(document.createElement(tag), settings);
    made.append(...children);
    return made;
  }
  const button = (text, onclick, title = "") => element("button", { type: "button", onclick, title }, text);

  function draw() {
    root.scrollLeft = 0;
    if (gathered) drawGathered();
    else if (chosen) drawChosen();
    else root.replaceChildren(element("span", { className: "hint" }, "Choose a part to correct it."));
  }

  function drawChosen() {
    const { label, name } = part(chosen);
    const list = element("select", { title: "Class", ariaLabel: "Class" },
      ...classes[chosen.level].map((one) => new Option(readable(one), one)));
    list.value = name;
    list.onchange = () => act("reclass", [chosen.id], list.value);
    root.replaceChildren(element("span", { className: "chosen" }, label), list,
      button("Merge with…", () => gather([chosen]), "Choose other parts of this level that it is one with"),
      button("Split into pieces", () => act("split into pieces", [chosen.id]), "A part for each connected piece"),
      button("Split by grouping", () => act("split by grouping", [chosen.id]),
        "Group it anew with a smaller bandwidth"));
  }

  function drawGathered() {
    const enough = gathered.length > 1;
    const merge = button(enough ? `Merge ${gathered.length} parts` : "Merge",
      () => act("merge", gathered.map(({ id }) => id)));
    merge.className = "main";
    merge.disabled = !enough;
    const names = gathered.map((one) => part(one).label).join(" + ");
    const hint = `Choose the parts of level ${gathered[0].level} to merge it with.`;
    root.replaceChildren(merge, button("Cancel", () => gather(null)), element("span", { className: "chosen" }, names),
      ...(enough ? [] : [element("span", { className: "hint" }, hint)]));
  }

  function gather(parts) {
    gathered = parts;
    draw();
  }

  function act(what, parts, name) {
    const { level } = gathered ? gathered[0] : chosen;
    gathered = null;
    correct({ what, level, parts, class: name });
  }

  function addGathered(one) {
    const fits = one.level === gathered[0].level && !gathered.some(({ id }) => id === one.id);
    if (fits) gathered = [...gathered, one];
  }

  return {
    /** The part that the viewer has chosen, or null. */
    select(one) {
      if (one && gathered) addGathered(one);
      chosen = one;
      draw();
    },
    /** Shows what belongs to new data; the chosen part stays if it is still there. */
    setData(view, fresh) {
      classes = fresh;
      labels = new Map();
      for (const { level, parts } of view.levels) {
        const met = new Map();
        for (const { id, class: name } of parts) {
          met.set(name, (met.get(name) ?? 0) + 1);
          labels.set(key({ level, id }), { name, number: met.get(name) });
        }
        for (const { id } of parts) {
          const own = labels.get(key({ level, id }));
          own.label = className(own.name) + (met.get(own.name) > 1 ? ` ${own.number}` : "");
        }
      }
      gathered = null;
      chosen = chosen && part(chosen) ? chosen : null;
      select(chosen);
      draw();
    },
    enable(able, visible) {
      root.hidden = !visible;
      root.inert = !able;
      if (able) draw();
    },
  };
}
