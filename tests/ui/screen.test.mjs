import assert from "node:assert/strict";
import { test } from "node:test";
import { changedTiles, fitting, MAX_FRAME, packUpdate, readFrame, TILE } from "../../Plugins/Screen/ui/tiles.js";

const tile = (column, row, length, fill = 7) => ({ column, row, png: new Uint8Array(length).fill(fill) });

test("An update reads as it was packed", () => {
  const tiles = [tile(0, 0, 5, 1), tile(3, 2, 70, 2), tile(1, 1, 1, 3)];
  const frames = packUpdate(4000000001, 260, 190, tiles);
  assert.equal(frames.length, 1);
  assert.deepEqual(readFrame(frames[0]), { end: true, number: 4000000001, width: 260, height: 190, tiles });
});

test("An update that is too long for one frame ends with its last one", () => {
  const tiles = Array.from({ length: 100 }, (_, i) => tile(i % 10, Math.floor(i / 10), 16000, i));
  const frames = packUpdate(1, 640, 640, tiles);
  assert.ok(frames.length > 1);
  assert.ok(frames.every((frame) => frame.length <= MAX_FRAME));
  const read = frames.map(readFrame);
  assert.deepEqual(read.map((frame) => frame.end), [...Array(frames.length - 1).fill(false), true]);
  assert.deepEqual(read.flatMap((frame) => frame.tiles), tiles);
});

test("A frame within a larger buffer reads, too", () => {
  const [frame] = packUpdate(9, 64, 64, [tile(0, 0, 40)]);
  const larger = new Uint8Array(frame.length + 20);
  larger.set(frame, 10);
  assert.equal(readFrame(larger.subarray(10, 10 + frame.length)).tiles[0].png.length, 40);
});

test("A frame that is cut, too long or of another kind is refused", () => {
  const [frame] = packUpdate(1, 64, 64, [tile(0, 0, 40)]);
  for (let length = 0; length < frame.length; length++) assert.throws(() => readFrame(frame.slice(0, length)));
  assert.throws(() => readFrame(new Uint8Array([...frame, 0])));
  assert.throws(() => readFrame(new Uint8Array([9, ...frame.slice(1)])));
});

test("One changed pixel changes the one tile that it lies in", () => {
  const width = 150, height = 100;
  for (const [x, y] of [[0, 0], [63, 63], [64, 63], [149, 99], [128, 64], [63, 64]]) {
    const before = new Uint32Array(width * height), now = before.slice();
    now[y * width + x] = 1;
    assert.deepEqual(changedTiles(before, now, width, height), [{ column: Math.floor(x / TILE), row: Math.floor(y / TILE) }]);
  }
});

test("Without a picture before it all tiles are new, and without a change none", () => {
  const now = new Uint32Array(150 * 100);
  assert.equal(changedTiles(null, now, 150, 100).length, 6);
  assert.deepEqual(changedTiles(now, now.slice(), 150, 100), []);
});

test("A source is shared at its own size unless that is too large", () => {
  assert.deepEqual(fitting(1920, 1080), { width: 1920, height: 1080 });
  assert.deepEqual(fitting(7680, 4320), { width: 7680, height: 4320 });
  assert.equal(fitting(16384, 100).width, 8192);
  const large = fitting(8192, 8192);
  assert.ok(large.width * large.height <= 7680 * 4320);
});
