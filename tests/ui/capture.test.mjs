import assert from "node:assert/strict";
import { test } from "node:test";
import { changedAreas } from "../../Plugins/Screen/ui/changes.js";
import { followPointer, pointerController } from "../../Plugins/Screen/ui/capture-pointer.js";
import { Delta } from "../../Plugins/Screen/ui/delta.js";
import { readPointer } from "../../Plugins/Screen/ui/tiles.js";

/** The same numbers for the same seed (Lehmer). */
const seeded = (seed) => () => (seed = seed * 48271 % 2147483647) / 2147483647;

/** A captured screen, what the page makes of it, and somebody who sees that. */
class Share {
  clock = 1000;
  delta = new Delta(() => this.clock);
  pieces = [];

  constructor(width, height, seed = 1) {
    Object.assign(this, { width, height, random: seeded(seed), screen: new Uint32Array(width * height).fill(0xFFFFFFFF), seen: new Uint32Array(width * height) });
  }

  fill({ x, y, width, height }, colour) {
    for (let row = y; row < y + height; row++)
      for (let at = row * this.width + x; at < row * this.width + x + width; at++) this.screen[at] = typeof colour === "function" ? colour() : colour;
  }

  noise(area) { this.fill(area, () => (0xFF000000 | this.random() * 0x1000000) >>> 0); }

  text(area) { this.fill(area, () => this.random() < .25 ? 0xFF202020 : 0xFFFFFFFF); }

  scroll({ x, y, width, height }, by) {
    for (let row = y; row < y + height - by; row++) this.screen.copyWithin(row * this.width + x, (row + by) * this.width + x, (row + by) * this.width + x + width);
    this.text({ x, y: y + height - by, width, height: by });
  }

  /** One picture; what is sent with loss arrives with a flaw in each pixel. */
  take(ms = 33) {
    this.pieces = this.delta.take(this.screen.slice(), this.width, this.height);
    for (const piece of this.pieces) this.show(piece);
    this.clock += ms;
    return this.pieces;
  }

  show(piece) {
    const before = this.seen.slice();
    for (let row = 0; row < piece.height; row++)
      for (let column = 0; column < piece.width; column++) {
        const at = (piece.y + row) * this.width + piece.x + column;
        if ("fromX" in piece) this.seen[at] = before[(piece.fromY + row) * this.width + piece.fromX + column];
        else if ("colour" in piece) this.seen[at] = (0xFF000000 | (piece.colour & 0xFF) << 16 | piece.colour & 0xFF00 | piece.colour >> 16) >>> 0;
        else this.seen[at] = piece.lossy ? this.screen[at] ^ 1 : this.screen[at];
      }
  }

  isExact() { return this.seen.every((pixel, at) => pixel === this.screen[at]); }

  /** Pixels that were encoded as images. */
  get encoded() { return this.pieces.reduce((sum, piece) => sum + ("lossy" in piece ? piece.width * piece.height : 0), 0); }
}

test("One changed pixel is one area of one pixel, and without a change there is none", () => {
  for (const [x, y] of [[0, 0], [63, 63], [64, 63], [149, 99], [128, 64], [63, 64]]) {
    const before = new Uint32Array(150 * 100), now = before.slice();
    assert.deepEqual(changedAreas(before, now, 150, 100), []);
    now[y * 150 + x] = 1;
    assert.deepEqual(changedAreas(before, now, 150, 100), [{ x, y, width: 1, height: 1 }]);
  }
});

test("A screen of one colour is one colour, and one that stands still is nothing", () => {
  const share = new Share(640, 400);
  assert.deepEqual(new Set(share.take().map((piece) => piece.colour)), new Set([0xFFFFFF]));
  assert.ok(share.isExact());
  assert.deepEqual(share.take(), []);
});

for (const by of [1, 17, 90])
  test(`Text that is scrolled by ${by} is copied`, () => {
    const share = new Share(640, 480), page = { x: 37, y: 21, width: 530, height: 410 };
    share.text(page);
    share.take();
    for (let i = 0; i < 4; i++) {
      share.scroll(page, by);
      share.take();
      assert.ok(share.pieces.some((piece) => "fromX" in piece));
      assert.ok(share.encoded < page.width * (by + 8) + 20 * page.height * 2, `${share.encoded} pixels were encoded`);
      assert.ok(share.isExact());
    }
  });

test("A window that is dragged over a photograph is copied, and never sent with loss", () => {
  const share = new Share(640, 480), window = new Uint32Array(200 * 150), random = seeded(7);
  for (let i = 0; i < window.length; i++) window[i] = random() < .25 ? 0xFF202020 : 0xFFFFFFFF;
  // A listing: half of each line is what stands in all the others.
  for (let row = 15; row < 150; row++) window.copyWithin(row * 200, row % 15 * 200, row % 15 * 200 + 100);
  share.noise({ x: 0, y: 0, width: 640, height: 480 });
  const photo = share.screen.slice();
  share.take();
  for (let step = 0; step < 30; step++) {
    share.screen.set(photo);
    for (let row = 0; row < 150; row++) share.screen.set(window.subarray(row * 200, row * 200 + 200), (40 + 7 * step + row) * 640 + 30 + 11 * step);
    share.take();
    if (step > 0) assert.ok(share.encoded < 1.6 * (200 * 7 + 150 * 11), `${share.encoded} pixels were encoded`);
    assert.ok(share.isExact());
  }
});

test("What moves is sent with loss, and exactly within 500 ms of standing still", () => {
  const share = new Share(640, 400), film = { x: 70, y: 70, width: 300, height: 200 };
  for (let i = 0; i < 12; i++) {
    share.noise(film);
    share.take();
  }
  assert.ok(share.pieces.some((piece) => piece.lossy) && share.delta.isLossy && !share.isExact());
  for (let waited = 33; waited < 500; waited += 60) share.take(60);
  assert.ok(share.isExact() && !share.delta.isLossy);
});

test("What moves in few colours is drawn and not filmed", () => {
  const share = new Share(640, 400);
  for (let i = 0; i < 12; i++) {
    share.text({ x: 0, y: 0, width: 640, height: 400 });
    share.take();
    assert.ok(share.isExact());
  }
});

test("After 200 random sequences of changes everything is exact half a second later", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const share = new Share(150 + seed % 90, 140, seed), some = (most) => Math.floor(share.random() * most);
    for (let i = 0; i < 10; i++) {
      const area = { x: some(140), y: some(130), width: 1, height: 1 };
      Object.assign(area, { width: 1 + some(share.width - area.x), height: 1 + some(share.height - area.y) });
      const kind = some(4);
      if (kind === 0) share.noise(area);
      else if (kind === 1) share.fill(area, 0xFF000000 + some(0x1000000));
      else if (kind === 2) share.text(area);
      else share.scroll(area, Math.min(area.height - 1, some(20)));
      for (let again = some(9); again >= 0; again--) {
        if (kind === 0) share.noise(area);
        share.take();
      }
    }
    for (let waited = 0; waited < 500; waited += 60) share.take(60);
    assert.ok(share.isExact(), `seed ${seed}`);
  }
});

test("The pointer is followed where the browser tells of it, and else painted", async () => {
  assert.equal(pointerController(), null);
  globalThis.CaptureController = class extends EventTarget { get oncapturedmousechange() { return null; } };
  const controller = pointerController(), sent = [];
  delete globalThis.CaptureController;
  const stop = await followPointer(controller, (frame) => sent.push(readPointer(frame)), async () => new Uint8Array([1]));
  const move = (surfaceX, surfaceY) => controller.dispatchEvent(Object.assign(new Event("capturedmousechange"), { surfaceX, surfaceY }));
  move(30, 40);
  move(-1, -1);
  stop();
  move(5, 5);
  assert.deepEqual(sent, [{ shape: 1, hotX: 1, hotY: 1, png: new Uint8Array([1]) }, { x: 30, y: 40, shape: 1 }, { x: 0, y: 0, shape: 0 }]);
});
