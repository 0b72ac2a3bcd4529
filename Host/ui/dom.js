// @ts-check
// The few ways in which the shell makes and finds elements. Text goes in as text, never as markup.

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | number | undefined>} [attributes] true: present; false or undefined: absent.
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element;
}

/**
 * Puts a child among its siblings by order; the same order keeps the order of insertion.
 * @param {HTMLElement} parent @param {HTMLElement} child @param {number} order
 */
export function insertByOrder(parent, child, order) {
  child.dataset.order = String(order);
  const after = [...parent.children].find((other) => Number(/** @type {HTMLElement} */ (other).dataset.order ?? -Infinity) > order);
  parent.insertBefore(child, after ?? null);
}
