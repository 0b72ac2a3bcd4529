import assert from "node:assert/strict";
import { test } from "node:test";
import { linkify } from "../../Plugins/Chat/ui/links.js";
import { Thread, dayLabel, hue, initials } from "../../Plugins/Chat/ui/thread.js";

const line = (seq, more = {}) => ({ seq, id: `k${seq}`, from: "a", name: "Ada", text: `line ${seq}`, at: `2026-01-02T12:00:${String(seq).padStart(2, "0")}Z`, ...more });
const loaded = (items, more = false) => {
  const thread = new Thread();
  thread.load({ self: { id: "m", name: "Me" }, items, more });
  return thread;
};
const numbers = (thread) => thread.lines.map((l) => l.seq);

test("Lines stand in the order of their numbers, each once", () => {
  const thread = loaded([line(2), line(3)]);
  assert.equal(thread.add(line(5)), true);
  assert.equal(thread.add(line(4)), true);
  assert.equal(thread.add(line(3)), false);
  assert.deepEqual(numbers(thread), [2, 3, 4, 5]);
});

test("Older pages go before the first line and tell whether there is more", () => {
  const thread = loaded([line(3), line(4)], true);
  thread.addOlder([line(1), line(2), line(3)], false);
  assert.deepEqual(numbers(thread), [1, 2, 3, 4]);
  assert.equal(thread.more, false);
});

test("A trimmed thread keeps the newest lines and can load the others again", () => {
  const thread = loaded([line(1), line(2), line(3)]);
  assert.equal(thread.trim(3), false);
  assert.equal(thread.trim(2), true);
  assert.deepEqual(numbers(thread), [2, 3]);
  assert.equal(thread.more, true);
});

test("A draft goes when its line comes, as an event or in the history", () => {
  const thread = loaded([]);
  thread.drafts.set("k1", { key: "k1", text: "one" });
  thread.drafts.set("k2", { key: "k2", text: "two" });
  thread.add(line(1));
  assert.deepEqual([...thread.drafts.keys()], ["k2"]);
  thread.load({ self: { id: "m", name: "Me" }, items: [line(2)], more: false });
  assert.equal(thread.drafts.size, 0);
});

test("Lines of one person shortly after each other are one group", () => {
  const thread = loaded([line(1), line(2), line(3, { name: "Bob" }), line(4), line(5, { at: "2026-01-02T12:10:00Z" })]);
  assert.deepEqual(thread.groups().map((g) => g.lines.map((l) => l.seq)), [[1, 2], [3], [4], [5]]);
});

test("A direct line is a group of its own", () => {
  const thread = loaded([line(1), line(2, { to: "m", toName: "Me" }), line(3)]);
  assert.deepEqual(thread.groups().map((g) => [g.lines.length, g.toName]), [[1, undefined], [1, "Me"], [1, undefined]]);
});

test("A new day begins a new group and is marked", () => {
  const thread = loaded([line(1), line(2), line(3, { at: "2026-01-04T12:00:00Z" })]);
  assert.deepEqual(thread.groups().map((g) => g.newDay), [true, true]);
});

test("One's own lines are known by the name, also from before a new join", () => {
  const thread = loaded([line(1, { name: "Me", from: "old" }), line(2)]);
  assert.deepEqual(thread.groups().map((g) => g.own), [true, false]);
});

test("A person is addressed by the id of their last line", () => {
  const thread = loaded([line(1, { from: "old" }), line(2, { from: "new" })]);
  assert.deepEqual(thread.member("Ada"), { id: "new", name: "Ada" });
  assert.equal(thread.member("Nobody"), undefined);
});

test("Days have names", () => {
  const now = new Date(2026, 0, 2, 9);
  assert.equal(dayLabel(new Date(2026, 0, 2, 1).toISOString(), now), "Today");
  assert.equal(dayLabel(new Date(2026, 0, 1, 23).toISOString(), now), "Yesterday");
  assert.match(dayLabel(new Date(2025, 11, 24, 12).toISOString(), now), /2025/);
});

test("Initials and colours come from the name", () => {
  assert.equal(initials("Ada King Lovelace"), "AL");
  assert.equal(initials("bob"), "B");
  assert.equal(initials("😀 x"), "😀X");
  assert.equal(hue("Ada"), hue("ADA"));
  assert.ok(hue("Łukasz") >= 0 && hue("Łukasz") < 360);
});

const hrefs = (text) => linkify(text).filter((p) => p.href).map((p) => p.href);

test("Web addresses become links, the text stays as it was", () => {
  const text = "See https://example.org/a?b=1#c and http://10.0.0.5:8080/x.";
  assert.deepEqual(hrefs(text), ["https://example.org/a?b=1#c", "http://10.0.0.5:8080/x"]);
  assert.equal(linkify(text).map((p) => p.text).join(""), text);
});

test("Punctuation and brackets around an address are not part of it", () => {
  assert.deepEqual(hrefs("(https://example.org/a), https://example.org/b!"), ["https://example.org/a", "https://example.org/b"]);
  assert.deepEqual(hrefs("https://example.org/x_(y)"), ["https://example.org/x_(y)"]);
});

test("Other schemes and broken addresses stay text", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "https://", "http://[", "file:///etc/passwd", "<img src=x onerror=alert(1)>"]) {
    assert.deepEqual(linkify(text), [{ text }], text);
  }
});
