// @ts-check
// The place to share from: files, a folder, and for whom.
import { make } from "./dom.js";

/** @typedef {{id: string, name: string}} Someone */

/**
 * @param {any} panel
 * @param {{people: () => Promise<Someone[]>, files: (files: File[]) => void, folder: (files: File[]) => void}} actions
 */
export function shareZone(panel, actions) {
  /** @type {Someone | null} */
  let to = null;
  const files = picker("Files to share", "files-input", actions.files);
  const folder = picker("Folder to share", "files-folder-input", actions.folder);
  folder.webkitdirectory = true;
  const whom = button("files-whom", "For everybody", async () => {
    const choose = (/** @type {Someone | null} */ someone) => {
      to = someone;
      whom.textContent = someone ? `For ${someone.name} alone` : "For everybody";
    };
    const people = await actions.people();
    panel.menu(whom, [{ label: "Everybody in the room", onSelect: () => choose(null) }, ...people.map((one) => ({ label: one.name, onSelect: () => choose(one) }))]);
  });
  const share = button("primary", "Share files", () => files.click());
  share.prepend(panel.icon("file"));
  const element = make("div", "files-zone", share, button("", "Share a folder", () => folder.click()), whom, make("span", "muted", "or drop files and folders here"), files, folder);
  return {
    element,
    /** The seat of the one person it is for; undefined: everybody. */
    get to() {
      return to?.id;
    },
  };
}

/** @param {string} className @param {string} text @param {() => void} onClick */
function button(className, text, onClick) {
  const element = make("button", `btn ${className}`, text);
  element.type = "button";
  element.onclick = onClick;
  return element;
}

/** @param {string} label @param {string} className @param {(files: File[]) => void} onFiles */
function picker(label, className, onFiles) {
  const input = make("input", className);
  input.type = "file";
  input.multiple = true;
  input.setAttribute("aria-label", label);
  input.onchange = () => {
    onFiles([...(input.files ?? [])]);
    input.value = ""; // The same file again is a change again.
  };
  return input;
}
