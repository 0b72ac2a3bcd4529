import assert from "node:assert/strict";
import { test } from "node:test";
import { HEADER_BYTES, readFrame, writeFrame } from "../../Plugins/Media/ui/video-frame.js";
import { arrange, bringForward, cameraProblem, fit, hue, initials, place } from "../../Plugins/Media/ui/video-layout.js";

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

test("On a narrow page tiles stand below each other", () => assert.equal(arrange(3, 340, 640, 10).columns, 1));

/** Every tile is in its place, has a picture's proportions, and none covers another. */
function check(rects, width, height) {
  rects.forEach((a, i) => {
    assert.ok(a.x >= 0 && a.x + a.width <= width && a.y >= 0, JSON.stringify(a));
    if (height) assert.ok(a.y + a.height <= height, JSON.stringify(a));
    assert.ok(Math.abs(a.width / a.height - 16 / 9) < 0.06, JSON.stringify(a));
    for (const b of rects.slice(i + 1)) assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y);
  });
}

for (const [width, height] of [[1200, 700], [800, 500], [1900, 900], [600, 760]]) {
  test(`Up to 25 people are all in view on ${width} x ${height}, and none covers another`, () => {
    for (let count = 1; count <= 25; count++) {
      const { rects, fits } = place(count, width, height, 10, "grid");
      assert.equal(fits, count);
      check(rects, width, height);
    }
  });
}

test("At 360 pixels 25 people are scrolled to in two columns", () => {
  const { rects, fits } = place(25, 332, 500, 6, "grid");
  assert.equal(rects.length, 25);
  assert.ok(fits >= 8 && fits < 25);
  assert.ok(rects[0].width >= 140);
  check(rects, 332);
});

test("A last row that is not full stands in the middle", () => {
  const { rects } = place(5, 1200, 700, 10, "grid");
  assert.equal(rects[3].x, 1200 - rects[4].x - rects[4].width);
});

test("A strip shows everybody where that is possible, and is scrolled where it is not", () => {
  const rows = (count, width, height) => new Set(place(count, width, height, 10, "strip").rects.map(({ y }) => y)).size;
  for (const [count, width, height, fits, lines] of [[4, 800, 110, 4, 1], [5, 800, 110, 5, 1], [12, 800, 110, 3, 1], [4, 332, 210, 4, 2], [1, 332, 60, 1, 1]]) {
    const { rects, fits: shown } = place(count, width, height, 10, "strip");
    assert.deepEqual([rects.length, shown, rows(count, width, height)], [count, fits, lines]);
    assert.ok(rects.every(({ y, height: high }) => y + high <= height));
  }
});

test("Who is pinned is larger than anybody else, and who finds no room beside is left out", () => {
  for (const [width, height] of [[1200, 700], [340, 560], [700, 700]]) {
    for (const count of [1, 2, 3, 9, 25]) {
      const { rects, fits } = place(count, width, height, 6, "focus");
      assert.equal(rects.length, fits);
      check(rects, width, height);
      for (const other of rects.slice(1)) assert.ok(rects[0].width >= 2 * other.width || count < 3, `${width} ${count}`);
    }
  }
});

test("Who talks out of sight takes the place of who has been silent longest", () => {
  const order = ["me", "a", "b", "c", "d", "e"];
  const forward = (recent, fits) => bringForward(order, recent, fits, (id) => id === "me");
  assert.deepEqual(forward([], 3), order);
  assert.deepEqual(forward(["a"], 3), order);
  assert.deepEqual(forward(["d", "a"], 3), ["me", "a", "d", "c", "b", "e"]);
  assert.deepEqual(forward(["d", "e", "a", "b"], 3), ["me", "e", "d", "c", "b", "a"]);
  assert.deepEqual(forward(["e", "d", "c"], 6), order);
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
