// @ts-check
// Sound: the buttons for microphone and speaker, the own level, and who talks (for whoever draws people).

import { AudioDevice, Microphone, microphoneProblem, Speaker } from "./audio-device.js";
import { loudness } from "./audio-frames.js";
import { SoundSettings } from "./audio-settings.js";
import { talkers } from "./talkers.js";

/**
 * @typedef {{source: string, muted: boolean, speaker: string, problem?: string}} State
 * @typedef {import("../../../Host/ui/types").Panel} Panel
 * @typedef {import("../../../Host/ui/types").PluginBridge} PluginBridge
 */

/** Bytes that may wait towards the daemon: beyond half a second sound is of no use. */
const MAX_WAITING = 48_000;

/** @param {Panel} panel @param {PluginBridge} bridge */
export function mountAudio(panel, bridge) {
  const settings = new SoundSettings(panel, bridge);
  bridge.on("audio.state", (state) => settings.apply(state));
  new OwnSound(panel, bridge);
  talkers.addEventListener("people", () => markTalkers(panel));
  talkers.addEventListener("levels", () => markTalkers(panel));
  bridge.on("people", ({ people }) => talkers.setPeople(people));
  bridge.on("levels", (body) => talkers.setLevels(body.talkers));
}

/** Shows beside the names who talks and who may not. @param {Panel} panel */
function markTalkers(panel) {
  for (const person of talkers.people.values()) {
    panel.mark(person.id, "media-talking", { icon: "volume", title: "talking", active: person.talking });
    panel.mark(person.id, "media-silenced", { icon: "mic-off", title: "may not talk", active: person.silenced });
  }
}

class OwnSound {
  /** @type {State} */ #state = { source: "none", muted: true, speaker: "none" };
  /** @type {string} */ #sink = "browser";
  #joined = false;
  #waitingForTouch = false;

  /** @param {Panel} panel @param {PluginBridge} bridge */
  constructor(panel, bridge) {
    this.panel = panel;
    this.bridge = bridge;
    const device = new AudioDevice();
    const lane = bridge.lane("microphone");
    this.microphone = new Microphone(device, (frame) => {
      this.meter.show(loudness(frame));
      if (lane.bufferedAmount < MAX_WAITING) lane.send(new Uint8Array(frame.buffer));
    }, () => this.#lost());
    this.speaker = new Speaker(device);
    this.meter = new Meter(panel);
    this.muteButton = panel.control({ id: "microphone", label: "Unmute", icon: "mic-off", order: 10, pressed: false, onClick: () => this.#toggleMicrophone() });
    this.speakerButton = panel.control({ id: "speaker", label: "Sound off", icon: "volume", order: 15, pressed: true, onClick: () => this.#toggleSpeaker() });
    bridge.lane("speaker", (pcm) => this.speaker.play(pcm));
    bridge.on("audio.state", (state) => this.#apply(state));
    talkers.addEventListener("people", () => this.#setJoined(talkers.people.size > 0));
  }

  /** @param {State} state */
  #apply(state) {
    if (state.problem && state.problem !== this.#state.problem) this.panel.notice(state.problem, "error");
    this.#state = state;
    if (state.speaker !== "none") this.#sink = state.speaker;
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

  #draw() {
    const live = this.#live;
    this.muteButton.set({ label: live ? "Mute" : "Unmute", icon: live ? "mic" : "mic-off", pressed: live, danger: !live });
    const heard = this.#state.speaker !== "none";
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
      await this.microphone.start();
    } catch (error) {
      this.panel.notice(microphoneProblem(error), "error");
      this.#request({ muted: true });
    }
  }

  #lost() {
    this.panel.notice(microphoneProblem({ name: "NotFoundError" }), "error");
    this.#request({ muted: true });
  }

  async #play() {
    try {
      if (await this.speaker.start()) return;
    } catch {
      this.panel.notice("Sound cannot be played in this browser.", "error");
      return;
    }
    if (this.#waitingForTouch) return;
    this.#waitingForTouch = true;
    this.panel.notice("Click anywhere on this page to hear the others.");
    const touched = () => {
      this.#waitingForTouch = false;
      for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, touched);
      void this.#play();
    };
    for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touched);
  }

  #toggleMicrophone() {
    if (this.#state.source === "none") this.#request({ source: "browser", muted: false });
    else this.#request({ muted: !this.#state.muted });
  }

  #toggleSpeaker() {
    this.#request({ speaker: this.#state.speaker === "none" ? this.#sink : "none" });
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
