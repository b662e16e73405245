/**
 * Where events are dense, as a coloured glow: one canvas over the map, drawn from the
 * counts that the server gives of small cells.
 */

import { fetchJson } from '../api.js';
import { L } from './leaflet.js';

/** @import { Map as LeafletMap } from 'leaflet' */

/** Pixels around a cell's point that its events glow. */
const RADIUS = 34;

/** Levels below that of the map, so that cells are smaller than their glow. */
const FINER = 1;

/** From nothing to the most, in steps of the canvas's 256 levels. */
const COLOURS = [
  [0, [120, 60, 160, 0]],
  [0.15, [110, 50, 150, 90]],
  [0.4, [190, 50, 90, 170]],
  [0.7, [240, 120, 40, 205]],
  [1, [255, 225, 110, 230]],
];

/**
 * @param {LeafletMap} map
 * @param {() => URLSearchParams} filters Of what is at a place: the point that stands for a
 *   region is not where anything happened.
 */
export function createHeat(map, filters) {
  const pane = map.getPane('heat') ?? map.createPane('heat');
  // Over the names, under the symbols.
  pane.style.zIndex = '460';
  pane.style.pointerEvents = 'none';
  pane.setAttribute('aria-hidden', 'true');
  const canvas = L.DomUtil.create('canvas', 'leaflet-zoom-hide', pane);
  let request = new AbortController();

  const load = async () => {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const bounds = map.getBounds().pad(0.15);
    const clamp = (/** @type {number} */ n, /** @type {number} */ most) =>
      Math.min(most, Math.max(-most, n)).toFixed(3);
    const params = new URLSearchParams([
      [
        'bbox',
        [
          clamp(bounds.getWest(), 180),
          clamp(bounds.getSouth(), 85),
          clamp(bounds.getEast(), 180),
          clamp(bounds.getNorth(), 85),
        ].join(','),
      ],
      ['zoom', String(Math.min(12, Math.round(map.getZoom()) + FINER))],
      ...filters(),
    ]);
    const url = new URL(`collections/events/clusters?${params}`, document.baseURI);
    try {
      const { features } = await fetchJson(url.href, signal);
      draw(map, canvas, (Array.isArray(features) ? features : []).map(readCell));
    } catch (error) {
      // The next move asks again; until then the old picture goes with the map.
      if (!signal.aborted) console.debug(error);
    }
  };

  map.on('moveend', load);
  load();
  return {
    reload: load,

    remove() {
      request.abort();
      map.off('moveend', load);
      canvas.remove();
    },
  };
}

/** @param {any} feature */
function readCell(feature) {
  const [lng, lat] = feature?.geometry?.coordinates ?? [];
  const weight = Number(feature?.properties?.count ?? 1);
  return { lng, lat, weight };
}

/**
 * @param {LeafletMap} map
 * @param {HTMLCanvasElement} canvas
 * @param {{ lng: number, lat: number, weight: number }[]} cells
 */
function draw(map, canvas, cells) {
  const size = map.getSize();
  canvas.width = size.x;
  canvas.height = size.y;
  L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context || size.x === 0 || size.y === 0) return;
  const most = Math.max(1, ...cells.map(({ weight }) => weight));
  for (const { lng, lat, weight } of cells) {
    if (!Number.isFinite(lng) || !Number.isFinite(lat)) continue;
    const { x, y } = map.latLngToContainerPoint([lat, lng]);
    // Counts of places differ by thousands; their logarithms can be seen side by side.
    const strength = Math.log1p(weight) / Math.log1p(most);
    const glow = context.createRadialGradient(x, y, 0, x, y, RADIUS);
    glow.addColorStop(0, `rgb(0 0 0 / ${(0.12 + 0.5 * strength).toFixed(3)})`);
    glow.addColorStop(1, 'rgb(0 0 0 / 0)');
    context.fillStyle = glow;
    context.fillRect(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS);
  }
  colour(context, size.x, size.y);
}

/**
 * Turns how dense a pixel is into a colour.
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 */
function colour(context, width, height) {
  const palette = paletteOf();
  const image = context.getImageData(0, 0, width, height);
  const { data } = image;
  for (let at = 0; at < data.length; at += 4) {
    const from = (data[at + 3] ?? 0) * 4;
    for (let part = 0; part < 4; part += 1) data[at + part] = palette[from + part] ?? 0;
  }
  context.putImageData(image, 0, 0);
}

/** A colour for each of the 256 levels. */
function paletteOf() {
  const palette = new Uint8ClampedArray(256 * 4);
  for (let level = 0; level < 256; level += 1) {
    const share = level / 255;
    const next = COLOURS.findIndex(([at]) => Number(at) >= share);
    const [high, above] = COLOURS[Math.max(1, next)] ?? [1, []];
    const [low, below] = COLOURS[Math.max(1, next) - 1] ?? [0, []];
    const part = (share - Number(low)) / (Number(high) - Number(low));
    for (let at = 0; at < 4; at += 1) {
      const [a, b] = [below, above].map((each) => (Array.isArray(each) ? each[at] : 0));
      palette[level * 4 + at] = (a ?? 0) + ((b ?? 0) - (a ?? 0)) * part;
    }
  }
  return palette;
}
