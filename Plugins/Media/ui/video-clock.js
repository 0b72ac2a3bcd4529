// @ts-check
// When a picture is to be drawn. No DOM.

/** Ticks of a picture's timestamp in a millisecond. */
const TICKS = 90;
/** A leap beyond this, in ms, is another clock and not a late picture. */
const LEAP = 2000;
/** The quickest way is looked for among the pictures of so many ms, and of as many before. */
const WINDOW = 4000;
/** Longest time that a picture is held, in ms. */
export const MOST_HELD = 400;

/**
 * Turns a person's capture times into times to draw. The quickest picture of the last seconds gives the way's length; `hold` is what the
 * person's sound takes longer than that. So a picture that was quick waits, one that was slow does not, and what is drawn is even.
 */
export class PlayClock {
  constructor() {
    this.hold = 0;
    this.reset();
  }

  /** Another stream, another clock. */
  reset() {
    this.last = 0;
    this.ticks = -1;
    this.quickest = Infinity;
    this.before = Infinity;
    this.since = 0;
  }

  /**
   * @param {number} timestamp Of the capture, u32, in 1/90000 s.
   * @param {number} now When it came, in ms.
   * @returns {number} When to draw it, in ms of the same clock; never later than the longest hold from now.
   */
  due(timestamp, now) {
    const captured = this.#unwrap(timestamp) / TICKS;
    const transit = now - captured;
    const way = Math.min(this.quickest, this.before);
    if (Number.isFinite(way) && Math.abs(transit - way) > LEAP) return this.#restart(timestamp, now);
    this.#learn(transit, now);
    const due = captured + Math.min(this.quickest, this.before) + this.hold;
    return Math.min(Math.max(due, now), now + MOST_HELD);
  }

  /** @param {number} timestamp @param {number} now */
  #restart(timestamp, now) {
    this.reset();
    return this.due(timestamp, now);
  }

  /** @param {number} transit @param {number} now */
  #learn(transit, now) {
    if (now - this.since > WINDOW) {
      this.before = this.quickest;
      this.quickest = Infinity;
      this.since = now;
    }
    this.quickest = Math.min(this.quickest, transit);
  }

  /** u32 that wraps around, as a number that does not. @param {number} timestamp */
  #unwrap(timestamp) {
    if (this.ticks < 0) this.ticks = timestamp;
    else this.ticks += (timestamp - this.last) | 0;
    this.last = timestamp;
    return this.ticks;
  }
}
