// @ts-check
// A whole video frame as the lanes media.video and media.camera carry it. No DOM.
//
//  0        1        2                 6                10               14       16       18       20       22
// +--------+--------+-----------------+----------------+----------------+--------+--------+--------+--------+--------
// | 0x10   | flags  | u32 stream      | u32 frame      | u32 timestamp  | 0      | 1      | width  | height | bytes …
// +--------+--------+-----------------+----------------+----------------+--------+--------+--------+--------+--------
// flags: bit 0 codec (0 JPEG, 1 VP8), bit 1 key frame, bit 2 layer (0 large, 1 small). Timestamp in 1/90000 s. Big-endian.

const VERSION_AND_KIND = 0x10;
const CODEC_BIT = 1, KEY_BIT = 2, LAYER_BIT = 4;
const FLAGS_AT = 1, STREAM_AT = 2, FRAME_AT = 6, TIMESTAMP_AT = 10, COUNT_AT = 16, WIDTH_AT = 18, HEIGHT_AT = 20;

/** Length of the header in bytes. */
export const HEADER_BYTES = 22;

/**
 * @typedef {{codec: "jpeg" | "vp8", key: boolean, layer: "large" | "small", stream: number, frame: number, timestamp: number,
 *   width: number, height: number, bytes: Uint8Array<ArrayBuffer>}} Frame
 */

/**
 * Reads a message; null when it is none.
 * @param {Uint8Array} message
 * @returns {Frame | null}
 */
export function readFrame(message) {
  if (message.length <= HEADER_BYTES || message[0] !== VERSION_AND_KIND) return null;
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const flags = message[FLAGS_AT];
  return {
    codec: flags & CODEC_BIT ? "vp8" : "jpeg",
    key: (flags & KEY_BIT) !== 0,
    layer: flags & LAYER_BIT ? "small" : "large",
    stream: view.getUint32(STREAM_AT),
    frame: view.getUint32(FRAME_AT),
    timestamp: view.getUint32(TIMESTAMP_AT),
    width: view.getUint16(WIDTH_AT),
    height: view.getUint16(HEIGHT_AT),
    bytes: /** @type {Uint8Array<ArrayBuffer>} */ (message.subarray(HEADER_BYTES)),
  };
}

/**
 * Makes a message with room for the frame's bytes behind the header.
 * @param {Omit<Frame, "bytes">} frame
 * @param {number} length Of the bytes.
 */
export function writeFrame(frame, length) {
  const message = new Uint8Array(HEADER_BYTES + length);
  const view = new DataView(message.buffer);
  message[0] = VERSION_AND_KIND;
  message[FLAGS_AT] = (frame.codec === "vp8" ? CODEC_BIT : 0) | (frame.key ? KEY_BIT : 0) | (frame.layer === "small" ? LAYER_BIT : 0);
  view.setUint32(STREAM_AT, frame.stream);
  view.setUint32(FRAME_AT, frame.frame);
  view.setUint32(TIMESTAMP_AT, frame.timestamp);
  view.setUint16(COUNT_AT, 1);
  view.setUint16(WIDTH_AT, frame.width);
  view.setUint16(HEIGHT_AT, frame.height);
  return message;
}
