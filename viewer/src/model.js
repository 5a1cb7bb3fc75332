// The parts of all levels, and the atoms that they are made of.
//
// An atom is what lies in the same part at every level. Faces or points know their atom alone, so that a change of
// level, colour or visibility touches a short table of atoms and never the geometry.

/** Parts and atoms of decoded data: {levels, atomOf, n_atom, part(level, id), partOfAtom(level, atom)}. */
export function createModel(data) {
  const { atomOf, members } = findAtoms(data);
  const levels = data.levels.map(({ level, parts }) => ({
    number: level,
    parts: parts.map((part) => ({ ...part, level, label: "", atoms: [], parent: null, children: [] })),
  }));
  const tables = levels.map((level) => new Map(level.parts.map((part) => [part.id, part])));
  members.forEach((ids, atom) => ids.forEach((id, row) => {
    const part = tables[row].get(id);
    if (!part) throw new Error(`Level ${levels[row].number} has labels of part ${id}, which it does not list.`);
    part.atoms.push(atom);
  }));
  data.levels.forEach(({ parts }, row) => parts.forEach((part) => link(part, tables[row], tables[row - 1])));
  for (const level of levels) nameParts(level.parts);
  const rowOf = (number) => levels.findIndex((level) => level.number === number);
  return {
    levels,
    atomOf,
    atomCount: members.length,
    nested: levels.some((level) => level.parts.some((part) => part.parent)),
    part: (level, id) => tables[rowOf(level)]?.get(id) ?? null,
    partOfAtom: (level, atom) => tables[rowOf(level)].get(members[atom][rowOf(level)]),
  };
}

/** The atom of each face or point, and the part ids of each atom, one a level. */
function findAtoms(data) {
  const atomOf = new Uint32Array(data.count);
  let members = [[]];
  for (const { ids } of data.levels) {
    const known = new Map();
    const finer = [];
    for (let i = 0; i < data.count; i++) {
      const key = atomOf[i] * 2 ** 32 + ids[i];
      let atom = known.get(key);
      if (atom === undefined) {
        known.set(key, (atom = finer.length));
        finer.push([...members[atomOf[i]], ids[i]]);
      }
      atomOf[i] = atom;
    }
    members = finer;
  }
  return { atomOf, members };
}

function link({ id, parent }, own, coarser) {
  if (parent === null || !coarser) return;
  const part = own.get(id);
  part.parent = coarser.get(parent) ?? null;
  part.parent?.children.push(part);
}

/** Labels such as "leg 2": the last element of the class, and a number where there are several. */
function nameParts(parts) {
  const counts = new Map();
  for (const part of parts) counts.set(part.class, (counts.get(part.class) ?? 0) + 1);
  const seen = new Map();
  for (const part of parts) {
    const name = className(part.class);
    const number = (seen.get(part.class) ?? 0) + 1;
    seen.set(part.class, number);
    part.label = counts.get(part.class) > 1 ? `${name} ${number}` : name;
  }
}

export function className(path) {
  return path.slice(path.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/**
 * Rows of the list at a level, [{part, same, depth, label, drawn}]: parts of coarser levels, those of finer ones below.
 *
 * A part that is the same thing at the next level is one row; `same` are the coarser parts that it stands for. The
 * label leaves out what the row above says already. `drawn`: it is a part of the level itself, so its colour is seen.
 */
export function rowsOf(model, level) {
  const rows = [];
  const add = (part, depth, same, above) => {
    const below = part.level < level ? part.children : [];
    if (below.length === 1 && below[0].class === part.class && below[0].atoms.length === part.atoms.length) {
      add(below[0], depth, [...same, part], above);
      return;
    }
    rows.push({ part, depth, same, label: labelBelow(part, above), drawn: part.level === level });
    for (const child of below) add(child, depth + 1, [], part);
  };
  const shown = model.levels.filter(({ number }) => (model.nested ? number <= level : number === level));
  const tops = shown.flatMap(({ parts }) => parts.filter((part) => !part.parent || !model.nested));
  tops.sort((one, other) => (one.class_id === 0) - (other.class_id === 0));
  for (const part of tops) add(part, 0, [], null);
  return rows;
}

/** "vertical bar 1" for a "back frame vertical bar 1" below a "back frame". */
function labelBelow(part, above) {
  const start = above ? `${className(above.class)} ` : "";
  const { label } = part;
  return start && className(part.class).startsWith(start) ? label.slice(start.length) : label;
}

/** The part at a level that stands for a part of any level: itself, the one that holds it, or null. */
export function standIn(model, part, level) {
  if (!part || part.level === level) return part;
  if (part.level < level && model.nested) return part;
  return part.atoms.length ? model.partOfAtom(level, part.atoms[0]) : null;
}
