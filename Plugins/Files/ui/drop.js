// @ts-check
// Dragging files from the desktop over an element.

/**
 * @param {HTMLElement} element Shows `files-over` while files are above it.
 * @param {(files: File[], folders: number) => void} onDrop
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
    const folders = items.filter((item) => item.webkitGetAsEntry?.()?.isDirectory);
    const files = items.filter((item) => !folders.includes(item)).map((item) => item.getAsFile());
    onDrop(/** @type {File[]} */ (files.filter(Boolean)), folders.length);
  });
  // A file dropped beside the panel would replace the whole meeting by the file.
  for (const type of ["dragover", "drop"]) {
    window.addEventListener(type, (event) => hasFiles(/** @type {DragEvent} */ (event)) && event.preventDefault());
  }
}

/** @param {DragEvent} event */
const hasFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;
