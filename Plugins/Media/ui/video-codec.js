// @ts-check
// Coding and decoding of video, by the browser's WebCodecs. No DOM.

import { HEADER_BYTES, writeFrame } from "./video-frame.js";
import { fit } from "./video-layout.js";

/** @typedef {import("./video-frame.js").Frame} Frame */

/** More frames than this in a decoder or encoder: it does not keep up. */
const MOST_QUEUED = 6;

/** Decodes one person's frames, of whichever kind they are. */
export class StreamDecoder {
  /**
   * @param {(picture: VideoFrame | ImageBitmap) => void} draw Gets each picture and closes it.
   * @param {() => void} needKeyFrame Nothing can be decoded without one.
   */
  constructor(draw, needKeyFrame) {
    this.draw = draw;
    this.needKeyFrame = needKeyFrame;
    /** @type {VideoDecoder | null} */
    this.decoder = null;
    this.waitsForKey = true;
    this.busy = false;
    /** @type {Frame | null} The newest JPEG that came while another was being decoded. */
    this.next = null;
    this.closed = false;
  }

  /** @param {Frame} frame */
  push(frame) {
    if (frame.codec === "jpeg") this.#pushJpeg(frame);
    else this.#pushVp8(frame);
  }

  close() {
    this.closed = true;
    this.next = null;
    if (this.decoder && this.decoder.state !== "closed") this.decoder.close();
    this.decoder = null;
  }

  /** @param {Frame} frame */
  async #pushJpeg(frame) {
    this.next = frame;
    if (this.busy) return;
    this.busy = true;
    while (this.next && !this.closed) {
      const { bytes } = this.next;
      this.next = null;
      // A broken picture is skipped: the next one stands alone.
      const picture = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" })).catch(() => null);
      if (picture && this.closed) picture.close();
      else if (picture) this.draw(picture);
    }
    this.busy = false;
  }

  /** @param {Frame} frame */
  #pushVp8(frame) {
    const decoder = this.#vp8();
    if (!frame.key && decoder.decodeQueueSize > MOST_QUEUED) this.waitsForKey = true;
    if (this.waitsForKey && !frame.key) return this.needKeyFrame();
    this.waitsForKey = false;
    decoder.decode(new EncodedVideoChunk({
      type: frame.key ? "key" : "delta",
      timestamp: Math.round((frame.timestamp * 100) / 9),
      data: frame.bytes,
    }));
  }

  #vp8() {
    if (this.decoder && this.decoder.state === "configured") return this.decoder;
    this.waitsForKey = true;
    // After an error a decoder is closed for good; the next frame makes another one.
    this.decoder = new VideoDecoder({ output: (picture) => this.draw(picture), error: () => this.needKeyFrame() });
    this.decoder.configure({ codec: "vp8", optimizeForLatency: true });
    return this.decoder;
  }
}

/** @type {{layer: "large" | "small", width: number, height: number, bitrate: number}[]} */
const LAYERS = [
  { layer: "large", width: 640, height: 360, bitrate: 900_000 },
  { layer: "small", width: 320, height: 180, bitrate: 220_000 },
];

/** Codes a camera as VP8 in two sizes. */
export class CameraEncoder {
  /**
   * @param {(message: Uint8Array) => boolean} send A frame behind its header; false when it was dropped.
   * @param {(error: Error) => void} failed
   */
  constructor(send, failed) {
    this.layers = LAYERS.map((size) => new LayerEncoder(size, send, failed));
  }

  /** Codes a picture and closes it. @param {VideoFrame} picture */
  encode(picture) {
    for (const layer of this.layers) layer.encode(picture);
    picture.close();
  }

  /** The next frame of that layer will be a key frame. @param {"large" | "small"} [layer] None: of all. */
  askKeyFrame(layer) {
    for (const encoder of this.layers) if (!layer || encoder.size.layer === layer) encoder.keyNext = true;
  }

  close() {
    for (const layer of this.layers) layer.close();
  }
}

class LayerEncoder {
  /**
   * @param {typeof LAYERS[number]} size
   * @param {(message: Uint8Array) => boolean} send
   * @param {(error: Error) => void} failed
   */
  constructor(size, send, failed) {
    this.size = size;
    this.send = send;
    this.encoder = new VideoEncoder({ output: (chunk) => this.#output(chunk), error: failed });
    this.canvas = new OffscreenCanvas(2, 2);
    this.keyNext = true;
    this.frame = 0;
    this.source = "";
    this.width = 0;
    this.height = 0;
  }

  /** @param {VideoFrame} picture Stays open. */
  encode(picture) {
    if (this.encoder.state === "closed" || this.encoder.encodeQueueSize > MOST_QUEUED) return;
    this.#configure(picture);
    const scaled = this.#scale(picture);
    this.encoder.encode(scaled, { keyFrame: this.keyNext });
    this.keyNext = false;
    if (scaled !== picture) scaled.close();
  }

  close() {
    if (this.encoder.state !== "closed") this.encoder.close();
  }

  /** @param {VideoFrame} picture */
  #configure(picture) {
    const source = `${picture.displayWidth}x${picture.displayHeight}`;
    if (source === this.source) return;
    this.source = source;
    ({ width: this.width, height: this.height } = fit(picture.displayWidth, picture.displayHeight, this.size.width, this.size.height));
    this.encoder.configure({ codec: "vp8", width: this.width, height: this.height, bitrate: this.size.bitrate, latencyMode: "realtime" });
    this.keyNext = true;
  }

  /** @param {VideoFrame} picture @returns {VideoFrame} */
  #scale(picture) {
    if (picture.displayWidth === this.width && picture.displayHeight === this.height) return picture;
    if (this.canvas.width !== this.width || this.canvas.height !== this.height) Object.assign(this.canvas, { width: this.width, height: this.height });
    this.canvas.getContext("2d", { alpha: false })?.drawImage(picture, 0, 0, this.width, this.height);
    return new VideoFrame(this.canvas, { timestamp: picture.timestamp });
  }

  /** @param {EncodedVideoChunk} chunk */
  #output(chunk) {
    const key = chunk.type === "key";
    const message = writeFrame({
      codec: "vp8", key, layer: this.size.layer, stream: 0, frame: this.frame++, timestamp: Math.round(chunk.timestamp * 0.09) >>> 0,
      width: this.width, height: this.height,
    }, chunk.byteLength);
    chunk.copyTo(message.subarray(HEADER_BYTES));
    // What was dropped here is missing to every decoder.
    if (!this.send(message)) this.keyNext = true;
  }
}
