// @ts-check
// What the daemon knows of sound and pictures, while anybody is seen: the figures over the tiles, and how long pictures wait for their sound.

import { soundOut } from "./sound-out.js";
import { holdFor } from "./video-sync.js";

const EVERY_MS = 2000, HOLD_MS = 1000;

export class Statistics {
  /** @param {import("./video-stage.js").VideoStage} stage @param {import("../../../Host/ui/types").PluginBridge} bridge */
  constructor(stage, bridge) {
    this.stage = stage;
    this.bridge = bridge;
    /** @type {Map<string, number>} By how much each person's sound is later than their pictures, in ms. */
    this.lags = new Map();
    setInterval(() => this.#hold(), HOLD_MS);
    setInterval(() => this.#ask(), EVERY_MS);
  }

  /** What the daemon knows of somebody's sound. @param {{id: string, hold: number}} told */
  hold({ id, hold }) {
    this.lags.set(id, hold);
    this.#hold();
  }

  /** Another stream, another clock. @param {string} id */
  forget(id) {
    this.lags.delete(id);
    this.stage.setHold({ id, hold: 0 });
  }

  /** @param {import("./video-tile.js").Tile} tile */
  toggle(tile) {
    tile.overlay.isOpen = !tile.overlay.isOpen;
    void this.#ask();
  }

  async #ask() {
    if (this.stage.streams.size === 0 || document.visibilityState === "hidden") return;
    const { video } = await this.bridge.request("stats").catch(() => ({}));
    const of = (/** @type {{id: string}[] | undefined} */ all, /** @type {string} */ id) => all?.find((one) => one.id === id);
    for (const [id, tile] of this.stage.tiles) {
      tile.overlay.came = of(video, id);
      tile.overlay.draw();
    }
  }

  /** The page's own part of the lag changes, too. */
  #hold() {
    for (const [id, lag] of this.lags) {
      if (this.stage.streams.has(id)) this.stage.setHold({ id, hold: holdFor(lag, soundOut.delay) });
      else this.lags.delete(id);
    }
  }
}
