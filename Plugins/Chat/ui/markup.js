// @ts-check
// What a text means: code, emphasis, quotes, links, names. A tree of plain data; no DOM and no HTML anywhere: tested by tests/ui/chat.test.mjs.
// Its time grows with the text's length and with nothing else: each kind of mark is looked for once, and nesting ends at a fixed depth.

/**
 * @typedef {{kind: "text" | "code", text: string}} Leaf
 * @typedef {{kind: "link", text: string, href: string}} Link
 * @typedef {{kind: "mention", text: string, name: string}} Mention
 * @typedef {{kind: "strong" | "em" | "strike", nodes: Inline[]}} Emphasis
 * @typedef {Leaf | Link | Mention | Emphasis} Inline
 * @typedef {{kind: "paragraph" | "quote", nodes: Inline[]} | {kind: "pre", text: string, language: string}} Block
 */

const DEEPEST = 4;
const ADDRESS = /(?:https?:\/\/|mailto:)[^\s<>"'`]+/iuy;
const CLOSERS = { ")": "(", "]": "[", "}": "{" };
const MARKS = /** @type {const} */ ([["**", "strong"], ["~~", "strike"], ["*", "em"], ["_", "em"]]);
const FENCE = /^\s{0,3}```\s*([\w+#.-]{0,20})\s*$/;

/**
 * @param {string} text
 * @param {string[]} [names] Who may be meant by @name; "all" is everybody.
 * @returns {Block[]}
 */
export function parse(text, names = []) {
  /** @type {Block[]} */ const blocks = [];
  /** @type {string[]} */ let held = [];
  /** @type {"paragraph" | "quote"} */ let kind = "paragraph";
  const sorted = [...new Set([...names, "all"])].filter(Boolean).sort((a, b) => b.length - a.length);
  const flush = () => {
    if (held.length) blocks.push({ kind, nodes: inline(held.join("\n"), sorted, 0) });
    held = [];
  };
  const lines = text.split("\n");
  const lastFence = lines.findLastIndex((line) => FENCE.test(line));
  for (let i = 0; i < lines.length; i++) {
    const fence = i < lastFence ? FENCE.exec(lines[i]) : null;
    if (fence) {
      flush();
      const end = lines.findIndex((line, n) => n > i && FENCE.test(line));
      blocks.push({ kind: "pre", text: lines.slice(i + 1, end).join("\n"), language: fence[1] });
      i = end;
      continue;
    }
    const quoted = /^>\s?/.exec(lines[i]);
    const next = quoted ? "quote" : "paragraph";
    if (next !== kind) flush();
    kind = next;
    held.push(quoted ? lines[i].slice(quoted[0].length) : lines[i]);
  }
  flush();
  return blocks;
}

/** @param {string} text @param {string[]} names @param {number} depth @returns {Inline[]} */
function inline(text, names, depth) {
  /** @type {Inline[]} */ const nodes = [];
  /** Marks that have no partner in the rest of the text. @type {Set<string>} */ const lonely = new Set();
  let done = 0;
  const add = (/** @type {Inline} */ node, /** @type {number} */ from, /** @type {number} */ to) => {
    if (from > done) nodes.push({ kind: "text", text: text.slice(done, from) });
    nodes.push(node);
    done = to;
  };
  for (let i = 0; i < text.length; i = Math.max(i + 1, done)) {
    const found = code(text, i, lonely) ?? address(text, i) ?? mention(text, i, names) ?? (depth < DEEPEST ? emphasis(text, i, lonely, names, depth) : null);
    if (found) add(found.node, i, found.end);
  }
  if (done < text.length) nodes.push({ kind: "text", text: text.slice(done) });
  return nodes;
}

/** @param {string} text @param {number} at @param {Set<string>} lonely @returns {{node: Inline, end: number} | null} */
function code(text, at, lonely) {
  if (text[at] !== "`" || lonely.has("`")) return null;
  const end = text.indexOf("`", at + 1);
  if (end < 0) lonely.add("`");
  return end > at + 1 ? { node: { kind: "code", text: text.slice(at + 1, end) }, end: end + 1 } : null;
}

/** @param {string} text @param {number} at @param {Set<string>} lonely @param {string[]} names @param {number} depth @returns {{node: Inline, end: number} | null} */
function emphasis(text, at, lonely, names, depth) {
  for (const [mark, kind] of MARKS) {
    if (!text.startsWith(mark, at)) continue;
    const start = at + mark.length;
    if (lonely.has(mark) || isSpace(text[start]) || (mark.length === 1 && isWord(text[at - 1]))) return null;
    const end = text.indexOf(mark, start + 1);
    if (end < 0) { lonely.add(mark); return null; }
    if (isSpace(text[end - 1]) || (mark.length === 1 && isWord(text[end + 1]))) return null;
    return { node: { kind, nodes: inline(text.slice(start, end), names, depth + 1) }, end: end + mark.length };
  }
  return null;
}

/** @param {string} text @param {number} at @returns {{node: Inline, end: number} | null} */
function address(text, at) {
  if (!/[hm]/i.test(text[at]) || isWord(text[at - 1])) return null;
  ADDRESS.lastIndex = at;
  const found = ADDRESS.exec(text);
  if (!found) return null;
  const shown = withoutTail(found[0]);
  const href = safe(shown);
  return href ? { node: { kind: "link", text: shown, href }, end: at + shown.length } : null;
}

/** @param {string} text @param {number} at @param {string[]} names @returns {{node: Inline, end: number} | null} */
function mention(text, at, names) {
  if (text[at] !== "@" || isWord(text[at - 1])) return null;
  for (const name of names) {
    const end = at + 1 + name.length;
    if (isWord(text[end]) || text.slice(at + 1, end).toLocaleUpperCase() !== name.toLocaleUpperCase()) continue;
    return { node: { kind: "mention", text: text.slice(at, end), name }, end };
  }
  return null;
}

/** Punctuation at the end belongs to the sentence, not to the address; nor does a bracket that was opened before it. @param {string} found */
function withoutTail(found) {
  let end = found.length;
  /** @type {Record<string, number>} */ const open = {};
  for (const letter of found) open[letter] = (open[letter] ?? 0) + 1;
  for (; end > 0; end--) {
    const last = found[end - 1];
    const opener = CLOSERS[/** @type {keyof typeof CLOSERS} */ (last)];
    if (!(opener ? open[last] > (open[opener] ?? 0) : /[.,;:!?*_~]/.test(last))) break;
    open[last]--;
  }
  return found.slice(0, end);
}

/** Only what leads to a web page or to a letter; what a browser would do with any other scheme is not asked. @param {string} found */
function safe(found) {
  const url = URL.canParse(found) ? new URL(found) : null;
  if (!url) return null;
  if (url.protocol === "mailto:") return url.pathname.includes("@") ? url.href : null;
  return (url.protocol === "http:" || url.protocol === "https:") && url.hostname ? url.href : null;
}

/** The names that a text speaks to, as they were given. @param {string} text @param {string[]} names @returns {string[]} */
export function mentions(text, names) {
  /** @type {string[]} */ const found = [];
  const look = (/** @type {Inline[]} */ nodes) => {
    for (const node of nodes) {
      if (node.kind === "mention") found.push(node.name);
      else if ("nodes" in node) look(node.nodes);
    }
  };
  for (const block of parse(text, names)) if ("nodes" in block) look(block.nodes);
  return found;
}

/** @param {string | undefined} letter */
const isWord = (letter) => letter !== undefined && /[\p{L}\p{N}_]/u.test(letter);

/** @param {string | undefined} letter */
const isSpace = (letter) => letter === undefined || /\s/.test(letter);
