// @ts-check
// One person on the stage.

import { StreamDecoder } from "./video-codec.js";
import { hue, initials } from "./video-layout.js";

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
   * @param {() => void} needKeyFrame
   */
  constructor(id, name, panel, needKeyFrame) {
    this.id = id;
    this.needKeyFrame = needKeyFrame;
    /** @type {"large" | "small" | null} What was asked for; null: nothing yet. */
    this.layer = null;
    /** @type {StreamDecoder | null} */
    this.decoder = null;
    this.frames = 0;
    this.element = make("div", "video-tile");
    this.element.setAttribute("role", "listitem");
    this.element.dataset.id = id;
    this.avatar = make("div", "video-avatar");
    this.canvas = make("canvas", "video-picture");
    this.canvas.hidden = true;
    this.video = make("video", "video-picture");
    Object.assign(this.video, { hidden: true, muted: true, autoplay: true, playsInline: true });
    this.name = make("span", "video-name-text");
    this.muted = make("span", "video-muted");
    this.muted.append(panel.icon("mic-off"));
    this.muted.title = "Muted";
    const label = make("div", "video-name");
    label.append(this.muted, this.name);
    this.element.append(this.avatar, this.canvas, this.video, label);
    this.describe(name, false, false);
  }

  /** @param {string} name @param {boolean} muted @param {boolean} self */
  describe(name, muted, self) {
    this.name.textContent = self ? `${name} (you)` : name;
    this.avatar.textContent = initials(name);
    this.avatar.style.setProperty("--video-hue", String(hue(name)));
    this.muted.hidden = !muted;
    this.element.classList.toggle("self", self);
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

  /** @param {import("./video-frame.js").Frame} frame */
  push(frame) {
    this.decoder ??= new StreamDecoder((picture) => this.#draw(picture), this.needKeyFrame);
    this.decoder.push(frame);
  }

  /** The own camera, as the browser has it. @param {MediaStream | null} stream */
  showLocal(stream) {
    if (this.video.srcObject !== stream) this.video.srcObject = stream;
    this.video.hidden = !stream;
    this.#tell();
  }

  /** No frames any more: back to the initials. */
  clear() {
    this.decoder?.close();
    this.decoder = null;
    this.canvas.hidden = true;
    this.#tell();
  }

  remove() {
    this.clear();
    this.showLocal(null);
    this.element.remove();
  }

  /** What a screen reader says. */
  #tell() {
    this.element.setAttribute("aria-label", `${this.name.textContent}${this.shows ? ", camera on" : ""}${this.muted.hidden ? "" : ", muted"}`);
  }

  /** @param {VideoFrame | ImageBitmap} picture */
  #draw(picture) {
    const width = "displayWidth" in picture ? picture.displayWidth : picture.width;
    const height = "displayHeight" in picture ? picture.displayHeight : picture.height;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.canvas.getContext("2d", { alpha: false }).drawImage(picture, 0, 0);
    picture.close();
    if (this.canvas.hidden) {
      this.canvas.hidden = false;
      this.#tell();
    }
    this.element.dataset.frames = String(++this.frames);
  }
}
