/**
 * Names on the base map. They are elements, not drawings: the browser shapes Arabic
 * letters as it does everywhere else.
 */

import { el } from '../lib/dom.js';
import { placeLabels } from '../lib/labels.js';
import { L } from './leaflet.js';

/** @import { Feature, Point } from 'geojson' */
/** @import { LatLng, Map as LeafletMap } from 'leaflet' */
/** @import { Basemap, Box } from '../types.d.ts' */
/** @import { Language } from '../i18n/index.js' */

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
const FAMILY =
  'saves' in document.documentElement.dataset
    ? 'system-ui, sans-serif'
    : '"IBM Plex Sans Arabic", sans-serif';

/**
 * @param {LeafletMap} map
 * @param {Basemap} basemap
 * @param {() => { language: Language, obstacles: () => Box[] }} context
 */
export function createLabels(map, basemap, context) {
  const names = readNames(basemap);
  const pane = map.createPane('labels', map.getPane('mapPane'));
  // Over the base map, under the symbols (600), and never in the way of the pointer.
  pane.style.zIndex = '450';
  pane.style.pointerEvents = 'none';
  pane.setAttribute('aria-hidden', 'true');

  /** The elements of each name that is drawn. @type {Map<Name, HTMLElement[]>} */
  let drawn = new Map();
  let lang = context().language.lang;

  const drawNow = () => {
    const { language, obstacles } = context();
    const spots = placeNames(map, names, language, obstacles());
    // What is there already stays the same element: from one answer to the next few names change.
    const before = language.lang === lang ? drawn : new Map();
    const parts = spots.map((spot) => {
      const known = before.get(spot.candidate.name) ?? build(spot.candidate);
      place(known, spot);
      return known;
    });
    const shown = new Set(parts.flat());
    for (const part of [...drawn.values()].flat()) if (!shown.has(part)) part.remove();
    pane.append(...[...shown].filter((part) => part.parentNode !== pane));
    drawn = new Map(
      spots.map(({ candidate }, at) => [candidate.name, parts[at] ?? []]),
    );
    lang = language.lang;
    pane.style.opacity = '';
  };
  let frame = 0;
  /** Not in the frame in which symbols are drawn: each shall be short. */
  const draw = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(drawNow);
    });
  };
  // To move the map alone costs nothing and moves no name; new symbols do, which names avoid.
  map.on('zoomend viewreset', draw);
  // Not Leaflet's class for that: it would have the browser look at every name.
  map.on('zoomstart', () => {
    pane.style.opacity = '0';
  });
  // Widths are only right once the font is there.
  const measureAnew = () => {
    widths.clear();
    draw();
  };
  if (!('saves' in document.documentElement.dataset)) {
    document.fonts.load(`400 13px ${FAMILY}`, 'حلب Hama').then(measureAnew, () => {});
  }
  draw();
  return { draw };
}

/**
 * @param {LeafletMap} map
 * @param {Name[]} names
 * @param {Language} language
 * @param {Box[]} obstacles
 */
function placeNames(map, names, language, obstacles) {
  const zoom = map.getZoom();
  const candidates = names
    .filter(({ minZoom, maxZoom }) => zoom >= minZoom && zoom <= maxZoom)
    .map((name) => {
      const { x, y } = map.latLngToLayerPoint(name.at);
      const text = name[language.lang];
      const width = textWidth(text, name.font) + 6;
      return { name, text, x, y, width, height: name.lineHeight, kind: name.kind };
    });
  return placeLabels(candidates, obstacles);
}

/** @typedef {ReturnType<typeof placeNames>[number]} Spot */

/**
 * @param {Spot['candidate']} candidate
 * @returns {HTMLElement[]}
 */
function build({ name, text }) {
  const label = el('span', { class: `label ${name.className}` }, text);
  if (name.kind === 'area') return [label];
  return [label, el('span', { class: `dot ${name.className}` })];
}

/**
 * @param {HTMLElement[]} parts
 * @param {Spot} spot
 */
function place([label, dot], { candidate, x, y }) {
  const { width, height } = candidate;
  if (label) {
    label.style.width = `${Math.ceil(width)}px`;
    put(label, x - width / 2, y - height / 2);
  }
  if (dot) put(dot, candidate.x, candidate.y);
}

/**
 * @param {HTMLElement} element
 * @param {number} x
 * @param {number} y
 */
function put({ style }, x, y) {
  style.left = `${Math.round(x)}px`;
  style.top = `${Math.round(y)}px`;
}

/**
 * The names in the order of their importance: who comes first gets the room.
 * @param {Basemap} basemap
 * @returns {Name[]}
 */
function readNames({ countries, lakes, places }) {
  const countryNames = countries.features
    .filter(({ properties }) => properties?.name_en)
    .map(({ properties: p }) => ({
      at: L.latLng(p?.lat, p?.lon),
      ar: p?.name_ar,
      en: p?.name_en,
      minZoom: p?.a3 === 'GOL' ? 8.5 : 5,
      maxZoom: p?.a3 === 'GOL' ? 11 : 7.5,
      kind: /** @type {const} */ ('area'),
      className: p?.a3 === 'GOL' ? 'label-region' : 'label-country',
      font: p?.a3 === 'GOL' ? `400 12px ${FAMILY}` : `600 14px ${FAMILY}`,
      lineHeight: 20,
    }));
  const placeNames = places.features.map((feature) => {
    const { geometry, properties } = /** @type {Feature<Point>} */ (feature);
    const rank = properties?.rank ?? 7;
    const [lng = 0, lat = 0] = geometry.coordinates;
    return {
      at: L.latLng(lat, lng),
      ar: properties?.name_ar,
      en: properties?.name_en,
      minZoom: PLACE_ZOOM[rank] ?? 11,
      maxZoom: 20,
      kind: /** @type {const} */ ('point'),
      className: `label-place rank-${rank <= 2 ? 'high' : 'low'}`,
      font: rank <= 2 ? `600 13px ${FAMILY}` : `400 12px ${FAMILY}`,
      lineHeight: 18,
    };
  });
  const lakeNames = lakes.features.map((feature) => ({
    at: L.geoJSON(feature).getBounds().getCenter(),
    ar: feature.properties?.name_ar,
    en: feature.properties?.name_en,
    minZoom: 8.5,
    maxZoom: 20,
    kind: /** @type {const} */ ('area'),
    className: 'label-water',
    font: `400 12px ${FAMILY}`,
    lineHeight: 18,
  }));
  const great = placeNames.filter(({ minZoom }) => minZoom <= 6);
  const small = placeNames.filter(({ minZoom }) => minZoom > 6);
  return [...great, ...countryNames, ...small, ...lakeNames];
}

/** Measuring takes far longer than remembering. @type {Map<string, number>} */
const widths = new Map();

const ruler = document.createElement('canvas').getContext('2d');

/**
 * @param {string} text
 * @param {string} font
 */
function textWidth(text, font) {
  if (!ruler) return text.length * 7;
  const key = `${font} ${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  ruler.font = font;
  const { width } = ruler.measureText(text);
  widths.set(key, width);
  return width;
}
