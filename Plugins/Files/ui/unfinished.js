// @ts-check
// What an earlier page did not hand over whole: the browser has forgotten the file, so the person is asked for it once more.
import { iconButton, make } from "./dom.js";
import { formatSize } from "./format.js";

/** @typedef {import("./put.js").Unfinished} Put */

export class UnfinishedList {
  /** @type {Put[]} */ #puts = [];

  /**
   * @param {any} panel
   * @param {{choose: () => void, forget: (key: string) => void}} actions
   */
  constructor(panel, actions) {
    this.panel = panel;
    this.actions = actions;
    this.element = make("ul", "list files-unfinished");
    this.element.setAttribute("aria-label", "Uploads that were interrupted");
    this.show([]);
  }

  /** @param {Put[]} puts */
  show(puts) {
    this.#puts = puts;
    this.element.hidden = puts.length === 0;
    this.element.replaceChildren(...puts.map((put) => this.#row(put)));
  }

  /** That of which this is the same file; it is taken off the list. @param {{name: string, size: number, lastModified: number}} file */
  take(file) {
    const found = match(this.#puts, file);
    if (found) this.show(this.#puts.filter((put) => put !== found));
    return found;
  }

  /** @param {Put} put */
  #row(put) {
    const text = `The page was closed at ${formatSize(put.done)} of ${formatSize(put.size)}. Choose the same file again, and it goes on from there.`;
    const again = make("button", "btn small", "Choose it again");
    again.type = "button";
    again.setAttribute("aria-label", `Choose ${put.name} again`);
    again.onclick = this.actions.choose;
    const drop = iconButton(this.panel.icon("close"), `Forget ${put.name}`, () => this.actions.forget(put.key));
    return make("li", "files-transfer", make("div", "row", make("span", "files-name", put.name), again, drop), make("span", "files-detail muted", text));
  }
}

/** @param {Put[]} puts @param {{name: string, size: number, lastModified: number}} file */
export const match = (puts, file) => puts.find((put) => put.name === file.name && put.size === file.size && put.modified === file.lastModified);
