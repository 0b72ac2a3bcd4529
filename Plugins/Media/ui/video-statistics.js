// @ts-check
// What the daemon knows of sound and pictures, while anybody is seen: the figures over the tiles, and how long pictures wait for their sound.

import { soundOut } from "./sound-out.js";
import { holdFor } from "./video-sync.js";

const EVERY_MS = 2000;

export class Statistics {
  /** @param {import("./video-stage.js").VideoStage} stage @param {import("../../../Host/ui/types").PluginBridge} bridge */
  constructor(stage, bridge) {
    this.stage = stage;
    this.bridge = bridge;
    /** @type {Set<string>} For whom the daemon knows better than this page. */
    this.told = new Set();
    setInterval(() => this.#ask(), EVERY_MS);
  }

  /** How long somebody's pictures have to wait, by the daemon's own reckoning. @param {{id: string, hold: number}} hold */
  hold(hold) {
    this.told.add(hold.id);
    this.stage.setHold(hold);
  }

  /** @param {import("./video-tile.js").Tile} tile */
  toggle(tile) {
    tile.overlay.isOpen = !tile.overlay.isOpen;
    void this.#ask();
  }

  async #ask() {
    if (this.stage.streams.size === 0 || document.visibilityState === "hidden") return;
    const { video, peers, mix } = await this.bridge.request("stats").catch(() => ({}));
    const of = (/** @type {{id: string}[] | undefined} */ all, /** @type {string} */ id) => all?.find((one) => one.id === id);
    for (const [id, tile] of this.stage.tiles) {
      tile.overlay.came = of(video, id);
      tile.overlay.draw();
      if (this.stage.streams.has(id) && !this.told.has(id)) this.stage.setHold({ id, hold: holdFor(/** @type {any} */ (of(peers, id)), mix, soundOut.delay) });
    }
  }
}
