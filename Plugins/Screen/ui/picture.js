// @ts-check
// Draws updates on a canvas: all images of an update are decoded first and then everything is drawn at once, so that nothing tears.

import { readFrame } from "./tiles.js";

/** @typedef {import("./tiles.js").Frame} Frame */
/** @typedef {import("./tiles.js").Op} Op */

export class Picture {
  #canvas;
  #context;
  #shown;
  /** Operations of the update that is still coming. @type {Op[]} */ #coming = [];
  /** Updates are drawn one after the other. */ #drawing = Promise.resolve();
  /** Counts presentations: what was under way for an older one is not drawn. */ #presentation = 0;

  /** @param {HTMLCanvasElement} canvas @param {(frame: number) => void} shown Called after each update. */
  constructor(canvas, shown) {
    this.#canvas = canvas;
    // On the processor: copies within the canvas are exact there, and cost little.
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false, willReadFrequently: true }));
    this.#shown = shown;
  }

  /** Another presentation: forgets what was. */
  reset() {
    this.#presentation++;
    this.#coming = [];
    this.#canvas.width = this.#canvas.height = 1;
  }

  /** A picture that this page has drawn itself. @param {OffscreenCanvas} picture */
  paint(picture) {
    Object.assign(this.#canvas, { width: picture.width, height: picture.height });
    this.#context.drawImage(picture, 0, 0);
    this.#canvas.dataset.frame = String(Number(this.#canvas.dataset.frame ?? 0) + 1);
  }

  /** One frame as it comes. @param {Uint8Array} bytes */
  take(bytes) {
    const frame = readFrame(bytes);
    this.#coming.push(...frame.ops);
    if (!frame.end) return;
    const ops = this.#coming, presentation = this.#presentation;
    this.#coming = [];
    // Decoding begins at once, also while the update before is being drawn.
    const images = Promise.all(ops.flatMap((op) => op.op === "image" ? [decode(op.image)] : []));
    images.catch(() => { /* told below */ });
    this.#drawing = this.#drawing
      .then(async () => this.#draw(frame, ops, await images, presentation))
      .catch((error) => console.error(error)) // An update with an image that does not decode leaves the picture as it was.
      .then(() => this.#shown(frame.number));
  }

  /** @param {Frame} frame @param {Op[]} ops @param {ImageBitmap[]} images @param {number} presentation */
  #draw(frame, ops, images, presentation) {
    if (presentation === this.#presentation) {
      if (this.#canvas.width !== frame.width || this.#canvas.height !== frame.height) {
        this.#canvas.width = frame.width;
        this.#canvas.height = frame.height;
      }
      let brought = 0;
      for (const op of ops) this.#drawOne(op, op.op === "image" ? images[brought++] : op.op === "again" ? images[op.which] : this.#canvas);
      this.#canvas.dataset.frame = String(frame.number);
    }
    for (const image of images) image.close();
  }

  /** @param {Op} op @param {CanvasImageSource} source */
  #drawOne(op, source) {
    const { x, y, width, height } = op;
    if (op.op === "fill") {
      this.#context.fillStyle = op.colour;
      this.#context.fillRect(x, y, width, height);
      return;
    }
    const [fromX, fromY] = op.op === "copy" ? [op.fromX, op.fromY] : [op.cropX, op.cropY];
    this.#context.drawImage(source, fromX, fromY, width, height, x, y, width, height);
  }
}

/** @param {Uint8Array} image */
function decode(image) {
  const type = image[0] === 0xFF ? "image/jpeg" : "image/png";
  return createImageBitmap(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (image)], { type }), { colorSpaceConversion: "none" });
}
