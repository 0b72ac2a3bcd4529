// @ts-check
// Runs on the browser's audio thread.
import { FrameCollector, PlayRing } from "./audio-frames.js";

/** Frames between two words about the ring. */
const TOLD = 25;
const scope = /** @type {any} */ (globalThis);

/** Posts each captured frame as an Int16Array, until it is told to stop: only then the browser may forget it. A number shifts them (`FrameCollector.shift`). */
class Microphone extends scope.AudioWorkletProcessor {
  /** @param {{processorOptions: import("./audio-frames.js").Shape}} options */
  constructor({ processorOptions }) {
    super();
    this.collector = new FrameCollector((frame) => this.port.postMessage(frame, [frame.buffer]), processorOptions);
    this.running = true;
    this.port.onmessage = ({ data }) => {
      if (typeof data === "number") this.collector.shift(data);
      else this.running = false;
    };
  }

  /** @param {Float32Array[][]} inputs */
  process([input]) {
    if (this.running && input.length > 0) this.collector.push(input[0], input[1]);
    return this.running;
  }
}

/** Plays the frames (Int16Array) that are posted to it. */
class Speaker extends scope.AudioWorkletProcessor {
  constructor() {
    super();
    this.ring = new PlayRing();
    this.port.onmessage = (/** @type {MessageEvent<Int16Array>} */ event) => this.push(event.data);
    this.waits = 0;
    this.frames = 0;
  }

  /** Twice a second of sound the page is told how long a sample waits here, in ms: pictures wait as long. @param {Int16Array} frame */
  push(frame) {
    this.waits += this.ring.waits;
    this.ring.push(frame);
    if (++this.frames < TOLD) return;
    this.port.postMessage(this.waits / this.frames);
    this.waits = this.frames = 0;
  }

  /** @param {Float32Array[][]} _ @param {Float32Array[][]} outputs */
  process(_, [output]) {
    this.ring.pull(output[0], output[1]);
    return true;
  }
}

scope.registerProcessor("lancollab-microphone", Microphone);
scope.registerProcessor("lancollab-speaker", Speaker);
