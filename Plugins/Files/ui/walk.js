// @ts-check
// What lies in a folder that was dropped or chosen. No DOM.

/** @typedef {{path: string, file: File}} Found */
/** @typedef {{name: string, files: Found[]}} Folder */

/**
 * All files below an entry of a drop, in their order, with paths from the entry on.
 * @param {any} entry A FileSystemEntry. @param {string} [path] Of what it lies in.
 * @returns {Promise<Found[]>}
 */
export async function filesOf(entry, path = "") {
  if (entry.isFile) return [{ path: path + entry.name, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) }];
  const found = [];
  for (const child of await childrenOf(entry.createReader())) found.push(...(await filesOf(child, `${path}${entry.name}/`)));
  return found;
}

/** @param {any} reader @returns {Promise<any[]>} */
async function childrenOf(reader) {
  const children = [];
  // A reader gives a hundred at a time, and an empty list in the end.
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return children;
    children.push(...some);
  }
}

/** A dropped folder. @param {any} entry @returns {Promise<Folder>} */
export async function folderOf(entry) {
  const files = await filesOf(entry);
  return { name: entry.name, files: files.map(({ path, file }) => ({ path: path.slice(entry.name.length + 1), file })) };
}

/** Folders that were chosen in a dialog: files with their paths from the folder on. @param {File[]} files @returns {Folder[]} */
export function chosenFolders(files) {
  /** @type {Map<string, Found[]>} */
  const folders = new Map();
  for (const file of files) {
    const [name, ...rest] = file.webkitRelativePath.split("/");
    if (!folders.has(name)) folders.set(name, []);
    folders.get(name)?.push({ path: rest.join("/"), file });
  }
  return [...folders].map(([name, found]) => ({ name, files: found }));
}
