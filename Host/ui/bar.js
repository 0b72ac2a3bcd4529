// @ts-check
// The bar of controls.

import { byId, insertByOrder, make } from "./dom.js";
import { icon } from "./icons.js";

/** @typedef {import("./types").ControlOptions} ControlOptions */
/** @typedef {import("./types").ControlState} ControlState */
/** @typedef {import("./types").Control} Control */

/** @param {string} plugin @param {ControlOptions} options @param {number} order @returns {Control} */
export function control(plugin, options, order) {
  const label = make("span", { class: "control-label" });
  const button = make("button", { type: "button", class: "control", id: `control-${plugin}-${options.id}` }, icon(options.icon), label);
  button.onclick = (event) => options.onClick(event);
  insertByOrder(byId("controls"), button, order);
  const set = (/** @type {ControlState} */ state) => apply(button, label, state);
  set(options);
  return Object.freeze({ set, element: button });
}

/** @param {HTMLButtonElement} button @param {HTMLElement} label @param {ControlState} state */
function apply(button, label, state) {
  if (state.label !== undefined) {
    label.textContent = state.label;
    button.title = state.label;
    button.setAttribute("aria-label", state.label);
  }
  if (state.icon !== undefined) button.querySelector("svg")?.replaceWith(icon(state.icon));
  if (state.pressed !== undefined) button.setAttribute("aria-pressed", String(state.pressed));
  if (state.disabled !== undefined) button.disabled = state.disabled;
  if (state.danger !== undefined) button.classList.toggle("danger", state.danger);
  if (state.hidden !== undefined) button.hidden = state.hidden;
}
