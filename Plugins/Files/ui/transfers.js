// @ts-check
// The rows of what is under way, with bar, rate and a way out.
import { iconButton, make } from "./dom.js";
import { describe, percent } from "./format.js";

const DONE_MS = 2500;

/** @typedef {{id: string, name?: string, done: number, total: number, rate: number, direction: string, state: string, reason?: string}} Progress */

export class Transfers {
  /** @type {Map<string, Row>} */ #rows = new Map();

  /**
   * @param {any} panel
   * @param {(id: string) => void} cancel
   */
  constructor(panel, cancel) {
    this.panel = panel;
    this.cancel = cancel;
    this.element = make("ul", "list files-transfers");
    this.element.setAttribute("aria-label", "Transfers");
    this.element.hidden = true;
  }

  /** Draws how a transfer stands. @param {Progress} progress */
  update(progress) {
    if (progress.state === "cancelled") {
      this.remove(progress.id);
      return;
    }
    let row = this.#rows.get(progress.id);
    if (!row) {
      row = new Row(this.panel, progress, () => this.#close(progress.id));
      this.#rows.set(progress.id, row);
      this.element.append(row.element);
      this.element.hidden = false;
    }
    row.draw(progress);
    if (progress.state === "done") setTimeout(() => this.remove(progress.id), DONE_MS);
  }

  /** @param {string} id */
  remove(id) {
    this.#rows.get(id)?.element.remove();
    this.#rows.delete(id);
    this.element.hidden = this.#rows.size === 0;
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

  /** @param {any} panel @param {Progress} progress @param {() => void} close */
  constructor(panel, progress, close) {
    const name = progress.name ?? "File";
    this.text = make("span", "files-detail muted");
    this.bar = make("progress", "progress");
    this.bar.max = 100;
    this.bar.setAttribute("aria-label", name);
    this.button = iconButton(panel.icon("close"), `Cancel ${name}`, close);
    const title = make("span", "files-name", name);
    title.title = name;
    const head = make("div", "row", make("span", "files-way", progress.direction === "up" ? "↑" : "↓"), title, this.button);
    this.element = make("li", "files-transfer", head, this.bar, this.text);
  }

  /** @param {Progress} progress */
  draw(progress) {
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
