import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Seat } from "../../Plugins/Media/ui/video-seat.js";

const open = new Set();
globalThis.VideoDecoder = class {
  constructor(init) { Object.assign(this, init, { state: "unconfigured", decodeQueueSize: 0 }); }
  configure() { this.state = "configured"; }
  decode({ timestamp }) {
    const picture = { timestamp, displayWidth: 320, displayHeight: 180, close: () => open.delete(picture) };
    open.add(picture);
    this.output(picture);
  }
  close() { this.state = "closed"; }
};
globalThis.EncodedVideoChunk = class { constructor(init) { Object.assign(this, init); } };

const frame = (number) => {
  const key = number === 0;
  return { codec: "vp8", key, layer: "small", stream: 1, frame: number, timestamp: number * 3000, width: 320, height: 180, droppable: false, back: key ? 0 : 1,
    bytes: new Uint8Array([(key ? 0 : 1) | 16, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 180, 0, 0, 0]) };
};

/** @type {any} */ let told, wakes, drawn;
/** @type {Seat} */ let seat;

beforeEach(() => {
  open.clear();
  told = [];
  wakes = [];
  drawn = [];
  const canvas = { width: 1, height: 1, getContext: () => ({ drawImage: (picture) => drawn.push(picture.timestamp) }) };
  seat = new Seat(/** @type {any} */ (canvas), { tell: (one) => told.push(one.say), dirty() {}, wake: (_, due) => wakes.push(due) });
});

test("Without a hold a picture is ready when it comes, and only the first one is told of", () => {
  seat.push(frame(0), 1000);
  seat.draw(1005);
  seat.push(frame(1), 1033);
  seat.draw(1040);
  assert.deepEqual([drawn, told, seat.canvas.width], [[0, 33333], ["shown"], 320]);
});

test("With a hold frames wait coded, and are drawn in their time", () => {
  seat.clock.hold = 80;
  seat.push(frame(0), 1000);
  seat.push(frame(1), 1020);
  assert.deepEqual([open.size, wakes[0]], [0, 1080]);
  seat.run(1080);
  seat.draw(1081);
  assert.deepEqual(drawn, [0]);
  assert.ok(Math.abs(wakes.at(-1) - 1100) < 20);
  seat.run(1200);
  seat.draw(1201);
  assert.deepEqual(drawn, [0, 33333]);
});

test("While nothing can be drawn one picture is kept, the newest", () => {
  for (let n = 0; n < 100; n++) seat.push(frame(n), 1000 + n * 33);
  assert.equal(open.size, 1);
  assert.ok(seat.came.size < 100);
  seat.draw(5000);
  assert.deepEqual([drawn, open.size], [[3300000], 0]);
  assert.deepEqual([seat.figures.take(6000).skipped], [99]);
});

test("More than fits into the longest hold does not wait", () => {
  seat.clock.hold = 400;
  for (let n = 0; n < 100; n++) seat.push(frame(n), 1000 + n);
  assert.ok(seat.waiting.length <= 24);
});

test("What was ready when a camera goes off is never drawn", () => {
  seat.push(frame(0), 1000);
  seat.clear();
  seat.draw(1010);
  assert.deepEqual([drawn, open.size, told], [[], 0, []]);
});

test("What decoding and drawing take is begun earlier, so that a held picture is on the screen in its time", () => {
  seat.clock.hold = 100;
  let shown = 0;
  for (let n = 0; n < 100; n++) {
    const at = 1000 + (n * 100) / 3;
    seat.push(frame(n), at);
    if (n === 0) continue;
    // The one before goes into the decoder when it is woken, and is seen 20 ms after that.
    const begun = wakes.at(-1);
    seat.run(begun);
    seat.draw(begun + 20);
    shown = begun + 20 - (1000 + ((n - 1) * 100) / 3);
    if (n === 1) assert.ok(shown >= 120 - 1, `nothing is known yet: ${shown}`);
  }
  assert.ok(Math.abs(seat.lead - 20) < 1 && Math.abs(shown - 100) < 1, `${seat.lead}, ${shown}`);
});
