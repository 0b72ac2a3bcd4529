// @ts-check
// One line of the list of people. It is kept while the person is here, so that focus and menus survive news.

import { element } from "./element.js";
import { hue, initials, quality, standingText, stateText } from "./roster.js";

/** @typedef {import("./roster.js").Member} Member */
/** @typedef {import("./roster.js").Stats} Stats */

/** What a person's line needs of the page. @typedef {{icon: (name: string) => SVGSVGElement, marksOf: (id: string) => {icon?: string, title: string}[], openMenu: (anchor: HTMLElement, member: Member) => void, setAway: (away: boolean) => void}} Tools */

export class PersonLine {
  root = element("li", "row session-person");
  #avatar = element("span", "avatar session-avatar");
  #name = element("span", "session-name");
  #state = element("span", "session-state muted");
  #marks = element("span", "session-marks");
  #hand = element("span", "session-hand");
  #dot = element("span", "session-quality");
  #menu = element("button", "btn icon small session-menu");
  #away = element("button", "btn session-away");
  #tools;
  /** @type {Member} */
  #member;

  /** @param {Member} member @param {Tools} tools */
  constructor(member, tools) {
    this.#member = member;
    this.#tools = tools;
    this.root.dataset.id = member.id;
    this.#avatar.setAttribute("aria-hidden", "true");
    this.#dot.setAttribute("role", "img");
    this.#hand.setAttribute("role", "img");
    const text = element("span", "session-text");
    text.append(this.#name, this.#state);
    this.#menu.type = this.#away.type = "button";
    this.#menu.append(tools.icon("more"));
    this.#menu.setAttribute("aria-haspopup", "menu");
    this.#menu.addEventListener("click", () => tools.openMenu(this.#menu, this.#member));
    this.#away.addEventListener("click", () => tools.setAway(this.#member.state !== "away"));
    const face = element("span", "session-face");
    face.append(this.#avatar, this.#dot);
    this.root.append(face, text, this.#marks, this.#hand, this.#menu, this.#away);
  }

  /** @param {Member} member @param {{own: boolean, turn: number, menu: boolean, stats?: Stats}} view */
  draw(member, { own, turn, menu, stats }) {
    this.#member = member;
    this.root.dataset.state = member.state;
    this.#avatar.textContent = initials(member.name);
    this.#avatar.style.setProperty("--session-hue", String(hue(member.name)));
    this.#name.textContent = this.#name.title = member.name;
    const beside = [own ? "You" : "", standingText(member), stateText(member)].filter(Boolean).join(" · ");
    this.#state.textContent = this.#state.title = beside;
    this.#state.hidden = !beside;
    this.#drawHand(turn);
    this.#drawQuality(stats);
    this.#menu.hidden = !menu;
    this.#menu.setAttribute("aria-label", own ? "More for you" : `What you can do with ${member.name}`);
    this.#menu.title = "More";
    this.#away.hidden = !own;
    this.#away.textContent = member.state === "away" ? "Back" : "Away";
    this.#away.setAttribute("aria-pressed", String(member.state === "away"));
    this.#away.title = member.state === "away" ? "Tell the others that you are here again" : "Tell the others that you are not looking";
    this.drawMarks();
  }

  drawMarks() {
    this.#marks.replaceChildren(...this.#tools.marksOf(this.#member.id).map(({ icon, title }) => {
      const mark = element("span", "session-mark", icon ? undefined : title);
      if (icon) mark.append(this.#tools.icon(icon));
      mark.title = title;
      mark.setAttribute("role", "img");
      mark.setAttribute("aria-label", title);
      return mark;
    }));
  }

  /** @param {number} turn */
  #drawHand(turn) {
    this.#hand.hidden = turn === 0;
    if (turn === 0) return;
    this.#hand.replaceChildren(this.#tools.icon("hand"), String(turn));
    this.#hand.title = turn === 1 ? "Hand raised: next" : `Hand raised: number ${turn}`;
    this.#hand.setAttribute("aria-label", this.#hand.title);
  }

  /** @param {Stats | undefined} stats */
  #drawQuality(stats) {
    const told = quality(stats);
    this.#dot.hidden = !told;
    if (!told) return;
    this.#dot.dataset.level = told.level;
    this.#dot.title = told.text;
    this.#dot.setAttribute("aria-label", told.text);
  }
}
