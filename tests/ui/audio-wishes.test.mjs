import assert from "node:assert/strict";
import { test } from "node:test";
import { BrowserDevices, Wishes } from "../../Plugins/Media/ui/audio-wishes.js";

const shelf = () => {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
};

class Media extends EventTarget {
  all = [];
  async enumerateDevices() { return this.all; }
  async plug(...all) {
    this.all = all;
    this.dispatchEvent(new Event("devicechange"));
    await new Promise(setImmediate);
  }
}

const headset = { kind: "audioinput", deviceId: "h1", label: "Headset" };
const builtIn = { kind: "audioinput", deviceId: "b1", label: "Built-in" };
const standard = { kind: "audioinput", deviceId: "default", label: "Default" };

test("All treatment is on until it is switched off, and what was chosen is remembered", () => {
  const store = shelf();
  assert.deepEqual(new BrowserDevices(undefined, new Wishes(store)).constraints(), { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true });
  new Wishes(store).set({ noiseSuppression: false });
  assert.equal(new BrowserDevices(undefined, new Wishes(store)).constraints().noiseSuppression, false);
});

test("A store that throws or holds nonsense is as good as an empty one", () => {
  const refusing = { getItem() { throw new Error("private"); }, setItem() { throw new Error("private"); } };
  const wishes = new Wishes(refusing);
  wishes.set({ autoGainControl: false });
  assert.equal(wishes.all.autoGainControl, false);
  assert.equal(new Wishes({ getItem: () => '{"echoCancellation":"no","microphone":7}', setItem() {} }).all.echoCancellation, true);
});

test("A chosen device is asked for while it is there, missed when it goes, and used again when it is back", async () => {
  const media = new Media(), wishes = new Wishes(shelf()), devices = new BrowserDevices(media, wishes);
  await media.plug(standard, headset, builtIn);
  wishes.set({ microphone: { id: "h1", label: "Headset" } });
  assert.deepEqual(devices.constraints().deviceId, { exact: "h1" });
  await media.plug(standard, builtIn);
  assert.equal(devices.constraints().deviceId, undefined);
  assert.equal(devices.missing("microphone"), "Headset");
  await media.plug(standard, builtIn, headset);
  assert.deepEqual([devices.constraints().deviceId, devices.missing("microphone")], [{ exact: "h1" }, ""]);
});

test("A device whose id has changed is known by its name", async () => {
  const media = new Media(), wishes = new Wishes(shelf()), devices = new BrowserDevices(media, wishes);
  wishes.set({ microphone: { id: "old", label: "Headset" } });
  await media.plug(builtIn, headset);
  assert.equal(devices.idOf("microphone"), "h1");
});

test("Before the microphone is allowed devices have no names: nothing is missed", async () => {
  const media = new Media(), wishes = new Wishes(shelf()), devices = new BrowserDevices(media, wishes);
  wishes.set({ microphone: { id: "h1", label: "Headset" } });
  await media.plug({ kind: "audioinput", deviceId: "", label: "" });
  assert.deepEqual([devices.list("microphone"), devices.missing("microphone")], [[], ""]);
});
