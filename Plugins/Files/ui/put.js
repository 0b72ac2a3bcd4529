// @ts-check
// Hands files of the page over to the daemon: PUT /files/<name>, one at a time.

/**
 * @typedef {object} Put
 * @property {string} id
 * @property {File} file
 * @property {() => void} cancel
 */

/** Sends files in the order in which they were given. */
export class PutQueue {
  /** @type {{file: File, put: Put}[]} */ #waiting = [];
  /** @type {XMLHttpRequest | null} */ #request = null;
  #last = 0;

  /**
   * @param {object} events
   * @param {(put: Put, done: number) => void} events.moved Also once at the start.
   * @param {(put: Put, upload: {upload: string}) => void} events.taken The daemon has it all and goes on by itself.
   * @param {(put: Put, reason: string | null) => void} events.ended It did not get so far; null: cancelled.
   */
  constructor(events) {
    this.events = events;
  }

  /** @param {File} file */
  add(file) {
    const id = `put-${++this.#last}`;
    const put = { id, file, cancel: () => this.#cancel(id) };
    this.#waiting.push({ file, put });
    this.events.moved(put, 0);
    if (!this.#request) this.#next();
  }

  /** @param {string} id */
  #cancel(id) {
    if (this.#waiting[0]?.put.id === id && this.#request) {
      this.#request.abort();
      return;
    }
    const index = this.#waiting.findIndex((entry) => entry.put.id === id);
    if (index >= 0) this.events.ended(this.#waiting.splice(index, 1)[0].put, null);
  }

  #next() {
    const entry = this.#waiting[0];
    if (!entry) return;
    const { file, put } = entry;
    const request = (this.#request = new XMLHttpRequest());
    request.open("PUT", `/files/${encodeURIComponent(file.name)}?modified=${file.lastModified}`);
    request.upload.onprogress = (event) => this.events.moved(put, event.loaded);
    request.onload = () => this.#done(() => (request.status === 200 ? this.events.taken(put, JSON.parse(request.responseText)) : this.events.ended(put, reason(request))));
    request.onerror = () => this.#done(() => this.events.ended(put, "The program on this machine could not take the file."));
    request.onabort = () => this.#done(() => this.events.ended(put, null));
    request.send(file);
  }

  /** @param {() => void} tell */
  #done(tell) {
    this.#request = null;
    this.#waiting.shift();
    tell();
    this.#next();
  }
}

/** @param {XMLHttpRequest} request */
function reason(request) {
  try {
    return JSON.parse(request.responseText).message;
  } catch {
    return `The program on this machine refused the file (${request.status}).`;
  }
}
