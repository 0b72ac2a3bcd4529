// @ts-check
// The room's settings, for moderators.

import { element } from "./element.js";

/** @typedef {import("./roster.js").Rules} Rules */
/** @typedef {{change: (rules: object) => Promise<void>, bans: () => Promise<{person: string, name: string}[]>, lift: (person: string) => Promise<void>}} Room */

export class RulesDialog {
  #dialog = element("dialog", "session-dialog");
  #form = element("form", "session-rules");
  #locked = checkbox("Locked", "Nobody new gets in; who is here can come back.");
  #lobby = checkbox("Lobby", "Who comes waits until a moderator lets them in.");
  #password = field("New password", { type: "password", autocomplete: "new-password", maxLength: 256 });
  #open = checkbox("No password", "Takes the room's password away.");
  #capacity = field("Seats", { type: "number", min: "1", step: "1" });
  #error = element("p", "session-error");
  #bans = element("div", "session-bans");
  #room;

  /** @param {Room} room */
  constructor(room) {
    this.#room = room;
    this.#dialog.setAttribute("aria-labelledby", "session-rules-title");
    const title = element("h2", "session-title", "Meeting settings");
    title.id = "session-rules-title";
    this.#error.setAttribute("role", "alert");
    this.#error.hidden = true;
    const [cancel, save] = [element("button", "btn", "Cancel"), element("button", "btn primary", "Save")];
    cancel.type = "button";
    cancel.addEventListener("click", () => this.#dialog.close());
    const buttons = element("div", "session-dialog-buttons");
    buttons.append(cancel, save);
    this.#form.method = "dialog";
    this.#form.append(title, this.#locked.root, this.#lobby.root, this.#password.root, this.#open.root, this.#capacity.root, this.#bans, this.#error, buttons);
    this.#form.addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); void this.#save(); });
    this.#dialog.append(this.#form);
    // On the page only while it is open: its labels are nobody else's business.
    this.#dialog.addEventListener("close", () => this.#dialog.remove());
  }

  /** @param {Rules} rules */
  async open(rules) {
    this.#locked.input.checked = rules.locked;
    this.#lobby.input.checked = rules.lobby;
    this.#password.input.value = "";
    this.#password.input.placeholder = rules.password ? "One is set; leave empty to keep it" : "None";
    this.#open.input.checked = false;
    this.#open.root.hidden = !rules.password;
    this.#capacity.input.value = String(rules.capacity);
    this.#fail("");
    this.#bans.replaceChildren();
    document.body.append(this.#dialog);
    this.#dialog.showModal();
    this.#drawBans(await this.#room.bans());
  }

  close() {
    if (this.#dialog.open) this.#dialog.close();
  }

  async #save() {
    const password = this.#open.input.checked ? "" : this.#password.input.value || undefined;
    try {
      await this.#room.change({ locked: this.#locked.input.checked, lobby: this.#lobby.input.checked, password, capacity: Number(this.#capacity.input.value) || undefined });
      this.#dialog.close();
    } catch (error) {
      this.#fail(/** @type {Error} */ (error).message);
    }
  }

  /** @param {{person: string, name: string}[]} bans */
  #drawBans(bans) {
    this.#bans.replaceChildren(...(bans.length === 0 ? [] : [element("h3", "session-label", "Banned")]), ...bans.map(({ person, name }) => {
      const line = element("p", "session-knock");
      const button = element("button", "btn small", "Lift");
      button.type = "button";
      button.setAttribute("aria-label", `Lift the ban of ${name}`);
      button.addEventListener("click", () => this.#room.lift(person).then(() => line.remove(), (error) => this.#fail(error.message)));
      line.append(element("span", "session-name", name), button);
      return line;
    }));
  }

  /** @param {string} text */
  #fail(text) {
    this.#error.textContent = text;
    this.#error.hidden = !text;
  }
}

let made = 0;

/** @param {string} label @param {object} properties */
function field(label, properties) {
  const root = element("label", "session-field");
  const input = Object.assign(element("input", "input"), properties);
  root.append(element("span", "session-label", label), input);
  return { root, input };
}

/** @param {string} label @param {string} hint */
function checkbox(label, hint) {
  const root = element("div", "session-check");
  const input = Object.assign(element("input", ""), { type: "checkbox", id: `session-check-${++made}` });
  const caption = Object.assign(element("label", "session-label", label), { htmlFor: input.id });
  const text = Object.assign(element("span", "session-hint muted", hint), { id: `${input.id}-hint` });
  input.setAttribute("aria-describedby", text.id);
  root.append(input, caption, text);
  return { root, input };
}
