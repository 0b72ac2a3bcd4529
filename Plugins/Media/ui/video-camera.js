// @ts-check
// The browser's camera: opened, coded in a worker, sent on lane "camera".

import { layersOf } from "./video-layers.js";

/** More bytes than this wait in the WebSocket: the daemon does not keep up, and nothing is coded until few are left. */
const MOST_WAITING = 256 * 1024, FEW_WAITING = 32 * 1024;

/** @typedef {import("../../../Host/ui/types").Lane} Lane */

export class BrowserCamera {
  /**
   * Asks the person and opens the camera.
   * @param {Lane} lane
   * @param {(error: Error) => void} failed The camera was unplugged or the browser cannot code.
   * @param {string} [deviceId] Which camera.
   */
  static async open(lane, failed, deviceId) {
    if (!navigator.mediaDevices || !("VideoEncoder" in window)) throw new Error("this browser has no WebCodecs.");
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 }, ...(deviceId ? { deviceId: { exact: deviceId } } : {}) },
    });
    return new BrowserCamera(stream, lane, failed);
  }

  /** @param {MediaStream} stream @param {Lane} lane @param {(error: Error) => void} failed */
  constructor(stream, lane, failed) {
    this.stream = stream;
    this.lane = lane;
    this.failed = failed;
    this.running = true;
    const [track] = stream.getVideoTracks();
    const settings = track.getSettings();
    this.deviceId = settings.deviceId ?? "";
    this.layers = layersOf(settings.height ?? 480);
    track.onended = () => failed(new Error("it was unplugged or taken away."));
    this.worker = new Worker(new URL("./video-encode-worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => this.#take(data);
    this.worker.onerror = () => failed(new Error("its worker has ended."));
    this.#start(track).catch(failed);
  }

  /** What anybody displays. @param {{layers: string[], bitrate?: number, fps?: number}} wanted */
  want(wanted) {
    this.worker.postMessage({ do: "want", wanted });
  }

  /** @param {string} [layer] None: of all. */
  askKeyFrame(layer) {
    this.worker.postMessage({ do: "key", layer });
  }

  close() {
    this.running = false;
    for (const track of this.stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    this.worker.postMessage({ do: "stop" });
  }

  /** @param {any} data A frame, or what has happened. */
  #take(data) {
    if (data instanceof ArrayBuffer) this.#send(data);
    else if (data.say === "stopped") this.worker.terminate();
    else if (data.say === "failed" && this.running) this.failed(new Error(data.message));
  }

  /** @param {ArrayBuffer} message */
  #send(message) {
    if (!this.running) return;
    // What was not sent is missing to every decoder.
    if (!this.lane.send(message)) this.askKeyFrame();
    else if (!this.waiting && this.lane.bufferedAmount > MOST_WAITING) this.#pause();
  }

  #pause() {
    this.worker.postMessage({ do: "pause", paused: true });
    this.waiting = setInterval(() => {
      if (this.lane.bufferedAmount > FEW_WAITING && this.running) return;
      clearInterval(this.waiting);
      this.waiting = undefined;
      this.worker.postMessage({ do: "pause", paused: false });
    }, 50);
  }

  /** @param {MediaStreamTrack} track */
  async #start(track) {
    if (!("MediaStreamTrackProcessor" in window)) return this.#runByVideo();
    // Its stream of pictures goes to the worker as a whole: none of them passes through here.
    const { readable } = new /** @type {any} */ (window).MediaStreamTrackProcessor({ track, maxBufferSize: 2 });
    this.worker.postMessage({ do: "start", pictures: readable }, [readable]);
  }

  // Browsers that hand out no frames of a track show them in a video element at least; while the page is in the background they may pause.
  async #runByVideo() {
    const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: this.stream });
    await video.play();
    const next = () => {
      if (!this.running) return;
      const picture = new VideoFrame(video, { timestamp: Math.round(performance.now() * 1000) });
      this.worker.postMessage(picture, [/** @type {any} */ (picture)]);
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  }
}
