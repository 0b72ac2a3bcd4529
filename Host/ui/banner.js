// @ts-check
// The line over the page that says what is not as it should be.

import { byId } from "./dom.js";

/** @type {Map<string, string>} By who says it; the shell's own stands before a plugin's. */
const texts = new Map();

/** @param {string} source @param {string} text Empty: nothing (any more). */
export function setBanner(source, text) {
  if (text) texts.set(source, text);
  else texts.delete(source);
  const shown = texts.get("") ?? [...texts.values()].at(-1) ?? "";
  byId("banner").textContent = shown;
  byId("banner").hidden = !shown;
}
