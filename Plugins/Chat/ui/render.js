// @ts-check
// From the tree of a text to elements, one by one.
import { parse } from "./markup.js";
import { make, set } from "./dom.js";

const TAGS = { strong: "strong", em: "em", strike: "s", code: "code" };

/** @param {string} text @param {string[]} names @param {string} self Whose name stands out. */
export function render(text, names, self) {
  const element = make("div", "chat-text");
  for (const block of parse(text, names)) {
    if (block.kind === "pre") element.append(pre(block));
    else {
      const box = make(block.kind === "quote" ? "blockquote" : "p", "");
      box.append(...block.nodes.map((node) => inline(node, self)));
      element.append(box);
    }
  }
  return element;
}

/** @param {{text: string, language: string}} block */
function pre(block) {
  const box = make("pre", "chat-code");
  box.tabIndex = 0; // So that a keyboard can move a long line.
  box.append(make("code", "", block.text));
  if (block.language) box.setAttribute("aria-label", `Code, ${block.language}`);
  return box;
}

/** @param {import("./markup.js").Inline} node @param {string} self @returns {Node} */
function inline(node, self) {
  switch (node.kind) {
    case "text": return document.createTextNode(node.text);
    case "code": return make("code", "", node.text);
    case "link": return link(node);
    case "mention": return make("span", node.name === "all" || node.name === self ? "chat-mention self" : "chat-mention", node.text);
    default: {
      const element = make(TAGS[node.kind], "");
      element.append(...node.nodes.map((child) => inline(child, self)));
      return element;
    }
  }
}

/** @param {import("./markup.js").Link} node */
function link(node) {
  const element = make("a", "", node.text);
  set(element, { href: node.href, target: "_blank", rel: "noopener noreferrer" });
  return element;
}
