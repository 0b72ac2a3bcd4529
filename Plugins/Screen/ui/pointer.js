// @ts-check
// The presenter's mouse pointer, which comes apart from the picture and is laid over it.

import { readPointer } from "./tiles.js";

export class RemotePointer {
  /** The layer. */
  element = document.createElement("canvas");
  #size = { width: 1, height: 1 };
  #hot = { x: 0, y: 0 };
  #place = { x: 0, y: 0 };
  #shape = 0;

  constructor() {
    this.element.className = "screen-pointer";
    this.element.hidden = true;
    this.element.setAttribute("aria-hidden", "true");
  }

  hide() {
    this.element.hidden = true;
  }

  /** @param {number} width @param {number} height Of the picture. */
  resize(width, height) {
    this.#size = { width, height };
    this.#lay();
  }

  /** @param {Uint8Array} bytes */
  take(bytes) {
    const pointer = readPointer(bytes);
    if ("png" in pointer) {
      void this.#dress(pointer);
      return;
    }
    this.element.hidden = pointer.shape === 0;
    this.#place = pointer;
    this.#lay();
  }

  /** @param {import("./tiles.js").PointerShape} shape */
  async #dress({ shape, hotX, hotY, png }) {
    this.#shape = shape;
    const image = await createImageBitmap(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (png)], { type: "image/png" }));
    if (this.#shape === shape) {
      Object.assign(this.element, { width: image.width, height: image.height });
      this.element.getContext("2d")?.drawImage(image, 0, 0);
      this.#hot = { x: hotX, y: hotY };
      this.#lay();
    }
    image.close();
  }

  #lay() {
    const { width, height } = this.#size, percent = (/** @type {number} */ part, /** @type {number} */ all) => `${part / all * 100}%`;
    Object.assign(this.element.style, {
      left: percent(this.#place.x - this.#hot.x, width), top: percent(this.#place.y - this.#hot.y, height),
      width: percent(this.element.width, width), height: percent(this.element.height, height),
    });
  }
}
