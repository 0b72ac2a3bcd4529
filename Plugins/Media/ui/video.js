// @ts-check
// Cameras: the grid of people on the stage, the own camera and its button.

import { talkers } from "./talkers.js";
import { BrowserCamera } from "./video-camera.js";
import { readFrame } from "./video-frame.js";
import { arrange, cameraProblem, layerFor } from "./video-layout.js";
import { Tile } from "./video-tile.js";

/**
 * @typedef {{id: string, name: string, stream: number, codec: string, width: number, height: number, layers: string[]}} Stream
 * @typedef {{source: string, configured: string, stream: number, id?: string, problem?: string}} State
 * @typedef {import("../../../Host/ui/types").Panel} Panel
 * @typedef {import("../../../Host/ui/types").PluginBridge} PluginBridge
 */

const GAP = 10;

/** @param {Panel} panel @param {PluginBridge} bridge */
export function mountVideo(panel, bridge) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("./video.css", import.meta.url).href }));
  const stage = new VideoStage(panel, bridge);
  const camera = new OwnCamera(panel, bridge, stage);
  bridge.lane("video", (message) => {
    const frame = readFrame(message);
    if (frame) stage.show(frame);
  });
  bridge.on("video.streams", (/** @type {{items: Stream[]}} */ { items }) => stage.replace(items));
  bridge.on("video.started", (/** @type {Stream} */ stream) => stage.start(stream));
  bridge.on("video.stopped", (/** @type {{id: string}} */ { id }) => stage.stop(id));
  bridge.on("video.state", (/** @type {State} */ state) => camera.update(state));
  bridge.on("video.keyframe", (/** @type {{layer: "large" | "small"}} */ { layer }) => camera.local?.askKeyFrame(layer));
  bridge.onReconnect(() => camera.resume());
  panel.onLeft(() => camera.release());
}

/** The grid. */
class VideoStage {
  /** @param {Panel} panel @param {PluginBridge} bridge */
  constructor(panel, bridge) {
    this.panel = panel;
    this.bridge = bridge;
    /** @type {Map<string, Stream>} By person. */
    this.streams = new Map();
    /** @type {Map<string, Tile>} By person. */
    this.tiles = new Map();
    /** @type {State | null} */
    this.own = null;
    /** @type {MediaStream | null} */
    this.local = null;
    this.region = panel.region("stage", { title: "People", order: 10 });
    this.region.hidden = true;
    this.grid = document.createElement("div");
    this.grid.className = "video-grid";
    this.grid.setAttribute("role", "list");
    this.region.append(this.grid);
    this.source = sourceButton(panel);
    new ResizeObserver(() => this.layout()).observe(this.region);
    talkers.addEventListener("people", () => this.refresh());
    talkers.addEventListener("levels", () => this.#ring());
  }

  /** @param {Stream[]} streams */
  replace(streams) {
    for (const id of [...this.streams.keys()]) this.#forget(id);
    for (const stream of streams) this.streams.set(stream.id, stream);
    this.refresh();
  }

  /** @param {Stream} stream */
  start(stream) {
    this.#forget(stream.id);
    this.streams.set(stream.id, stream);
    this.refresh();
  }

  /** @param {string} id */
  stop(id) {
    this.#forget(id);
    this.refresh();
  }

  /** @param {import("./video-frame.js").Frame} frame */
  show(frame) {
    this.tiles.get(this.#personOf(frame.stream) ?? "")?.push(frame);
  }

  /** The own camera has changed. @param {State} own @param {MediaStream | null} local */
  setOwn(own, local) {
    if (own.stream === 0 || own.stream !== this.own?.stream) this.tiles.get(own.id ?? "")?.clear();
    this.own = own;
    this.local = local;
    this.refresh();
  }

  /** Makes the tiles match the people. */
  refresh() {
    const people = this.#people();
    for (const [id, tile] of this.tiles) {
      if (people.has(id)) continue;
      tile.remove();
      this.tiles.delete(id);
    }
    for (const person of people.values()) this.#tile(person);
    this.region.hidden = people.size === 0;
    this.#ring();
    this.layout();
  }

  layout() {
    const { clientWidth, clientHeight } = this.region;
    if (this.tiles.size === 0 || clientWidth === 0) return;
    const { columns, width } = arrange(this.tiles.size, clientWidth - 2 * GAP, clientHeight - 2 * GAP, GAP);
    this.grid.style.setProperty("--columns", String(columns));
    this.grid.style.setProperty("--tile", `${Math.max(width, 96)}px`);
    for (const tile of this.tiles.values()) this.#choose(tile, width * devicePixelRatio);
  }

  /** @param {Tile} tile @param {number} width */
  #choose(tile, width) {
    const stream = this.streams.get(tile.id);
    const layer = layerFor(width, tile.layer ?? "large");
    if (!stream || layer === tile.layer || !stream.layers.includes(layer)) return;
    tile.layer = layer;
    // Someone who has left meanwhile needs no size.
    this.bridge.request("subscribe", { id: tile.id, layer }).catch(() => {});
  }

  /** Everybody who is known, the own person first. */
  #people() {
    /** @type {Map<string, {id: string, name: string, muted: boolean}>} */
    const people = new Map();
    const self = this.own?.id;
    if (self && (talkers.people.has(self) || this.own?.stream)) people.set(self, { id: self, name: "You", muted: false });
    for (const { id, name } of this.streams.values()) people.set(id, { id, name, muted: false });
    for (const { id, name, muted } of talkers.people.values()) people.set(id, { id, name, muted });
    return people;
  }

  /** @param {{id: string, name: string, muted: boolean}} person */
  #tile({ id, name, muted }) {
    const self = id === this.own?.id;
    let tile = this.tiles.get(id);
    if (!tile) {
      tile = new Tile(id, name, this.panel, () => { if (!self) this.bridge.request("video.keyframe", { id, layer: "large" }).catch(() => {}); });
      this.tiles.set(id, tile);
      this.grid.append(tile.element);
    }
    if (self) {
      tile.showLocal(this.local);
      if (this.source.parentElement !== tile.element) tile.element.append(this.source);
    }
    tile.describe(name, muted, self);
  }

  #ring() {
    for (const tile of this.tiles.values()) tile.talking = talkers.people.get(tile.id)?.talking ?? false;
  }

  /** @param {number} number */
  #personOf(number) {
    if (this.own?.id && this.own.stream === number) return this.own.id;
    for (const stream of this.streams.values()) if (stream.stream === number) return stream.id;
    return null;
  }

  /** @param {string} id */
  #forget(id) {
    this.streams.delete(id);
    const tile = this.tiles.get(id);
    tile?.clear();
    if (tile) tile.layer = null;
  }
}

/** @param {Panel} panel */
function sourceButton(panel) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn icon video-source", title: "Choose the camera" });
  button.setAttribute("aria-label", "Choose the camera");
  button.append(panel.icon("settings"));
  return button;
}

/** The own camera: its button, its menu, and the browser's one when that is chosen. */
class OwnCamera {
  /** @param {Panel} panel @param {PluginBridge} bridge @param {VideoStage} stage */
  constructor(panel, bridge, stage) {
    this.panel = panel;
    this.bridge = bridge;
    this.stage = stage;
    this.lane = bridge.lane("camera");
    /** @type {BrowserCamera | null} */
    this.local = null;
    /** @type {State} */
    this.state = { source: "none", configured: "browser", stream: 0 };
    this.busy = false;
    this.released = false;
    this.control = panel.control({ id: "camera", label: "Camera on", icon: "camera-off", order: 20, pressed: false, onClick: () => this.toggle() });
    stage.source.onclick = () => this.choose();
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
      this.state = await this.bridge.request("video", { source: "browser" });
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
      if (source === "browser") this.local = await BrowserCamera.open(this.lane, (error) => this.#lost(error), deviceId).catch((error) => { throw new Error(cameraProblem(error)); });
      if (this.released) this.#closeLocal();
      this.state = await this.bridge.request("video", { source: source === "browser" && !this.local ? "none" : source });
      // Lost or released while it was being announced.
      if (source === "browser" && !this.local && this.state.source !== "none") this.state = await this.bridge.request("video", { source: "none" });
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

  async choose() {
    const cameras = (await navigator.mediaDevices?.enumerateDevices().catch(() => []) ?? []).filter((device) => device.kind === "videoinput" && device.label);
    const { source, configured } = this.state;
    const items = cameras.length > 0
      ? cameras.map((device) => ({ label: device.label, checked: source === "browser" && this.local?.deviceId === device.deviceId, onSelect: () => this.set("browser", device.deviceId) }))
      : [{ label: "This browser's camera", checked: source === "browser", onSelect: () => this.set("browser") }];
    items.push({ label: "A camera of the program itself", checked: source.startsWith("device"), onSelect: () => this.set(configured.startsWith("device") ? configured : "device") });
    if (configured.startsWith("file:"))
      items.push({ label: `File ${configured.split(/[/\\]/).pop()}`, checked: source === configured, onSelect: () => this.set(configured) });
    items.push({ label: "No camera", checked: source === "none", onSelect: () => this.set("none") });
    this.panel.menu(this.stage.source, items);
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
  }

  #draw() {
    this.control.set({ pressed: this.isOn, icon: this.isOn ? "camera" : "camera-off", label: this.isOn ? "Camera off" : "Camera on" });
    this.stage.setOwn(this.state, this.local?.stream ?? null);
  }
}
