import assert from "node:assert/strict";
import { test } from "node:test";
import { choices, explain, roomOf, shortKey, squares } from "../../Plugins/Session/ui/servers.js";

const found = { name: "Bridge", address: "10.0.0.1:5870", fingerprint: "9F86D081AA", rooms: 2, trust: "new", link: "lancollab://10.0.0.1:5870/#fp=9F86D081AA" };
const quiet = { state: "found", findings: [] };

test("servers on the network stand before remembered ones, and none stands twice", () => {
  const items = [{ address: "10.0.0.1:5870", fingerprint: "X" }, { address: "old:5870", fingerprint: "9F86D081AA" }, { address: "ship:5870", fingerprint: "77" }];
  const list = choices({ items, default: "", found: [found], search: quiet });
  assert.deepEqual(list.map((choice) => choice.address), ["10.0.0.1:5870", "ship:5870"]);
  assert.equal(list[0].detail, "10.0.0.1:5870 · 2 rooms · key 9F86\u00a0D081");
  assert.equal(list[1].badge, "Used before");
});

test("a chosen server is dialled with its fingerprint, but never against a pin", () => {
  const changed = { ...found, address: "10.0.0.2:5870", trust: "changed", warning: "Ask its operator." };
  const [fresh, pinned] = choices({ items: [], default: "", found: [found, changed], search: quiet });
  assert.equal(fresh.link, found.link);
  assert.equal(pinned.link, "10.0.0.2:5870");
  assert.equal(pinned.warning, "Ask its operator.");
});

test("a server without a name is called by its address, once", () => {
  const [choice] = choices({ items: [], default: "", found: [{ ...found, name: "", rooms: 0 }], search: quiet });
  assert.equal(choice.title, "10.0.0.1:5870");
  assert.equal(choice.detail, "nobody there yet · key 9F86\u00a0D081");
});

test("what is wrong is told apart from what often helps", () => {
  const { title, reasons, hints } = explain({ state: "none", findings: [{ code: "no-answer", message: "Nobody." }, { code: "hint-subnet", message: "Perhaps elsewhere." }] });
  assert.equal(title, "No server was found");
  assert.deepEqual([reasons, hints], [["Nobody."], ["Perhaps elsewhere."]]);
});

test("a join link names its room, other text none", () => {
  assert.equal(roomOf(" lancollab://10.0.0.1:5870/#fp=AB&room=Engine%20room"), "Engine room");
  assert.equal(roomOf("lancollab://10.0.0.1:5870/#fp=AB"), "");
  assert.equal(roomOf("lancollab://10.0.0.1/#room=%E0%A4%A"), "");
  assert.equal(roomOf("10.0.0.1:5870"), "");
});

test("dark modules of a QR code become runs of a path", () => {
  assert.equal(squares(["1101", "0010"]), "M0 0h2v1h-2zM3 0h1v1h-1zM2 1h1v1h-1z");
  assert.equal(shortKey("ab12"), "AB12");
});
