// @ts-check
// How tiles stand and in which size a camera is worth sending. No DOM.

const RATIO = 16 / 9;

/**
 * The number of columns that makes the tiles largest. In a low strip that is one row by itself.
 * @param {number} count Tiles, at least 1.
 * @param {number} width Of the place, in pixels.
 * @param {number} height
 * @param {number} gap Between tiles.
 * @returns {{columns: number, width: number}} Columns and the width of a tile.
 */
export function arrange(count, width, height, gap) {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const across = (width - gap * (columns - 1)) / columns;
    const down = ((height - gap * (rows - 1)) / rows) * RATIO;
    const tile = Math.floor(Math.min(across, down));
    // People look better side by side than above each other, even if a little smaller.
    if (tile > best.width * 0.94) best = { columns, width: tile };
  }
  return best;
}

/**
 * The size to ask for. Between the limits the present one stays, so that a window that is being resized does not switch all the time.
 * @param {number} width Of the tile, in device pixels.
 * @param {"large" | "small"} present
 * @returns {"large" | "small"}
 */
export function layerFor(width, present) {
  if (width <= 330) return "small";
  return width >= 370 ? "large" : present;
}

/**
 * The largest size with a picture's proportions that fits, in even numbers as VP8's chroma planes like them.
 * @param {number} width
 * @param {number} height
 * @param {number} mostWidth
 * @param {number} mostHeight
 */
export function fit(width, height, mostWidth, mostHeight) {
  const scale = Math.min(1, mostWidth / width, mostHeight / height);
  const even = (/** @type {number} */ n) => Math.max(2, Math.round((n * scale) / 2) * 2);
  return { width: even(width), height: even(height) };
}

/**
 * One or two letters for a person without a picture.
 * @param {string} name
 */
export function initials(name) {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0] ?? "").join("").toUpperCase() || "?";
}

/**
 * A hue that stays with a name, 0 to 359 (FNV-1a); it is the one that the list of people has.
 * @param {string} name
 */
export function hue(name) {
  const bytes = new TextEncoder().encode(name.normalize("NFC").toUpperCase());
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5) % 360;
}

/**
 * Why the browser's camera does not work, as a sentence.
 * @param {{name?: string, message?: string}} error From getUserMedia.
 */
export function cameraProblem(error) {
  switch (error.name) {
    case "NotAllowedError": return "The browser may not use the camera; allow it beside the address and try again.";
    case "NotFoundError":
    case "OverconstrainedError": return "The browser finds no camera; plug one in or choose another source.";
    case "NotReadableError": return "The camera is in use by another program; close that one and try again.";
    default: return `The camera cannot be used: ${error.message ?? "unknown reason"}`;
  }
}
