import assert from "node:assert/strict";
import { test } from "node:test";
import { FRAME, FrameCollector, frameShape, loudness, PlayRing } from "../../Plugins/Media/ui/audio-frames.js";
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

/** Blocks of 2.5 ms; gives the first sample of each. */
const pull = (ring, blocks) => Array.from({ length: blocks }, () => {
  const block = new Float32Array(120);
  ring.pull(block);
  return block[0];
});

test("The first frame waits for as long as the next one may be late", () => {
  const ring = new PlayRing(480);
  ring.push(frameOf(16384));
  assert.deepEqual(pull(ring, 6), [0, 0, 0, 0, 0.5, 0.5]);
});

test("Frames that come up to the margin late are played without a gap", () => {
  const ring = new PlayRing(480);
  const heard = [];
  for (let frame = 0; frame < 50; frame++) {
    const late = frame % 2 ? 3 : 0; // of 4 blocks
    heard.push(...pull(ring, late));
    ring.push(frameOf(16384));
    heard.push(...pull(ring, 8 - late));
  }
  assert.ok(heard.slice(8).every((sample) => sample === 0.5));
  assert.equal(ring.margin, 480);
});

test("A ring that ran dry plays silence, fills anew and holds back more", () => {
  const ring = new PlayRing(480);
  ring.push(frameOf(16384));
  pull(ring, 4 + 8);
  assert.deepEqual(pull(ring, 2), [0, 0]);
  ring.push(frameOf(16384));
  assert.equal(ring.margin, 720);
  assert.equal(pull(ring, 1)[0], 0);
});

test("A pause is no reason to hold back more", () => {
  const ring = new PlayRing(480);
  ring.push(frameOf(16384));
  pull(ring, 100);
  ring.push(frameOf(16384));
  assert.equal(ring.margin, 480);
});

test("After ten calm seconds the margin comes down", () => {
  const ring = new PlayRing(960);
  for (let frame = 0; frame < 510; frame++) {
    ring.push(frameOf(100));
    pull(ring, 8);
  }
  assert.equal(ring.margin, 720);
});

test("More than the limit drops the oldest", () => {
  const ring = new PlayRing(480);
  for (let i = 1; i <= 11; i++) ring.push(frameOf(i * 100));
  assert.ok(ring.count <= 480 + 2.5 * FRAME);
  assert.equal(ring.count + ring.dropped, 11 * FRAME);
  const block = new Float32Array(1);
  for (let i = 0; i < 500; i++) ring.pull(block);
  assert.ok(Math.round(block[0] * 32768) >= 900);
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
  assert.deepEqual([...talkers.people.values()], [{ id: "a", name: "Ann", muted: true, silenced: false, level: 127, talking: false }]);
  talkers.setLevels([]);
  assert.deepEqual(fired, ["people", "levels", "people", "levels"]);
});

test("Two channels take turns in a frame of 20 ms, and short frames have one", () => {
  const frames = [];
  const stereo = new FrameCollector((frame) => frames.push(frame), frameShape(true, 10));
  for (let i = 0; i < 8; i++) stereo.push(new Float32Array(128).fill(0.5), new Float32Array(128).fill(-0.5));
  assert.equal(frames.length, 1);
  assert.deepEqual([frames[0].length, ...frames[0].slice(0, 4)], [2 * FRAME, 16384, -16384, 16384, -16384]);
  const quick = new FrameCollector((frame) => frames.push(frame), frameShape(false, 10));
  for (let i = 0; i < 8; i++) quick.push(new Float32Array(128).fill(0.5));
  assert.deepEqual(frames.slice(1).map((frame) => frame.length), [480, 480]);
});

test("A microphone of one channel fills both of a frame of two", () => {
  const frames = [];
  const collector = new FrameCollector((frame) => frames.push(frame), frameShape(true));
  collector.push(new Float32Array(FRAME).fill(0.25));
  assert.deepEqual([...frames[0].slice(-2)], [8192, 8192]);
});

test("A ring plays two channels, and one channel on both sides, one after the other", () => {
  const ring = new PlayRing(480);
  ring.push(frameOf(8192));
  ring.push(Int16Array.from({ length: 2 * FRAME }, (_, i) => (i % 2 ? -16384 : 16384)));
  const left = new Float32Array(480), right = new Float32Array(480);
  ring.pull(left, right); // the margin
  const heard = Array.from({ length: 4 }, () => {
    ring.pull(left, right);
    return [left[0], right[0]];
  });
  assert.deepEqual(heard, [[0.25, 0.25], [0.25, 0.25], [0.5, -0.5], [0.5, -0.5]]);
  ring.pull(left, right);
  assert.deepEqual([left[0], right[0]], [0, 0]);
});

/** A tone of 440 Hz from a sample on. */
const tone = (from, length, loudness) => Float32Array.from({ length }, (_, i) => loudness * Math.sin((2 * Math.PI * 440 * (from + i)) / 48000));

/** Steps between samples: the steepest of a tone is 0.0576 of its loudness. */
const steepest = (samples) => samples.reduce((most, sample, i) => (i ? Math.max(most, Math.abs(sample - samples[i - 1])) : 0), 0);

test("Shifted frames end later by three samples each in talk and by 48 between words, and a tone goes on", () => {
  for (const [loudness, each] of [[0.5, 3], [0.002, 48]]) {
    const frames = [];
    const collector = new FrameCollector((frame) => frames.push(frame));
    let spoken = 0;
    const speak = (samples) => {
      for (let left = samples; left > 0; left -= 7) collector.push(tone(spoken + samples - left, Math.min(7, left), loudness));
      spoken += samples;
    };
    speak(FRAME);
    collector.shift((4 * each) / 48);
    speak(FRAME + 4 * (FRAME + each) + 5 * FRAME - 1); // the frame that has begun is as long as it was to be
    assert.equal(frames.length, 10);
    speak(1);
    assert.equal(frames.length, 11);
    assert.ok(steepest(frames.flatMap((frame) => [...frame])) < 1.06 * 0.0576 * loudness * 32768 + 2);
  }
});

test("Where frames have whole blocks their ends are shifted by whole ones, later by no more than asked for and earlier by no less", () => {
  for (const [asked, blocks] of [[4, 0], [9.5, 1], [18, 1], [19.2, 2], [-0.5, 0], [-4, -1], [-12, -2]]) {
    let frames = 0;
    const collector = new FrameCollector(() => frames++), block = new Float32Array(480);
    const push = (count) => { for (let i = 0; i < count; i++) collector.push(block); };
    push(2);
    collector.shift(asked);
    push(2 * 40 + blocks - 1);
    assert.equal(frames, 40, `${asked} ms`);
    push(1);
    assert.equal(frames, 41, `${asked} ms`);
    assert.equal(collector.filled, 0);
  }
});

test("A frame that is late after a gap is played soon, not after the whole margin again", () => {
  const ring = new PlayRing(1200);
  ring.push(frameOf(16384));
  pull(ring, 10 + 8 + 2);
  ring.push(frameOf(16384));
  assert.equal(ring.margin, 1440);
  assert.deepEqual(pull(ring, 3), [0, 0, 0.5]);
});

test("A margin that grew for one who stood still comes down after three seconds in which less would have done", () => {
  const ring = new PlayRing(480);
  ring.push(frameOf(100));
  pull(ring, 4 + 8 + 2);
  for (let frame = 0; frame < 152; frame++) {
    ring.push(frameOf(100));
    pull(ring, 8);
    if (frame === 1) assert.equal(ring.margin, 720);
    if (frame === 50) ring.push(frameOf(100)); // what was late is here at once
  }
  assert.equal(ring.margin, 720); // not yet: the first second had less than it needs
  for (let frame = 0; frame < 110; frame++) {
    ring.push(frameOf(100));
    pull(ring, 8);
  }
  assert.equal(ring.margin, 480);
});

test("A ring that holds too much for a second plays faster until it is gone, without a step", () => {
  const ring = new PlayRing(480);
  let spoken = 0;
  const heard = [];
  const push = () => { ring.push(Int16Array.from(tone(spoken, FRAME, 0.5), (sample) => Math.round(sample * 32768))); spoken += FRAME; };
  const play = () => { for (let i = 0; i < 8; i++) { const block = new Float32Array(120); ring.pull(block); heard.push(...block); } };
  push();
  push(); // the page was held up: two at once
  for (let frame = 0; frame < 300; frame++) { play(); push(); }
  assert.ok(ring.count - FRAME <= ring.margin + 60, `${ring.count - FRAME} waits`);
  assert.equal(ring.dropped, 0);
  assert.ok(steepest(heard.slice(2 * FRAME)) < 1.05 * 0.0576 * 0.5);
  assert.ok(ring.playing);
});
