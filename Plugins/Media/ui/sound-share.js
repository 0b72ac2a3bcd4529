// @ts-check
// The sound of a tab or a screen that is shared from this page: a stream of its own beside the voice.

import { frameShape } from "./audio-frames.js";
import { listen } from "./audio-device.js";

/** @typedef {{sound: string, stereo: boolean}} State */

export class SoundShare {
  /** @type {MediaStreamTrack | null} */ #track = null;
  /** @type {(() => void) | undefined} */ #release;
  #state = { sound: "none", stereo: false };

  /**
   * @param {import("../../../Host/ui/types").Panel} panel
   * @param {import("./audio-device.js").AudioDevice} device
   * @param {(frame: Int16Array<ArrayBuffer>) => void} deliver
   * @param {(change: {sound: string}) => void} request
   */
  constructor(panel, device, deliver, request) {
    this.panel = panel;
    this.device = device;
    this.deliver = deliver;
    this.request = request;
    panel.onSharedSound((track) => void this.#use(track));
  }

  /** @param {State} state */
  apply(state) {
    const anew = state.stereo !== this.#state.stereo;
    this.#state = state;
    if (anew && this.#track) void this.#use(this.#track);
  }

  /** @param {MediaStreamTrack | null} track */
  async #use(track) {
    const before = this.#track;
    this.#track = track;
    this.#release?.();
    this.#release = undefined;
    if (!track) {
      if (before && this.#state.sound === "browser") this.request({ sound: "none" });
      return;
    }
    if (track !== before) this.request({ sound: "browser" });
    await this.#capture(track).catch(() => {
      this.panel.notice("What is shared is shown without its sound: this browser does not let the page have it.", "error");
      this.request({ sound: "none" });
    });
  }

  /** @param {MediaStreamTrack} track */
  async #capture(track) {
    const { end } = await listen(this.device, new MediaStream([track]), frameShape(this.#state.stereo), this.deliver);
    if (track !== this.#track || this.#release) return end(); // ended meanwhile, or begun anew
    this.#release = end;
    await this.device.resume();
  }
}
