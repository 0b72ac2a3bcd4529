// @ts-check
// The files panel: share by button or by dropping, see what others share, take it, take it back.
import { iconButton, make } from "./dom.js";
import { acceptDrops } from "./drop.js";
import { formatSize, formatWhen, hasPreview, hasThumbnail, kindOf } from "./format.js";
import { PutQueue } from "./put.js";
import { shareZone } from "./share.js";
import { Transfers } from "./transfers.js";
import { UnfinishedList } from "./unfinished.js";
import { chosenFolders } from "./walk.js";

/** @typedef {{id: string, name: string, size: number, from: string, fromName: string, at: string, own?: boolean, files?: number, to?: string}} SharedFile */

/**
 * @param {any} panel The page's shell.
 * @param {any} bridge The daemon.
 */
export function mount(panel, bridge) {
  const region = panel.region("side", { title: "Files", order: 20 });
  /** @type {Map<string, SharedFile>} */
  const files = new Map();
  /** @type {Map<string, import("./put.js").Put>} */
  const puts = new Map();
  const news = newsBadge(region, (/** @type {number} */ count) => panel.badge(region, count));

  const transfers = new Transfers(panel, (id) => {
    if (puts.has(id)) puts.get(id)?.cancel();
    else bridge.request("cancel", { id }).catch(tell);
  }, (id, rest) => bridge.request(rest ? "pause" : "resume", { id }).catch(tell));
  const queue = new PutQueue({
    moved: (put, done, rate) => {
      puts.set(put.id, put);
      transfers.update({ id: put.id, name: put.name, done, total: put.size, rate, direction: "up", state: "running" });
    },
    // The daemon's own progress takes over.
    taken: async (put) => {
      if (put.gather) await bridge.request("gather", put.gather);
      forget(put);
    },
    ended: (put, reason) => {
      forget(put);
      if (reason) panel.notice(`${put.name}: ${reason}`, "error");
    },
  });

  const list = make("ul", "list files-list");
  list.setAttribute("aria-label", "Shared files");
  const saveAll = make("button", "btn small files-save-all", panel.icon("download"), "Save all");
  saveAll.type = "button";
  saveAll.title = "Saves every file of others into this machine's folder for downloads";
  saveAll.onclick = () => {
    for (const file of files.values()) if (!file.own) bridge.request("download", { id: file.id }).catch(tell);
  };
  const empty = make("p", "empty", panel.icon("file"), "No files yet. Drop one here, and everybody in the room can take it.");
  const live = make("p", "files-live");
  live.setAttribute("aria-live", "polite");
  const zone = shareZone(panel, {
    people: async () => (await bridge.request("people")).items,
    files: share,
    folder: (chosen) => shareFolders(chosenFolders(chosen)),
  });
  const unfinished = new UnfinishedList(panel, {
    choose: () => /** @type {HTMLElement} */ (zone.element.querySelector(".files-input")).click(),
    forget: (key) => bridge.request("forget", { key }).catch(tell),
  });
  const root = make("div", "files", zone.element, unfinished.element, transfers.element, saveAll, list, empty, live);
  region.append(root);
  acceptDrops(region, (dropped, folders) => {
    share(dropped);
    folders.then(shareFolders, tell);
  });

  bridge.on("items", (/** @type {{items: SharedFile[]}} */ body) => {
    files.clear();
    for (const file of body.items) files.set(file.id, file);
    draw();
  });
  bridge.on("offered", (/** @type {SharedFile} */ file) => {
    files.set(file.id, file);
    draw();
    if (file.own) return;
    news.add();
    live.textContent = `${file.fromName} shares ${file.name}`;
  });
  bridge.on("withdrawn", (/** @type {{id: string}} */ body) => {
    files.delete(body.id);
    draw();
  });
  bridge.on("progress", (/** @type {import("./transfers.js").Progress} */ progress) => {
    transfers.update(progress);
    if (progress.state === "failed") panel.notice(`${progress.name}: ${progress.reason}`, "error");
  });
  bridge.on("unfinished", (/** @type {{items: import("./put.js").Unfinished[]}} */ body) => unfinished.show(body.items));
  bridge.on("downloaded", (/** @type {{path: string}} */ body) => panel.notice(`Saved as ${body.path}`));
  bridge.on("notice", (/** @type {{text: string}} */ body) => panel.notice(body.text));
  bridge.onReconnect(() => transfers.clear());

  function draw() {
    // Newest first: that is what people look for.
    list.replaceChildren(...[...files.values()].reverse().map((file) => fileRow(panel, file, withdraw)));
    empty.hidden = files.size > 0;
    saveAll.hidden = [...files.values()].filter((file) => !file.own).length < 2;
  }

  /** @param {Iterable<File>} chosen */
  function share(chosen) {
    for (const file of chosen) {
      const begun = unfinished.take(file);
      queue.add(file, begun ? begun.to : zone.to, begun);
    }
  }

  /** @param {import("./walk.js").Folder[]} folders */
  function shareFolders(folders) {
    for (const { name, files: found } of folders) {
      if (found.length > 0) queue.addFolder(name, found, zone.to);
      else panel.notice(`${name} is empty; there is nothing to share.`);
    }
  }

  /** @param {import("./put.js").Put} put */
  function forget(put) {
    puts.delete(put.id);
    transfers.remove(put.id);
  }

  /** @param {SharedFile} file */
  function withdraw(file) {
    bridge.request("withdraw", { id: file.id }).catch(tell);
  }

  /** @param {Error} error */
  function tell(error) {
    panel.notice(error.message, "error");
  }

  draw();
}

/** @param {any} panel @param {SharedFile} file @param {(file: SharedFile) => void} withdraw */
function fileRow(panel, file, withdraw) {
  const name = hasPreview(file) ? previewLink(file) : make("span", "files-name", file.name);
  name.title = file.name;
  const size = file.files === undefined ? formatSize(file.size) : `${file.files} files, ${formatSize(file.size)}`;
  const whom = `${file.own ? "you" : file.fromName}${file.to === undefined ? "" : ` to ${file.to} alone`}`;
  const detail = make("span", "files-detail muted", `${size} · ${whom} · ${formatWhen(file.at, new Date())}`);
  const kind = hasThumbnail(file) ? thumbnail(file) : make("span", "files-kind", file.files === undefined ? kindOf(file.name) : "DIR");
  kind.setAttribute("aria-hidden", "true");
  const row = make("li", "row files-file", kind, make("div", "files-text", name, detail));
  row.dataset.id = file.id;
  if (file.own) {
    const button = iconButton(panel.icon("close"), `Withdraw ${file.name}`, () =>
      panel.menu(button, [{ label: "Withdraw it from the room", onSelect: () => withdraw(file) }]));
    row.append(button);
  }
  row.append(downloadLink(panel, file));
  return row;
}

/** Opens what can be looked at beside the meeting. @param {SharedFile} file */
function previewLink(file) {
  const link = make("a", "files-name files-preview", file.name);
  link.href = `/files/${file.id}?view=1`;
  link.target = "_blank";
  link.rel = "noopener";
  link.setAttribute("aria-label", `Look at ${file.name}`);
  return link;
}

/** @param {SharedFile} file */
function thumbnail(file) {
  const image = make("img", "files-kind files-thumbnail");
  image.alt = "";
  image.loading = "lazy";
  image.src = `/files/${file.id}?view=1`;
  // A picture that is none keeps its tile.
  image.onerror = () => image.replaceWith(make("span", "files-kind", kindOf(file.name)));
  return image;
}

/** @param {any} panel @param {SharedFile} file */
function downloadLink(panel, file) {
  const link = make("a", "btn icon small files-download", panel.icon("download"));
  link.href = `/files/${file.id}`;
  link.download = file.name;
  link.title = `Download ${file.name}`;
  link.setAttribute("aria-label", link.title);
  return link;
}

/** Counts what came while the panel was not in view. @param {HTMLElement} region @param {(count: number) => void} show */
function newsBadge(region, show) {
  let count = 0;
  region.addEventListener("shown", () => show((count = 0)));
  return {
    add() {
      if (region.dataset.seen !== "true") show(++count);
    },
  };
}
