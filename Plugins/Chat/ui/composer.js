// @ts-check
// Where one writes: Enter sends, Shift+Enter makes a new line, Escape goes back from one person to everybody.
import { make, set } from "./log.js";

const MAX_TEXT = 8000, MAX_HEIGHT = 160;

export class Composer {
  /** @type {import("./thread.js").Member | undefined} */ #to;

  /** @param {SVGElement} icon @param {(text: string, to?: import("./thread.js").Member) => void} send */
  constructor(icon, send) {
    this.send = send;
    this.target = make("div", "chat-target");
    this.target.hidden = true;
    this.input = /** @type {HTMLTextAreaElement} */ (make("textarea", "input chat-input"));
    this.input.rows = 1;
    this.input.maxLength = MAX_TEXT;
    this.button = /** @type {HTMLButtonElement} */ (make("button", "btn primary chat-send"));
    this.button.type = "submit";
    this.button.append(icon);
    set(this.button, { "aria-label": "Send message", title: "Send (Enter)" });
    const row = make("div", "chat-row");
    row.append(this.input, this.button);
    this.element = /** @type {HTMLFormElement} */ (make("form", "chat-composer"));
    this.element.append(this.target, row);
    this.element.onsubmit = (event) => { event.preventDefault(); this.#submit(); };
    this.input.onkeydown = (event) => this.#key(event);
    this.input.oninput = () => this.#changed();
    this.direct(undefined);
    this.#changed();
  }

  /** Writes to one person, or to everybody. @param {import("./thread.js").Member | undefined} to */
  direct(to) {
    this.#to = to;
    this.target.hidden = !to;
    this.input.placeholder = to ? `Message ${to.name} only` : "Message everybody";
    this.input.setAttribute("aria-label", this.input.placeholder);
    this.target.replaceChildren();
    if (!to) return;
    const back = /** @type {HTMLButtonElement} */ (make("button", "chat-link", "Write to everybody"));
    back.type = "button";
    back.onclick = () => { this.direct(undefined); this.input.focus(); };
    this.target.append(make("span", "", `Only ${to.name} will see this.`), back);
    this.input.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape" && this.#to) this.direct(undefined);
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.#changed();
    this.send(text, this.#to);
  }

  #changed() {
    this.button.disabled = this.input.value.trim() === "";
    this.input.style.height = "auto";
    if (this.input.scrollHeight > 0) this.input.style.height = `${Math.min(this.input.scrollHeight + 2, MAX_HEIGHT)}px`;
  }
}
