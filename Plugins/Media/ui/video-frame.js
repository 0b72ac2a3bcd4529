// @ts-check
// A whole video frame as the lanes media.video and media.camera carry it. No DOM.
//
//  0        1        2        3        4            8           12             16       20  22  24      26       28
// +--------+--------+--------+--------+------------+-----------+--------------+--------+---+---+-------+--------+--------
// | 0x20   | coding | flags  | back   | u32 stream | u32 frame | u32 timestamp| 0      | 0 | 1 | width | height | bytes …
// +--------+--------+--------+--------+------------+-----------+--------------+--------+---+---+-------+--------+--------
// coding: high half codec (0 JPEG, 1 VP8), low half layer (0 large, 1 small, 2 hd). flags: bit 0 key frame, bit 1 droppable (no frame needs it).
// back: how many frames earlier the newest frame is that this one needs; 0 for a key frame only. Timestamp in 1/90000 s. Big-endian.

const VERSION_AND_KIND = 0x20;
const KEY_BIT = 1, DROPPABLE_BIT = 2;
const CODING_AT = 1, FLAGS_AT = 2, BACK_AT = 3, STREAM_AT = 4, FRAME_AT = 8, TIMESTAMP_AT = 12, COUNT_AT = 22, WIDTH_AT = 24, HEIGHT_AT = 26;
/** @type {("jpeg" | "vp8")[]} */
const CODECS = ["jpeg", "vp8"];
/** @type {("large" | "small" | "hd")[]} */
const LAYERS = ["large", "small", "hd"];

/** Length of the header in bytes. */
export const HEADER_BYTES = 28;

/**
 * @typedef {{codec: "jpeg" | "vp8", key: boolean, layer: "large" | "small" | "hd", stream: number, frame: number, timestamp: number,
 *   width: number, height: number, droppable?: boolean, back?: number, bytes: Uint8Array<ArrayBuffer>}} Frame
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
  const codec = CODECS[message[CODING_AT] >> 4], layer = LAYERS[message[CODING_AT] & 15];
  if (!codec || !layer) return null;
  return {
    codec,
    key: (flags & KEY_BIT) !== 0,
    layer,
    droppable: (flags & DROPPABLE_BIT) !== 0,
    back: message[BACK_AT],
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
  message[CODING_AT] = (CODECS.indexOf(frame.codec) << 4) | LAYERS.indexOf(frame.layer);
  message[FLAGS_AT] = (frame.key ? KEY_BIT : 0) | (frame.droppable ? DROPPABLE_BIT : 0);
  message[BACK_AT] = frame.key ? 0 : frame.back ?? 1;
  view.setUint32(STREAM_AT, frame.stream);
  view.setUint32(FRAME_AT, frame.frame);
  view.setUint32(TIMESTAMP_AT, frame.timestamp);
  view.setUint16(COUNT_AT, 1);
  view.setUint16(WIDTH_AT, frame.width);
  view.setUint16(HEIGHT_AT, frame.height);
  return message;
}
