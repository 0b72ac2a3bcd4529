// @ts-check
// Sound as the daemon has it: frames of 960 samples (20 ms at 48 kHz), PCM of 16 bits. No DOM: used by the worklet, tested in node.

/** Samples of a frame. */
export const FRAME = 960;

/** Collects samples of any block size into frames. */
export class FrameCollector {
  /** @param {(frame: Int16Array<ArrayBuffer>) => void} deliver Gets a frame of its own each time. */
  constructor(deliver) {
    this.deliver = deliver;
    this.frame = new Int16Array(FRAME);
    this.filled = 0;
  }

  /** @param {Float32Array} samples From -1 to 1; louder ones are clipped. */
  push(samples) {
    for (const sample of samples) {
      this.frame[this.filled++] = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
      if (this.filled < FRAME) continue;
      this.deliver(this.frame);
      this.frame = new Int16Array(FRAME);
      this.filled = 0;
    }
  }

  /** Forgets a frame that was begun. */
  clear() {
    this.filled = 0;
  }
}

/**
 * Holds sound between its arrival and its playing: begins when `start` samples are there, begins anew after it ran dry, and drops the
 * oldest beyond `limit`, so that a page that was held up does not lag behind for ever.
 */
export class PlayRing {
  constructor(start = 3 * FRAME, limit = 10 * FRAME) {
    this.start = start;
    this.limit = limit;
    this.samples = new Float32Array(limit + FRAME);
    this.first = 0;
    this.count = 0;
    this.playing = false;
    this.dropped = 0;
  }

  /** @param {Int16Array} frame At most 960 samples. */
  push(frame) {
    for (let i = 0; i < frame.length; i++) this.samples[(this.first + this.count + i) % this.samples.length] = frame[i] / 32768;
    this.count += frame.length;
    if (this.count <= this.limit) return;
    const excess = this.count - this.start;
    this.first = (this.first + excess) % this.samples.length;
    this.count -= excess;
    this.dropped += excess;
  }

  /** Fills a block; with silence where there is nothing. @param {Float32Array} block */
  pull(block) {
    if (!this.playing && this.count >= this.start) this.playing = true;
    let i = 0;
    if (this.playing) {
      for (; i < block.length && this.count > 0; i++, this.count--) {
        block[i] = this.samples[this.first];
        this.first = (this.first + 1) % this.samples.length;
      }
      if (i < block.length) this.playing = false;
    }
    block.fill(0, i);
  }
}

/** Loudness of a frame from 0 (below -60 dB) to 1, for a meter. @param {Int16Array} frame */
export function loudness(frame) {
  let energy = 0;
  for (const sample of frame) energy += (sample / 32768) ** 2;
  const decibel = 10 * Math.log10(energy / frame.length + 1e-12);
  return Math.max(0, Math.min(1, 1 + decibel / 60));
}
