/**
 * Draws land, borders and water. Colours are in css/map.css, by class, so that light
 * and dark are the style sheet's affair.
 */

import { L } from './leaflet.js';

/** @import { Map as LeafletMap } from 'leaflet' */
/** @import { Basemap, Tiles } from '../types.d.ts' */

/** As deep as most servers of tiles go. */
const DEEPEST_TILES = 18;

/**
 * Shows an operator's tiles instead of our own outlines. Their host learns which page asks,
 * for some refuse those that do not say, but not what it shows.
 * @param {LeafletMap} map
 * @param {Tiles} tiles
 */
export function drawTiles(map, { url }) {
  map.getContainer().classList.add('has-tiles');
  map.setMaxZoom(DEEPEST_TILES);
  L.tileLayer(url, { maxZoom: DEEPEST_TILES, referrerPolicy: 'origin' }).addTo(map);
}

/**
 * @param {LeafletMap} map
 * @param {Basemap} basemap
 */
export function drawBasemap(map, basemap) {
  const pane = map.createPane('basemap');
  // Below Leaflet's own overlays (400); a wide margin keeps edges out of sight in a pan.
  pane.style.zIndex = '200';
  const renderer = L.svg({ pane: 'basemap', padding: 0.5 });

  /**
   * @param {import('geojson').FeatureCollection} data
   * @param {(properties: Record<string, unknown>) => string} className
   */
  const draw = (data, className) =>
    L.geoJSON(data, {
      interactive: false,
      style: (feature) => ({
        renderer,
        className: className(feature?.properties ?? {}),
      }),
    }).addTo(map);

  draw(basemap.countries, ({ a3 }) =>
    a3 === 'SYR' || a3 === 'GOL' ? 'land land-syria' : 'land',
  );
  draw(basemap.governorateBorders, () => 'line line-governorate');
  draw(basemap.rivers, () => 'line line-river');
  draw(basemap.lakes, () => 'lake');
  draw(basemap.borders, ({ kind }) => `line line-${kind}`);
}
