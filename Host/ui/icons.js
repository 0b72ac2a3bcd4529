// @ts-check
// Line icons on a grid of 24, drawn with strokes of the text's colour.

const SVG = "http://www.w3.org/2000/svg";
const SLASH = "M4 3.5 20 20.5";

/** @type {Record<string, string[]>} */
const paths = {
  "mic": ["M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3Z", "M5.5 11.5a6.5 6.5 0 0 0 13 0", "M12 18v3"],
  "mic-off": ["M9 8.5V12a3 3 0 0 0 4.6 2.5M15 11V6a3 3 0 0 0-5.6-1.5", "M5.5 11.5a6.5 6.5 0 0 0 10.3 5.3M18.5 11.5a6.5 6.5 0 0 1-.6 2.7", "M12 18v3", SLASH],
  "camera": ["M5 6.5h8a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Z", "m15 10.5 6-3.5v10l-6-3.5"],
  "camera-off": ["M6.5 6.5H5a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h8a2 2 0 0 0 1.8-1.1", "M10.5 6.5H13a2 2 0 0 1 2 2v3", "m15 10.5 6-3.5v10l-3-1.7", SLASH],
  "screen": ["M4 4.5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-10a1 1 0 0 1 1-1Z", "M8.5 20h7", "M12 13.5v-6m-2.6 2.4L12 7.3l2.6 2.6"],
  "screen-off": ["M4 4.5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-10a1 1 0 0 1 1-1Z", "M8.5 20h7", "m9.6 8.1 4.8 4.8m0-4.8-4.8 4.8"],
  "hand": ["M8 12V5.5a1.5 1.5 0 0 1 3 0V11m0-6.5v-.2a1.5 1.5 0 0 1 3 0V11m0-5.2a1.5 1.5 0 0 1 3 0V13.5c0 4.5-2.2 7.5-5.5 7.5-3 0-4.3-1.6-5.6-4.2L4 13.2c-.9-1.7 1.2-2.9 2.3-1.4L8 14"],
  "leave": ["M2.8 14.6c-1-4 3.4-7.1 9.2-7.1s10.2 3.1 9.2 7.1c-.2.9-.9 1.3-1.8 1.1l-2.9-.7c-.7-.2-1.1-.6-1.2-1.3l-.3-2a13 13 0 0 0-6 0l-.3 2c-.1.7-.5 1.1-1.2 1.3l-2.9.7c-.9.2-1.6-.2-1.8-1.1Z"],
  "send": ["M4 12 3.5 4.5 21 12 3.5 19.5 4 12Zm0 0h8"],
  "file": ["M6 3h8l5 5v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1Z", "M14 3v5h5"],
  "download": ["M12 4v11m-4.5-4.5L12 15l4.5-4.5", "M5 19.5h14"],
  "close": ["m6 6 12 12M18 6 6 18"],
  "people": ["M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z", "M2.5 19.5c.4-3.3 3-5.2 6.5-5.2s6.1 1.9 6.5 5.2", "M15.5 4.9a3.3 3.3 0 0 1 0 6.3M18 14.8c2 .7 3.2 2.3 3.5 4.7"],
  "settings": ["M4 7h9m5 0h2M4 17h2m5 0h9", "M15.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8.5 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z"],
  "poll": ["M5 20v-7m7 7V4m7 16v-10"],
  "volume": ["M4 9.5h3.5L12 5.5v13l-4.5-4H4v-5Z", "M15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11"],
  "volume-off": ["M4 9.5h3.5L12 5.5v13l-4.5-4H4v-5Z", "m16 9.5 5 5m0-5-5 5"],
  "stage": ["M4 4.5h7v6.5H4v-6.5Zm9 0h7v6.5h-7v-6.5ZM4 13h7v6.5H4V13Zm9 0h7v6.5h-7V13Z"],
  "side": ["M4 4.5h16a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1Z", "M15 4.5v15"],
  "warning": ["M12 4 2.8 19.5h18.4L12 4Z", "M12 10v4.5m0 2.3v.2"],
  "check": ["m5 12.5 4.5 4.5L19 7.5"],
  "info": ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M12 11v5.5m0-9v.2"],
  "more": ["M5.5 12v.1M12 12v.1M18.5 12v.1"],
  "lock": ["M6 11h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1Z", "M8 11V7.5a4 4 0 0 1 8 0V11"],
  "shield": ["M12 3.5 5 6v5.5c0 4.3 2.9 7.4 7 9 4.1-1.6 7-4.7 7-9V6l-7-2.5Z", "m9 12 2.2 2.2L15.2 10"],
  "pen": ["m5 19 1-4L16.5 4.5l3 3L9 18l-4 1Z", "m14 7 3 3"],
  "search": ["M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z", "m15.5 15.5 5 5"],
  "bell": ["M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5Z", "M10 20.5h4"],
  "bell-off": ["M6 16.5V11c0-1 .2-1.9.6-2.7M9 5.8A6 6 0 0 1 18 11v3M16 18H4.5L6 16.5", "M10 20.5h4", SLASH],
  "reply": ["M9.5 6 4 11.5 9.5 17", "M4.5 11.5H14a6 6 0 0 1 6 6v1"],
  "smile": ["M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M8.5 14a4.2 4.2 0 0 0 7 0M9 9.5v.2m6-.2v.2"],
  "trash": ["M5 6.5h14M10 6V4h4v2m-7.5.5.8 13h9.4l.8-13"],
  "logo": ["M7 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM17 8.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM12 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z", "M9.5 6h5M8.2 8.2l2.7 7.5m4.9-7.5-2.7 7.5"],
};

/** @param {string} name @returns {SVGSVGElement} Hidden from screen readers: what it stands for is said by the label beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  for (const d of paths[name] ?? paths.info) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}
