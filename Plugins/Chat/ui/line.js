// @ts-check
// One line: what it answers, its text, its reactions, and what one may do with it.
import { button, clock, make, set } from "./dom.js";
import { render } from "./render.js";
import { reactionCounts } from "./thread.js";

/**
 * @typedef {import("./thread.js").Line} Line
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {{
 *   icon: (name: any) => SVGElement, menu: (anchor: HTMLElement, items: {label: string, onSelect: () => void}[]) => void,
 *   reply: (line: Line) => void, edit: (line: Line) => void, remove: (line: Line) => void, react: (line: Line, emoji: string, on: boolean) => void, jump: (seq: number) => void,
 * }} Actions
 */

const EMOJI = ["👍", "❤️", "😂", "🎉", "😮", "😢", "👀", "✅"];

/** @param {Line} line @param {Thread} thread @param {Actions} actions */
export function lineElement(line, thread, actions) {
  const element = make("div", "chat-line");
  element.tabIndex = -1;
  element.dataset.seq = String(line.seq);
  set(element, { role: "article", "aria-label": `${line.name}, ${clock(line.at)}` });
  if (line.reply) element.append(quote(line.reply, actions));
  element.append(body(line, thread));
  if (line.deleted !== undefined) return element;
  const reactions = reactionRow(line, thread, actions);
  if (reactions) element.append(reactions);
  if (thread.allowed.write) element.append(tools(element, line, thread, actions));
  return element;
}

/** @param {Line} line @param {Thread} thread */
function body(line, thread) {
  if (line.deleted !== undefined) {
    const byOther = line.deleted !== line.name ? ` by ${line.deleted}` : "";
    return make("p", "chat-deleted", `This message was deleted${byOther}.`);
  }
  const text = render(line.text, thread.people.map((someone) => someone.name), thread.self?.name ?? "");
  if (line.edited) {
    const mark = make("span", "chat-edited", " (edited)");
    mark.title = new Date(line.edited).toLocaleString();
    (text.lastElementChild?.tagName === "P" ? text.lastElementChild : text).append(mark);
  }
  return text;
}

/** @param {import("./thread.js").Quote} quote @param {Actions} actions */
function quote(quote, actions) {
  const element = button("chat-quote", "", () => actions.jump(quote.seq));
  element.title = "Go to that message";
  element.append(make("span", "chat-quote-name", quote.name), make("span", "chat-quote-text", quote.text ?? "Deleted message"));
  return element;
}

/** @param {Line} line @param {Thread} thread @param {Actions} actions */
function reactionRow(line, thread, actions) {
  const counts = reactionCounts(line, thread.self?.person);
  if (counts.length === 0) return null;
  const row = make("div", "chat-reactions");
  for (const { emoji, names, own } of counts) {
    const chip = button("chat-reaction", "", () => actions.react(line, emoji, !own));
    chip.disabled = !thread.allowed.write;
    chip.append(make("span", "", emoji), make("span", "chat-count", String(names.length)));
    set(chip, { "aria-pressed": String(own), "aria-label": `${emoji} ${names.join(", ")}`, title: names.join(", ") });
    row.append(chip);
  }
  return row;
}

/** @param {HTMLElement} element @param {Line} line @param {Thread} thread @param {Actions} actions */
function tools(element, line, thread, actions) {
  const bar = make("div", "chat-tools");
  set(bar, { role: "toolbar", "aria-label": "Message actions" });
  const add = (/** @type {string} */ icon, /** @type {string} */ label, /** @type {(anchor: HTMLElement) => void} */ act) => {
    const one = button("btn icon small", label, () => act(one), actions.icon(icon));
    bar.append(one);
  };
  add("smile", "React", () => palette(element, line, thread, actions));
  add("reply", "Reply", () => actions.reply(line));
  if (thread.isOwn(line)) add("pen", "Edit", () => actions.edit(line));
  if (thread.isOwn(line) || thread.allowed.moderate)
    add("trash", "Delete", (anchor) => actions.menu(anchor, [{ label: "Delete for everybody", onSelect: () => actions.remove(line) }]));
  return bar;
}

/** The emoji to choose from, below the line until one is chosen. @param {HTMLElement} element @param {Line} line @param {Thread} thread @param {Actions} actions */
export function palette(element, line, thread, actions) {
  const open = element.querySelector(".chat-palette");
  if (open) { open.remove(); return; }
  const row = make("div", "chat-palette");
  set(row, { role: "group", "aria-label": "Choose a reaction" });
  // The focus goes first: what is taken away with the focus in it tells of that in the midst of it.
  const close = () => { element.focus(); row.remove(); };
  for (const emoji of EMOJI) {
    const own = reactionCounts(line, thread.self?.person).some((count) => count.emoji === emoji && count.own);
    row.append(button("chat-emoji", emoji, () => { close(); actions.react(line, emoji, !own); }));
  }
  row.onkeydown = (event) => {
    if (event.key === "Escape") { event.stopPropagation(); close(); }
  };
  row.addEventListener("focusout", (event) => {
    if (!row.contains(/** @type {Node | null} */ (event.relatedTarget))) queueMicrotask(() => row.remove());
  });
  element.append(row);
  /** @type {HTMLElement} */ (row.firstElementChild).focus();
}
