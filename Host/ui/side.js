// @ts-check
// The right column: each region is a tab. On narrow screens the tabs stand among the views at the bottom instead.

import { byId, insertByOrder, make } from "./dom.js";

/** @typedef {{region: HTMLElement, tab: HTMLButtonElement, view: HTMLButtonElement, count: number}} Tab */

const app = byId("app");
const side = byId("side");
const tabs = byId("tabs");
const views = byId("views");
const togglePeople = byId("toggle-people");
const toggleSide = byId("toggle-side");
/** @type {Map<HTMLElement, Tab>} */
const all = new Map();
/** @type {Tab | null} */
let selected = null;
/** False: nobody has asked for a tab yet, and the first by order is in view, whichever plugin was the first to be loaded. */
let chosen = false;
let made = 0;

/** @param {string} title @param {number} order @returns {HTMLElement} */
export function sideRegion(title, order) {
  const id = `side-${++made}`;
  const region = make("section", { class: "region side-region", role: "tabpanel", id, "aria-label": title });
  const tab = make("button", { type: "button", class: "tab", role: "tab", "aria-controls": id, tabindex: "-1" }, make("span", {}, title));
  const entry = { region, tab, view: viewButton(title, 1000 + order, () => show(region)), count: 0 };
  tab.onclick = () => show(region);
  all.set(region, entry);
  side.append(region);
  insertByOrder(tabs, tab, order);
  new MutationObserver(repair).observe(region, { attributes: true, attributeFilter: ["hidden"] });
  repair();
  return region;
}

/** A button among the views of a narrow screen. @param {string} title @param {number} order @param {() => void} onClick */
function viewButton(title, order, onClick) {
  const button = make("button", { type: "button", class: "view" }, make("span", {}, title));
  button.onclick = onClick;
  insertByOrder(views, button, order);
  return button;
}

/** Brings a region into view, on any kind of screen. @param {HTMLElement} region */
export function show(region) {
  const tab = all.get(region);
  if (!tab) return;
  selected = tab;
  chosen = true;
  app.dataset.view = "side";
  app.dataset.side = "open";
  draw();
}

/** @param {HTMLElement} region @param {number} count */
export function badge(region, count) {
  const tab = all.get(region);
  if (!tab) return;
  tab.count = count;
  draw();
}

/** A tab whose region is hidden cannot stay selected. (`hidden` is the plugin's alone: the selection is a class.) */
function repair() {
  for (const tab of all.values()) tab.tab.hidden = tab.view.hidden = tab.region.hidden;
  if (!chosen || !selected || selected.region.hidden) {
    selected = firstTab() ?? null;
    chosen = false;
  }
  draw();
}

function firstTab() {
  return [...tabs.children].map((tab) => [...all.values()].find((entry) => entry.tab === tab)).find((entry) => entry && !entry.region.hidden);
}

function isInView() {
  return matchMedia("(max-width: 799px)").matches ? app.dataset.view === "side" : app.dataset.side !== "closed";
}

function draw() {
  for (const tab of all.values()) {
    const on = tab === selected;
    tab.tab.setAttribute("aria-selected", String(on));
    tab.tab.tabIndex = on ? 0 : -1;
    tab.region.classList.toggle("selected", on);
    drawBadge(tab, on && isInView());
  }
  app.dataset.tabs = String([...all.values()].filter((tab) => !tab.region.hidden).length);
  drawViews();
}

/** @param {Tab} tab @param {boolean} seen */
function drawBadge(tab, seen) {
  const wasSeen = tab.region.dataset.seen === "true";
  tab.region.dataset.seen = String(seen);
  if (seen && !wasSeen) tab.region.dispatchEvent(new Event("shown"));
  for (const button of [tab.tab, tab.view]) {
    button.querySelector(".badge")?.remove();
    if (seen || tab.count === 0) continue;
    button.append(make("span", { class: "badge", "aria-label": `${tab.count} new` }, tab.count > 99 ? "99+" : String(tab.count)));
  }
  const waiting = [...all.values()].some((other) => other.count > 0 && other.region.dataset.seen !== "true" && !other.region.hidden);
  toggleSide.classList.toggle("dotted", waiting && !isInView());
}

function drawViews() {
  const view = app.dataset.view;
  for (const button of views.children) {
    const tab = [...all.values()].find((entry) => entry.view === button);
    const current = tab ? view === "side" && tab === selected : view === /** @type {HTMLElement} */ (button).dataset.view;
    if (current) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  toggleSide.setAttribute("aria-pressed", String(app.dataset.side !== "closed"));
  togglePeople.setAttribute("aria-pressed", String(app.dataset.people !== "closed"));
}

/** @param {"stage" | "people"} view */
function showView(view) {
  app.dataset.view = view;
  draw();
}

/** @param {"people" | "side"} pane */
function toggle(pane) {
  app.dataset[pane] = app.dataset[pane] === "closed" ? "open" : "closed";
  draw();
}

/** Arrow keys go along the tabs. @param {KeyboardEvent} event */
function onTabKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const visible = /** @type {HTMLElement[]} */ ([...tabs.children]).filter((tab) => !tab.hidden);
  if (!step || !visible.length) return;
  const next = visible[(visible.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step + visible.length) % visible.length];
  next.click();
  next.focus();
  event.preventDefault();
}

/** Once, at the start. */
export function setUpPanes() {
  viewButton("Stage", 0, () => showView("stage")).dataset.view = "stage";
  viewButton("People", 1, () => showView("people")).dataset.view = "people";
  togglePeople.onclick = () => toggle("people");
  toggleSide.onclick = () => toggle("side");
  tabs.onkeydown = onTabKey;
  matchMedia("(max-width: 799px)").addEventListener("change", draw);
  draw();
}
