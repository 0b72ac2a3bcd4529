// @ts-check
// Who would like to present, for everybody to see, with what moderators and the presenter can do about it.

import { element } from "./elements.js";

export class WaitingList {
  #region;
  #list = element("ul", "list screen-waiting");
  #grant;

  /** @param {any} panel @param {(id: string, decline: boolean) => void} grant */
  constructor(panel, grant) {
    this.#region = panel.region("people", { title: "Waiting to present", order: 60 });
    this.#grant = grant;
    this.#region.append(element("h2", "screen-waiting-title", "Waiting to present"), this.#list);
    this.#region.hidden = true;
  }

  /** @param {{id: string, name: string}[]} waiting @param {"moderator" | "presenter" | ""} may */
  show(waiting, may) {
    this.#region.hidden = waiting.length === 0;
    this.#list.replaceChildren(...waiting.map((person) => this.#row(person, may)));
  }

  /** @param {{id: string, name: string}} person @param {string} may */
  #row({ id, name }, may) {
    const row = element("li", "row");
    row.append(element("span", "screen-waiting-name", name));
    if (may) row.append(this.#button(may === "presenter" ? "Hand over" : "Let present", `${may === "presenter" ? "Hand over to" : "Let"} ${name}`, () => this.#grant(id, false)));
    if (may === "moderator") row.append(this.#button("Not now", `Not now, ${name}`, () => this.#grant(id, true)));
    return row;
  }

  /** @param {string} text @param {string} label @param {() => void} onClick */
  #button(text, label, onClick) {
    const made = element("button", "btn small", text);
    made.type = "button";
    made.setAttribute("aria-label", label);
    made.addEventListener("click", onClick);
    return made;
  }
}
