// @ts-check
import { mountAudio } from "./audio.js";
import { mountVideo } from "./video.js";

/**
 * @param {any} panel
 * @param {any} bridge
 */
export function mount(panel, bridge) {
  mountAudio(panel, bridge);
  mountVideo(panel, bridge);
}
