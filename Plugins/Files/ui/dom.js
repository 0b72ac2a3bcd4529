// @ts-check

/**
 * An element with class, text and children; text goes in as text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} [className] @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** A small button that is only an icon. @param {Node} icon @param {string} label @param {(event: MouseEvent) => void} onClick */
export function iconButton(icon, label, onClick) {
  const button = make("button", "btn icon small", icon);
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.onclick = onClick;
  return button;
}
