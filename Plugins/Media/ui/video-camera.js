// @ts-check
// The browser's camera: opened, coded, sent on lane "camera".

import { CameraEncoder } from "./video-codec.js";

/** More bytes than this wait in the WebSocket: the daemon does not keep up, and old pictures help nobody. */
const MOST_WAITING = 512 * 1024;

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
      video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 30 }, ...(deviceId ? { deviceId: { exact: deviceId } } : {}) },
    });
    return new BrowserCamera(stream, lane, failed);
  }

  /** @param {MediaStream} stream @param {Lane} lane @param {(error: Error) => void} failed */
  constructor(stream, lane, failed) {
    this.stream = stream;
    this.lane = lane;
    this.encoder = new CameraEncoder((message) => lane.bufferedAmount < MOST_WAITING && lane.send(message), failed);
    const [track] = stream.getVideoTracks();
    this.deviceId = track.getSettings().deviceId ?? "";
    track.onended = () => failed(new Error("it was unplugged or taken away."));
    this.running = true;
    this.#run(track).catch(failed);
  }

  /** @param {"large" | "small"} [layer] None: of all. */
  askKeyFrame(layer) {
    this.encoder.askKeyFrame(layer);
  }

  close() {
    this.running = false;
    for (const track of this.stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
    this.encoder.close();
  }

  /** @param {MediaStreamTrack} track */
  async #run(track) {
    if (!("MediaStreamTrackProcessor" in window)) return this.#runByVideo();
    const processor = new /** @type {any} */ (window).MediaStreamTrackProcessor({ track, maxBufferSize: 2 });
    const reader = processor.readable.getReader();
    while (this.running) {
      const { value, done } = await reader.read();
      if (done) return;
      if (this.running) this.encoder.encode(value);
      else value.close();
    }
    void reader.cancel(); // closes what still waits in there
  }

  // Browsers that hand out no frames of a track show them in a video element at least; while the page is in the background they may pause.
  async #runByVideo() {
    const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: this.stream });
    await video.play();
    const next = () => {
      if (!this.running) return;
      this.encoder.encode(new VideoFrame(video, { timestamp: Math.round(performance.now() * 1000) }));
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  }
}
