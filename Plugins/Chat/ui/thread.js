// @ts-check
// The lines of a room as the page knows them. No DOM: tested by tests/ui/chat.test.mjs.

/**
 * @typedef {{emoji: string, person: string, name: string}} Reaction
 * @typedef {{seq: number, name: string, text?: string}} Quote
 * @typedef {{seq: number, id: string, from: string, name: string, text: string, at: string, to?: string, toName?: string, person?: string, toPerson?: string,
 *   reply?: Quote, version?: number, edited?: string, deleted?: string, reactions?: Reaction[]}} Line
 * @typedef {{seq: number, line: number, kind: string, person: string, name: string, at: string, text?: string, emoji?: string}} Change
 * @typedef {{id: string, name: string, person: string}} Self
 * @typedef {{person: string, name: string}} Someone
 * @typedef {{text: string, to?: string, reply?: number}} Say
 * @typedef {{key: string, say?: Say, edit?: {line: number, text: string}, delete?: {line: number}, react?: {line: number, emoji: string, on: boolean},
 *   error?: string, retryAfterMs?: number, retryAt?: number, lost?: boolean}} Pending What the server does not have yet.
 * @typedef {{name: string, person?: string, toName?: string, own: boolean, at: string, newDay: boolean, lines: Line[]}} Group Lines that stand under one heading.
 */

const GROUP_MS = 5 * 60_000, QUOTE_LENGTH = 160;

/** Lines in the order of their numbers, each once, whatever comes twice or late, with their changes. */
export class Thread {
  /** @type {Line[]} */ lines = [];
  /** In the order in which they were written. @type {Map<string, Pending>} */ pending = new Map();
  /** @type {Self | null} */ self = null;
  /** There are older lines on the server. */
  more = false;
  /** The number of the last line that was read before the "new" divider; null: there is no divider. @type {number | null} */
  divider = null;
  /** What this person may do. */
  allowed = { write: true, moderate: false };

  /** Begins with the newest lines of a room. @param {{self: Self, items: Line[], more: boolean, read?: number}} page */
  load({ self, items, more, read }) {
    this.self = self;
    this.lines = [];
    this.more = more;
    for (const line of items) this.add(line);
    this.divider = read !== undefined && this.firstUnread(read) ? read : null;
  }

  /** What the daemon keeps; what has not reached it yet stays. @param {Pending[]} items */
  loadPending(items) {
    const lost = [...this.pending.values()].filter((item) => item.lost && !items.some((other) => other.key === item.key));
    this.pending = new Map([...items, ...lost].map((item) => [item.key, item]));
    for (const line of this.lines) if (this.isOwn(line)) this.pending.delete(line.id);
  }

  /** Takes a line; false when it was known. @param {Line} line */
  add(line) {
    if (this.isOwn(line)) this.pending.delete(line.id);
    let at = this.lines.length;
    while (at > 0 && this.lines[at - 1].seq > line.seq) at--;
    if (at > 0 && this.lines[at - 1].seq === line.seq) return false;
    this.lines.splice(at, 0, line);
    return true;
  }

  /** Takes a change; gives the lines that look different now. @param {Change} change @returns {Line[]} */
  change(change) {
    const changed = this.lines.filter((line) => apply(line, change));
    const quoting = this.lines.filter((line) => applyToQuote(line, change));
    return [...new Set([...changed, ...quoting])];
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

  /** @param {number} seq */
  find(seq) {
    return this.lines.find((line) => line.seq === seq);
  }

  /** The first line of somebody else after a number. @param {number} read */
  firstUnread(read) {
    return this.lines.find((line) => line.seq > read && !this.isOwn(line) && line.deleted === undefined);
  }

  /** The line above which the divider stands. */
  get dividerLine() {
    return this.divider === null ? undefined : this.firstUnread(this.divider);
  }

  /** @param {Line} line */
  isOwn(line) {
    return this.self !== null && (line.person ? line.person === this.self.person : line.name === this.self.name);
  }

  /** The last line that this person may still change; none while a newer one is on its way. */
  get lastOwn() {
    if ([...this.pending.values()].some((item) => item.say)) return undefined;
    return this.lines.findLast((line) => this.isOwn(line) && line.deleted === undefined);
  }

  /** Everybody who has said something here, by their last name. @returns {Someone[]} */
  get people() {
    const people = new Map(this.lines.filter((line) => line.person).map((line) => [line.person, line.name]));
    return [...people].map(([person, name]) => ({ person: /** @type {string} */ (person), name }));
  }

  /** Does it speak to this person? @param {Line} line @param {(text: string, names: string[]) => string[]} mentions */
  concerns(line, mentions) {
    if (!this.self || this.isOwn(line)) return false;
    return line.toPerson === this.self.person || mentions(line.text, [this.self.name]).length > 0;
  }

  /** @returns {Group[]} */
  groups() {
    /** @type {Group[]} */ const groups = [];
    const first = this.dividerLine;
    for (const line of this.lines) {
      const last = groups.at(-1);
      if (last && line !== first && belongs(last, line)) last.lines.push(line);
      else groups.push(this.group(line, last));
    }
    return groups;
  }

  /** A new group for a line. @param {Line} line @param {Group} [before] @returns {Group} */
  group(line, before) {
    const newDay = !before || day(lastOf(before).at) !== day(line.at);
    return { name: line.name, person: line.person, toName: line.toName, own: this.isOwn(line), at: line.at, newDay, lines: [line] };
  }
}

/** True when the line looks different now. The daemon does the same (Folding.cs). @param {Line} line @param {Change} change */
export function apply(line, change) {
  if (line.seq !== change.line || change.seq <= (line.version ?? 0)) return false;
  line.version = change.seq;
  const others = (line.reactions ?? []).filter((reaction) => reaction.emoji !== change.emoji || reaction.person !== change.person);
  switch (change.kind) {
    case "edited": Object.assign(line, { text: change.text ?? "", edited: change.at }); return true;
    case "deleted": Object.assign(line, { text: "", deleted: change.name, reactions: undefined }); return true;
    case "reacted": line.reactions = [...others, { emoji: change.emoji ?? "", person: change.person, name: change.name }]; return true;
    case "unreacted": line.reactions = others; return true;
    default: return false;
  }
}

/** @param {Line} line @param {Change} change */
function applyToQuote(line, change) {
  if (line.reply?.seq !== change.line || (change.kind !== "edited" && change.kind !== "deleted")) return false;
  const text = change.kind === "edited" ? change.text ?? "" : undefined;
  line.reply = { ...line.reply, text: text && text.length > QUOTE_LENGTH ? `${text.slice(0, QUOTE_LENGTH - 1)}…` : text };
  return true;
}

/** Reactions as they stand under a line. @param {Line} line @param {string} [self] @returns {{emoji: string, names: string[], own: boolean}[]} */
export function reactionCounts(line, self) {
  /** @type {Map<string, {emoji: string, names: string[], own: boolean}>} */ const counts = new Map();
  for (const { emoji, person, name } of line.reactions ?? []) {
    const count = counts.get(emoji) ?? { emoji, names: [], own: false };
    count.names.push(name);
    count.own ||= person === self;
    counts.set(emoji, count);
  }
  return [...counts.values()];
}

/** "Ada is typing…". @param {string[]} names */
export function typingText(names) {
  if (names.length === 0) return "";
  if (names.length === 1) return `${names[0]} is typing…`;
  if (names.length === 2) return `${names[0]} and ${names[1]} are typing…`;
  return `${names.length} people are typing…`;
}

/** Same person, same addressee, same day, soon after the line before. @param {Group} group @param {Line} line */
export function belongs(group, line) {
  const last = lastOf(group);
  return group.name === line.name && group.person === line.person && group.toName === line.toName && day(last.at) === day(line.at)
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
