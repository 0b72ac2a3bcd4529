// @ts-check
// Asks for the folder of the slides; it lies on the machine on which the program runs.

import { element } from "./elements.js";

const REMEMBERED = "screen.folder";

/** @param {(folder: string) => void} chosen */
export function askForFolder(chosen) {
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", "screen-dialog"));
  const form = element("form", "screen-form");
  const label = element("label", "", "Folder with the slides (PNG or JPEG, shown in the order of their names)");
  const input = /** @type {HTMLInputElement} */ (element("input", "input"));
  const buttons = element("div", "row screen-buttons");
  const cancel = element("button", "btn", "Cancel");
  cancel.type = "button";
  cancel.addEventListener("click", () => dialog.close());
  buttons.append(cancel, element("button", "btn primary", "Present"));
  input.required = true;
  input.placeholder = "/srv/slides";
  input.value = localStorage.getItem(REMEMBERED) ?? "";
  label.append(input);
  form.append(element("h2", "", "Present slides"), label, buttons);
  form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const folder = input.value.trim();
    if (!folder) return;
    localStorage.setItem(REMEMBERED, folder);
    dialog.close();
    chosen(folder);
  });
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  input.select();
}
