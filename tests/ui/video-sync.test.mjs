import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_HELD } from "../../Plugins/Media/ui/video-clock.js";
import { holdFor } from "../../Plugins/Media/ui/video-sync.js";

test("On a quiet network pictures are hardly held", () => assert.ok(holdFor({ jitter: 1 }, { delay: 15 }) <= 10));

test("Whatever the sound's buffers hold, what is left is a lag that nobody notices", () => {
  for (let jitter = 0; jitter <= 60; jitter += 5)
    for (let delay = 0; delay <= 150; delay += 7) {
      const lag = 35 + 3 * jitter + delay, left = lag - holdFor({ jitter }, { delay });
      assert.ok(left <= 50 && left >= Math.min(lag, 40), `${jitter} ${delay}: ${left}`);
    }
});

test("Nobody is held for sound that is not heard, or longer than the longest hold", () => {
  assert.equal(holdFor(undefined, { delay: 100 }), 0);
  assert.equal(holdFor({ jitter: 5 }, undefined), 0);
  assert.equal(holdFor({ jitter: 500 }, { delay: 500 }), MOST_HELD);
});

test("A speaker that is slow by itself counts", () => assert.equal(holdFor({ jitter: 1 }, { delay: 15 }, 200), holdFor({ jitter: 1 }, { delay: 15 + 200 })));
