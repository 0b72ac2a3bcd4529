import assert from "node:assert/strict";
import { test } from "node:test";
import { changedViews } from "../../Plugins/Media/ui/video-views.js";

const views = (object) => new Map(Object.entries(object));

test("What was never told is told, the highest first", () =>
  assert.deepEqual(changedViews(new Map(), views({ a: 180, b: 720, c: 0 })), [{ id: "b", height: 720 }, { id: "a", height: 180 }, { id: "c", height: 0 }]));

test("Only what has changed is told again", () => {
  const sent = views({ a: 360, b: 360, c: 0, d: 200 });
  assert.deepEqual(changedViews(sent, views({ a: 362, b: 180, c: 0, d: 0 })), [{ id: "b", height: 180 }, { id: "d", height: 0 }]);
  assert.deepEqual(changedViews(sent, views({ a: 362, b: 180, c: 0, d: 0 })), []);
});

test("Many small changes are told when they have become a large one", () => {
  const sent = views({ a: 300 });
  let told = 0;
  for (let height = 300; height <= 400; height += 2) told += changedViews(sent, views({ a: height })).length;
  assert.ok(told >= 2 && told <= 5, String(told));
});

test("Who comes into sight again is told, whatever the height was; who has gone is forgotten", () => {
  const sent = views({ a: 0, b: 100 });
  assert.deepEqual(changedViews(sent, views({ a: 90 })), [{ id: "a", height: 90 }]);
  assert.deepEqual([...sent.keys()], ["a"]);
});
