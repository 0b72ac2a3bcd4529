// @ts-check
// Cameras: puts the stage, the own camera, the menus and the daemon's messages together.

import { OwnCamera } from "./video-own.js";
import { VideoStage } from "./video-stage.js";
import { Statistics } from "./video-statistics.js";

/**
 * @typedef {import("./video-stage.js").Stream} Stream
 * @typedef {import("./video-stage.js").State} State
 * @typedef {import("./video-tile.js").Tile} Tile
 * @typedef {import("../../../Host/ui/types").Panel} Panel
 * @typedef {import("../../../Host/ui/types").PluginBridge} PluginBridge
 */

/** @param {Panel} panel @param {PluginBridge} bridge */
export function mountVideo(panel, bridge) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("./video.css", import.meta.url).href }));
  const stage = new VideoStage(panel, bridge);
  const camera = new OwnCamera(panel, bridge, (state, local) => stage.setOwn(state, local));
  const statistics = new Statistics(stage, bridge);
  stage.openMenu = (tile) => openMenu(panel, stage, camera, statistics, tile);
  bridge.lane("video", (message) => stage.decoding.push(message));
  bridge.on("video.streams", (/** @type {{items: Stream[]}} */ { items }) => stage.replace(items));
  bridge.on("video.started", (/** @type {Stream} */ stream) => {
    statistics.forget(stream.id);
    stage.start(stream);
  });
  bridge.on("video.stopped", (/** @type {{id: string}} */ { id }) => stage.stop(id));
  bridge.on("video.layer", (choice) => stage.setLayer(choice));
  bridge.on("video.load", (load) => stage.setLoad(load));
  bridge.on("video.hold", (hold) => statistics.hold(hold));
  bridge.on("video.state", (/** @type {State} */ state) => camera.update(state));
  bridge.on("video.wanted", (wanted) => camera.want(wanted));
  bridge.on("video.keyframe", (/** @type {{layer: string}} */ { layer }) => camera.local?.askKeyFrame(layer));
  bridge.onReconnect(() => {
    stage.views.repeat();
    void camera.resume();
  });
  panel.onLeft(() => {
    camera.release();
    stage.setLoad({ step: 0 });
  });
}

/** @param {Panel} panel @param {VideoStage} stage @param {OwnCamera} camera @param {Statistics} statistics @param {Tile} tile */
async function openMenu(panel, stage, camera, statistics, tile) {
  const items = [{ label: stage.pinned === tile.id ? "Back to the grid" : "Make large", onSelect: () => stage.pin(tile.id) }];
  if (tile.shows) items.push({ label: "Save the picture", onSelect: () => save(panel, tile) });
  items.push({ label: "Figures", checked: tile.overlay.isOpen, onSelect: () => statistics.toggle(tile) });
  if (tile.self) {
    items.push({ label: "Mirror my picture", checked: tile.mirrored, onSelect: () => mirror(tile) });
    items.push(...await camera.choices());
  }
  panel.menu(tile.more, items);
}

/** Others see it as the camera does; people know themselves from the mirror. @param {Tile} tile */
function mirror(tile) {
  tile.mirrored = !tile.mirrored;
  tile.element.classList.toggle("mirrored", tile.mirrored);
}

/** @param {Panel} panel @param {Tile} tile */
async function save(panel, tile) {
  const png = await tile.snapshot();
  if (!png) return panel.notice("The picture cannot be saved.", "error");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(png);
  link.download = `${tile.plain} ${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
