// @ts-check
// Sound as the daemon has it: frames of 20 ms at 48 kHz (960 samples, or 960 pairs of left and right) or of 10 ms (480 samples), PCM of 16 bits. No DOM: used by the worklet, tested in node.

/** Samples of a frame. */
export const FRAME = 960;

/** @typedef {{samples: number, channels: number}} Shape Samples of each channel in a frame. */

/** Two channels are for music and come in frames of 20 ms, whatever is wished. @param {boolean} stereo @param {number} [milliseconds] 10 or 20 @returns {Shape} */
export function frameShape(stereo, milliseconds = 20) {
  return stereo ? { samples: FRAME, channels: 2 } : { samples: milliseconds === 10 ? FRAME / 2 : FRAME, channels: 1 };
}

/** So many samples more or less than it has a frame is made of while its end is shifted: too little to be heard in what somebody says (5 cents), and in what nobody says. */
const SHIFTED = 3, SHIFTED_QUIET = 48;
/** Samples that lack to a whole block and do not matter: 1 ms. */
const NEARLY = 48;
/** RMS below which a frame is quiet: -45 dB. */
const QUIET = 10 ** (-45 / 20);

/** Collects samples of any block size into frames. */
export class FrameCollector {
  #owed = 0; // samples of time by which the frames' ends are yet to be shifted
  #quiet = false;
  block = 1; // samples that came last at once

  /** @param {(frame: Int16Array<ArrayBuffer>) => void} deliver Gets a frame of its own each time. @param {Shape} [shape] */
  constructor(deliver, shape = frameShape(false)) {
    this.deliver = deliver;
    this.shape = shape;
    this.sides = Array.from({ length: shape.channels }, () => new Float32Array(shape.samples + SHIFTED_QUIET));
    this.filled = 0;
    this.wanted = shape.samples;
  }

  /** @param {Float32Array} left From -1 to 1; louder ones are clipped. @param {Float32Array} [right] For two channels. */
  push(left, right = left) {
    this.block = left.length;
    for (let from = 0; from < left.length;) {
      const length = Math.min(left.length - from, this.wanted - this.filled);
      this.sides[0].set(left.subarray(from, from + length), this.filled);
      this.sides[1]?.set(right.subarray(from, from + length), this.filled);
      this.filled += length;
      from += length;
      if (this.filled === this.wanted) this.finish();
    }
  }

  /**
   * The ends of all frames are to come so much later; negative: earlier. What they have more is not left out, they go faster for a moment. A frame is ready when a block has come, so where a frame has so
   * many whole blocks it is shifted by whole ones: later by no more than was asked for, or it would come too late, and earlier by no less.
   * @param {number} milliseconds
   */
  shift(milliseconds) {
    const samples = Math.round(milliseconds * 48), whole = this.shape.samples % this.block === 0 ? this.block : 1;
    this.#owed = Math.floor((samples + Math.min(whole - 1, NEARLY)) / whole) * whole;
  }

  finish() {
    const { samples, channels } = this.shape, frame = new Int16Array(samples * channels);
    let energy = 0;
    for (let i = 0; i < frame.length; i++) {
      const sample = squeezed(this.sides[i % channels], this.wanted, Math.floor(i / channels), samples);
      energy += sample ** 2;
      frame[i] = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
    }
    this.#quiet = energy < QUIET ** 2 * frame.length;
    this.filled = 0;
    this.plan();
    this.deliver(frame);
  }

  plan() {
    const most = this.#quiet ? SHIFTED_QUIET : SHIFTED, step = Math.max(-most, Math.min(most, this.#owed));
    this.#owed -= step;
    this.wanted = this.shape.samples + step;
  }

  /** Forgets a frame that was begun. */
  clear() {
    this.filled = 0;
  }
}

/** One of `samples` that stand for the first `length` of a side. @param {Float32Array} side @param {number} length @param {number} index @param {number} samples */
function squeezed(side, length, index, samples) {
  if (length === samples) return side[index];
  const at = index * (length / samples), whole = Math.floor(at), t = at - whole;
  return spline(side[Math.max(whole - 1, 0)], side[whole], side[Math.min(whole + 1, length - 1)], side[Math.min(whole + 2, length - 1)], t);
}

/** Between b and c as Catmull and Rom have it. @param {number} a @param {number} b @param {number} c @param {number} d @param {number} t */
function spline(a, b, c, d, t) {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/** Samples of 5 ms: the step of the margin. */
const STEP = FRAME / 4;
/** Samples of 10 s. */
const CALM = 480000;
/** Frames, a second of them, over which the least that waits is judged. */
const JUDGED = 50;
/** Seconds in which less would have done, after which a margin that has grown comes down. */
const SETTLED = 3;
/** Too much goes away by playing one sample in so many more: 14 cents. */
const HURRY = 128;

/**
 * Holds sound between its arrival and its playing: begins `margin` samples of time after the first frame, so that a frame may come that much late. Each time it runs dry
 * within a spurt the margin grows by 5 ms, up to `most`; after ten calm seconds it comes down by as much, to what it was at first already after three in which less would have done. What has waited longer than the margin for a second is played a little faster until it is gone: a
 * page that was held up does not lag behind, and a slow sound card not more and more. What is beyond the margin and two and a half frames is dropped, the oldest first.
 */
export class PlayRing {
  constructor(margin = 2 * STEP, most = 5 * FRAME) {
    this.usual = this.margin = margin;
    this.most = most;
    this.samples = new Float32Array(most + 5 * FRAME); // the left ones, or the only ones
    this.right = new Float32Array(this.samples.length);
    this.first = 0;
    this.count = 0;
    this.playing = false;
    this.waited = 0; // samples of time since the first frame came
    this.dry = 0; // samples of time since it ran dry; 0: it has not
    this.calm = 0;
    this.dropped = 0;
    this.surplus = 0; // samples that are to be played faster
    this.between = 0; // how far the next one is on its way from the first to the second, in HURRY parts
    this.judged = 0;
    this.settled = 0; // seconds
    this.least = Infinity;
  }

  /** How long a sample that is pushed now is going to wait, in ms. */
  get waits() {
    return (this.playing ? this.count : Math.max(this.margin - this.waited, this.count)) / 48;
  }

  /** @param {Int16Array} frame At most 960 samples, or 960 pairs. */
  push(frame) {
    const step = frame.length > FRAME ? 2 : 1, length = frame.length / step;
    this.judge();
    for (let i = 0; i < length; i++) {
      const at = (this.first + this.count + i) % this.samples.length;
      this.samples[at] = frame[step * i] / 32768;
      this.right[at] = frame[step * i + step - 1] / 32768;
    }
    this.count += length;
    // Soon after it ran dry: that was no pause, this was late.
    if (!this.playing && this.dry > 0 && this.dry < 3 * FRAME) this.resume();
    if (this.dry > 0) this.calm = 0;
    this.dry = 0;
    if (this.count <= this.margin + 2.5 * FRAME) return;
    const excess = this.count - this.margin - FRAME;
    this.first = (this.first + excess) % this.samples.length;
    this.count -= excess;
    this.dropped += excess;
    this.forget();
  }

  // It has been awaited already: nobody is to wait for it as long again.
  resume() {
    this.margin = Math.min(this.margin + STEP, this.most);
    this.waited = this.margin - STEP;
  }

  // What waits when a frame comes is what that one might have been late.
  judge() {
    if (!this.playing) return;
    this.least = Math.min(this.least, this.count);
    if (++this.judged < JUDGED) return;
    this.settle(this.least);
    const surplus = this.least - this.margin;
    this.forget();
    if (surplus > STEP / 4) this.surplus = Math.floor(surplus);
  }

  // One that stood still for a moment made the margin grow; for three seconds since nobody has come so late that less would not have done.
  /** @param {number} least */
  settle(least) {
    this.settled = least < 1.5 * STEP ? 0 : this.settled + 1;
    if (this.settled < SETTLED || this.margin <= this.usual) return;
    this.settled = 0;
    this.margin -= STEP;
  }

  forget() {
    this.judged = this.surplus = 0;
    this.least = Infinity;
  }

  /** Fills a block; with silence where there is nothing. @param {Float32Array} block @param {Float32Array} [right] */
  pull(block, right) {
    if (!this.playing && this.count > 0) this.begin(block.length);
    let i = 0;
    if (this.playing) {
      for (; i < block.length && this.count > 0; i++) this.play(block, right, i);
      if (i < block.length) this.stop();
      this.relax(i);
    }
    if (this.count === 0 && !this.playing) this.dry += block.length - i;
    block.fill(0, i);
    right?.fill(0, i);
  }

  /** @param {Float32Array} block @param {Float32Array | undefined} right @param {number} i */
  play(block, right, i) {
    if (this.surplus > 0 || this.between > 0) this.hurry(block, right, i);
    else {
      block[i] = this.samples[this.first];
      if (right) right[i] = this.right[this.first];
    }
    this.next();
  }

  // One of HURRY + 1 samples goes away by what is between each two of them.
  /** @param {Float32Array} block @param {Float32Array | undefined} right @param {number} i */
  hurry(block, right, i) {
    block[i] = this.at(this.samples);
    if (right) right[i] = this.at(this.right);
    if (++this.between < HURRY) return;
    this.between = 0;
    this.surplus = Math.max(0, this.surplus - 1);
    if (this.count > 1) this.next();
  }

  /** @param {Float32Array} samples The left ones or the right ones. */
  at(samples) {
    const size = samples.length, last = this.count - 1, t = this.between / HURRY;
    const ahead = (/** @type {number} */ by) => samples[(this.first + Math.min(by, last)) % size];
    return spline(samples[(this.first + size - 1) % size], ahead(0), ahead(1), ahead(2), t);
  }

  next() {
    this.first = (this.first + 1) % this.samples.length;
    this.count--;
  }

  stop() {
    this.playing = false;
    this.between = 0;
    this.forget();
  }

  /** @param {number} samples */
  begin(samples) {
    this.playing = this.waited >= this.margin;
    this.waited = this.playing ? 0 : this.waited + samples;
  }

  /** @param {number} samples */
  relax(samples) {
    this.calm += samples;
    if (this.calm < CALM) return;
    this.calm = 0;
    this.margin = Math.max(this.margin - STEP, STEP);
  }
}

/** Loudness of a frame from 0 (below -60 dB) to 1, for a meter. @param {Int16Array} frame */
export function loudness(frame) {
  let energy = 0;
  for (const sample of frame) energy += (sample / 32768) ** 2;
  const decibel = 10 * Math.log10(energy / frame.length + 1e-12);
  return Math.max(0, Math.min(1, 1 + decibel / 60));
}
