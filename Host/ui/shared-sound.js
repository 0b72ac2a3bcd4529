// @ts-check
// The sound that goes with the pictures somebody shares in this page: whoever shares them sets it, whoever carries sound takes it.

/** @type {MediaStreamTrack | null} */ let sound = null;
/** @type {((track: MediaStreamTrack | null) => void)[]} */
const listeners = [];

/** @param {MediaStreamTrack | null} track null: none any more. One that ends by itself is taken away. */
export function setSharedSound(track) {
  if (track === sound) return;
  sound = track;
  track?.addEventListener("ended", () => { if (track === sound) setSharedSound(null); });
  for (const listener of listeners) listener(track);
}

/** @param {(track: MediaStreamTrack | null) => void} fn Called after each change, and at once when there is one. */
export function onSharedSound(fn) {
  listeners.push(fn);
  if (sound) fn(sound);
}
