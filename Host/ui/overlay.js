// @ts-check
// What lies over the page for a moment: notices and menus.

import { byId, make } from "./dom.js";
import { icon } from "./icons.js";

/** @typedef {import("./types").MenuItem} MenuItem */

const NOTICE_MS = { info: 5000, error: 10000 };
const MOST_NOTICES = 4;
const GAP = 8;

/** @param {string} text @param {"info" | "error"} [kind] */
export function notice(text, kind = "info") {
  const close = make("button", { type: "button", class: "btn icon small", "aria-label": "Dismiss" }, icon("close"));
  const toast = make("div", { class: `toast ${kind}`, role: kind === "error" ? "alert" : "status" },
    icon(kind === "error" ? "warning" : "info"), make("span", { class: "toast-text" }, text), close);
  const toasts = byId("toasts");
  toasts.append(toast);
  while (toasts.childElementCount > MOST_NOTICES) toasts.firstElementChild?.remove();
  close.onclick = () => toast.remove();
  setTimeout(() => toast.remove(), NOTICE_MS[kind] ?? NOTICE_MS.info);
}

/** @type {(() => void) | null} */
let closeOpenMenu = null;

/** @param {HTMLElement} anchor @param {MenuItem[]} items */
export function menu(anchor, items) {
  closeOpenMenu?.();
  const list = make("div", { class: "menu", role: "menu", tabindex: "-1" });
  const close = () => {
    list.remove();
    document.removeEventListener("pointerdown", outside, true);
    anchor.setAttribute("aria-expanded", "false");
    closeOpenMenu = null;
  };
  const outside = (/** @type {Event} */ event) => {
    if (!list.contains(/** @type {Node} */ (event.target))) close();
  };
  for (const item of items) list.append(menuItem(item, () => { close(); anchor.focus(); item.onSelect(); }));
  list.onkeydown = (event) => moveInMenu(list, event, () => { close(); anchor.focus(); });
  document.body.append(list);
  document.addEventListener("pointerdown", outside, true);
  anchor.setAttribute("aria-haspopup", "menu");
  anchor.setAttribute("aria-expanded", "true");
  place(list, anchor.getBoundingClientRect());
  closeOpenMenu = close;
  /** @type {HTMLElement | null} */ (list.querySelector("[aria-checked=true]") ?? list.firstElementChild)?.focus();
}

/** @param {MenuItem} item @param {() => void} select */
function menuItem(item, select) {
  const checkable = item.checked !== undefined;
  const button = make("button", {
    type: "button", class: "menu-item", tabindex: "-1",
    role: checkable ? "menuitemcheckbox" : "menuitem", "aria-checked": checkable ? String(item.checked) : undefined,
  }, make("span", { class: "menu-check" }), make("span", {}, item.label));
  if (item.checked) button.firstElementChild?.append(icon("check"));
  button.onclick = select;
  return button;
}

/** @param {HTMLElement} list @param {KeyboardEvent} event @param {() => void} close */
function moveInMenu(list, event, close) {
  const items = /** @type {HTMLElement[]} */ ([...list.children]);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  /** @type {Record<string, number>} */
  const targets = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 };
  if (event.key in targets) items[targets[event.key]]?.focus();
  else if (event.key === "Escape" || event.key === "Tab") close();
  else return;
  event.preventDefault();
}

/** Beside the anchor, on the side with more room, within the window. @param {HTMLElement} list @param {DOMRect} anchor */
function place(list, anchor) {
  const { width, height } = list.getBoundingClientRect();
  const left = Math.min(Math.max(GAP, anchor.left), innerWidth - width - GAP);
  const below = anchor.top < innerHeight / 2;
  const top = below ? anchor.bottom + GAP : anchor.top - height - GAP;
  list.style.left = `${Math.max(GAP, left)}px`;
  list.style.top = `${Math.max(GAP, Math.min(top, innerHeight - height - GAP))}px`;
}
