import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_HELD, PlayClock } from "../../Plugins/Media/ui/video-clock.js";

const clockOf = (hold) => Object.assign(new PlayClock(), { hold });

test("Without a hold every picture is drawn when it comes", () => {
  const clock = clockOf(0);
  for (const [ts, now] of [[0, 100], [3000, 140], [6000, 165], [9000, 300]]) assert.equal(clock.due(ts, now), now);
});

test("With a hold pictures are drawn as evenly as they were captured, whatever their way took", () => {
  const clock = clockOf(80);
  let late = 0;
  const ways = [20, 35, 22, 60, 20, 95, 41];
  const due = ways.map((way, i) => clock.due(1000 + i * 3000, 500 + (i * 3000) / 90 + way)).slice(0);
  due.forEach((at, i) => { if (Math.abs(at - (600 + (i * 100) / 3)) > 0.01) late++; });
  assert.equal(late, 0);
});

test("A picture that is later than its hold is drawn at once", () => {
  const clock = clockOf(30);
  clock.due(0, 100);
  assert.equal(clock.due(3000, 100 + 33 + 70), 203);
});

test("Timestamps wrap around", () => {
  const clock = clockOf(50);
  const first = clock.due(0xfffffff0, 1000);
  assert.ok(Math.abs(clock.due((0xfffffff0 + 9000) >>> 0, 1100) - (first + 100)) < 0.01);
});

test("Another clock begins anew, and no picture is held longer than the longest hold", () => {
  const clock = clockOf(5000);
  clock.due(0, 1000);
  assert.equal(clock.due(90 * 500_000, 1040), 1040 + MOST_HELD);
  clock.hold = 10;
  assert.equal(clock.due(90 * 500_040, 1080), 1090);
});

test("A way that has become longer for good is learnt within some seconds", () => {
  const clock = clockOf(20);
  let at = 0;
  for (let i = 0; i < 600; i++) at = clock.due(i * 3000, (i * 100) / 3 + (i < 100 ? 10 : 60)) - (i * 100) / 3;
  assert.ok(Math.abs(at - 80) < 0.01, String(at));
});
