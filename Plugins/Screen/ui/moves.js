// @ts-check
// Finds how far the content of an area has moved, and which rectangles have moved exactly so far. Short lively strips of the old picture are
// looked for in rows of the new one by a rolling hash (Karp and Rabin, 1987); the displacement with the most votes is checked in cells of 16 x 1
// pixels, of which the largest rectangles are taken. As MoveFinder and MovedAreas do it for the daemon's own capture. No DOM.

/** @typedef {import("./tiles.js").Area} Area */

const STRIP = 24, MAX_ANCHORS = 2048, LEAST_VOTES = 6, ENOUGH_VOTES = 96, ROW_STEP = 3, LEAST_LIVELINESS = 5, LEAST_SHARE = 20;
const FACTOR = 0x9E3779B1 | 0, FILTER_BITS = 16;
const SEGMENT = 128;
const CELL = 16, MAX_AREAS = 6, LEAST_PIXELS = 4096;

const OUTGOING = Array.from({ length: STRIP - 1 }).reduce((/** @type {number} */ power) => Math.imul(power, FACTOR), 1);
const filter = new Uint8Array(1 << FILTER_BITS);

/**
 * The displacement that most of an area has gone.
 * @param {Uint32Array} before @param {Uint32Array} now @param {number} width @param {Area} within Where they differ.
 * @returns {{dx: number, dy: number} | null}
 */
export function findMove(before, now, width, within) {
  if (within.width < STRIP) return null;
  const dy = findScroll(before, now, width, within);
  return dy ? { dx: 0, dy } : findAnyMove(before, now, width, within);
}

/**
 * How far down the content has gone, when it has gone straight, as pages do: long pieces of rows are hardly ever alike, and each is looked at once.
 * @param {Uint32Array} before @param {Uint32Array} now @param {number} width @param {Area} within @returns {number} 0: not found.
 */
function findScroll(before, now, width, within) {
  /** @type {Map<number, number>} */ const votes = new Map();
  const length = Math.min(SEGMENT, within.width), bottom = within.y + within.height;
  let best = 0, most = 0, total = 0;
  for (let x = within.x; x + length <= within.x + within.width; x += length) {
    /** @type {Map<number, number>} */ const rows = new Map();
    for (let y = within.y; y < bottom; y++) {
      const hash = hashOf(before, y * width + x, length);
      // What looks like another row tells nothing.
      if (hash) rows.set(hash, rows.has(hash) ? -1 : y);
    }
    for (let y = within.y; y < bottom; y++) {
      const from = rows.get(hashOf(now, y * width + x, length)) ?? -1;
      if (from < 0 || from === y) continue;
      const count = (votes.get(y - from) ?? 0) + 1;
      votes.set(y - from, count);
      total++;
      if (count > most) [best, most] = [y - from, count];
    }
  }
  return most >= LEAST_VOTES && most * 2 >= total ? best : 0;
}

/** 0 for what is too plain. @param {Uint32Array} pixels @param {number} at @param {number} length */
function hashOf(pixels, at, length) {
  let hash = 0, lively = 0;
  for (let i = at, end = at + length, last = pixels[at]; i < end; i++) {
    const pixel = pixels[i];
    if (pixel !== last) lively++;
    hash = Math.imul(hash, FACTOR) + (last = pixel) | 0;
  }
  return lively >= LEAST_LIVELINESS ? hash : 0;
}

/** @param {Uint32Array} before @param {Uint32Array} now @param {number} width @param {Area} within */
function findAnyMove(before, now, width, within) {
  const anchors = learn(before, now, width, within);
  if (anchors.size < LEAST_VOTES) return null;
  /** @type {Map<number, number>} */ const votes = new Map();
  let best = 0, most = 0, total = 0;
  for (let y = within.y; y < within.y + within.height && !(most >= ENOUGH_VOTES && most * 2 >= total); y += ROW_STEP)
    look(now, width, within, y, anchors, (dx, dy) => {
      const key = dx * 65536 + dy, count = (votes.get(key) ?? 0) + 1;
      votes.set(key, count);
      total++;
      if (count > most) [best, most] = [key, count];
    });
  if (most < LEAST_VOTES || most * LEAST_SHARE < total) return null;
  const dx = Math.round(best / 65536);
  return { dx, dy: best - dx * 65536 };
}

/** Strips of the old picture that have changed, by their hash. @param {Uint32Array} before @param {Uint32Array} now @param {number} width @param {Area} within */
function learn(before, now, width, within) {
  filter.fill(0);
  /** @type {Map<number, number>} */ const anchors = new Map();
  const perRow = Math.min(8, Math.max(1, Math.floor(MAX_ANCHORS / within.height)));
  let place = 1;
  for (let y = within.y; y < within.y + within.height; y++)
    for (let i = 0; i < perRow && anchors.size < MAX_ANCHORS; i++) {
      place = Math.imul(place, 1664525) + 1013904223 >>> 0;
      const at = y * width + within.x + Math.floor(place / 2 ** 32 * (within.width - STRIP + 1));
      if (isTelling(before, now, at)) keep(anchors, before, at);
    }
  return anchors;
}

/** What stands still or looks the same everywhere tells nothing about a move. @param {Uint32Array} before @param {Uint32Array} now @param {number} at */
function isTelling(before, now, at) {
  let lively = 0, same = before[at] === now[at];
  for (let i = at + 1; i < at + STRIP; i++) {
    if (before[i] !== before[i - 1]) lively++;
    same &&= before[i] === now[i];
  }
  return !same && lively >= LEAST_LIVELINESS;
}

/** @param {Map<number, number>} anchors @param {Uint32Array} before @param {number} at */
function keep(anchors, before, at) {
  let hash = 0;
  for (let i = at; i < at + STRIP; i++) hash = Math.imul(hash, FACTOR) + before[i] | 0;
  if (anchors.has(hash)) return;
  anchors.set(hash, at);
  filter[hash >>> 32 - FILTER_BITS] = 1;
}

/** @param {Uint32Array} now @param {number} width @param {Area} within @param {number} y @param {Map<number, number>} anchors @param {(dx: number, dy: number) => void} vote */
function look(now, width, within, y, anchors, vote) {
  const start = y * width + within.x, last = start + within.width;
  let hash = 0;
  for (let at = start; at < last; at++) {
    if (at >= start + STRIP) hash = hash - Math.imul(now[at - STRIP], OUTGOING) | 0;
    hash = Math.imul(hash, FACTOR) + now[at] | 0;
    if (at < start + STRIP - 1 || filter[hash >>> 32 - FILTER_BITS] === 0) continue;
    const from = anchors.get(hash), to = at - STRIP + 1;
    if (from === undefined) continue;
    // Once: of lines that all have the same words each would vote for another displacement. The topmost is learnt, and found, first.
    anchors.delete(hash);
    if (from !== to) vote(to % width - from % width, Math.floor(to / width) - Math.floor(from / width));
  }
}

/**
 * The rectangles that show what stood elsewhere in the old picture.
 * @param {Uint32Array} before @param {Uint32Array} now @param {number} width @param {number} height Of the pictures.
 * @param {Area} within Where they differ. @param {number} dx How far to the right the content went. @param {number} dy How far down.
 * @returns {Area[]} The destinations.
 */
export function movedAreas(before, now, width, height, within, dx, dy) {
  // Content that came from outside the picture cannot be copied.
  const x = Math.max(within.x, dx), y = Math.max(within.y, dy);
  const right = Math.min(within.x + within.width, width + Math.min(0, dx)), bottom = Math.min(within.y + within.height, height + Math.min(0, dy));
  if (right - x < CELL || bottom <= y) return [];
  const columns = Math.floor((right - x) / CELL), rows = bottom - y;
  const cells = compare(before, now, width, { x, y, width: columns * CELL, height: rows }, columns, dx, dy);
  /** @type {Area[]} */ const found = [];
  while (found.length < MAX_AREAS) {
    const best = largest(cells, columns, rows);
    if (best.width * best.height * CELL < LEAST_PIXELS || !take(cells, columns, best)) break;
    found.push(grown(before, now, width, { x: x + best.x * CELL, y: y + best.y, width: best.width * CELL, height: best.height }, x, right, dx, dy));
  }
  return found;
}

/** To the pixel. @param {Uint32Array} before @param {Uint32Array} now @param {number} width @param {Area} area @param {number} least @param {number} most @param {number} dx @param {number} dy */
function grown(before, now, width, area, least, most, dx, dy) {
  const same = (/** @type {number} */ x) => {
    for (let at = area.y * width + x, end = at + area.height * width; at < end; at += width) if (now[at] !== before[at - dy * width - dx]) return false;
    return true;
  };
  let left = area.x, right = area.x + area.width;
  while (left > least && same(left - 1)) left--;
  while (right < most && same(right)) right++;
  return { ...area, x: left, width: right - left };
}

const EQUAL = 1, CHANGED = 2;

/** @param {Uint32Array} before @param {Uint32Array} now @param {number} width @param {Area} to @param {number} columns @param {number} dx @param {number} dy */
function compare(before, now, width, to, columns, dx, dy) {
  const cells = new Uint8Array(columns * to.height), back = dy * width + dx;
  for (let y = 0; y < to.height; y++)
    for (let column = 0; column < columns; column++) {
      const at = (to.y + y) * width + to.x + column * CELL;
      let equal = true, changed = false;
      for (let i = at; i < at + CELL && equal; i++) {
        equal = now[i] === before[i - back];
        changed ||= now[i] !== before[i];
      }
      cells[y * columns + column] = equal ? EQUAL | (changed ? CHANGED : 0) : 0;
    }
  return cells;
}

/** The largest rectangle of equal cells, by histograms. @param {Uint8Array} cells @param {number} columns @param {number} rows @returns {Area} In cells. */
function largest(cells, columns, rows) {
  const heights = new Int32Array(columns + 1), stack = new Int32Array(columns + 2);
  let best = { x: 0, y: 0, width: 0, height: 0 };
  for (let y = 0; y < rows; y++) {
    for (let column = 0; column < columns; column++) heights[column] = cells[y * columns + column] & EQUAL ? heights[column] + 1 : 0;
    for (let column = 0, depth = 0; column <= columns; column++) {
      while (depth > 0 && heights[stack[depth - 1]] >= heights[column]) {
        const tall = heights[stack[--depth]], left = depth === 0 ? 0 : stack[depth - 1] + 1;
        if (tall * (column - left) > best.width * best.height) best = { x: left, y: y - tall + 1, width: column - left, height: tall };
      }
      stack[depth++] = column;
    }
  }
  return best;
}

/** Uses cells up; true when enough in them has changed to be worth a copy. @param {Uint8Array} cells @param {number} columns @param {Area} area */
function take(cells, columns, area) {
  let changed = 0;
  for (let y = area.y; y < area.y + area.height; y++)
    for (let column = area.x; column < area.x + area.width; column++) {
      if (cells[y * columns + column] & CHANGED) changed++;
      cells[y * columns + column] = 0;
    }
  return changed * CELL >= LEAST_PIXELS;
}
