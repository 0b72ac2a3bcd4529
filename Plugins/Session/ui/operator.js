// @ts-check
// For the server's operator who came in without their password.

import { element } from "./element.js";

export class OperatorDialog {
  #dialog = element("dialog", "session-dialog");
  #password = element("input", "input");
  #error = element("p", "session-error");
  #give;

  /** @param {(password: string) => Promise<void>} give */
  constructor(give) {
    this.#give = give;
    this.#dialog.setAttribute("aria-labelledby", "session-operator-title");
    const title = element("h2", "session-title", "Operator of this server");
    title.id = "session-operator-title";
    Object.assign(this.#password, { type: "password", autocomplete: "off", maxLength: 256, required: true });
    const field = element("label", "session-field");
    field.append(element("span", "session-label", "Operator's password"), this.#password);
    this.#error.setAttribute("role", "alert");
    const [cancel, go] = [element("button", "btn", "Cancel"), element("button", "btn primary", "Be moderator")];
    cancel.type = "button";
    cancel.addEventListener("click", () => this.close());
    const buttons = element("div", "session-dialog-buttons");
    buttons.append(cancel, go);
    const form = element("form", "session-rules");
    form.append(title, field, this.#error, buttons);
    form.addEventListener("submit", (/** @type {Event} */ event) => { event.preventDefault(); void this.#submit(); });
    this.#dialog.append(form);
    this.#dialog.addEventListener("close", () => this.#dialog.remove());
  }

  open() {
    this.#password.value = "";
    this.#fail("");
    document.body.append(this.#dialog);
    this.#dialog.showModal();
  }

  close() {
    if (this.#dialog.open) this.#dialog.close();
  }

  async #submit() {
    try {
      await this.#give(this.#password.value);
      this.close();
    } catch (error) {
      this.#fail(/** @type {Error} */ (error).message);
    }
  }

  /** @param {string} text */
  #fail(text) {
    this.#error.textContent = text;
    this.#error.hidden = !text;
  }
}
