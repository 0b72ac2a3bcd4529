// @ts-check
// The slides' own row: thumbnails to leaf by oneself, and the way back to the presenter.

import { button, drawn, element } from "./elements.js";

/** @typedef {{title: string, page: number, pages: number}} Deck */

export class Leaf {
  #row = element("div", "screen-deck");
  #thumbs = element("ol", "screen-thumbs list");
  #follow = element("button", "btn small primary", "Follow the presenter");
  #own = /** @type {HTMLImageElement} */ (element("img", "screen-leaf"));
  #where = element("span", "screen-where");
  /** @type {HTMLElement[]} */ #arrows;
  #ask;
  /** @type {Deck} */ #deck = { title: "", page: 0, pages: 0 };
  /** The page that one has left to; 0: one follows. */ #left = 0;
  #presents = false;
  /** @type {(page: number) => void} */ #go;

  /**
   * @param {HTMLElement} region @param {HTMLElement} frame
   * @param {(page: number, small: boolean) => Promise<boolean>} ask Asks for a page; false: it has not come to the hub yet.
   * @param {(page: number) => void} go The presenter goes to a page.
   */
  constructor(region, frame, ask, go) {
    this.#ask = ask;
    this.#go = go;
    this.#row.hidden = true;
    this.#own.hidden = true;
    this.#follow.type = "button";
    this.#follow.addEventListener("click", () => this.follow());
    const back = button("Leaf back", drawn("M15 5l-7 7 7 7"), () => this.#step(-1)), on = button("Leaf on", drawn("M9 5l7 7-7 7"), () => this.#step(1));
    const ways = element("span", "screen-ways");
    this.#arrows = [back, on];
    ways.append(back, this.#where, on, this.#follow);
    this.#row.append(this.#thumbs, ways);
    frame.append(this.#own);
    region.append(this.#row);
  }

  /** @param {Deck} deck @param {boolean} presents This person is the presenter. */
  show(deck, presents) {
    const other = deck.title !== this.#deck.title || deck.pages !== this.#deck.pages;
    this.#deck = deck;
    this.#presents = presents;
    this.#row.hidden = deck.pages === 0;
    // The presenter turns the slides for everybody, with the buttons above.
    for (const arrow of this.#arrows) arrow.hidden = presents;
    if (other) {
      this.#left = 0;
      this.#thumbs.replaceChildren(...Array.from({ length: deck.pages }, (_, i) => this.#thumb(i + 1)));
      void this.#fetchThumbs(deck);
    }
    this.#describe();
  }

  /** A page that was asked for. @param {{page: number, small: boolean, image: Uint8Array}} came */
  take({ page, small, image }) {
    const picture = small ? /** @type {HTMLImageElement | null} */ (this.#thumbs.querySelector(`[data-page="${page}"] img`)) : page === this.#left ? this.#own : null;
    if (!picture) return;
    URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (image)]));
    picture.hidden = false;
    if (!small) this.#own.dataset.page = String(page);
  }

  follow() {
    this.#left = 0;
    this.#describe();
  }

  /** @param {number} by */
  #step(by) {
    void this.#open(Math.min(this.#deck.pages, Math.max(1, (this.#left || this.#deck.page) + by)));
  }

  /** @param {number} page */
  async #open(page) {
    if (this.#presents) {
      this.#go(page);
      return;
    }
    this.#left = page;
    this.#describe();
    for (let tried = 0; this.#left === page && !await this.#ask(page, false) && tried < 40; tried++) await pause(500);
  }

  /** @param {number} page */
  #thumb(page) {
    const item = element("li", ""), open = element("button", "screen-thumb");
    open.type = "button";
    open.dataset.page = String(page);
    open.setAttribute("aria-label", `Page ${page}`);
    open.addEventListener("click", () => void this.#open(page));
    const image = element("img", "");
    image.alt = "";
    image.hidden = true;
    open.append(image, element("span", "", String(page)));
    item.append(open);
    return item;
  }

  /** One after the other, as they come to the hub. @param {Deck} deck */
  async #fetchThumbs(deck) {
    for (let page = 1; page <= deck.pages; page++)
      for (let tried = 0; this.#isOf(deck) && !await this.#ask(page, true) && tried < 60; tried++) await pause(500);
  }

  /** @param {Deck} deck */
  #isOf = (deck) => deck.title === this.#deck.title && deck.pages === this.#deck.pages;

  #describe() {
    const page = this.#left || this.#deck.page;
    this.#follow.hidden = this.#left === 0;
    this.#where.textContent = `${page} / ${this.#deck.pages}`;
    if (this.#left === 0 || this.#own.dataset.page !== String(this.#left)) {
      this.#own.hidden = true;
      delete this.#own.dataset.page;
    }
    for (const thumb of this.#thumbs.querySelectorAll(".screen-thumb")) {
      const now = Number(thumb.dataset.page) === page;
      if (now) thumb.setAttribute("aria-current", "page");
      else thumb.removeAttribute("aria-current");
      if (now) thumb.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }
}

const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
