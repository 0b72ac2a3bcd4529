// @ts-check
// The page: lets itself in, connects, and gives each plugin's module its place.

import { setBanner } from "./banner.js";
import { Bridge } from "./bridge.js";
import { byId, make } from "./dom.js";
import { icon } from "./icons.js";
import { menu, notice } from "./overlay.js";
import { makePanel, setJoined } from "./panel.js";
import { setUpPanes } from "./side.js";

/** @typedef {import("./types").PluginEntry} PluginEntry */

/** A module may wait for a reply while it mounts; its events wait for no longer than this. */
const MOUNT_MS = 3000;

const NO_KEY = "This page is not open to you: open the address that the program printed when it started.";
const NOT_RUNNING = "The program on this machine is not running. This page connects by itself when it is there again.";

/** @type {Promise<void> | null} */
let mounting = null;
/** @type {Map<string, string>} Name and reason of what is not there. */
const failures = new Map();

const bridge = new Bridge({
  open: () => new WebSocket(`ws://${location.host}/bridge`),
  onHello: (hello) => { if (!mounting) mounting = mountAll(hello.plugins); },
  onPlugins: showFailures,
  onState: showState,
  onRestart: () => location.reload(),
});
/** Worker scripts come from this program only; nothing else may become script or markup. */
function allowOwnScripts() {
  const types = /** @type {any} */ (globalThis).trustedTypes;
  types?.createPolicy("default", {
    createScriptURL: (/** @type {string} */ url) => {
      const { origin, protocol } = new URL(url, location.href);
      if (origin === location.origin || protocol === "blob:") return url;
      throw new TypeError(`No script from ${origin}.`);
    },
  });
}

/** Exchanges the key in the address for a cookie, and takes it out of the address. @returns {Promise<boolean>} */
async function letIn() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (!key) return true;
  history.replaceState(null, "", location.pathname);
  const response = await fetch("/auth", { method: "POST", body: key });
  return response.ok;
}

/** @param {string} text Empty: none. */
const showBanner = (text) => setBanner("", text);

/** @param {"open" | "lost"} state */
function showState(state) {
  const element = byId("state");
  element.dataset.state = state;
  element.textContent = state === "open" ? "Connected" : "Not connected";
  if (state === "open") showBanner("");
  else void explainLoss();
}

/** A browser does not tell a page why its WebSocket was refused: a plain request does. */
async function explainLoss() {
  const status = await fetch("/plugins.json").then((response) => response.status, () => 0);
  if (!bridge.isOpen) showBanner(status === 401 ? NO_KEY : NOT_RUNNING);
}

/** @param {PluginEntry[]} plugins */
function showFailures(plugins) {
  for (const { name, state, reason } of plugins) {
    if (state !== "running") reportFailure(name, reason ?? "It could not be started.");
  }
}

/** @param {string} name @param {string} reason */
function reportFailure(name, reason) {
  if (failures.get(name) === reason) return;
  failures.set(name, reason);
  notice(`${name} is not available: ${reason}`, "error");
  const button = /** @type {HTMLButtonElement} */ (byId("problems"));
  const text = failures.size === 1 ? `${name} is not available` : `${failures.size} parts are not available`;
  button.replaceChildren(icon("warning"), make("span", {}, text));
  button.title = text;
  button.hidden = false;
  button.onclick = () => menu(button, [...failures].map(([part, why]) => ({ label: `${part}: ${why}`, onSelect() {} })));
}

/** @param {PluginEntry[]} plugins */
async function mountAll(plugins) {
  showFailures(plugins);
  const running = plugins.filter((plugin) => plugin.state === "running" && plugin.module);
  const scopes = running.map((plugin) => bridge.scope(plugin.name));
  const modules = await Promise.allSettled(running.map(load));
  for (const [i, plugin] of running.entries()) await mountOne(plugin, modules[i], scopes[i]);
  // Without a module that covers the page there is nobody to say when the meeting begins.
  if (!byId("cover").querySelector(".region")) setJoined(true);
}

/** @param {PluginEntry} plugin */
async function load(plugin) {
  const [module] = await Promise.all([import(/** @type {string} */ (plugin.module)), plugin.style && loadStyle(plugin.style)]);
  return module;
}

/** @param {string} href @returns {Promise<unknown>} Ends when it is there or cannot be had: a page without its colours is still a page. */
function loadStyle(href) {
  const link = make("link", { rel: "stylesheet", href });
  document.head.append(link);
  return new Promise((resolve) => { link.onload = link.onerror = resolve; });
}

/** @param {PluginEntry} plugin @param {PromiseSettledResult<any>} module @param {ReturnType<Bridge["scope"]>} scope */
async function mountOne(plugin, module, scope) {
  try {
    if (module.status === "rejected") throw module.reason;
    const mounted = module.value.mount(makePanel(plugin.name, plugin.order), scope.bridge);
    await Promise.race([mounted, new Promise((resolve) => setTimeout(resolve, MOUNT_MS))]);
  } catch (error) {
    console.error(error);
    reportFailure(plugin.name, error instanceof Error ? error.message : "Its page cannot be shown.");
  }
  scope.release();
}

function drawShell() {
  byId("brand").prepend(icon("logo"));
  byId("cover-head").prepend(icon("logo"));
  byId("stage-empty").prepend(icon("stage"));
  for (const [id, name, label] of [["toggle-people", "people", "Show people"], ["toggle-side", "side", "Show the side panel"]]) {
    byId(id).append(icon(name));
    byId(id).title = label;
    byId(id).setAttribute("aria-label", label);
  }
  setUpPanes();
}

async function start() {
  allowOwnScripts();
  drawShell();
  if (!await letIn().catch(() => true)) showBanner(NO_KEY);
  bridge.connect();
}

await start();
