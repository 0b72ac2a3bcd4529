// @ts-check
// The middle of the page: several regions share it. A visible one of class "fill" is the main thing, and the others become a strip.

import { byId, insertByOrder, make } from "./dom.js";

const stage = byId("stage");
const empty = byId("stage-empty");

/** @param {string} title @param {number} order @returns {HTMLElement} */
export function stageRegion(title, order) {
  const region = make("section", { class: "region stage-region", "aria-label": title });
  insertByOrder(stage, region, order);
  new MutationObserver(arrange).observe(region, { attributes: true, attributeFilter: ["hidden", "class"] });
  arrange();
  return region;
}

function arrange() {
  const visible = /** @type {HTMLElement[]} */ ([...stage.children]).filter((region) => region !== empty && !region.hidden);
  const main = visible.find((region) => region.classList.contains("fill"));
  stage.dataset.mode = main && visible.length > 1 ? "focus" : "grid";
  for (const region of visible) {
    const slot = !main || visible.length === 1 ? "grid" : region === main ? "main" : "strip";
    if (region.dataset.slot !== slot) region.dataset.slot = slot;
  }
  empty.hidden = visible.length > 0;
}
