import assert from "node:assert/strict";
import { test } from "node:test";
import { HEADER_BYTES, readFrame, writeFrame } from "../../Plugins/Media/ui/video-frame.js";
import { arrange, cameraProblem, fit, hue, initials, layerFor } from "../../Plugins/Media/ui/video-layout.js";

const header = { codec: "vp8", key: true, layer: "small", stream: 0x01020304, frame: 0x05060708, timestamp: 0xfffffffe, width: 320, height: 180 };

test("A frame's layout is the daemon's", () => {
  const message = writeFrame(header, 1);
  message[HEADER_BYTES] = 0xee;
  assert.equal(Buffer.from(message).toString("hex"), "20110100" + "01020304" + "05060708" + "fffffffe" + "00000000" + "00000001" + "014000b4" + "ee");
});

test("A frame is read as it was written", () => {
  const message = writeFrame(header, 3);
  message.set([1, 2, 3], HEADER_BYTES);
  assert.deepEqual(readFrame(message), { ...header, droppable: false, back: 0, bytes: new Uint8Array([1, 2, 3]) });
});

test("A frame that none needs, two frames after the one it needs itself", () => {
  const read = readFrame(writeFrame({ ...header, key: false, layer: "hd", droppable: true, back: 2 }, 1));
  assert.deepEqual([read?.layer, read?.key, read?.droppable, read?.back], ["hd", false, true, 2]);
});

test("What is no frame is not read", () => {
  assert.equal(readFrame(new Uint8Array(HEADER_BYTES)), null);
  assert.equal(readFrame(new Uint8Array(100)), null);
});

test("Tiles stand so that they are largest", () => {
  const columns = (count) => arrange(count, 1200, 700, 10).columns;
  assert.deepEqual([1, 2, 3, 4, 5, 9].map(columns), [1, 2, 2, 2, 3, 3]);
});

test("In a strip tiles stand in one row", () => assert.equal(arrange(5, 1200, 120, 10).columns, 5));

test("On a narrow page tiles stand below each other", () => assert.equal(arrange(3, 360, 640, 10).columns, 1));

test("Tiles never exceed their place", () => {
  for (let count = 1; count < 30; count++) {
    const { columns, width } = arrange(count, 800, 500, 10);
    const rows = Math.ceil(count / columns);
    assert.ok(columns * width + (columns - 1) * 10 <= 800);
    assert.ok((rows * width * 9) / 16 + (rows - 1) * 10 <= 501);
  }
});

test("A small tile asks for the small size and does not flutter", () => {
  assert.equal(layerFor(300, "large"), "small");
  assert.equal(layerFor(400, "small"), "large");
  assert.equal(layerFor(350, "small"), "small");
  assert.equal(layerFor(350, "large"), "large");
});

test("Pictures fit with their proportions, in even numbers, and are never enlarged", () => {
  assert.deepEqual(fit(1280, 720, 640, 360), { width: 640, height: 360 });
  assert.deepEqual(fit(640, 480, 640, 360), { width: 480, height: 360 });
  assert.deepEqual(fit(200, 101, 640, 360), { width: 200, height: 102 });
});

test("Initials and colours stay with a name", () => {
  assert.equal(initials("Ada Lovelace"), "AL");
  assert.equal(initials("  ben "), "B");
  assert.equal(initials(""), "?");
  assert.equal(hue("Ada"), hue("Ada"));
});

test("A camera that is refused is explained in a sentence", () => {
  for (const name of ["NotAllowedError", "NotFoundError", "NotReadableError", "Other"]) assert.match(cameraProblem({ name, message: "x." }), /\.$/);
});
