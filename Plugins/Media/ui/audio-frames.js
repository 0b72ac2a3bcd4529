// @ts-check
// Sound as the daemon has it: frames of 20 ms at 48 kHz (960 samples, or 960 pairs of left and right) or of 10 ms (480 samples), PCM of 16 bits. No DOM: used by the worklet, tested in node.

/** Samples of a frame. */
export const FRAME = 960;

/** @typedef {{samples: number, channels: number}} Shape Samples of each channel in a frame. */

/** Two channels are for music and come in frames of 20 ms, whatever is wished. @param {boolean} stereo @param {number} [milliseconds] 10 or 20 @returns {Shape} */
export function frameShape(stereo, milliseconds = 20) {
  return stereo ? { samples: FRAME, channels: 2 } : { samples: milliseconds === 10 ? FRAME / 2 : FRAME, channels: 1 };
}

/** Collects samples of any block size into frames. */
export class FrameCollector {
  /** @param {(frame: Int16Array<ArrayBuffer>) => void} deliver Gets a frame of its own each time. @param {Shape} [shape] */
  constructor(deliver, shape = frameShape(false)) {
    this.deliver = deliver;
    this.length = shape.samples * shape.channels;
    this.stereo = shape.channels === 2;
    this.frame = new Int16Array(this.length);
    this.filled = 0;
  }

  /** @param {Float32Array} left From -1 to 1; louder ones are clipped. @param {Float32Array} [right] For two channels. */
  push(left, right = left) {
    for (let i = 0; i < left.length; i++) {
      this.add(left[i]);
      if (this.stereo) this.add(right[i]);
    }
  }

  /** @param {number} sample */
  add(sample) {
    this.frame[this.filled++] = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
    if (this.filled < this.length) return;
    this.deliver(this.frame);
    this.frame = new Int16Array(this.length);
    this.filled = 0;
  }

  /** Forgets a frame that was begun. */
  clear() {
    this.filled = 0;
  }
}

/** Samples of 5 ms: the step of the margin. */
const STEP = FRAME / 4;
/** Samples of 10 s. */
const CALM = 480000;

/**
 * Holds sound between its arrival and its playing: begins `margin` samples of time after the first frame, so that a frame may come that much late. Each time it runs dry
 * within a spurt the margin grows by 5 ms, up to `most`; after ten calm seconds it comes down by as much. What is beyond the margin and two and a half frames is
 * dropped, the oldest first, so that a page that was held up does not lag behind, and a slow sound card not more and more.
 */
export class PlayRing {
  constructor(margin = 2 * STEP, most = 5 * FRAME) {
    this.margin = margin;
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
  }

  /** How long a sample that is pushed now is going to wait, in ms. */
  get waits() {
    return (this.playing ? this.count : Math.max(this.margin - this.waited, this.count)) / 48;
  }

  /** @param {Int16Array} frame At most 960 samples, or 960 pairs. */
  push(frame) {
    const step = frame.length > FRAME ? 2 : 1, length = frame.length / step;
    for (let i = 0; i < length; i++) {
      const at = (this.first + this.count + i) % this.samples.length;
      this.samples[at] = frame[step * i] / 32768;
      this.right[at] = frame[step * i + step - 1] / 32768;
    }
    this.count += length;
    // Soon after it ran dry: that was no pause, this was late.
    if (!this.playing && this.dry > 0 && this.dry < 3 * FRAME) this.margin = Math.min(this.margin + STEP, this.most);
    if (this.dry > 0) this.calm = 0;
    this.dry = 0;
    if (this.count <= this.margin + 2.5 * FRAME) return;
    const excess = this.count - this.margin - FRAME;
    this.first = (this.first + excess) % this.samples.length;
    this.count -= excess;
    this.dropped += excess;
  }

  /** Fills a block; with silence where there is nothing. @param {Float32Array} block @param {Float32Array} [right] */
  pull(block, right) {
    if (!this.playing && this.count > 0) this.begin(block.length);
    let i = 0;
    if (this.playing) {
      for (; i < block.length && this.count > 0; i++, this.count--) {
        block[i] = this.samples[this.first];
        if (right) right[i] = this.right[this.first];
        this.first = (this.first + 1) % this.samples.length;
      }
      if (i < block.length) this.playing = false;
      this.relax(i);
    }
    if (this.count === 0 && !this.playing) this.dry += block.length - i;
    block.fill(0, i);
    right?.fill(0, i);
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
