import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAME, FrameCollector, loudness, PlayRing } from "../../Plugins/Media/ui/audio-frames.js";
import { Talkers } from "../../Plugins/Media/ui/talkers.js";

const frameOf = (value) => new Int16Array(FRAME).fill(value);

test("Blocks of 128 samples become frames of 960", () => {
  const frames = [];
  const collector = new FrameCollector((frame) => frames.push(frame));
  for (let i = 0; i < 15; i++) collector.push(new Float32Array(128).fill(i / 16));
  assert.equal(frames.length, 2);
  assert.ok(frames.every((frame) => frame.length === FRAME));
  assert.equal(frames[0][127], 0);
  assert.equal(frames[0][128], 2048);
  assert.notEqual(frames[0].buffer, frames[1].buffer);
});

test("Samples out of range are clipped", () => {
  const frames = [];
  const collector = new FrameCollector((frame) => frames.push(frame));
  collector.push(new Float32Array(FRAME).fill(3));
  collector.push(new Float32Array(FRAME).fill(-3));
  assert.deepEqual([frames[0][0], frames[1][0]], [32767, -32768]);
});

test("Nothing is played before three frames are there", () => {
  const ring = new PlayRing();
  const block = new Float32Array(128);
  ring.push(frameOf(16384));
  ring.push(frameOf(16384));
  ring.pull(block);
  assert.equal(block[0], 0);
  ring.push(frameOf(16384));
  ring.pull(block);
  assert.equal(block[0], 0.5);
});

test("A ring that ran dry plays silence and fills anew", () => {
  const ring = new PlayRing();
  for (let i = 0; i < 3; i++) ring.push(frameOf(16384));
  const block = new Float32Array(3 * FRAME + 10);
  ring.pull(block);
  assert.deepEqual([block[3 * FRAME - 1], block[3 * FRAME]], [0.5, 0]);
  ring.push(frameOf(16384));
  ring.pull(block);
  assert.equal(block[0], 0);
});

test("More than the limit drops the oldest", () => {
  const ring = new PlayRing();
  for (let i = 1; i <= 11; i++) ring.push(frameOf(i * 100));
  assert.equal(ring.count, ring.start);
  assert.equal(ring.dropped, 8 * FRAME);
  const block = new Float32Array(1);
  ring.pull(block);
  assert.equal(Math.round(block[0] * 32768), 900);
});

test("The meter goes from silence to full scale", () => {
  assert.equal(loudness(frameOf(0)), 0);
  assert.ok(loudness(frameOf(32767)) > 0.99);
  assert.ok(Math.abs(loudness(frameOf(1036)) - 0.5) < 0.01);
});

test("Who talks is known by level and forgotten in silence", () => {
  const talkers = new Talkers();
  const fired = [];
  for (const kind of ["people", "levels"]) talkers.addEventListener(kind, () => fired.push(kind));
  talkers.setPeople([{ id: "a", name: "Ann", muted: false }, { id: "b", name: "Bob", muted: false }]);
  talkers.setLevels([{ id: "a", level: 20 }, { id: "b", level: 60 }]);
  assert.deepEqual([...talkers.people.values()].map((p) => p.talking), [true, false]);
  talkers.setPeople([{ id: "a", name: "Ann", muted: true }]);
  assert.deepEqual([...talkers.people.values()], [{ id: "a", name: "Ann", muted: true, level: 127, talking: false }]);
  talkers.setLevels([]);
  assert.deepEqual(fired, ["people", "levels", "people", "levels"]);
});
