// Light or dark: as the system has it until someone chooses.

const STAGES = { light: ["#f3f2ef", 0.34], dark: ["#17191d", 0.62] };

/** Sets data-theme on `root`; `apply(name, background, shadow)` gets its name and the colours of the stage. */
export function createTheme(root, apply) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  const current = () => chosen ?? (system.matches ? "dark" : "light");
  const show = () => {
    root.dataset.theme = current();
    apply(current(), ...STAGES[current()]);
  };
  system.addEventListener("change", show);
  show();
  return {
    show,
    /** "light", "dark", or null to follow the system. */
    set(theme) {
      chosen = theme;
      show();
    },
    toggle() { this.set(current() === "dark" ? "light" : "dark"); },
    dispose: () => system.removeEventListener("change", show),
  };
}
