// @ts-check
// The chat panel: lines of the room on the side of the page, and a place to write.
import { Attention } from "./attention.js";
import { Composer } from "./composer.js";
import { button, make, set } from "./dom.js";
import { ChatLog } from "./log.js";
import { mentions } from "./markup.js";
import { result, SearchBox } from "./search.js";
import { Thread, typingText } from "./thread.js";

/**
 * @typedef {import("./thread.js").Line} Line
 * @typedef {import("./thread.js").Pending} Pending
 */

const OLDER = 50, JUMP = 200, KEPT = 2000, TYPING_EVERY_MS = 3000, TYPING_LIFE_MS = 6000, SEEN_MS = 400;
/** Refusals that are none: the line is kept and goes out later. */
const KEPT_CODES = ["waiting", "other-room"];

/** @param {any} panel The page's shell. @param {any} bridge The daemon. */
export function mount(panel, bridge) {
  const region = panel.region("side", { title: "Chat", order: 10 });
  const thread = new Thread();
  let loading = false, seenTimer = 0, told = 0;

  const attention = new Attention(region, (count) => panel.badge(region, count), seen);
  const log = new ChatLog(thread, {
    icon: panel.icon, menu: panel.menu, older, seen, jump, retry, discard,
    direct: (someone) => composer.direct(someone),
    reply: (line) => composer.reply(line, partner(line)),
    edit: (line) => composer.edit(line),
    remove: (line) => change({ key: newKey(), delete: { line: line.seq } }),
    react: (line, emoji, on) => change({ key: newKey(), react: { line: line.seq, emoji, on } }),
  });
  const typing = typists((id, active) => panel.mark(id, "chat-typing", { icon: "pen", title: "typing", active }));
  const signTyping = throttled(TYPING_EVERY_MS, (/** @type {string | undefined} */ to) => bridge.request("typing", { to }).catch(() => {}));
  const composer = new Composer(panel.icon("send"), {
    say: (text, to, reply) => { thread.divider = null; signTyping.again(); send({ key: newKey(), say: { text, to, reply } }); },
    edit: (line, text) => change({ key: newKey(), edit: { line: line.seq, text } }),
    typing: signTyping,
    last: () => thread.lastOwn,
    people,
  });
  const search = new SearchBox(panel.icon("close"), {
    search: (text, before) => bridge.request("search", { text, before }),
    jump: (seq) => jump(seq),
    closed: () => tools.search.focus(),
  });
  const tools = toolbar();
  const root = make("div", "chat");
  root.append(tools.element, search.element, log.element, typing.element, composer.element);
  region.append(root);

  bridge.on("history.loaded", (/** @type {any} */ page) => {
    thread.load(page);
    log.following = true;
    log.redraw();
    notes(page);
    log.openAtDivider();
  });
  bridge.on("said", (/** @type {Line} */ line) => {
    if (!attention.here && thread.dividerLine === undefined && !thread.isOwn(line)) thread.divider = line.seq - 1;
    const newest = line.seq > (thread.lines.at(-1)?.seq ?? 0);
    if (!thread.add(line)) return;
    typing.stop(line.person);
    if (newest) log.append(line);
    if (!newest || (log.following && thread.trim(KEPT))) log.redraw();
    if (!thread.isOwn(line)) attention.came(line, thread.concerns(line, mentions), () => { panel.show(region); jump(line.seq); });
  });
  bridge.on("changed", (/** @type {any} */ one) => log.changed(thread.change(one)));
  bridge.on("typist", (/** @type {any} */ someone) => typing.start(someone));
  bridge.on("allowed", (/** @type {any} */ allowed) => {
    thread.allowed = allowed;
    composer.allow(allowed.write);
    log.redraw();
  });
  bridge.on("outbox", (/** @type {{items: Pending[]}} */ box) => {
    thread.loadPending(box.items);
    log.pendingChanged(false);
    for (const item of thread.pending.values()) if (item.lost) send(item);
  });
  bridge.on("queued", (/** @type {Pending} */ item) => {
    if (item.retryAfterMs) item.retryAt = performance.now() + item.retryAfterMs;
    thread.pending.set(item.key, item);
    log.pendingChanged(false);
  });
  bridge.on("dropped", (/** @type {{key: string}} */ { key }) => {
    if (thread.pending.delete(key)) log.pendingChanged(false);
  });

  async function older() {
    if (loading) return;
    loading = true;
    try {
      await loadOlder(OLDER);
    } catch (error) {
      panel.notice(`Older messages cannot be loaded now. ${/** @type {Error} */ (error).message}`, "error");
    } finally {
      loading = false;
    }
  }

  /** @param {number} limit */
  async function loadOlder(limit) {
    const oldest = thread.lines[0];
    const page = await bridge.request("history", { before: oldest?.seq, limit });
    if (thread.lines[0] !== oldest) return; // Another room meanwhile.
    thread.addOlder(page.items, page.more);
    log.redraw();
  }

  /** Goes to a line, wherever it is. @param {number} seq */
  async function jump(seq) {
    panel.show(region);
    try {
      log.following = false;
      while (thread.more && (thread.lines[0]?.seq ?? 0) > seq) await loadOlder(JUMP);
      if (!log.show(seq)) panel.notice("That message is not there any more.");
    } catch (error) {
      panel.notice(`That message cannot be loaded now. ${/** @type {Error} */ (error).message}`, "error");
    }
  }

  /** Shows it as waiting, and gives it to the daemon. @param {Pending} item */
  async function send(item) {
    thread.pending.set(item.key, { ...item, lost: false, error: undefined });
    log.pendingChanged();
    await hand(item);
  }

  /** A change shows itself when it has come back. @param {Pending} item */
  async function change(item) {
    thread.pending.set(item.key, item);
    await hand(item);
  }

  /** @param {Pending} item */
  async function hand(item) {
    const [type, body] = item.say ? ["say", item.say] : item.edit ? ["edit", item.edit] : item.delete ? ["delete", item.delete] : ["react", item.react];
    try {
      await bridge.request(type, { ...body, key: item.key });
      if (thread.pending.delete(item.key)) log.pendingChanged(false);
    } catch (error) {
      const { code, message } = /** @type {Error & {code?: string}} */ (error);
      if (KEPT_CODES.includes(code ?? "")) return;
      const waiting = thread.pending.get(item.key) ?? item;
      thread.pending.set(item.key, { ...waiting, lost: code === "disconnected", error: code === "disconnected" ? undefined : waiting.error ?? message });
      log.pendingChanged(false);
    }
  }

  /** The key stays: should the server have it after all, it stays one. @param {Pending} item */
  function retry(item) {
    send({ ...item, retryAt: undefined, retryAfterMs: undefined });
  }

  /** @param {Pending} item */
  function discard(item) {
    thread.pending.delete(item.key);
    log.pendingChanged(false);
    bridge.request("discard", { key: item.key }).catch(() => {});
  }

  /** Everything that is in view is read. */
  function seen() {
    const last = thread.lines.at(-1)?.seq ?? 0;
    if (!attention.here || !log.following || last <= told) return;
    clearTimeout(seenTimer);
    seenTimer = window.setTimeout(() => {
      told = last;
      bridge.request("read", { seq: last }).catch(() => {});
    }, SEEN_MS);
  }

  /** Whom a private answer goes to. @param {Line} line */
  function partner(line) {
    if (!line.toPerson) return undefined;
    return thread.isOwn(line) ? { person: line.toPerson, name: line.toName ?? "" } : { person: line.person ?? "", name: line.name };
  }

  async function people() {
    try {
      const { items } = await bridge.request("people");
      return [...items.filter((/** @type {any} */ one) => one.person !== thread.self?.person), { person: "", name: "all" }];
    } catch {
      return thread.people;
    }
  }

  /** What is to be said above the lines. @param {{lost?: string, read?: number, more: boolean, missed?: Line[], items: Line[]}} page */
  function notes(page) {
    log.notes.replaceChildren();
    told = 0;
    if (page.lost) log.notes.append(make("p", "chat-note", `The earlier history was damaged and was set aside on the server (${new Date(page.lost).toLocaleString()}).`));
    if (page.more && page.read !== undefined && page.read < (page.items[0]?.seq ?? 0) - 1) {
      const read = page.read;
      log.notes.append(button("chat-link", "There are more unread messages above: go to the first", () => jump(read + 1)));
    }
    if (page.missed) log.notes.append(missed(page.missed));
  }

  /** @param {Line[]} lines */
  function missed(lines) {
    const box = make("section", "chat-missed");
    box.append(make("h3", "", lines.length === 1 ? "Written to you while you were away" : `${lines.length} messages to you while you were away`));
    const list = make("ul", "list");
    list.append(...lines.map((line) => result({ ...line, snippet: [{ text: line.text.slice(0, 200) }] }, jump)));
    box.append(list);
    return box;
  }

  function toolbar() {
    const element = make("div", "chat-bar");
    const find = button("btn icon small", "Search messages", () => (search.element.hidden ? search.open() : search.close()), panel.icon("search"));
    const bell = button("btn icon small", "Notifications", async () => { panel.notice(await attention.toggle()); draw(); }, panel.icon("bell"));
    const more = button("btn icon small", "More", () => panel.menu(more, [
      { label: "Export as text", onSelect: () => download("txt") },
      { label: "Export as JSON", onSelect: () => download("json") },
      ...thread.people.filter((one) => one.person !== thread.self?.person).slice(-8)
        .map((one) => ({ label: `Write to ${one.name} only`, onSelect: () => composer.direct(one) })),
    ]), panel.icon("more"));
    const draw = () => {
      bell.setAttribute("aria-pressed", String(attention.on));
      bell.replaceChildren(panel.icon(attention.on ? "bell" : "bell-off"));
    };
    draw();
    element.append(find, bell, more);
    return { element, search: find };
  }
}

/** @param {string} format */
function download(format) {
  const link = /** @type {HTMLAnchorElement} */ (make("a", ""));
  set(link, { href: `/chat/export.${format}`, download: "" });
  link.click();
}

/** Who is typing. @param {(id: string, active: boolean) => void} mark Shows it beside the name in the list of people, too. */
function typists(mark) {
  const element = make("div", "chat-typing");
  element.setAttribute("aria-hidden", "true"); // Read aloud it would be noise.
  /** @type {Map<string, {name: string, id?: string, timer: number}>} */ const now = new Map();
  const draw = () => { element.textContent = typingText([...now.values()].map((one) => one.name)); };
  const stop = (/** @type {string | undefined} */ person) => {
    const one = now.get(person ?? "");
    if (!one) return;
    clearTimeout(one.timer);
    now.delete(person ?? "");
    if (one.id) mark(one.id, false);
    draw();
  };
  const start = (/** @type {{person: string, name: string, id?: string}} */ { person, name, id }) => {
    stop(person);
    if (id) mark(id, true);
    now.set(person, { name, id, timer: window.setTimeout(() => stop(person), TYPING_LIFE_MS) });
    draw();
  };
  return { element, start, stop };
}

/** At most once in so many milliseconds, until `again`. @template T @param {number} ms @param {(value: T) => void} act */
function throttled(ms, act) {
  let last = -Infinity;
  const call = (/** @type {T} */ value) => {
    if (performance.now() - last < ms) return;
    last = performance.now();
    act(value);
  };
  return Object.assign(call, { again: () => { last = -Infinity; } });
}

/** 128 random bits. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
