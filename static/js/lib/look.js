/**
 * How what a vector tile tells is drawn, and what it is called: the layers and kinds of Protomaps'
 * base maps, of their third version as of their fourth. Pure.
 */

import { withoutControls } from './dom.js';

/** @import { Shape } from './tile.js' */

/**
 * Colours are those of css/app.css, by name.
 * @typedef {object} Look
 * @property {string} colour
 * @property {number} [width] Pixels of a line; an area is filled.
 * @property {number[]} [dash]
 */

/**
 * @typedef {object} PlaceName
 * @property {string} ar
 * @property {string} en
 * @property {'country' | 'region' | 'city' | 'place' | 'water'} kind
 * @property {number} weight The greatest comes first.
 */

/** What is drawn, from below. */
export const LAYERS = [
  'earth',
  'landcover',
  'landuse',
  'natural',
  'water',
  'physical_line',
  'physical_point',
  'roads',
  'boundaries',
  'places',
];

/** What the third version had in layers of their own. @type {Record<string, string>} */
const NOW = { natural: 'landuse', physical_line: 'water', physical_point: 'water' };

/** Fields and steppe are not among them: they are most of the country, and the map shall be quiet. */
const GREEN = new Set([
  ...['park', 'national_park', 'nature_reserve', 'protected_area', 'forest', 'wood'],
  ...['orchard', 'garden', 'cemetery', 'golf_course', 'village_green', 'allotments'],
]);

const BUILT = new Set([
  ...['residential', 'urban_area', 'commercial', 'industrial', 'military'],
  ...['aerodrome', 'airfield', 'runway', 'naval_base', 'railway'],
  ...['school', 'university', 'college', 'hospital'],
]);

/** Waters that are named: no pools and fountains, and no peaks, which one layer once had with them. */
const WATERS = new Set(['ocean', 'sea', 'bay', 'strait', 'lake', 'reservoir', 'water']);

/** Pixels at zoom 10, and the zoom from which a road of the kind is drawn. */
const ROADS = new Map([
  ['highway', { width: 1.9, from: 5 }],
  ['major_road', { width: 1.3, from: 7 }],
  ['medium_road', { width: 0.9, from: 9 }],
  ['minor_road', { width: 0.6, from: 11 }],
  ['rail', { width: 0.5, from: 10 }],
  ['path', { width: 0.35, from: 14 }],
  ['other', { width: 0.35, from: 14 }],
]);

/**
 * @param {string} name Of the layer.
 * @param {Shape} shape
 * @param {number} zoom Of the map.
 * @returns {Look | null} Null if it is not drawn.
 */
export function lookOf(name, { type, properties }, zoom) {
  const layer = NOW[name] ?? name;
  const kind = kindOf(properties);
  const isArea = type === 3;
  if (layer === 'earth') return isArea ? { colour: 'land-syria' } : null;
  if (layer === 'landcover' || layer === 'landuse') {
    if (!isArea) return null;
    if (GREEN.has(kind)) return { colour: 'green' };
    return BUILT.has(kind) ? { colour: 'built' } : null;
  }
  if (layer === 'water') {
    if (isArea) return { colour: kind === 'ocean' ? 'sea' : 'water' };
    const isSmall = kind === 'stream' || kind === 'ditch' || kind === 'drain';
    if (type !== 2 || (isSmall && zoom < 12)) return null;
    return { colour: 'water', width: (isSmall ? 0.6 : 1.4) * growth(zoom) };
  }
  if (layer === 'roads' && type === 2) return road(kind, zoom);
  return layer === 'boundaries' && type === 2 ? boundary(properties, kind) : null;
}

/**
 * The name of a place or of water, in both languages as far as it is told.
 * @param {string} name Of the layer.
 * @param {Shape} shape
 * @returns {PlaceName | null}
 */
export function nameOf(name, { type, properties }) {
  const layer = NOW[name] ?? name;
  const isWater = layer === 'water' && WATERS.has(kindOf(properties));
  if (type !== 1 || (layer !== 'places' && !isWater)) return null;
  const own = text(properties.name);
  const ar = text(properties['name:ar']) ?? own ?? text(properties['name:en']);
  const en = text(properties['name:en']) ?? own ?? text(properties['name:ar']);
  if (ar === null || en === null) return null;
  const rank = Number(properties.population_rank ?? properties['pmap:population_rank']);
  return { ar, en, kind: placeKind(layer, properties), weight: rank || 0 };
}

/**
 * @param {string} layer
 * @param {Shape['properties']} properties
 * @returns {PlaceName['kind']}
 */
function placeKind(layer, properties) {
  if (layer === 'water') return 'water';
  const kind = kindOf(properties);
  if (kind === 'country' || kind === 'region') return kind;
  const detail = properties.kind_detail ?? properties['pmap:kind_detail'];
  return detail === 'city' || kind === 'city' ? 'city' : 'place';
}

/**
 * @param {string} kind
 * @param {number} zoom
 * @returns {Look | null}
 */
function road(kind, zoom) {
  const known = ROADS.get(kind);
  if (!known || zoom < known.from) return null;
  const width = known.width * growth(zoom);
  const dash = ['rail', 'path', 'other'].includes(kind) ? [4, 3] : undefined;
  const colour = kind === 'highway' ? 'road-great' : 'road';
  return dash ? { colour, width, dash } : { colour, width };
}

/**
 * @param {Shape['properties']} properties
 * @param {string} kind
 * @returns {Look | null}
 */
function boundary(properties, kind) {
  const told = properties.kind_detail ?? properties['pmap:min_admin_level'];
  const level = kind === 'country' ? 2 : kind === 'region' ? 4 : Number(told);
  if (level !== 2 && level !== 4) return null;
  const isDisputed = properties.disputed === true || Number(properties.disputed) === 1;
  if (isDisputed) return { colour: 'border-syria', width: 1.2, dash: [4, 3] };
  return level === 2
    ? { colour: 'border-syria', width: 1.4 }
    : { colour: 'border-governorate', width: 1 };
}

/** @param {number} zoom How much wider lines are than at zoom 10. */
function growth(zoom) {
  return 1.3 ** Math.max(-3, Math.min(6, zoom - 10));
}

/** @param {Shape['properties']} properties */
function kindOf(properties) {
  return String(properties.kind ?? properties['pmap:kind'] ?? '');
}

/** @param {unknown} value */
function text(value) {
  const plain = typeof value === 'string' ? withoutControls(value).trim() : '';
  return plain === '' ? null : plain;
}
