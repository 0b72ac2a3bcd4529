// @ts-check
// What a plugin's module is given to show itself.

import { setBanner } from "./banner.js";
import { control } from "./bar.js";
import { byId, insertByOrder, make } from "./dom.js";
import { icon } from "./icons.js";
import { clearMarks, mark, marksOf, onMarks } from "./marks.js";
import { menu, notice } from "./overlay.js";
import { onSharedSound, setSharedSound } from "./shared-sound.js";
import { badge, show, sideRegion } from "./side.js";
import { stageRegion } from "./stage.js";

/** @typedef {import("./types").Panel} Panel */
/** @typedef {import("./types").Place} Place */

/** @type {Record<Place, (title: string, order: number) => HTMLElement>} */
const places = {
  cover: (title, order) => plainRegion("cover", title, order),
  people: (title, order) => plainRegion("people", title, order),
  status: (title, order) => plainRegion("status", title, order),
  stage: stageRegion,
  side: sideRegion,
};

/** @param {string} parent @param {string} title @param {number} order */
function plainRegion(parent, title, order) {
  const region = make("section", { class: `region ${parent}-region`, "aria-label": title });
  insertByOrder(byId(parent), region, order);
  return region;
}

/** @type {(() => void)[]} Who is told when the room has been left. */
const leavers = [];

/** @param {boolean} joined */
export function setJoined(joined) {
  const left = !joined && byId("app").dataset.joined === "true";
  byId("app").dataset.joined = String(joined);
  if (!joined) setTitle("");
  if (!left) return;
  clearMarks();
  for (const leaver of leavers) leaver();
}

/** @param {string} text */
function setTitle(text) {
  byId("title").textContent = text;
  document.title = text ? `${text} – LanCollab` : "LanCollab";
}

/** @param {string} plugin @param {number} pluginOrder @returns {Panel} */
export function makePanel(plugin, pluginOrder) {
  // Within a place regions stand by their own order, and those without one by their plugin's.
  return Object.freeze({
    region(place, { title, order = pluginOrder }) {
      if (!(place in places)) throw new Error(`There is no place "${place}" on the page.`);
      const region = places[place](title, order);
      region.classList.add(`plugin-${plugin}`);
      return region;
    },
    badge,
    show,
    control: (options) => control(plugin, options, options.order ?? pluginOrder),
    icon,
    notice,
    menu,
    joined: setJoined,
    onLeft: (fn) => void leavers.push(fn),
    title: setTitle,
    banner: (text) => setBanner(plugin, text),
    mark,
    marksOf,
    onMarks,
    setSharedSound,
    onSharedSound,
  });
}
