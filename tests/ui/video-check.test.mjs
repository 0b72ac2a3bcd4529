import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal } from "../../Plugins/Media/ui/video-check.js";

/** A VP8 key frame's beginning: shown, version 0, a first partition of `first` bytes. */
function vp8({ width = 320, height = 180, key = true, first = 4, version = 0, length = 40 } = {}) {
  const bytes = new Uint8Array(40);
  const tag = (key ? 0 : 1) | (version << 1) | (1 << 4) | (first << 5);
  bytes.set([tag & 255, (tag >> 8) & 255, tag >> 16, 0x9d, 0x01, 0x2a, width & 255, width >> 8, height & 255, height >> 8]);
  return bytes.subarray(0, length);
}

/** SOI, an APP0 of 16 bytes, SOF. */
function jpeg({ width = 640, height = 360, sof = 0xc0, before = [] } = {}) {
  return new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, ...before, 0xff, sof, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0, 0xff, 0xda]);
}

const frame = (codec, bytes, more = {}) => ({ codec, key: true, layer: "small", stream: 1, frame: 1, timestamp: 0, width: codec === "vp8" ? 320 : 640, height: codec === "vp8" ? 180 : 360, bytes, ...more });

test("What is as it says may be decoded", () => {
  assert.equal(refusal(frame("vp8", vp8())), null);
  assert.equal(refusal(frame("vp8", vp8({ key: false, length: 9 }), { key: false })), null);
  for (const sof of [0xc0, 0xc1, 0xc2]) assert.equal(refusal(frame("jpeg", jpeg({ sof }))), null);
  assert.equal(refusal(frame("jpeg", jpeg({ before: [0xff, 0xff, 0xdb, 0, 3, 9] }))), null); // padding before a marker
});

for (const [what, one, why] of [
  ["a picture that is too wide", frame("vp8", vp8({ width: 1922 }), { width: 1922 }), /larger/],
  ["a picture that is too high", frame("jpeg", jpeg({ height: 1081 }), { height: 1081 }), /larger/],
  ["a key frame of another size than told", frame("vp8", vp8({ width: 322 })), /another size/],
  ["a JPEG of gigabytes behind a small header", frame("jpeg", jpeg({ width: 65000, height: 65000 })), /another size/],
  ["a delta frame that is called a key frame", frame("vp8", vp8({ key: false })), /not what they say/],
  ["a key frame that is called a delta frame", frame("vp8", vp8(), { key: false }), /not what they say/],
  ["a key frame without its start code", frame("vp8", vp8().fill(0, 3, 6)), /no VP8/],
  ["a version that is unknown", frame("vp8", vp8({ version: 5 })), /no VP8/],
  ["a first partition beyond the end", frame("vp8", vp8({ first: 500 })), /cut off/],
  ["a key frame of nine bytes", frame("vp8", vp8().subarray(0, 9)), /cut off/],
  ["a JPEG that is none", frame("jpeg", new Uint8Array(100)), /no JPEG/],
  ["a JPEG without a size before its data", frame("jpeg", new Uint8Array([0xff, 0xd8, 0xff, 0xda, 0, 2, 0, 0])), /no JPEG/],
  ["a segment shorter than its own length", frame("jpeg", new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 1, 0, 0])), /no JPEG/],
  ["an arithmetic-coded JPEG", frame("jpeg", jpeg({ sof: 0xc9 })), /no JPEG/],
]) test(`Not decoded: ${what}`, () => assert.match(refusal(one) ?? "", why));

test("No beginning of a frame is taken for a frame, and none makes the check fail", () => {
  for (const [codec, whole, least] of [["vp8", vp8(), 14], ["jpeg", jpeg(), 16]])
    for (let length = 0; length < whole.length; length++) {
      const why = refusal(frame(codec, whole.subarray(0, length)));
      if (length < least) assert.ok(why, `${codec} of ${length}`);
    }
});

test("Random bytes behind right headers never make the check fail", () => {
  let state = 20260726;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  for (let n = 0; n < 2000; n++) {
    const bytes = Uint8Array.from({ length: random() }, random);
    if (n % 2) bytes.set([0xff, 0xd8, 0xff].slice(0, bytes.length));
    assert.doesNotThrow(() => refusal(frame(n % 2 ? "jpeg" : "vp8", bytes, { key: n % 3 > 0 })));
  }
});
