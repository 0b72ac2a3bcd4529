// @ts-check
// Where one writes: Enter sends, Shift+Enter makes a new line, ArrowUp in an empty field edits the last line, Escape goes back to a plain line for everybody.
import { button, make, set } from "./dom.js";

/**
 * @typedef {import("./thread.js").Someone} Someone
 * @typedef {import("./thread.js").Line} Line
 * @typedef {{say: (text: string, to?: string, reply?: number) => void, edit: (line: Line, text: string) => void, typing: (to?: string) => void,
 *   last: () => Line | undefined, people: () => Promise<Someone[]>}} ComposerActions
 */

const MAX_TEXT = 8000, MAX_HEIGHT = 160, MOST_NAMES = 6;

export class Composer {
  /** @type {Someone | undefined} */ #to;
  /** @type {Line | undefined} */ #reply;
  /** @type {Line | undefined} */ #editing;
  #held = "";
  /** @type {Someone[]} */ #people = [];
  #chosen = 0;

  /** @param {SVGElement} icon @param {ComposerActions} actions */
  constructor(icon, actions) {
    this.actions = actions;
    this.target = make("div", "chat-target");
    this.names = make("div", "chat-names");
    set(this.names, { role: "listbox", "aria-label": "People" });
    this.names.hidden = true;
    this.input = /** @type {HTMLTextAreaElement} */ (make("textarea", "input chat-input"));
    this.input.rows = 1;
    this.input.maxLength = MAX_TEXT;
    this.button = button("btn primary chat-send", "Send message", () => {}, icon);
    this.button.type = "submit";
    const row = make("div", "chat-row");
    row.append(this.input, this.button);
    this.element = /** @type {HTMLFormElement} */ (make("form", "chat-composer"));
    this.element.append(this.names, this.target, row);
    this.element.onsubmit = (event) => { event.preventDefault(); this.#submit(); };
    this.input.onkeydown = (event) => this.#key(event);
    this.input.oninput = () => { this.#changed(); this.#suggest(); if (this.input.value.trim() && !this.#editing) this.actions.typing(this.#to?.person); };
    this.input.onblur = () => { this.names.hidden = true; };
    this.#draw();
    this.#changed();
  }

  /** Writes to one person, or to everybody. @param {Someone | undefined} to */
  direct(to) {
    this.#leaveEditing();
    this.#to = to;
    this.#reply = undefined;
    this.#draw();
    this.input.focus();
  }

  /** Answers a line; a direct one in private. @param {Line} line @param {Someone | undefined} to */
  reply(line, to) {
    this.#leaveEditing();
    this.#reply = line;
    this.#to = to;
    this.#draw();
    this.input.focus();
  }

  /** Changes a line. @param {Line} line */
  edit(line) {
    if (!this.#editing) this.#held = this.input.value;
    this.#editing = line;
    this.input.value = line.text;
    this.#draw();
    this.#changed();
    this.input.focus();
  }

  /** Who may only read. @param {boolean} allowed */
  allow(allowed) {
    this.input.disabled = !allowed;
    this.#draw();
    this.#changed();
  }

  #leaveEditing() {
    if (!this.#editing) return;
    this.#editing = undefined;
    this.input.value = this.#held;
    this.#held = "";
    this.#changed();
  }

  #reset() {
    if (this.#editing) this.#leaveEditing();
    else this.#reply = this.#to = undefined;
    this.#draw();
    this.input.focus();
  }

  #draw() {
    const [text, back] = this.#mode();
    this.target.hidden = !text;
    this.target.replaceChildren();
    if (text) this.target.append(make("span", "chat-target-text", text), button("chat-link", back, () => this.#reset()));
    this.input.placeholder = this.input.disabled ? "You may read here, not write" : this.#to ? `Message ${this.#to.name} only` : "Message everybody";
    this.input.setAttribute("aria-label", this.#editing ? "Change your message" : this.input.placeholder);
  }

  /** @returns {[string, string]} */
  #mode() {
    if (this.#editing) return ["You are changing a message.", "Cancel"];
    const only = this.#to ? `Only ${this.#to.name} will see this.` : "";
    if (this.#reply) return [`Answer to ${this.#reply.name}: ${this.#reply.text.slice(0, 80)} ${only}`.trim(), "Cancel"];
    return [only, "Write to everybody"];
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.names.hidden && this.#chooseByKey(event)) return;
    if (event.key === "Escape" && !this.target.hidden) { event.stopPropagation(); this.#reset(); }
    if (event.key === "ArrowUp" && !this.input.value && !this.#editing) this.#editLast(event);
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  /** @param {KeyboardEvent} event */
  #editLast(event) {
    const line = this.actions.last();
    if (!line) return;
    event.preventDefault();
    this.edit(line);
  }

  #submit() {
    const text = this.input.value.trim();
    if (!text || this.input.disabled) return;
    const [line, to, reply] = [this.#editing, this.#to, this.#reply];
    if (line) this.#leaveEditing();
    else this.input.value = "";
    this.#reply = undefined;
    this.#changed();
    this.#draw();
    if (!line) this.actions.say(text, to?.person, reply?.seq);
    else if (text !== line.text) this.actions.edit(line, text);
  }

  #changed() {
    this.button.disabled = this.input.disabled || this.input.value.trim() === "";
    this.input.style.height = "auto";
    if (this.input.scrollHeight > 0) this.input.style.height = `${Math.min(this.input.scrollHeight + 2, MAX_HEIGHT)}px`;
  }

  // Names after an @.

  async #suggest() {
    const typed = this.#typedName();
    if (typed === null) { this.names.hidden = true; return; }
    if (this.names.hidden) this.#people = await this.actions.people();
    const again = this.#typedName();
    if (again === null) return;
    const fitting = this.#people.filter((someone) => someone.name.toLocaleUpperCase().startsWith(again.toLocaleUpperCase())).slice(0, MOST_NAMES);
    this.#chosen = 0;
    this.names.hidden = fitting.length === 0;
    this.names.replaceChildren(...fitting.map((someone, index) => this.#name(someone.name, index)));
  }

  /** What stands after an @ right before the caret, or null. */
  #typedName() {
    const found = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}_ .-]{0,40})$/u.exec(this.input.value.slice(0, this.input.selectionStart));
    return found ? found[1] : null;
  }

  /** @param {string} name @param {number} index */
  #name(name, index) {
    const element = button("chat-suggestion", name, () => this.#complete(name));
    element.onpointerdown = (event) => event.preventDefault(); // The field keeps the focus.
    set(element, { role: "option", tabindex: "-1", "aria-selected": String(index === this.#chosen) });
    return element;
  }

  /** @param {KeyboardEvent} event */
  #chooseByKey(event) {
    const options = /** @type {HTMLElement[]} */ ([...this.names.children]);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      this.#chosen = (this.#chosen + step + options.length) % options.length;
      options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.#chosen)));
    } else if (event.key === "Enter" || event.key === "Tab") options[this.#chosen].click();
    else if (event.key === "Escape") { this.names.hidden = true; event.stopPropagation(); }
    else return false;
    event.preventDefault();
    return true;
  }

  /** @param {string} name */
  #complete(name) {
    const caret = this.input.selectionStart;
    const start = this.input.value.lastIndexOf("@", caret - 1);
    this.input.setRangeText(`@${name} `, start, caret, "end");
    this.names.hidden = true;
    this.#changed();
    this.input.focus();
  }
}
