// What is shown, and who wants to know when it changes.

/** A small store: `set` merges changes and tells listeners which names have changed. */
export function createState(initial) {
  const values = { ...initial };
  const listeners = new Set();
  return {
    values,
    set(changes) {
      const changed = new Set(Object.keys(changes).filter((name) => values[name] !== changes[name]));
      Object.assign(values, changes);
      if (changed.size) for (const listener of [...listeners]) listener(changed);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
