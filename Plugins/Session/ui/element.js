// @ts-check

/**
 * Makes an element; text goes in as text, never as markup.
 * @param {string} tag @param {string} [className] @param {string} [text] @returns {any}
 */
export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
