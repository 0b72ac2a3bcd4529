// @ts-check
// Decodes and draws everybody's pictures, so that the page itself has nothing to do with a frame but to pass it on.
//
// page -> worker: a frame (ArrayBuffer), or {do: "open", id, canvas} {do: "close", id} {do: "stream", id, stream} {do: "hold", id, hold}
// worker -> page: {say: "shown" | "failed" | "key", id, …} at a change, {say: "figures", items} each second

import { readFrame } from "./video-frame.js";
import { Seat } from "./video-seat.js";

const scope = /** @type {any} */ (globalThis);

/** @type {Map<string, Seat>} By person. */
const seats = new Map();
/** @type {Map<number, Seat>} By stream. */
const streams = new Map();
/** @type {Map<Seat, number>} Who has frames that wait, and until when. */
const sleeping = new Map();
let drawing = false, wakes = Infinity;
/** @type {any} */
let timer;

scope.onmessage = (/** @type {MessageEvent} */ { data }) => {
  if (data instanceof ArrayBuffer) receive(new Uint8Array(data));
  else if (data.do === "open") open(data);
  else if (data.do === "close") close(data.id);
  else if (data.do === "stream") setStream(data.id, data.stream);
  else if (data.do === "hold") setHold(data.id, data.hold);
};

/** @param {Uint8Array} message */
function receive(message) {
  const frame = readFrame(message);
  if (frame) streams.get(frame.stream)?.push(frame, performance.now());
}

/** @param {{id: string, canvas: OffscreenCanvas}} open */
function open({ id, canvas }) {
  seats.set(id, new Seat(canvas, { tell: (told) => scope.postMessage({ ...told, id }), dirty, wake }));
}

/** @param {string} id */
function close(id) {
  setStream(id, 0);
  seats.delete(id);
}

/** @param {string} id @param {number} stream 0: none. */
function setStream(id, stream) {
  const seat = seats.get(id);
  if (!seat) return;
  for (const [number, other] of streams) if (other === seat) streams.delete(number);
  sleeping.delete(seat);
  seat.clear();
  if (stream) streams.set(stream, seat);
}

/** @param {string} id @param {number} hold In ms. */
function setHold(id, hold) {
  const seat = seats.get(id);
  if (seat) seat.clock.hold = hold;
}

/** All that is ready is drawn together, once for each picture of the screen. */
function dirty() {
  if (drawing) return;
  drawing = true;
  scope.requestAnimationFrame(() => {
    drawing = false;
    const now = performance.now();
    for (const seat of streams.values()) seat.draw(now);
  });
}

/** One timer for all: set for the first who is due. @param {Seat} seat @param {number} due */
function wake(seat, due) {
  sleeping.set(seat, due);
  if (due >= wakes) return;
  wakes = due;
  clearTimeout(timer);
  timer = setTimeout(awake, Math.max(0, due - performance.now()));
}

function awake() {
  const now = performance.now(), due = [...sleeping].filter(([, at]) => at <= now + 0.5);
  wakes = Infinity;
  for (const [seat] of due) {
    sleeping.delete(seat);
    seat.run(now);
  }
  for (const [seat, at] of sleeping) wake(seat, at);
}

setInterval(() => {
  const now = performance.now();
  const items = [...seats].map(([id, seat]) => ({ id, ...seat.figures.take(now) }));
  scope.postMessage({ say: "figures", items });
}, 1000);
