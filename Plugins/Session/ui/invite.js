// @ts-check
// What others need to come here: a link, and the same as a QR code.

import { element } from "./element.js";
import { squares } from "./servers.js";

const SVG = "http://www.w3.org/2000/svg";
const QUIET_ZONE = 4;

/** @typedef {{address: string, link: string, onlyHere: boolean, code: string[]}} Card */

export class InviteDialog {
  #dialog = element("dialog", "session-dialog session-invite");
  #link = element("input", "input session-invite-link");
  #copy = element("button", "btn primary", "Copy link");
  #picture = element("div", "session-invite-code");
  #note = element("p", "session-hint muted");

  constructor() {
    this.#dialog.setAttribute("aria-labelledby", "session-invite-title");
    const title = element("h2", "session-title", "Invite others");
    title.id = "session-invite-title";
    this.#link.readOnly = true;
    this.#link.setAttribute("aria-label", "Join link");
    this.#link.addEventListener("focus", () => this.#link.select());
    const close = element("button", "btn", "Close");
    close.type = this.#copy.type = "button";
    close.addEventListener("click", () => this.close());
    this.#copy.addEventListener("click", () => void this.#copyLink());
    const buttons = element("div", "session-dialog-buttons");
    buttons.append(close, this.#copy);
    this.#dialog.append(title, this.#picture, this.#link, this.#note, buttons);
    this.#dialog.addEventListener("close", () => this.#dialog.remove());
  }

  /** @param {Card} card */
  open({ address, link, onlyHere, code }) {
    this.#link.value = link;
    this.#copy.textContent = "Copy link";
    this.#note.textContent = onlyHere
      ? `The address ${address} works on this machine only: the server listens to nobody else, or is not found on the network.`
      : "Paste it into the field Server of the join page. It names the server's certificate, so that nobody can pretend to be it.";
    this.#picture.replaceChildren(picture(code));
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    this.#copy.focus();
  }

  close() {
    if (this.#dialog.open) this.#dialog.close();
  }

  async #copyLink() {
    try {
      await navigator.clipboard.writeText(this.#link.value);
      this.#copy.textContent = "Copied";
    } catch {
      // Not allowed by the browser: selected, a person can copy it.
      this.#link.focus();
    }
  }
}

/** Black on white in every colour scheme: that is what cameras read. @param {string[]} code */
function picture(code) {
  const svg = document.createElementNS(SVG, "svg");
  const size = code.length + 2 * QUIET_ZONE;
  svg.setAttribute("viewBox", `${-QUIET_ZONE} ${-QUIET_ZONE} ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "QR code of the join link");
  svg.setAttribute("shape-rendering", "crispEdges");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", squares(code));
  svg.append(path);
  return svg;
}
