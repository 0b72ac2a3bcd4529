// @ts-check
// How long pictures are held so that they go with their person's sound. No DOM.

import { MOST_HELD } from "./video-clock.js";

/** Sound that is later than the picture by this much, in ms, is not noticed (ITU-R BT.1359: 125 late, 45 early); to hold pictures for less would only delay them. */
const UNNOTICED = 45;

/**
 * @param {number} lag So much later than the quickest pictures the sound comes to this page, in ms (`media/video.hold`).
 * @param {number} [out] From there to the ear, in ms.
 * @returns {number} In ms, whole fives: less than that is not worth a change.
 */
export function holdFor(lag, out = 0) {
  return Math.round(Math.min(MOST_HELD, Math.max(0, lag + out - UNNOTICED)) / 5) * 5;
}
