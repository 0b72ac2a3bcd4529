// @ts-check
// Codes a camera as VP8 in the sizes that anybody displays. No DOM: runs in the worker.

import { FrameChain, Pacer, plan } from "./video-layers.js";
import { HEADER_BYTES, writeFrame } from "./video-frame.js";

/** @typedef {import("./video-layers.js").Plan} Plan */
/** More pictures than this in an encoder: it does not keep up, and the next one is left out before it is coded. */
const MOST_QUEUED = 2;
const HARDWARE = "prefer-hardware", SOFTWARE = "prefer-software";

export class CameraEncoder {
  /**
   * @param {(message: Uint8Array<ArrayBuffer>) => void} send A frame behind its header: never dropped any more.
   * @param {(error: Error) => void} failed
   */
  constructor(send, failed) {
    this.send = send;
    this.failed = failed;
    /** @type {{layers: string[], bitrate?: number, fps?: number}} */
    this.wanted = { layers: [] };
    /** @type {Map<string, LayerEncoder>} */
    this.encoders = new Map();
    this.width = 0;
    this.height = 0;
    /** Towards the daemon too much is waiting. */
    this.paused = false;
  }

  /** @param {{layers: string[], bitrate?: number, fps?: number}} wanted Replaces the last one. */
  want(wanted) {
    this.wanted = wanted;
    this.#plan();
  }

  /** The next frame of that layer will be a key frame. @param {string} [layer] None: of all. */
  askKeyFrame(layer) {
    for (const [name, encoder] of this.encoders) if (!layer || name === layer) encoder.keyNext = true;
  }

  /** Codes a picture and closes it. @param {VideoFrame} picture */
  encode(picture) {
    const { displayWidth, displayHeight } = picture;
    if (displayWidth !== this.width || displayHeight !== this.height) {
      this.width = displayWidth;
      this.height = displayHeight;
      this.#plan();
    }
    if (!this.paused) for (const encoder of this.encoders.values()) encoder.encode(picture);
    picture.close();
  }

  close() {
    for (const encoder of this.encoders.values()) encoder.close();
    this.encoders.clear();
  }

  #plan() {
    const plans = this.width ? plan(this.width, this.height, this.wanted) : [];
    for (const [layer, encoder] of this.encoders) {
      if (plans.some((one) => one.layer === layer)) continue;
      encoder.close();
      this.encoders.delete(layer);
    }
    for (const one of plans) {
      if (!this.encoders.has(one.layer)) this.encoders.set(one.layer, new LayerEncoder(this.send, this.failed));
      this.encoders.get(one.layer)?.apply(one);
    }
  }
}

/** Frame numbers go on when a layer is wanted again: they have no gaps. @type {Map<string, FrameChain>} */
const chains = new Map();

class LayerEncoder {
  /** @param {(message: Uint8Array<ArrayBuffer>) => void} send @param {(error: Error) => void} failed */
  constructor(send, failed) {
    this.send = send;
    this.failed = failed;
    /** @type {Plan | null} */
    this.plan = null;
    /** @type {VideoEncoder | null} */
    this.encoder = null;
    this.pacer = new Pacer();
    this.keyNext = true;
    /** @type {HardwareAcceleration | null} Null while it is being found out. */
    this.by = null;
    this.closed = false;
  }

  /** @param {Plan} plan */
  apply(plan) {
    const old = this.plan;
    this.plan = plan;
    if (old && JSON.stringify(old) === JSON.stringify(plan)) return;
    if (old?.width !== plan.width || old.height !== plan.height) void this.#choose(plan);
    else if (this.encoder?.state === "configured") this.encoder.configure(this.#config(plan));
  }

  /** @param {VideoFrame} picture Stays open. */
  encode(picture) {
    const { encoder, plan } = this;
    if (!plan || encoder?.state !== "configured" || encoder.encodeQueueSize > MOST_QUEUED) return;
    if (!this.pacer.takes(picture.timestamp, plan.fps)) return;
    // The encoder scales what is larger than its configured size.
    encoder.encode(picture, { keyFrame: this.keyNext });
    this.keyNext = false;
  }

  close() {
    this.closed = true;
    if (this.encoder && this.encoder.state !== "closed") this.encoder.close();
  }

  /** Hardware when there is some for this size. @param {Plan} plan */
  async #choose(plan) {
    this.by = null;
    const hardware = await VideoEncoder.isConfigSupported({ ...this.#config(plan), hardwareAcceleration: HARDWARE }).catch(() => null);
    if (this.closed || this.plan?.width !== plan.width || this.plan.height !== plan.height) return;
    this.#start(hardware?.supported ? HARDWARE : SOFTWARE);
  }

  /** @param {HardwareAcceleration} by */
  #start(by) {
    if (!this.plan) return;
    if (this.encoder && this.encoder.state !== "closed") this.encoder.close();
    this.by = by;
    this.keyNext = true;
    const { width, height, layer } = this.plan;
    this.encoder = new VideoEncoder({
      output: (chunk, told) => this.#output(chunk, told, { width, height, layer }),
      error: (error) => this.#broken(error),
    });
    this.encoder.configure(this.#config(this.plan));
  }

  /** Hardware that fails is not asked again. @param {Error} error */
  #broken(error) {
    if (this.closed) return;
    if (this.by === HARDWARE) this.#start(SOFTWARE);
    else this.failed(error);
  }

  /** @param {Plan} plan @returns {VideoEncoderConfig} */
  #config(plan) {
    return {
      codec: "vp8", width: plan.width, height: plan.height, bitrate: plan.bitrate, framerate: plan.fps, latencyMode: "realtime",
      // Every second frame is needed by no other: whoever has a narrow link is spared it.
      scalabilityMode: "L1T2", hardwareAcceleration: this.by ?? "no-preference",
    };
  }

  /** @param {EncodedVideoChunk} chunk @param {any} told @param {{width: number, height: number, layer: Plan["layer"]}} size */
  #output(chunk, told, size) {
    if (this.closed) return;
    const key = chunk.type === "key";
    if (!chains.has(size.layer)) chains.set(size.layer, new FrameChain());
    const place = /** @type {FrameChain} */ (chains.get(size.layer)).next(key, told?.svc?.temporalLayerId ?? 0);
    const message = writeFrame({ codec: "vp8", key, stream: 0, timestamp: Math.round(chunk.timestamp * 0.09) >>> 0, ...size, ...place }, chunk.byteLength);
    chunk.copyTo(message.subarray(HEADER_BYTES));
    this.send(message);
  }
}
