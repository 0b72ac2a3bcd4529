// @ts-check
// The rows of what is under way, with bar, rate and a way out.
import { iconButton, make } from "./dom.js";
import { describe, describeTotal, percent } from "./format.js";

const DONE_MS = 2500;

/** @typedef {{id: string, name?: string, done: number, total: number, rate: number, direction: string, state: string, reason?: string}} Progress */

export class Transfers {
  /** @type {Map<string, Row>} */ #rows = new Map();

  /**
   * @param {any} panel
   * @param {(id: string) => void} cancel
   * @param {(id: string, rest: boolean) => void} pause Lets it rest, or go on.
   */
  constructor(panel, cancel, pause) {
    this.panel = panel;
    this.cancel = cancel;
    this.pause = pause;
    this.list = make("ul", "list files-transfers");
    this.list.setAttribute("aria-label", "Transfers");
    this.total = make("p", "files-total muted");
    this.element = make("div", "files-under-way", this.total, this.list);
    this.#show();
  }

  #show() {
    this.element.hidden = this.#rows.size === 0;
    const moving = [...this.#rows.values()].map((row) => row.progress);
    this.total.hidden = moving.length < 2;
    this.total.textContent = moving.length < 2 ? "" : describeTotal(moving);
  }

  /** Draws how a transfer stands. @param {Progress} progress */
  update(progress) {
    if (progress.state === "cancelled") {
      this.remove(progress.id);
      return;
    }
    let row = this.#rows.get(progress.id);
    if (!row) {
      row = new Row(this.panel, progress, () => this.#close(progress.id), (rest) => this.pause(progress.id, rest));
      this.#rows.set(progress.id, row);
      this.list.append(row.element);
    }
    row.draw(progress);
    this.#show();
    if (progress.state === "done") setTimeout(() => this.remove(progress.id), DONE_MS);
  }

  /** @param {string} id */
  remove(id) {
    this.#rows.get(id)?.element.remove();
    this.#rows.delete(id);
    this.#show();
  }

  clear() {
    for (const id of [...this.#rows.keys()]) this.remove(id);
  }

  /** @param {string} id */
  #close(id) {
    if (this.#rows.get(id)?.ended) this.remove(id);
    else this.cancel(id);
  }
}

class Row {
  ended = false;

  /** @param {any} panel @param {Progress} progress @param {() => void} close @param {(rest: boolean) => void} pause */
  constructor(panel, progress, close, pause) {
    const name = progress.name ?? "File";
    this.progress = progress;
    this.rest = make("button", "btn small files-rest");
    this.rest.type = "button";
    this.rest.onclick = () => pause(this.progress.state !== "paused");
    this.text = make("span", "files-detail muted");
    this.bar = make("progress", "progress");
    this.bar.max = 100;
    this.bar.setAttribute("aria-label", name);
    this.button = iconButton(panel.icon("close"), `Cancel ${name}`, close);
    const title = make("span", "files-name", name);
    title.title = name;
    const head = make("div", "row", make("span", "files-way", progress.direction === "up" ? "↑" : "↓"), title, this.rest, this.button);
    this.element = make("li", "files-transfer", head, this.bar, this.text);
  }

  /** @param {Progress} progress */
  draw(progress) {
    this.progress = progress;
    const name = progress.name ?? "File";
    const paused = progress.state === "paused";
    this.rest.textContent = paused ? "Resume" : "Pause";
    this.rest.setAttribute("aria-label", `${this.rest.textContent} ${name}`);
    // What the page still hands over to the daemon has nowhere to rest.
    this.rest.hidden = progress.id.startsWith("put-") || progress.state === "done" || progress.state === "failed";
    this.ended = progress.state === "failed" || progress.state === "done";
    this.bar.value = percent(progress.done, progress.total);
    this.text.textContent = describe(progress);
    this.element.dataset.state = progress.state;
    if (this.ended) {
      this.button.title = "Close";
      this.button.setAttribute("aria-label", "Close");
    }
  }
}
