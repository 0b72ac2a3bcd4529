// @ts-check
// A field to look for words, and what was found; also the list of direct lines that came while one was away.
import { button, clock, make, marked, set } from "./dom.js";
import { dayLabel } from "./thread.js";

/** @typedef {{seq: number, name: string, at: string, snippet: {text: string, hit?: boolean}[], toName?: string}} Found */

const WAIT_MS = 300;

export class SearchBox {
  #timer = 0;
  #asked = 0;

  /** @param {SVGElement} closeIcon @param {{search: (text: string, before?: number) => Promise<{items: Found[], more: boolean}>, jump: (seq: number) => void, closed: () => void}} actions */
  constructor(closeIcon, actions) {
    this.actions = actions;
    this.input = /** @type {HTMLInputElement} */ (make("input", "input chat-search-input"));
    set(this.input, { type: "search", placeholder: "Search this room", "aria-label": "Search messages", maxlength: "200" });
    this.status = make("p", "chat-search-status muted");
    set(this.status, { role: "status" });
    this.results = make("ul", "list chat-results");
    const row = make("div", "chat-row");
    row.append(this.input, button("btn icon small", "Close search", () => this.close(), closeIcon));
    this.element = make("div", "chat-search");
    this.element.setAttribute("role", "search");
    this.element.append(row, this.status, this.results);
    this.element.hidden = true;
    this.element.onkeydown = (event) => { if (event.key === "Escape") { event.stopPropagation(); this.close(); } };
    this.input.oninput = () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#search(), WAIT_MS);
    };
  }

  open() {
    this.element.hidden = false;
    this.input.focus();
    this.input.select();
  }

  close() {
    this.element.hidden = true;
    this.actions.closed();
  }

  /** @param {number} [before] */
  async #search(before) {
    const text = this.input.value.trim();
    const asked = ++this.#asked;
    if (!before) this.results.replaceChildren();
    this.status.textContent = "";
    if (!text) return;
    try {
      const { items, more } = await this.actions.search(text, before);
      if (asked === this.#asked) this.#show(items, more, before !== undefined);
    } catch (error) {
      if (asked === this.#asked) this.#failed(/** @type {Error & {retryAfterMs?: number}} */ (error), before);
    }
  }

  /** @param {Found[]} items @param {boolean} more @param {boolean} added */
  #show(items, more, added) {
    this.results.querySelector(".chat-more")?.remove();
    this.results.append(...items.map((found) => result(found, this.actions.jump)));
    if (more) {
      const item = make("li", "chat-more");
      item.append(button("chat-link", "Older ones", () => this.#search(items[items.length - 1].seq)));
      this.results.append(item);
    }
    if (!added) this.status.textContent = items.length === 0 ? "Nothing found." : `${items.length}${more ? "+" : ""} found`;
  }

  /** A throttled search is made again by itself. @param {Error & {retryAfterMs?: number}} error @param {number} [before] */
  #failed(error, before) {
    this.status.textContent = error.message;
    if (error.retryAfterMs) this.#timer = window.setTimeout(() => this.#search(before), error.retryAfterMs);
  }
}

/** @param {Found} found @param {(seq: number) => void} jump */
export function result(found, jump) {
  const item = make("li", "");
  const element = button("chat-result", "", () => jump(found.seq));
  const head = make("span", "chat-head");
  head.append(make("span", "chat-name", found.name), make("span", "chat-time", `${dayLabel(found.at)}, ${clock(found.at)}`));
  if (found.toName) head.append(make("span", "chat-to", `to ${found.toName} only`));
  const text = make("span", "chat-snippet");
  text.append(...marked(found.snippet));
  element.append(head, text);
  item.append(element);
  return item;
}
