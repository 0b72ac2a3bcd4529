// @ts-check
// The own camera: its button, its menu, and the browser's one when that is chosen.

import { BrowserCamera } from "./video-camera.js";
import { cameraProblem } from "./video-layout.js";

/**
 * @typedef {import("./video-stage.js").State} State
 * @typedef {import("../../../Host/ui/types").Panel} Panel
 * @typedef {import("../../../Host/ui/types").PluginBridge} PluginBridge
 * @typedef {{layers: string[], bitrate?: number, fps?: number}} Wanted
 */

/** What is coded before the hub has told what anybody displays. @type {Wanted} */
const UNTOLD = { layers: [] };

export class OwnCamera {
  /** @param {Panel} panel @param {PluginBridge} bridge @param {(state: State, local: MediaStream | null) => void} changed */
  constructor(panel, bridge, changed) {
    this.panel = panel;
    this.bridge = bridge;
    this.changed = changed;
    this.lane = bridge.lane("camera");
    /** @type {BrowserCamera | null} */
    this.local = null;
    /** @type {State} */
    this.state = { source: "none", configured: "browser", stream: 0 };
    /** @type {Wanted} */
    this.wanted = UNTOLD;
    this.busy = false;
    this.released = false;
    this.control = panel.control({ id: "camera", label: "Camera on", icon: "camera-off", order: 20, pressed: false, onClick: () => this.toggle() });
  }

  get isOn() {
    return this.state.source !== "none";
  }

  /** @param {State} state */
  update(state) {
    if (state.problem && state.problem !== this.state.problem) this.panel.notice(state.problem, "error");
    this.state = state;
    if (state.source !== "browser" && !this.busy) this.#closeLocal();
    this.#draw();
  }

  /** What anybody displays of the own camera. @param {Wanted} wanted */
  want(wanted) {
    this.wanted = wanted;
    this.local?.want(wanted);
  }

  toggle() {
    const { configured } = this.state;
    return this.set(this.isOn ? "none" : configured === "none" ? "browser" : configured);
  }

  /** After a lost connection the daemon has turned a page's camera off. */
  async resume() {
    if (!this.local || this.busy) return;
    // The daemon begins with "none": that is not to close the camera which is being announced again.
    this.busy = true;
    try {
      this.state = await this.#announce("browser");
      this.local?.askKeyFrame();
    } catch {
      this.#closeLocal();
    } finally {
      this.busy = false;
      this.#draw();
    }
  }

  /** The room was left: this page's camera is given back, also one for which the person is just being asked. */
  release() {
    this.released = true;
    if (!this.local) return;
    this.#closeLocal();
    if (!this.busy) void this.set("none");
  }

  /**
   * @param {string} source
   * @param {string} [deviceId] Which of the browser's cameras.
   */
  async set(source, deviceId) {
    if (this.busy) return;
    this.busy = true;
    this.released = false;
    this.control.set({ disabled: true });
    try {
      this.#closeLocal();
      // First the person's permission, then the announcement: a camera that is refused is never announced.
      if (source === "browser") await this.#open(deviceId);
      if (this.released) this.#closeLocal();
      this.state = await this.#announce(source === "browser" && !this.local ? "none" : source);
      // Lost or released while it was being announced.
      if (source === "browser" && !this.local && this.state.source !== "none") this.state = await this.#announce("none");
    } catch (error) {
      this.#closeLocal();
      const text = /** @type {Error} */ (error).message;
      if (text !== this.state.problem) this.panel.notice(text, "error");
    } finally {
      this.busy = false;
      this.control.set({ disabled: false });
      this.#draw();
    }
  }

  /** What the menu of the own tile offers. */
  async choices() {
    const cameras = (await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? []).filter((device) => device.kind === "videoinput" && device.label);
    const { source, configured } = this.state;
    const items = cameras.length > 0
      ? cameras.map((device) => ({ label: device.label, checked: source === "browser" && this.local?.deviceId === device.deviceId, onSelect: () => this.set("browser", device.deviceId) }))
      : [{ label: "This browser's camera", checked: source === "browser", onSelect: () => this.set("browser") }];
    items.push({ label: "A camera of the program itself", checked: source.startsWith("device"), onSelect: () => this.set(configured.startsWith("device") ? configured : "device") });
    if (configured.startsWith("file:"))
      items.push({ label: `File ${configured.split(/[/\\]/).pop()}`, checked: source === configured, onSelect: () => this.set(configured) });
    items.push({ label: "No camera", checked: source === "none", onSelect: () => this.set("none") });
    return items;
  }

  /** @param {string} [deviceId] */
  async #open(deviceId) {
    this.local = await BrowserCamera.open(this.lane, (error) => this.#lost(error), deviceId).catch((error) => { throw new Error(cameraProblem(error)); });
    this.local.want(this.wanted);
  }

  /** @param {string} source @returns {Promise<State>} */
  #announce(source) {
    return this.bridge.request("video", source === "browser" ? { source, layers: this.local?.layers } : { source });
  }

  /** @param {Error} error */
  #lost(error) {
    if (!this.local) return;
    this.panel.notice(cameraProblem(error), "error");
    this.#closeLocal();
    this.set("none"); // while another change is under way that one sees to it
  }

  #closeLocal() {
    this.local?.close();
    this.local = null;
    this.wanted = UNTOLD;
  }

  #draw() {
    this.control.set({ pressed: this.isOn, icon: this.isOn ? "camera" : "camera-off", label: this.isOn ? "Camera off" : "Camera on" });
    this.changed(this.state, this.local?.stream ?? null);
  }
}
