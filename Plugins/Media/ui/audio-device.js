// @ts-check
// The browser's microphone and speaker: one AudioContext at 48 kHz for both.

import { FrameCollector, frameShape } from "./audio-frames.js";
import { readTrack } from "./audio-track.js";
import { soundOut } from "./sound-out.js";

/** The context with its worklet; made when first needed, since a page that nobody has touched may not play. */
export class AudioDevice {
  /** @type {Promise<AudioContext> | undefined} */ #context;
  #sink = "";

  /** @returns {Promise<AudioContext>} */
  context() {
    return (this.#context ??= this.#open().catch((error) => {
      this.#context = undefined; // the next one who needs it tries again
      throw error;
    }));
  }

  /** Plays on that device from now on, where browsers can. @param {string} id Empty: the default one. */
  async use(id) {
    if (this.#sink === id) return;
    this.#sink = id;
    if (this.#context) await setSink(await this.#context, id);
  }

  async #open() {
    const context = await open();
    await setSink(context, this.#sink).catch(() => { /* then on the default one */ });
    return context;
  }

  /** Tries to start a context that the browser holds back. @returns {Promise<boolean>} Whether it runs. */
  async resume() {
    const context = await this.context();
    // The promise stays open for as long as the browser wants a click first: do not wait for it.
    if (context.state === "suspended") await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))]);
    return context.state === "running";
  }
}

async function open() {
  const context = new AudioContext({ sampleRate: 48000, latencyHint: "interactive" });
  try {
    await context.audioWorklet.addModule(new URL("./audio-worklet.js", import.meta.url));
  } catch (error) {
    void context.close();
    throw error;
  }
  soundOut.context = context;
  return context;
}

/** @param {AudioContext} context @param {string} id */
async function setSink(context, id) {
  const able = /** @type {any} */ (context);
  if (able.setSinkId && able.sinkId !== id) await able.setSinkId(id);
}

/** @typedef {{shift: (milliseconds: number) => void, end: () => void}} Listening `shift`: frames are to be ready so much later, negative: earlier. */

/**
 * Delivers what comes on a stream: from the track itself where the browser lets a page read it, else by the context, whose buffers between the two cost about 20 ms more.
 * @param {AudioDevice} device @param {MediaStream} stream @param {import("./audio-frames.js").Shape} shape
 * @param {(frame: Int16Array<ArrayBuffer>) => void} deliver @returns {Promise<Listening>}
 */
export async function listen(device, stream, shape, deliver) {
  const collector = new FrameCollector(deliver, shape);
  let ended = false;
  /** @type {Listening} */ let listening;
  const byContext = async () => {
    const context = await device.context();
    if (!ended) listening = listenByContext(context, stream, shape, deliver);
  };
  const end = readTrack(stream.getAudioTracks()[0], collector, byContext);
  if (end) listening = { shift: (milliseconds) => collector.shift(milliseconds), end };
  else await byContext();
  return {
    shift: (milliseconds) => listening.shift(milliseconds),
    end: () => {
      ended = true;
      listening.end();
    },
  };
}

/**
 * @param {AudioContext} context @param {MediaStream} stream @param {import("./audio-frames.js").Shape} shape
 * @param {(frame: Int16Array<ArrayBuffer>) => void} deliver @returns {Listening}
 */
function listenByContext(context, stream, shape, deliver) {
  const source = context.createMediaStreamSource(stream);
  const node = new AudioWorkletNode(context, "lancollab-microphone", { numberOfOutputs: 0, channelCount: shape.channels, channelCountMode: "explicit", processorOptions: shape });
  node.port.onmessage = (event) => deliver(event.data);
  source.connect(node);
  return {
    shift: (milliseconds) => node.port.postMessage(milliseconds),
    end: () => {
      source.disconnect();
      node.port.postMessage("stop");
    },
  };
}

/** Captures frames; asks the person for permission when it starts. */
export class Microphone {
  /** @type {MediaStream | undefined} */ #stream;
  /** @type {Listening | undefined} */ #listening;
  /** @type {Promise<void> | undefined} */ #starting;
  /** @type {MediaTrackConstraints} */ #wish = {};
  #shape = frameShape(false);
  #sending = false;
  #opened = 0; // counts up with each stop, so that what was still being opened then is given back

  /** @param {AudioDevice} device @param {(frame: Int16Array<ArrayBuffer>) => void} deliver @param {() => void} lost It was unplugged or taken away. */
  constructor(device, deliver, lost) {
    this.device = device;
    this.deliver = deliver;
    this.lost = lost;
  }

  /**
   * Starts it, or lets it send again. Rejects when there is none or the person does not allow it.
   * @returns {Promise<void>}
   */
  async start() {
    this.#sending = true;
    const starting = (this.#starting ??= this.#open());
    try {
      await starting;
    } catch (error) {
      if (this.#starting !== starting) return; // stopped meanwhile: nobody waits for this one any more
      this.#starting = undefined;
      this.#sending = false;
      throw error;
    }
    this.#enable();
  }

  /** Which one and how; one that is open in another way is opened anew. Rejects as `start`. @param {MediaTrackConstraints} wish @param {import("./audio-frames.js").Shape} shape */
  async use(wish, shape) {
    const same = JSON.stringify([wish, shape]) === JSON.stringify([this.#wish, this.#shape]);
    this.#wish = wish;
    this.#shape = shape;
    if (same || !this.#starting) return;
    const sending = this.#sending;
    this.stop();
    if (sending) await this.start();
  }

  /** Its frames are to be ready so much later, so that they do not wait at the hub. @param {number} milliseconds Negative: earlier. */
  shift(milliseconds) {
    this.#listening?.shift(milliseconds);
  }

  /** Sends nothing more; the microphone stays open, so that the next word is not lost. */
  pause() {
    this.#sending = false;
    this.#enable();
  }

  /** Gives the microphone back. */
  stop() {
    this.pause();
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#listening?.end();
    this.#stream = this.#starting = this.#listening = undefined;
    this.#opened++;
  }

  async #open() {
    const opened = this.#opened;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: this.#wish });
    const release = () => stream.getTracks().forEach((track) => track.stop());
    const listening = await listen(this.device, stream, this.#shape, (frame) => this.#sending && this.deliver(frame)).catch((error) => {
      release();
      throw error;
    });
    if (opened !== this.#opened) {
      listening.end();
      return release();
    }
    for (const track of stream.getTracks()) track.onended = () => opened === this.#opened && this.#end();
    this.#listening = listening;
    this.#stream = stream;
    await this.device.resume();
  }

  #end() {
    this.stop();
    this.lost();
  }

  #enable() {
    for (const track of this.#stream?.getTracks() ?? []) track.enabled = this.#sending;
  }
}

/** Plays frames. */
export class Speaker {
  /** @type {AudioWorkletNode | undefined} */ #node;

  /** @param {AudioDevice} device */
  constructor(device) {
    this.device = device;
  }

  /** @returns {Promise<boolean>} Whether the browser lets it play. */
  async start() {
    if (!this.#node) {
      const context = await this.device.context();
      this.#node ??= new AudioWorkletNode(context, "lancollab-speaker", { numberOfInputs: 0, outputChannelCount: [2] });
      this.#node.port.onmessage = ({ data }) => { soundOut.waits = data; };
      this.#node.connect(context.destination);
    }
    return this.device.resume();
  }

  /** @param {Uint8Array} pcm 16 bits, little-endian, in a buffer of its own. */
  play(pcm) {
    if (!this.#node) return;
    const frame = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.byteLength >> 1);
    this.#node.port.postMessage(frame, [frame.buffer]);
  }
}

/** One sentence for a person, with what to do about it. @param {any} error */
export function microphoneProblem(error) {
  switch (error?.name) {
    case "NotAllowedError": return "The browser does not let this page use the microphone; allow it beside the address, then press Unmute.";
    case "NotFoundError": return "No microphone was found; plug one in, then press Unmute.";
    case "NotReadableError": return "The microphone is in use by another program; close that, then press Unmute.";
    default: return "The microphone cannot be used in this browser.";
  }
}
