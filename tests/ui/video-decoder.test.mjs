import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { StreamDecoder } from "../../Plugins/Media/ui/video-decoder.js";

/** What a browser's decoder would be given. */
class FakeDecoder {
  static all = [];
  constructor(init) {
    Object.assign(this, init, { state: "unconfigured", decodeQueueSize: 0, taken: [] });
    FakeDecoder.all.push(this);
  }
  configure() { this.state = "configured"; }
  decode(chunk) {
    this.taken.push(chunk);
    if (!this.holds) this.output({ timestamp: chunk.timestamp, close() {} });
  }
  close() { this.state = "closed"; }
  fail() {
    this.state = "closed";
    this.error(new Error("broken"));
  }
}
globalThis.VideoDecoder = FakeDecoder;
globalThis.EncodedVideoChunk = class { constructor(init) { Object.assign(this, init); } };

function bytes(key) {
  const tag = (key ? 0 : 1) | 16;
  return new Uint8Array([tag, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 180, 0, 0, 0]);
}

const frame = (number, { key = false, droppable = false, back = key ? 0 : 1, ...more } = {}) =>
  ({ codec: "vp8", key, layer: "small", stream: 1, frame: number >>> 0, timestamp: number * 3000, width: 320, height: 180, droppable, back, bytes: bytes(key), ...more });

/** @type {any} */ let told;
/** @type {StreamDecoder} */ let decoder;
let now = 0;

beforeEach(() => {
  FakeDecoder.all = [];
  now = 1000;
  told = { shown: [], skipped: 0, keys: 0, failed: [] };
  decoder = new StreamDecoder({
    decoded: (picture, one) => { told.shown.push(one.frame); picture.close(); },
    skipped: () => told.skipped++, needKeyFrame: () => told.keys++, failed: (why) => told.failed.push(why),
  }, () => now);
});

test("Nothing is decoded before a key frame, and one is asked for", () => {
  decoder.push(frame(5));
  decoder.push(frame(6, { key: true }));
  decoder.push(frame(7));
  assert.deepEqual([told.shown, told.keys, told.skipped], [[6, 7], 1, 1]);
});

test("A frame that none needs may be missing", () => {
  for (const one of [frame(0, { key: true }), frame(2, { back: 2 }), frame(3, { droppable: true }), frame(4, { back: 2 })]) decoder.push(one);
  assert.deepEqual([told.shown, told.keys], [[0, 2, 3, 4], 0]);
});

test("Behind a frame that is missing and needed nothing is shown until the next key frame", () => {
  for (const one of [frame(0, { key: true }), frame(4, { back: 2 }), frame(5), frame(6, { key: true }), frame(7)]) decoder.push(one);
  assert.deepEqual(told.shown, [0, 6, 7]);
  assert.equal(told.keys, 2);
});

test("Frame numbers wrap around", () => {
  for (const one of [frame(-1, { key: true }), frame(0), frame(1)]) decoder.push(one);
  assert.equal(told.shown.length, 3);
});

test("A decoder that does not keep up is spared what nobody needs first, and all until a key frame at last", () => {
  decoder.push(frame(0, { key: true }));
  const [fake] = FakeDecoder.all;
  fake.decodeQueueSize = 4;
  decoder.push(frame(1, { droppable: true }));
  decoder.push(frame(2, { back: 2 }));
  fake.decodeQueueSize = 9;
  decoder.push(frame(4, { back: 2 }));
  fake.decodeQueueSize = 0;
  decoder.push(frame(6, { back: 2 }));
  decoder.push(frame(7, { key: true }));
  assert.deepEqual(told.shown, [0, 2, 7]);
});

test("After a decoder's complaint another one goes on from a key frame", () => {
  decoder.push(frame(0, { key: true }));
  FakeDecoder.all[0].fail();
  decoder.push(frame(1));
  decoder.push(frame(2, { key: true }));
  assert.deepEqual([told.shown, FakeDecoder.all.length, told.failed], [[0, 2], 2, []]);
});

test("What is refused never reaches the decoder; five in a row are told once, and rest", () => {
  decoder.push(frame(0, { key: true }));
  for (let n = 1; n < 20; n++) decoder.push(frame(n, { key: true, width: 322 }));
  assert.equal(FakeDecoder.all[0].taken.length, 1);
  assert.deepEqual(told.failed, ["have another size than they say"]);
  assert.equal(told.skipped, 19);
  now += 5000;
  decoder.push(frame(30, { key: true }));
  assert.deepEqual(told.shown, [0, 30]);
});

test("A closed one hands out no picture that was still inside", () => {
  decoder.push(frame(0, { key: true }));
  const [fake] = FakeDecoder.all;
  fake.holds = true;
  decoder.push(frame(1));
  decoder.close();
  let closed = false;
  fake.output({ timestamp: fake.taken[1].timestamp, close() { closed = true; } });
  assert.deepEqual([told.shown, closed], [[0], true]);
});
