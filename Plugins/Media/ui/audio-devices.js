// @ts-check
// In the tab "Sound": which microphone and which speaker, the browser's or this machine's own, and what the browser does to the microphone.

import { PROCESSING } from "./audio-wishes.js";
import { group, labelled, select, toggle } from "./audio-fields.js";

/** @typedef {import("./audio-wishes.js").BrowserDevices} BrowserDevices */
/** @typedef {{source: string, label: string}} Own A device of the daemon's. */
/** @typedef {"microphone" | "speaker"} Which */

export class DeviceChoice {
  /** @type {{microphones: Own[], speakers: Own[], sounds: Own[]}} */ #own = { microphones: [], speakers: [], sounds: [] };
  #state = { source: "none", speaker: "none", sound: "none" };

  /** @param {BrowserDevices} browser @param {import("../../../Host/ui/types").PluginBridge} bridge @param {(change: object) => void} change */
  constructor(browser, bridge, change) {
    this.browser = browser;
    this.bridge = bridge;
    this.change = change;
    this.microphone = this.#select("microphone", "source");
    this.speaker = this.#select("speaker", "speaker");
    this.switches = PROCESSING.map(([name, label]) => this.#switch(name, label));
    this.sound = select("Also heard: what this computer plays", [["none", "Nothing"]], (sound) => this.change({ sound }));
    this.box = group("Microphone and speaker", labelled("Microphone", this.microphone), labelled("Speaker", this.speaker), ...this.switches.map((s) => s.box), this.sound.box);
    browser.addEventListener("change", () => this.#draw());
  }

  /** @param {{source: string, speaker: string, sound: string}} state */
  apply(state) {
    this.#state = state;
    this.#draw();
  }

  /** What is plugged in now. */
  async look() {
    await this.browser.refresh();
    this.#own = await this.bridge.request("devices").catch(() => this.#own);
    this.#draw();
  }

  /** @param {Which} which @param {"source" | "speaker"} key */
  #select(which, key) {
    const input = document.createElement("select");
    input.className = "input";
    input.setAttribute("aria-label", which === "microphone" ? "Microphone" : "Speaker"); // the list itself would be read as part of the label
    input.onchange = () => {
      const chosen = input.value, device = input.selectedOptions[0].textContent ?? "";
      if (chosen.startsWith("browser")) this.browser.wishes.set({ [which]: { id: chosen.slice("browser:".length), label: chosen === "browser:" ? "" : device } });
      const source = chosen.startsWith("browser") ? "browser" : chosen;
      if (this.#state[key] !== source) this.change({ [key]: source });
      input.blur();
    };
    input.onblur = () => this.#draw();
    return input;
  }

  /** @param {string} name @param {string} label */
  #switch(name, label) {
    const { input, box } = toggle(label, (on) => this.browser.wishes.set({ [name]: on }));
    return { name, input, box };
  }

  #draw() {
    this.#fill(this.microphone, "microphone", this.#state.source, this.#own.microphones);
    this.#fill(this.speaker, "speaker", this.#state.speaker, this.#own.speakers);
    this.#fillSound();
    for (const { name, input, box } of this.switches) {
      input.checked = this.browser.wishes.all[name];
      box.hidden = this.#state.source !== "browser";
    }
  }

  #fillSound() {
    const input = this.sound.input, now = this.#state.sound;
    if (document.activeElement === input) return;
    const tab = now === "browser" ? [new Option("What this page shares", "browser")] : [];
    input.replaceChildren(new Option("Nothing", "none"), ...tab, ...this.#own.sounds.map((s) => new Option(s.label, s.source)));
    if (![...input.options].some((option) => option.value === now)) input.add(new Option("What was chosen before", now));
    input.value = now;
    this.sound.box.hidden = input.options.length === 1; // where nothing can be listened to
  }

  /** @param {HTMLSelectElement} input @param {Which} which @param {string} now @param {Own[]} own */
  #fill(input, which, now, own) {
    if (document.activeElement === input) return; // nobody likes a list that moves under the pointer; drawn when it is left
    const canChoose = which === "microphone" || "setSinkId" in AudioContext.prototype;
    const missing = this.browser.missing(which);
    const browser = group("Browser", new Option("The browser's default", "browser:"), ...(canChoose ? this.browser.list(which) : []).map((d) => new Option(d.label, `browser:${d.id}`)));
    const machine = group("This computer, without the browser", ...own.map((d) => new Option(d.label, d.source)));
    input.replaceChildren(browser, ...(own.length > 0 ? [machine] : []), new Option("None", "none"));
    if (missing) browser.append(Object.assign(new Option(`${missing} (not plugged in)`, "missing"), { disabled: true }));
    const value = now === "browser" ? `browser:${this.browser.idOf(which)}` : now;
    if (![...input.options].some((option) => option.value === value)) input.add(new Option(value, value));
    input.value = value;
  }
}
