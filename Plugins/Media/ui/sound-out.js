// @ts-check
/** What plays the room's sound, kept by audio-device.js, read by whoever times pictures. No DOM. */
export const soundOut = {
  /** @type {{outputLatency?: number} | undefined} An AudioContext. */
  context: undefined,

  /** From the page to the ear, in ms; 0 while it is not known. */
  get delay() {
    return 1000 * (this.context?.outputLatency ?? 0) || 0;
  },
};
