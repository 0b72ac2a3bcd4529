// @ts-check
// Decodes one person's frames, of whichever kind they are, by the browser's WebCodecs. No DOM: runs in the worker.

import { refusal } from "./video-check.js";

/** @typedef {import("./video-frame.js").Frame} Frame */
/** @typedef {VideoFrame | ImageBitmap} Picture */

/** More frames than this in a decoder: it does not keep up, and what nobody needs is left out first. */
const QUEUED_DROPPABLE = 3, MOST_QUEUED = 8;
/** So many frames in a row that cannot be decoded, and the person's picture is given up for a while. */
const MOST_BAD = 5;
/** How long nothing is tried then, in ms. */
const REST = 3000;

/**
 * @typedef {object} Owner
 * @property {(picture: Picture, frame: Frame, took: number) => void} decoded Gets each picture and closes it; ms in the decoder.
 * @property {() => void} skipped A frame came that is not going to be shown.
 * @property {(layer: Frame["layer"]) => void} needKeyFrame Nothing can be decoded without one.
 * @property {(why: string) => void} failed The end of a sentence about this person's pictures.
 */

export class StreamDecoder {
  /** @param {Owner} owner @param {() => number} [now] */
  constructor(owner, now = () => performance.now()) {
    this.owner = owner;
    this.now = now;
    /** @type {VideoDecoder | null} */
    this.decoder = null;
    this.waitsForKey = true;
    /** The newest frame that others may need. */
    this.reference = 0;
    /** @type {Map<number, {frame: Frame, at: number}>} What is in the decoder, by timestamp in µs. */
    this.inside = new Map();
    this.busy = false;
    /** @type {Frame | null} The newest JPEG that came while another was being decoded. */
    this.next = null;
    this.bad = 0;
    this.restsUntil = 0;
    this.closed = false;
  }

  /** @param {Frame} frame */
  push(frame) {
    if (this.now() < this.restsUntil) return this.owner.skipped();
    const why = refusal(frame);
    if (why) this.#bad(why, frame);
    else if (frame.codec === "jpeg") this.#pushJpeg(frame);
    else this.#pushVp8(frame);
  }

  close() {
    this.closed = true;
    this.next = null;
    this.inside.clear();
    if (this.decoder && this.decoder.state !== "closed") this.decoder.close();
    this.decoder = null;
  }

  /** @param {Frame} frame */
  async #pushJpeg(frame) {
    if (this.next) this.owner.skipped();
    this.next = frame;
    if (this.busy) return;
    this.busy = true;
    while (this.next && !this.closed) {
      const one = this.next, at = this.now();
      this.next = null;
      const picture = await createImageBitmap(new Blob([one.bytes], { type: "image/jpeg" })).catch(() => null);
      if (!picture) this.#bad("cannot be decoded", one);
      else if (this.closed) picture.close();
      else this.#good(picture, one, at);
    }
    this.busy = false;
  }

  /** @param {Frame} frame */
  #pushVp8(frame) {
    const decoder = this.#vp8();
    if (!this.#follows(frame, decoder)) return this.owner.skipped();
    if (!frame.droppable) this.reference = frame.frame;
    this.waitsForKey = false;
    const timestamp = Math.round((frame.timestamp * 100) / 9);
    this.inside.set(timestamp, { frame, at: this.now() });
    decoder.decode(new EncodedVideoChunk({ type: frame.key ? "key" : "delta", timestamp, data: frame.bytes }));
  }

  /** False: it is left out, and if others need it a key frame is asked for. @param {Frame} frame @param {VideoDecoder} decoder */
  #follows(frame, decoder) {
    if (frame.droppable && decoder.decodeQueueSize > QUEUED_DROPPABLE) return false;
    if (frame.key) return true;
    const needed = frame.frame - (frame.back ?? 1);
    if (decoder.decodeQueueSize > MOST_QUEUED || ((needed - this.reference) | 0) > 0) this.waitsForKey = true;
    if (this.waitsForKey) this.owner.needKeyFrame(frame.layer);
    return !this.waitsForKey;
  }

  #vp8() {
    if (this.decoder && this.decoder.state === "configured") return this.decoder;
    this.waitsForKey = true;
    this.inside.clear();
    // After an error a decoder is closed for good; the next frame makes another one.
    const decoder = this.decoder = new VideoDecoder({
      output: (picture) => this.#output(picture),
      error: () => { if (decoder === this.decoder) this.#bad("cannot be decoded"); },
    });
    decoder.configure({ codec: "vp8", optimizeForLatency: true });
    return decoder;
  }

  /** @param {VideoFrame} picture */
  #output(picture) {
    const inside = this.inside.get(picture.timestamp);
    this.inside.delete(picture.timestamp);
    if (inside && !this.closed) this.#good(picture, inside.frame, inside.at);
    else picture.close();
  }

  /** @param {Picture} picture @param {Frame} frame @param {number} at */
  #good(picture, frame, at) {
    this.bad = 0;
    this.owner.decoded(picture, frame, this.now() - at);
  }

  /** One broken picture is skipped; only when nothing else comes the person's place is told to say so. @param {string} why @param {Frame} [frame] */
  #bad(why, frame) {
    this.owner.skipped();
    this.waitsForKey = true;
    if (frame?.codec !== "jpeg") this.owner.needKeyFrame(frame?.layer ?? "large");
    if (++this.bad < MOST_BAD) return;
    this.bad = MOST_BAD - 1; // after the rest one more is enough
    this.restsUntil = this.now() + REST;
    this.owner.failed(why);
  }
}
