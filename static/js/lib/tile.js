/** Reads a vector tile (MVT, version 2). Pure. What is broken in it is left out. */

import { PbfReader } from '../../vendor/pbf-5.1.2/index.js';

/**
 * @typedef {object} Shape
 * @property {number} type 1 for points, 2 for lines, 3 for areas.
 * @property {Record<string, string | number | boolean>} properties
 * @property {number[][]} lines Of each the points, x and y after one another, in steps of the tile.
 */

/**
 * @typedef {object} Layer
 * @property {number} extent So many steps a side of the tile has.
 * @property {Shape[]} shapes
 */

/** The numbers of the fields, as the format has them. */
const TILE = { layer: 3 };
const LAYER = { name: 1, feature: 2, key: 3, value: 4, extent: 5 };
const FEATURE = { tags: 2, type: 3, geometry: 4 };

/**
 * @param {ArrayBuffer | Uint8Array} bytes
 * @param {(name: string) => boolean} isWanted Other layers are passed over.
 * @returns {Map<string, Layer>}
 */
export function readTile(bytes, isWanted) {
  const pbf = new PbfReader(bytes);
  /** @type {Map<string, Layer>} */
  const layers = new Map();
  try {
    pbf.readFields((tag) => {
      if (tag === TILE.layer) readLayer(pbf, isWanted, layers);
    }, null);
  } catch {
    // The rest of it cannot be found.
  }
  return layers;
}

/**
 * @param {PbfReader} pbf
 * @param {(name: string) => boolean} isWanted
 * @param {Map<string, Layer>} layers
 */
function readLayer(pbf, isWanted, layers) {
  const read = {
    name: '',
    extent: 4096,
    keys: /** @type {string[]} */ ([]),
    values: /** @type {(string | number | boolean)[]} */ ([]),
    features: /** @type {number[]} */ ([]),
  };
  // Keys and values may stand behind the features that name them.
  within(pbf, (tag) => {
    if (tag === LAYER.name) read.name = pbf.readString();
    else if (tag === LAYER.feature) read.features.push(pbf.pos);
    else if (tag === LAYER.key) read.keys.push(pbf.readString());
    else if (tag === LAYER.value) read.values.push(readValue(pbf));
    else if (tag === LAYER.extent) read.extent = pbf.readVarint() || 4096;
  });
  if (!isWanted(read.name)) return;
  const end = pbf.pos;
  const shapes = [];
  for (const at of read.features) {
    pbf.pos = at;
    shapes.push(readFeature(pbf, read));
  }
  pbf.pos = end;
  layers.set(read.name, { extent: read.extent, shapes });
}

/**
 * @param {PbfReader} pbf
 * @param {{ keys: string[], values: (string | number | boolean)[] }} layer
 * @returns {Shape}
 */
function readFeature(pbf, { keys, values }) {
  let type = 0;
  /** @type {number[]} */
  let tags = [];
  /** @type {number[]} */
  let geometry = [];
  within(pbf, (tag) => {
    if (tag === FEATURE.type) type = pbf.readVarint();
    else if (tag === FEATURE.tags) tags = readNumbers(pbf);
    else if (tag === FEATURE.geometry) geometry = readNumbers(pbf);
  });
  /** @type {Shape['properties']} */
  const properties = {};
  for (let at = 0; at + 1 < tags.length; at += 2) {
    const [key, value] = [keys[tags[at] ?? -1], values[tags[at + 1] ?? -1]];
    if (key !== undefined && value !== undefined) properties[key] = value;
  }
  return { type, properties, lines: readLines(geometry) };
}

/**
 * A value has one field, whose number tells its type.
 * @param {PbfReader} pbf
 * @returns {string | number | boolean}
 */
function readValue(pbf) {
  /** @type {string | number | boolean} */
  let value = '';
  within(pbf, (tag) => {
    if (tag === 1) value = pbf.readString();
    else if (tag === 2) value = pbf.readFloat();
    else if (tag === 3) value = pbf.readDouble();
    else if (tag === 4) value = pbf.readVarint(true);
    else if (tag === 5) value = pbf.readVarint();
    else if (tag === 6) value = pbf.readSVarint();
    else if (tag === 7) value = pbf.readBoolean();
  });
  return value;
}

/**
 * Commands: 1 moves to a point, 2 draws lines to points, 7 closes. Each point is told as the way
 * from the last.
 * @param {number[]} geometry
 */
function readLines(geometry) {
  /** @type {number[][]} */
  const lines = [];
  /** @type {number[]} */
  let line = [];
  let [x, y, at] = [0, 0, 0];
  while (at < geometry.length) {
    const command = (geometry[at] ?? 0) & 7;
    let count = (geometry[at] ?? 0) >>> 3;
    at += 1;
    if (command === 7) line.push(...line.slice(0, 2));
    else if (command !== 1 && command !== 2) break;
    else
      for (; count > 0 && at + 1 < geometry.length; count -= 1) {
        x += signed(geometry[at] ?? 0);
        y += signed(geometry[at + 1] ?? 0);
        at += 2;
        if (command === 1) {
          line = [];
          lines.push(line);
        }
        line.push(x, y);
      }
  }
  return lines;
}

/** @param {number} number In zigzag, as the format writes what may be below zero. */
function signed(number) {
  return number % 2 === 1 ? (number + 1) / -2 : number / 2;
}

/**
 * The numbers of a packed field. A broken one may claim to be of any length.
 * @param {PbfReader} pbf
 */
function readNumbers(pbf) {
  const end = Math.min(pbf.readVarint() + pbf.pos, pbf.length);
  const numbers = [];
  while (pbf.pos < end) numbers.push(pbf.readVarint());
  return numbers;
}

/**
 * Reads the fields of a message within a message, to its end.
 * @param {PbfReader} pbf
 * @param {(tag: number) => void} read
 */
function within(pbf, read) {
  const end = Math.min(pbf.readVarint() + pbf.pos, pbf.length);
  pbf.readFields(read, null, end);
  pbf.pos = end;
}
