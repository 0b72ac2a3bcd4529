import assert from "node:assert/strict";
import { test } from "node:test";
import { fitting, flatColour, isPointer, MAX_FRAME, packPlace, packShape, packUpdate, readFrame, readPointer, TILE } from "../../Plugins/Screen/ui/tiles.js";

const tile = (x, y, length, fill = 7) => ({ x, y, width: TILE, height: TILE, image: new Uint8Array(length).fill(fill) });
const read = ({ x, y, width, height, image }) => ({ op: "image", x, y, width, height, cropX: 0, cropY: 0, image });

test("An update reads as it was packed", () => {
  const tiles = [tile(0, 0, 5, 1), tile(192, 128, 70, 2), tile(64, 64, 1, 3)];
  const frames = packUpdate(4000000001, 260, 190, tiles);
  assert.equal(frames.length, 1);
  assert.deepEqual(readFrame(frames[0]), { end: true, number: 4000000001, width: 260, height: 190, ops: tiles.map(read) });
});

test("A tile of one colour is packed as that", () => {
  const [frame] = packUpdate(1, 64, 64, [{ x: 1, y: 2, width: 3, height: 4, colour: 0xA0B0C0 }]);
  assert.deepEqual(readFrame(frame).ops, [{ op: "fill", x: 1, y: 2, width: 3, height: 4, colour: "rgb(160 176 192)" }]);
});

test("Copies and images that are shown again are read", () => {
  const frame = new Uint8Array([2, 0, 0, 0, 9, 0, 99, 0, 88, 0, 2,
    3, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6,
    4, 0, 1, 0, 2, 0, 3, 0, 4, 0, 7, 0, 8, 0, 0, 1, 0]);
  assert.deepEqual(readFrame(frame).ops, [
    { op: "copy", x: 1, y: 2, width: 3, height: 4, fromX: 5, fromY: 6 },
    { op: "again", x: 1, y: 2, width: 3, height: 4, cropX: 7, cropY: 8, which: 256 },
  ]);
});

test("An update that is too long for one frame ends with its last one", () => {
  const tiles = Array.from({ length: 100 }, (_, i) => tile(i % 10, Math.floor(i / 10), 16000, i));
  const frames = packUpdate(1, 640, 640, tiles);
  assert.ok(frames.length > 1);
  assert.ok(frames.every((frame) => frame.length <= MAX_FRAME));
  const all = frames.map(readFrame);
  assert.deepEqual(all.map((frame) => frame.end), [...Array(frames.length - 1).fill(false), true]);
  assert.deepEqual(all.flatMap((frame) => frame.ops), tiles.map(read));
});

test("A frame within a larger buffer reads, too", () => {
  const [frame] = packUpdate(9, 64, 64, [tile(0, 0, 40)]);
  const larger = new Uint8Array(frame.length + 20);
  larger.set(frame, 10);
  assert.equal(readFrame(larger.subarray(10, 10 + frame.length)).ops[0].image.length, 40);
});

test("A frame that is cut, too long or of another kind is refused", () => {
  const [frame] = packUpdate(1, 64, 64, [tile(0, 0, 40)]);
  for (let length = 0; length < frame.length; length++) assert.throws(() => readFrame(frame.slice(0, length)));
  assert.throws(() => readFrame(new Uint8Array([...frame, 0])));
  assert.throws(() => readFrame(new Uint8Array([9, ...frame.slice(1)])));
  assert.throws(() => readFrame(frame.with(11, 9)));
});

test("The pointer's place and shape are read", () => {
  const place = new Uint8Array([3, 1, 0, 0, 2, 0, 0, 0, 7]), shape = new Uint8Array([4, 0, 0, 0, 7, 0, 3, 0, 4, 9, 9]);
  assert.ok(isPointer(place) && isPointer(shape) && !isPointer(packUpdate(1, 64, 64, [])[0]));
  assert.deepEqual(readPointer(place), { x: 256, y: 2, shape: 7 });
  assert.deepEqual(readPointer(shape), { shape: 7, hotX: 3, hotY: 4, png: new Uint8Array([9, 9]) });
});

test("A copy and the pointer read as they were packed", () => {
  const [frame] = packUpdate(1, 64, 64, [{ x: 1, y: 2, width: 3, height: 4, fromX: 5, fromY: 60 }]);
  assert.deepEqual(readFrame(frame).ops, [{ op: "copy", x: 1, y: 2, width: 3, height: 4, fromX: 5, fromY: 60 }]);
  assert.deepEqual(readPointer(packPlace({ x: 258, y: 3, shape: 1 })), { x: 258, y: 3, shape: 1 });
  assert.deepEqual(readPointer(packShape({ shape: 1, hotX: 2, hotY: 3, png: new Uint8Array([9, 8]) })), { shape: 1, hotX: 2, hotY: 3, png: new Uint8Array([9, 8]) });
});

test("A tile of one colour is known by it", () => {
  const pixels = new Uint32Array(100 * 100).fill(0xFF030201), area = { x: 10, y: 20, width: 30, height: 40 };
  pixels[20 * 100 + 9] = pixels[60 * 100 + 10] = 0;
  assert.equal(flatColour(pixels, 100, area), 0x010203);
  pixels[59 * 100 + 39] = 0xFF030202;
  assert.equal(flatColour(pixels, 100, area), null);
});

test("A source is shared at its own size unless that is too large", () => {
  assert.deepEqual(fitting(1920, 1080), { width: 1920, height: 1080 });
  assert.deepEqual(fitting(7680, 4320), { width: 7680, height: 4320 });
  assert.equal(fitting(16384, 100).width, 8192);
  const large = fitting(8192, 8192);
  assert.ok(large.width * large.height <= 7680 * 4320);
});
