// @ts-check
// Takes pictures of the screen, drops those that come while it is busy (all but the newest), and posts the tiles that have changed.

import { changedTiles, fitting, flatColour, packUpdate, TILE } from "./tiles.js";

/** @typedef {VideoFrame | ImageBitmap} Source */
/** @typedef {import("./tiles.js").Area} Area */
/** @typedef {import("./tiles.js").Tile} Tile */

const SHORTEST_MS = 33;
/** Updates under way to the daemon: the page is told when one has gone on. */
const WINDOW = 2;
const ENCODERS = 4;

/** @type {Source | null} */ let newest = null;
/** @type {Uint32Array | null} */ let sent = null;
let size = { width: 0, height: 0 };
let busy = false;
let underWay = 0;
let number = 0;
const screen = new OffscreenCanvas(1, 1);
const screenContext = contextOf(screen);
const encoders = Array.from({ length: ENCODERS }, () => new OffscreenCanvas(TILE, TILE));

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

async function pump() {
  if (busy || !newest || underWay >= WINDOW) return;
  busy = true;
  const source = newest;
  newest = null;
  const pause = new Promise((resolve) => setTimeout(resolve, SHORTEST_MS));
  try {
    await share(source);
  } catch (error) {
    self.postMessage({ error: `The screen cannot be captured: ${/** @type {Error} */ (error).message}` });
  }
  await pause;
  busy = false;
  void pump();
}

/** @param {Source} source */
async function share(source) {
  const image = read(source);
  const pixels = new Uint32Array(image.data.buffer);
  const places = changedTiles(sent, pixels, size.width, size.height);
  sent = pixels;
  if (places.length === 0) return;
  const frames = packUpdate(++number, size.width, size.height, await encodeAll(image, pixels, places));
  underWay++;
  self.postMessage({ update: frames }, frames.map((frame) => frame.buffer));
}

/** @param {Source} source @returns {ImageData} */
function read(source) {
  const own = "displayWidth" in source ? [source.displayWidth, source.displayHeight] : [source.width, source.height];
  const wanted = fitting(own[0], own[1]);
  if (wanted.width !== size.width || wanted.height !== size.height) {
    size = wanted;
    Object.assign(screen, size);
    sent = null;
  }
  screenContext.drawImage(source, 0, 0, size.width, size.height);
  source.close();
  return screenContext.getImageData(0, 0, size.width, size.height);
}

/** A few at a time. @param {ImageData} image @param {Uint32Array} pixels @param {Area[]} places @returns {Promise<Tile[]>} */
async function encodeAll(image, pixels, places) {
  /** @type {Tile[]} */ const tiles = new Array(places.length);
  let next = 0;
  await Promise.all(encoders.map(async (canvas) => {
    while (next < places.length) {
      const index = next++, place = places[index], colour = flatColour(pixels, image.width, place);
      tiles[index] = colour === null ? { ...place, image: await encode(canvas, image, place) } : { ...place, colour };
    }
  }));
  return tiles;
}

/** @param {OffscreenCanvas} canvas @param {ImageData} image @param {Area} place */
async function encode(canvas, image, { x, y, width, height }) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  contextOf(canvas).putImageData(image, -x, -y, x, y, width, height);
  const png = await canvas.convertToBlob({ type: "image/png" });
  return new Uint8Array(await png.arrayBuffer());
}

/** On the processor: every pixel is read back. @param {OffscreenCanvas} canvas */
function contextOf(canvas) {
  return /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false, willReadFrequently: true }));
}
