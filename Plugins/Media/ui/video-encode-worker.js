// @ts-check
// Reads the camera and codes its pictures, away from the page.
//
// page -> worker: {do: "start", pictures} (a stream of VideoFrames) or single VideoFrames; {do: "want", wanted} {do: "key", layer} {do: "pause", paused} {do: "stop"}
// worker -> page: a coded frame behind its header (ArrayBuffer), {say: "failed", message}, {say: "stopped"}

import { CameraEncoder } from "./video-encoder.js";

const scope = /** @type {any} */ (globalThis);
const encoder = new CameraEncoder(
  (message) => scope.postMessage(message.buffer, [message.buffer]),
  (error) => scope.postMessage({ say: "failed", message: error.message }),
);
/** @type {ReadableStreamDefaultReader<VideoFrame> | null} */
let reader = null;

scope.onmessage = (/** @type {MessageEvent} */ { data }) => {
  if (data instanceof VideoFrame) encoder.encode(data);
  else if (data.do === "start") read(data.pictures).catch((error) => scope.postMessage({ say: "failed", message: String(error.message) }));
  else if (data.do === "want") encoder.want(data.wanted);
  else if (data.do === "key") encoder.askKeyFrame(data.layer);
  else if (data.do === "pause") encoder.paused = data.paused;
  else if (data.do === "stop") stop();
};

/** @param {ReadableStream<VideoFrame>} pictures */
async function read(pictures) {
  reader = pictures.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    encoder.encode(value);
  }
}

function stop() {
  void reader?.cancel(); // closes what still waits in there
  encoder.close();
  scope.postMessage({ say: "stopped" });
}
