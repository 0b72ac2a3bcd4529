// @ts-check
// The screen or the slides that somebody presents, and the control to present oneself.

import { askForScreen, canCapture } from "./capture.js";
import { askForFolder } from "./folder-form.js";
import { ScreenView } from "./view.js";

/** @typedef {{id: string | null, name?: string, presentation: number, width: number, height: number}} Presenter */
/** @typedef {{source: string | null, page?: number, pages?: number, reason?: string}} Sharing */

/** @param {any} panel @param {any} bridge */
export function mount(panel, bridge) {
  const region = panel.region("stage", { title: "Screen", order: 0 });
  /** @type {import("./capture.js").Capture | null} */ let capture = null;
  /** @type {Sharing} */ let sharing = { source: null };
  const report = (/** @type {Error} */ error) => panel.notice(error.message, "error");

  const acknowledge = (/** @type {number} */ frame) => void bridge.request("shown", { frame }).catch(() => { /* the next connection starts over */ });
  const turn = (/** @type {number} */ by) => void bridge.request("slides", { by }).catch(report);
  const view = new ScreenView(region, panel, { shown: acknowledge, turn });
  const control = panel.control({ id: "screen", label: "Share screen", icon: "screen", order: 30, onClick: toggle });
  const lane = bridge.lane("tiles", (/** @type {Uint8Array} */ bytes) => view.take(bytes));

  bridge.on("presenter", (/** @type {Presenter} */ presenter) => view.present(presenter));
  bridge.on("sharing", (/** @type {Sharing} */ now) => {
    sharing = now;
    if (now.source !== "browser") stopCapture();
    if (now.reason) panel.notice(now.reason, "error");
    control.set(now.source
      ? { label: "Stop sharing", icon: "screen-off", pressed: true }
      : { label: "Share screen", icon: "screen", pressed: false });
    view.share(now, capture !== null);
  });
  bridge.on("shown", () => capture?.acknowledge());
  bridge.onReconnect(() => {
    stopCapture();
    view.reset();
    acknowledge(0);
  });
  panel.onLeft(() => { if (sharing.source) void bridge.request("stop").catch(report); });
  acknowledge(0);

  function toggle() {
    if (sharing.source) void bridge.request("stop").catch(report);
    else panel.menu(control.element, choices());
  }

  function choices() {
    const items = [
      { label: "The display of this machine", onSelect: () => void present("device") },
      { label: "Slides from a folder…", onSelect: () => askForFolder((folder) => void present(`file:${folder}`)) },
    ];
    return canCapture() ? [{ label: "A screen, window or tab…", onSelect: () => void shareFromBrowser() }, ...items] : items;
  }

  /** @param {string} source */
  const present = (source) => bridge.request("present", { source }).catch(report);

  async function shareFromBrowser() {
    /** @type {import("./capture.js").Capture | null} */ let asked = null;
    try {
      asked = await askForScreen((frame) => lane.send(frame), ended);
      if (!asked) return;
      await bridge.request("present", { source: "browser" });
      stopCapture();
      capture = asked;
      view.share(sharing, true);
      asked.start();
    } catch (error) {
      asked?.stop();
      report(/** @type {Error} */ (error));
    }
  }

  /** @param {string} reason */
  function ended(reason) {
    capture = null;
    if (reason) panel.notice(reason, "error");
    void bridge.request("stop").catch(() => { /* a lost connection ends it, too */ });
  }

  function stopCapture() {
    capture?.stop();
    capture = null;
  }
}
