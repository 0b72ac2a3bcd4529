// @ts-check
// Frames of tiles and the comparison of pictures. No DOM, so that node can test it.
//
//  0      1              5          7          9           11
// ┌──────┬──────────────┬──────────┬──────────┬───────────┬─ count times ─────────────────────────────┐
// │ kind │ frame number │  width   │  height  │   count   │ u16 column │ u16 row │ u32 length │  PNG  │
// │  u8  │     u32      │   u16    │   u16    │    u16    │            │         │            │       │
// └──────┴──────────────┴──────────┴──────────┴───────────┴────────────────────────────────────────────┘
// Big-endian. Kind 1: more frames of this update follow; 2: the picture is complete as of this frame number.

/** @typedef {{column: number, row: number, png: Uint8Array}} Tile */
/** @typedef {{end: boolean, number: number, width: number, height: number, tiles: Tile[]}} Frame */

/** The side of a tile, in pixels. */
export const TILE = 64;

/** The longest side of a picture, in pixels. */
export const MAX_SIDE = 8192;

/** The most pixels of a picture. */
export const MAX_PIXELS = 7680 * 4320;

/** Frames are cut before they grow beyond this many bytes. */
export const MAX_FRAME = 1024 * 1024;

const PART = 1;
const END = 2;
const HEADER = 11;
const TILE_HEADER = 8;

/** @param {Uint8Array} bytes @returns {Frame} */
export function readFrame(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint8(0);
  if (kind !== PART && kind !== END) throw new Error(`A frame of tiles is of kind ${kind}.`);
  /** @type {Tile[]} */ const tiles = [];
  let at = HEADER;
  for (let left = view.getUint16(9); left > 0; left--) {
    const length = view.getUint32(at + 4);
    const start = at + TILE_HEADER;
    if (start + length > bytes.length) throw new Error(`A tile of ${length} bytes does not fit its frame.`);
    tiles.push({ column: view.getUint16(at), row: view.getUint16(at + 2), png: bytes.subarray(start, start + length) });
    at = start + length;
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes follow the last tile of a frame.`);
  return { end: kind === END, number: view.getUint32(1), width: view.getUint16(5), height: view.getUint16(7), tiles };
}

/**
 * Packs an update into as few frames as fit.
 * @param {number} number @param {number} width @param {number} height @param {Tile[]} tiles
 * @returns {Uint8Array<ArrayBuffer>[]} In the order in which they must be sent.
 */
export function packUpdate(number, width, height, tiles) {
  /** @type {Uint8Array<ArrayBuffer>[]} */ const frames = [];
  let from = 0, length = HEADER;
  tiles.forEach((tile, index) => {
    const needed = TILE_HEADER + tile.png.length;
    if (length + needed > MAX_FRAME) {
      frames.push(packFrame(PART, number, width, height, tiles.slice(from, index), length));
      from = index;
      length = HEADER;
    }
    length += needed;
  });
  frames.push(packFrame(END, number, width, height, tiles.slice(from), length));
  return frames;
}

/** @param {number} kind @param {number} number @param {number} width @param {number} height @param {Tile[]} tiles @param {number} length */
function packFrame(kind, number, width, height, tiles, length) {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint32(1, number);
  view.setUint16(5, width);
  view.setUint16(7, height);
  view.setUint16(9, tiles.length);
  let at = HEADER;
  for (const { column, row, png } of tiles) {
    view.setUint16(at, column);
    view.setUint16(at + 2, row);
    view.setUint32(at + 4, png.length);
    bytes.set(png, at + TILE_HEADER);
    at += TILE_HEADER + png.length;
  }
  return bytes;
}

/**
 * The places of the tiles in which two pictures of one size differ.
 * @param {Uint32Array | null} before null: all of them.
 * @param {Uint32Array} now Pixels, row by row.
 * @param {number} width @param {number} height
 * @returns {{column: number, row: number}[]}
 */
export function changedTiles(before, now, width, height) {
  /** @type {{column: number, row: number}[]} */ const changed = [];
  for (let row = 0; row * TILE < height; row++)
    for (let column = 0; column * TILE < width; column++)
      if (!before || differs(before, now, width, height, column, row)) changed.push({ column, row });
  return changed;
}

/** @param {Uint32Array} before @param {Uint32Array} now @param {number} width @param {number} height @param {number} column @param {number} row */
function differs(before, now, width, height, column, row) {
  const left = column * TILE, right = Math.min(width, left + TILE), bottom = Math.min(height, (row + 1) * TILE);
  for (let y = row * TILE; y < bottom; y++)
    for (let at = y * width + left, end = y * width + right; at < end; at++)
      if (before[at] !== now[at]) return true;
  return false;
}

/**
 * The size at which a source is shared: its own, or as much smaller as the limits want.
 * @param {number} width @param {number} height
 */
export function fitting(width, height) {
  const scale = Math.min(1, MAX_SIDE / width, MAX_SIDE / height, Math.sqrt(MAX_PIXELS / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}
