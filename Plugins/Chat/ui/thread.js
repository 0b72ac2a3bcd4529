// @ts-check
// The lines of a room as the page knows them. No DOM: tested by tests/ui/chat.test.mjs.

/**
 * @typedef {{seq: number, id: string, from: string, name: string, text: string, at: string, to?: string, toName?: string}} Line
 * @typedef {{id: string, name: string}} Member
 * @typedef {{key: string, text: string, to?: Member, error?: string}} Draft A line of one's own that the server does not have yet.
 * @typedef {{name: string, toName?: string, own: boolean, at: string, newDay: boolean, lines: Line[]}} Group Lines that stand under one heading.
 */

const GROUP_MS = 5 * 60_000;

/** Lines in the order of their numbers, each once, whatever comes twice or late. */
export class Thread {
  /** @type {Line[]} */ lines = [];
  /** @type {Map<string, Draft>} */ drafts = new Map();
  /** @type {Member | null} */ self = null;
  /** There are older lines on the server. */
  more = false;

  /** Begins with the newest lines of a room. @param {{self: Member, items: Line[], more: boolean}} page */
  load({ self, items, more }) {
    this.self = self;
    this.lines = [];
    this.more = more;
    for (const line of items) this.add(line);
  }

  /** Takes a line; false when it was known. @param {Line} line */
  add(line) {
    this.drafts.delete(line.id);
    let at = this.lines.length;
    while (at > 0 && this.lines[at - 1].seq > line.seq) at--;
    if (at > 0 && this.lines[at - 1].seq === line.seq) return false;
    this.lines.splice(at, 0, line);
    return true;
  }

  /** Takes a page of history. @param {Line[]} items @param {boolean} more */
  addOlder(items, more) {
    const oldest = this.lines[0]?.seq ?? Infinity;
    this.lines.unshift(...items.filter((line) => line.seq < oldest));
    this.more = more;
  }

  /** Forgets the oldest lines but `keep`; they can be loaded again. True when there were any. @param {number} keep */
  trim(keep) {
    if (this.lines.length <= keep) return false;
    this.lines.splice(0, this.lines.length - keep);
    this.more = true;
    return true;
  }

  /** @param {Line} line */
  isOwn(line) {
    return line.name === this.self?.name;
  }

  /** The last known id of a person: ids change when somebody joins again. @param {string} name @returns {Member | undefined} */
  member(name) {
    const line = this.lines.findLast((l) => l.name === name);
    return line && { id: line.from, name };
  }

  /** @returns {Group[]} */
  groups() {
    /** @type {Group[]} */ const groups = [];
    for (const line of this.lines) {
      const last = groups.at(-1);
      if (last && belongs(last, line)) last.lines.push(line);
      else groups.push(this.group(line, last));
    }
    return groups;
  }

  /** A new group for a line. @param {Line} line @param {Group} [before] @returns {Group} */
  group(line, before) {
    const newDay = !before || day(lastOf(before).at) !== day(line.at);
    return { name: line.name, toName: line.toName, own: this.isOwn(line), at: line.at, newDay, lines: [line] };
  }
}

/** Same person, same addressee, same day, soon after the line before. @param {Group} group @param {Line} line */
export function belongs(group, line) {
  const last = lastOf(group);
  return group.name === line.name && group.toName === line.toName && day(last.at) === day(line.at)
    && Date.parse(line.at) - Date.parse(last.at) < GROUP_MS;
}

/** "Today", "Yesterday" or the date. @param {string} at @param {Date} [now] */
export function dayLabel(at, now = new Date()) {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (day(at) === now.toDateString()) return "Today";
  if (day(at) === yesterday.toDateString()) return "Yesterday";
  return new Date(at).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

/** Up to two letters for an avatar. @param {string} name */
export function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0]).join("").toLocaleUpperCase();
}

/** A hue that stays with a name, 0 to 359 (FNV-1a); the people's list has the same one. @param {string} name */
export function hue(name) {
  const bytes = new TextEncoder().encode(name.normalize("NFC").toUpperCase());
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5) % 360;
}

/** @param {Group} group */
const lastOf = (group) => group.lines[group.lines.length - 1];

/** @param {string} at */
const day = (at) => new Date(at).toDateString();
