// @ts-check
// No DOM, so that node can test it.

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Files as people count them: slide2 before slide10. @template {{name: string}} T @param {Iterable<T>} files @returns {T[]} */
export const inOrder = (files) => [...files].sort((one, other) => collator.compare(one.name, other.name));

/**
 * The size of a slide as it is shared: as large as it fits a wide screen.
 * @param {number} width @param {number} height
 */
export function slideSize(width, height) {
  const scale = Math.min(2560 / width, 1600 / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)), scale };
}
