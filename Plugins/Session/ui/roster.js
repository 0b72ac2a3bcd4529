// @ts-check
// The room as the page knows it: no DOM.

/** @typedef {{id: string, name: string}} Person */
/** @typedef {"listener" | "member" | "presenter" | "moderator"} Role */
/** @typedef {{id: string, name: string, state: "present" | "suspect" | "away", role?: Role, muted?: boolean, hand?: number}} Member */
/** @typedef {{locked: boolean, lobby: boolean, password: boolean, capacity: number}} Rules */
/** @typedef {{self: Person, room: string, members: Member[], rules?: Rules}} Joined */

/** From few rights to many. @type {Role[]} */
export const ROLES = ["listener", "member", "presenter", "moderator"];

export class Roster {
  /** @type {Person | null} */
  self = null;
  room = "";
  /** @type {Rules} */
  rules = { locked: false, lobby: false, password: false, capacity: 0 };
  /** @type {Map<string, Member>} In order of joining. */
  #members = new Map();

  /** @param {Joined} joined Replaces all. */
  enter({ self, room, members, rules }) {
    this.self = self;
    if (rules) this.rules = rules;
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

  /** @param {string} id @returns {Member | undefined} */
  get(id) {
    return this.#members.get(id);
  }

  /** True when this person keeps order in the room. */
  get isModerator() {
    return this.own?.role === "moderator";
  }

  /** @returns {Member[]} This person first, then raised hands in order, then the others by name. */
  get lines() {
    const own = this.own;
    const others = [...this.#members.values()].filter((member) => member !== own);
    others.sort((a, b) => (a.hand ?? Infinity) - (b.hand ?? Infinity) || a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: "base" }));
    return own ? [own, ...others] : others;
  }

  /** Whose turn it is: 1 is the first who raised a hand; 0: no hand is raised. @param {Member} member */
  turn(member) {
    if (member.hand === undefined) return 0;
    return [...this.#members.values()].filter((other) => other.hand !== undefined && other.hand <= /** @type {number} */ (member.hand)).length;
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

/** What is worth saying of somebody's rights: an ordinary member has none worth it. @param {Member} member */
export function standingText(member) {
  const role = { listener: "Listener", member: "", presenter: "Presenter", moderator: "Moderator" }[member.role ?? "member"] ?? "";
  return [role, member.muted ? "Muted" : ""].filter(Boolean).join(" · ");
}

/** @typedef {{id: string, rttMs?: number, jitterMs: number, intervalMaxMs: number}} Stats */

/** How good a connection is, for a dot and for words. @param {Stats | undefined} stats @returns {{level: "good" | "fair" | "poor", text: string} | null} */
export function quality(stats) {
  if (stats?.rttMs === undefined) return null;
  const level = stats.rttMs > 300 || stats.jitterMs > 100 ? "poor" : stats.rttMs > 80 || stats.jitterMs > 30 ? "fair" : "good";
  return { level, text: `Connection ${level}: round trip ${Math.round(stats.rttMs)} ms, varying by ${Math.round(stats.jitterMs)} ms, longest pause ${(stats.intervalMaxMs / 1000).toFixed(1)} s` };
}

/**
 * What a moderator may do to somebody, as a menu.
 * @param {Member} member @param {(type: string, body: object) => void} ask
 * @returns {{label: string, checked?: boolean, onSelect: () => void}[]}
 */
export function moderation(member, ask) {
  const { id } = member;
  const roles = ROLES.map((role) => ({
    label: `${role[0].toUpperCase()}${role.slice(1)}`, checked: role === (member.role ?? "member"), onSelect: () => ask("role", { id, role }),
  }));
  const items = [...roles];
  if (member.role !== "moderator") items.push({ label: "Muted", checked: Boolean(member.muted), onSelect: () => ask("mute", { id, muted: !member.muted }) });
  /** @type {{label: string, checked?: boolean, onSelect: () => void}[]} */
  const acts = [
    { label: "Remove", onSelect: () => ask("remove", { id }) },
    { label: "Remove and ban", onSelect: () => ask("remove", { id, ban: true }) },
  ];
  if (member.hand !== undefined) acts.unshift({ label: "Lower hand", onSelect: () => ask("hand", { id, raised: false }) });
  return [...items, ...acts];
}

/** The field of the join form that a refusal is about; null: none of them. @param {string} code */
export function fieldOf(code) {
  if (code === "bad-name" || code === "name-taken") return "name";
  if (code === "bad-room" || code === "room-full" || code === "too-many-rooms" || code === "no-such-room" || code === "room-locked" || code === "banned" || code === "lobby-full") return "room";
  if (code === "wrong-password" || code === "throttled") return "password";
  if (code === "unreachable" || code === "bad-address" || code === "server-changed" || code === "wrong-server" || code === "version") return "server";
  return null;
}
