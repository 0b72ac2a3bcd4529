// @ts-check
// The few ways in which this plugin makes elements. Text goes in as text.

/** @param {string} tag @param {string} className @param {string} [text] @returns {any} */
export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** @param {string} label @param {Node | string} sign @param {() => void} onClick @returns {HTMLButtonElement} */
export function button(label, sign, onClick) {
  const made = element("button", "btn icon small");
  made.type = "button";
  made.title = label;
  made.setAttribute("aria-label", label);
  made.append(sign);
  made.addEventListener("click", onClick);
  return made;
}

/** A sign of lines in a square of 24. @param {string} lines */
export function drawn(lines) {
  const sign = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  sign.setAttribute("class", "icon");
  sign.setAttribute("viewBox", "0 0 24 24");
  sign.setAttribute("aria-hidden", "true");
  path.setAttribute("d", lines);
  sign.append(path);
  return sign;
}
