// @ts-check
// Bytes per second, smoothed over some seconds. No DOM, no clock of its own.

const WINDOW_MS = 3000;

export class RateMeter {
  /** @type {{done: number, at: number}[]} */ #seen = [];

  /** @param {number} done Bytes so far. @param {number} at Milliseconds of any steady clock. @returns {number} Bytes per second; 0 while nothing can be said. */
  at(done, at) {
    this.#seen.push({ done, at });
    while (this.#seen.length > 2 && this.#seen[1].at < at - WINDOW_MS) this.#seen.shift();
    const first = this.#seen[0];
    return at > first.at ? Math.round(((done - first.done) * 1000) / (at - first.at)) : 0;
  }
}
