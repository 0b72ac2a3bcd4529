// @ts-check
// What the server does not have yet: greyed, in order, with a countdown when it asked to slow down, with a choice when it refused.
import { button, make } from "./dom.js";
import { render } from "./render.js";

/**
 * @typedef {import("./thread.js").Pending} Pending
 * @typedef {import("./thread.js").Thread} Thread
 */

export class PendingList {
  #timer = 0;

  /** @param {Thread} thread @param {{retry: (item: Pending) => void, discard: (item: Pending) => void}} actions */
  constructor(thread, actions) {
    this.thread = thread;
    this.actions = actions;
    this.element = make("div", "chat-drafts");
  }

  draw() {
    const shown = [...this.thread.pending.values()].filter((item) => item.say || item.error || item.retryAt || item.lost);
    this.element.replaceChildren(...shown.map((item) => this.#item(item)));
    clearInterval(this.#timer);
    if (shown.some((item) => secondsLeft(item) > 0)) this.#timer = window.setInterval(() => this.draw(), 1000);
  }

  /** @param {Pending} item */
  #item(item) {
    const element = make("div", item.error ? "chat-group own failed" : "chat-group own pending");
    const content = make("div", "chat-content");
    const lines = make("div", "chat-lines");
    const line = make("div", "chat-line");
    if (item.say) line.append(render(item.say.text, [], ""));
    else line.append(make("p", "chat-deleted", what(item)));
    lines.append(line);
    content.append(lines, item.error ? this.#failure(item, item.error) : make("div", "chat-state", state(item)));
    element.append(content);
    return element;
  }

  /** @param {Pending} item @param {string} error */
  #failure(item, error) {
    const state = make("div", "chat-state");
    state.append(make("span", "", error), button("chat-link", "Try again", () => this.actions.retry(item)), button("chat-link", "Discard", () => this.actions.discard(item)));
    return state;
  }
}

/** @param {Pending} item */
function what(item) {
  if (item.edit) return `Change of a message: ${item.edit.text}`;
  return item.delete ? "Deletion of a message" : `Reaction ${item.react?.emoji ?? ""}`;
}

/** @param {Pending} item */
function state(item) {
  if (item.lost) return "Waiting for the program on this machine…";
  const seconds = secondsLeft(item);
  return seconds > 0 ? `That was a lot at once: sent again in ${seconds} s` : "Sending…";
}

/** @param {Pending} item */
const secondsLeft = (item) => (item.retryAt ? Math.max(0, Math.ceil((item.retryAt - performance.now()) / 1000)) : 0);
