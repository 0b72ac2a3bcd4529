import assert from "node:assert/strict";
import { test } from "node:test";
import { Roster, fieldOf, hue, initials, stateText } from "../../Plugins/Session/ui/roster.js";

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
