// @ts-check
// What the stage shows of a presentation: the picture with its layers, who presents, the tools, and the slides' own row.

import { Board } from "./board.js";
import { button, drawn, element } from "./elements.js";
import { Picture } from "./picture.js";
import { RemotePointer } from "./pointer.js";
import { isPointer } from "./tiles.js";
import { Viewport } from "./viewport.js";

/** @typedef {import("./board.js").Tool} Tool */

/**
 * @typedef {object} Actions
 * @property {(frame: number) => void} shown
 * @property {(by: number) => void} turn
 * @property {(x: number, y: number) => void} point
 * @property {(stroke: number, points: number[]) => void} draw
 * @property {() => void} undo
 * @property {(all: boolean) => void} clear
 */

const SIGNS = {
  left: "M15 5l-7 7 7 7", right: "M9 5l7 7-7 7", full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5", fit: "M4 7h16v10H4zM9 12h6M12 9v6",
  closer: "M5 12h14M12 5v14", farther: "M5 12h14", save: "M12 4v11M7 11l5 5 5-5M5 20h14", point: "M12 3v4M12 17v4M3 12h4M17 12h4M12 11v2M11 12h2",
  draw: "M4 20l1-5L16 4l4 4L9 19zM13 7l4 4", undo: "M8 5L4 9l4 4M4 9h10a5 5 0 010 10h-4", clear: "M6 7h12M10 7V4h4v3M8 7l1 13h6l1-13",
};

export class ScreenView {
  #region;
  #canvas = /** @type {HTMLCanvasElement} */ (element("canvas", "screen-canvas"));
  #sheet = element("div", "screen-sheet");
  #frame = element("div", "screen-frame");
  #note = element("div", "screen-note empty", "You are sharing your screen. Everyone in the room can see it.");
  #caption = element("span", "screen-caption");
  #slides = element("span", "screen-slides");
  #page = element("span", "screen-page");
  #tools = element("span", "screen-tools");
  #zoom = button("Actual size", "1:1", () => this.#toggleSize());
  #picture;
  #presentation = -1;
  #presenter = { id: /** @type {string | null} */ (null), name: "" };
  #mine = false;
  #mayClear = false;
  /** @type {(by: number) => void} */ #turn;

  /** @param {HTMLElement} region @param {any} panel @param {Actions} actions */
  constructor(region, panel, actions) {
    this.#region = region;
    this.#turn = actions.turn;
    this.panel = panel;
    this.#picture = new Picture(this.#canvas, (frame) => this.#shown(frame, actions.shown));
    this.board = new Board((event) => this.viewport.place(event), actions);
    this.pointer = new RemotePointer();
    this.viewport = new Viewport(this.#frame, this.#sheet, (scale, fits) => this.#zoomed(scale, fits));
    region.classList.add("fill", "screen");
    region.hidden = true;
    region.tabIndex = -1;
    this.#canvas.setAttribute("role", "img");
    this.#caption.setAttribute("aria-live", "polite");
    this.#sheet.append(this.#canvas, this.pointer.element, this.board.element);
    this.#frame.append(this.#sheet, this.#note);
    this.#note.hidden = true;
    region.append(this.#frame, this.#bar(actions));
    this.#sheet.addEventListener("dblclick", () => { if (this.board.element.dataset.tool === "look") this.#toggleFullScreen(); });
    document.addEventListener("keydown", (event) => this.#key(event));
    this.#use("look");
  }

  /** Below the picture; for the slides' row. */
  get region() { return this.#region; }

  /** Beside the picture; for a page that one leafs to. */
  get frame() { return this.#frame; }

  /** @param {import("./screen.js").Presenter} presenter */
  present(presenter) {
    if (presenter.presentation !== this.#presentation || presenter.id !== this.#presenter.id) this.#forget();
    this.#presentation = presenter.presentation;
    this.#presenter = { id: presenter.id, name: presenter.name ?? "" };
    this.#region.hidden = presenter.id === null;
    if (presenter.width) this.#resize(presenter.width, presenter.height);
    if (presenter.id === null && document.fullscreenElement === this.#region) void document.exitFullscreen();
    this.#describe();
  }

  /** @param {import("./screen.js").Sharing} sharing @param {boolean} captures This page is the one that captures, and cannot show itself. */
  share(sharing, captures) {
    this.#mine = sharing.source !== null;
    this.#note.hidden = !(this.#mine && captures);
    // The layers stay: what others draw is seen also where the picture itself would be a mirror in a mirror.
    this.#sheet.classList.toggle("blind", !this.#note.hidden);
    this.turning(sharing.page ?? 0, sharing.pages ?? 0);
    this.#describe();
  }

  /** Buttons to turn the slides, with where they are; no pages: none. @param {number} page @param {number} pages */
  turning(page, pages) {
    this.#slides.hidden = !pages;
    this.#page.textContent = pages ? `${page} / ${pages}` : "";
  }

  /** What this person may do with the picture. @param {boolean} draws @param {boolean} clears Also other people's lines. */
  allow(draws, clears) {
    this.#tools.hidden = !draws;
    this.#mayClear = clears;
    if (!draws) this.#use("look");
  }

  /** A frame of an update or of the pointer. @param {Uint8Array} bytes */
  take(bytes) {
    if (isPointer(bytes)) this.pointer.take(bytes);
    else this.#picture.take(bytes);
  }

  /** A picture that this page presents and has drawn itself. @param {OffscreenCanvas} picture */
  paint(picture) {
    this.#picture.paint(picture);
    this.#resize(picture.width, picture.height);
  }

  /** The connection was lost: everything comes again. */
  reset() {
    this.#presentation = -1;
    this.#forget();
  }

  #forget() {
    this.#picture.reset();
    this.pointer.hide();
    this.board.erase({});
    this.viewport.fit();
  }

  /** @param {number} frame @param {(frame: number) => void} acknowledge */
  #shown(frame, acknowledge) {
    if (this.#canvas.width > 1) this.#resize(this.#canvas.width, this.#canvas.height);
    acknowledge(frame);
  }

  /** @param {number} width @param {number} height */
  #resize(width, height) {
    this.viewport.resize(width, height);
    this.board.resize(width, height);
    this.pointer.resize(width, height);
  }

  /** @param {Actions} actions */
  #bar(actions) {
    const bar = element("div", "screen-bar");
    this.#slides.append(button("Previous slide", drawn(SIGNS.left), () => this.#turn(-1)), this.#page, button("Next slide", drawn(SIGNS.right), () => this.#turn(1)));
    this.#slides.hidden = true;
    this.#zoom.setAttribute("aria-pressed", "false");
    const point = this.#toolButton("Point", SIGNS.point, "point"), draw = this.#toolButton("Draw", SIGNS.draw, "draw");
    const clear = button("Clear drawings", drawn(SIGNS.clear), () => this.#clear(clear, actions));
    this.#tools.append(point, draw, button("Undo my last line", drawn(SIGNS.undo), () => actions.undo()), clear);
    const looks = element("span", "screen-looks");
    looks.append(
      button("Smaller", drawn(SIGNS.farther), () => this.viewport.step(-1)), this.#zoom, button("Larger", drawn(SIGNS.closer), () => this.viewport.step(1)),
      button("Save picture", drawn(SIGNS.save), () => this.#save()), button("Full screen", drawn(SIGNS.full), () => this.#toggleFullScreen()));
    bar.append(this.#caption, this.#slides, this.#tools, looks);
    return bar;
  }

  /** @param {string} label @param {string} sign @param {Tool} tool */
  #toolButton(label, sign, tool) {
    const made = button(label, drawn(sign), () => this.#use(this.board.element.dataset.tool === tool ? "look" : tool));
    made.dataset.tool = tool;
    return made;
  }

  /** @param {Tool} tool */
  #use(tool) {
    this.board.use(tool);
    for (const made of this.#tools.querySelectorAll("[data-tool]")) made.setAttribute("aria-pressed", String(made.dataset.tool === tool));
  }

  /** @param {HTMLElement} anchor @param {Actions} actions */
  #clear(anchor, actions) {
    if (!this.#mayClear) actions.clear(false);
    else this.panel.menu(anchor, [{ label: "My drawings", onSelect: () => actions.clear(false) }, { label: "Everybody's drawings", onSelect: () => actions.clear(true) }]);
  }

  #describe() {
    const text = this.#mine ? "You are presenting" : this.#presenter.id ? `${this.#presenter.name} is presenting` : "";
    if (this.#caption.textContent !== text) this.#caption.textContent = text;
    this.#canvas.setAttribute("aria-label", this.#presenter.name ? `The screen of ${this.#presenter.name}` : "Screen");
  }

  #toggleSize() {
    if (this.#zoom.getAttribute("aria-pressed") === "true") this.viewport.fit();
    else this.viewport.actual();
  }

  /** @param {number} scale @param {boolean} fits */
  #zoomed(scale, fits) {
    this.board.scale(scale);
    this.#zoom.setAttribute("aria-pressed", String(!fits));
    this.#zoom.title = fits ? "Actual size" : "Fit";
    this.#zoom.setAttribute("aria-label", this.#zoom.title);
    this.#zoom.textContent = fits ? "1:1" : `${Math.round(scale * devicePixelRatio * 100)} %`;
  }

  /** The picture as it is, without what was drawn on it. */
  #save() {
    this.#canvas.toBlob((png) => {
      if (!png) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(png);
      link.download = `${this.#presenter.name || "screen"} ${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }, "image/png");
  }

  #toggleFullScreen() {
    // Another frame: a zoom that suited the one before shows a stamp or a corner in it.
    this.viewport.fit();
    if (document.fullscreenElement) void document.exitFullscreen();
    else void this.#region.requestFullscreen?.().catch(() => { /* the browser does not allow it */ });
  }

  /** Arrows turn the slides, plus and minus zoom, unless something else has the keyboard. @param {KeyboardEvent} event */
  #key(event) {
    const free = event.target === document.body || this.#region.contains(/** @type {Node} */ (event.target));
    if (this.#region.hidden || !free || event.altKey || event.ctrlKey || event.metaKey) return;
    /** @type {Record<string, () => void>} */ const keys = {
      "+": () => this.viewport.step(1), "-": () => this.viewport.step(-1), "0": () => this.viewport.fit(), Escape: () => this.#use("look"),
    };
    if (!this.#slides.hidden) for (const [key, by] of [["ArrowRight", 1], ["PageDown", 1], ["ArrowLeft", -1], ["PageUp", -1]]) keys[key] = () => this.#turn(Number(by));
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  }
}
