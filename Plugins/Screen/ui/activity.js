// @ts-check
// What each tile has been through lately: whether it changes again and again, as a moving picture does, and whether it was sent with loss
// and has stood still since. As TileActivity does it for the daemon's own capture. No DOM.

import { TILE } from "./tiles.js";

/** @typedef {import("./tiles.js").Area} Area */
/** @typedef {{changed: number, streak: number, pixels: number, lossy: boolean}} Tile */

/** So long a tile has stood still when its exact pixels are sent; changes further apart are not one movement. In milliseconds. */
const STILL = 300, APART = 200;

/** A movement is so many changes in a row, of so many whole tiles in all: loss is paid for by sending the tile again. */
const MOVES = 6, WORTH = 3;

export class Activity {
  #now;
  #width = 0;
  #height = 0;
  #columns = 0;
  /** @type {Tile[]} */ #tiles = [];

  /** Tiles that do not show the exact pixels. */
  lossy = 0;

  /** @param {() => number} now Milliseconds. */
  constructor(now) {
    this.#now = now;
  }

  /** Another size: all is forgotten. @param {number} width @param {number} height */
  reset(width, height) {
    [this.#width, this.#height, this.#columns, this.lossy] = [width, height, Math.ceil(width / TILE), 0];
    this.#tiles = Array.from({ length: this.#columns * Math.ceil(height / TILE) }, () => ({ changed: -Infinity, streak: 0, pixels: 0, lossy: false }));
  }

  /** An area within one tile has changed. @param {Area} area @param {number} pixels So many of it. @returns {boolean} True when it moves. */
  note(area, pixels) {
    const index = this.#indexOf(area.x, area.y), tile = this.#tiles[index], now = this.#now(), goesOn = now - tile.changed < APART;
    tile.streak = goesOn ? tile.streak + 1 : 1;
    tile.pixels = (goesOn ? tile.pixels : 0) + pixels;
    tile.changed = now;
    const whole = this.areaOf(index);
    return tile.streak >= MOVES && tile.pixels >= WORTH * whole.width * whole.height;
  }

  /** An area was sent. Only whole tiles become exact: of the others something lossy may be left. @param {Area} area @param {boolean} lossy */
  sent(area, lossy) {
    for (const index of this.#indexesOf(area)) if (lossy || covers(area, this.areaOf(index))) this.#mark(index, lossy);
  }

  /** Content has moved, and its loss with it. @param {Area} to @param {number} fromX @param {number} fromY */
  copied(to, fromX, fromY) {
    if (this.lossy === 0) return;
    const from = { ...to, x: fromX, y: fromY };
    const landed = this.#indexesOf(from).filter((index) => this.#tiles[index].lossy)
      .map((index) => moved(intersection(this.areaOf(index), from), to.x - fromX, to.y - fromY));
    for (const area of landed)
      for (const index of this.#indexesOf(area)) {
        this.#mark(index, true);
        this.#tiles[index].changed = this.#now();
      }
  }

  /** The lossy tiles that have stood still for long enough. @returns {Area[]} */
  due() {
    if (this.lossy === 0) return [];
    const now = this.#now();
    return this.#tiles.flatMap((tile, index) => tile.lossy && now - tile.changed >= STILL ? [this.areaOf(index)] : []);
  }

  /** @param {number} index @returns {Area} */
  areaOf(index) {
    const x = index % this.#columns * TILE, y = Math.floor(index / this.#columns) * TILE;
    return { x, y, width: Math.min(TILE, this.#width - x), height: Math.min(TILE, this.#height - y) };
  }

  /** @param {number} x @param {number} y */
  #indexOf(x, y) { return Math.floor(y / TILE) * this.#columns + Math.floor(x / TILE); }

  /** @param {Area} area */
  #indexesOf({ x, y, width, height }) {
    const indexes = [];
    for (let row = y - y % TILE; row < y + height; row += TILE)
      for (let column = x - x % TILE; column < x + width; column += TILE) indexes.push(this.#indexOf(column, row));
    return indexes;
  }

  /** @param {number} index @param {boolean} lossy */
  #mark(index, lossy) {
    if (this.#tiles[index].lossy === lossy) return;
    this.#tiles[index].lossy = lossy;
    this.lossy += lossy ? 1 : -1;
  }
}

/** @param {Area} one @param {Area} other @returns {Area} */
function intersection(one, other) {
  const x = Math.max(one.x, other.x), y = Math.max(one.y, other.y);
  return { x, y, width: Math.min(one.x + one.width, other.x + other.width) - x, height: Math.min(one.y + one.height, other.y + other.height) - y };
}

/** @param {Area} area @param {number} dx @param {number} dy @returns {Area} */
const moved = (area, dx, dy) => ({ ...area, x: area.x + dx, y: area.y + dy });

/** @param {Area} one @param {Area} other */
const covers = (one, other) => one.x <= other.x && one.y <= other.y && one.x + one.width >= other.x + other.width && one.y + one.height >= other.y + other.height;
