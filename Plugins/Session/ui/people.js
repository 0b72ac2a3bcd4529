// @ts-check
// The list of people, left of the stage.

import { element } from "./element.js";
import { PersonLine } from "./person.js";

/** @typedef {import("./roster.js").Roster} Roster */
/** @typedef {import("./roster.js").Stats} Stats */

export class PeopleList {
  #count = element("span", "session-count muted");
  #list = element("ul", "list session-people");
  #said = element("p", "session-said");
  #tools;
  /** @type {Map<string, PersonLine>} */
  #lines = new Map();
  /** @type {Map<string, Stats>} */
  #stats = new Map();
  /** @type {Roster | null} */
  #roster = null;

  /** @param {HTMLElement} region @param {import("./person.js").Tools} tools @param {HTMLElement[]} buttons Beside the heading. @param {HTMLElement} lobby */
  constructor(region, tools, buttons, lobby) {
    this.#tools = tools;
    const head = element("div", "session-head");
    head.append(element("h2", "session-heading", "People"), this.#count, ...buttons);
    this.#said.setAttribute("aria-live", "polite");
    region.append(head, lobby, this.#list, this.#said);
  }

  /** @param {Roster} roster */
  draw(roster) {
    this.#roster = roster;
    this.#count.textContent = String(roster.count);
    this.#count.setAttribute("aria-label", roster.count === 1 ? "1 person" : `${roster.count} people`);
    const shown = roster.lines.map((member) => this.#line(member));
    for (const [id, line] of this.#lines) {
      if (shown.includes(line)) continue;
      line.root.remove();
      this.#lines.delete(id);
    }
    // Only what stands in the wrong place is moved: moving takes the focus away.
    for (const [at, { root }] of shown.entries()) {
      if (this.#list.children[at] !== root) this.#list.insertBefore(root, this.#list.children[at] ?? null);
    }
  }

  /** @param {Stats[]} items */
  rate(items) {
    this.#stats = new Map(items.map((stats) => [stats.id, stats]));
    if (this.#roster) this.draw(this.#roster);
  }

  /** @param {string} id */
  drawMarks(id) {
    this.#lines.get(id)?.drawMarks();
  }

  /** Tells people who cannot see the list. @param {string} text */
  say(text) {
    this.#said.textContent = text;
  }

  /** @param {import("./roster.js").Member} member @returns {PersonLine} */
  #line(member) {
    const roster = /** @type {Roster} */ (this.#roster);
    const line = this.#lines.get(member.id) ?? new PersonLine(member, this.#tools);
    this.#lines.set(member.id, line);
    const own = member === roster.own;
    line.draw(member, { own, turn: roster.turn(member), menu: own ? !roster.isModerator : roster.isModerator, stats: this.#stats.get(member.id) });
    return line;
  }
}
