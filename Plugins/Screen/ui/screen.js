// @ts-check
// The screen or the slides that somebody presents, and the control to present oneself.

import { askForScreen, canCapture } from "./capture.js";
import { askForFolder } from "./folder-form.js";
import { Leaf } from "./leaf.js";
import { SlideShow } from "./slide-show.js";
import { openSlides } from "./slides-source.js";
import { readPage } from "./tiles.js";
import { ScreenView } from "./view.js";
import { WaitingList } from "./waiting.js";

/** @typedef {{id: string | null, name?: string, presentation: number, width: number, height: number}} Presenter */
/** @typedef {{source: string | null, page?: number, pages?: number, reason?: string}} Sharing */
/** @typedef {{id: string, role: "listener" | "member" | "presenter" | "moderator", policy: string}} You */
/** @typedef {{source: string, kind: string, label: string, width: number, height: number}} Source */

/** @param {any} panel @param {any} bridge */
export function mount(panel, bridge) {
  const region = panel.region("stage", { title: "Screen", order: 0 });
  /** @type {import("./capture.js").Capture | null} */ let capture = null;
  /** @type {SlideShow | null} */ let show = null;
  /** @type {Sharing} */ let sharing = { source: null };
  /** @type {Presenter} */ let presenter = { id: null, presentation: 0, width: 0, height: 0 };
  /** @type {You} */ let you = { id: "", role: "member", policy: "first-come" };
  /** @type {{id: string, name: string}[]} */ let waiting = [];
  /** @type {import("./leaf.js").Deck} */ let deck = { title: "", page: 0, pages: 0 };
  const report = (/** @type {Error} */ error) => panel.notice(error.message, "error");
  const ask = (/** @type {string} */ type, /** @type {object} */ body = {}) => void bridge.request(type, body).catch(report);
  const quietly = (/** @type {string} */ type, /** @type {object} */ body) => void bridge.request(type, body).catch(() => { /* the next connection starts over */ });

  const view = new ScreenView(region, panel, {
    shown: (frame) => quietly("shown", { frame }), turn, point: (x, y) => quietly("point", { x, y }),
    draw: (stroke, points) => ask("draw", { stroke, points }), undo: () => ask("undo"), clear: (all) => ask("clear", { all }),
  });
  const leaf = new Leaf(region, view.frame, (page, small) => bridge.request("page", { page, small }).then(() => true, () => false), go);
  const list = new WaitingList(panel, (id, decline) => isPresenter() && you.role !== "moderator" ? ask("handover", { id }) : ask("grant", { id, decline }));
  const control = panel.control({ id: "screen", label: "Share screen", icon: "screen", order: 30, onClick: toggle });
  const files = chooser();
  const lane = bridge.lane("tiles", (/** @type {Uint8Array} */ bytes) => {
    const page = readPage(bytes);
    if (page) leaf.take(page);
    else view.take(bytes);
  });

  bridge.on("presenter", (/** @type {Presenter} */ now) => {
    if (presenter.id && presenter.id !== now.id) panel.mark(presenter.id, "screen", { icon: "screen", title: "presenting", active: false });
    if (now.id) panel.mark(now.id, "screen", { icon: "screen", title: "presenting", active: true });
    presenter = now;
    view.present(now);
    describe();
  });
  bridge.on("sharing", (/** @type {Sharing} */ now) => {
    sharing = now;
    if (now.source !== "browser") stopCapture();
    if (now.reason) panel.notice(now.reason, "error");
    control.set(now.source
      ? { label: "Stop sharing", icon: "screen-off", pressed: true }
      : { label: "Share screen", icon: "screen", pressed: false });
    describe();
  });
  bridge.on("you", (/** @type {You} */ now) => { you = now; describe(); });
  bridge.on("requests", (/** @type {{waiting: {id: string, name: string}[]}} */ now) => { waiting = now.waiting; describe(); });
  bridge.on("invited", (/** @type {{by: string}} */ { by }) => panel.notice(`${by} lets you present: choose "Share screen" within a minute.`));
  bridge.on("deck", (/** @type {import("./leaf.js").Deck} */ now) => { deck = now; describe(); });
  bridge.on("pointed", (/** @type {any} */ pointed) => view.board.point(pointed));
  bridge.on("drawn", (/** @type {any} */ line) => view.board.add(line));
  bridge.on("drawings", (/** @type {any} */ { lines }) => view.board.replace(lines));
  bridge.on("erased", (/** @type {any} */ gone) => view.board.erase(gone));
  bridge.on("shown", () => capture?.acknowledge());
  bridge.onReconnect(() => {
    stopCapture();
    view.reset();
    quietly("shown", { frame: 0 });
  });
  panel.onLeft(() => { if (sharing.source) ask("stop"); });
  acceptDrops();
  quietly("shown", { frame: 0 });

  function isPresenter() { return presenter.id !== null && presenter.id === you.id; }

  function describe() {
    view.share(sharing, capture !== null);
    if (show) view.turning(show.page, show.pages);
    view.allow(you.role !== "listener", isPresenter() || you.role === "moderator");
    leaf.show(deck, isPresenter() && (show !== null || Boolean(sharing.pages)));
    list.show(waiting, you.role === "moderator" ? "moderator" : isPresenter() ? "presenter" : "");
  }

  /** @param {number} by */
  function turn(by) {
    if (show) void show.turn(by).then(describe, report);
    else ask("slides", { by });
  }

  /** @param {number} page */
  function go(page) {
    if (show) void show.go(page).then(describe, report);
    else ask("slides", { page });
  }

  function toggle() {
    if (sharing.source) ask("stop");
    else void choices().then((items) => panel.menu(control.element, items));
  }

  async function choices() {
    const items = [];
    const taken = presenter.id !== null && !isPresenter();
    const asks = waiting.some(({ id }) => id === you.id);
    if (taken && you.role === "moderator") items.push({ label: `End the presentation of ${presenter.name}`, onSelect: () => ask("release") });
    if (asks) items.push({ label: "No longer wait to present", onSelect: () => ask("request", { withdraw: true }) });
    else if (taken && you.role !== "moderator") items.push({ label: "Ask to present", onSelect: () => ask("request") });
    if (canCapture()) items.push({ label: "A screen, window or tab…", onSelect: () => void shareFromBrowser() });
    items.push({ label: "Slides: a PDF or pictures…", onSelect: () => files.click() });
    const { sources } = await bridge.request("sources").catch(() => ({ sources: [] }));
    for (const { source, kind, label, width, height } of /** @type {Source[]} */ (sources))
      items.push({ label: kind === "window" ? `Window: ${label}` : `${label}, ${width} × ${height}`, onSelect: () => void present(source).catch(report) });
    items.push({ label: "Slides from a folder…", onSelect: () => askForFolder((folder) => void present(`file:${folder}`).catch(report)) });
    return items;
  }

  /** Who moderates takes over; everybody else is told who presents. @param {string} source */
  const present = (source) => bridge.request("present", { source, takeOver: you.role === "moderator" && presenter.id !== null && !isPresenter() });

  async function shareFromBrowser() {
    /** @type {import("./capture.js").Capture | null} */ let asked = null;
    try {
      asked = await askForScreen((frame) => lane.send(frame), ended);
      if (!asked) return;
      await present("browser");
      stopCapture();
      capture = asked;
      describe();
      asked.start();
      panel.setSharedSound(asked.sound);
    } catch (error) {
      asked?.stop();
      report(/** @type {Error} */ (error));
    }
  }

  /** @param {File[]} chosen */
  async function shareSlides(chosen) {
    try {
      const slides = await openSlides(chosen);
      await present("browser");
      stopCapture();
      show = new SlideShow(slides, (frame) => lane.send(frame), (picture) => view.paint(picture), (state) => bridge.request("deck", state));
      await show.start();
      describe();
    } catch (error) {
      report(/** @type {Error} */ (error));
      if (sharing.source === "browser" && !capture) ask("stop");
    }
  }

  function chooser() {
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.accept = "application/pdf,image/png,image/jpeg,image/webp";
    input.hidden = true;
    input.className = "screen-files";
    input.setAttribute("aria-label", "Slides");
    input.addEventListener("change", () => {
      const chosen = [...input.files ?? []];
      input.value = "";
      if (chosen.length > 0) void shareSlides(chosen);
    });
    region.parentElement?.append(input);
    return input;
  }

  /** Slides that are dropped on the stage are presented. */
  function acceptDrops() {
    const stage = region.parentElement;
    stage?.addEventListener("dragover", (/** @type {DragEvent} */ event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
    stage?.addEventListener("drop", (/** @type {DragEvent} */ event) => {
      const dropped = [...event.dataTransfer?.files ?? []];
      if (dropped.length === 0) return;
      event.preventDefault();
      void shareSlides(dropped);
    });
  }

  /** @param {string} reason */
  function ended(reason) {
    capture = null;
    panel.setSharedSound(null);
    if (reason) panel.notice(reason, "error");
    quietly("stop", {});
  }

  function stopCapture() {
    capture?.stop();
    capture = null;
    panel.setSharedSound(null);
    show?.close();
    show = null;
  }
}
