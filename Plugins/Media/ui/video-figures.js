// @ts-check
// What becomes of one person's frames, second by second. No DOM.

/** @typedef {{drawn: number, skipped: number, decode: number, delay: number, fps: number, bitrate: number, width: number, height: number, layer: string}} Figures */

export class FrameFigures {
  constructor() {
    this.layer = "";
    this.width = 0;
    this.height = 0;
    this.clear(0);
  }

  /** @param {import("./video-frame.js").Frame} frame */
  arrived(frame) {
    this.bytes += frame.bytes.length;
    this.layer = frame.layer;
  }

  skipped() {
    this.skips++;
  }

  /** @param {number} took From the decoder's input to its output, in ms. */
  decoded(took) {
    this.decodes.push(took);
  }

  /** @param {number} width @param {number} height @param {number} waited From arrival to drawing, in ms. */
  drawn(width, height, waited) {
    this.width = width;
    this.height = height;
    this.draws.push(waited);
  }

  /**
   * Since the last time.
   * @param {number} now In ms.
   * @returns {Figures} Times in ms, 95th percentiles; bits a second.
   */
  take(now) {
    const seconds = Math.max(0.001, (now - this.since) / 1000);
    const figures = {
      drawn: this.draws.length, skipped: this.skips, decode: percentile(this.decodes, 0.95), delay: percentile(this.draws, 0.95),
      fps: this.draws.length / seconds, bitrate: (this.bytes * 8) / seconds, width: this.width, height: this.height, layer: this.layer,
    };
    this.clear(now);
    return figures;
  }

  /** @param {number} now */
  clear(now) {
    this.since = now;
    this.bytes = 0;
    this.skips = 0;
    /** @type {number[]} */
    this.decodes = [];
    /** @type {number[]} */
    this.draws = [];
  }
}

/**
 * The nearest rank; 0 of nothing.
 * @param {number[]} values In any order; they are sorted.
 * @param {number} share 0 to 1.
 */
export function percentile(values, share) {
  if (values.length === 0) return 0;
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.ceil(share * values.length) - 1)];
}
