// @ts-check
// The page's side of the worker that decodes and draws.

/** @typedef {import("./video-figures.js").Figures} Figures */

/**
 * @typedef {object} Listener
 * @property {(id: string) => void} shown The first picture is there.
 * @property {(id: string, why: string) => void} failed
 * @property {(id: string, layer: string) => void} needKeyFrame
 * @property {(items: ({id: string} & Figures)[]) => void} figures Each second.
 */

export class Decoding {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    this.worker = new Worker(new URL("./video-decode-worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => this.#take(data);
  }

  /** A frame behind its header: handed over as it is. @param {Uint8Array} message All of its buffer. */
  push(message) {
    this.worker.postMessage(message.buffer, [/** @type {ArrayBuffer} */ (message.buffer)]);
  }

  /** @param {string} id @param {HTMLCanvasElement} element */
  open(id, element) {
    const canvas = element.transferControlToOffscreen();
    this.worker.postMessage({ do: "open", id, canvas }, [canvas]);
  }

  /** @param {string} id */
  close(id) {
    this.worker.postMessage({ do: "close", id });
  }

  /** Which frames are this person's. @param {string} id @param {number} stream 0: none; another one than before begins anew. */
  setStream(id, stream) {
    this.worker.postMessage({ do: "stream", id, stream });
  }

  /** @param {string} id @param {number} hold In ms. */
  setHold(id, hold) {
    this.worker.postMessage({ do: "hold", id, hold });
  }

  /** @param {any} data */
  #take(data) {
    if (data.say === "figures") this.listener.figures(data.items);
    else if (data.say === "shown") this.listener.shown(data.id);
    else if (data.say === "failed") this.listener.failed(data.id, data.why);
    else if (data.say === "key") this.listener.needKeyFrame(data.id, data.layer);
  }
}
