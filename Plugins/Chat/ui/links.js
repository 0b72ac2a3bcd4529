// @ts-check
// Finds web addresses in a text. No DOM: tested by tests/ui/chat.test.mjs.

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`]+/giu;
const CLOSERS = { ")": "(", "]": "[", "}": "{" };

/**
 * Cuts a text into plain parts and addresses (http and https only).
 * @param {string} text
 * @returns {{text: string, href?: string}[]}
 */
export function linkify(text) {
  const parts = [];
  let done = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = withoutTail(found[0]);
    const href = safe(address);
    if (!href) continue;
    if (found.index > done) parts.push({ text: text.slice(done, found.index) });
    parts.push({ text: address, href });
    done = found.index + address.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done) });
  return parts;
}

/** Punctuation at the end belongs to the sentence, not to the address; nor does a bracket that was opened before it. @param {string} address */
function withoutTail(address) {
  for (;;) {
    const last = address[address.length - 1];
    const opener = CLOSERS[/** @type {keyof typeof CLOSERS} */ (last)];
    const stray = opener ? count(address, last) > count(address, opener) : /[.,;:!?]/.test(last);
    if (!stray) return address;
    address = address.slice(0, -1);
  }
}

/** @param {string} address */
function safe(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url && (url.protocol === "http:" || url.protocol === "https:") && url.hostname ? url.href : null;
}

/** @param {string} text @param {string} letter */
const count = (text, letter) => text.split(letter).length - 1;
