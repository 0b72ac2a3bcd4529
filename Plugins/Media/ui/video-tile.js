// @ts-check
// One person on the stage.

import { hue, initials } from "./video-layout.js";
import { Overlay } from "./video-overlay.js";

/** @param {string} tag @param {string} name @returns {any} */
function make(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}

export class Tile {
  /**
   * @param {string} id @param {string} name
   * @param {import("../../../Host/ui/types").Panel} panel
   * @param {(tile: Tile) => void} openMenu
   * @param {(tile: Tile) => void} pin
   */
  constructor(id, name, panel, openMenu, pin) {
    this.id = id;
    this.frames = 0;
    this.mirrored = true;
    this.element = make("div", "video-tile");
    this.element.setAttribute("role", "listitem");
    this.element.dataset.id = id;
    this.element.ondblclick = () => pin(this);
    this.avatar = make("div", "video-avatar");
    this.canvas = make("canvas", "video-picture");
    this.canvas.hidden = true;
    this.video = make("video", "video-picture");
    Object.assign(this.video, { hidden: true, muted: true, autoplay: true, playsInline: true });
    this.note = make("div", "video-note");
    this.note.hidden = true;
    this.more = this.#moreButton(panel, openMenu);
    this.overlay = new Overlay();
    this.element.append(this.avatar, this.canvas, this.video, this.note, this.#label(panel), this.more, this.overlay.element);
    this.describe(name, false, false);
  }

  /** @param {string} name @param {boolean} muted @param {boolean} self */
  describe(name, muted, self) {
    this.self = self;
    this.plain = name;
    this.name.textContent = self ? `${name} (you)` : name;
    this.more.setAttribute("aria-label", `More about ${self ? "your picture" : name}`);
    this.avatar.textContent = initials(name);
    this.avatar.style.setProperty("--video-hue", String(hue(name)));
    this.muted.hidden = !muted;
    this.element.classList.toggle("self", self);
    this.element.classList.toggle("mirrored", self && this.mirrored);
    this.#tell();
  }

  /** True when there is a picture. */
  get shows() {
    return !this.canvas.hidden || !this.video.hidden;
  }

  /** @param {boolean} talking */
  set talking(talking) {
    this.element.classList.toggle("talking", talking);
  }

  /** The worker has drawn a picture, after there was none. */
  show() {
    this.canvas.hidden = false;
    this.say("");
  }

  /** The own camera, as the browser has it. @param {MediaStream | null} stream */
  showLocal(stream) {
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    this.video.hidden = !stream;
    this.#tell();
  }

  /** Why there is no picture; the place goes grey. @param {string} sentence Empty: no reason. */
  say(sentence) {
    this.note.textContent = sentence;
    this.note.hidden = sentence === "";
    this.element.classList.toggle("grey", sentence !== "");
    this.#tell();
  }

  /** No frames any more: back to the initials. */
  clear() {
    this.canvas.hidden = true;
    this.say("");
  }

  /** @param {number} drawn Frames since the last time. */
  count(drawn) {
    if (drawn > 0) this.element.dataset.frames = String(this.frames += drawn);
  }

  remove() {
    this.showLocal(null);
    this.element.remove();
  }

  /** What is seen now, unmirrored. @returns {Promise<Blob | null>} PNG. */
  snapshot() {
    const picture = this.video.hidden ? this.canvas : this.video;
    const copy = document.createElement("canvas");
    copy.width = picture.videoWidth ?? picture.width;
    copy.height = picture.videoHeight ?? picture.height;
    copy.getContext("2d")?.drawImage(picture, 0, 0);
    return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
  }

  /** @param {import("../../../Host/ui/types").Panel} panel */
  #label(panel) {
    this.name = make("span", "video-name-text");
    this.muted = make("span", "video-muted");
    this.muted.append(panel.icon("mic-off"));
    this.muted.title = "Muted";
    const label = make("div", "video-name");
    label.append(this.muted, this.name);
    return label;
  }

  /** @param {import("../../../Host/ui/types").Panel} panel @param {(tile: Tile) => void} openMenu */
  #moreButton(panel, openMenu) {
    const button = make("button", "btn icon video-more");
    button.type = "button";
    button.append(panel.icon("more"));
    button.onclick = () => openMenu(this);
    return button;
  }

  /** What a screen reader says. */
  #tell() {
    const camera = this.shows ? ", camera on" : "";
    this.element.setAttribute("aria-label", `${this.name.textContent}${camera}${this.muted.hidden ? "" : ", muted"}${this.note.hidden ? "" : `. ${this.note.textContent}`}`);
  }
}
