// @ts-check
// How long pictures are held so that they go with their person's sound. No DOM.

import { MOST_HELD } from "./video-clock.js";

/** What sound takes longer than pictures before and behind its buffers, in ms: a frame is collected first, and the page's own ring holds some. */
const FRAME = 20, RING = 15;
/** Sound that is later than the picture by this much, in ms, is not noticed (ITU-R BT.1359: 125 late, 45 early); to hold pictures for less would only delay them. */
const UNNOTICED = 45;
/** A playout buffer holds what the transit times' spread asks for: some three times their mean deviation. */
const SPREAD = 3;

/**
 * An estimate from the sound's own figures (`media/stats`).
 * @param {{jitter: number} | undefined} sent The person's sound on its way to the hub.
 * @param {{delay: number} | undefined} mix The mix on its way to this machine; none: nothing is heard.
 * @param {number} [out] From the page to the ear, in ms.
 * @returns {number} In ms, whole tens: less than that is not worth a change.
 */
export function holdFor(sent, mix, out = 0) {
  if (!sent || !mix) return 0;
  const late = FRAME + RING + SPREAD * sent.jitter + mix.delay + out - UNNOTICED;
  return Math.round(Math.min(MOST_HELD, Math.max(0, late)) / 10) * 10;
}
