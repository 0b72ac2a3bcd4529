import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, describeTotal, formatRate, formatRemaining, formatSize, formatWhen, hasPreview, hasThumbnail, kindOf, percent } from "../../Plugins/Files/ui/format.js";
import { RateMeter } from "../../Plugins/Files/ui/rate.js";
import { match } from "../../Plugins/Files/ui/unfinished.js";
import { chosenFolders, folderOf } from "../../Plugins/Files/ui/walk.js";

test("A size has the unit that keeps it short", () => {
  const cases = [[0, "0 B"], [999, "999 B"], [1000, "1.0 kB"], [1536, "1.5 kB"], [99_949, "99.9 kB"], [99_950, "100 kB"],
    [999_499, "999 kB"], [999_500, "1.0 MB"], [20_971_520, "21.0 MB"], [123_456_789, "123 MB"], [10_000_000_000, "10.0 GB"], [5e15, "5000 TB"], [-1, "0 B"]];
  for (const [bytes, text] of cases) assert.equal(formatSize(bytes), text);
});

test("A rate is a size per second", () => assert.equal(formatRate(2_500_000), "2.5 MB/s"));

test("The remaining time is rounded up and has one or two units", () => {
  assert.equal(formatRemaining(1000, 1000), "1 s left");
  assert.equal(formatRemaining(59_001, 1000), "1 min left");
  assert.equal(formatRemaining(61_000, 1000), "2 min left");
  assert.equal(formatRemaining(3_600_000 * 2 + 60_000 * 5, 1000), "2 h 5 min left");
  assert.equal(formatRemaining(1e12, 1000), "more than a day left");
});

test("Nothing is said of the remaining time while nothing moves", () => {
  assert.equal(formatRemaining(1000, 0), "");
  assert.equal(formatRemaining(0, 1000), "");
});

test("An empty file is complete, and nothing is more than complete", () => {
  assert.equal(percent(0, 0), 100);
  assert.equal(percent(1, 3), 33);
  assert.equal(percent(4, 3), 100);
});

test("Today's files show the time, older ones the day too", () => {
  const now = new Date(2030, 0, 2, 15, 0);
  assert.equal(formatWhen(new Date(2030, 0, 2, 9, 5).toISOString(), now, "en-GB"), "09:05");
  assert.equal(formatWhen(new Date(2030, 0, 1, 9, 5).toISOString(), now, "en-GB"), "1 Jan, 09:05");
});

test("The tile shows a short extension and nothing strange", () => {
  assert.equal(kindOf("plan.pdf"), "PDF");
  assert.equal(kindOf("archive.tar.gz"), "GZ");
  assert.equal(kindOf(".bashrc"), "FILE");
  assert.equal(kindOf("README"), "FILE");
  assert.equal(kindOf("a.<b>"), "FILE");
});

test("A transfer says what it does", () => {
  const t = { done: 1000, total: 4000, rate: 1000, state: "running", direction: "up" };
  assert.equal(describe(t), "1.0 kB of 4.0 kB · 1.0 kB/s · 3 s left");
  assert.equal(describe({ ...t, rate: 0 }), "1.0 kB of 4.0 kB");
  assert.equal(describe({ ...t, state: "waiting", reason: "Waits for the server." }), "1.0 kB of 4.0 kB · Waits for the server.");
  assert.equal(describe({ ...t, state: "failed", reason: "Full." }), "Full.");
  assert.equal(describe({ ...t, state: "done", direction: "down" }), "Saved");
});

test("A transfer that rests says so", () =>
  assert.equal(describe({ done: 1000, total: 4000, rate: 0, state: "paused", direction: "up" }), "1.0 kB of 4.0 kB · Paused"));

test("All transfers together have one amount, one rate and one time", () => {
  const t = { done: 1000, total: 4000, rate: 1000 };
  assert.equal(describeTotal([t, t]), "2 transfers · 2.0 kB of 8.0 kB · 2.0 kB/s · 3 s left");
  assert.equal(describeTotal([{ ...t, rate: 0 }, { ...t, rate: 0 }]), "2 transfers · 2.0 kB of 8.0 kB");
});

test("Only what cannot run anything is shown, and only small pictures as thumbnails", () => {
  for (const name of ["a.png", "A.JPG", "b.webp"]) assert.ok(hasThumbnail({ name, size: 10 }) && hasPreview({ name }));
  for (const name of ["a.svg", "a.html", "a.exe", "png"]) assert.ok(!hasThumbnail({ name, size: 10 }));
  assert.ok(!hasThumbnail({ name: "a.png", size: 9e6 }) && !hasThumbnail({ name: "a.png", size: 10, files: 2 }));
  assert.ok(hasPreview({ name: "a.pdf" }) && hasPreview({ name: "a.html" }) && !hasPreview({ name: "a.exe" }) && !hasPreview({ name: "a.docx" }));
});

test("A dropped folder is walked in its order, also when a reader gives it in pieces", async () => {
  const file = (/** @type {string} */ name) => ({ isFile: true, name, file: (/** @type {Function} */ done) => done({ name }) });
  const folder = (/** @type {string} */ name, /** @type {any[]} */ ...pieces) => ({
    isFile: false, name, createReader: () => ({ readEntries: (/** @type {Function} */ done) => done(pieces.shift() ?? []) }),
  });
  const found = await folderOf(folder("Minutes", [file("a.txt"), folder("old", [file("b.txt")], [file("c.txt")])], [file("d.txt")]));
  assert.equal(found.name, "Minutes");
  assert.deepEqual(found.files.map((f) => [f.path, f.file.name]), [["a.txt", "a.txt"], ["old/b.txt", "b.txt"], ["old/c.txt", "c.txt"], ["d.txt", "d.txt"]]);
});

test("Chosen folders are told apart by the first part of their paths", () => {
  const files = ["A/x.txt", "A/in/y.txt", "B/x.txt"].map((webkitRelativePath) => /** @type {any} */ ({ webkitRelativePath }));
  assert.deepEqual(chosenFolders(files).map((f) => [f.name, f.files.map((one) => one.path)]), [["A", ["x.txt", "in/y.txt"]], ["B", ["x.txt"]]]);
});

test("A rate is that of the last seconds", () => {
  const meter = new RateMeter();
  assert.equal(meter.at(0, 0), 0);
  assert.equal(meter.at(1000, 1000), 1000);
  for (let second = 2; second <= 10; second++) meter.at(1000, second * 1000);
  assert.equal(meter.at(1000, 11_000), 0);
});

test("Only the same file goes on: name, size and time of change", () => {
  const puts = [{ key: "k", name: "a", size: 3, modified: 5, done: 1 }];
  assert.equal(match(puts, { name: "a", size: 3, lastModified: 5 }), puts[0]);
  for (const other of [{ name: "b", size: 3, lastModified: 5 }, { name: "a", size: 4, lastModified: 5 }, { name: "a", size: 3, lastModified: 6 }])
    assert.equal(match(puts, other), undefined);
});
