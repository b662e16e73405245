/**
 * Draws land, borders and water. Colours are in css/map.css, by class, so that light
 * and dark are the style sheet's affair.
 */

import { inFrames } from '../lib/frames.js';
import { L } from './leaflet.js';

/** @import { FeatureCollection, MultiLineString, MultiPolygon } from 'geojson' */
/** @import { Map as LeafletMap } from 'leaflet' */
/** @import { Basemap } from '../types.d.ts' */

/** As deep as most servers of tiles go. */
const DEEPEST_TILES = 18;

/**
 * Shows an operator's tiles instead of our own outlines. Their host learns which page asks,
 * for some refuse those that do not say, but not what it shows.
 * @param {LeafletMap} map
 * @param {string} url
 */
export function drawTiles(map, url) {
  map.setMaxZoom(DEEPEST_TILES);
  L.tileLayer(url, { maxZoom: DEEPEST_TILES, referrerPolicy: 'origin' }).addTo(map);
}

/**
 * Leaflet's drawing of paths, with a wide margin around what is in view. A move draws nothing
 * anew before the view leaves what is drawn; Leaflet itself would do so after each. After a zoom
 * they are drawn in frames of their own, stretched till then.
 * @type {any}
 */
const Outlines = L.SVG.extend({
  options: { padding: 0.5 },

  getEvents() {
    const events = L.SVG.prototype.getEvents?.call(this);
    return { ...events, zoomend: this._drawSoon, moveend: this._keepUp };
  },

  _drawSoon() {
    const due = {};
    this._due = due;
    inFrames(this._steps(), () => this._due === due);
  },

  *_steps() {
    for (const path of Object.values(this._layers)) {
      path._project();
      yield;
    }
    this._due = null;
    this._keepUp();
  },

  _keepUp() {
    if (this._due) return;
    const { _map: map, _bounds: drawn, _zoom: zoom } = this;
    const size = map.getSize();
    const view = L.bounds(
      map.containerPointToLayerPoint([0, 0]),
      map.containerPointToLayerPoint(size),
    );
    const grown = size.multiplyBy(1 + 2 * this.options.padding).round();
    const isThere =
      zoom === map.getZoom() && grown.equals(drawn.getSize()) && drawn.contains(view);
    if (!isThere) this._update();
  },
});

/**
 * @param {LeafletMap} map
 * @param {Basemap} basemap
 */
export function drawBasemap(map, basemap) {
  const pane = map.createPane('basemap');
  // Below Leaflet's own overlays (400).
  pane.style.zIndex = '200';
  const renderer = new Outlines({ pane: 'basemap' });

  /**
   * @param {FeatureCollection} data
   * @param {(properties: Record<string, unknown>) => string} className
   */
  const draw = (data, className) => {
    for (const [name, shape] of merged(data, className)) {
      L.geoJSON(shape, {
        interactive: false,
        style: () => ({ renderer, className: name }),
      }).addTo(map);
    }
  };

  draw(basemap.countries, ({ a3 }) =>
    a3 === 'SYR' || a3 === 'GOL' ? 'land land-syria' : 'land',
  );
  draw(basemap.governorateBorders, () => 'line line-governorate');
  draw(basemap.rivers, () => 'line line-river');
  draw(basemap.lakes, () => 'lake');
  draw(basemap.borders, ({ kind }) => `line line-${kind}`);
}

/**
 * All that look alike as one shape, which is one element instead of dozens.
 * @param {FeatureCollection} data
 * @param {(properties: Record<string, unknown>) => string} className
 * @returns {Map<string, MultiPolygon | MultiLineString>}
 */
function merged({ features }, className) {
  /** @type {Map<string, MultiPolygon | MultiLineString>} */
  const shapes = new Map();
  for (const { geometry, properties } of features) {
    const name = className(properties ?? {});
    const isArea = geometry.type.endsWith('Polygon');
    /** @type {any} */
    const shape = shapes.get(name) ?? {
      type: isArea ? 'MultiPolygon' : 'MultiLineString',
      coordinates: [],
    };
    const { coordinates } = /** @type {any} */ (geometry);
    shape.coordinates.push(
      ...(geometry.type.startsWith('Multi') ? coordinates : [coordinates]),
    );
    shapes.set(name, shape);
  }
  return shapes;
}
