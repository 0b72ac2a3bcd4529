// @ts-check
// The grid of people in the middle of the page.

import { talkers } from "./talkers.js";
import { Decoding } from "./video-decoding.js";
import { bringForward, place } from "./video-layout.js";
import { Tile } from "./video-tile.js";
import { Views } from "./video-views.js";

/**
 * @typedef {{id: string, name: string, stream: number, codec: string, width: number, height: number, layers: string[]}} Stream
 * @typedef {{source: string, configured: string, stream: number, id?: string, problem?: string}} State
 * @typedef {import("../../../Host/ui/types").Panel} Panel
 * @typedef {import("../../../Host/ui/types").PluginBridge} PluginBridge
 */

const GAP = 10, NARROW_GAP = 6;

export class VideoStage {
  /** @param {Panel} panel @param {PluginBridge} bridge */
  constructor(panel, bridge) {
    this.panel = panel;
    this.bridge = bridge;
    /** @type {Map<string, Stream>} By person. */
    this.streams = new Map();
    /** @type {Map<string, Tile>} By person. */
    this.tiles = new Map();
    /** @type {string[]} As they stand. */
    this.order = [];
    /** @type {string[]} Who has talked, the last one first. */
    this.recent = [];
    this.pinned = "";
    /** @type {State | null} */
    this.own = null;
    /** @type {MediaStream | null} */
    this.local = null;
    /** @type {(tile: Tile) => void} */
    this.openMenu = () => {};
    this.#build();
    this.decoding = new Decoding({
      shown: (id) => this.tiles.get(id)?.show(),
      failed: (id, why) => this.#failed(id, why),
      needKeyFrame: (id, layer) => this.#needKeyFrame(id, layer),
      figures: (items) => this.#figures(items),
    });
    this.views = new Views((views) => bridge.request("watch", { views }));
    talkers.addEventListener("people", () => this.refresh());
    talkers.addEventListener("levels", () => this.#listen());
  }

  /** @param {Stream[]} streams */
  replace(streams) {
    for (const id of [...this.streams.keys()]) this.#forget(id);
    for (const stream of streams) this.streams.set(stream.id, stream);
    this.views.repeat();
    this.refresh();
    for (const stream of streams) this.decoding.setStream(stream.id, stream.stream);
  }

  /** @param {Stream} stream */
  start(stream) {
    this.#forget(stream.id);
    this.streams.set(stream.id, stream);
    this.refresh();
    this.views.repeat(stream.id);
    this.decoding.setStream(stream.id, stream.stream);
  }

  /** @param {string} id */
  stop(id) {
    this.#forget(id);
    this.refresh();
  }

  /** How somebody's camera comes from now on. @param {{id: string, layer: string, reason: string}} choice */
  setLayer({ id, layer, reason }) {
    const tile = this.tiles.get(id);
    if (!tile || layer !== "none" || reason === "wish") return;
    tile.clear();
    if (reason === "link") tile.say("Paused: your connection is too slow.");
    if (reason === "load") tile.say("Paused: the server is under load.");
    // Its next picture shows itself again, as the first one did.
    this.decoding.setStream(id, this.streams.get(id)?.stream ?? 0);
  }

  /** Video is scaled down for everybody. @param {{step: number}} load */
  setLoad({ step }) {
    this.load.hidden = step === 0;
  }

  /** @param {{id: string, hold: number}} hold */
  setHold({ id, hold }) {
    const tile = this.tiles.get(id);
    if (!tile || tile.overlay.hold === hold) return;
    tile.overlay.hold = hold;
    this.decoding.setHold(id, hold);
  }

  /** The own camera has changed. @param {State} own @param {MediaStream | null} local */
  setOwn(own, local) {
    const changed = own.stream !== this.own?.stream || own.id !== this.own?.id;
    if (changed && this.own?.id) this.tiles.get(this.own.id)?.clear();
    this.own = own;
    this.local = local;
    this.refresh();
    if (changed && own.id) this.decoding.setStream(own.id, own.stream);
  }

  /** Large, with all others beside; again: as before. @param {string} id */
  pin(id) {
    this.pinned = this.pinned === id ? "" : id;
    this.layout();
  }

  /** Makes the tiles match the people. */
  refresh() {
    const people = this.#people();
    for (const [id, tile] of this.tiles) if (!people.has(id)) this.#remove(id, tile);
    for (const person of people.values()) this.#tile(person);
    this.order = [...this.order.filter((id) => people.has(id)), ...[...people.keys()].filter((id) => !this.order.includes(id))];
    this.region.hidden = people.size === 0;
    this.#ring();
    this.layout();
  }

  layout() {
    const { clientWidth, clientHeight } = this.region;
    if (this.tiles.size === 0 || clientWidth === 0) return;
    if (!this.tiles.has(this.pinned)) this.pinned = "";
    const mode = this.region.dataset.slot === "strip" ? "strip" : this.pinned ? "focus" : "grid";
    const gap = clientWidth < 500 ? NARROW_GAP : GAP;
    const { rects, fits } = place(this.tiles.size, clientWidth - 2 * gap, clientHeight - 2 * gap, gap, mode);
    this.grid.dataset.mode = mode;
    const first = mode === "focus" ? [this.pinned] : [];
    this.order = bringForward([...first, ...this.order.filter((id) => !first.includes(id))], this.recent, fits, (id) => id === this.pinned);
    this.order.forEach((id, i) => this.#put(id, rects[i], gap));
  }

  #build() {
    this.region = this.panel.region("stage", { title: "People", order: 10 });
    this.region.hidden = true;
    this.grid = document.createElement("div");
    this.grid.className = "video-grid";
    this.grid.setAttribute("role", "list");
    this.load = document.createElement("div");
    Object.assign(this.load, { className: "video-load", hidden: true });
    this.load.setAttribute("role", "status");
    this.load.append(this.panel.icon("warning"), "Scaled down: the server is under load");
    this.region.append(this.grid, this.load);
    new ResizeObserver(() => this.layout()).observe(this.region);
    new MutationObserver(() => this.layout()).observe(this.region, { attributes: true, attributeFilter: ["data-slot"] });
  }

  /** @param {string} id @param {import("./video-layout.js").Rect | undefined} rect @param {number} gap */
  #put(id, rect, gap) {
    const tile = this.tiles.get(id);
    if (!tile) return;
    const { style } = tile.element;
    tile.element.classList.toggle("pinned", id === this.pinned && this.grid.dataset.mode === "focus");
    tile.element.hidden = !rect;
    if (!rect) return;
    style.transform = `translate(${rect.x + gap}px, ${rect.y + gap}px)`;
    style.width = `${rect.width}px`;
    style.height = `${rect.height}px`;
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
      tile = new Tile(id, name, this.panel, (one) => this.openMenu(one), (one) => this.pin(one.id));
      this.tiles.set(id, tile);
      this.grid.append(tile.element);
      this.decoding.open(id, tile.canvas);
      if (!self) this.views.watch(tile.element, id);
    }
    if (self) tile.showLocal(this.local);
    tile.describe(name, muted, self);
  }

  /** @param {string} id @param {Tile} tile */
  #remove(id, tile) {
    this.views.forget(tile.element);
    this.decoding.close(id);
    tile.remove();
    this.tiles.delete(id);
  }

  #listen() {
    const talking = [...talkers.people.values()].filter((person) => person.talking && person.id !== this.own?.id).sort((a, b) => a.level - b.level);
    const before = this.recent.join();
    for (const { id } of talking.reverse()) this.recent = [id, ...this.recent.filter((other) => other !== id)];
    this.recent.length = Math.min(this.recent.length, 50);
    this.#ring();
    if (this.recent.join() !== before) this.layout();
  }

  #ring() {
    for (const tile of this.tiles.values()) tile.talking = talkers.people.get(tile.id)?.talking ?? false;
  }

  /** @param {string} id @param {string} why */
  #failed(id, why) {
    const tile = this.tiles.get(id);
    if (!tile) return;
    tile.clear();
    tile.say(`The pictures of ${tile.plain} ${why}.`);
  }

  /** @param {string} id @param {string} layer */
  #needKeyFrame(id, layer) {
    if (id !== this.own?.id) this.bridge.request("video.keyframe", { id, layer }).catch(() => {});
  }

  /** @param {({id: string} & import("./video-figures.js").Figures)[]} items */
  #figures(items) {
    const others = items.filter(({ id, drawn, skipped }) => this.streams.has(id) && drawn + skipped > 0);
    for (const item of items) {
      const tile = this.tiles.get(item.id);
      if (!tile) continue;
      tile.count(item.drawn);
      tile.overlay.drawn = item;
      tile.overlay.draw();
    }
    if (others.length > 0) this.bridge.request("video.drawn", { items: others.map(({ id, drawn, skipped, decode }) => ({ id, drawn, skipped, decode })) }).catch(() => {});
  }

  /** @param {string} id */
  #forget(id) {
    this.streams.delete(id);
    this.tiles.get(id)?.clear();
    this.decoding.setStream(id, 0);
  }
}
