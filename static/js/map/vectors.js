/**
 * Draws the vector tiles of an operator's file over our own outlines: where the file has nothing,
 * these are seen. Colours are those of css/app.css, so that light and dark are the style sheet's affair.
 */

import { createCache } from '../lib/cache.js';
import { LAYERS, lookOf, nameOf } from '../lib/look.js';
import { inSlices } from '../lib/slices.js';
import { readTile } from '../lib/tile.js';
import { L } from './leaflet.js';
import { named } from './names.js';

/** @import { Coords, Map as LeafletMap } from 'leaflet' */
/** @import { Vectors } from '../types.d.ts' */
/** @import { Look } from '../lib/look.js' */
/** @import { Layer } from '../lib/tile.js' */
/** @import { Name } from './names.js' */

/** @typedef {{ name: Name, weight: number }} Weighed */

/** Pixels of a side: such tiles are made to be drawn twice as large as pictures. */
const SIZE = 512;

/** Tiles that are remembered: some screens full. */
const MOST_KEPT = 60;

/** Shapes after which another task may have its turn. */
const AT_ONCE = 50;

/** Zooms beyond the deepest tiles at which they are still drawn larger. */
const BEYOND = 3;

/** As deep as there is anything to see. */
const DEEPEST = 18;

/** Pixels by which a tile covers its neighbours: else hairs show between them at half zooms. */
const OVERLAP = 1;

/**
 * @param {LeafletMap} map
 * @param {Vectors} vectors
 * @param {() => void} onNames There are other names than before.
 * @returns {{ names: () => Name[], covers: (name: Name) => boolean }} What the tiles name, and whether a
 *   name of ours lies where a tile has been drawn.
 */
export function drawVectors(map, vectors, onNames) {
  const pane = map.createPane('vectors');
  // Over our own outlines (200), under all else.
  pane.style.zIndex = '250';
  pane.style.pointerEvents = 'none';
  const [west, south, east, north] = vectors.bounds;
  const bounds = L.latLngBounds([south, west], [north, east]);
  const tiles = createTiles(vectors);
  const shown = createNames(map, onNames);

  const createTile = (
    /** @type {Coords} */ coords,
    /** @type {(error: unknown, tile: HTMLElement) => void} */ done,
  ) => {
    const canvas = document.createElement('canvas');
    const isWanted = () => shown.isWanted(coords);
    shown.want(coords);
    draw(canvas, coords, tiles, colours(pane), isWanted).then(
      (names) => {
        if (names) shown.set(coords, names);
        done(undefined, canvas);
      },
      // Our own outlines are seen instead.
      (error) => done(error, canvas),
    );
    return canvas;
  };
  /** @type {any} */
  const Tiles = L.GridLayer.extend({ createTile });
  const layer = new Tiles({ pane: 'vectors', tileSize: SIZE, bounds, keepBuffer: 1 });
  layer.on('tileunload', (/** @type {any} */ event) => shown.forget(event.coords));
  layer.addTo(map);
  const deepest = Math.min(DEEPEST, vectors.maxZoom + 1 + BEYOND);
  map.setMaxZoom(Math.max(map.getMaxZoom(), deepest));
  whenColoursChange(() => layer.redraw());
  return { names: shown.all, covers: shown.covers };
}

/**
 * The tiles as they were read. A tile beyond the deepest is a part of its ancestor, which several need.
 * @param {Vectors} vectors
 */
function createTiles({ version, minZoom, maxZoom }) {
  /** @type {ReturnType<typeof createCache<Promise<Map<string, Layer>>>>} */
  const kept = createCache(MOST_KEPT);

  return (/** @type {Coords} */ coords) => {
    const zoom = coords.z - 1;
    const beyond = Math.max(0, zoom - maxZoom);
    if (zoom < minZoom) return null;
    const [x, y] = [coords.x >> beyond, coords.y >> beyond];
    const path = `basemap/${zoom - beyond}/${x}/${y}`;
    const layers = kept.get(path) ?? fetchTile(`${path}?v=${version}`);
    kept.set(path, layers);
    // What failed is asked for again.
    layers.catch(() => kept.drop(path));
    const share = 2 ** beyond;
    return {
      layers,
      share,
      left: coords.x - x * share,
      top: coords.y - y * share,
    };
  };
}

/**
 * @param {string} path
 * @returns {Promise<Map<string, Layer>>}
 */
async function fetchTile(path) {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`status ${response.status}`);
  return readTile(await response.arrayBuffer(), (name) => LAYERS.includes(name));
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Coords} coords
 * @param {ReturnType<typeof createTiles>} tiles
 * @param {(name: string) => string} colour
 * @param {() => boolean} isWanted
 * @returns {Promise<Weighed[] | null>} What is named in it; null if there is nothing to draw.
 */
async function draw(canvas, coords, tiles, colour, isWanted) {
  const part = tiles(coords);
  if (part === null) return null;
  const layers = await part.layers;
  if (layers.size === 0 || !isWanted()) return null;
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const side = (SIZE + OVERLAP) * ratio;
  canvas.width = side;
  canvas.height = side;
  canvas.style.width = `${SIZE + OVERLAP}px`;
  canvas.style.height = `${SIZE + OVERLAP}px`;
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.scale(ratio, ratio);
  context.lineJoin = 'round';
  context.fillStyle = colour('sea');
  context.fillRect(0, 0, SIZE + OVERLAP, SIZE + OVERLAP);
  return inSlices(steps(context, coords, layers, part, colour), isWanted);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Coords} coords
 * @param {Map<string, Layer>} layers
 * @param {{ share: number, left: number, top: number }} part
 * @param {(name: string) => string} colour
 * @returns {Generator<void, Weighed[]>}
 */
function* steps(context, coords, layers, { share, left, top }, colour) {
  /** @type {Weighed[]} */
  const names = [];
  let count = 0;
  for (const name of LAYERS) {
    const layer = layers.get(name);
    if (!layer) continue;
    const scale = (SIZE * share) / layer.extent;
    /** @type {[number, number]} */
    const origin = [left * SIZE, top * SIZE];
    for (const shape of layer.shapes) {
      const look = lookOf(name, shape, coords.z);
      if (look) trace(context, shape.lines, scale, origin, look, colour);
      const told = nameOf(name, shape);
      const [x, y] = shape.lines[0] ?? [];
      if (told && x !== undefined && y !== undefined) {
        const at = [x * scale - origin[0], y * scale - origin[1]];
        const spot = spotOf(coords, /** @type {[number, number]} */ (at));
        // What lies in the margin of a tile is in its neighbour, too.
        if (spot)
          names.push({ name: named(spot, told, told.kind), weight: told.weight });
      }
      count += 1;
      if (count % AT_ONCE === 0) yield;
    }
  }
  return names;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} lines
 * @param {number} scale
 * @param {[number, number]} origin
 * @param {Look} look
 * @param {(name: string) => string} colour
 */
function trace(
  context,
  lines,
  scale,
  [left, top],
  { colour: name, width, dash },
  colour,
) {
  context.beginPath();
  for (const line of lines) {
    for (let at = 0; at + 1 < line.length; at += 2) {
      const x = (line[at] ?? 0) * scale - left;
      const y = (line[at + 1] ?? 0) * scale - top;
      if (at === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
  }
  if (width === undefined) {
    context.fillStyle = colour(name);
    context.fill();
    return;
  }
  context.strokeStyle = colour(name);
  context.lineWidth = width;
  context.setLineDash(dash ?? []);
  context.stroke();
}

/**
 * Where a pixel of a tile is on the map; null if it is outside the tile.
 * @param {Coords} coords
 * @param {[number, number]} at
 */
function spotOf({ x, y, z }, [left, top]) {
  if (left < 0 || top < 0 || left >= SIZE || top >= SIZE) return null;
  return L.CRS.EPSG3857.pointToLatLng(L.point(x * SIZE + left, y * SIZE + top), z);
}

/**
 * The names of the tiles that are there.
 * @param {LeafletMap} map
 * @param {() => void} onNames
 */
function createNames(map, onNames) {
  /** Those that are wanted; of those that are drawn their names. @type {Map<string, Weighed[] | null>} */
  const byTile = new Map();
  const keyOf = (/** @type {Coords} */ { x, y, z }) => `${z}/${x}/${y}`;
  const zoomNow = () => Math.round(map.getZoom());
  return {
    want: (/** @type {Coords} */ coords) => void byTile.set(keyOf(coords), null),
    isWanted: (/** @type {Coords} */ coords) => byTile.has(keyOf(coords)),
    forget: (/** @type {Coords} */ coords) => void byTile.delete(keyOf(coords)),

    /** @param {Coords} coords @param {Weighed[]} names */
    set(coords, names) {
      if (!byTile.has(keyOf(coords))) return;
      byTile.set(keyOf(coords), names);
      onNames();
    },

    /** Of the present zoom, the weightiest first. */
    all() {
      const here = [...byTile].filter(([key]) => key.startsWith(`${zoomNow()}/`));
      return here
        .flatMap(([, names]) => names ?? [])
        .sort((a, b) => b.weight - a.weight)
        .map(({ name }) => name);
    },

    /** @param {Name} name */
    covers({ at }) {
      const z = zoomNow();
      const { x, y } = L.CRS.EPSG3857.latLngToPoint(at, z).divideBy(SIZE).floor();
      return Boolean(byTile.get(`${z}/${x}/${y}`));
    },
  };
}

/**
 * The colours of the style sheet as they are now.
 * @param {HTMLElement} pane
 */
function colours(pane) {
  /** @type {Map<string, string>} */
  const known = new Map();
  const before = pane.style.color;
  return (/** @type {string} */ name) => {
    const found = known.get(name);
    if (found) return found;
    pane.style.color = `var(--${name})`;
    const { color } = getComputedStyle(pane);
    pane.style.color = before;
    known.set(name, color);
    return color;
  };
}

/** @param {() => void} redraw */
function whenColoursChange(redraw) {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  new MutationObserver(redraw).observe(document.documentElement, {
    attributeFilter: ['data-theme'],
  });
}
