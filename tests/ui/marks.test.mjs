import assert from "node:assert/strict";
import { test } from "node:test";
import { clearMarks, mark, marksOf, onMarks } from "../../Host/ui/marks.js";

test("a mark is there while it is active, and who listens is told of changes only", () => {
  const told = [];
  onMarks((person) => told.push(person));
  const talking = { icon: "volume", title: "Talking" };
  mark("a", "media.talking", { ...talking, active: true });
  mark("a", "media.talking", { ...talking, active: true });
  assert.deepEqual(marksOf("a"), [talking]);
  mark("a", "media.talking", { ...talking, active: false });
  mark("a", "media.talking", { ...talking, active: false });
  assert.deepEqual(marksOf("a"), []);
  assert.deepEqual(told, ["a", "a"]);
});

test("marks keep the order of their names, and another room has none of them", () => {
  mark("b", "screen.presenting", { title: "Presenting", active: true });
  mark("b", "media.talking", { title: "Talking", active: true });
  assert.deepEqual(marksOf("b").map((m) => m.title), ["Talking", "Presenting"]);
  mark("b", "media.talking", { title: "Whispering", active: true });
  assert.deepEqual(marksOf("b").map((m) => m.title), ["Whispering", "Presenting"]);
  clearMarks();
  assert.deepEqual(marksOf("b"), []);
});
