/** Reads a GeoJSON feature once, at the edge, into an event that cannot be malformed. */

import { isDay } from './time.js';

/** @import { Event, LngLat, Precision, Range, TypeSlug } from '../types.d.ts' */

/** The publisher's name that marks invented events shipped for demonstration. */
export const SAMPLE_SOURCE = 'rasid sample';

/** Event types in the order of the legend, each with the short name used in links. */
export const TYPES = /** @type {const} */ ([
  ['Battles', 'battles'],
  ['Explosions/Remote violence', 'explosions'],
  ['Violence against civilians', 'civilians'],
  ['Protests', 'protests'],
  ['Riots', 'riots'],
  ['Strategic developments', 'strategic'],
]);

/**
 * The sub-event types of each type, as ACLED has them.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const SUB_TYPES = {
  battles: [
    'Armed clash',
    'Government regains territory',
    'Non-state actor overtakes territory',
  ],
  explosions: [
    'Shelling/artillery/missile attack',
    'Air/drone strike',
    'Remote explosive/landmine/IED',
    'Grenade',
    'Suicide bomb',
    'Chemical weapon',
  ],
  civilians: ['Attack', 'Abduction/forced disappearance', 'Sexual violence'],
  protests: [
    'Peaceful protest',
    'Protest with intervention',
    'Excessive force against protesters',
  ],
  riots: ['Violent demonstration', 'Mob violence'],
  strategic: [
    'Agreement',
    'Arrests',
    'Change to group/activity',
    'Disrupted weapons use',
    'Headquarters or base established',
    'Looting/property destruction',
    'Non-violent transfer of territory',
    'Other',
  ],
};

/** What a row of the list and a symbol on the map need of an event. */
export const BRIEF = [
  'event_type',
  'sub_event_type',
  'event_date',
  'event_date_end',
  'time_precision',
  'date_text',
  'actor1',
  'actor2',
  'actor_ids',
  'location',
  'location_ar',
  'place_text',
  'geo_precision',
  'fatalities',
  'fatalities_low',
  'fatalities_high',
  'source',
].join(',');

/**
 * Returns null for what is no feature at all; anything else becomes an event,
 * with null wherever a member is missing or of the wrong kind.
 * @param {unknown} feature
 * @returns {Event | null}
 */
export function readEvent(feature) {
  if (!isRecord(feature)) return null;
  const id = feature.id;
  if (typeof id !== 'string' && typeof id !== 'number') return null;
  const p = isRecord(feature.properties) ? feature.properties : {};
  const eventType = text(p.event_type);
  return {
    id: String(id),
    point: point(feature.geometry),
    type: typeSlug(eventType),
    eventType,
    subEventType: text(p.sub_event_type),
    civilianTargeting: text(p.civilian_targeting),
    date: day(p.event_date),
    dateEnd: day(p.event_date_end),
    timePrecision: precision(p.time_precision),
    dateText: text(p.date_text),
    actor1: text(p.actor1),
    assocActor1: names(p.assoc_actor_1),
    actor2: text(p.actor2),
    assocActor2: names(p.assoc_actor_2),
    actorIds: names(p.actor_ids),
    location: text(p.location),
    locationAr: text(p.location_ar),
    admin1: text(p.admin1),
    admin1Pcode: text(p.admin1_pcode),
    geoPrecision: precision(p.geo_precision),
    placeText: text(p.place_text),
    placeId: text(p.place_id),
    fatalities: range(p, 'fatalities'),
    injured: range(p, 'injured'),
    personnel: count(p.personnel),
    vehicles: count(p.vehicles),
    trucks: count(p.trucks),
    certainty: text(p.certainty),
    confidence: share(p.confidence),
    review: text(p.review),
    evidence: text(p.evidence),
    attribution: text(p.attribution),
    source: text(p.source),
    sourceUrl: text(p.source_url),
    title: text(p.title),
    published: text(p.published),
    nSources: count(p.n_sources),
    extractor: text(p.extractor),
  };
}

/** @param {Event} event */
export function isSample(event) {
  return event.source === SAMPLE_SOURCE;
}

/**
 * @param {string | null} eventType
 * @returns {TypeSlug}
 */
export function typeSlug(eventType) {
  return TYPES.find(([name]) => name === eventType)?.[1] ?? 'other';
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param {unknown} value */
function text(value) {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/**
 * Lists come as arrays or, in ACLED's manner, as names parted by semicolons.
 * @param {unknown} value
 */
function names(value) {
  const list = Array.isArray(value) ? value : (text(value)?.split(';') ?? []);
  return list
    .filter((item) => typeof item === 'string')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** @param {unknown} value */
function count(value) {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : null;
}

/** @param {unknown} value */
function share(value) {
  const number = count(value);
  return number !== null && number <= 1 ? number : null;
}

/**
 * @param {unknown} value
 * @returns {Precision | null}
 */
function precision(value) {
  return value === 1 || value === 2 || value === 3 ? value : null;
}

/** @param {unknown} value */
function day(value) {
  const found = text(value)?.match(/^\d{4}-\d{2}-\d{2}/)?.[0];
  return found && isDay(found) ? found : null;
}

/**
 * @param {Record<string, unknown>} p
 * @param {string} name
 * @returns {Range}
 */
function range(p, name) {
  return {
    best: count(p[name]),
    low: count(p[`${name}_low`]),
    high: count(p[`${name}_high`]),
  };
}

/**
 * @param {unknown} geometry
 * @returns {LngLat | null}
 */
function point(geometry) {
  if (!isRecord(geometry) || geometry.type !== 'Point') return null;
  if (!Array.isArray(geometry.coordinates)) return null;
  const [lng, lat] = geometry.coordinates;
  const fine = Number.isFinite(lng) && Number.isFinite(lat);
  return fine && Math.abs(lng) <= 180 && Math.abs(lat) <= 90 ? { lng, lat } : null;
}
