import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAME, FrameCollector, frameShape } from "../../Plugins/Media/ui/audio-frames.js";
import { readTrack } from "../../Plugins/Media/ui/audio-track.js";

const settled = () => new Promise((done) => setImmediate(done));

/** An AudioData of 10 ms whose channels hold one value each. */
class Piece {
  closed = 0;

  constructor(values, sampleRate = 48000) {
    this.values = values;
    this.sampleRate = sampleRate;
    this.numberOfFrames = sampleRate / 100;
    this.numberOfChannels = values.length;
  }

  copyTo(to, { planeIndex, format }) {
    assert.equal(format, "f32-planar");
    to.fill(this.values[planeIndex]);
  }

  close() {
    this.closed++;
  }
}

/** A browser that reads tracks; what is put in comes out of them. */
function browser(t, make) {
  /** @type {ReadableStreamDefaultController} */ let controller;
  const state = { cancelled: false, put: (piece) => controller.enqueue(piece), end: () => controller.close() };
  globalThis.MediaStreamTrackProcessor = class {
    constructor() {
      make?.();
      this.readable = new ReadableStream({ start: (c) => { controller = c; }, cancel: () => { state.cancelled = true; } });
    }
  };
  t.after(() => delete globalThis.MediaStreamTrackProcessor);
  return state;
}

/** Reads into frames of a shape. */
function read(shape) {
  const frames = [], others = [];
  const end = readTrack({}, new FrameCollector((frame) => frames.push(frame), shape), () => others.push(1));
  return { frames, others, end };
}

test("Pieces of 10 ms become frames, and each is given back", async (t) => {
  const { put } = browser(t), { frames } = read(frameShape(false));
  const pieces = [0.25, 0.25, 0.5].map((value) => new Piece([value]));
  pieces.forEach(put);
  await settled();
  assert.deepEqual([frames.length, frames[0].length, frames[0][0]], [1, FRAME, 8192]);
  assert.ok(pieces.every(({ closed }) => closed === 1));
});

test("Two channels become one by their middle, or stay two", async (t) => {
  const { put } = browser(t), mono = read(frameShape(false, 10));
  put(new Piece([0.5, 0]));
  await settled();
  assert.equal(mono.frames[0][0], 8192);
  const again = browser(t), stereo = read(frameShape(true));
  again.put(new Piece([0.5, -0.5]));
  again.put(new Piece([0.5, -0.5]));
  await settled();
  assert.deepEqual([...stereo.frames[0].slice(0, 2)], [16384, -16384]);
});

test("A track of another rate is left to somebody else, once, and a track that ends to nobody", async (t) => {
  const { put } = browser(t), other = read(frameShape(false)), piece = new Piece([0.5], 44100);
  put(piece);
  await settled();
  assert.deepEqual([other.others.length, other.frames.length, piece.closed], [1, 0, 1]);
  const { end } = browser(t), ended = read(frameShape(false));
  end();
  await settled();
  assert.equal(ended.others.length, 0);
});

test("Who has ended gets nothing more", async (t) => {
  const state = browser(t), { frames, others, end } = read(frameShape(false, 10));
  end();
  await settled();
  assert.ok(state.cancelled);
  assert.deepEqual([frames.length, others.length], [0, 0]);
});

test("A browser that reads no tracks, or pictures only, says so", (t) => {
  assert.equal(read(frameShape(false)).end, null);
  browser(t, () => { throw new TypeError("audio"); });
  assert.equal(read(frameShape(false)).end, null);
});
