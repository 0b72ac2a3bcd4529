// @ts-check
// Slides that are dropped into the page: a PDF (by pdf.js, from this machine) or pictures. Gives each page as a drawn canvas.

import { inOrder, slideSize } from "./names.js";

/** @typedef {{title: string, pages: number, draw: (page: number, widest?: number) => Promise<OffscreenCanvas>, close: () => void}} Slides */

const ASSETS = new URL("./pdfjs/", import.meta.url).href;

/** @param {File[]} files @returns {Promise<Slides>} Rejects with one sentence for a person. */
export async function openSlides(files) {
  const pdf = files.find((file) => file.type === "application/pdf" || /\.pdf$/i.test(file.name));
  if (pdf) return openPdf(pdf);
  const pictures = inOrder(files.filter((file) => file.type.startsWith("image/")));
  if (pictures.length === 0) throw new Error("These are no slides; choose a PDF or pictures (PNG, JPEG).");
  return openPictures(pictures);
}

/** @param {File} file @returns {Promise<Slides>} */
async function openPdf(file) {
  /** @type {any} */ let pdfjs;
  try {
    pdfjs = await import(/* @vite-ignore */ `${ASSETS}pdf.min.mjs`);
  } catch {
    throw new Error("This program was built without its PDF reader; export the slides as pictures.");
  }
  pdfjs.GlobalWorkerOptions.workerSrc ||= `${ASSETS}pdf.worker.min.mjs`;
  const task = pdfjs.getDocument({
    data: await file.arrayBuffer(), isEvalSupported: false, useSystemFonts: false, cMapUrl: `${ASSETS}cmaps/`, cMapPacked: true, standardFontDataUrl: `${ASSETS}standard_fonts/`, wasmUrl: `${ASSETS}wasm/`,
  });
  try {
    const document = await task.promise;
    return { title: file.name, pages: document.numPages, draw: (page, widest) => drawPdf(document, page, widest), close: () => void task.destroy() };
  } catch (error) {
    void task.destroy();
    throw new Error(whyNot(file.name, /** @type {Error} */ (error)));
  }
}

/** @param {string} name @param {Error} error */
function whyNot(name, error) {
  if (error.name === "PasswordException") return `${name} is protected by a password; save it without one and try again.`;
  if (error.name === "InvalidPDFException") return `${name} is no PDF, or a damaged one.`;
  return `${name} cannot be opened: ${error.message}`;
}

/** @param {any} document @param {number} number @param {number} [widest] */
async function drawPdf(document, number, widest) {
  const page = await document.getPage(number);
  const own = page.getViewport({ scale: 1 });
  const scale = widest ? widest / own.width : slideSize(own.width, own.height).scale;
  const viewport = page.getViewport({ scale });
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(viewport.width)), Math.max(1, Math.round(viewport.height)));
  await page.render({ canvas: null, canvasContext: context(canvas), viewport, background: "white" }).promise;
  page.cleanup();
  return canvas;
}

/** @param {File[]} files @returns {Promise<Slides>} */
async function openPictures(files) {
  const draw = async (/** @type {number} */ page, /** @type {number | undefined} */ widest) => drawPicture(files[page - 1], widest);
  await draw(1, 16);
  return { title: files.length === 1 ? files[0].name : `${files.length} pictures`, pages: files.length, draw, close: () => { /* nothing is held */ } };
}

/** @param {File} file @param {number} [widest] */
async function drawPicture(file, widest) {
  let image;
  try {
    image = await createImageBitmap(file);
  } catch {
    throw new Error(`${file.name} cannot be read as a picture.`);
  }
  // Never larger than it is: that would only cost.
  const fitting = slideSize(image.width, image.height), scale = widest ? Math.min(1, widest / image.width) : Math.min(1, fitting.scale);
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale)));
  const target = context(canvas);
  target.imageSmoothingQuality = "high";
  target.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return canvas;
}

/** @param {OffscreenCanvas} canvas */
function context(canvas) {
  const made = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false, willReadFrequently: true }));
  made.fillStyle = "white";
  made.fillRect(0, 0, canvas.width, canvas.height);
  return made;
}
