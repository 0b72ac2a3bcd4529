// @ts-check
// A track's sound as the browser captures it, in pieces of about 10 ms, where a page may read it (Chromium).

const RATE = 48000;
/** Pieces that may wait while the page is busy: half a second, as much as may wait towards the daemon. */
const MOST_WAITING = 50;

/**
 * @typedef {{sampleRate: number, numberOfFrames: number, numberOfChannels: number, copyTo: (to: Float32Array, how: {planeIndex: number, format: string}) => void, close: () => void}} Piece An AudioData.
 */

/**
 * Reads a track until it ends or until it is told to.
 * @param {MediaStreamTrack} track
 * @param {{shape: {channels: number}, push: (left: Float32Array, right?: Float32Array) => void}} collector Gets the samples, of one or of two channels as its shape says.
 * @param {() => unknown} otherwise Called when the track's sound is of another rate than 48 kHz, or none that can be read: somebody else is to listen.
 * @returns {(() => void) | null} Ends it; null: this browser cannot.
 */
export function readTrack(track, collector, otherwise) {
  const Processor = /** @type {any} */ (globalThis).MediaStreamTrackProcessor;
  if (!Processor) return null;
  let reader;
  try {
    reader = new Processor({ track, maxBufferSize: MOST_WAITING }).readable.getReader();
  } catch {
    return null; // it reads pictures only
  }
  const state = { ended: false };
  void follow(reader, new Pieces(collector), state).catch(() => state.ended || otherwise());
  return () => {
    state.ended = true;
    void reader.cancel().catch(() => { /* it has ended already */ });
  };
}

/** @param {ReadableStreamDefaultReader<Piece>} reader @param {Pieces} pieces @param {{ended: boolean}} state */
async function follow(reader, pieces, state) {
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    try {
      if (!state.ended) pieces.push(value);
    } catch (error) {
      void reader.cancel().catch(() => { /* it has ended already */ });
      throw error;
    } finally {
      value.close();
    }
  }
}

/** Hands pieces on as the collector wants them. */
class Pieces {
  #left = new Float32Array(0);
  #right = new Float32Array(0);

  /** @param {{shape: {channels: number}, push: (left: Float32Array, right?: Float32Array) => void}} collector */
  constructor(collector) {
    this.collector = collector;
  }

  /** @param {Piece} piece */
  push(piece) {
    if (piece.sampleRate !== RATE) throw new RangeError(`a track of ${piece.sampleRate} Hz`);
    const length = piece.numberOfFrames;
    if (this.#left.length !== length) [this.#left, this.#right] = [new Float32Array(length), new Float32Array(length)];
    piece.copyTo(this.#left, { planeIndex: 0, format: "f32-planar" });
    if (piece.numberOfChannels < 2) return this.collector.push(this.#left);
    piece.copyTo(this.#right, { planeIndex: 1, format: "f32-planar" });
    if (this.collector.shape.channels === 2) return this.collector.push(this.#left, this.#right);
    for (let i = 0; i < length; i++) this.#left[i] = (this.#left[i] + this.#right[i]) / 2;
    this.collector.push(this.#left);
  }
}
