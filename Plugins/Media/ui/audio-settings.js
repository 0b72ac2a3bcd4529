// @ts-check
// The tab "Sound": when sound is sent, how safe the delay is, who is how loud, who sits in one room.

import { DeviceChoice } from "./audio-devices.js";
import { field, select, slider, text, toggle } from "./audio-fields.js";
import { followPushKey } from "./push-key.js";
import { talkers } from "./talkers.js";

/** @typedef {{source: string, speaker: string, sound: string, mode: string, threshold: number, hold: number, safety: number, over: string, deaf: boolean, bitrate: number, frameMs: number, stereo: boolean}} Settings */

const MODES = [
  ["open", "Always (silence is not sent)"],
  ["voice", "While I speak"],
  ["push", "While I hold the space bar"],
  ["push-mute", "But while I hold the space bar"],
];

export class SoundSettings {
  /** @type {Record<string, number>} */ #volumes = {};
  /** @type {{loss: number, delay: number}} */ #uplink = { loss: 0, delay: 0 };
  /** @type {number | undefined} */ #mixDelay;

  /**
   * @param {import("../../../Host/ui/types").Panel} panel
   * @param {import("../../../Host/ui/types").PluginBridge} bridge
   * @param {import("./audio-wishes.js").BrowserDevices} devices
   */
  constructor(panel, bridge, devices) {
    this.panel = panel;
    this.bridge = bridge;
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("./audio.css", import.meta.url).href }));
    const region = panel.region("side", { title: "Sound", order: 60 });
    region.classList.add("audio-settings");
    this.devices = new DeviceChoice(devices, bridge, (change) => this.#change(change));
    this.mode = select("My microphone is heard", MODES, (mode) => this.#change({ mode }));
    this.threshold = slider("Speaking begins at", { min: -80, max: -20, unit: " dB" }, (value) => this.#change({ threshold: -value }));
    this.safety = slider("Delay: quick ↔ safe", { min: 0, max: 100, unit: "" }, (safety) => this.#change({ safety }));
    this.bitrate = slider("My voice takes", { min: 16, max: 128, unit: " kbit/s" }, (kilobits) => this.#change({ bitrate: 1000 * kilobits }));
    this.frame = select("My voice is sent in pieces of", [["20", "20 ms (usual)"], ["10", "10 ms (a little quicker, twice the packets)"]], (ms) => this.#change({ frameMs: Number(ms) }));
    this.stereo = toggle("Two channels, for music: what I play and what I hear", (stereo) => this.#change({ stereo }));
    this.figures = text("p", "audio-figures");
    this.group = field("I sit in the room (people of one room do not hear each other)", (name) => this.#ask("group", { name }));
    this.people = document.createElement("ul");
    this.people.className = "audio-people";
    this.people.setAttribute("aria-label", "Volume of each person");
    region.append(this.devices.box, this.mode.box, this.threshold.box, this.safety.box, this.bitrate.box, this.frame.box, this.stereo.box, this.figures, this.group.box, this.people);
    region.addEventListener("shown", () => { void this.#measure(); void this.devices.look(); });
    setInterval(() => { if (region.checkVisibility() && this.settings) void this.#measure(); }, 2000);
    bridge.on("volumes", ({ volumes }) => { this.#volumes = volumes; this.#drawPeople(); });
    bridge.on("uplink", (uplink) => { this.#uplink = uplink; this.#drawFigures(); });
    bridge.on("together", ({ ids }) => this.#suggest(ids));
    talkers.addEventListener("people", () => this.#drawPeople());
    followPushKey(() => this.settings?.mode.startsWith("push") ?? false, (down) => this.#ask("key", { down }));
  }

  /** @param {Settings} settings */
  apply(settings) {
    this.settings = settings;
    this.devices.apply(settings);
    this.mode.input.value = settings.mode;
    this.threshold.set(-settings.threshold);
    this.threshold.box.hidden = settings.mode !== "voice";
    this.safety.set(settings.safety);
    this.bitrate.set(Math.round(settings.bitrate / 1000));
    this.frame.input.value = String(settings.frameMs);
    this.stereo.input.checked = settings.stereo;
    this.#drawFigures();
  }

  async #measure() {
    try {
      this.#mixDelay = (await this.bridge.request("stats")).mix?.delay;
    } catch {
      this.#mixDelay = undefined; // in no room
    }
    this.#drawFigures();
  }

  #drawFigures() {
    const way = this.settings?.over === "tls" ? "UDP is blocked: sound goes over TLS, which delays it when packets get lost." : "Sound goes over UDP.";
    const { delay, loss } = this.#uplink;
    const yours = delay > 0 ? ` Your voice waits ${delay} ms at the server.` : "";
    const theirs = this.#mixDelay ? ` The others' voices wait ${this.#mixDelay} ms here.` : "";
    const lost = loss > 0 ? ` ${Math.round(loss * 100)} % of your voice gets lost on the way.` : "";
    this.figures.textContent = way + yours + theirs + lost;
  }

  #drawPeople() {
    this.people.replaceChildren(...[...talkers.people.values()].map((person) => {
      const item = document.createElement("li");
      const volume = slider(person.name, { min: 0, max: 200, unit: " %" }, (percent) => this.#ask("volume", { name: person.name, gain: percent / 100 }));
      volume.set(Math.round((this.#volumes[person.name] ?? 1) * 100));
      item.append(volume.box);
      return item;
    }));
  }

  /** @param {string[]} ids */
  #suggest(ids) {
    const names = ids.map((id) => talkers.people.get(id)?.name).filter(Boolean);
    if (names.length === ids.length) this.panel.notice(`${names.join(" and ")} seem to sit in one room: name it under "Sound", so that nothing howls.`);
  }

  /** @param {object} change */
  #change(change) {
    this.#ask("audio", change);
  }

  /** @param {string} type @param {object} body */
  #ask(type, body) {
    this.bridge.request(type, body).catch((error) => this.panel.notice(error.message, "error"));
  }
}
