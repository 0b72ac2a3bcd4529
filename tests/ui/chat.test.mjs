import assert from "node:assert/strict";
import { test } from "node:test";
import { mentions, parse } from "../../Plugins/Chat/ui/markup.js";
import { Thread, dayLabel, hue, initials, reactionCounts, typingText } from "../../Plugins/Chat/ui/thread.js";

const line = (seq, more = {}) => ({ seq, id: `k${seq}`, from: "a", person: "pa", name: "Ada", text: `line ${seq}`, at: `2026-01-02T12:00:${String(seq).padStart(2, "0")}Z`, ...more });
const loaded = (items, more = false) => {
  const thread = new Thread();
  thread.load({ self: { id: "m", name: "Me", person: "pm" }, items, more });
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

const own = (seq, more = {}) => line(seq, { name: "Me", person: "pm", ...more });

test("What waits goes when its line comes, as an event or in the history", () => {
  const thread = loaded([]);
  thread.loadPending([{ key: "k1", say: { text: "one" } }, { key: "k2", say: { text: "two" } }]);
  thread.add(line(1));
  assert.deepEqual([...thread.pending.keys()], ["k1", "k2"], "somebody else's line with the same key is another line");
  thread.add(own(1, { seq: 3 }));
  assert.deepEqual([...thread.pending.keys()], ["k2"]);
  thread.load({ self: thread.self, items: [own(2)], more: false });
  assert.equal(thread.pending.size, 0);
});

test("What has not reached the program yet stays behind what has", () => {
  const thread = loaded([]);
  thread.pending.set("lost", { key: "lost", say: { text: "typed while it was away" }, lost: true });
  thread.pending.set("old", { key: "old", say: { text: "sent long ago" } });
  thread.loadPending([{ key: "kept", say: { text: "kept" } }]);
  assert.deepEqual([...thread.pending.keys()], ["kept", "lost"]);
});

const change = (seq, of, kind, more = {}) => ({ seq, line: of, kind, person: "pb", name: "Bob", at: "2026-01-02T13:00:00Z", ...more });

test("Changes are taken once, in the order of their numbers, and not again by a line that has them", () => {
  const thread = loaded([line(1), line(2, { text: "newer", version: 7 })]);
  assert.deepEqual(thread.change(change(3, 1, "edited", { text: "better" })).map((l) => l.seq), [1]);
  assert.equal(thread.find(1).text, "better");
  assert.deepEqual(thread.change(change(3, 1, "edited", { text: "again" })), []);
  assert.deepEqual(thread.change(change(6, 2, "edited", { text: "older" })), []);
  assert.deepEqual(thread.change(change(9, 99, "deleted")), []);
  assert.equal(thread.find(2).text, "newer");
});

test("A deleted line has neither text nor reactions, and answers do not quote it any more", () => {
  const thread = loaded([line(1, { reactions: [{ emoji: "👍", person: "pb", name: "Bob" }] }), line(2, { reply: { seq: 1, name: "Ada", text: "line 1" } })]);
  assert.deepEqual(thread.change(change(3, 1, "deleted")).map((l) => l.seq), [1, 2]);
  assert.deepEqual([thread.find(1).text, thread.find(1).deleted, thread.find(1).reactions], ["", "Bob", undefined]);
  assert.equal(thread.find(2).reply.text, undefined);
});

test("Reactions are counted by kind, and each person's is one", () => {
  const thread = loaded([line(1)]);
  for (const [seq, person, emoji] of [[2, "pb", "👍"], [3, "pc", "👍"], [4, "pm", "🎉"], [5, "pb", "👍"]])
    thread.change(change(seq, 1, "reacted", { person, name: person, emoji }));
  assert.deepEqual(reactionCounts(thread.find(1), "pm"), [{ emoji: "👍", names: ["pc", "pb"], own: false }, { emoji: "🎉", names: ["pm"], own: true }]);
  thread.change(change(6, 1, "unreacted", { person: "pm", emoji: "🎉" }));
  assert.equal(reactionCounts(thread.find(1), "pm").length, 1);
});

test("The divider stands before the first line of others that was not read", () => {
  const thread = new Thread();
  thread.load({ self: { id: "m", name: "Me", person: "pm" }, items: [line(1), own(2), line(3), line(4)], more: false, read: 1 });
  assert.equal(thread.dividerLine?.seq, 3);
  assert.deepEqual(thread.groups().map((g) => g.lines.map((l) => l.seq)), [[1], [2], [3, 4]]);
  thread.load({ self: thread.self, items: [line(1), own(2)], more: false, read: 1 });
  assert.equal(thread.divider, null);
  thread.load({ self: thread.self, items: [line(1)], more: false });
  assert.equal(thread.divider, null, "on the first visit nothing is new");
});

test("One edits the last line that is one's own and still there", () => {
  assert.equal(loaded([own(1), own(2, { deleted: "Me" }), line(3)]).lastOwn?.seq, 1);
  assert.equal(loaded([line(3)]).lastOwn, undefined);
  const thread = loaded([own(1)]);
  thread.loadPending([{ key: "x", say: { text: "newer" } }]);
  assert.equal(thread.lastOwn, undefined, "not an older one than was written last");
});

test("A line concerns who is named in it or alone gets it", () => {
  const thread = loaded([]);
  const concerns = (more) => thread.concerns(line(1, more), mentions);
  assert.ok(concerns({ text: "@me, look" }) && concerns({ text: "hello @all" }) && concerns({ toPerson: "pm" }));
  assert.ok(!concerns({ text: "mail me@example.org" }) && !concerns({ text: "`@me`" }) && !concerns({ text: "@Meyer" }));
  assert.ok(!thread.concerns(own(1, { text: "@me" }), mentions));
});

test("Who types is said in few words", () => {
  assert.deepEqual([[], ["Ada"], ["Ada", "Bob"], ["Ada", "Bob", "Cy"]].map(typingText), ["", "Ada is typing…", "Ada and Bob are typing…", "3 people are typing…"]);
});

test("Lines of one person shortly after each other are one group", () => {
  const thread = loaded([line(1), line(2), line(3, { name: "Bob", person: "pb" }), line(4), line(5, { at: "2026-01-02T12:10:00Z" })]);
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

test("One's own lines are known by the person, also from before a new join and under another name", () => {
  const thread = loaded([own(1, { name: "Old me", from: "old" }), line(2, { name: "Me" })]);
  assert.deepEqual(thread.groups().map((g) => g.own), [true, false]);
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

const flat = (nodes) => nodes.flatMap((node) => [node, ...("nodes" in node ? flat(node.nodes) : [])]);
const all = (text, names) => flat(parse(text, names));
const hrefs = (text) => all(text).filter((n) => n.kind === "link").map((n) => n.href);
const shape = (text) => parse(text).map((b) => ("nodes" in b ? [b.kind, ...b.nodes.map((n) => ("nodes" in n ? [n.kind, ...n.nodes.map((c) => c.text ?? c.kind)] : n.kind === "text" ? n.text : [n.kind, n.text]))] : [b.kind, b.text, b.language]));
/** All that a reader sees, marks of emphasis left out. */
const letters = (text) => all(text).filter((n) => "text" in n).map((n) => n.text).join("");

test("Web addresses become links, the text stays as it was", () => {
  const text = "See https://example.org/a?b=1#c and http://10.0.0.5:8080/x or mailto:ada@example.org.";
  assert.deepEqual(hrefs(text), ["https://example.org/a?b=1#c", "http://10.0.0.5:8080/x", "mailto:ada@example.org"]);
  assert.equal(letters(text), text);
});

test("Punctuation and brackets around an address are not part of it", () => {
  assert.deepEqual(hrefs("(https://example.org/a), **https://example.org/b**!"), ["https://example.org/a", "https://example.org/b"]);
  assert.deepEqual(hrefs("https://example.org/x_(y)"), ["https://example.org/x_(y)"]);
});

test("Emphasis, code, quotes and code blocks are what they look like", () => {
  assert.deepEqual(shape("a **b** *c* _d_ ~~e~~ `f*`"), [["paragraph", "a ", ["strong", "b"], " ", ["em", "c"], " ", ["em", "d"], " ", ["strike", "e"], " ", ["code", "f*"]]]);
  assert.deepEqual(shape("**a *b* c**"), [["paragraph", ["strong", "a ", "em", " c"]]]);
  assert.deepEqual(shape("> said\n> so\nanswer"), [["quote", "said\nso"], ["paragraph", "answer"]]);
  assert.deepEqual(shape("x\n```js\nlet a = *1*;\n\n<b>\n```\ny"), [["paragraph", "x"], ["pre", "let a = *1*;\n\n<b>", "js"], ["paragraph", "y"]]);
});

test("What only looks like a mark stays text", () => {
  for (const text of ["2 * 3 * 4", "snake_case_name", "a*b*c", "**", "****", "`", "``", "*a", "~~", "5 ** 2", "__init__", "```\nnever closed", "_ _", "* a *"]) {
    assert.ok(all(text).every((n) => ["text", "paragraph"].includes(n.kind)), `${text}: ${JSON.stringify(shape(text))}`);
    assert.equal(letters(text), text);
  }
});

test("Names are found whole, longest first, and not in words or code", () => {
  const found = (text) => all(text, ["Ada", "Ada Lovelace", "Zoë"]).filter((n) => n.kind === "mention").map((n) => n.name);
  assert.deepEqual(found("@ada and @ADA LOVELACE, @zoë! @all"), ["Ada", "Ada Lovelace", "Zoë", "all"]);
  assert.deepEqual(found("x@Ada @Adam `@Ada` @nobody"), []);
});

test("Other schemes and broken addresses stay text", () => {
  for (const text of ["javascript:alert(1)", "data:text/html,x", "https://", "http://[", "file:///etc/passwd", "<img src=x onerror=alert(1)>", "vbscript:x", "JaVaScRiPt:alert(1)", "\u0001javascript:x",
    "mailto:", "blob:https://example.org/x", "[x](javascript:alert(1))", "view-source:x", "<a href=javascript:alert(1)>x</a>", "&lt;script&gt;", "xhttps://example.org"]) {
    assert.deepEqual(hrefs(text).filter((href) => !href.startsWith("https://example.org")), [], text);
    assert.equal(letters(text), text);
  }
});

test("No link leads anywhere but to a web page or a letter, whatever is typed", () => {
  const parts = ["https://", "javascript:", "mailto:", "a@b", "\"", "'", "<", ">", "&", "*", "**", "_", "`", "```", "\n", "> ", " ", "[", "](", ")", "x", "@all", "\u202e", "\u0000", "//", "~~", "host", ":", "data:", "😀", "\ud83d"];
  let seed = 20260102;
  const random = (most) => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % most;
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: 1 + random(14) }, () => parts[random(parts.length)]).join("");
    for (const href of hrefs(text)) assert.match(href, /^(https?:\/\/|mailto:)/, JSON.stringify(text));
    // Nothing but marks is lost, and nothing is invented.
    assert.ok(letters(text).length <= text.length, JSON.stringify(text));
  }
});

test("The longest hostile lines are read in no time", () => {
  for (const unit of ["*", "**a", "_a ", "`", "~~", "@", "@all", "((((", "https://a", "mailto:", "> ", "```\n", "\n", "*a **b ", "_*", "https://x)))))"]) {
    const text = unit.repeat(Math.ceil(8000 / unit.length)).slice(0, 8000);
    // By the processor's clock: what other programs take is no part of it.
    const began = process.cpuUsage();
    const count = all(text, ["Ada"]).length;
    const took = process.cpuUsage(began).user / 1000;
    assert.ok(took < 2000, `${JSON.stringify(unit)} took ${took} ms for ${count} nodes`);
  }
});
