// @ts-check
// What the stage shows of a presentation: the picture, who presents, and the buttons.

import { Picture } from "./picture.js";

/** @param {string} tag @param {string} className @param {string} [text] @returns {any} */
export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export class ScreenView {
  #region;
  #canvas = /** @type {HTMLCanvasElement} */ (element("canvas", "screen-canvas"));
  #frame = element("div", "screen-frame");
  #note = element("div", "screen-note empty", "You are sharing your screen. Everyone in the room can see it.");
  #caption = element("span", "screen-caption");
  #slides = element("span", "screen-slides");
  #page = element("span", "screen-page");
  #picture;
  #presentation = -1;
  #presenter = { id: /** @type {string | null} */ (null), name: "" };
  #mine = false;

  /**
   * @param {HTMLElement} region @param {any} panel
   * @param {{shown: (frame: number) => void, turn: (by: number) => void}} actions
   */
  constructor(region, panel, { shown, turn }) {
    this.#region = region;
    this.#picture = new Picture(this.#canvas, shown);
    region.classList.add("fill", "screen");
    region.hidden = true;
    region.tabIndex = -1;
    this.#canvas.setAttribute("role", "img");
    this.#caption.setAttribute("aria-live", "polite");
    this.#frame.append(this.#canvas, this.#note);
    this.#note.hidden = true;
    this.#slides.append(button("Previous slide", drawn("M15 5l-7 7 7 7"), () => turn(-1)), this.#page, button("Next slide", drawn("M9 5l7 7-7 7"), () => turn(1)));
    this.#slides.hidden = true;
    const bar = element("div", "screen-bar");
    const size = button("Actual size", "1:1", () => this.#toggleSize(size));
    size.setAttribute("aria-pressed", "false");
    bar.append(this.#caption, this.#slides, size, button("Full screen", drawn("M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"), () => this.#toggleFullScreen()));
    region.append(this.#frame, bar);
    this.#canvas.addEventListener("dblclick", () => this.#toggleFullScreen());
    document.addEventListener("keydown", (event) => this.#key(event, turn));
  }

  /** @param {import("./screen.js").Presenter} presenter */
  present(presenter) {
    if (presenter.presentation !== this.#presentation || presenter.id !== this.#presenter.id) this.#picture.reset();
    this.#presentation = presenter.presentation;
    this.#presenter = { id: presenter.id, name: presenter.name ?? "" };
    this.#region.hidden = presenter.id === null;
    if (presenter.id === null && document.fullscreenElement === this.#region) void document.exitFullscreen();
    this.#describe();
  }

  /** @param {import("./screen.js").Sharing} sharing @param {boolean} captures This page is the one that captures. */
  share(sharing, captures) {
    this.#mine = sharing.source !== null;
    this.#note.hidden = !(this.#mine && captures);
    this.#canvas.hidden = !this.#note.hidden;
    this.#slides.hidden = !sharing.pages;
    this.#page.textContent = sharing.pages ? `${sharing.page} / ${sharing.pages}` : "";
    this.#describe();
  }

  /** A frame of tiles. @param {Uint8Array} bytes */
  take(bytes) {
    this.#picture.take(bytes);
  }

  /** The connection was lost: everything comes again. */
  reset() {
    this.#presentation = -1;
    this.#picture.reset();
  }

  #describe() {
    const text = this.#mine ? "You are presenting" : this.#presenter.id ? `${this.#presenter.name} is presenting` : "";
    if (this.#caption.textContent !== text) this.#caption.textContent = text;
    this.#canvas.setAttribute("aria-label", this.#presenter.name ? `The screen of ${this.#presenter.name}` : "Screen");
  }

  /** @param {HTMLElement} size */
  #toggleSize(size) {
    const actual = this.#frame.classList.toggle("actual");
    size.setAttribute("aria-pressed", String(actual));
  }

  #toggleFullScreen() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void this.#region.requestFullscreen?.().catch(() => { /* the browser does not allow it */ });
  }

  /** Arrows turn the slides, unless something else has the keyboard. @param {KeyboardEvent} event @param {(by: number) => void} turn */
  #key(event, turn) {
    /** @type {Record<string, number>} */ const keys = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
    const free = event.target === document.body || this.#region.contains(/** @type {Node} */ (event.target));
    if (this.#slides.hidden || !free || event.altKey || event.ctrlKey || event.metaKey || !(event.key in keys)) return;
    event.preventDefault();
    turn(keys[event.key]);
  }
}

/** @param {string} label @param {Node | string} sign @param {() => void} onClick @returns {HTMLButtonElement} */
function button(label, sign, onClick) {
  const made = element("button", "btn icon small");
  made.type = "button";
  made.title = label;
  made.setAttribute("aria-label", label);
  made.append(sign);
  made.addEventListener("click", onClick);
  return made;
}

/** A sign of lines in a square of 24. @param {string} lines */
function drawn(lines) {
  const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  sign.setAttribute("class", "icon");
  sign.setAttribute("viewBox", "0 0 24 24");
  sign.setAttribute("aria-hidden", "true");
  path.setAttribute("d", lines);
  sign.append(path);
  return sign;
}
