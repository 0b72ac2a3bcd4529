// @ts-check
// Who is here: the join form, the list of people, leaving, and keeping order.

import { element } from "./element.js";
import { InviteDialog } from "./invite.js";
import { JoinForm } from "./join-form.js";
import { LobbyNotice, WaitingPage } from "./lobby.js";
import { OperatorDialog } from "./operator.js";
import { PeopleList } from "./people.js";
import { Roster, moderation } from "./roster.js";
import { RulesDialog } from "./rules.js";
import { ServerPicker } from "./server-picker.js";

const STATS_EVERY_MS = 5000, SEARCH_EVERY_MS = 10000;

/** @param {any} panel @param {any} bridge */
export function mount(panel, bridge) {
  const roster = new Roster();
  const report = (/** @type {Error} */ error) => panel.notice(error.message, "error");
  /** @param {string} type @param {object} [body] */
  const ask = (type, body) => bridge.request(type, body).catch(report);

  const cover = panel.region("cover", { title: "Join a meeting", order: 0 });
  const form = new JoinForm(cover, ({ name, room, password, server }) =>
    bridge.request("join", { name, room, password: password || undefined, server: server || undefined }),
  new ServerPicker({ icon: panel.icon, pick: (address) => form.pickServer(address), search: () => void askServers("search") }));
  const invite = new InviteDialog();
  const inviting = tool(panel.icon("invite"), "Invite others", () =>
    bridge.request("invite", { room: roster.room }).then((/** @type {import("./invite.js").Card} */ card) => invite.open(card), report));
  const waiting = new WaitingPage(panel.region("cover", { title: "Waiting to be let in", order: 1 }), () => ask("leave"));
  const lobby = new LobbyNotice((id, admitted) => ask("admit", { id, admitted }));
  const rules = new RulesDialog({
    change: (wish) => bridge.request("rules", wish),
    bans: () => bridge.request("bans").then((/** @type {any} */ { items }) => items, () => []),
    lift: (person) => bridge.request("ban.lift", { person }),
  });
  const operator = new OperatorDialog((password) => bridge.request("operator", { password }));
  const tools = [
    tool(panel.icon("mic-off"), "Mute everybody but moderators", () => ask("mute.all")),
    tool(panel.icon("settings"), "Meeting settings", () => void rules.open(roster.rules)),
  ];
  const people = new PeopleList(panel.region("people", { title: "People", order: 0 }), {
    icon: panel.icon,
    marksOf: panel.marksOf,
    openMenu: (anchor, member) => panel.menu(anchor, member === roster.own ? [{ label: "I run this server…", onSelect: () => operator.open() }] : moderation(member, ask)),
    setAway: (away) => ask("away", { away }),
  }, [inviting, ...tools], lobby.root);
  panel.onMarks((/** @type {string} */ id) => people.drawMarks(id));
  const status = statusText(panel.region("status", { title: "Connection", order: 0 }));
  const hand = panel.control({ id: "hand", label: "Raise hand", icon: "hand", order: 500, pressed: false, onClick: () => ask("hand", { raised: roster.own?.hand === undefined }) });
  const leave = panel.control({
    id: "leave", label: "Leave", icon: "leave", order: 1000, danger: true,
    onClick: () => {
      leave.set({ disabled: true });
      ask("leave").finally(() => leave.set({ disabled: false }));
    },
  });

  const askServers = (type = "servers") => bridge.request(type).then(
    (/** @type {import("./servers.js").ServerList} */ list) => form.offerServers(list),
    () => { /* the next connection asks again */ });
  bridge.on("servers.known", (/** @type {import("./servers.js").ServerList} */ list) => form.offerServers(list));
  // Only while somebody looks at the list.
  setInterval(() => { if (!roster.self && !document.hidden) void askServers("search"); }, SEARCH_EVERY_MS);

  function draw() {
    people.draw(roster);
    for (const button of tools) button.hidden = !roster.isModerator;
    if (!roster.isModerator) lobby.draw([]);
    const raised = roster.own?.hand !== undefined;
    hand.set({ pressed: raised, label: raised ? "Lower hand" : "Raise hand" });
  }

  /** @param {string} [reason] */
  function showCover(reason) {
    const before = roster.self;
    roster.leave();
    rules.close();
    operator.close();
    invite.close();
    draw();
    panel.joined(false);
    form.note("");
    form.fail(reason ?? "");
    if (before) void askServers();
    form.focus();
  }

  /** @param {string} state @param {string} [reason] */
  function showState(state, reason) {
    const reconnecting = state === "reconnecting" && roster.self !== null;
    status(reconnecting ? "Reconnecting to the server…" : "", reason);
    panel.banner(reconnecting ? `Reconnecting. ${reason ?? ""} What you type meanwhile is kept.` : "");
    waiting.show(state === "waiting" ? reason ?? "" : "");
    cover.hidden = state === "waiting";
    if (state === "waiting") panel.joined(false);
    if (state === "disconnected") showCover(reason);
    if (state === "connected" && reason) panel.notice(reason);
    if (state === "reconnecting" && !roster.self) form.note(`Trying to join. ${reason ?? ""}`);
  }

  bridge.on("joined", (/** @type {import("./roster.js").Joined} */ joined) => {
    roster.enter(joined);
    draw();
    form.fail("");
    form.note("");
    panel.joined(true);
    panel.title(joined.room);
    void askStats();
  });
  bridge.on("member.joined", (/** @type {any} */ { member, resumed }) => {
    roster.put(member);
    draw();
    people.say(`${member.name} ${resumed ? "is back" : "has joined"}`);
  });
  bridge.on("member.changed", (/** @type {any} */ { member }) => {
    tellOwn(panel, roster.own, member);
    if (member.hand !== undefined && roster.get(member.id)?.hand === undefined) people.say(`${member.name} has raised a hand`);
    roster.put(member);
    draw();
  });
  bridge.on("member.left", (/** @type {any} */ { id, name, reason }) => {
    roster.remove(id);
    draw();
    /** @type {Record<string, string>} */
    const said = { lost: "was lost", removed: "was removed", left: "has left" };
    if (said[reason]) people.say(`${name} ${said[reason]}`);
  });
  bridge.on("rules.changed", (/** @type {any} */ changed) => { roster.rules = changed.rules; });
  bridge.on("lobby", (/** @type {{items: {id: string, name: string}[]}} */ { items }) => {
    lobby.draw(items);
    if (items.length > 0) people.say(`${items.at(-1)?.name} waits to be let in`);
  });
  bridge.on("state", (/** @type {{state: string, reason?: string}} */ { state, reason }) => showState(state, reason));
  bridge.onReconnect(() => void askServers());

  const askStats = () => bridge.request("stats", { all: roster.isModerator }).then(
    (/** @type {any} */ { items }) => people.rate(items), () => { /* the next time */ });
  setInterval(() => { if (roster.self && !document.hidden) void askStats(); }, STATS_EVERY_MS);

  panel.joined(false);
  draw();
  void askServers();
  form.focus();
}

/** What a moderator did to this person. @param {any} panel @param {import("./roster.js").Member | undefined} before @param {import("./roster.js").Member} after */
function tellOwn(panel, before, after) {
  if (before?.id !== after.id) return;
  if (!before.muted && after.muted) panel.notice("A moderator has muted you.");
  if (before.muted && !after.muted) panel.notice("You may speak again.");
  if (before.role !== after.role) panel.notice(`You are a ${after.role} now.`);
}

/** @param {SVGSVGElement} icon @param {string} label @param {() => void} onClick @returns {HTMLElement} */
function tool(icon, label, onClick) {
  const button = element("button", "btn icon small session-tool");
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.append(icon);
  button.addEventListener("click", onClick);
  return button;
}

/** @param {HTMLElement} region @returns {(text: string, detail?: string) => void} */
function statusText(region) {
  const text = element("span", "session-status");
  text.setAttribute("role", "status");
  region.append(text);
  region.hidden = true;
  return (say, detail) => {
    text.textContent = say;
    text.title = detail ?? "";
    region.hidden = !say;
  };
}
