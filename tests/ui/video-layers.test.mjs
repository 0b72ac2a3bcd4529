import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameFigures, percentile } from "../../Plugins/Media/ui/video-figures.js";
import { FrameChain, layersOf, Pacer, plan } from "../../Plugins/Media/ui/video-layers.js";
import { lines } from "../../Plugins/Media/ui/video-overlay.js";

test("A camera is offered in as many sizes as it has something to show in", () => {
  assert.deepEqual(layersOf(720), ["hd", "large", "small"]);
  assert.deepEqual(layersOf(480), ["large", "small"]);
});

test("Only what is wanted is encoded", () => {
  assert.deepEqual(plan(1280, 720, { layers: [] }), []);
  const [large, small] = plan(1280, 720, { layers: ["small", "large"] });
  assert.deepEqual([large.layer, large.width, large.height, large.fps], ["large", 640, 360, 30]);
  assert.deepEqual([small.layer, small.width, small.height, small.fps], ["small", 320, 180, 15]);
});

test("Bits and pictures a second follow the hub's word", () => {
  const whole = plan(1280, 720, { layers: ["large", "small"] });
  const half = plan(1280, 720, { layers: ["large", "small"], bitrate: 425_000, fps: 10 });
  half.forEach((one, i) => assert.ok(Math.abs(one.bitrate * 2 - whole[i].bitrate) <= 2));
  assert.deepEqual(half.map(({ fps }) => fps), [10, 10]);
  assert.ok(plan(1280, 720, { layers: ["small"], bitrate: 1 })[0].bitrate > 10_000);
  assert.ok(plan(1280, 720, { layers: ["small"], bitrate: 9e9 })[0].bitrate === whole[1].bitrate);
});

test("A picture that is smaller than a layer is not enlarged", () =>
  assert.deepEqual(plan(640, 480, { layers: ["hd"] }).map(({ width, height }) => [width, height]), [[640, 480]]));

const taken = (from, to, seconds = 10) => {
  const pacer = new Pacer();
  let state = 7;
  let count = 0;
  for (let i = 0; i < from * seconds; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    if (pacer.takes(i * (1e6 / from) + (state >>> 24) * 20, to)) count++;
  }
  return count / seconds;
};

test("A pacer lets through as many pictures a second as it should, also of an uneven camera", () => {
  for (const [from, to] of [[30, 30], [30, 15], [30, 10], [30, 7], [25, 15], [60, 30], [20, 30]])
    assert.ok(Math.abs(taken(from, to) - Math.min(from, to)) <= 1, `${from} to ${to}: ${taken(from, to)}`);
});

test("Every second frame is needed by no other, and each names the one that it needs", () => {
  const chain = new FrameChain();
  const told = [[true, 0], [false, 1], [false, 0], [false, 1], [false, 0], [false, 0], [true, 0], [false, 1]].map(([key, layer]) => chain.next(key, layer));
  assert.deepEqual(told.map(({ frame }) => frame), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(told.map(({ droppable }) => droppable), [false, true, false, true, false, false, false, true]);
  assert.deepEqual(told.map(({ back }) => back), [0, 1, 2, 1, 2, 1, 0, 1]);
});

test("Figures are those since the last time", () => {
  const figures = new FrameFigures();
  figures.take(1000);
  const frame = { bytes: new Uint8Array(1000), layer: "large" };
  for (let i = 0; i < 20; i++) {
    figures.arrived(frame);
    figures.decoded(i);
    figures.drawn(640, 360, 2 * i);
  }
  figures.skipped();
  assert.deepEqual(figures.take(3000), { drawn: 20, skipped: 1, decode: 18, delay: 36, fps: 10, bitrate: 80_000, width: 640, height: 360, layer: "large" });
  assert.equal(figures.take(4000).drawn, 0);
});

test("Percentiles are of the nearest rank", () => {
  assert.deepEqual([0.5, 0.95, 1].map((share) => percentile([5, 1, 4, 2, 3], share)), [3, 5, 5]);
  assert.equal(percentile([], 0.5), 0);
});

test("The overlay tells size, rate, bits, loss, delay, layer and why it is less", () => {
  const drawn = { drawn: 15, skipped: 1, decode: 4.4, delay: 61, fps: 14.9, bitrate: 512_300, width: 640, height: 360, layer: "large" };
  const text = lines(drawn, { layer: "large", reason: "load", frames: 99, lost: 1 }, 40).join("\n");
  for (const part of ["640 × 360, 15 fps", "512 kbit/s, large", "loss 1.0 %", "61 ms", "4 decoding", "40 for the sound", "the server is under load"]) assert.ok(text.includes(part), `${part}\n${text}`);
  assert.deepEqual(lines(undefined, undefined, 0), ["no picture"]);
});
