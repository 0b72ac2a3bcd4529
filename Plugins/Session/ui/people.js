// @ts-check
// The list of people, left of the stage.

import { element } from "./element.js";
import { hue, initials, stateText } from "./roster.js";

/** @typedef {import("./roster.js").Member} Member */
/** @typedef {import("./roster.js").Roster} Roster */

export class PeopleList {
  #count = element("span", "session-count muted");
  #list = element("ul", "list session-people");
  #said = element("p", "session-said");
  #setAway;

  /** @param {HTMLElement} region @param {(away: boolean) => void} setAway */
  constructor(region, setAway) {
    this.#setAway = setAway;
    const head = element("div", "session-head");
    head.append(element("h2", "session-heading", "People"), this.#count);
    this.#said.setAttribute("aria-live", "polite");
    region.append(head, this.#list, this.#said);
  }

  /** @param {Roster} roster */
  draw(roster) {
    this.#count.textContent = String(roster.count);
    this.#count.setAttribute("aria-label", roster.count === 1 ? "1 person" : `${roster.count} people`);
    const hadFocus = this.#list.contains(document.activeElement);
    this.#list.replaceChildren(...roster.lines.map((member) => this.#line(member, member === roster.own)));
    if (hadFocus) this.#list.querySelector("button")?.focus();
  }

  /** Tells people who cannot see the list. @param {string} text */
  say(text) {
    this.#said.textContent = text;
  }

  /** @param {Member} member @param {boolean} own */
  #line(member, own) {
    const line = element("li", "row session-person");
    line.dataset.state = member.state;
    line.dataset.id = member.id;
    const avatar = element("span", "avatar session-avatar", initials(member.name));
    avatar.style.setProperty("--session-hue", String(hue(member.name)));
    avatar.setAttribute("aria-hidden", "true");
    const name = element("span", "session-name", member.name);
    name.title = member.name;
    const text = element("span", "session-text");
    text.append(name);
    const beside = [own ? "You" : "", stateText(member)].filter(Boolean).join(" · ");
    if (beside) text.append(element("span", "session-state muted", beside));
    line.append(avatar, text);
    if (own) line.append(this.#awayButton(member.state === "away"));
    return line;
  }

  /** @param {boolean} away */
  #awayButton(away) {
    const button = element("button", "btn session-away", away ? "Back" : "Away");
    button.type = "button";
    button.setAttribute("aria-pressed", String(away));
    button.title = away ? "Tell the others that you are here again" : "Tell the others that you are not looking";
    button.addEventListener("click", () => this.#setAway(!away));
    return button;
  }
}
