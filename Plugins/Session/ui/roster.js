// @ts-check
// The room as the page knows it: no DOM.

/** @typedef {{id: string, name: string}} Person */
/** @typedef {{id: string, name: string, state: "present" | "suspect" | "away"}} Member */
/** @typedef {{self: Person, room: string, members: Member[]}} Joined */

export class Roster {
  /** @type {Person | null} */
  self = null;
  room = "";
  /** @type {Map<string, Member>} In order of joining. */
  #members = new Map();

  /** @param {Joined} joined Replaces all. */
  enter({ self, room, members }) {
    this.self = self;
    this.room = room;
    this.#members = new Map(members.map((member) => [member.id, member]));
  }

  leave() {
    this.self = null;
    this.room = "";
    this.#members.clear();
  }

  /** @param {Member} member New or changed. */
  put(member) {
    this.#members.set(member.id, member);
  }

  /** @param {string} id */
  remove(id) {
    this.#members.delete(id);
  }

  get count() {
    return this.#members.size;
  }

  /** @returns {Member | undefined} This person's own line. */
  get own() {
    return this.self ? this.#members.get(this.self.id) : undefined;
  }

  /** @returns {Member[]} This person first, then the others by name. */
  get lines() {
    const own = this.own;
    const others = [...this.#members.values()].filter((member) => member !== own);
    others.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: "base" }));
    return own ? [own, ...others] : others;
  }
}

/** One or two letters for an avatar: "Ada Lovelace" gives "AL". @param {string} name */
export function initials(name) {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}\p{S}]/u.test(word));
  const first = (/** @type {string} */ word) => (word.match(/[\p{L}\p{N}\p{S}]/u)?.[0] ?? "").toUpperCase();
  if (words.length === 0) return "?";
  return words.length === 1 ? first(words[0]) : first(words[0]) + first(words[words.length - 1]);
}

/** A hue, 0 to 359, that is the same for a name everywhere and always (FNV-1a). @param {string} name */
export function hue(name) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name.normalize("NFC").toUpperCase())) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash % 360;
}

/** What to say beside a name. @param {Member} member */
export function stateText(member) {
  return { present: "", away: "Away", suspect: "Connection lost?" }[member.state] ?? "";
}

/** The field of the join form that a refusal is about; null: none of them. @param {string} code */
export function fieldOf(code) {
  if (code === "bad-name" || code === "name-taken") return "name";
  if (code === "bad-room" || code === "room-full" || code === "too-many-rooms") return "room";
  if (code === "wrong-password" || code === "throttled") return "password";
  if (code === "unreachable" || code === "bad-address" || code === "server-changed" || code === "version") return "server";
  return null;
}
