// @ts-check
// Where two pictures differ, and neighbouring areas as one. No DOM, so that node can test it.

import { TILE } from "./tiles.js";

/** @typedef {import("./tiles.js").Area} Area */

/** Images of more pixels are refused. */
const MAX_PIXELS = 65536;

/** So many pixels that have not changed cost less than an image of their own. */
const FREE_WASTE = 384;

/** The same where each pixel is another. */
const GRAINY_WASTE = 64;

/** The one that goes on in the next tile need not be the last. */
const NEIGHBOURS = 6;

/**
 * The tiles in which two pictures of one size differ, each trimmed to what differs in it.
 * @param {Uint32Array} before @param {Uint32Array} now Pixels, row by row. @param {number} width @param {number} height
 * @returns {Area[]} Row by row of tiles, from the left.
 */
export function changedAreas(before, now, width, height) {
  /** @type {Area[]} */ const changed = [];
  for (let y = 0; y < height; y += TILE) {
    if (sameRows(before, now, y * width, Math.min(height, y + TILE) * width)) continue;
    for (let x = 0; x < width; x += TILE) {
      const area = trimmed(before, now, width, { x, y, width: Math.min(TILE, width - x), height: Math.min(TILE, height - y) });
      if (area) changed.push(area);
    }
  }
  return changed;
}

/** @param {Uint32Array} before @param {Uint32Array} now @param {number} from @param {number} to */
function sameRows(before, now, from, to) {
  for (let at = from; at < to; at++) if (before[at] !== now[at]) return false;
  return true;
}

/** @param {Uint32Array} before @param {Uint32Array} now @param {number} width @param {Area} tile @returns {Area | null} */
function trimmed(before, now, width, tile) {
  let left = tile.width, right = 0, first = -1, last = -1;
  for (let y = 0; y < tile.height; y++) {
    const row = (tile.y + y) * width + tile.x;
    let from = 0;
    while (from < tile.width && before[row + from] === now[row + from]) from++;
    if (from === tile.width) continue;
    let to = tile.width;
    while (before[row + to - 1] === now[row + to - 1]) to--;
    if (first < 0) first = y;
    last = y;
    left = Math.min(left, from);
    right = Math.max(right, to);
  }
  return first < 0 ? null : { x: tile.x + left, y: tile.y + first, width: right - left, height: last - first + 1 };
}

/**
 * One trimmed tile as runs of rows that differ in about the same columns: where a window was dragged away, the tile of its corner differs in an
 * L, and most of the area around it does not.
 * @param {Uint32Array} before @param {Uint32Array} now @param {number} width @param {Area} area @returns {Area[]}
 */
export function divided(before, now, width, area) {
  /** @type {Area[]} */ const runs = [];
  let sum = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    const row = trimmed(before, now, width, { ...area, y, height: 1 }), run = runs.at(-1);
    if (!row) continue;
    const both = run ? union(run, row) : row;
    const fits = run && both.width * both.height - sum - row.width <= GRAINY_WASTE + sum / 16;
    if (fits) runs[runs.length - 1] = both;
    else runs.push(row);
    sum = fits ? sum + row.width : row.width;
  }
  return runs;
}

/** Of a few rows: do more than three in four pixels differ from the one before, as in a photograph? @param {Uint32Array} pixels @param {number} width @param {Area} area */
export function isGrainy(pixels, width, area) {
  let differ = 0, seen = 0;
  for (let y = area.y; y < area.y + area.height; y += Math.max(1, Math.floor(area.height / 4)))
    for (let at = y * width + area.x + 1, end = at + area.width - 1; at < end; at++, seen++) if (pixels[at] !== pixels[at - 1]) differ++;
  return differ * 4 > seen * 3;
}

/** The smallest area that has both. @param {Area} one @param {Area} other @returns {Area} */
export function union(one, other) {
  const x = Math.min(one.x, other.x), y = Math.min(one.y, other.y);
  return { x, y, width: Math.max(one.x + one.width, other.x + other.width) - x, height: Math.max(one.y + one.height, other.y + other.height) - y };
}

/**
 * Joins what lies side by side in one row of tiles and is of one kind: fewer and larger images have fewer headers.
 * @template {Area} T
 * @param {T[]} pieces Row by row of tiles, from the left. @param {(one: T, other: T) => boolean} alike
 * @param {(piece: T) => boolean} exact Nothing else may be covered by it. @returns {T[]}
 */
export function joinedInRows(pieces, alike, exact) {
  /** @type {T[]} */ const joined = [];
  for (const piece of pieces) {
    const index = joined.findLastIndex((before, at) => at >= joined.length - NEIGHBOURS && goesOn(before, piece, exact(piece)) && alike(before, piece));
    if (index < 0) joined.push(piece);
    else joined[index] = { ...joined[index], ...union(joined[index], piece) };
  }
  return joined;
}

/** @param {Area} one @param {Area} other @param {boolean} exact */
function goesOn(one, other, exact) {
  if (Math.floor(one.y / TILE) !== Math.floor(other.y / TILE)) return false;
  const both = union(one, other);
  const sum = one.width * one.height + other.width * other.height, all = both.width * both.height;
  return exact ? all === sum : all <= MAX_PIXELS && all - sum <= Math.max(FREE_WASTE, sum / 8);
}
