// @ts-check
// Waiting to be let in, and letting in.

import { element } from "./element.js";

/** The page of somebody who has knocked. */
export class WaitingPage {
  #region;
  #text = element("p", "session-waiting-text");

  /** @param {HTMLElement} region @param {() => void} cancel */
  constructor(region, cancel) {
    this.#region = region;
    this.#text.setAttribute("role", "status");
    const button = element("button", "btn session-waiting-cancel", "Do not wait");
    button.type = "button";
    button.addEventListener("click", cancel);
    region.append(element("h2", "session-title", "Waiting to be let in"), this.#text, element("p", "muted", "You will be in the room as soon as a moderator says so. You can leave this page open."), button);
    region.hidden = true;
  }

  /** @param {string} text Empty: not waiting. */
  show(text) {
    this.#text.textContent = text;
    this.#region.hidden = !text;
  }
}

/** What moderators see of it, above the list of people. */
export class LobbyNotice {
  root = element("section", "session-lobby");
  #list = element("ul", "list");
  #decide;

  /** @param {(id: string, admitted: boolean) => void} decide */
  constructor(decide) {
    this.#decide = decide;
    this.root.setAttribute("aria-label", "Waiting to be let in");
    this.root.append(element("h3", "session-lobby-title", "Waiting to be let in"), this.#list);
    this.root.hidden = true;
  }

  /** @param {{id: string, name: string}[]} items */
  draw(items) {
    this.root.hidden = items.length === 0;
    this.#list.replaceChildren(...items.map(({ id, name }) => {
      const line = element("li", "session-knock");
      line.append(element("span", "session-name", name), this.#button("Let in", `Let ${name} in`, "btn small primary", id, true), this.#button("Deny", `Turn ${name} away`, "btn small", id, false));
      return line;
    }));
  }

  /** @param {string} text @param {string} label @param {string} className @param {string} id @param {boolean} admitted */
  #button(text, label, className, id, admitted) {
    const button = element("button", className, text);
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => this.#decide(id, admitted));
    return button;
  }
}
