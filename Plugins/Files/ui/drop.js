// @ts-check
// Dragging files and folders from the desktop over an element.
import { folderOf } from "./walk.js";

/**
 * @param {HTMLElement} element Shows `files-over` while files are above it.
 * @param {(files: File[], folders: Promise<import("./walk.js").Folder[]>) => void} onDrop
 */
export function acceptDrops(element, onDrop) {
  let depth = 0; // Children send their own enter and leave.
  const over = (/** @type {number} */ change) => element.classList.toggle("files-over", (depth = Math.max(0, depth + change)) > 0);
  element.addEventListener("dragenter", (event) => hasFiles(event) && over(1));
  element.addEventListener("dragleave", (event) => hasFiles(event) && over(-1));
  element.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    over(-depth);
    const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === "file");
    // Asked for within the event: afterwards the browser knows nothing of it any more.
    const folders = items.map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry?.isDirectory);
    const files = items.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile());
    onDrop(/** @type {File[]} */ (files.filter(Boolean)), Promise.all(folders.map(folderOf)));
  });
  // A file dropped beside the panel would replace the whole meeting by the file.
  for (const type of ["dragover", "drop"]) {
    window.addEventListener(type, (event) => hasFiles(/** @type {DragEvent} */ (event)) && event.preventDefault());
  }
}

/** @param {DragEvent} event */
const hasFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;
