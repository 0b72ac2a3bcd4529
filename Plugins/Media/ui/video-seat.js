// @ts-check
// One person in the decoding worker: frames wait for their time, are decoded, and the newest picture is drawn. No DOM.

import { PlayClock } from "./video-clock.js";
import { StreamDecoder } from "./video-decoder.js";
import { FrameFigures } from "./video-figures.js";

/** @typedef {import("./video-frame.js").Frame} Frame */
/** @typedef {import("./video-decoder.js").Picture} Picture */
/** Frames that may wait for their time: as long as the longest hold, at 60 a second. */
const MOST_WAITING = 24;
/** What a picture takes from the decoder to the canvas is begun so much earlier: at most so long, in ms, and learnt with this weight of the newest one. */
const MOST_LEAD = 60, NEWEST = 0.1;

export class Seat {
  /**
   * @param {OffscreenCanvas} canvas
   * @param {object} outside
   * @param {(told: object) => void} outside.tell To the page.
   * @param {() => void} outside.dirty There is something to draw.
   * @param {(seat: Seat, due: number) => void} outside.wake Call `run` at that time.
   */
  constructor(canvas, { tell, dirty, wake }) {
    this.canvas = canvas;
    this.context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false, desynchronized: true }));
    this.tell = tell;
    this.dirty = dirty;
    this.wake = wake;
    this.clock = new PlayClock();
    this.figures = new FrameFigures();
    /** From the decoder's input to the canvas, in ms, of late. */
    this.lead = 0;
    /** @type {{frame: Frame, due: number, at: number}[]} Those that came, in order. */
    this.waiting = [];
    /** @type {Map<Frame, {at: number, begun: number}>} When the frames in the decoder came, and went in. */
    this.came = new Map();
    /** @type {{picture: Picture, frame: Frame} | null} */
    this.ready = null;
    /** @type {StreamDecoder | null} */
    this.decoder = null;
    /** What the page was told: nothing to see, a picture, or why there is none. */
    this.state = "empty";
  }

  /** @param {Frame} frame @param {number} now */
  push(frame, now) {
    this.figures.arrived(frame);
    const due = this.clock.due(frame.timestamp, now);
    if (this.waiting.length >= MOST_WAITING) this.#decode(this.waiting.shift(), now);
    this.waiting.push({ frame, due, at: now });
    this.run(now);
  }

  /** Decodes what is due. @param {number} now */
  run(now) {
    // Half a millisecond early is better than another wake-up.
    while (this.waiting.length > 0 && this.waiting[0].due - this.lead <= now + 0.5) this.#decode(this.waiting.shift(), now);
    if (this.waiting.length > 0) this.wake(this, this.waiting[0].due - this.lead);
  }

  /** Draws the newest picture, if there is one. @param {number} now */
  draw(now) {
    const ready = this.ready;
    if (!ready) return;
    this.ready = null;
    const { picture, frame } = ready;
    const width = "displayWidth" in picture ? picture.displayWidth : picture.width;
    const height = "displayHeight" in picture ? picture.displayHeight : picture.height;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.context.drawImage(picture, 0, 0);
    picture.close();
    const { at, begun } = this.came.get(frame) ?? { at: now, begun: now - this.lead };
    this.figures.drawn(width, height, now - at);
    this.lead += (Math.min(MOST_LEAD, now - begun) - this.lead) * NEWEST;
    this.came.delete(frame);
    this.#become("shown", {});
  }

  /** The camera is off, or another one is on. */
  clear() {
    this.decoder?.close();
    this.decoder = null;
    this.#forget();
    this.clock.reset();
    this.waiting = [];
    this.came.clear();
    this.figures.clear(this.figures.since);
    this.state = "empty";
  }

  /** @param {{frame: Frame, due: number, at: number} | undefined} entry @param {number} now */
  #decode(entry, now) {
    if (!entry) return;
    this.decoder ??= new StreamDecoder({
      decoded: (picture, frame, took) => this.#decoded(picture, frame, took),
      skipped: () => this.figures.skipped(),
      needKeyFrame: (layer) => this.tell({ say: "key", layer }),
      failed: (why) => this.#become("failed", { why }),
    });
    if (this.came.size > 2 * MOST_WAITING) this.came.clear();
    this.came.set(entry.frame, { at: entry.at, begun: now });
    this.decoder.push(entry.frame);
  }

  /** @param {Picture} picture @param {Frame} frame @param {number} took */
  #decoded(picture, frame, took) {
    this.figures.decoded(took);
    if (this.ready) this.figures.skipped();
    this.#forget();
    this.ready = { picture, frame };
    this.dirty();
  }

  /** Who is overtaken by a newer picture before the screen is drawn is not seen. */
  #forget() {
    if (!this.ready) return;
    this.ready.picture.close();
    this.came.delete(this.ready.frame);
    this.ready = null;
  }

  /** @param {string} state @param {object} more */
  #become(state, more) {
    if (this.state === state) return;
    this.state = state;
    this.tell({ say: state, ...more });
  }
}
