// @ts-check
// The sizes in which a camera is sent, and how bits and pictures are shared out among them. No DOM.

import { fit } from "./video-layout.js";

/** @typedef {"hd" | "large" | "small"} Layer */
/** @typedef {{layer: Layer, width: number, height: number, bitrate: number, fps: number}} Plan */

/** Bits a second for people who talk: twice as many are hardly seen. The largest first. @type {Plan[]} */
const LAYERS = [
  { layer: "hd", width: 1280, height: 720, bitrate: 1_800_000, fps: 30 },
  { layer: "large", width: 640, height: 360, bitrate: 700_000, fps: 30 },
  { layer: "small", width: 320, height: 180, bitrate: 150_000, fps: 15 },
];
/** Below this share of its bits a layer is only noise: its rate is not lowered further. */
const LEAST_SHARE = 0.15;

/**
 * What a camera of that height can be sent in, the largest first.
 * @param {number} height In pixels.
 * @returns {Layer[]}
 */
export function layersOf(height) {
  // A camera of 480 lines has nothing to show in 720.
  return LAYERS.map(({ layer }) => layer).filter((layer) => layer !== "hd" || height >= 540);
}

/**
 * How to encode what is wanted.
 * @param {number} width Of the camera's pictures.
 * @param {number} height
 * @param {{layers: string[], bitrate?: number, fps?: number}} wanted Bits a second of all layers together; pictures a second at most.
 * @returns {Plan[]}
 */
export function plan(width, height, wanted) {
  const chosen = LAYERS.filter(({ layer }) => wanted.layers.includes(layer));
  const whole = chosen.reduce((sum, { bitrate }) => sum + bitrate, 0);
  const share = Math.min(1, Math.max(LEAST_SHARE, (wanted.bitrate ?? whole) / Math.max(1, whole)));
  return chosen.map((size) => ({
    layer: size.layer, ...fit(width, height, size.width, size.height),
    bitrate: Math.round(size.bitrate * share), fps: Math.max(1, Math.min(size.fps, wanted.fps ?? size.fps)),
  }));
}

/** Lets through so many pictures a second, evenly. */
export class Pacer {
  constructor() {
    this.next = -Infinity;
  }

  /**
   * @param {number} timestamp Of the picture, in µs.
   * @param {number} fps
   */
  takes(timestamp, fps) {
    const gap = 1e6 / fps;
    // A picture that is a little early belongs to its place: cameras are not exact.
    if (timestamp < this.next - gap / 4) return false;
    this.next = timestamp - this.next > gap ? timestamp + gap : this.next + gap;
    return true;
  }
}

/**
 * Numbers of frames, and which one each needs: with two temporal layers (L1T2) only those of the lower one are needed by others.
 */
export class FrameChain {
  constructor() {
    this.frame = 0;
    this.reference = 0;
  }

  /**
   * @param {boolean} key
   * @param {number} temporal Its temporal layer, 0 the lower one.
   */
  next(key, temporal) {
    const frame = this.frame++ >>> 0;
    const droppable = !key && temporal > 0;
    const back = key ? 0 : (frame - this.reference) >>> 0;
    if (!droppable) this.reference = frame;
    return { frame, droppable, back };
  }
}
