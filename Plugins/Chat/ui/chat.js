// @ts-check
// The chat panel: lines of the room on the side of the page, and a place to write.
import { Composer } from "./composer.js";
import { ChatLog, make } from "./log.js";
import { Thread } from "./thread.js";

const OLDER = 50, KEPT = 2000;

/**
 * @param {any} panel The page's shell.
 * @param {any} bridge The daemon.
 */
export function mount(panel, bridge) {
  const region = panel.region("side", { title: "Chat", order: 10 });
  const thread = new Thread();
  const unread = unreadBadge(region, (/** @type {number} */ count) => panel.badge(region, count));
  let loading = false;

  const log = new ChatLog(thread, { older, retry, discard, direct: (name) => composer.direct(thread.member(name)) });
  const composer = new Composer(panel.icon("send"), say);
  const root = make("div", "chat");
  root.append(log.element, composer.element);
  region.append(root);

  bridge.on("history.loaded", (/** @type {any} */ page) => {
    thread.load(page);
    log.redraw();
  });

  bridge.on("said", (/** @type {import("./thread.js").Line} */ line) => {
    const newest = line.seq > (thread.lines.at(-1)?.seq ?? 0);
    if (!thread.add(line)) return;
    if (newest) log.append(line);
    if (!newest || (log.following && thread.trim(KEPT))) log.redraw();
    if (!thread.isOwn(line)) unread.add();
  });

  async function older() {
    if (loading) return;
    loading = true;
    const oldest = thread.lines[0];
    try {
      const page = await bridge.request("history", { before: oldest?.seq, limit: OLDER });
      if (thread.lines[0] !== oldest) return; // Another room meanwhile.
      thread.addOlder(page.items, page.more);
      log.redraw();
    } catch (error) {
      panel.notice(`Older messages cannot be loaded now. ${/** @type {Error} */ (error).message}`, "error");
    } finally {
      loading = false;
    }
  }

  /** @param {string} text @param {import("./thread.js").Member} [to] */
  function say(text, to) {
    const draft = { key: newKey(), text, to };
    thread.drafts.set(draft.key, draft);
    send(draft);
  }

  /** @param {import("./thread.js").Draft} draft */
  function retry(draft) {
    // The key stays: should the server have the line after all, it stays one line.
    draft.error = undefined;
    send(draft);
  }

  /** @param {import("./thread.js").Draft} draft */
  function discard(draft) {
    thread.drafts.delete(draft.key);
    log.draftsChanged();
  }

  /** @param {import("./thread.js").Draft} draft */
  async function send(draft) {
    log.draftsChanged();
    try {
      await bridge.request("say", { text: draft.text, to: draft.to?.id, key: draft.key });
    } catch (error) {
      draft.error = /** @type {Error} */ (error).message;
      log.draftsChanged();
    }
  }
}

/** Counts lines that came while nobody could see the panel. @param {HTMLElement} region @param {(count: number) => void} show */
function unreadBadge(region, show) {
  let count = 0, visible = false;
  const seen = () => {
    if (!visible || document.hidden || count === 0) return;
    count = 0;
    show(0);
  };
  new IntersectionObserver((entries) => {
    visible = entries[entries.length - 1].isIntersecting;
    seen();
  }).observe(region);
  document.addEventListener("visibilitychange", seen);
  return { add: () => { if (!visible || document.hidden) show(++count); } };
}

/** 128 random bits. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
