// @ts-check
// What has to be sent so that who sees one captured picture sees the next one: copies of what has moved, colours, and areas to encode,
// exactly or, while they move, with loss; what stands still again follows exactly. No DOM, so that node can test it.

import { Activity } from "./activity.js";
import { changedAreas, divided, isGrainy, joinedInRows, union } from "./changes.js";
import { findMove, movedAreas } from "./moves.js";
import { flatColour, TILE } from "./tiles.js";

/** @typedef {import("./tiles.js").Area} Area */
/** @typedef {Area & {fromX: number, fromY: number}} Copy */
/** @typedef {Area & {colour: number}} Flat */
/** @typedef {Area & {lossy: boolean}} Encoded */
/** @typedef {Copy | Flat | Encoded} Piece */

/** A smaller change is not searched for moves. */
const WORTH_SEARCHING = 8192;

/** What has so few colours is drawn, not filmed: PNG is smaller and exact. */
const FEW_COLOURS = 256;

export class Delta {
  #activity;
  /** @type {Uint32Array | null} */ #before = null;
  #width = 0;
  #height = 0;

  /** @param {() => number} now Milliseconds. */
  constructor(now) {
    this.#activity = new Activity(now);
  }

  /** True while something lossy is shown, which `take` mends when it is called in time, also with the same picture. */
  get isLossy() { return this.#activity.lossy > 0; }

  /**
   * @param {Uint32Array} now The picture, which is kept and not to be changed. @param {number} width @param {number} height
   * @returns {Piece[]} In the order in which they must be shown; none: nothing has changed.
   */
  take(now, width, height) {
    const before = this.#before;
    this.#before = now;
    if (!before || width !== this.#width || height !== this.#height) return this.#whole(now, width, height);
    if (before === now) return this.#encoded(now, now, []);
    let changed = changedAreas(before, now, width, height);
    const copies = this.#copies(before, now, changed);
    if (copies.length > 0) changed = changedAreas(before, now, width, height);
    return [...copies, ...this.#encoded(before, now, changed)];
  }

  /** @param {Uint32Array} now @param {number} width @param {number} height */
  #whole(now, width, height) {
    [this.#width, this.#height] = [width, height];
    this.#activity.reset(width, height);
    const tiles = Array.from({ length: Math.ceil(width / TILE) * Math.ceil(height / TILE) }, (_, index) => this.#activity.areaOf(index));
    return this.#pieces(now, tiles.map((tile) => ({ ...tile, lossy: false })));
  }

  /** Done in the old picture as well. @param {Uint32Array} before @param {Uint32Array} now @param {Area[]} changed @returns {Copy[]} */
  #copies(before, now, changed) {
    if (pixelsOf(changed) < WORTH_SEARCHING) return [];
    const within = changed.reduce(union), move = findMove(before, now, this.#width, within);
    if (!move) return [];
    const { dx, dy } = move;
    // What is read must not have been written: those that the content moves towards come first.
    const found = movedAreas(before, now, this.#width, this.#height, within, dx, dy).sort((a, b) => (b.y - a.y) * dy + (b.x - a.x) * dx);
    return found.map((area) => {
      this.#copy(before, area, dx, dy);
      this.#activity.copied(area, area.x - dx, area.y - dy);
      return { ...area, fromX: area.x - dx, fromY: area.y - dy };
    });
  }

  /** @param {Uint32Array} picture @param {Area} to @param {number} dx @param {number} dy */
  #copy(picture, to, dx, dy) {
    for (let i = 0; i < to.height; i++) {
      const row = (dy > 0 ? to.y + to.height - 1 - i : to.y + i) * this.#width + to.x, from = row - dy * this.#width - dx;
      picture.copyWithin(row, from, from + to.width);
    }
  }

  /** @param {Uint32Array} before @param {Uint32Array} now @param {Area[]} changed @returns {(Flat | Encoded)[]} */
  #encoded(before, now, changed) {
    const areas = changed.flatMap((area) => {
      const divide = divided(before, now, this.#width, area);
      // Of a photograph each pixel costs; a text is better sent as a whole.
      const runs = divide.length > 1 && divide.every((run) => isGrainy(now, this.#width, run)) ? divide : [area];
      const moves = this.#activity.note(area, pixelsOf(runs));
      return moves && this.#hasManyColours(now, area) ? [{ ...area, lossy: true }] : runs.map((run) => ({ ...run, lossy: false }));
    });
    const due = this.#activity.due().map((tile) => ({ ...tile, lossy: false }));
    return this.#pieces(now, due.length === 0 ? areas : [...areas, ...due].sort((a, b) => Math.floor(a.y / TILE) - Math.floor(b.y / TILE) || a.x - b.x));
  }

  /** @param {Uint32Array} now @param {Encoded[]} areas @returns {(Flat | Encoded)[]} */
  #pieces(now, areas) {
    const coloured = areas.map((area) => ({ ...area, colour: flatColour(now, this.#width, area) }));
    const joined = joinedInRows(coloured, (one, other) => one.colour === other.colour && one.lossy === other.lossy, ({ colour }) => colour !== null);
    for (const area of joined) this.#activity.sent(area, area.lossy);
    return joined.map(({ colour, lossy, ...area }) => colour === null ? { ...area, lossy } : { ...area, colour });
  }

  /** @param {Uint32Array} pixels @param {Area} area */
  #hasManyColours(pixels, { x, y, width, height }) {
    const colours = new Set();
    for (let row = y; row < y + height; row++)
      for (let at = row * this.#width + x, end = at + width; at < end; at++)
        if (colours.add(pixels[at]).size > FEW_COLOURS) return true;
    return false;
  }
}

/** @param {Area[]} areas */
const pixelsOf = (areas) => areas.reduce((pixels, { width, height }) => pixels + width * height, 0);
