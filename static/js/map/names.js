/** What is named on the base map, and how each kind of name is written. */

import { L } from './leaflet.js';

/** @import { Feature, Point } from 'geojson' */
/** @import { LatLng } from 'leaflet' */
/** @import { Basemap } from '../types.d.ts' */

/**
 * @typedef {object} Name
 * @property {LatLng} at
 * @property {string} ar
 * @property {string} en
 * @property {number} minZoom
 * @property {number} maxZoom
 * @property {'point' | 'area'} kind
 * @property {string} className
 * @property {string} font For measuring; css/map.css says the same.
 * @property {number} lineHeight
 */

/** The zoom from which a place of each rank is named; rank 1 is the most important. */
const PLACE_ZOOM = [0, 5, 6, 7, 8, 9, 9.5, 10.5];

/** Measuring in letters that are not there would fetch them. */
export const FAMILY =
  'saves' in document.documentElement.dataset
    ? 'system-ui, sans-serif'
    : '"IBM Plex Sans Arabic", sans-serif';

/** How names of each kind are written. */
const LOOKS = /** @type {const} */ ({
  country: {
    kind: 'area',
    className: 'label-country',
    lineHeight: 20,
    font: '600 14px',
  },
  region: { kind: 'area', className: 'label-region', lineHeight: 20, font: '400 12px' },
  city: {
    kind: 'point',
    className: 'label-place rank-high',
    lineHeight: 18,
    font: '600 13px',
  },
  place: {
    kind: 'point',
    className: 'label-place rank-low',
    lineHeight: 18,
    font: '400 12px',
  },
  water: { kind: 'area', className: 'label-water', lineHeight: 18, font: '400 12px' },
});

/**
 * @param {LatLng} at
 * @param {{ ar: string, en: string }} texts
 * @param {keyof typeof LOOKS} look
 * @param {[number, number]} [zooms] From and to which it is shown.
 * @returns {Name}
 */
export function named(at, { ar, en }, look, [minZoom, maxZoom] = [0, 20]) {
  const { font, ...rest } = LOOKS[look];
  return { at, ar, en, minZoom, maxZoom, ...rest, font: `${font} ${FAMILY}` };
}

/**
 * The names of our own base map in the order of their importance.
 * @param {Basemap} basemap
 * @returns {Name[]}
 */
export function readNames({ countries, lakes, places }) {
  const texts = (/** @type {any} */ { name_ar, name_en }) => ({
    ar: name_ar,
    en: name_en,
  });
  const countryNames = countries.features
    .filter(({ properties }) => properties?.name_en)
    .map(({ properties: p }) => {
      const isGolan = p?.a3 === 'GOL';
      const at = L.latLng(p?.lat, p?.lon);
      const zooms = /** @type {[number, number]} */ (isGolan ? [8.5, 11] : [5, 7.5]);
      return named(at, texts(p), isGolan ? 'region' : 'country', zooms);
    });
  const placeNames = places.features.map((feature) => {
    const { geometry, properties } = /** @type {Feature<Point>} */ (feature);
    const rank = properties?.rank ?? 7;
    const [lng = 0, lat = 0] = geometry.coordinates;
    const zooms = /** @type {[number, number]} */ ([PLACE_ZOOM[rank] ?? 11, 20]);
    return named(
      L.latLng(lat, lng),
      texts(properties),
      rank <= 2 ? 'city' : 'place',
      zooms,
    );
  });
  const lakeNames = lakes.features.map((feature) => {
    const at = L.geoJSON(feature).getBounds().getCenter();
    return named(at, texts(feature.properties), 'water', [8.5, 20]);
  });
  const great = placeNames.filter(({ minZoom }) => minZoom <= 6);
  const small = placeNames.filter(({ minZoom }) => minZoom > 6);
  return [...great, ...countryNames, ...small, ...lakeNames];
}
