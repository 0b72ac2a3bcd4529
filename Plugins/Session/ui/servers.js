// @ts-check
// Servers to choose from, as the page knows them: no DOM.

/** @typedef {{name: string, address: string, fingerprint: string, rooms: number, trust: "new" | "known" | "changed", link: string, warning?: string}} Found */
/** @typedef {{code: string, message: string, interface?: string}} Finding */
/** @typedef {{state: "off" | "searching" | "found" | "none", findings: Finding[]}} Search */
/** @typedef {{items: {address: string, fingerprint: string}[], default: string, found: Found[], search: Search}} ServerList */
/** @typedef {{address: string, link: string, title: string, detail: string, badge: string, warning: string}} Choice */

const MOST_REMEMBERED = 3;
const SCHEME = "lancollab://";

/** Servers on the network first, then those used before that are not heard of now. @param {ServerList} list @returns {Choice[]} */
export function choices({ items, found }) {
  const there = new Set(found.flatMap((server) => [server.address, server.fingerprint]));
  const elsewhere = items.filter((item) => !there.has(item.address) && !there.has(item.fingerprint)).slice(0, MOST_REMEMBERED);
  return [...found.map(onNetwork), ...elsewhere.map(remembered)];
}

/** @param {Found} server @returns {Choice} */
function onNetwork({ name, address, fingerprint, rooms, trust, link, warning }) {
  const parts = [name ? address : "", rooms === 1 ? "1 room" : rooms > 1 ? `${rooms} rooms` : "nobody there yet", `key ${shortKey(fingerprint)}`];
  return {
    // Where the pin says otherwise the address alone is dialled: the pin decides, not what anybody announces.
    address, link: trust === "changed" ? address : link, title: name || address, detail: parts.filter(Boolean).join(" · "),
    badge: trust === "known" ? "Used before" : "", warning: warning ?? "",
  };
}

/** @param {{address: string, fingerprint: string}} server @returns {Choice} */
function remembered({ address, fingerprint }) {
  return { address, link: address, title: address, detail: `not heard of now · key ${shortKey(fingerprint)}`, badge: "Used before", warning: "" };
}

/** Enough of a fingerprint to compare at a glance, on one line: "9F86 D081". @param {string} fingerprint */
export function shortKey(fingerprint) {
  return `${fingerprint.slice(0, 4)}\u00a0${fingerprint.slice(4, 8)}`.trim().toUpperCase();
}

/** What to say of a search. @param {Search} search @returns {{title: string, reasons: string[], hints: string[]}} */
export function explain({ state, findings }) {
  const titles = { off: "Servers are not searched for", searching: "Looking for servers…", found: "", none: "No server was found" };
  return {
    title: titles[state] ?? "",
    reasons: findings.filter((finding) => !finding.code.startsWith("hint-")).map((finding) => finding.message),
    hints: findings.filter((finding) => finding.code.startsWith("hint-")).map((finding) => finding.message),
  };
}

/** The room that a join link names. @param {string} text @returns {string} Empty: no link, or none in it. */
export function roomOf(text) {
  const link = text.trim();
  if (!link.toLowerCase().startsWith(SCHEME)) return "";
  const field = link.slice(link.indexOf("#") + 1).split("&").find((part) => part.startsWith("room="));
  try { return field ? decodeURIComponent(field.slice("room=".length)) : ""; } catch { return ""; }
}

/** Squares of a QR code as the path of an SVG image, one unit a module. @param {string[]} rows "1" is dark. */
export function squares(rows) {
  const runs = rows.flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index} ${y}h${run[0].length}v1h-${run[0].length}z`));
  return runs.join("");
}
