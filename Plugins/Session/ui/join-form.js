// @ts-check
// The full page before the meeting.

import { element } from "./element.js";
import { fieldOf } from "./roster.js";
import { roomOf } from "./servers.js";

/** @typedef {{name: string, room: string, password: string, server: string}} Wish */

const FIELDS = [
  { id: "name", label: "Your name", autocomplete: "nickname", max: 64, required: true },
  { id: "room", label: "Room", autocomplete: "off", max: 64, required: true },
  { id: "password", label: "Password", placeholder: "Optional", autocomplete: "off", max: 256, type: "password", hint: "If the room has one; the first in a room may set it." },
  { id: "server", label: "Server", autocomplete: "off", max: 300, list: true, hint: "Choose one, type an address, or paste a join link." },
];

/** What a person typed last time, where the browser keeps such things. */
const memory = {
  /** @param {string} key */
  get(key) { try { return localStorage.getItem(`session.${key}`) ?? ""; } catch { return ""; } },
  /** @param {string} key @param {string} value */
  set(key, value) { try { localStorage.setItem(`session.${key}`, value); } catch { /* a private window: not remembered */ } },
};

export class JoinForm {
  /** @type {Record<string, HTMLInputElement>} */
  #inputs = {};
  #form = element("form", "session-form");
  #error = element("p", "session-error");
  #note = element("p", "session-note muted");
  #submit = element("button", "btn primary session-submit", "Join");
  #servers = element("datalist", "");
  #busy = false;
  #offered = "";
  #picker;

  /**
   * @param {HTMLElement} region
   * @param {(wish: Wish) => Promise<unknown>} join Rejects with an Error that has `code`.
   * @param {import("./server-picker.js").ServerPicker} picker
   */
  constructor(region, join, picker) {
    this.#picker = picker;
    this.#servers.id = "session-known-servers";
    this.#form.noValidate = true;
    for (const field of FIELDS) this.#form.append(this.#row(field));
    this.#inputs.server.closest(".session-field")?.before(picker.root);
    this.#inputs.server.addEventListener("input", () => this.#typed());
    this.#error.setAttribute("role", "alert");
    this.#error.id = "session-error";
    this.#error.hidden = true;
    this.#note.setAttribute("role", "status");
    this.#note.hidden = true;
    this.#submit.type = "submit";
    this.#form.append(this.#servers, this.#error, this.#submit, this.#note);
    this.#form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => { event.preventDefault(); void this.#join(join); });
    region.append(element("h2", "session-title", "Join a meeting"), this.#form);
    this.#inputs.name.value = memory.get("name");
    this.#inputs.room.value = memory.get("room") || "Lobby";
  }

  focus() {
    const empty = this.#inputs.name.value ? (this.#inputs.room.value ? this.#submit : this.#inputs.room) : this.#inputs.name;
    empty.focus();
  }

  /** @param {import("./servers.js").ServerList} list */
  offerServers(list) {
    const addresses = [...new Set([list.default, ...list.items.map((item) => item.address)])];
    this.#servers.replaceChildren(...addresses.map((address) => Object.assign(document.createElement("option"), { value: address })));
    this.#picker.draw(list);
    // What was only offered follows what is found; what a person chose or typed stays.
    const { server } = this.#inputs;
    if (server.value === "" || server.value === this.#offered) this.pickServer(this.#offered = list.default);
  }

  /** @param {string} address */
  pickServer(address) {
    this.#inputs.server.value = address;
    this.#picker.mark(address);
  }

  /** A join link names its room, too. */
  #typed() {
    const text = this.#inputs.server.value;
    this.#offered = "";
    this.#picker.mark("");
    this.#inputs.room.value = roomOf(text) || this.#inputs.room.value;
  }

  /** @param {string} text Something that goes on by itself; empty: nothing. */
  note(text) {
    this.#note.textContent = text;
    this.#note.hidden = !text;
  }

  /** @param {string} text Empty: none. @param {string} [code] Of the refusal. */
  fail(text, code = "") {
    this.#error.textContent = text;
    this.#error.hidden = !text;
    const field = text ? fieldOf(code) : null;
    for (const [id, input] of Object.entries(this.#inputs)) {
      if (id === field) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    if (field) this.#inputs[field].select();
  }

  /** @param {(wish: Wish) => Promise<unknown>} join */
  async #join(join) {
    if (this.#busy) return;
    const wish = this.#read();
    if (!wish.name) return this.fail("Please tell the others your name.", "bad-name");
    if (!wish.room) return this.fail("Please name a room; a new name makes a new room.", "bad-room");
    this.fail("");
    this.note("");
    this.#setBusy(true);
    try {
      await join(wish);
      memory.set("name", wish.name);
      memory.set("room", wish.room);
      this.#inputs.password.value = "";
      this.#setBusy(false);
    } catch (error) {
      this.#setBusy(false);
      const { message, code } = /** @type {Error & {code?: string}} */ (error);
      this.fail(message || "The join did not succeed; try again.", code);
    }
  }

  /** @returns {Wish} */
  #read() {
    const value = (/** @type {string} */ id) => this.#inputs[id].value;
    return { name: value("name").normalize("NFC").trim(), room: value("room").normalize("NFC").trim(), password: value("password"), server: this.#picker.dialled(value("server").trim()) };
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy;
    this.#form.setAttribute("aria-busy", String(busy));
    this.#submit.disabled = busy;
    this.#submit.textContent = busy ? "Joining…" : "Join";
    for (const input of Object.values(this.#inputs)) input.readOnly = busy;
  }

  /** @param {(typeof FIELDS)[number]} field */
  #row({ id, label, hint, placeholder, autocomplete, max, type, required, list }) {
    const row = element("div", `session-field session-field-${id}`);
    const caption = element("label", "session-label", label);
    const input = element("input", "input");
    caption.htmlFor = input.id = `session-${id}`;
    Object.assign(input, { name: id, type: type ?? "text", autocomplete, maxLength: max, placeholder: placeholder ?? "", spellcheck: false });
    if (required) input.setAttribute("aria-required", "true");
    if (list) input.setAttribute("list", "session-known-servers");
    const described = ["session-error"];
    row.append(caption, input);
    if (hint) {
      const text = element("span", "session-hint muted", hint);
      text.id = `session-${id}-hint`;
      described.unshift(text.id);
      row.append(text);
    }
    input.setAttribute("aria-describedby", described.join(" "));
    this.#inputs[id] = input;
    return row;
  }
}
