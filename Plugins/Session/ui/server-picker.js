// @ts-check
// The servers on the network, to choose one; and why there is none.

import { element } from "./element.js";
import { choices, explain } from "./servers.js";

/** @typedef {import("./servers.js").Choice} Choice */
/** @typedef {import("./servers.js").ServerList} ServerList */

export class ServerPicker {
  root = element("fieldset", "session-servers");
  #list = element("div", "session-server-list");
  #status = element("p", "session-servers-status muted");
  #why = element("details", "session-why");
  #whyTitle = element("summary", "session-why-title");
  #whyText = element("ul", "session-why-list");
  #again = element("button", "btn small", "Search again");
  /** @type {Choice[]} */
  #choices = [];
  #picked = "";
  #drawn = "";
  #tools;

  /** @param {{icon: (name: any) => SVGSVGElement, pick: (address: string) => void, search: () => void}} tools */
  constructor(tools) {
    this.#tools = tools;
    this.#status.setAttribute("role", "status");
    this.#again.type = "button";
    this.#again.addEventListener("click", tools.search);
    this.#why.append(this.#whyTitle, this.#whyText);
    const head = element("legend", "session-label", "Servers on your networks");
    const foot = element("div", "session-servers-foot");
    foot.append(this.#status, this.#again);
    this.root.append(head, this.#list, foot, this.#why);
    this.#list.addEventListener("change", (/** @type {Event} */ event) => {
      const { value } = /** @type {HTMLInputElement} */ (event.target);
      this.#picked = value;
      tools.pick(value);
    });
  }

  /** @param {ServerList} list */
  draw(list) {
    this.#choices = choices(list);
    this.#drawSearch(list);
    // A list that says the same is left alone: who is in it with the keyboard stays where they are.
    const drawn = JSON.stringify(this.#choices);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = /** @type {HTMLInputElement | null} */ (this.#list.contains(document.activeElement) ? document.activeElement : null)?.value;
    this.#list.replaceChildren(...this.#choices.map((choice) => this.#row(choice)));
    this.mark(this.#picked);
    if (focused) [...this.#inputs()].find((input) => input.value === focused)?.focus();
  }

  /** Shows what the field below says. @param {string} address */
  mark(address) {
    this.#picked = address;
    for (const input of this.#inputs()) input.checked = input.value === address;
  }

  /** What to dial for an address: with the fingerprint that was announced when it was chosen here. @param {string} address */
  dialled(address) {
    return this.#choices.find((choice) => choice.address === address && choice.address === this.#picked)?.link ?? address;
  }

  /** @returns {NodeListOf<HTMLInputElement>} */
  #inputs() {
    return this.#list.querySelectorAll("input");
  }

  /** @param {ServerList} list */
  #drawSearch({ search, found }) {
    const { title, reasons, hints } = explain(search);
    const empty = found.length === 0;
    this.#status.textContent = title || (found.length === 1 ? "1 server found" : `${found.length} servers found`);
    this.#again.hidden = search.state === "off";
    this.#again.disabled = search.state === "searching";
    this.#why.hidden = reasons.length + hints.length === 0;
    this.#whyTitle.textContent = empty ? "Why, and what helps" : "Something may be missing";
    // Opened and closed by itself when that changes; in between by who reads it.
    if (this.#why.dataset.empty !== String(empty)) this.#why.open = empty;
    this.#why.dataset.empty = String(empty);
    const lines = [...reasons.map((text) => element("li", "session-why-reason", text)), ...hints.map((text) => element("li", "session-why-hint muted", text))];
    this.#whyText.replaceChildren(...lines);
  }

  /** @param {Choice} choice */
  #row({ address, title, detail, badge, warning }) {
    const row = element("label", "session-server");
    const input = element("input", "session-server-input");
    Object.assign(input, { type: "radio", name: "session-server", value: address });
    const text = element("span", "session-server-text");
    const head = element("span", "session-server-head");
    head.append(element("span", "session-server-name", title));
    if (badge) head.append(element("span", "session-badge", badge));
    text.append(head, element("span", "session-server-detail muted", detail));
    if (warning) text.append(this.#warning(warning));
    row.append(input, text);
    return row;
  }

  /** @param {string} text */
  #warning(text) {
    const warning = element("span", "session-server-warning");
    warning.append(this.#tools.icon("warning"), element("span", "", text));
    return warning;
  }
}
