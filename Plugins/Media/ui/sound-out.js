// @ts-check
/** What plays the room's sound, kept by audio.js and audio-device.js, read by whoever times pictures. No DOM. */
export const soundOut = {
  /** This page plays it, and no sound card or file of the daemon's. */
  plays: false,
  /** How long a sample waits in the page's own ring, in ms. */
  waits: 15,
  /** @type {{baseLatency?: number, outputLatency?: number} | undefined} An AudioContext. */
  context: undefined,

  /** From the page to the ear, in ms; 0 when another one plays. */
  get delay() {
    return this.plays ? this.waits + 1000 * ((this.context?.baseLatency || 0) + (this.context?.outputLatency || 0)) : 0;
  },
};
