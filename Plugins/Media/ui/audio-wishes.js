// @ts-check
// Which of the browser's devices are wanted and how the microphone is treated: kept in this browser. No DOM: tested in node.

/** What the browser can do to a microphone, and what a person calls it. */
export const PROCESSING = [
  ["echoCancellation", "Take out the echo of my speaker"],
  ["noiseSuppression", "Take out steady noise"],
  ["autoGainControl", "Even out my loudness"],
];

/** @typedef {{id: string, label: string}} Device */
/** @typedef {{getItem(key: string): string | null, setItem(key: string, value: string): void}} Store */

/** Fires "change". */
export class Wishes extends EventTarget {
  /** @param {Store} store A private window's may throw: then nothing is remembered. */
  constructor(store) {
    super();
    this.store = store;
    /** @type {Record<string, any>} */
    this.all = { microphone: { id: "", label: "" }, speaker: { id: "", label: "" }, ...Object.fromEntries(PROCESSING.map(([name]) => [name, true])) };
    try {
      const kept = JSON.parse(store.getItem("media.devices") ?? "{}");
      for (const name of Object.keys(this.all)) if (typeof kept[name] === typeof this.all[name]) this.all[name] = kept[name];
    } catch { /* as if nothing had been kept */ }
  }

  /** @param {object} change */
  set(change) {
    Object.assign(this.all, change);
    try { this.store.setItem("media.devices", JSON.stringify(this.all)); } catch { /* for this time only */ }
    this.dispatchEvent(new Event("change"));
  }
}

/** The browser's devices as they come and go. Fires "change", also when the wishes change. */
export class BrowserDevices extends EventTarget {
  /** @type {MediaDeviceInfo[]} */ #all = [];

  /** @param {MediaDevices | undefined} media Undefined where the page may not use any. @param {Wishes} wishes */
  constructor(media, wishes) {
    super();
    this.media = media;
    this.wishes = wishes;
    media?.addEventListener("devicechange", () => void this.refresh());
    wishes.addEventListener("change", () => this.dispatchEvent(new Event("change")));
  }

  /** Looks again. Their names are known once the person has allowed the microphone. */
  async refresh() {
    try {
      this.#all = (await this.media?.enumerateDevices()) ?? [];
    } catch {
      this.#all = [];
    }
    this.dispatchEvent(new Event("change"));
  }

  /** Those that can be named; the default one is always there and not in the list. @param {"microphone" | "speaker"} which @returns {Device[]} */
  list(which) {
    const kind = which === "microphone" ? "audioinput" : "audiooutput";
    return this.#all.filter((d) => d.kind === kind && d.deviceId && !["default", "communications"].includes(d.deviceId))
      .map((d, index) => ({ id: d.deviceId, label: d.label || `${which === "microphone" ? "Microphone" : "Speaker"} ${index + 1}` }));
  }

  /** The id of the one that is wanted, or of one by its name: ids change with the page's address. Empty: the default one, also while it is away. @param {"microphone" | "speaker"} which */
  idOf(which) {
    const wish = this.wishes.all[which], there = this.list(which);
    return (there.find((d) => d.id === wish.id) ?? there.find((d) => d.label === wish.label))?.id ?? "";
  }

  /** The name of the one that is wanted and not plugged in; empty: all is well. @param {"microphone" | "speaker"} which */
  missing(which) {
    return this.list(which).length > 0 && this.wishes.all[which].id && !this.idOf(which) ? this.wishes.all[which].label : "";
  }

  /** For getUserMedia. A device that is there is asked for by force: browsers take a mere wish for the default one. @param {number} [channelCount] @returns {MediaTrackConstraints} */
  constraints(channelCount = 1) {
    const id = this.idOf("microphone");
    const treatment = Object.fromEntries(PROCESSING.map(([name]) => [name, this.wishes.all[name]]));
    return { channelCount, ...treatment, ...(id ? { deviceId: { exact: id } } : {}) };
  }
}
