import assert from "node:assert/strict";
import { test } from "node:test";
import { Roster, fieldOf, hue, initials, moderation, quality, standingText, stateText } from "../../Plugins/Session/ui/roster.js";

const ada = { id: "a", name: "Ada", state: "present" };
const bob = { id: "b", name: "bob", state: "present" };
const cleo = { id: "c", name: "Cleo", state: "away" };

test("this person stands first, the others follow by name", () => {
  const roster = new Roster();
  roster.enter({ self: { id: "c", name: "Cleo" }, room: "Bridge", members: [bob, cleo] });
  roster.put(ada);
  assert.deepEqual(roster.lines.map((m) => m.name), ["Cleo", "Ada", "bob"]);
  assert.equal(roster.count, 3);
});

test("a changed member keeps one line, a member who left has none", () => {
  const roster = new Roster();
  roster.enter({ self: { id: "a", name: "Ada" }, room: "Bridge", members: [ada, bob] });
  roster.put({ ...bob, state: "suspect" });
  assert.equal(roster.count, 2);
  roster.remove("b");
  assert.deepEqual(roster.lines, [ada]);
});

test("entering again replaces everything", () => {
  const roster = new Roster();
  roster.enter({ self: { id: "a", name: "Ada" }, room: "Bridge", members: [ada, bob] });
  roster.enter({ self: { id: "x", name: "Ada" }, room: "Bridge", members: [{ ...ada, id: "x" }] });
  assert.deepEqual(roster.lines.map((m) => m.id), ["x"]);
  roster.leave();
  assert.equal(roster.own, undefined);
  assert.equal(roster.count, 0);
});

test("initials are one or two letters, of any script", () => {
  assert.equal(initials("Ada Lovelace"), "AL");
  assert.equal(initials("grace"), "G");
  assert.equal(initials("Jean-Luc van der Berg"), "JB");
  assert.equal(initials("Жанна"), "Ж");
  assert.equal(initials("🦊"), "🦊");
  assert.equal(initials("..."), "?");
});

test("a name has the same colour however it is typed", () => {
  assert.equal(hue("Ada"), hue("ADA"));
  assert.equal(hue("e\u0301"), hue("\u00e9"));
  assert.notEqual(hue("Ada"), hue("Bob"));
  for (const name of ["", "Ada", "名前"]) assert.ok(hue(name) >= 0 && hue(name) < 360);
});

test("only what is not usual is told beside a name", () => {
  assert.equal(stateText(ada), "");
  assert.equal(stateText(cleo), "Away");
  assert.notEqual(stateText({ ...ada, state: "suspect" }), "");
});

test("a refusal points at the field it is about", () => {
  assert.equal(fieldOf("name-taken"), "name");
  assert.equal(fieldOf("wrong-password"), "password");
  assert.equal(fieldOf("server-changed"), "server");
  assert.equal(fieldOf("connection-lost"), null);
});

test("raised hands stand before the others, in their order, and know their turn", () => {
  const roster = new Roster();
  roster.enter({ self: { id: "c", name: "Cleo" }, room: "Bridge", members: [cleo, { ...ada, hand: 9 }, { ...bob, hand: 4 }, { id: "d", name: "Aaron", state: "present" }] });
  assert.deepEqual(roster.lines.map((m) => m.name), ["Cleo", "bob", "Ada", "Aaron"]);
  assert.deepEqual(roster.lines.map((m) => roster.turn(m)), [0, 1, 2, 0]);
});

test("a moderator is somebody with that role, and rights are said in words", () => {
  const roster = new Roster();
  roster.enter({ self: { id: "a", name: "Ada" }, room: "Bridge", members: [{ ...ada, role: "moderator" }, bob], rules: { locked: true, lobby: false, password: true, capacity: 9 } });
  assert.equal(roster.isModerator, true);
  assert.equal(roster.rules.capacity, 9);
  assert.equal(standingText(roster.own), "Moderator");
  assert.equal(standingText({ ...bob, role: "listener", muted: true }), "Listener · Muted");
  assert.equal(standingText(bob), "");
});

test("what a moderator may do fits the person, and asks for it by name", () => {
  const asked = [];
  const items = moderation({ ...bob, role: "member", muted: true, hand: 3 }, (type, body) => asked.push([type, body]));
  assert.deepEqual(items.map((item) => item.label), ["Listener", "Member", "Presenter", "Moderator", "Muted", "Lower hand", "Remove", "Remove and ban"]);
  assert.deepEqual(items.filter((item) => item.checked).map((item) => item.label), ["Member", "Muted"]);
  for (const item of items.slice(2)) item.onSelect();
  assert.deepEqual(asked, [
    ["role", { id: "b", role: "presenter" }], ["role", { id: "b", role: "moderator" }], ["mute", { id: "b", muted: false }],
    ["hand", { id: "b", raised: false }], ["remove", { id: "b" }], ["remove", { id: "b", ban: true }],
  ]);
  assert.ok(!moderation({ ...bob, role: "moderator" }, () => {}).some((item) => item.label === "Muted"));
});

test("a connection is good, fair or poor, and unknown before the first round trip", () => {
  assert.equal(quality(undefined), null);
  assert.equal(quality({ id: "a", jitterMs: 0, intervalMaxMs: 0 }), null);
  assert.equal(quality({ id: "a", rttMs: 2, jitterMs: 1, intervalMaxMs: 2000 })?.level, "good");
  assert.equal(quality({ id: "a", rttMs: 2, jitterMs: 40, intervalMaxMs: 2000 })?.level, "fair");
  assert.equal(quality({ id: "a", rttMs: 400, jitterMs: 1, intervalMaxMs: 4100 })?.level, "poor");
  assert.match(quality({ id: "a", rttMs: 2.4, jitterMs: 1, intervalMaxMs: 2050 })?.text ?? "", /2 ms.*1 ms.*2\.\d s/);
});
