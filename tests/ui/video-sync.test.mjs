import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_HELD } from "../../Plugins/Media/ui/video-clock.js";
import { soundOut } from "../../Plugins/Media/ui/sound-out.js";
import { holdFor } from "../../Plugins/Media/ui/video-sync.js";

test("On a quiet network pictures are hardly held", () => assert.ok(holdFor(35, 15) <= 10));

test("Whatever the sound is later by, what is left is a lag that nobody notices", () => {
  for (let lag = -100; lag <= 400; lag += 7) {
    const left = lag - holdFor(lag);
    assert.ok(left <= 48 && left >= Math.min(lag, 42), `${lag}: ${left}`);
  }
});

test("Nobody is held for sound that is the quicker one, or longer than the longest hold", () => {
  assert.equal(holdFor(-200), 0);
  assert.equal(holdFor(900), MOST_HELD);
});

test("A page that is slow by itself counts, when it is the one that plays", () => {
  Object.assign(soundOut, { waits: 20, context: { outputLatency: 0.18 }, plays: true });
  assert.equal(holdFor(50, soundOut.delay), holdFor(250));
  soundOut.plays = false;
  assert.equal(soundOut.delay, 0);
});
