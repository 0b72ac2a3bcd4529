// @ts-check
// The list of lines: groups under their senders, days, what is new, what waits, and where the reader is in it.
import { button, clock, make, set } from "./dom.js";
import { lineElement, palette } from "./line.js";
import { PendingList } from "./pending.js";
import { belongs, dayLabel, hue, initials } from "./thread.js";

/**
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {import("./thread.js").Line} Line
 * @typedef {import("./thread.js").Pending} Pending
 * @typedef {import("./thread.js").Group} Group
 * @typedef {import("./line.js").Actions & {older: () => void, direct: (someone: import("./thread.js").Someone) => void, seen: () => void,
 *   retry: (item: Pending) => void, discard: (item: Pending) => void}} LogActions
 */

const NEAR = 48; // Pixels from the end within which a reader counts as reading along.
const SHINE_MS = 2000;

export class ChatLog {
  /** @type {Group | undefined} */ #last;
  /** @type {HTMLElement | undefined} */ #lastBody;
  #unseen = 0;
  /** The reader is at the end and reads along. */
  following = true;

  /** @param {Thread} thread @param {LogActions} actions */
  constructor(thread, actions) {
    this.thread = thread;
    this.actions = actions;
    this.pending = new PendingList(thread, actions);
    this.notes = make("div", "chat-notes");
    this.groups = make("div", "chat-groups");
    this.empty = make("p", "chat-empty empty", "Nothing said yet. Say hello!");
    this.list = make("div", "chat-log");
    this.list.tabIndex = 0;
    set(this.list, { role: "log", "aria-live": "polite", "aria-label": "Chat messages" });
    this.list.append(this.notes, this.empty, this.groups, this.pending.element);
    this.pill = button("chat-pill", "", () => this.follow());
    this.pill.hidden = true;
    this.element = make("div", "chat-history");
    this.element.append(this.list, this.pill);
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.list.onkeydown = (event) => this.#key(event);
    // The list changes its size when the tab is shown, the composer grows or the window does.
    new ResizeObserver(() => { if (this.following) this.follow(); }).observe(this.list);
  }

  /** Draws all lines again. A reader who is not at the end stays at the line they read. */
  redraw() {
    const fromEnd = this.list.scrollHeight - this.list.scrollTop;
    // Only what is new is read aloud.
    this.list.setAttribute("aria-busy", "true");
    this.groups.replaceChildren();
    this.#last = this.#lastBody = undefined;
    for (const group of this.thread.groups()) this.#addGroup(group);
    this.pendingChanged(false);
    this.list.setAttribute("aria-busy", "false");
    if (this.following) this.follow();
    else this.list.scrollTop = this.list.scrollHeight - fromEnd;
  }

  /** Adds the newest line. @param {Line} line */
  append(line) {
    if (this.#last && this.#lastBody && line !== this.thread.dividerLine && belongs(this.#last, line)) {
      this.#last.lines.push(line);
      this.#lastBody.append(lineElement(line, this.thread, this.actions));
    } else {
      this.#addGroup(this.thread.group(line, this.#last));
    }
    this.pendingChanged(false);
    if (this.following || this.thread.isOwn(line)) this.follow();
    else this.#missed(this.#unseen + 1);
  }

  /** Draws lines again that have changed. @param {Line[]} lines */
  changed(lines) {
    for (const line of lines) {
      const old = this.#find(line.seq);
      if (!old) continue;
      const focused = old.contains(document.activeElement);
      const fresh = lineElement(line, this.thread, this.actions);
      old.replaceWith(fresh);
      if (focused) fresh.focus();
    }
    if (this.following) this.follow();
  }

  /** Draws what waits again. @param {boolean} [follow] */
  pendingChanged(follow = true) {
    this.pending.draw();
    this.empty.hidden = this.thread.lines.length + this.thread.pending.size > 0;
    if (follow) this.follow();
  }

  /** Goes to the end and stays there. */
  follow() {
    this.following = true;
    this.#missed(0);
    this.list.scrollTop = this.list.scrollHeight;
    this.actions.seen();
  }

  /** Goes to a line that is there; it shines for a moment. @param {number} seq @param {boolean} [shine] */
  show(seq, shine = true) {
    const element = this.#find(seq);
    if (!element) return false;
    this.following = false;
    element.scrollIntoView({ block: "center" });
    if (shine) {
      element.classList.add("shine");
      setTimeout(() => element.classList.remove("shine"), SHINE_MS);
      element.focus({ preventScroll: true });
    }
    this.#scrolled();
    return true;
  }

  /** Begins where the reader left off. */
  openAtDivider() {
    const first = this.thread.dividerLine;
    if (!first) { this.follow(); return; }
    this.show(first.seq, false);
    if (!this.following) this.#missed(this.thread.lines.filter((line) => line.seq >= first.seq && !this.thread.isOwn(line)).length);
  }

  /** @param {number} seq @returns {HTMLElement | null} */
  #find(seq) {
    return this.groups.querySelector(`.chat-line[data-seq="${Number(seq)}"]`);
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    if (clientHeight === 0) return; // Hidden: it is not the reader who scrolls.
    this.following = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.following) { this.#missed(0); this.actions.seen(); }
    if (scrollTop < NEAR && this.thread.more) this.actions.older();
  }

  /** Arrows go from line to line; letters do something with the line. @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const at = target.classList.contains("chat-line") ? target : null;
    if ((!at && target !== this.list) || event.ctrlKey || event.altKey || event.metaKey) return;
    const lines = /** @type {HTMLElement[]} */ ([...this.groups.querySelectorAll(".chat-line")]);
    const go = (/** @type {number} */ index) => { event.preventDefault(); lines[index]?.focus(); };
    if (event.key === "ArrowUp") go(at ? lines.indexOf(at) - 1 : lines.length - 1);
    else if (event.key === "ArrowDown" && at) go(lines.indexOf(at) + 1);
    else if (event.key === "Escape" && at) { event.preventDefault(); this.list.focus(); }
    else if (at) this.#command(event, at);
  }

  /** @param {KeyboardEvent} event @param {HTMLElement} element */
  #command(event, element) {
    const line = this.thread.find(Number(element.dataset.seq));
    if (!line || line.deleted !== undefined || !this.thread.allowed.write) return;
    const own = this.thread.isOwn(line);
    const act = {
      r: () => this.actions.reply(line),
      "+": () => palette(element, line, this.thread, this.actions),
      e: own ? () => this.actions.edit(line) : undefined,
      Delete: own || this.thread.allowed.moderate ? () => /** @type {HTMLElement | null} */ (element.querySelector(".chat-tools [aria-label=Delete]"))?.click() : undefined,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** @param {number} count */
  #missed(count) {
    this.#unseen = count;
    this.pill.hidden = count === 0;
    this.pill.textContent = count === 1 ? "1 new message" : `${count} new messages`;
  }

  /** @param {Group} group */
  #addGroup(group) {
    if (group.newDay) this.groups.append(make("div", "chat-day", dayLabel(group.at)));
    if (group.lines[0] === this.thread.dividerLine) this.groups.append(divider());
    const body = make("div", "chat-lines");
    body.append(...group.lines.map((line) => lineElement(line, this.thread, this.actions)));
    const element = make("div", group.own ? "chat-group own" : "chat-group");
    if (!group.own) element.append(avatar(group.name));
    const content = make("div", "chat-content");
    content.append(this.#head(group), body);
    element.append(content);
    element.classList.toggle("direct", group.toName !== undefined);
    this.groups.append(element);
    this.#last = group;
    this.#lastBody = body;
  }

  /** @param {Group} group */
  #head(group) {
    const head = make("div", "chat-head");
    head.append(group.own ? make("span", "chat-name", "You") : this.#name(group));
    if (group.toName) head.append(make("span", "chat-to", group.own ? `to ${group.toName} only` : "to you only"));
    const time = /** @type {HTMLTimeElement} */ (make("time", "chat-time", clock(group.at)));
    time.dateTime = group.at;
    time.title = new Date(group.at).toLocaleString();
    head.append(time);
    return head;
  }

  /** @param {Group} group */
  #name({ name, person }) {
    const element = button("chat-name", name, () => { if (person) this.actions.direct({ person, name }); });
    element.title = `Write to ${name} only`;
    return element;
  }
}

function divider() {
  const element = make("div", "chat-divider");
  set(element, { role: "separator", "aria-label": "New messages" });
  element.append(make("span", "", "New"));
  return element;
}

/** @param {string} name */
function avatar(name) {
  const element = make("span", "avatar chat-avatar", initials(name));
  element.setAttribute("aria-hidden", "true");
  element.style.setProperty("--chat-hue", String(hue(name)));
  return element;
}
