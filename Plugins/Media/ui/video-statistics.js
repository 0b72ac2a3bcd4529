// @ts-check
// Figures over the tiles: those of the page each second, those of the daemon while anybody looks.

const EVERY_MS = 2000;

export class Statistics {
  /** @param {import("./video-stage.js").VideoStage} stage @param {import("../../../Host/ui/types").PluginBridge} bridge */
  constructor(stage, bridge) {
    this.stage = stage;
    this.bridge = bridge;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {import("./video-tile.js").Tile} tile */
  toggle(tile) {
    tile.overlay.isOpen = !tile.overlay.isOpen;
    if (this.timer === undefined) this.#ask();
  }

  async #ask() {
    const open = [...this.stage.tiles.values()].filter((tile) => tile.overlay.isOpen);
    this.timer = open.length > 0 ? setTimeout(() => this.#ask(), EVERY_MS) : undefined;
    if (open.length === 0) return;
    const { video } = await this.bridge.request("stats").catch(() => ({}));
    for (const tile of open) {
      tile.overlay.came = video?.find((/** @type {{id: string}} */ { id }) => id === tile.id);
      tile.overlay.draw();
    }
  }
}
