/**
 * Asks the server what to show of the part of the map that is in view. The part is widened
 * to whole tiles, so that a short move asks for nothing, and the same view asks for the same.
 */

import { fetchShown } from '../api.js';
import { createLatest } from '../lib/latest.js';
import { L } from './leaflet.js';

/** @import { Map as LeafletMap } from 'leaflet' */
/** @import { Shown } from '../types.d.ts' */

/** Pixels of a tile: a move of less than this asks, on average, every other time. */
const TILE = 256;

/** Deeper than this the server would send every event one by one, however many. */
const DEEPEST = 12;

/**
 * @param {LeafletMap} map
 * @param {object} context
 * @param {() => URLSearchParams} context.filters
 * @param {(shown: Shown) => void} context.onShown
 * @param {(error: unknown) => void} context.onFail
 */
export function createMapData(map, { filters, onShown, onFail }) {
  const latest = createLatest();
  let asked = '';

  /** Tells whether there is anything to ask for. */
  const load = () => {
    const { bbox, zoom } = areaOf(map);
    const params = filters();
    const key = `${zoom} ${bbox} ${params}`;
    if (key === asked) return false;
    asked = key;
    latest(
      (signal) => fetchShown(bbox, zoom, params, signal),
      onShown,
      (error) => {
        // The next move shall try again.
        asked = '';
        onFail(error);
      },
    );
    return true;
  };

  return {
    load,

    /** Asks again, though nothing that was asked for has changed. */
    reload() {
      asked = '';
      load();
    },
  };
}

/**
 * The box in view, as the list asks for it.
 * @param {LeafletMap} map
 */
export function boxInView(map) {
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]
    .map((degrees, at) =>
      Math.max(at % 2 ? -90 : -180, Math.min(at % 2 ? 90 : 180, degrees)),
    )
    .map((degrees) => degrees.toFixed(4))
    .join(',');
}

/** @param {LeafletMap} map */
function areaOf(map) {
  const zoom = Math.min(DEEPEST, Math.max(0, Math.floor(map.getZoom())));
  const bounds = map.getBounds();
  const first = map.project(bounds.getNorthWest(), zoom);
  const last = map.project(bounds.getSouthEast(), zoom);
  const world = TILE * 2 ** zoom;
  const clamp = (/** @type {number} */ n) => Math.min(world, Math.max(0, n));
  // A hair inside, so that no row of cells beyond the edge is asked for.
  const [west, north] = [first.x, first.y].map(
    (n) => clamp(Math.floor(n / TILE) * TILE) + 0.01,
  );
  const [east, south] = [last.x, last.y].map(
    (n) => clamp(Math.ceil(n / TILE) * TILE) - 0.01,
  );
  const northWest = map.unproject(L.point(west ?? 0, north ?? 0), zoom);
  const southEast = map.unproject(L.point(east ?? 0, south ?? 0), zoom);
  const bbox = [northWest.lng, southEast.lat, southEast.lng, northWest.lat]
    .map((degrees) => degrees.toFixed(6))
    .join(',');
  return { bbox, zoom };
}
