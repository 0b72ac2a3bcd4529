// @ts-check
// Who is here: the join form, the list of people, leaving.

import { element } from "./element.js";
import { JoinForm } from "./join-form.js";
import { PeopleList } from "./people.js";
import { Roster } from "./roster.js";

/** @param {any} panel @param {any} bridge */
export function mount(panel, bridge) {
  const roster = new Roster();
  const report = (/** @type {Error} */ error) => panel.notice(error.message, "error");

  const cover = panel.region("cover", { title: "Join a meeting", order: 0 });
  const form = new JoinForm(cover, ({ name, room, password, server }) =>
    bridge.request("join", { name, room, password: password || undefined, server: server || undefined }));
  const people = new PeopleList(panel.region("people", { title: "People", order: 0 }), (away) => bridge.request("away", { away }).catch(report));
  const status = statusText(panel.region("status", { title: "Connection", order: 0 }));
  const leave = panel.control({
    id: "leave", label: "Leave", icon: "leave", order: 1000, danger: true,
    onClick: () => {
      leave.set({ disabled: true });
      bridge.request("leave").catch(report).finally(() => leave.set({ disabled: false }));
    },
  });

  const askServers = () => bridge.request("servers").then(
    (/** @type {{items: {address: string}[], default: string}} */ known) => form.offerServers(known.items, known.default),
    () => { /* the next connection asks again */ });

  /** @param {string} [reason] */
  function showCover(reason) {
    const before = roster.self;
    roster.leave();
    people.draw(roster);
    panel.joined(false);
    form.note("");
    form.fail(reason ?? "");
    if (before) void askServers();
    form.focus();
  }

  bridge.on("joined", (/** @type {import("./roster.js").Joined} */ joined) => {
    roster.enter(joined);
    people.draw(roster);
    form.fail("");
    form.note("");
    panel.joined(true);
    panel.title(joined.room);
  });
  bridge.on("member.joined", (/** @type {any} */ { member }) => {
    roster.put(member);
    people.draw(roster);
    people.say(`${member.name} has joined`);
  });
  bridge.on("member.changed", (/** @type {any} */ { member }) => {
    roster.put(member);
    people.draw(roster);
  });
  bridge.on("member.left", (/** @type {any} */ { id, name, reason }) => {
    roster.remove(id);
    people.draw(roster);
    if (reason !== "replaced") people.say(reason === "lost" ? `${name} was lost` : `${name} has left`);
  });
  bridge.on("state", (/** @type {{state: string, reason?: string}} */ { state, reason }) => {
    status(state === "reconnecting" ? "Reconnecting to the server…" : "", reason);
    if (state === "disconnected") showCover(reason);
    if (state === "reconnecting" && !roster.self) form.note(`Trying to join. ${reason ?? ""}`);
  });
  bridge.onReconnect(askServers);

  panel.joined(false);
  void askServers();
  form.focus();
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
