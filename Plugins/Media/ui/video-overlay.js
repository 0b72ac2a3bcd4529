// @ts-check
// The figures over one tile.

/** @type {Record<string, string>} */
const REASONS = { link: "the connection is slow", load: "the server is under load", lastN: "many cameras" };

/**
 * The lines of the overlay. No DOM.
 * @param {import("./video-figures.js").Figures | undefined} drawn By this page in the last second.
 * @param {{layer?: string, every?: number, reason?: string, frames?: number, lost?: number, recovered?: number} | undefined} came To the daemon.
 * @param {number} hold In ms.
 * @returns {string[]}
 */
export function lines(drawn, came, hold) {
  if (!drawn || drawn.width === 0) return ["no picture"];
  const lost = came?.lost ?? 0, all = (came?.frames ?? 0) + lost;
  const result = [
    `${drawn.width} × ${drawn.height}, ${Math.round(drawn.fps)} fps`,
    `${Math.round(drawn.bitrate / 1000)} kbit/s, ${came?.layer ?? drawn.layer}`,
    `loss ${(all > 0 ? (100 * lost) / all : 0).toFixed(1)} %, ${drawn.skipped} skipped`,
    `${Math.round(drawn.delay)} ms to the screen (${Math.round(drawn.decode)} decoding${hold > 0 ? `, ${Math.round(hold)} for the sound` : ""})`,
  ];
  const why = REASONS[came?.reason ?? ""];
  if (why) result.push(`reduced: ${why}`);
  return result;
}

export class Overlay {
  constructor() {
    this.element = document.createElement("pre");
    this.element.className = "video-figures";
    this.element.hidden = true;
    this.hold = 0;
    /** @type {import("./video-figures.js").Figures | undefined} */
    this.drawn = undefined;
    /** @type {any} */
    this.came = undefined;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** @param {boolean} open */
  set isOpen(open) {
    this.element.hidden = !open;
    this.draw();
  }

  draw() {
    if (this.isOpen) this.element.textContent = lines(this.drawn, this.came, this.hold).join("\n");
  }
}
