// @ts-check
// Takes pictures of the screen, drops those that come while it is busy (all but the newest), and posts what has changed. A screen on which
// nothing happens gives no pictures and so costs nothing; while something lossy is shown the last picture is looked at again until it is exact.

import { Delta } from "./delta.js";
import { fitting, packUpdate } from "./tiles.js";

/** @typedef {VideoFrame | ImageBitmap} Source */
/** @typedef {import("./tiles.js").Area} Area */
/** @typedef {import("./tiles.js").Tile} Tile */
/** @typedef {import("./delta.js").Piece} Piece */

const SHORTEST_MS = 33;
/** How soon to look again whether something lossy has stood still. */
const MENDING_MS = 60;
/** Updates under way to the daemon: the page is told when one has gone on. */
const WINDOW = 2;
const ENCODERS = 4;
const JPEG_QUALITY = .8;

/** @type {Source | null} */ let newest = null;
/** The picture that was taken last. @type {{image: ImageData, pixels: Uint32Array} | null} */ let last = null;
let size = { width: 0, height: 0 };
let busy = false;
let underWay = 0;
let number = 0;
let mending = 0;
const delta = new Delta(() => performance.now());
const screen = new OffscreenCanvas(1, 1);
const screenContext = contextOf(screen);
const encoders = Array.from({ length: ENCODERS }, () => new OffscreenCanvas(1, 1));

self.onmessage = ({ data }) => {
  if (data.readable) void readAll(data.readable);
  else if (data.picture) offer(data.picture);
  else if (data.acknowledged) {
    underWay--;
    void pump();
  }
};

/** @param {ReadableStream<VideoFrame>} readable */
async function readAll(readable) {
  const reader = readable.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    offer(value);
  }
}

/** @param {Source} source */
function offer(source) {
  newest?.close();
  newest = source;
  void pump();
}

/** @param {boolean} [mend] The last picture will do. */
async function pump(mend = false) {
  if (busy || underWay >= WINDOW || !newest && !(mend && last)) return;
  busy = true;
  clearTimeout(mending);
  const source = newest;
  newest = null;
  const pause = new Promise((resolve) => setTimeout(resolve, SHORTEST_MS));
  try {
    if (source) last = read(source);
    if (last) await share(last);
  } catch (error) {
    self.postMessage({ error: `The screen cannot be captured: ${/** @type {Error} */ (error).message}` });
  }
  await pause;
  busy = false;
  if (delta.isLossy) mending = setTimeout(() => void pump(true), MENDING_MS - SHORTEST_MS);
  void pump();
}

/** @param {{image: ImageData, pixels: Uint32Array}} taken */
async function share({ image, pixels }) {
  const pieces = delta.take(pixels, image.width, image.height);
  if (pieces.length === 0) return;
  const frames = packUpdate(++number, image.width, image.height, await encodeAll(image, pieces));
  underWay++;
  self.postMessage({ update: frames }, frames.map((frame) => frame.buffer));
}

/** @param {Source} source */
function read(source) {
  const own = "displayWidth" in source ? [source.displayWidth, source.displayHeight] : [source.width, source.height];
  const wanted = fitting(own[0], own[1]);
  if (wanted.width !== size.width || wanted.height !== size.height) {
    size = wanted;
    Object.assign(screen, size);
  }
  screenContext.drawImage(source, 0, 0, size.width, size.height);
  source.close();
  const image = screenContext.getImageData(0, 0, size.width, size.height);
  return { image, pixels: new Uint32Array(image.data.buffer) };
}

/** A few at a time. @param {ImageData} image @param {Piece[]} pieces @returns {Promise<Tile[]>} */
async function encodeAll(image, pieces) {
  /** @type {Tile[]} */ const tiles = new Array(pieces.length);
  let next = 0;
  await Promise.all(encoders.map(async (canvas) => {
    while (next < pieces.length) {
      const index = next++, piece = pieces[index];
      tiles[index] = "lossy" in piece ? { ...piece, image: await encode(canvas, image, piece, piece.lossy) } : piece;
    }
  }));
  return tiles;
}

/** @param {OffscreenCanvas} canvas @param {ImageData} image @param {Area} place @param {boolean} lossy */
async function encode(canvas, image, { x, y, width, height }, lossy) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  contextOf(canvas).putImageData(image, -x, -y, x, y, width, height);
  const blob = await canvas.convertToBlob(lossy ? { type: "image/jpeg", quality: JPEG_QUALITY } : { type: "image/png" });
  return new Uint8Array(await blob.arrayBuffer());
}

/** On the processor: every pixel is read back. @param {OffscreenCanvas} canvas */
function contextOf(canvas) {
  return /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false, willReadFrequently: true }));
}
