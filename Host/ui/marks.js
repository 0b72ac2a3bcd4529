// @ts-check
// Small states beside people's names: whoever knows them sets them, whoever lists people shows them.

/** @typedef {import("./types").Mark} Mark */

/** @type {Map<string, Map<string, Mark>>} By person, then by name. */
const marks = new Map();
/** @type {((person: string) => void)[]} */
const listeners = [];

/** @param {string} person @returns {Mark[]} In the order of their names, so that they do not jump. */
export function marksOf(person) {
  return [...(marks.get(person) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, mark]) => mark);
}

/** @param {string} person @param {string} name @param {Mark & {active: boolean}} state */
export function mark(person, name, { active, icon, title }) {
  const own = marks.get(person) ?? new Map();
  const before = own.get(name);
  if (active ? before?.title === title && before?.icon === icon : !before) return;
  if (active) own.set(name, { icon, title });
  else own.delete(name);
  if (own.size > 0) marks.set(person, own);
  else marks.delete(person);
  for (const listener of listeners) listener(person);
}

/** @param {(person: string) => void} fn Told whose marks have changed. */
export function onMarks(fn) {
  listeners.push(fn);
}

/** Another room, other people. */
export function clearMarks() {
  const people = [...marks.keys()];
  marks.clear();
  for (const person of people) for (const listener of listeners) listener(person);
}
