// @ts-check
// Draws updates on a canvas: all tiles of an update are decoded first and then drawn at once, so that nothing tears.

import { readFrame, TILE } from "./tiles.js";

/** @typedef {import("./tiles.js").Frame} Frame */
/** @typedef {import("./tiles.js").Tile} Tile */

export class Picture {
  #canvas;
  #context;
  #shown;
  /** Tiles of the update that is still coming. @type {Tile[]} */ #coming = [];
  /** Updates are drawn one after the other. */ #drawing = Promise.resolve();
  /** Counts presentations: what was under way for an older one is not drawn. */ #presentation = 0;

  /** @param {HTMLCanvasElement} canvas @param {(frame: number) => void} shown Called after each update. */
  constructor(canvas, shown) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
    this.#shown = shown;
  }

  /** Another presentation: forgets what was. */
  reset() {
    this.#presentation++;
    this.#coming = [];
    this.#canvas.width = this.#canvas.height = 1;
  }

  /** One frame as it comes. @param {Uint8Array} bytes */
  take(bytes) {
    const frame = readFrame(bytes);
    this.#coming.push(...frame.tiles);
    if (!frame.end) return;
    const tiles = this.#coming, presentation = this.#presentation;
    this.#coming = [];
    this.#drawing = this.#drawing
      .then(() => this.#draw(frame, tiles, presentation))
      .catch((error) => console.error(error)) // A tile that does not decode stays as it was.
      .then(() => this.#shown(frame.number));
  }

  /** @param {Frame} frame @param {Tile[]} tiles @param {number} presentation */
  async #draw(frame, tiles, presentation) {
    const bitmaps = await Promise.all(tiles.map(decode));
    if (presentation === this.#presentation) {
      if (this.#canvas.width !== frame.width || this.#canvas.height !== frame.height) {
        this.#canvas.width = frame.width;
        this.#canvas.height = frame.height;
      }
      tiles.forEach(({ column, row }, i) => this.#context.drawImage(bitmaps[i], column * TILE, row * TILE));
      this.#canvas.dataset.frame = String(frame.number);
    }
    for (const bitmap of bitmaps) bitmap.close();
  }
}

/** @param {Tile} tile */
function decode(tile) {
  const png = new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (tile.png)], { type: "image/png" });
  return createImageBitmap(png, { colorSpaceConversion: "none" });
}
