// @ts-check
// How tiles stand and in which size a camera is worth sending. No DOM.

const RATIO = 16 / 9;

/** Narrower tiles than this, in CSS pixels, show nothing worth seeing: rather some have to be scrolled to. */
const LEAST_WIDTH = 140;
/** So that all fit into a row they are made as narrow as this; else the row is scrolled. */
const STRIP_WIDTH = 130;

/** @typedef {{columns: number, width: number, height: number, fits: number}} Grid Columns, size of a tile, and how many are in view without scrolling. */

/**
 * The number of columns that makes the tiles largest.
 * @param {number} count Tiles, at least 1.
 * @param {number} width Of the place, in pixels.
 * @param {number} height
 * @param {number} gap Between tiles.
 * @param {number} [least] Least width of a tile.
 * @returns {Grid}
 */
export function arrange(count, width, height, gap, least = LEAST_WIDTH) {
  let best = { columns: 1, width: 0, score: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const across = (width - gap * (columns - 1)) / columns;
    const down = ((height - gap * (rows - 1)) / rows) * RATIO;
    const tile = Math.floor(Math.min(across, down));
    // A last row that is nearly empty looks as if somebody had been forgotten.
    const score = (tile * count) / (rows * columns);
    // People look better side by side than above each other, even if a little smaller.
    if (score > best.score * 0.94) best = { columns, width: tile, score };
  }
  if (best.width >= Math.min(least, width)) return { columns: best.columns, width: best.width, height: tileHeight(best.width), fits: count };
  return scrolled(count, width, height, gap, least);
}

/** Too many for the place: as many columns as their least width allows, and further rows below. @type {(count: number, width: number, height: number, gap: number, least: number) => Grid} */
function scrolled(count, width, height, gap, least) {
  const columns = Math.max(1, Math.min(count, Math.floor((width + gap) / (least + gap))));
  // No tile is higher than the place.
  const tile = Math.max(1, Math.floor(Math.min((width - gap * (columns - 1)) / columns, height * RATIO)));
  const rows = Math.max(1, Math.floor((height + gap) / (tileHeight(tile) + gap)));
  return { columns, width: tile, height: tileHeight(tile), fits: Math.min(count, rows * columns) };
}

/**
 * A place beside something larger: one row as high as the place, a little lower where that lets everybody be seen, or several rows where those are larger.
 * What does not fit is scrolled to.
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @param {number} gap
 * @returns {Grid}
 */
export function strip(count, width, height, gap) {
  const highest = Math.floor(height * RATIO), all = Math.floor((width + gap) / count - gap);
  const tile = Math.max(1, Math.min(width, highest, all >= STRIP_WIDTH ? all : highest));
  const row = { columns: count, width: tile, height: tileHeight(tile), fits: Math.max(1, Math.min(count, Math.floor((width + gap) / (tile + gap)))) };
  const rows = arrange(count, width, height, gap);
  const better = rows.fits === count && (row.fits < count || rows.width > row.width);
  return better || rows.fits >= 2 * row.fits ? rows : row;
}

/** @param {number} width */
const tileHeight = (width) => Math.floor(width / RATIO);

/** @typedef {{x: number, y: number, width: number, height: number}} Rect In CSS pixels. */

/**
 * Where each tile stands. With `focus` the first one is large and the others stand beside it, or, where it is narrow, below; those for whom there is no room are left out.
 * @param {number} count Tiles.
 * @param {number} width Of the place.
 * @param {number} height
 * @param {number} gap Between tiles.
 * @param {"grid" | "strip" | "focus"} mode
 * @returns {{rects: Rect[], fits: number}} One for each tile, as far as there is room; how many are in view without scrolling.
 */
export function place(count, width, height, gap, mode) {
  if (count === 0) return { rects: [], fits: 0 };
  if (mode === "strip") return lay(strip(count, width, height, gap), count, { x: 0, y: 0, width, height }, gap);
  if (mode === "grid" || count === 1) return lay(arrange(count, width, height, gap), count, { x: 0, y: 0, width, height }, gap);
  const { main, rest } = halves(width, height, gap);
  const grid = arrange(count - 1, rest.width, rest.height, gap, 72);
  const others = lay(grid, grid.fits, rest, gap);
  return { rects: [inside(main), ...others.rects], fits: 1 + grid.fits };
}

/** @param {number} width @param {number} height @param {number} gap */
function halves(width, height, gap) {
  const beside = width > height * 1.25;
  const share = beside ? Math.round(width * 0.22) : Math.round(height * 0.3);
  return beside
    ? { main: { x: 0, y: 0, width: width - share - gap, height }, rest: { x: width - share, y: 0, width: share, height } }
    : { main: { x: 0, y: 0, width, height: height - share - gap }, rest: { x: 0, y: height - share, width, height: share } };
}

/** The largest of a picture's proportions in the middle of a place. @param {Rect} rect @returns {Rect} */
function inside({ x, y, width, height }) {
  const wide = Math.floor(Math.min(width, height * RATIO)), high = tileHeight(wide);
  return { x: x + Math.floor((width - wide) / 2), y: y + Math.floor((height - high) / 2), width: wide, height: high };
}

/** Row by row, in the middle of the place; so is a last row that is not full. @param {Grid} grid @param {number} count @param {Rect} place @param {number} gap */
function lay(grid, count, place, gap) {
  const rows = Math.ceil(count / grid.columns);
  const wide = grid.width + gap, high = grid.height + gap;
  const top = Math.max(0, Math.floor((place.height - rows * high + gap) / 2));
  const rects = Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / grid.columns), inRow = Math.min(grid.columns, count - row * grid.columns);
    const left = Math.max(0, Math.floor((place.width - inRow * wide + gap) / 2));
    return { x: place.x + left + (i % grid.columns) * wide, y: place.y + top + row * high, width: grid.width, height: grid.height };
  });
  return { rects, fits: grid.fits };
}

/**
 * Nobody who talks is out of sight: who has spoken last takes the place of whoever in view has been silent longest. Everybody else stays where they are.
 * @param {string[]} order All, as they stand now.
 * @param {string[]} recent Who has spoken, the last one first.
 * @param {number} fits So many of the first are in view.
 * @param {(id: string) => boolean} stays Who is not moved.
 * @returns {string[]}
 */
export function bringForward(order, recent, fits, stays) {
  const result = [...order];
  const silence = (/** @type {string} */ id) => (recent.includes(id) ? recent.indexOf(id) : Infinity);
  for (const id of recent.slice(0, Math.max(1, fits - 1))) {
    const at = result.indexOf(id);
    if (at < fits) continue;
    const out = longestSilent(result.slice(0, fits), silence, stays);
    if (out < 0 || silence(result[out]) <= silence(id)) continue;
    [result[at], result[out]] = [result[out], result[at]];
  }
  return result;
}

/** @param {string[]} ids @param {(id: string) => number} silence @param {(id: string) => boolean} stays @returns {number} -1: nobody. */
function longestSilent(ids, silence, stays) {
  let found = -1;
  ids.forEach((id, at) => {
    if (!stays(id) && (found < 0 || silence(id) >= silence(ids[found]))) found = at;
  });
  return found;
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
