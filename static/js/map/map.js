/** The map itself: its frame, its controls, and moving it. */

import { byId, el, outside, svg } from '../lib/dom.js';
import { L } from './leaflet.js';
import { scaleControl } from './scale.js';

/** @import { LatLngBounds, LatLngBoundsLiteral, Map as LeafletMap } from 'leaflet' */
/** @import { Language } from '../i18n/index.js' */
/** @import { Bounds, LngLat, Tiles, View } from '../types.d.ts' */

/** The country, with a margin. @type {LatLngBoundsLiteral} */
export const SYRIA = [
  [32.3, 35.6],
  [37.35, 42.4],
];

/** The base map was cut here; beyond it there is nothing to see. @type {LatLngBoundsLiteral} */
const EDGE = [
  [20, 14],
  [48, 64],
];

/** How near one comes where only our own outlines lie under the events. */
const CLOSEST = 14;

/** From here on the vectors of the base map show no more than they did before. */
const DETAIL_ENDS = 11;

/** Pixels at the upper edge that the search for a place covers. */
const SEARCH = 56;

/** Pixels at the lower edge that the sources of the map cover. */
const CREDITS_HEIGHT = 24;

/** Near enough to tell a town from its neighbours. */
const CLOSE = 9;

const CREDITS = [
  ['Leaflet', 'https://leafletjs.com'],
  ['Natural Earth', 'https://www.naturalearthdata.com'],
  ['GeoNames (CC BY 4.0)', 'https://www.geonames.org'],
];

/**
 * @param {HTMLElement} container
 * @param {View | null} view What the link asks for; all of Syria otherwise.
 */
export function createMap(container, view) {
  const map = L.map(container, {
    attributionControl: false,
    zoomControl: false,
    zoomAnimation: motion(),
    fadeAnimation: motion(),
    minZoom: 5,
    maxZoom: CLOSEST,
    zoomSnap: 0.5,
    maxBounds: EDGE,
    maxBoundsViscosity: 1,
  });
  if (view) map.setView([view.lat, view.lng], view.zoom);
  else showSyria(map, false);
  warnWhereDetailEnds(map);
  // The banner comes and goes, and the table takes room.
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(container);
  return map;
}

/**
 * @param {LeafletMap} map
 * @returns {View}
 */
export function viewOf(map) {
  const { lat, lng } = map.getCenter();
  return { zoom: map.getZoom(), lat, lng };
}

/**
 * @param {LeafletMap} map
 * @param {boolean} [animate]
 */
export function showSyria(map, animate = motion()) {
  map.fitBounds(SYRIA, {
    paddingTopLeft: [12, SEARCH],
    paddingBottomRight: [12, CREDITS_HEIGHT + 12],
    animate,
  });
}

/**
 * Comes nearer where all that there is lies in a part of the country: not so near that nobody knows
 * which.
 * @param {LeafletMap} map
 * @param {LatLngBounds} bounds
 */
export function comeNearer(map, bounds) {
  if (!bounds.isValid()) return;
  const fitting = map.getBoundsZoom(bounds, false, L.point(80, 80 + SEARCH));
  const zoom = Math.min(fitting, CLOSE);
  if (zoom < map.getZoom() + 1) return;
  map.setView(bounds.getCenter(), zoom, { animate: false });
}

/**
 * Brings a point into the part of the map that nothing covers.
 * @param {LeafletMap} map
 * @param {LngLat} point
 * @param {number} covered Pixels at the lower edge that the sheet hides.
 */
export function bringIntoView(map, point, covered) {
  const margin = 48;
  const size = map.getSize();
  const at = map.latLngToContainerPoint(point);
  const visible =
    at.x > margin &&
    at.x < size.x - margin &&
    at.y > SEARCH + margin / 2 &&
    at.y < size.y - covered - margin;
  if (visible) return;
  const zoom = Math.max(map.getZoom(), Math.min(CLOSE, map.getMaxZoom()));
  goTo(map, point, zoom, covered);
}

/**
 * Goes to a point and puts it into the middle of what nothing covers.
 * @param {LeafletMap} map
 * @param {LngLat} point
 * @param {number} zoom
 * @param {number} covered Pixels at the lower edge that the sheet hides.
 */
export function goTo(map, point, zoom, covered) {
  const centre = map.project(point, zoom).add([0, covered / 2]);
  map.setView(map.unproject(centre, zoom), zoom, { animate: motion() });
}

/**
 * Comes so near that the events of a symbol come apart.
 * @param {LeafletMap} map
 * @param {Bounds} bounds
 */
export function openBox(map, [west, south, east, north]) {
  const box = L.latLngBounds([south, west], [north, east]);
  const fitting = map.getBoundsZoom(box, false, L.point(80, 80 + SEARCH));
  const zoom = Math.min(map.getMaxZoom(), Math.max(fitting, map.getZoom() + 1));
  map.setView(box.getCenter(), zoom, { animate: motion() });
}

/**
 * Draws the controls in the reader's language, on the side where the list is not.
 * @param {LeafletMap} map
 * @param {Language} language
 */
export function createControls(map, language) {
  const position = language.dir === 'rtl' ? 'topleft' : 'topright';
  const controls = [
    L.control.zoom({
      position,
      zoomInTitle: language.t('map.zoomIn'),
      zoomOutTitle: language.t('map.zoomOut'),
    }),
    homeControl(position, language),
    scaleControl(language.dir === 'rtl' ? 'bottomleft' : 'bottomright', language),
  ];
  for (const control of controls) control.addTo(map);
  return () => {
    for (const control of controls) control.remove();
  };
}

/**
 * @param {Language} language
 * @param {Tiles | null} tiles
 */
export function renderCredits(language, tiles) {
  const links = CREDITS.map(([name, href]) =>
    el('a', { href, rel: 'noopener noreferrer' }, name),
  );
  byId('credits').replaceChildren(
    el(
      'span',
      {},
      language.t('map.credits'),
      ' ',
      ...links.flatMap((link, i) => (i === 0 ? [link] : [' · ', link])),
      tiles?.attribution && ' · ',
      tiles?.attribution && outside(tiles.attribution),
    ),
    ' ',
    el('span', {}, language.t('map.disclaimer')),
  );
}

/** True where the reader has not asked for less motion. */
function motion() {
  return !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/**
 * @param {import('leaflet').ControlPosition} position
 * @param {Language} language
 */
function homeControl(position, language) {
  const control = new L.Control({ position });
  control.onAdd = (map) => {
    const label = language.t('map.home');
    const button = el(
      'button',
      {
        type: 'button',
        title: label,
        'aria-label': label,
        onclick: () => showSyria(map),
      },
      svg(
        'svg',
        { viewBox: '0 0 20 20', 'aria-hidden': 'true' },
        svg('path', { d: 'M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4' }),
      ),
    );
    const bar = el('div', { class: 'leaflet-bar home-control' }, button);
    L.DomEvent.disableClickPropagation(bar);
    return bar;
  };
  return control;
}

/**
 * A blank map with a dot on it looks broken; a sentence says that it is not. Who brings tiles lets
 * readers come as near as these have detail.
 * @param {LeafletMap} map
 */
function warnWhereDetailEnds(map) {
  const note = byId('no-detail');
  const update = () => {
    const hasTiles = map.getMaxZoom() > CLOSEST;
    note.hidden = hasTiles || map.getZoom() < DETAIL_ENDS;
  };
  map.on('zoomend zoomlevelschange', update);
  update();
}
