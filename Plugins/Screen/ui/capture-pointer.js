// @ts-check
// The pointer over what is captured, apart from the picture: where the browser tells of it (W3C Screen Capture, "Captured Mouse Events") it is
// left out of the pictures and sent as its place, so that it moves without costing one. Browsers do not tell its shape: it is an arrow.

import { packPlace, packShape } from "./tiles.js";

const ARROW = 1, SIDE = 24;

/** @typedef {EventTarget} Controller */

/** A controller that tells of the pointer; null where browsers have none: the pointer is then painted into the picture. @returns {Controller | null} */
export function pointerController() {
  const Controller = /** @type {any} */ (globalThis).CaptureController;
  return Controller && "oncapturedmousechange" in Controller.prototype ? new Controller() : null;
}

/**
 * Sends the arrow, and from then on its places.
 * @param {Controller} controller @param {(frame: Uint8Array) => void} send @param {() => Promise<Uint8Array>} [draw] Gives the arrow as PNG.
 * @returns {Promise<() => void>} Stops it.
 */
export async function followPointer(controller, send, draw = arrow) {
  send(packShape({ shape: ARROW, hotX: 1, hotY: 1, png: await draw() }));
  const moved = (/** @type {any} */ { surfaceX, surfaceY }) => send(surfaceX < 0 || surfaceY < 0
    ? packPlace({ x: 0, y: 0, shape: 0 })
    : packPlace({ x: Math.min(surfaceX, 0xFFFF), y: Math.min(surfaceY, 0xFFFF), shape: ARROW }));
  controller.addEventListener("capturedmousechange", moved);
  return () => controller.removeEventListener("capturedmousechange", moved);
}

async function arrow() {
  const canvas = new OffscreenCanvas(SIDE, SIDE), context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "black";
  context.strokeStyle = "white";
  const shape = new Path2D("M1 1 L1 17 L5 13.5 L8 20 L11 18.5 L8 12.5 L13 12.5 Z");
  context.stroke(shape);
  context.fill(shape);
  return new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
}
