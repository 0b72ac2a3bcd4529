// @ts-check
// Hands files and folders of the page over to the daemon: PUT /files/<name>, one at a time.
import { RateMeter } from "./rate.js";

/**
 * @typedef {object} Part One request.
 * @property {Blob} body
 * @property {string} url
 * @property {number} base Bytes of the whole that are there when it has begun.
 */

/**
 * @typedef {object} Put
 * @property {string} id
 * @property {string} name
 * @property {number} size
 * @property {Part[]} parts
 * @property {{folder: string, name: string, to?: string} | null} gather What to ask for when all parts of a folder are there.
 * @property {() => void} cancel
 */

/** @typedef {{path: string, file: File}} Found */
/** @typedef {{key: string, name: string, size: number, modified: number, done: number, to?: string}} Unfinished */

/** The last of what is there is sent once more, so that another file of the same name is noticed. */
const OVERLAP = 1 << 20;

/** Sends in the order in which things were given. */
export class PutQueue {
  /** @type {Put[]} */ #waiting = [];
  /** @type {XMLHttpRequest | null} */ #request = null;
  #rate = new RateMeter();
  #last = 0;
  #cancelled = false;

  /**
   * @param {object} events
   * @param {(put: Put, done: number, rate: number) => void} events.moved Also once at the start.
   * @param {(put: Put) => void | Promise<void>} events.taken The daemon has it all and goes on by itself.
   * @param {(put: Put, reason: string | null) => void} events.ended It did not get so far; null: cancelled.
   */
  constructor(events) {
    this.events = events;
  }

  /** @param {File} file @param {string} [to] The seat of the one person it is for. @param {Unfinished} [begun] What is there of it. */
  add(file, to, begun) {
    const key = begun?.key ?? newKey();
    const offset = begun ? Math.max(0, Math.min(begun.done, file.size) - OVERLAP) : 0;
    const query = new URLSearchParams({ modified: String(file.lastModified), key, size: String(file.size), offset: String(offset), ...(to ? { to } : {}) });
    const url = `/files/${encodeURIComponent(file.name)}?${query}`;
    this.#add({ name: file.name, size: file.size, parts: [{ body: file.slice(offset), url, base: offset }], gather: null });
  }

  /** @param {string} name @param {Found[]} files @param {string} [to] */
  addFolder(name, files, to) {
    const folder = newKey();
    let base = 0;
    const parts = files.map(({ path, file }) => {
      const url = `/files/${path.split("/").map(encodeURIComponent).join("/")}?${new URLSearchParams({ folder, modified: String(file.lastModified) })}`;
      const part = { body: file, url, base };
      base += file.size;
      return part;
    });
    this.#add({ name, size: base, parts, gather: { folder, name, ...(to ? { to } : {}) } });
  }

  /** @param {Omit<Put, "id" | "cancel">} what */
  #add(what) {
    const id = `put-${++this.#last}`;
    const put = { ...what, id, cancel: () => this.#cancel(id) };
    this.#waiting.push(put);
    this.events.moved(put, put.parts[0]?.base ?? 0, 0);
    if (this.#waiting.length === 1) this.#run();
  }

  /** @param {string} id */
  #cancel(id) {
    if (this.#waiting[0]?.id === id) {
      this.#cancelled = true;
      this.#request?.abort();
      return;
    }
    const index = this.#waiting.findIndex((put) => put.id === id);
    if (index >= 0) this.events.ended(this.#waiting.splice(index, 1)[0], null);
  }

  async #run() {
    for (let put = this.#waiting[0]; put; put = this.#waiting[0]) {
      this.#cancelled = false;
      this.#rate = new RateMeter();
      try {
        for (const part of put.parts) await this.#send(put, part);
        await this.events.taken(put);
      } catch (error) {
        this.events.ended(put, this.#cancelled ? null : /** @type {Error} */ (error).message);
      }
      this.#waiting.shift();
    }
  }

  /** @param {Put} put @param {Part} part @returns {Promise<void>} */
  #send(put, part) {
    if (this.#cancelled) return Promise.reject(new Error("Cancelled"));
    return new Promise((resolve, reject) => {
      const request = (this.#request = new XMLHttpRequest());
      request.open("PUT", part.url);
      request.upload.onprogress = (event) => {
        const done = part.base + event.loaded;
        this.events.moved(put, done, this.#rate.at(done, performance.now()));
      };
      request.onload = () => (request.status === 200 ? resolve() : reject(new Error(reason(request))));
      request.onerror = () => reject(new Error("The program on this machine could not take the file."));
      request.onabort = () => reject(new Error("Cancelled"));
      request.send(part.body);
    });
  }
}

/** 128 random bits as hex digits. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {XMLHttpRequest} request */
function reason(request) {
  try {
    return JSON.parse(request.responseText).message;
  } catch {
    return `The program on this machine refused the file (${request.status}).`;
  }
}
