/** What lies under the events: our own outlines, an operator's pictures, or the vectors of a file. */

import { fetchBasemap, fetchTiles } from '../api.js';
import { drawBasemap, drawTiles } from './basemap.js';
import { createLabels } from './labels.js';
import { readNames } from './names.js';

/** @import { Map as LeafletMap } from 'leaflet' */
/** @import { Box, Tiles } from '../types.d.ts' */
/** @import { Language } from '../i18n/index.js' */

/**
 * Draws it, and the names on it.
 * @param {LeafletMap} map
 * @param {() => { language: Language, obstacles: () => Box[] }} context
 * @returns {Promise<{ tiles: Tiles | null, labels: { draw: () => void } | null }>} Pictures have names
 *   of their own.
 */
export async function createUnderlay(map, context) {
  // Together, so that nobody waits for the one that is not there.
  const own = fetchBasemap();
  const tiles = await fetchTiles().catch(() => null);
  if (tiles?.url) {
    own.catch(() => {});
    drawTiles(map, tiles.url);
    return { tiles, labels: null };
  }
  const basemap = await own;
  drawBasemap(map, basemap);
  const names = readNames(basemap);
  if (!tiles?.vectors) {
    return { tiles, labels: createLabels(map, () => names, context) };
  }
  const { drawVectors } = await import('./vectors.js');
  const drawn = drawVectors(map, tiles.vectors, () => labels.draw());
  const around = () => names.filter((name) => !drawn.covers(name));
  const labels = createLabels(map, () => [...drawn.names(), ...around()], context);
  return { tiles, labels };
}
