// @ts-check
// This browser's screen, window or tab: the pictures go to a worker, which finds and encodes what has changed.

import { followPointer, pointerController } from "./capture-pointer.js";

const MAX_FPS = 30;

/** @typedef {{start: () => void, acknowledge: () => void, stop: () => void, sound: MediaStreamTrack | null}} Capture What is shared may have sound. */

/** False where no browser can share a screen: on phones, mostly. */
export const canCapture = () => Boolean(navigator.mediaDevices?.getDisplayMedia && globalThis.OffscreenCanvas);

/**
 * Asks the person what to share. Nothing is sent before `start`.
 * @param {(frame: Uint8Array) => void} send Called for each frame of tiles, in order.
 * @param {(reason: string) => void} ended Called once when it ends by itself; empty: the person has ended it.
 * @returns {Promise<Capture | null>} null: the person changed their mind.
 */
export async function askForScreen(send, ended) {
  const controller = pointerController(), stream = await chooseScreen(controller);
  if (!stream) return null;
  const track = stream.getVideoTracks()[0], sound = stream.getAudioTracks()[0] ?? null;
  const worker = new Worker(new URL("./capture-worker.js", import.meta.url), { type: "module" });
  let stopFrames = () => {}, stopPointer = () => {}, stopped = false;
  const stop = () => {
    stopped = true;
    stopFrames();
    stopPointer();
    worker.terminate();
    track.stop();
    sound?.stop();
  };
  worker.onmessage = ({ data }) => data.update ? data.update.forEach(send) : finish(data.error);
  worker.onerror = (event) => finish(event.message || "The screen cannot be captured.");
  track.onended = () => finish("");
  /** @param {string} reason */
  function finish(reason) {
    stop();
    ended(reason);
  }
  const start = () => {
    stopFrames = feed(track, worker);
    if (controller) void followPointer(controller, send).then((end) => { if (stopped) end(); else stopPointer = end; });
  };
  return { start, acknowledge: () => worker.postMessage({ acknowledged: true }), stop, sound };
}

/** @param {EventTarget | null} controller Tells of the pointer, which then is not painted. */
async function chooseScreen(controller) {
  const cursor = controller ? "never" : "always";
  // A tab's sound as it is, without what this page itself plays; of a whole screen it would be the meeting, too.
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, restrictOwnAudio: true };
  try {
    return await navigator.mediaDevices.getDisplayMedia(/** @type {any} */ ({ video: { frameRate: { max: MAX_FPS }, cursor }, audio, systemAudio: "exclude", ...controller && { controller } }));
  } catch (error) {
    if (/** @type {Error} */ (error).name === "NotAllowedError" || /** @type {Error} */ (error).name === "AbortError") return null;
    throw error;
  }
}

/** @param {MediaStreamTrack} track @param {Worker} worker @returns {() => void} Stops it. */
function feed(track, worker) {
  const Processor = /** @type {any} */ (globalThis).MediaStreamTrackProcessor;
  if (!Processor) return feedByVideo(track, worker);
  const { readable } = new Processor({ track });
  worker.postMessage({ readable }, [readable]);
  return () => {};
}

/** For browsers that give no frames of a track. @param {MediaStreamTrack} track @param {Worker} worker */
function feedByVideo(track, worker) {
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  let running = true;
  const next = () => running && ("requestVideoFrameCallback" in video ? video.requestVideoFrameCallback(take) : setTimeout(take, 1000 / MAX_FPS));
  const take = async () => {
    if (!running) return;
    if (video.videoWidth > 0) {
      const picture = await createImageBitmap(video);
      worker.postMessage({ picture }, [picture]);
    }
    next();
  };
  void video.play().then(next);
  return () => {
    running = false;
    video.srcObject = null;
  };
}
