// @ts-check
// Frames of updates and of the pointer, and the comparison of pictures. No DOM, so that node can test it.
//
//  0      1              5          7          9           11
// ┌──────┬──────────────┬──────────┬──────────┬───────────┬─ count times ──────────────────────────────────────┐
// │ kind │ frame number │  width   │  height  │   count   │ u8 op │ u16 x │ u16 y │ u16 width │ u16 height │ …  │
// └──────┴──────────────┴──────────┴──────────┴───────────┴────────────────────────────────────────────────────┘
//  1 image: u16 crop x, u16 crop y, u32 length, PNG or JPEG;  2 fill: u8 red, green, blue;  3 copy: u16 from x, u16 from y;
//  4 again: u16 crop x, u16 crop y, u32 number of the image in this update
// Big-endian. Kind 1: more frames of this update follow; 2: the picture is complete as of this frame number; 3, 4: the pointer.

/** @typedef {{x: number, y: number, width: number, height: number}} Area */
/** @typedef {Area & {op: "image", cropX: number, cropY: number, image: Uint8Array}} ImageOp */
/** @typedef {Area & {op: "fill", colour: string}} FillOp */
/** @typedef {Area & {op: "copy", fromX: number, fromY: number}} CopyOp */
/** @typedef {Area & {op: "again", cropX: number, cropY: number, which: number}} AgainOp */
/** @typedef {ImageOp | FillOp | CopyOp | AgainOp} Op */
/** @typedef {{end: boolean, number: number, width: number, height: number, ops: Op[]}} Frame */
/** @typedef {{x: number, y: number, shape: number}} PointerPlace */
/** @typedef {{shape: number, hotX: number, hotY: number, png: Uint8Array}} PointerShape */

/** The side of a tile, in pixels. */
export const TILE = 64;

/** The longest side of a picture, in pixels. */
export const MAX_SIDE = 8192;

/** The most pixels of a picture. */
export const MAX_PIXELS = 7680 * 4320;

/** Frames are cut before they grow beyond this many bytes. */
export const MAX_FRAME = 1024 * 1024;

const PART = 1, END = 2, PLACE = 3, SHAPE = 4;
const HEADER = 11, OP_HEADER = 9, POINTER_HEADER = 9;
const IMAGE = 1, FILL = 2, COPY = 3, AGAIN = 4;

/** @param {Uint8Array} bytes */
export const isPointer = (bytes) => bytes[0] === PLACE || bytes[0] === SHAPE;

/** @param {Uint8Array} bytes @returns {PointerPlace | PointerShape} */
export function readPointer(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] === PLACE) return { x: view.getUint16(1), y: view.getUint16(3), shape: view.getUint32(5) };
  return { shape: view.getUint32(1), hotX: view.getUint16(5), hotY: view.getUint16(7), png: bytes.subarray(POINTER_HEADER) };
}

/** @param {Uint8Array} bytes @returns {Frame} */
export function readFrame(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint8(0);
  if (kind !== PART && kind !== END) throw new Error(`A frame of tiles is of kind ${kind}.`);
  /** @type {Op[]} */ const ops = [];
  let at = HEADER;
  for (let left = view.getUint16(9); left > 0; left--) {
    const [op, length] = readOp(bytes, view, at);
    ops.push(op);
    at += length;
  }
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes follow the last operation of a frame.`);
  return { end: kind === END, number: view.getUint32(1), width: view.getUint16(5), height: view.getUint16(7), ops };
}

/** @param {Uint8Array} bytes @param {DataView} view @param {number} at @returns {[Op, number]} The operation and its length. */
function readOp(bytes, view, at) {
  const area = { x: view.getUint16(at + 1), y: view.getUint16(at + 3), width: view.getUint16(at + 5), height: view.getUint16(at + 7) };
  const rest = at + OP_HEADER, first = () => view.getUint16(rest), second = () => view.getUint16(rest + 2);
  switch (view.getUint8(at)) {
    case IMAGE: {
      const start = rest + 8, length = view.getUint32(rest + 4);
      if (start + length > bytes.length) throw new Error(`An image of ${length} bytes does not fit its frame.`);
      return [{ op: "image", ...area, cropX: first(), cropY: second(), image: bytes.subarray(start, start + length) }, OP_HEADER + 8 + length];
    }
    case FILL:
      return [{ op: "fill", ...area, colour: `rgb(${view.getUint8(rest)} ${view.getUint8(rest + 1)} ${view.getUint8(rest + 2)})` }, OP_HEADER + 3];
    case COPY:
      return [{ op: "copy", ...area, fromX: first(), fromY: second() }, OP_HEADER + 4];
    case AGAIN:
      return [{ op: "again", ...area, cropX: first(), cropY: second(), which: view.getUint32(rest + 4) }, OP_HEADER + 8];
    default:
      throw new Error(`An operation is of kind ${view.getUint8(at)}.`);
  }
}

/**
 * What a capturing page sends: an area as an image, as one colour, or as what stands elsewhere in the picture.
 * @typedef {Area & ({image: Uint8Array} | {colour: number} | {fromX: number, fromY: number})} Tile
 */

/**
 * Packs an update into as few frames as fit.
 * @param {number} number @param {number} width @param {number} height @param {Tile[]} tiles
 * @returns {Uint8Array<ArrayBuffer>[]} In the order in which they must be sent.
 */
export function packUpdate(number, width, height, tiles) {
  /** @type {Uint8Array<ArrayBuffer>[]} */ const frames = [];
  let from = 0, length = HEADER;
  tiles.forEach((tile, index) => {
    const needed = lengthOf(tile);
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

/** @param {Tile} tile */
const lengthOf = (tile) => OP_HEADER + ("image" in tile ? 8 + tile.image.length : "colour" in tile ? 3 : 4);

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
  for (const tile of tiles) {
    packTile(bytes, view, at, tile);
    at += lengthOf(tile);
  }
  return bytes;
}

/** @param {Uint8Array} bytes @param {DataView} view @param {number} at @param {Tile} tile */
function packTile(bytes, view, at, tile) {
  view.setUint8(at, "image" in tile ? IMAGE : "colour" in tile ? FILL : COPY);
  [tile.x, tile.y, tile.width, tile.height].forEach((value, i) => view.setUint16(at + 1 + 2 * i, value));
  const rest = at + OP_HEADER;
  if ("image" in tile) {
    view.setUint32(rest + 4, tile.image.length);
    bytes.set(tile.image, rest + 8);
  } else if ("colour" in tile) [16, 8, 0].forEach((shift, i) => view.setUint8(rest + i, tile.colour >> shift));
  else {
    view.setUint16(rest, tile.fromX);
    view.setUint16(rest + 2, tile.fromY);
  }
}

/** Where the pointer is in the picture, and which shape it has; 0: none. @param {PointerPlace} place */
export function packPlace({ x, y, shape }) {
  const view = new DataView(new ArrayBuffer(POINTER_HEADER));
  view.setUint8(0, PLACE);
  view.setUint16(1, x);
  view.setUint16(3, y);
  view.setUint32(5, shape);
  return new Uint8Array(view.buffer);
}

/** How a shape looks. @param {PointerShape} pointer */
export function packShape({ shape, hotX, hotY, png }) {
  const bytes = new Uint8Array(POINTER_HEADER + png.length), view = new DataView(bytes.buffer);
  view.setUint8(0, SHAPE);
  view.setUint32(1, shape);
  view.setUint16(5, hotX);
  view.setUint16(7, hotY);
  bytes.set(png, POINTER_HEADER);
  return bytes;
}

/**
 * The colour of a tile that has only one, as 0xRRGGBB; null for others.
 * @param {Uint32Array} pixels Of canvas image data: red in the lowest byte. @param {number} width @param {Area} tile
 */
export function flatColour(pixels, width, tile) {
  const first = pixels[tile.y * width + tile.x];
  for (let y = tile.y; y < tile.y + tile.height; y++)
    for (let at = y * width + tile.x, end = at + tile.width; at < end; at++)
      if (pixels[at] !== first) return null;
  return (first & 0xFF) << 16 | first & 0xFF00 | first >> 16 & 0xFF;
}

/**
 * The size at which a source is shared: its own, or as much smaller as the limits want.
 * @param {number} width @param {number} height
 */
export function fitting(width, height) {
  const scale = Math.min(1, MAX_SIDE / width, MAX_SIDE / height, Math.sqrt(MAX_PIXELS / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/**
 * A picture in parts that are small enough for one image each.
 * @param {number} width @param {number} height @returns {Area[]}
 */
export function splitPicture(width, height) {
  const side = 256;
  /** @type {Area[]} */ const parts = [];
  for (let y = 0; y < height; y += side)
    for (let x = 0; x < width; x += side) parts.push({ x, y, width: Math.min(side, width - x), height: Math.min(side, height - y) });
  return parts;
}

const PAGE = 5, PAGE_HEADER = 4;

/** A page of slides: u8 5, u16 page, u8 small, PNG or JPEG. @param {number} page @param {boolean} small @param {Uint8Array} image */
export function packPage(page, small, image) {
  const bytes = new Uint8Array(PAGE_HEADER + image.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, PAGE);
  view.setUint16(1, page);
  view.setUint8(3, small ? 1 : 0);
  bytes.set(image, PAGE_HEADER);
  return bytes;
}

/** Null for a frame of another kind. @param {Uint8Array} bytes @returns {{page: number, small: boolean, image: Uint8Array} | null} */
export function readPage(bytes) {
  if (bytes[0] !== PAGE) return null;
  return { page: bytes[1] << 8 | bytes[2], small: bytes[3] !== 0, image: bytes.subarray(PAGE_HEADER) };
}
