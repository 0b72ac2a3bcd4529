// @ts-check
// The list of lines: groups under their senders, days, one's own drafts, and where the reader is in it.
import { belongs, dayLabel, hue, initials } from "./thread.js";
import { linkify } from "./links.js";

/**
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {import("./thread.js").Line} Line
 * @typedef {import("./thread.js").Draft} Draft
 * @typedef {import("./thread.js").Group} Group
 */

const NEAR = 48; // Pixels from the end within which a reader counts as reading along.

export class ChatLog {
  /** @type {Group | undefined} */ #last;
  /** @type {HTMLElement | undefined} */ #lastBody;
  #unseen = 0;
  /** The reader is at the end and reads along. */
  following = true;

  /**
   * @param {Thread} thread
   * @param {{older: () => void, retry: (draft: Draft) => void, discard: (draft: Draft) => void, direct: (name: string) => void}} actions
   */
  constructor(thread, actions) {
    this.thread = thread;
    this.actions = actions;
    this.groups = make("div", "chat-groups");
    this.drafts = make("div", "chat-drafts");
    this.empty = make("p", "chat-empty empty", "Nothing said yet. Say hello!");
    this.list = make("div", "chat-log");
    this.list.tabIndex = 0;
    set(this.list, { role: "log", "aria-live": "polite", "aria-label": "Chat messages" });
    this.list.append(this.empty, this.groups, this.drafts);
    this.pill = /** @type {HTMLButtonElement} */ (make("button", "chat-pill"));
    this.pill.type = "button";
    this.pill.hidden = true;
    this.pill.onclick = () => this.follow();
    this.element = make("div", "chat-history");
    this.element.append(this.list, this.pill);
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
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
    this.#drafts();
    this.list.setAttribute("aria-busy", "false");
    if (this.following) this.follow();
    else this.list.scrollTop = this.list.scrollHeight - fromEnd;
  }

  /** Adds the newest line. @param {Line} line */
  append(line) {
    if (this.#last && this.#lastBody && belongs(this.#last, line)) {
      this.#last.lines.push(line);
      this.#lastBody.append(text(line));
    } else {
      this.#addGroup(this.thread.group(line, this.#last));
    }
    this.#drafts();
    if (this.following || this.thread.isOwn(line)) this.follow();
    else this.#missed(this.#unseen + 1);
  }

  /** Draws the drafts again, and goes to them. */
  draftsChanged() {
    this.#drafts();
    this.follow();
  }

  /** Goes to the end and stays there. */
  follow() {
    this.following = true;
    this.#missed(0);
    this.list.scrollTop = this.list.scrollHeight;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    if (clientHeight === 0) return; // Hidden: it is not the reader who scrolls.
    this.following = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.following) this.#missed(0);
    if (scrollTop < NEAR && this.thread.more) this.actions.older();
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
    const body = make("div", "chat-lines");
    body.append(...group.lines.map(text));
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
    head.append(group.own ? make("span", "chat-name", "You") : this.#name(group.name));
    if (group.toName) head.append(make("span", "chat-to", group.own ? `to ${group.toName} only` : "to you only"));
    const time = /** @type {HTMLTimeElement} */ (make("time", "chat-time", clock(group.at)));
    time.dateTime = group.at;
    time.title = new Date(group.at).toLocaleString();
    head.append(time);
    return head;
  }

  /** @param {string} name */
  #name(name) {
    const button = /** @type {HTMLButtonElement} */ (make("button", "chat-name", name));
    button.type = "button";
    button.title = `Write to ${name} only`;
    button.onclick = () => this.actions.direct(name);
    return button;
  }

  #drafts() {
    this.drafts.replaceChildren(...[...this.thread.drafts.values()].map((draft) => this.#draft(draft)));
    this.empty.hidden = this.thread.lines.length + this.thread.drafts.size > 0;
  }

  /** @param {Draft} draft */
  #draft(draft) {
    const element = make("div", draft.error ? "chat-group own failed" : "chat-group own pending");
    const content = make("div", "chat-content");
    const lines = make("div", "chat-lines");
    lines.append(text(draft));
    content.append(lines, draft.error ? this.#failure(draft, draft.error) : make("div", "chat-state", "Sending…"));
    element.append(content);
    return element;
  }

  /** @param {Draft} draft @param {string} error */
  #failure(draft, error) {
    const state = make("div", "chat-state");
    state.append(make("span", "", error));
    for (const [label, act] of /** @type {[string, (d: Draft) => void][]} */ ([["Try again", this.actions.retry], ["Discard", this.actions.discard]])) {
      const button = /** @type {HTMLButtonElement} */ (make("button", "chat-link", label));
      button.type = "button";
      button.onclick = () => act(draft);
      state.append(button);
    }
    return state;
  }
}

/** A line's text with its links. @param {{text: string}} line */
function text(line) {
  const element = make("div", "chat-line");
  for (const part of linkify(line.text)) {
    if (!part.href) { element.append(part.text); continue; }
    const link = /** @type {HTMLAnchorElement} */ (make("a", "", part.text));
    set(link, { href: part.href, target: "_blank", rel: "noopener noreferrer" });
    element.append(link);
  }
  return element;
}

/** @param {string} name */
function avatar(name) {
  const element = make("span", "avatar chat-avatar", initials(name));
  element.setAttribute("aria-hidden", "true");
  element.style.setProperty("--chat-hue", String(hue(name)));
  return element;
}

/** @param {string} at */
const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** @param {string} tag @param {string} className @param {string} [content] */
export function make(tag, className, content) {
  const element = document.createElement(tag);
  element.className = className;
  if (content !== undefined) element.textContent = content;
  return element;
}

/** @param {Element} element @param {Record<string, string>} attributes */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
