// @ts-check
import { talkers } from "./talkers.js";

/**
 * @param {any} panel
 * @param {any} bridge
 */
export function mountAudio(panel, bridge) {
  bridge.on("people", (/** @type {any} */ body) => talkers.setPeople(body.people));
  bridge.on("levels", (/** @type {any} */ body) => talkers.setLevels(body.talkers));
}
