// @ts-check
// Presents slides of this page: shows the page as the live picture, tells where it is, and sends all pages along so that others can leaf.

import { packUpdate, packPage, splitPicture } from "./tiles.js";

const THUMB = 200, LONGEST_PAGE = 2 * 1024 * 1024 - 64;

/** @typedef {import("./slides-source.js").Slides} Slides */

export class SlideShow {
  #slides;
  #send;
  #paint;
  #tell;
  #page = 0;
  #number = 0;
  #turning = Promise.resolve();
  #closed = false;

  /**
   * @param {Slides} slides
   * @param {(frame: Uint8Array) => void} send On the lane.
   * @param {(picture: OffscreenCanvas) => void} paint Shows a page here.
   * @param {(state: {title: string, page: number, pages: number}) => Promise<void>} tell
   */
  constructor(slides, send, paint, tell) {
    this.#slides = slides;
    this.#send = send;
    this.#paint = paint;
    this.#tell = tell;
  }

  get page() { return this.#page; }

  get pages() { return this.#slides.pages; }

  /** The first page, and then, in the background, all of them. */
  async start() {
    await this.go(1);
    void this.#sendAll().catch((error) => console.warn(`The pages could not be sent along: ${error.message}`));
  }

  /** @param {number} by */
  turn(by) { return this.go(this.#page + by); }

  /** @param {number} page @returns {Promise<void>} */
  go(page) {
    const wanted = Math.min(this.pages, Math.max(1, page));
    if (wanted === this.#page) return this.#turning;
    this.#page = wanted;
    this.#turning = this.#turning.then(() => this.#show(wanted));
    return this.#turning;
  }

  close() {
    this.#closed = true;
    this.#slides.close();
  }

  /** @param {number} page */
  async #show(page) {
    // Who leafs quickly sees the page where they stop.
    if (this.#closed || page !== this.#page) return;
    const canvas = await this.#slides.draw(page);
    if (this.#closed || page !== this.#page) return;
    this.#paint(canvas);
    const tiles = await Promise.all(splitPicture(canvas.width, canvas.height).map(async (area) => ({ ...area, image: await encode(canvas, area) })));
    await this.#tell({ title: this.#slides.title, page, pages: this.pages });
    packUpdate(++this.#number, canvas.width, canvas.height, tiles).forEach(this.#send);
  }

  async #sendAll() {
    for (let page = 1; page <= this.pages && !this.#closed; page++) {
      this.#send(packPage(page, true, await whole(await this.#slides.draw(page, THUMB))));
      this.#send(packPage(page, false, await whole(await this.#slides.draw(page))));
    }
  }
}

/** PNG, or JPEG for a photograph that is too long for one frame. @param {OffscreenCanvas} canvas */
async function whole(canvas) {
  const png = await canvas.convertToBlob({ type: "image/png" });
  const image = png.size <= LONGEST_PAGE ? png : await canvas.convertToBlob({ type: "image/jpeg", quality: .85 });
  return new Uint8Array(await image.arrayBuffer());
}

/** @param {OffscreenCanvas} canvas @param {import("./tiles.js").Area} area */
async function encode(canvas, { x, y, width, height }) {
  const part = new OffscreenCanvas(width, height);
  part.getContext("2d", { alpha: false, willReadFrequently: true })?.drawImage(canvas, x, y, width, height, 0, 0, width, height);
  return new Uint8Array(await (await part.convertToBlob({ type: "image/png" })).arrayBuffer());
}
