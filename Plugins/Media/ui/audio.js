// @ts-check
// Sound: the buttons for microphone and speaker, the own level, and who talks (for whoever draws people).

import { AudioDevice, Microphone, microphoneProblem, Speaker } from "./audio-device.js";
import { frameShape, loudness } from "./audio-frames.js";
import { SoundSettings } from "./audio-settings.js";
import { BrowserDevices, Wishes } from "./audio-wishes.js";
import { SoundShare } from "./sound-share.js";
import { soundOut } from "./sound-out.js";
import { talkers } from "./talkers.js";

/**
 * @typedef {{source: string, muted: boolean, speaker: string, deaf: boolean, sound: string, frameMs: number, stereo: boolean, problem?: string}} State
 * @typedef {import("../../../Host/ui/types").Panel} Panel
 * @typedef {import("../../../Host/ui/types").PluginBridge} PluginBridge
 */

/** Bytes that may wait towards the daemon: beyond half a second sound is of no use. */
const MAX_WAITING = 48_000;

/** @param {Panel} panel @param {PluginBridge} bridge */
export function mountAudio(panel, bridge) {
  const devices = new BrowserDevices(navigator.mediaDevices, new Wishes(localStorage));
  const settings = new SoundSettings(panel, bridge, devices);
  bridge.on("audio.state", (state) => settings.apply(state));
  new OwnSound(panel, bridge, devices);
  talkers.addEventListener("people", () => markTalkers(panel));
  talkers.addEventListener("levels", () => markTalkers(panel));
  bridge.on("people", ({ people }) => talkers.setPeople(people));
  bridge.on("levels", (body) => talkers.setLevels(body.talkers));
}

/** Shows beside the names who talks, who is muted and who may not talk. @param {Panel} panel */
function markTalkers(panel) {
  for (const person of talkers.people.values()) {
    panel.mark(person.id, "media-talking", { icon: "volume", title: "talking", active: person.talking });
    panel.mark(person.id, "media-muted", { icon: "mic-off", title: "muted", active: person.muted && !person.silenced });
    panel.mark(person.id, "media-silenced", { icon: "mic-off", title: "may not talk", active: person.silenced });
  }
}

class OwnSound {
  /** @type {State} */ #state = { source: "none", muted: true, speaker: "none", deaf: false, sound: "none", frameMs: 20, stereo: false };
  /** @type {string} */ #sink = "browser";
  #joined = false;
  #missing = "";
  #heldBack = false;

  /** @param {Panel} panel @param {PluginBridge} bridge @param {BrowserDevices} devices */
  constructor(panel, bridge, devices) {
    this.panel = panel;
    this.bridge = bridge;
    this.devices = devices;
    const device = new AudioDevice();
    const lane = bridge.lane("microphone");
    this.microphone = new Microphone(device, (frame) => {
      this.meter.show(loudness(frame));
      if (lane.bufferedAmount < MAX_WAITING) lane.send(new Uint8Array(frame.buffer));
    }, () => this.#lost());
    this.speaker = new Speaker(device);
    const shared = bridge.lane("sound");
    this.share = new SoundShare(panel, device, (frame) => { if (shared.bufferedAmount < MAX_WAITING) shared.send(frame.buffer); }, (change) => this.#request(change));
    panel.onLeft(() => { if (this.#state.sound !== "none") this.#request({ sound: "none" }); });
    this.meter = new Meter(panel);
    this.muteButton = panel.control({ id: "microphone", label: "Unmute", icon: "mic-off", order: 10, pressed: false, onClick: () => this.#toggleMicrophone() });
    this.speakerButton = panel.control({ id: "speaker", label: "Sound off", icon: "volume", order: 15, pressed: true, onClick: () => this.#toggleSpeaker() });
    this.hearButton = panel.control({ id: "hear", label: "Hear the others", icon: "volume", order: 5, danger: true, hidden: true, onClick: () => void this.#play() });
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => this.#heldBack && void this.#play());
    devices.addEventListener("change", () => void this.#useDevices());
    bridge.lane("speaker", (pcm) => this.speaker.play(pcm));
    bridge.on("audio.state", (state) => this.#apply(state));
    bridge.on("uplink", ({ early }) => early && this.microphone.shift(early));
    talkers.addEventListener("people", () => this.#setJoined(talkers.people.size > 0));
  }

  /** @param {State} state */
  #apply(state) {
    if (state.problem && state.problem !== this.#state.problem) this.panel.notice(state.problem, "error");
    this.#state = state;
    soundOut.plays = state.speaker === "browser";
    if (state.speaker !== "none") this.#sink = state.speaker;
    this.share.apply(state);
    this.#draw();
    void this.#follow();
  }

  /** @param {boolean} joined */
  #setJoined(joined) {
    if (this.#joined === joined) return;
    this.#joined = joined;
    void this.#follow();
  }

  get #live() {
    return this.#state.source !== "none" && !this.#state.muted;
  }

  get #hears() {
    return this.#state.speaker !== "none" && !this.#state.deaf;
  }

  #draw() {
    const live = this.#live;
    this.muteButton.set({ label: live ? "Mute" : "Unmute", icon: live ? "mic" : "mic-off", pressed: live, danger: !live });
    const heard = this.#hears;
    this.speakerButton.set({ label: heard ? "Sound off" : "Sound on", icon: heard ? "volume" : "volume-off", pressed: heard, danger: !heard });
    this.meter.hidden = !live || this.#state.source !== "browser";
  }

  // Brings the browser's own devices to what the state wants.
  async #follow() {
    const browser = this.#joined && this.#state.source === "browser";
    if (!browser) this.microphone.stop();
    else if (this.#state.muted) this.microphone.pause();
    else await this.#capture();
    if (this.#joined && this.#state.speaker === "browser") await this.#play();
  }

  async #capture() {
    try {
      await this.#useMicrophone();
      await this.microphone.start();
      if (this.devices.list("microphone").length === 0) await this.devices.refresh(); // now they have names
    } catch (error) {
      this.panel.notice(microphoneProblem(error), "error");
      this.#request({ muted: true });
    }
  }

  #useMicrophone() {
    const shape = frameShape(this.#state.stereo, this.#state.frameMs);
    return this.microphone.use(this.devices.constraints(shape.channels), shape);
  }

  // Unplugged: another one takes its place, if there is one.
  #lost() {
    void this.#follow();
  }

  // Devices came or went, or others are wanted.
  async #useDevices() {
    const missing = this.devices.missing("microphone") || this.devices.missing("speaker");
    if (missing && missing !== this.#missing) this.panel.notice(`${missing} is not plugged in; the browser's default is used until it is back.`);
    this.#missing = missing;
    try {
      await this.#useMicrophone();
      await this.speaker.device.use(this.devices.idOf("speaker"));
    } catch (error) {
      this.panel.notice(microphoneProblem(error), "error");
    }
  }

  async #play() {
    try {
      await this.speaker.device.use(this.devices.idOf("speaker"));
      this.#holdBack(!await this.speaker.start());
    } catch {
      this.panel.notice("Sound cannot be played in this browser.", "error");
    }
  }

  /** Browsers play nothing on a page that nobody has touched. @param {boolean} held */
  #holdBack(held) {
    if (held === this.#heldBack) return;
    this.#heldBack = held;
    this.hearButton.set({ hidden: !held });
    this.panel.banner(held ? "Your browser holds the sound back until you click: \"Hear the others\", or anywhere on this page." : "");
  }

  #toggleMicrophone() {
    if (this.#state.source === "none") this.#request({ source: "browser", muted: false });
    else this.#request({ muted: !this.#state.muted });
  }

  #toggleSpeaker() {
    if (this.#hears) this.#request({ deaf: true }); // the hub then sends nothing
    else this.#request({ deaf: false, ...(this.#state.speaker === "none" && { speaker: this.#sink }) });
  }

  /** @param {object} change */
  #request(change) {
    this.bridge.request("audio", change).catch((error) => this.panel.notice(error.message, "error"));
  }
}

/** The own level, at the left of the bar. */
class Meter {
  /** @param {Panel} panel */
  constructor(panel) {
    this.region = panel.region("status", { title: "Your microphone's level", order: 10 });
    this.bar = document.createElement("meter");
    this.bar.setAttribute("aria-label", "Your microphone's level");
    this.bar.min = 0;
    this.bar.max = 1;
    this.bar.style.width = "5rem";
    this.region.append(this.bar);
    this.region.hidden = true;
    this.level = 0;
  }

  /** @param {boolean} hidden */
  set hidden(hidden) {
    this.region.hidden = hidden;
  }

  /** Rises at once, falls slowly: easier to read. @param {number} level 0 to 1 */
  show(level) {
    this.level = Math.max(level, this.level - 0.03);
    this.bar.value = this.level;
  }
}
