// @ts-check
// What a frame says of itself, looked at before a decoder sees it. No DOM.

/** Widest and highest picture that is decoded: a header can promise gigabytes. */
export const MOST_WIDTH = 1920, MOST_HEIGHT = 1080;

/** @typedef {import("./video-frame.js").Frame} Frame */

/**
 * Why a frame must not be decoded, as the end of a sentence; null when it may be.
 * @param {Frame} frame
 * @returns {string | null}
 */
export function refusal(frame) {
  if (frame.width > MOST_WIDTH || frame.height > MOST_HEIGHT) return `are larger than ${MOST_WIDTH} × ${MOST_HEIGHT}`;
  return frame.codec === "vp8" ? vp8Refusal(frame) : jpegRefusal(frame);
}

/**
 * The frame tag and, in a key frame, start code and size (RFC 6386, 9.1).
 * @param {Frame} frame
 */
function vp8Refusal({ bytes, key, width, height }) {
  if (bytes.length < (key ? 10 : 3)) return "are cut off";
  const tag = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
  if (((tag & 1) === 0) !== key) return "are not what they say";
  if (((tag >> 1) & 7) > 3) return "are no VP8";
  if ((tag >> 5) + (key ? 10 : 3) > bytes.length) return "are cut off";
  if (!key) return null;
  if (bytes[3] !== 0x9d || bytes[4] !== 0x01 || bytes[5] !== 0x2a) return "are no VP8";
  // The two highest bits tell how to scale, which no decoder does.
  return sizeRefusal((bytes[6] | (bytes[7] << 8)) & 0x3fff, (bytes[8] | (bytes[9] << 8)) & 0x3fff, width, height);
}

/**
 * Walks the markers up to the start of the frame (ITU-T T.81, B.2).
 * @param {Frame} frame
 */
function jpegRefusal({ bytes, width, height }) {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return "are no JPEG";
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return "are no JPEG";
    const marker = bytes[at + 1];
    if (marker === 0xff) { at++; continue; } // padding
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    if (length < 2) return "are no JPEG";
    if (isFrameStart(marker)) {
      if (length < 8 || at + 10 > bytes.length) return "are cut off";
      return sizeRefusal((bytes[at + 7] << 8) | bytes[at + 8], (bytes[at + 5] << 8) | bytes[at + 6], width, height);
    }
    if (endsSearch(marker)) return "are no JPEG";
    at += 2 + length;
  }
  return "are cut off";
}

/** SOF0 to SOF2, what cameras write; lossless, hierarchical and arithmetic ones no browser decodes. @param {number} marker */
const isFrameStart = (marker) => marker >= 0xc0 && marker <= 0xc2;

/** The picture's data, or its end, without a size before it; and the other kinds of frames. @param {number} marker */
const endsSearch = (marker) => marker === 0xda || marker === 0xd9 || (marker >= 0xc3 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xcc);

/** @param {number} width @param {number} height @param {number} toldWidth @param {number} toldHeight */
function sizeRefusal(width, height, toldWidth, toldHeight) {
  return width === toldWidth && height === toldHeight ? null : "have another size than they say";
}
