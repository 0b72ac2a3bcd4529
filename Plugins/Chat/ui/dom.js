// @ts-check
// Elements of the chat panel. Text goes in as text.

/** @param {string} tag @param {string} className @param {string} [content] */
export function make(tag, className, content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (content !== undefined) element.textContent = content;
  return element;
}

/** @param {Element} element @param {Record<string, string>} attributes */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

/** @param {string} className @param {string} label @param {() => void} act @param {Node} [content] Instead of the label, which is then for those who cannot see it. */
export function button(className, label, act, content) {
  const element = /** @type {HTMLButtonElement} */ (make("button", className));
  element.type = "button";
  if (content) {
    element.append(content);
    set(element, { "aria-label": label, title: label });
  } else element.textContent = label;
  element.onclick = act;
  return element;
}

/** Pieces of a text, hits marked. @param {{text: string, hit?: boolean}[]} pieces */
export function marked(pieces) {
  return pieces.map((piece) => (piece.hit ? make("mark", "", piece.text) : document.createTextNode(piece.text)));
}

/** @param {string} at */
export const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
